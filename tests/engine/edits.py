"""Tables of edits, written as text: what the files were, what they become, and what must come of it.

    === a default changed | keep=a:f
    def f(x=1): return x
    --->
    def f(x=2): return x
    >>> f() == 2

A section's code is that of ``a.py``; ``--- b.py`` begins another file, and ``--- b.py gone`` deletes one. The first
file is the module that is imported. In place of ``--->`` and all the files again, ``~~~ 1 => 2`` says what is replaced
in all of them (``\\n`` ends a line). ``<<<`` is executed in it before the edit, as the program would by itself; the
expressions after ``>>>`` are true in it once the edit is live. Without ``must=`` a row must be patched.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from mpdt_hooks import Outcome, ReloadReport
from tests.harness import Source, Workspace, explain

TALLY: list[tuple[Row, ReloadReport]] = []  # what was asked for, and what came of it


class Must(StrEnum):
    PATCH = "patched"  # a rude outcome fails the test
    LEAVE = "unchanged"
    REFUSE = "structural"  # Python does not allow it, or the contract says so
    REJECT = "rejected"
    TELL = "truth"  # patched if it equals fresh, or refused by name


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    before: dict[str, Source]
    after: dict[str, Source]
    prepare: tuple[str, ...]
    probes: tuple[str, ...]
    must: Must = Must.PATCH
    keep: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    error: str = ""
    code: str = ""


def table(text: str) -> list[Any]:
    """The rows of a table, as pytest parameters; ``python=3.12`` skips a row on older versions."""
    return [_parameter(row) for row in text.strip().removeprefix("===").split("\n===")]


def _parameter(text: str) -> Any:
    head, _, body = text.partition("\n")
    name, _, options = head.partition("|")
    given = dict(option.split("=") for option in options.split())
    version = tuple(map(int, given.pop("python", "3.11").split(".")))
    code = "\n".join(line for line in body.split("\n") if not line.startswith((">>> ", "<<< ")))
    before, _, after = _edited(f"\n{code}\n").partition("\n--->\n")
    row = Row(
        id=name.strip(),
        before=_files(before),
        after=_files(after),
        prepare=_marked(body, "<<< "),
        probes=_marked(body, ">>> "),
        must=Must(given.pop("must", "patched")),
        keep=tuple(filter(None, given.pop("keep", "").split(","))),
        replaced=tuple(filter(None, given.pop("replaced", "").split(","))),
        **given,
    )
    marks = pytest.mark.skipif(sys.version_info < version, reason=f"syntax of Python {version}")
    return pytest.param(row, id=row.id, marks=marks)


def _edited(code: str) -> str:
    """Both versions of the files, where a row says what is replaced in them."""
    replaced = [
        line.removeprefix("~~~ ").replace("\\n", "\n").split(" => ")
        for line in code.split("\n")
        if line.startswith("~~~ ")
    ]
    if not replaced:
        return code
    before = after = "\n".join(line for line in code.split("\n") if not line.startswith("~~~ "))
    for old, new in replaced:
        assert old in after, old
        after = after.replace(old, new)
    return f"{before}\n--->\n{after}"


def _marked(text: str, mark: str) -> tuple[str, ...]:
    return tuple(line.removeprefix(mark) for line in text.split("\n") if line.startswith(mark))


def _files(section: str) -> dict[str, Source]:
    files: dict[str, Source] = {}
    for part in ("a.py\n" + section).split("\n--- "):
        name, _, code = part.partition("\n")
        if name.endswith(" gone"):
            files[name.removesuffix(" gone")] = None
        elif name != "a.py" or code.strip():
            files[name] = code.strip("\n") + "\n"
    return files


def module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def check(ws: Workspace, row: Row) -> None:
    """Write, import, edit: the outcome is the one expected, and true."""
    ws.write(row.before)
    first = ws.start(module_of(next(iter(row.before))))
    for statement in row.prepare:
        exec(statement, dict(vars(first)))
    kept = {place: ws.get(place) for place in row.keep}
    report = ws.truthful(row.after, replaced=row.replaced)
    TALLY.append((row, report))
    if row.must is Must.TELL:
        assert report.outcome is not Outcome.REJECTED, explain(report)
    else:
        assert str(report.outcome) == str(row.must), explain(report)
    if row.error:
        assert report.error is not None
        assert report.error.type == row.error, explain(report)
    if row.code:
        assert row.code in {edit.code for edit in report.rude_edits}, explain(report)
    for place, value in kept.items():
        assert ws.get(place) is value, f"{place} is another object"
    if report.outcome in (Outcome.PATCHED, Outcome.UNCHANGED):
        for probe in row.probes:
            assert ws.run(first.__name__, probe), f"false: {probe}"
