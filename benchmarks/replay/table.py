"""Results as tables: for people (Markdown) and programs (JSON)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.replay.model import WRONG, Kind, Result, Shape, Verdict
from benchmarks.replay.packages import PACKAGES

_COLUMNS: tuple[tuple[str, Collection[Verdict]], ...] = (
    ("patched", {Verdict.PATCHED}),
    ("unchanged", {Verdict.UNCHANGED}),
    ("structural", {Verdict.STRUCTURAL}),
    ("does not import: rejected", {Verdict.REJECTED}),
    ("does not import: structural", {Verdict.BROKEN_STRUCTURAL}),
    ("data read on import", {Verdict.OTHER_DATA}),
    ("FALSE", {Verdict.FALSE, Verdict.TOUCHED}),
    ("wrongly rejected", {Verdict.FALSE_REJECTED}),
    ("exceptions", {Verdict.EXCEPTION}),
)


def is_plugin(result: Result) -> bool:
    """Whether it is an edit of a bot's plugin, over the simulated core."""
    return PACKAGES[result.package].is_plugin


_IN_PLACE = frozenset({Verdict.PATCHED, Verdict.UNCHANGED})
_SIZES: tuple[tuple[str, Callable[[Result], bool]], ...] = (
    (
        "Commits of libraries: all files of a commit in one save",
        lambda r: r.kind is Kind.COMMIT and r.shape is Shape.WHOLE and not is_plugin(r),
    ),
    (
        "Commits of plugins: all files of a commit in one save",
        lambda r: r.kind is Kind.COMMIT and r.shape is Shape.WHOLE and is_plugin(r),
    ),
    ("Commits of several files, file by file", lambda r: r.kind is Kind.COMMIT and r.shape is Shape.FILE),
    ("Releases: all files in one save", lambda r: r.kind is Kind.RELEASE and r.shape is Shape.WHOLE),
    ("Releases, file by file", lambda r: r.kind is Kind.RELEASE and r.shape is Shape.FILE),
)
_INTRODUCTION = """# Real history, replayed

Each edit is applied to a live process in which the package has been imported, and the result compared with a fresh
interpreter that imports the same modules (`mpdt_hooks.oracle`): code, constants, defaults, annotations, docstrings,
classes, line tables. The process lives on from edit to edit as long as the edits are patched.

*In place* is the share of the edits to code that imports which were patched or left alone. *FALSE*: said patched or
unchanged and differs from fresh, or said refused and something changed. What does not import is no edit that could be
patched: refusing it is right. *Data read on import*: the code is that of a fresh process, but the commit also changed a
data file that a module reads while it is imported, which no engine is told of; it does not count as in place.
*refresh / compile*: the median over patched edits of the time of `refresh()` over that
of `compile()` of the changed files, where that takes a millisecond at least.

How to run it: `python -m benchmarks.replay --help`.
"""


def write_tables(results: Sequence[Result], markdown: Path, data: Path | None) -> None:
    parts = [_INTRODUCTION]
    found: dict[str, Any] = {}
    for title, of_size in _SIZES:
        chosen = [result for result in results if of_size(result)]
        if chosen:
            rows = summary(chosen)
            found[title] = rows
            parts += [f"## {title}\n", _table(rows), ""]
    for kind, title in ((Kind.COMMIT, "commits"), (Kind.RELEASE, "releases")):
        whole = [r for r in results if r.shape is Shape.WHOLE and r.kind is kind]
        if whole:
            rude = rude_edits(whole)
            found[f"rude edits, {title}"] = rude
            parts += [f"## Rude edits met by {title} (an edit may have several)\n", _table(rude), ""]
    refused = fallbacks([r for r in results if r.shape is Shape.WHOLE])
    found["fallbacks"] = refused
    parts += ["## Every whole edit that was not patched, with its rude edits\n", _table(refused), ""]
    parts += ["## Objects\n", _objects(results), ""]
    markdown.write_text("\n".join(parts), "utf-8")
    if data is not None:
        data.write_text(json.dumps(found, indent=1), "utf-8")


def summary(results: Sequence[Result]) -> list[dict[str, Any]]:
    names = sorted({result.package for result in results})
    rows = [_row(name, [result for result in results if result.package == name]) for name in names]
    return [*rows, _row("**all**", results)]


def _row(name: str, results: Sequence[Result]) -> dict[str, Any]:
    counts = Counter(result.verdict for result in results)
    idle = counts[Verdict.NO_SOURCE], counts[Verdict.NO_BASE]
    good = [r for r in results if r.verdict not in (Verdict.NO_SOURCE, Verdict.NO_BASE) and not r.broken]
    in_place = sum(result.verdict in _IN_PLACE for result in good)
    ratios = [r.refresh_ms / r.compile_ms for r in results if r.verdict is Verdict.PATCHED and r.compile_ms >= 1]
    return {
        "package": name,
        "edits": len(results) - sum(idle),
        **{title: sum(counts[verdict] for verdict in verdicts) for title, verdicts in _COLUMNS},
        "in place %": round(100 * in_place / len(good), 1) if good else "",
        "refresh / compile": round(median(ratios), 2) if ratios else "",
        "no source": idle[0],
        "base does not import": idle[1],
    }


def rude_edits(results: Iterable[Result]) -> list[dict[str, Any]]:
    """By code: how many edits met it, and how many met nothing else."""
    met: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    edits = 0
    for result in results:
        codes = {rude.code for rude in result.rude}
        edits += bool(codes)
        met.update(codes)
        alone.update(codes if len(codes) == 1 else ())
    return [
        {"code": code, "edits": count, "alone": alone[code], "% of refused": round(100 * count / edits, 1)}
        for code, count in met.most_common()
    ]


def fallbacks(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Each refused edit to code that imports: the places of its rude edits, the first three of each code."""
    rows = []
    for result in results:
        if result.verdict is Verdict.STRUCTURAL:
            by_code: dict[str, list[str]] = {}
            for rude in result.rude:
                by_code.setdefault(rude.code, []).append(rude.place)
            told = [
                f"{code}: {', '.join(places[:3])}{f' and {len(places) - 3} more' if len(places) > 3 else ''}"
                for code, places in sorted(by_code.items())
            ]
            rows.append(
                {"package": result.package, "edit": f"{result.old}..{result.new}", "rude edits": "; ".join(told)}
            )
    return rows


def _objects(results: Sequence[Result]) -> str:
    done = [result for result in results if result.verdict is Verdict.PATCHED]
    kept, replaced = sum(r.kept for r in done), sum(len(r.replaced) for r in done)
    untouched, recreated = sum(r.untouched for r in done), sum(len(r.recreated) for r in done)
    wrong = sum(result.verdict in WRONG for result in results)
    return (
        f"In {len(done)} patched edits: {kept} functions and classes kept their identity, {replaced} were replaced;\n"
        f"of {untouched} module-level objects that the edit has nothing to do with {recreated} were made again.\n"
        f"Wrong in any way: {wrong}."
    )


def _table(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return "None."
    head = list(rows[0])
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *([str(value) for value in row.values()] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
