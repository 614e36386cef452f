"""Products of edits: many small programs a test, each in a workspace of its own, each edit held to the contract."""

from __future__ import annotations

from collections.abc import Iterable

from tests.harness import Workspace

Case = tuple[str, dict[str, str], dict[str, str]]  # title, files before, files that are edited


def check_all(ws: Workspace, cases: Iterable[Case], *, nothing_in_vain: bool = True) -> None:
    """Raises AssertionError with all that is told wrongly; a program that cannot be imported has nothing to edit."""
    wrong = []
    for number, (title, before, after) in enumerate(cases):
        own = Workspace(ws.root / str(number), ws._server)
        own.nothing_is_made_in_vain = nothing_in_vain
        try:
            if _starts(own, before):
                own.truthful(after)
        except AssertionError as error:
            wrong.append(f"{title}: {error}")
        finally:
            own.close()
    assert not wrong, "\n".join(wrong)


def _starts(ws: Workspace, files: dict[str, str]) -> bool:
    ws.write(files)
    try:
        ws.start("a")
    except Exception:  # noqa: BLE001 - whatever it raises
        return False
    return True
