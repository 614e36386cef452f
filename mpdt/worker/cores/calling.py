"""Calling a part of a plugin from outside: its arguments are checked before anything runs."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.checking import problems
from mpdt.worker.errors import WorkerError

Arguments = Mapping[str, Any]


async def finished(result: Any) -> Any:
    return await result if inspect.isawaitable(result) else result


def label(listener: Any) -> str:
    while isinstance(listener, functools.partial):
        listener = listener.func
    return str(getattr(listener, "__qualname__", type(listener).__qualname__))


def check(what: str, arguments: Arguments, schema: Mapping[str, Any], *, open_ended: bool = False) -> None:
    """Raises WorkerError with everything that does not fit the component's own schema."""
    described = schema.get("function", schema)
    wrong = problems(arguments, described.get("parameters") or {}, open_ended=open_ended)
    if wrong:
        raise WorkerError(_("{what} cannot be called so: {names}.", what=what, names="; ".join(wrong)))


def takes_anything(function: Any) -> bool:
    return any(one.kind is one.VAR_KEYWORD for one in inspect.signature(function).parameters.values())


def bind(what: str, method: Any, arguments: Arguments) -> None:
    try:
        inspect.signature(method).bind(**arguments)
    except TypeError as error:
        raise WorkerError(_("{what} cannot be called so: {error}.", what=what, error=error)) from None
