"""Finding the parts of a running core by name: another version may have moved them, and what is missing is said at
once, and not in the middle of a reload.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mpdt.language import _
from mpdt.worker.errors import WorkerError

# Module, what gives the object (None: the module itself), and what is used of the object.
Place = tuple[str, str | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Build:
    """The core that runs: its name, its version, and the version that mpdt knows."""

    core: str
    version: str
    known: str

    def unknown(self, what: str) -> WorkerError:
        return WorkerError(
            _(
                "This {core} ({version}) is built otherwise than mpdt knows it ({known}): {what}. "
                "Serve the plugin without --core, or with a version of mpdt that knows this one.",
                core=self.core,
                version=self.version,
                known=self.known,
                what=what,
            )
        )


def find_all(build: Build, places: Mapping[str, Place]) -> dict[str, Any]:
    """The objects by name. Raises WorkerError that names what this version has not got."""
    return {name: find(build, *place) for name, place in places.items()}


def find(build: Build, module: str, giver: str | None, used: tuple[str, ...]) -> Any:
    try:
        part: Any = importlib.import_module(module)
        if giver is not None:
            given = getattr(part, giver)
            part = given() if giver.startswith("get_") else given
        lacking = [name for name in used if not hasattr(part, name)]
    except (ImportError, AttributeError) as error:
        raise build.unknown(_("{module} cannot be used: {error}", module=module, error=error)) from None
    if lacking:
        raise build.unknown(_("{module} has no {names}", module=module, names=", ".join(lacking)))
    return part
