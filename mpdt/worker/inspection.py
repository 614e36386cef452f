"""Looking at the loaded plugin: its components, state, holdings and config class. Nothing here changes anything.

Each of ``INSPECTIONS`` runs on the plugin's loop, between two of its callbacks. How the plugin performs is asked for in
the agent's thread: that answers also while the loop is blocked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.protocol import Operation
from mpdt.worker import static_read
from mpdt.worker.cores import Core, Inspectable, plain_description
from mpdt.worker.errors import WorkerError
from mpdt.worker.holdings import holdings
from mpdt.worker.scope import plugin_modules
from mpdt.worker.tree import secrets_in, tree
from mpdt.worker.version import Version

Parameters = Mapping[str, Any]
CONFIG_LIMIT = 1024 * 1024  # characters of a config text


class Inspected:
    """The plugin that is loaded now, with its core."""

    def __init__(self, core: Core, version: Version | None, folder: Path) -> None:
        self.core = core
        self.version = version
        self.folder = folder

    def loaded(self) -> Version:
        if self.version is None:
            raise WorkerError(_("No version of the plugin is loaded: mend the error and save."))
        return self.version


async def components(of: Inspected, _parameters: Parameters) -> dict[str, Any]:
    version = of.loaded()
    with version.ledger.attributed():  # describing a component evaluates its annotations
        if isinstance(of.core, Inspectable):
            return await of.core.described()
        return plain_description.described(of.core.components())


async def state_tree(of: Inspected, parameters: Parameters) -> dict[str, Any]:
    version = of.loaded()
    roots: dict[str, Any] = {"plugin": version.instance}
    if isinstance(of.core, Inspectable):
        roots.update({f"handler {name}": handler for name, handler in of.core.handlers().items()})
    roots.update({f"module {name}": module for name, module in plugin_modules(of.folder).items()})
    held = dict(static_read.fields(version.instance))
    return tree(roots, parameters, secrets_in(held.get("config")))


async def held(of: Inspected, _parameters: Parameters) -> dict[str, Any]:
    version = of.loaded()
    subscriptions = of.core.subscriptions() if isinstance(of.core, Inspectable) else []
    return {"holdings": holdings(version.ledger), "subscriptions": subscriptions}


async def config_form(of: Inspected, _parameters: Parameters) -> dict[str, Any]:
    version = of.loaded()
    path = of.core.config_path()
    with version.ledger.attributed():
        form = of.core.config_form() if isinstance(of.core, Inspectable) else form_by_schema(of.core)
    return {"path": None if path is None else str(path), "form": form}


def form_by_schema(core: Core) -> dict[str, Any] | None:
    """From the JSON schema of the config class, if the core tells it."""
    schemas = [one.schema for one in core.components() if one.kind == "config" and one.schema]
    return plain_description.form_of(schemas[0]) if schemas else None


async def config_check(of: Inspected, parameters: Parameters) -> dict[str, Any]:
    version, text = of.loaded(), parameters.get("text")
    if not isinstance(text, str) or len(text) > CONFIG_LIMIT:
        raise WorkerError(_("A config text has at most {limit} characters.", limit=CONFIG_LIMIT))
    with version.ledger.attributed():  # the plugin's validators run
        if isinstance(of.core, Inspectable):
            return of.core.try_config(text)
        return plain_description.tried(of.core, text)


INSPECTIONS: dict[Operation, Callable[[Inspected, Parameters], Awaitable[dict[str, Any]]]] = {
    Operation.COMPONENTS: components,
    Operation.TREE: state_tree,
    Operation.HELD: held,
    Operation.CONFIG_FORM: config_form,
    Operation.CONFIG_CHECK: config_check,
}
