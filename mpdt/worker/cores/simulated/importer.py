"""Makes ``src.*`` importable while the simulated core runs, from a table, without any folder of that name."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.simulated.exports import LATER, Source, classic_names, simulated_names
from mpdt.worker.cores.simulated.flavours import Flavour
from mpdt.worker.cores.simulated.skew import is_importing, place, unknown_module, unknown_name
from mpdt.worker.cores.simulated.standin import StandIn

ROOT = "src"
BUILT_IN = "src.plugins.built_in"
TABLES = {Flavour.NEO: "names.json", Flavour.CLASSIC: "classic/names.json"}

# What has to be installed for a module: one of SQLAlchemy's drivers too.
PACKAGES = {
    "fastapi": "FastAPI (pip install fastapi)",
    "sqlalchemy": "SQLAlchemy (pip install 'sqlalchemy[asyncio]' aiosqlite)",
    "aiosqlite": "pip install aiosqlite",
}

Table = Mapping[str, Mapping[str, str]]


def known_names(flavour: Flavour = Flavour.NEO) -> dict[str, dict[str, str]]:
    """The real core's modules, and of each name there where it comes from ("" is: from there)."""
    path = Path(__file__).parent / TABLES[flavour]
    table: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    for module, name in LATER[flavour]:
        table.setdefault(module, {}).setdefault(name, "")
    return table


def is_core_module(name: str) -> bool:
    return name == ROOT or name.startswith(f"{ROOT}.")


def covers(package: str, name: str, origin: str | None) -> bool:
    """Does the package bind something of its submodule's over it: ``from .manager import manager``?"""
    return origin is not None and origin.startswith(f"{package}.{name}:")


def resolve(table: Table, simulated: Mapping[str, Any], module: str, name: str) -> Any:
    """What the name means there: ours, a submodule, or a stand-in. Raises AttributeError if unknown."""
    seen = set()
    here, key = module, name
    while (here, key) not in seen:
        seen.add((here, key))
        if f"{here}:{key}" in simulated:
            return value_of(simulated[f"{here}:{key}"], f"{here}.{key}")
        origin = table.get(here, {}).get(key)
        if f"{here}.{key}" in table and not covers(here, key, origin):
            return importlib.import_module(f"{here}.{key}")
        if origin is None:
            raise AttributeError(f"module '{module}' has no attribute '{name}'")
        if not origin:
            break
        here, _, key = origin.partition(":")
    return StandIn(f"{here}.{key}")


def value_of(found: Any, name: str) -> Any:
    """What stands for the name; a stand-in that names the package where one is missing for it."""
    if not isinstance(found, Source):
        return found
    try:
        return found.value()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("mpdt"):
            raise
        return StandIn(
            name, _("needs {package}, which this interpreter has not got", package=PACKAGES.get(error.name, error.name))
        )


class CoreModule(ModuleType):
    """A module of the core's API; each name is looked up when it is first asked for."""

    def __init__(self, name: str, table: Table, simulated: Mapping[str, Any], flavour: Flavour) -> None:
        super().__init__(name, f"{name}, as the simulated core of mpdt has it.")
        self.__dict__["_unknown_"] = lambda attribute, where: unknown_name(table, flavour, name, attribute, where)
        self.__dict__["_resolve_"] = lambda attribute: resolve(table, simulated, name, attribute)
        self.__dict__["_covering_"] = {one for one, origin in table[name].items() if covers(name, one, origin)}
        public = [one for one in table[name] if not one.startswith("_")]
        self.__dict__["__all__"] = public

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            value = self.__dict__["_resolve_"](name)
        except AttributeError:
            frame = sys._getframe(1)
            if is_importing(frame):
                raise self.__dict__["_unknown_"](name, place(frame)) from None
            raise
        self.__dict__[name] = value
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        """A package that binds a name of its own over a submodule of that name keeps it, as where it does so itself."""
        if not (isinstance(value, ModuleType) and name in self.__dict__["_covering_"]):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.__dict__["__all__"]})


class CoreLoader(Loader):
    def __init__(self, table: Table, simulated: Mapping[str, Any], flavour: Flavour) -> None:
        self._table = table
        self._simulated = simulated
        self._flavour = flavour

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return CoreModule(spec.name, self._table, self._simulated, self._flavour)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


class CoreFinder(MetaPathFinder):
    """Knows the real core's modules by name.

    ``folder``: the plugin's. The bot's folder holds ``plugins``, in which the plugin lies, with others beside it.
    """

    def __init__(self, flavour: Flavour, folder: Path) -> None:
        self._folder = folder
        self._table = known_names(flavour)
        simulated = simulated_names() if flavour is Flavour.NEO else classic_names()
        self._loader = CoreLoader(self._table, simulated, flavour)
        self._flavour = flavour

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "plugins":
            spec = ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = [str(self._folder.parent)]
            return spec
        own = f"{BUILT_IN}.{self._folder.name}"
        if fullname == own or fullname.startswith(f"{own}."):
            return ModuleSpec(fullname, OwnPath(fullname.removeprefix(f"{BUILT_IN}.")), is_package=True)
        if fullname not in self._table and BUILT_IN.startswith(fullname):
            spec = ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = []
            return spec
        if fullname not in self._table:
            if is_core_module(fullname):
                raise unknown_module(self._table, self._flavour, fullname)
            return None
        is_package = any(name.startswith(f"{fullname}.") for name in self._table)
        return ModuleSpec(fullname, self._loader, origin="mpdt simulated core", is_package=is_package)


class OwnPath(Loader):
    """A plugin that is part of the bot imports itself by the bot's path: what it gets is itself."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._name)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It has run, under its own name, and keeps that: the import system has just written another one into it."""
        module.__spec__ = self._spec


def install(flavour: Flavour, folder: Path) -> CoreFinder:
    """Put the finder first: no folder named ``src`` can come before it, and no such module is kept."""
    finder = CoreFinder(flavour, folder)
    sys.meta_path.insert(0, finder)
    forget()
    return finder


def uninstall(finder: CoreFinder) -> None:
    """Take the finder out, with the modules it made."""
    if finder in sys.meta_path:
        sys.meta_path.remove(finder)
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if is_core_module(name) or name == "plugins"]:
        del sys.modules[name]
