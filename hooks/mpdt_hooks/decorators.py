"""Making a decorated function again: which of its decorators run, which have noted it already, which forbid it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mpdt_hooks import rude
from mpdt_hooks.inert import is_inert, only_keeps_arguments
from mpdt_hooks.live import resolve
from mpdt_hooks.model import DefRef
from mpdt_hooks.names import dotted
from mpdt_hooks.planned import DecoratorUse
from mpdt_hooks.refusal import Refused
from mpdt_hooks.sentence import said
from mpdt_hooks.traceless import leaves_no_trace

SAME = "__mpdt_same__"


def strip_noted(node: ast.stmt, use: DecoratorUse, names: Mapping[str, Any], ref: DefRef, path: Path) -> None:
    """Replace decorators that need not run again by ``same``. Raises Refused if one would act a second time."""
    if use.fresh or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    for place, decorator in enumerate(node.decorator_list):
        name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
        value = resolve(name, names) if name else None
        if leaves_no_trace(name, value, called=isinstance(decorator, ast.Call)):
            continue
        if use.differs or not is_inert(value) or _is_handed_others(decorator, value, use):
            what = said(
                "@{decorator} of {qualname} would act a second time.", decorator=name or "...", qualname=ref.qualname
            )
            raise Refused(rude.rude_edit(rude.DECORATOR, ref, path, node.lineno, what))
        # Something has to stand there: a decorated function's code begins at its first decorator.
        node.decorator_list[place] = ast.copy_location(ast.Name(SAME, ast.Load()), decorator)


def _is_handed_others(decorator: ast.expr, value: Any, use: DecoratorUse) -> bool:
    """Whether what a decorator has noted its subject with (a key, a priority) is something else now."""
    if not isinstance(decorator, ast.Call):
        return False
    handed = [*decorator.args, *(keyword.value for keyword in decorator.keywords)]
    names = {dotted(node) for one in handed for node in ast.walk(one) if isinstance(node, ast.Name | ast.Attribute)}
    if not names:
        return False
    return bool(use.changed & {*names, ""} or (use.acting & names and not only_keeps_arguments(value)))


def same(value: Any) -> Any:
    """What stands for a decorator that has noted its argument already."""
    return value
