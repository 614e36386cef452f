"""Version skew said plainly: a name that the flavour's API has not got, where it is imported, and the closest one."""

from __future__ import annotations

import dis
from collections.abc import Iterable, Mapping
from types import FrameType

from mpdt.language import _, later, translated

Table = Mapping[str, Mapping[str, str]]
IMPORT_FROM = dis.opmap["IMPORT_FROM"]
NAMES = {"neo": later("Neo-MoFox"), "classic": later("the classic core")}
OF = {"neo": later("Neo-MoFox's"), "classic": later("the classic core's")}


class UnknownName(ImportError):
    """``from module import name`` where there is no such name."""


class UnknownModule(ModuleNotFoundError):
    pass


def is_importing(frame: FrameType | None) -> bool:
    """Is the frame at a ``from ... import``? ``hasattr`` and ``getattr`` are to get an AttributeError instead."""
    return frame is not None and frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == IMPORT_FROM


def place(frame: FrameType) -> str:
    return _("{file}, line {line}", file=frame.f_code.co_filename, line=frame.f_lineno)


def unknown_name(table: Table, flavour: str, module: str, name: str, where: str) -> UnknownName:
    sentence = _(
        "{core} API has no '{name}' in {module} ({where}).",
        core=translated(OF[flavour]),
        name=name,
        module=module,
        where=where,
    )
    return UnknownName(f"{sentence} {advice(table, module, name)}".strip(), name=module)


def advice(table: Table, module: str, name: str) -> str:
    """Where the name is to be had, or which one there is close to it."""
    elsewhere = [other for other, names in table.items() if name in names and other != module]
    from difflib import get_close_matches  # for a sentence that is rarely said

    if elsewhere:
        # The one that is most alike: a name moved within its package more often than across.
        near = get_close_matches(module, elsewhere, n=1, cutoff=0.0)
        return _("It is in {module}.", module=near[0])
    return closest(name, (one for one in table.get(module, ()) if not one.startswith("_")))


def closest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), n=1, cutoff=0.5)
    if not found:
        return _("Nothing there has a name like it.")
    return _("The closest that exists is '{name}'.", name=found[0])


def unknown_module(table: Table, flavour: str, module: str) -> UnknownModule:
    other = "classic" if flavour == "neo" else "neo"
    root = {"neo": "src.plugin_system", "classic": "src.app"}[flavour]
    if module == root or module.startswith(f"{root}."):
        said = _(
            "It is of {core}, and the plugin's manifest says that it is for {meant}.",
            core=translated(OF[other]),
            meant=translated(NAMES[flavour]),
        )
    else:
        said = closest(module, table)
    return UnknownModule(
        _(
            "{core} API has no module '{module}'. {said}",
            core=translated(OF[flavour]),
            module=module,
            said=said,
        ),
        name=module,
    )
