"""Events -> the terminal and JSON lines."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from mpdt.commands.sinks import to_terminal
from mpdt.config import Config
from mpdt.render.json_lines import to_line
from mpdt.render.performance import performance_lines
from mpdt.render.source import excerpt, read_lines
from mpdt.render.terminal import Detail, render

PLAIN = Detail()
SOURCE = ["import os", "", "def f():", "    return 1 +", "", "x = 2"]
ERROR = {
    "type": "SyntaxError",
    "message": "invalid syntax",
    "file": "/p/plugin.py",
    "line": 4,
    "traceback": "Traceback (most recent call last):\n  boom",
}
RUDE = {
    "code": "MPDT101",
    "ref": {"module": "p.plugin", "qualname": ""},
    "file": "/p/plugin.py",
    "line": 3,
    "reason": "a bare call at the top level would run again",
    "cost": "module state is lost",
}


def reload_event(outcome: str, **fields: Any) -> dict[str, Any]:
    return {
        "event": "reload",
        "outcome": outcome,
        "files": ["plugin.py"],
        "changes": [],
        "rude_edits": [],
        "error": None,
        "still_running": [],
        "leaks": [],
        "ms": {"watch": 11.0, "apply": 2.4, "total": 13.4},
        **fields,
    }


def change(kind: str, qualname: str) -> dict[str, Any]:
    return {"kind": kind, "module": "p.plugin", "qualname": qualname, "lines": [1, 2]}


def lines(event: dict[str, Any], detail: Detail = PLAIN) -> list[str]:
    return [line.plain for line in render(event, detail, lambda _path: SOURCE)]


def test_a_patch_says_what_changed() -> None:
    event = reload_event("patched", changes=[change("changed", "f"), change("moved", "g"), change("added", "C.m")])
    assert lines(event) == ["patched plugin.py  13 ms", "  f changed, C.m added"]
    assert lines(event, Detail(verbose=True))[1] == "  f changed, g moved, C.m added"


def test_a_reload_says_why() -> None:
    assert lines(reload_event("reloaded", rude_edits=[RUDE])) == [
        "reloaded plugin.py  13 ms",
        "  MPDT101 plugin.py:3 a bare call at the top level would run again (module state is lost)",
    ]


def test_an_error_comes_with_its_source() -> None:
    assert lines(reload_event("rejected", error=ERROR)) == [
        "rejected plugin.py; the previous version serves on  13 ms",
        "  /p/plugin.py:4 SyntaxError: invalid syntax",
        "       2 | ",
        "       3 | def f():",
        "  >    4 |     return 1 +",
        "       5 | ",
        "       6 | x = 2",
    ]


def test_debugging_shows_the_traceback_too() -> None:
    shown = lines(reload_event("rejected", error=ERROR), Detail(tracebacks=True))
    assert shown[-2:] == ["  Traceback (most recent call last):", "    boom"]


def test_an_error_without_a_place_shows_what_there_is() -> None:
    error = {**ERROR, "type": "WorkerDied", "file": None, "line": None, "traceback": "last words"}
    assert lines(reload_event("failed", error=error, files=[])) == [
        "failed; no version is serving  13 ms",
        "  WorkerDied: invalid syntax",
        "  last words",
    ]


def test_verbose_shows_the_time_of_each_phase() -> None:
    event = reload_event("reloaded", timings={"compile": 0.42, "messages": 0.0, "build": 5.0})
    assert lines(event) == ["reloaded plugin.py  13 ms"]
    assert lines(event, Detail(verbose=True))[1:] == ["  compile 0.4, build 5.0 ms"]


def test_performance_compares_the_period_that_ended_with_the_one_before() -> None:
    calls = {"calls": 3, "errors": 1, "p50": 0.312, "p95": 0.9}
    performance = {
        "handlers": {},
        "before": {"p:command:a": calls, "p:tool:b": {"calls": 1, "errors": 0, "p50": 2.0, "p95": 2.0}},
        "earlier": {"p:command:a": {**calls, "calls": 12, "errors": 0}},
        "loop_lag": {"p50": 0.11, "p95": 0.5, "max": 3.0},
        "memory": 48_000_000,
        "blocks": 412_345,
    }
    assert list(performance_lines(performance)) == [
        "p:command:a: 3 calls, 1 error, p50 0.31 ms, p95 0.90 ms"
        " (before that: 12 calls, 0 errors, p50 0.31 ms, p95 0.90 ms)",
        "p:tool:b: 1 call, 0 errors, p50 2.00 ms, p95 2.00 ms",
        "loop lag 0.1 ms at p50, 3.0 at most, memory 48 MB, 412,345 blocks allocated",
    ]
    assert list(performance_lines({})) == []


def test_a_restart_says_why() -> None:
    assert lines(reload_event("restarted", reason="The worker ended with exit code 3."))[1] == (
        "  because: The worker ended with exit code 3."
    )


def test_many_files_are_counted() -> None:
    event = reload_event("patched", files=[f"m{number}.py" for number in range(200)])
    assert lines(event)[0] == "patched m0.py, m1.py, m2.py, m3.py, m4.py, m5.py and 194 more  13 ms"


def test_what_still_runs_and_what_leaks_is_listed() -> None:
    event = reload_event(
        "reloaded",
        still_running=[{"ref": {"module": "p", "qualname": "f"}, "what": "task", "name": "poller"}],
        leaks=[{"kind": "task", "where": "plugin.py:7", "action": "cancelled"}],
        ran_before_failure=["x = open()"],
    )
    assert lines(event)[1:] == [
        "  still running the old code: p:f (task poller)",
        "  leak: task of plugin.py:7, cancelled",
        "  had run before the error: x = open()",
    ]


def test_debug_log_lines_are_shown_only_when_asked_for() -> None:
    event = {"event": "log", "level": "DEBUG", "logger": "echo", "message": "two\nlines"}
    assert lines(event) == []
    assert lines(event, Detail(verbose=True)) == ["debug   echo: two", "        lines"]


def ready(**fields: Any) -> dict[str, Any]:
    return {
        "event": "ready",
        "url": "http://127.0.0.1:8080/?token=x",
        "plugin": "echo",
        "loaded": True,
        "error": None,
        "mode": "patch-live",
        "core": "simulated",
        "python": "3.11.7",
        "ms": 212.4,
        **fields,
    }


def test_ready_says_what_is_served_and_where() -> None:
    assert lines(ready(interpreter="/usr/bin/python (mpdt's own)")) == [
        "echo on the simulated core, Python 3.11.7, patching live  212 ms",
        "  interpreter /usr/bin/python (mpdt's own)",
        "  http://127.0.0.1:8080/?token=x",
    ]


def test_ready_without_a_plugin_says_what_is_wrong() -> None:
    shown = lines(ready(loaded=False, error=ERROR, url=None))
    assert shown[1] == "failed the plugin did not load; the next save tries again"
    assert "SyntaxError" in shown[2]


def test_unknown_events_are_silent() -> None:
    assert lines({"event": "from a later version"}) == []


@pytest.mark.parametrize(
    ("variables", "terminal", "coloured"),
    [({}, True, True), ({"NO_COLOR": "1"}, True, False), ({}, False, False)],
)
def test_colours_are_for_terminals_that_want_them(variables: dict[str, str], terminal: bool, coloured: bool) -> None:
    stream = io.StringIO()
    environment = {"TERM": "xterm-256color", **variables}
    write = to_terminal(Config(), lambda: Console(file=stream, force_terminal=terminal, _environ=environment, width=20))
    write(reload_event("rejected", error=ERROR))
    write({"event": "log", "level": "INFO", "logger": "echo", "message": "\x1b[35mpurple\x1b[0m and [bold]"})
    text = stream.getvalue()
    assert ("\x1b[3" in text) is coloured
    assert text.splitlines()[-1].endswith("purple and [bold]") or coloured
    assert "the previous version serves on" in text  # a narrow terminal wraps itself; a file has whole lines


def test_a_json_line_is_one_line_of_utf_8() -> None:
    line = to_line({"event": "log", "message": "你好\n\ud800", "path": Path("x")})
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert json.loads(line)["message"] == "你好\n\ud800"


def test_an_excerpt_keeps_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_bytes("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"))
    assert excerpt(path, 2) == [(1, "# -*- coding: latin-1 -*-"), (2, "x = 'é'")]
    assert excerpt(path, 3) == []
    assert read_lines(tmp_path / "gone.py") == []
