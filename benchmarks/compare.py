"""The same edits by each reloader: right, wrong, refused; beside speed."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.catalogue import EDITS, CatalogueEdit
from benchmarks.children import ChildFailed, run
from benchmarks.contestants import NAMES, missing

# Of an edit that works: right. Of a broken one: kept. Either: refused by name, and then nothing was changed.
TRUTHFUL = ("right", "kept", "refused")


@dataclass(frozen=True, slots=True)
class Standing:
    """One contestant over the whole catalogue."""

    name: str
    results: tuple[dict[str, Any], ...]
    skipped: str = ""

    @property
    def counts(self) -> Counter[str]:
        return Counter(result["verdict"] for result in self.results)

    @property
    def truthful(self) -> int:
        return sum(self.counts[word] for word in TRUTHFUL)

    @property
    def median(self) -> float | None:
        times = [result["ms"] for result in self.results if result["verdict"] == "right"]
        return statistics.median(times) if times else None

    @property
    def kept(self) -> float | None:
        """The share of objects that stayed the same, where the edit was brought live."""
        rows = [result for result in self.results if result["verdict"] in ("right", "wrong", "but for tracebacks")]
        of = sum(result["stayed"] for result in rows)
        return sum(result["same"] for result in rows) / of if of else None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "skipped": self.skipped or None,
            "counts": dict(self.counts),
            "truthful": self.truthful,
            "of": len(self.results),
            "kept": self.kept,
            "median ms": self.median,
            "edits": list(self.results),
        }


def one(name: str, edit: CatalogueEdit) -> dict[str, Any]:
    try:
        found: dict[str, Any] = run("benchmarks.measure_catalogue", {"contestant": name, "edit": edit.name}, within=60)
        return found
    except ChildFailed as failure:
        empty = {"ms": 0.0, "same": 0, "stayed": 0}
        return {"contestant": name, "edit": edit.name, "verdict": "crashed", "detail": str(failure), **empty}


def compare(
    tell: Callable[[str], None] = lambda step: None, edits: tuple[CatalogueEdit, ...] = EDITS
) -> list[Standing]:
    """Every contestant over every edit, each pair in a process of its own; contestants take turns."""
    present = [name for name in NAMES if missing(name) is None]
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in present}
    for number, edit in enumerate(edits, 1):
        tell(f"edit {number} of {len(edits)}: {edit.name}")
        for name in present:
            results[name].append(one(name, edit))
    standings = [Standing(name, tuple(found)) for name, found in results.items()]
    absent = [(name, missing(name)) for name in NAMES]
    return standings + [Standing(name, (), f"{lacking} is not installed") for name, lacking in absent if lacking]
