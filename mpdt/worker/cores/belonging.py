"""Whose a thing is that a real core keeps: the plugin's, if its code lies in the plugin's folder."""

from __future__ import annotations

from pathlib import Path
from types import CellType, FunctionType, MethodType
from typing import Any

from mpdt.worker.ledger import context_ledger
from mpdt.worker.places import calling_place, code_of_callable
from mpdt.worker.scope import is_plugin_file
from mpdt.worker.slots import namespace_of


def is_of_plugin(thing: Any, folder: Path) -> bool:
    """Is it the plugin's code: a function, a method, a class, an object of a class?"""
    code = code_of_callable(thing) if callable(thing) and not isinstance(thing, type) else None
    if code is not None:
        return is_plugin_file(code.co_filename, folder)
    namespace = namespace_of(thing)
    file = namespace.get("__file__") if namespace is not None else None
    return isinstance(file, str) and is_plugin_file(file, folder)


def plugin_code(listener: Any, folder: Path) -> Any:
    """The plugin's function that a listener is, or that the core has wrapped in it; None if it is another's."""
    if is_of_plugin(listener, folder):
        return listener
    cells = getattr(listener, "__closure__", None) or ()
    held = (cell.cell_contents for cell in cells if cell != CellType())
    return next((one for one in held if isinstance(one, FunctionType | MethodType) and is_of_plugin(one, folder)), None)


def asked_by_plugin() -> bool:
    """Does the plugin stand anywhere on the way here? The core's API lies between."""
    ledger = context_ledger()
    return ledger is not None and bool(calling_place(ledger.folder))
