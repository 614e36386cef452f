"""Events and the time -> batches, in virtual time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from mpdt.dev.coalesce import Coalescer, FileChange, FileEventKind

A, B, C = Path("/p/a.py"), Path("/p/b.py"), Path("/p/c.py")
Script = Iterable[tuple[float, str, Path]]


def play(
    script: Script, *, close_events: bool = True, empty: Iterable[tuple[float, float, Path]] = ()
) -> list[tuple[float, list[str]]]:
    """The batches (ms, names) of a script of (ms, kind, path). ``empty``: (from, to, path) in ms, when a file
    is empty.
    """
    coalescer = Coalescer(close_events=close_events)
    batches: list[tuple[float, list[str]]] = []

    clock = 0.0

    def until(moment: float) -> None:
        nonlocal clock
        while (due := coalescer.due()) is not None and due <= moment:
            now = clock = max(due, clock)

            def became_empty(path: Path) -> bool:
                return any(path == p and start <= now * 1000 < end for start, end, p in empty)

            batch = coalescer.take(now, became_empty)
            if batch is not None:
                batches.append((round(now * 1000, 3), [path.stem for path in batch.paths]))

    for at, kind, path in script:
        until(at / 1000)
        clock = at / 1000
        coalescer.add(FileChange(FileEventKind(kind), path, at / 1000))
    until(10.0)
    return batches


def test_a_closed_file_is_taken_after_ten_quiet_milliseconds() -> None:
    assert play([(0, "modified", A), (1, "modified", A), (2, "closed", A)]) == [(12, ["a"])]


@pytest.mark.parametrize("kind", ["moved", "created", "deleted", "folder"])
def test_other_ends_of_a_change_settle_too(kind: str) -> None:
    assert play([(0, kind, A)]) == [(10, ["a"])]


def test_a_created_file_that_is_written_waits_for_its_close() -> None:
    assert play([(0, "created", A), (1, "modified", A), (40, "closed", A)]) == [(50, ["a"])]


def test_an_open_file_is_not_taken_before_its_close() -> None:
    assert play([(0, "modified", A), (100, "modified", A), (130, "closed", A)]) == [(140, ["a"])]


def test_a_writer_that_never_closes_is_taken_after_half_a_second() -> None:
    assert play([(0, "modified", A)]) == [(500, ["a"])]


def test_what_changes_together_is_one_batch() -> None:
    assert play([(0, "closed", A), (5, "closed", B), (9, "moved", C)]) == [(19, ["a", "b", "c"])]


def test_a_batch_is_not_held_longer_than_fifty_milliseconds() -> None:
    script = [(at, "closed", A if at % 16 else B) for at in range(0, 100, 8)]
    assert [at for at, _ in play(script)] == [50, 106]


def test_an_open_file_does_not_hold_the_others_back() -> None:
    script = [
        (0.0, "modified", A),
        *((float(at), "modified", A) for at in range(1, 200, 5)),
        (3, "closed", B),
    ]
    assert play(sorted(script, key=lambda event: event[0]))[0] == (53, ["b"])


def test_two_saves_twenty_milliseconds_apart_are_two_batches() -> None:
    assert play([(0, "closed", A), (20, "closed", A)]) == [(10, ["a"]), (30, ["a"])]


def test_a_file_written_again_inside_the_window_waits_for_the_second_close() -> None:
    assert play([(0, "closed", A), (5, "modified", A), (30, "closed", A)]) == [(40, ["a"])]


def test_a_file_that_became_empty_is_given_time_to_fill() -> None:
    script = [(0, "modified", A), (1, "closed", A), (60, "modified", A), (61, "closed", A)]
    assert play(script, empty=[(0, 60, A)]) == [(71, ["a"])]


def test_a_file_that_stays_empty_is_taken_in_the_end() -> None:
    assert play([(0, "closed", A)], empty=[(0, 9999, A)]) == [(110, ["a"])]


def test_a_batch_with_an_emptied_file_stays_together() -> None:
    assert play([(0, "closed", A), (2, "closed", B)], empty=[(0, 9999, A)]) == [(112, ["a", "b"])]


def test_without_close_events_every_write_settles() -> None:
    script = [(0, "modified", A), (4, "modified", A), (300, "modified", B)]
    assert play(script, close_events=False) == [(14, ["a"]), (310, ["b"])]


def test_nothing_is_due_while_nothing_happens() -> None:
    assert Coalescer(close_events=True).due() is None


def test_the_writers_of_a_batch_are_counted() -> None:
    coalescer = Coalescer(close_events=True)
    for at, kind in enumerate(["created", "modified", "closed", "modified", "closed", "moved"]):
        coalescer.add(FileChange(FileEventKind(kind), A, at / 1000))
    batch = coalescer.take(1.0, lambda _path: False)
    assert batch is not None
    assert dict(batch.writers) == {A: 3}
    assert batch.since == 0.0
