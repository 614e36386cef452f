"""The values of a replay: versions of a package, edits between them, and what came of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

Tree = Mapping[str, bytes]
Files = Mapping[str, bytes | None]


class Shape(StrEnum):
    WHOLE = "whole"
    FILE = "file"


class Kind(StrEnum):
    COMMIT = "commit"
    RELEASE = "release"


class Verdict(StrEnum):
    """What an edit came to, judged by a fresh interpreter."""

    PATCHED = "patched"
    UNCHANGED = "unchanged"
    STRUCTURAL = "structural"
    REJECTED = "rejected"  # and a fresh interpreter does not import it either
    BROKEN_STRUCTURAL = "structural, does not import"
    FALSE = "FALSE"  # said patched or unchanged; differs from fresh, or fresh does not import
    FALSE_REJECTED = "FALSE rejected"  # a fresh interpreter imports it
    OTHER_DATA = "other data"  # said patched or unchanged; so it is, but for a data file that is read on import
    TOUCHED = "TOUCHED"  # said structural or rejected, but the process changed
    EXCEPTION = "EXCEPTION"
    NO_BASE = "base does not import"
    NO_SOURCE = "no source of the package"


WRONG = frozenset({Verdict.FALSE, Verdict.FALSE_REJECTED, Verdict.TOUCHED, Verdict.EXCEPTION})
NOT_REPLAYED = frozenset({Verdict.NO_BASE, Verdict.NO_SOURCE})


@dataclass(frozen=True, slots=True)
class Version:
    label: str
    tree: Tree

    @property
    def key(self) -> str:
        return tree_key(self.tree)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of which the second was made from the first."""

    kind: Kind
    old: Version
    new: Version

    def files(self) -> dict[str, bytes | None]:
        return difference(self.old.tree, self.new.tree)


@dataclass(frozen=True, slots=True)
class Rude:
    code: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    package: str
    kind: Kind
    shape: Shape
    old: str
    new: str
    verdict: Verdict
    files: tuple[str, ...] = ()
    broken: bool = False  # the state after the edit does not import in a fresh interpreter
    rude: tuple[Rude, ...] = ()
    details: tuple[str, ...] = ()
    kept: int = 0  # functions and classes that are the objects that they were
    replaced: tuple[str, ...] = ()
    untouched: int = 0  # module-level objects whose initialiser has nothing to do with the edit
    recreated: tuple[str, ...] = ()
    refresh_ms: float = 0.0
    compile_ms: float = 0.0
    timings: Mapping[str, float] = field(default_factory=dict)

    def to_line(self) -> str:
        return json.dumps(asdict(self))


def result_from(line: str) -> Result:
    found = json.loads(line)
    for name in ("files", "details", "replaced", "recreated"):
        found[name] = tuple(found[name])
    found["rude"] = tuple(Rude(**one) for one in found["rude"])
    for name, enum in (("kind", Kind), ("shape", Shape), ("verdict", Verdict)):
        found[name] = enum(found[name])
    return Result(**found)


def read_results(*paths: Path) -> list[Result]:
    return [result_from(line) for path in paths for line in path.read_text("utf-8").splitlines() if line]


def tree_key(tree: Tree) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(tree):
        digest.update(f"{name}\0{len(tree[name])}\0".encode())
        digest.update(tree[name])
    return digest.hexdigest()


def difference(old: Tree, new: Tree) -> dict[str, bytes | None]:
    """The files to write (None: to delete) that make ``new`` of ``old``."""
    return {name: new.get(name) for name in sorted({*old, *new}) if old.get(name) != new.get(name)}


def edited(tree: Tree, files: Files) -> dict[str, bytes]:
    return {name: source for name, source in {**tree, **files}.items() if source is not None}
