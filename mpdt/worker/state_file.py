"""State on disk, for a worker that crashed or was restarted. Written atomically: a reader sees the old or the new file.

Pickled, because a plugin's data is Python's. The file lies in the user's own state folder with mode 0600; who can write
it can as well edit the plugin. Objects of the plugin's classes are kept field by field, as in ``state``.
"""

from __future__ import annotations

import enum
import io
import os
import pickle
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.migration import State
from mpdt.worker.state import defaults_of, fields_of, set_field, without_removed

FORMAT = 1


def find(module: str, qualname: str) -> Any:
    """Raises LookupError if the class is gone."""
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    if found is None:
        raise LookupError(_("{module}.{qualname} is gone", module=module, qualname=qualname))
    return found


def make(module: str, qualname: str) -> Any:
    cls = find(module, qualname)
    return cls.__new__(cls)


def member(module: str, qualname: str, name: str) -> Any:
    return find(module, qualname)[name]


def fill(target: Any, fields: Mapping[str, Any]) -> None:
    cls = type(target)
    for name, value in {**defaults_of(cls, fields), **without_removed(cls, cls, fields)}.items():
        set_field(target, name, value)


class StatePickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, is_own: Callable[[type], bool]) -> None:
        super().__init__(file, protocol=4)
        self._is_own = is_own

    def reducer_override(self, value: Any) -> Any:
        cls = type(value)
        if not self._is_own(cls) or isinstance(value, tuple | BaseException):
            return NotImplemented
        names = (cls.__module__, cls.__qualname__)
        if isinstance(value, enum.Enum):
            return member, (*names, value.name)
        return make, names, fields_of(value), None, None, fill


def pickled(value: Any, is_own: Callable[[type], bool]) -> bytes | None:
    """None if the value cannot be kept on disk."""
    file = io.BytesIO()
    try:
        StatePickler(file, is_own).dump(value)
    except BaseException:  # noqa: BLE001 - a value's own __reduce__ or __getstate__ is the plugin's code
        return None
    return file.getvalue()


def dump(state: State, is_own: Callable[[type], bool]) -> bytes:
    """The state as bytes. Values that cannot be kept are left out; the others share what they share."""
    kept: dict[str, Any] = dict(state.values)
    whole = pickled(kept, is_own)
    if whole is None:
        kept = {name: value for name, value in kept.items() if pickled(value, is_own) is not None}
        whole = pickled(kept, is_own)
    head = {
        "format": FORMAT,
        "initial": dict(state.initial),
        "kept": sorted(state.kept),
        "schema": dict(state.schema),
        "values": whole,
        "hook": pickled(state.hook, is_own),
    }
    return pickle.dumps(head, protocol=4)


def load(blob: bytes) -> State:
    """The state, with values of the classes that are loaded now. Raises ValueError if there is none to be had."""
    try:
        head = pickle.loads(blob)
        if head["format"] != FORMAT:
            raise ValueError(_("it has format {format}", format=head["format"]))
        state = State({}, head["initial"], frozenset(head["kept"]), None, head["schema"])
        values = pickle.loads(head["values"]) if head["values"] else {}
        hook = pickle.loads(head["hook"]) if head["hook"] else None
    except Exception as error:  # a torn or foreign file makes pickle raise anything, and so may the plugin's classes
        raise ValueError(_("The saved state cannot be read: {error}", error=error)) from error
    return replace(state, values=values, hook=hook)


def write(path: Path, blob: bytes) -> None:
    """Raises OSError; then the file is as it was."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(blob)  # not synced: it is to outlive a worker, not a power failure
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
