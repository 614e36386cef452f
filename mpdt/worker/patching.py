"""A live patch, around what the engine does: config and data files before it, registrations and hooks after it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker import registrations
from mpdt.worker.cores import Core, Resync
from mpdt.worker.edits import Edits, needs_reload, rejected, sorted_out, with_config
from mpdt.worker.errors import WorkerError, describe
from mpdt.worker.hooks import Hooks, is_ours_to_pass_on
from mpdt.worker.version import Version


def sort_edits(core: Core, version: Version, folder: Path, files: list[Path] | None) -> Edits | dict[str, Any]:
    """How the files are to be taken; or the report, if they are rejected or call for a reload as a whole."""
    edits = sorted_out(files, folder, version.ledger.reads, core.config_path())
    if edits.reload:
        return needs_reload(edits.reload, folder)
    if edits.config:
        try:
            text = core.read_config()
            if text is not None and edits.code == []:
                core.check_config(text)
        except WorkerError as error:
            return rejected(describe(error, folder))
        # With code in the same save, the classes may be others when it is patched: ``why_unfit`` asks then.
        edits = replace(edits, config_text=text)
    return edits


def why_unfit(core: Core, version: Version, edits: Edits | None) -> BaseException | None:
    """Why a fresh start would refuse the plugin as it has just been patched, or its config; runs on the loop."""
    try:
        with version.ledger.attributed():
            core.check(version.manifest, version.instance)
            if edits is not None and edits.config_text is not None:
                core.check_config(edits.config_text)
    except BaseException as error:  # noqa: BLE001 - plugin code: get_components, validators
        return error
    return None


def decided(report: dict[str, Any], unfit: BaseException | None, folder: Path) -> dict[str, Any]:
    """The engine's report; rejected, if what kept the patch out is a file that a reload would reject all the same."""
    is_files = report["outcome"] == "structural" and isinstance(unfit, WorkerError) and unfit.path is not None
    return rejected(describe(unfit, folder)) if is_files and unfit is not None else report


async def after_refresh(
    core: Core, version: Version, hooks: Hooks, report: dict[str, Any], edits: Edits
) -> dict[str, Any]:
    """Apply the config, register what the patched plugin lists now, tell the plugin; the whole report."""
    patched = report["outcome"] == "patched"
    resync = await resynced(core, version, hooks) if patched else Resync()
    try:
        changes = [] if edits.config_text is None else core.apply_config(edits.config_text)
    except WorkerError as error:  # no code was patched, so nobody has asked before
        return rejected(describe(error, version.manifest.folder))
    report = with_config(report, changes, core.config_path())
    if report["outcome"] != "patched":
        return report
    before, version.described = version.described, registrations.described(core.components())
    core.monitor.changed("patched", dict(report["timings"]))
    with version.ledger.attributed():
        if changes:
            await hooks.call_if_there(version.instance, "mpdt_config_changed", {one.field: one.old for one in changes})
        if patched:
            await hooks.call_if_there(version.instance, "mpdt_live_patched", report)
    return {
        **report,
        "components": {"added": resync.added, "removed": resync.removed},
        "registrations": registrations.difference(before, version.described),
    }


async def resynced(core: Core, version: Version, hooks: Hooks) -> Resync:
    """Register what the plugin lists now, as a fresh load would. Its failure is logged."""
    try:
        with version.ledger.attributed():
            return await core.resync(version.manifest, version.instance)
    except BaseException as error:  # plugin code: get_components and constructors of handlers
        if is_ours_to_pass_on(error):
            raise
        hooks.tell(_("The patch is live, but its components could not be registered."), error)
        return Resync()
