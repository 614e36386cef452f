"""Version skew said plainly: a name that the flavour's API has not got, where it is imported, and the closest one."""

from __future__ import annotations

import difflib
import dis
from collections.abc import Iterable, Mapping
from types import FrameType

Table = Mapping[str, Mapping[str, str]]
IMPORT_FROM = dis.opmap["IMPORT_FROM"]
API = {"neo": "Neo-MoFox's", "classic": "the classic core's"}


class UnknownName(ImportError):
    """``from module import name`` where there is no such name."""


class UnknownModule(ModuleNotFoundError):
    pass


def is_importing(frame: FrameType | None) -> bool:
    """Is the frame at a ``from ... import``? ``hasattr`` and ``getattr`` are to get an AttributeError instead."""
    return frame is not None and frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == IMPORT_FROM


def place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}"


def unknown_name(table: Table, flavour: str, module: str, name: str, where: str) -> UnknownName:
    sentence = f"{API[flavour]} API has no '{name}' in {module} ({where})."
    return UnknownName(f"{sentence} {advice(table, module, name)}".strip(), name=module)


def advice(table: Table, module: str, name: str) -> str:
    """Where the name is to be had, or which one there is close to it."""
    elsewhere = [other for other, names in table.items() if name in names and other != module]
    if elsewhere:
        # The one that is most alike: a name moved within its package more often than across.
        near = difflib.get_close_matches(module, elsewhere, n=1, cutoff=0.0)
        return f"It is in {near[0]}."
    return closest(name, (one for one in table.get(module, ()) if not one.startswith("_")))


def closest(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"The closest that exists is '{found[0]}'." if found else "Nothing there has a name like it."


def unknown_module(table: Table, flavour: str, module: str) -> UnknownModule:
    other = "classic" if flavour == "neo" else "neo"
    root = {"neo": "src.plugin_system", "classic": "src.app"}[flavour]
    if module == root or module.startswith(f"{root}."):
        meant = API[flavour].removesuffix("'s")
        said = f"It is of {API[other]}, and the plugin's manifest says that it is for {meant}."
    else:
        said = closest(module, table)
    return UnknownModule(f"{API[flavour]} API has no module '{module}'. {said}", name=module)
