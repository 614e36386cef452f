"""What one refresh has read and worked out, before anything is touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec

from mpdt_hooks.classify import SourceDelta
from mpdt_hooks.codes import CodePair
from mpdt_hooks.coming import Coming
from mpdt_hooks.refills import Refill
from mpdt_hooks.tracker import SourceRevision


@dataclass(slots=True)
class Transaction:
    """By module."""

    old: dict[str, SourceRevision] = field(default_factory=dict)
    new: dict[str, SourceRevision] = field(default_factory=dict)
    gone: dict[str, SourceRevision] = field(default_factory=dict)
    packages: dict[str, ModuleSpec] = field(default_factory=dict)  # whose __init__.py comes or goes: what they are now
    refills: list[Refill] = field(default_factory=list)  # done once more aside, when the patch is there
    deltas: list[SourceDelta] = field(default_factory=list)
    pairs: dict[str, tuple[CodePair, ...]] = field(default_factory=dict)
    coming: dict[str, Coming] = field(default_factory=dict)  # what it makes the plugin import for the first time

    def foresaw(self, revision: SourceRevision) -> bool:
        known = self.coming.get(revision.module)
        return known is not None and known.source == revision.source
