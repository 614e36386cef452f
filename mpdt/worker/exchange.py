"""Building a version of the plugin: imported and constructed, but not registered, while another may be serving."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable

from mpdt.worker.cores import Core, Manifest
from mpdt.worker.errors import PluginError, describe
from mpdt.worker.importing import import_entry, purge
from mpdt.worker.ledger import Ledger
from mpdt.worker.migration import marks
from mpdt.worker.tracking import MakeTracker, install
from mpdt.worker.version import Version
from mpdt.worker.witness import Witness


class Broken(Exception):
    """The plugin's code failed while it was brought up; ``ledger`` holds what it had started."""

    def __init__(self, error: PluginError, ledger: Ledger, cause: BaseException) -> None:
        super().__init__(error.message)
        self.error = error
        self.ledger = ledger
        self.takes_turns = is_taken(cause)


def is_taken(error: BaseException | None) -> bool:
    """Did it fail because an address or a file is in another's hands?"""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EWOULDBLOCK):
            return True
        error = error.__cause__ or error.__context__
    return False


def build(manifest: Manifest, core: Core, make_tracker: MakeTracker, witness: Witness, *, strict: bool) -> Version:
    """The version, with its modules taken out of ``sys.modules`` again.

    Raises Broken if the plugin's code fails, WorkerError if the core refuses it; nothing of it is left importable.
    """
    ledger = Ledger(manifest.folder, core.folder)
    tracker = make_tracker(manifest.folder)
    handle = install(tracker)
    registrations = core.begin()
    try:
        with ledger.attributed():
            import_entry(manifest)
            instance = core.construct(manifest, strict=strict)
        modules = purge(manifest.folder)
        ledger.namespaces = tuple(map(vars, modules.values()))
        initial, paths = marks(instance, modules), take_paths(ledger)
        return Version(manifest, instance, registrations, ledger, tracker, handle, initial, modules, paths)
    except BaseException as error:  # plugin code: even its SystemExit must not end the worker
        if isinstance(error, GeneratorExit):
            raise
        raise Broken(describe(error, manifest.folder), ledger, error) from error
    finally:
        take_paths(ledger)
        ledger.namespaces += tuple(map(vars, purge(manifest.folder).values()))  # if it failed
        handle.uninstall()
        core.begin()


def take_paths(ledger: Ledger) -> list[str]:
    """Take out of ``sys.path`` what was put there since the ledger was opened."""
    added = [entry for entry in sys.path if entry not in ledger.paths]
    sys.path[:] = [entry for entry in sys.path if entry in ledger.paths]
    return added


def add_paths(entries: Iterable[str]) -> None:
    sys.path[:0] = [entry for entry in entries if entry not in sys.path]
