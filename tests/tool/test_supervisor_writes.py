"""Whose write was it?"""

from __future__ import annotations

from pathlib import Path

from mpdt.dev.worker_writes import LIFETIME, MOST, WorkerWrites

A, B = Path("/p/a.json"), Path("/p/b.json")


def test_a_report_explains_one_close() -> None:
    writes = WorkerWrites()
    writes.report(A, 0.0)
    assert not writes.claim(B, 1, 0.1, filled=True)
    assert writes.claim(A, 1, 0.1, filled=True)
    assert not writes.claim(A, 1, 0.2, filled=True)


def test_one_close_more_than_reports_is_a_save() -> None:
    writes = WorkerWrites()
    writes.report(A, 0.0)
    assert not writes.claim(A, 2, 0.1, filled=True)
    assert not writes.claim(A, 1, 0.2, filled=True)


def test_two_writes_of_the_worker_are_two_reports() -> None:
    writes = WorkerWrites()
    writes.report(A, 0.0)
    writes.report(A, 0.1)
    assert writes.claim(A, 1, 0.2, filled=True)
    assert writes.claim(A, 1, 0.3, filled=True)


def test_a_file_that_was_only_created_is_still_being_written() -> None:
    writes = WorkerWrites()
    writes.report(A, 0.0)
    assert writes.claim(A, 0, 0.1, filled=False)
    assert writes.claim(A, 1, 0.2, filled=True)
    assert not writes.claim(A, 1, 0.3, filled=True)


def test_a_report_without_a_write_expires() -> None:
    writes = WorkerWrites()
    writes.report(A, 0.0)
    assert not writes.claim(A, 1, LIFETIME + 0.1, filled=True)


def test_without_close_events_a_report_explains_all_that_happens_for_a_while() -> None:
    writes = WorkerWrites(close_events=False)
    writes.report(A, 0.0)
    assert writes.claim(A, 0, 0.1, filled=True)
    assert writes.claim(A, 0, 0.2, filled=True)
    assert not writes.claim(A, 0, LIFETIME + 0.1, filled=True)


def test_a_forgotten_report_explains_nothing() -> None:
    writes = WorkerWrites()
    writes.report(A, 0.0)
    writes.forget(A)
    assert not writes.claim(A, 1, 0.1, filled=True)


def test_reports_are_bounded() -> None:
    writes = WorkerWrites()
    for number in range(MOST + 10):
        writes.report(Path(f"/p/{number}.json"), 0.0)
    assert not writes.claim(Path("/p/0.json"), 1, 0.1, filled=True)
    assert writes.claim(Path(f"/p/{MOST}.json"), 1, 0.1, filled=True)
