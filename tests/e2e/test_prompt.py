"""The prompt of ``mpdt dev``: what lines mean, and a real one in a real terminal."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mpdt.commands.prompt_lines import (
    Call,
    Do,
    Mistake,
    Say,
    Speak,
    Speaker,
    completions,
    names_of,
    parse,
    saved,
)

NOBODY = Speaker()


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("", None),
        ("  ", None),
        ("/echo hi", Say("/echo hi")),
        ("::not for mpdt", Say(":not for mpdt")),
        (":user alice", Speak(Speaker(user="alice"))),
        (":user", Speak(NOBODY)),
        (":group a group", Speak(Speaker(group="a group"))),
        (":private", Speak(NOBODY)),
        (":role owner", Speak(Speaker(role="owner"))),
        (":image 'my cat.png'", Speak(Speaker(images=("my cat.png",)))),
        (":image C:\\cat.png", Speak(Speaker(images=("C:\\cat.png",)))),
        (":mention bob", Speak(Speaker(mentions=("bob",)))),
        (':call tool weather {"city": "x y"}', Call("tool", "weather", {"city": "x y"})),
        (":fire bell", Call("event", "bell", {})),
        (":test greets", Do("test", "greets")),
        (":quit", Do("quit")),
    ],
)
def test_lines(line: str, action: object) -> None:
    assert parse(line, NOBODY) == action


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (":usr alice", "did you mean :user?"),
        (":zzz", ":help lists"),
        (":call", ":call KIND NAME [JSON]"),
        (":call tols weather", "kinds are tool,"),
        (":call tool weather {x", "not JSON"),
        (":fire bell [1]", "JSON object"),
        (":group", ":group NAME"),
        (":save", ":save NAME [COUNT]"),
    ],
)
def test_mistakes(line: str, sentence: str) -> None:
    action = parse(line, NOBODY)
    assert isinstance(action, Mistake)
    assert sentence in action.sentence


def test_who_speaks_adds_up() -> None:
    speaker = NOBODY
    for line in (":user alice", ":group g", ":role owner", ":image a.png", ":mention bob"):
        action = parse(line, speaker)
        assert isinstance(action, Speak)
        speaker = action.speaker
    assert speaker == Speaker("alice", "g", "owner", ("a.png",), ("bob",))
    assert (NOBODY.sign, speaker.sign) == ("developer", "alice@g (owner) +2")


def test_the_number_of_exchanges_comes_last() -> None:
    assert [saved(text) for text in ("two words 3", "two words", "7", "a 0")] == [
        ("two words", 3),
        ("two words", 1),
        ("7", 1),
        ("a 0", 1),
    ]


def test_completion_knows_the_components() -> None:
    names = names_of(
        [
            {"kind": "command", "name": "echo", "schema": {"routes": [{"path": []}, {"path": ["say"]}]}},
            {"kind": "service", "name": "history", "schema": {"methods": {"last": {}}}},
            {"kind": "event_handler", "name": "h", "schema": {"events": ["bell"]}},
            {"kind": "tool", "name": "count_words", "schema": None},
        ]
    )

    def offered(text: str) -> list[str]:
        return [option for option, _ in completions(text, names)]

    assert offered("/ec") == ["/echo", "/echo say"]
    assert offered(":ca") == [":call"]
    assert offered(":call to") == ["tool"]
    assert offered(":call tool ") == ["count_words"]
    assert offered(":call service hi") == ["history.last"]
    assert offered(":fire ") == ["bell"]
    assert offered("hello :ca") == offered("::ca") == []


pty = pytest.importorskip("pty", reason="a pseudo-terminal of Python's own is POSIX's")

DEADLINE = 40.0
CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>()][0-9AB]?|\r")


class Terminal:
    """``mpdt dev`` in a pseudo-terminal: what is typed, and what is seen."""

    def __init__(self, folder: Path, *options: str, runtime: Path) -> None:
        self.master, slave = pty.openpty()
        environment = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "NO_COLOR")}
        environment |= {"MPDT_RUNTIME_DIR": str(runtime), "MPDT_STATE_DIR": str(runtime / "state")}
        environment |= {"MPDT_CONFIG_FILE": str(runtime / "none.toml"), "TERM": "xterm-256color", "COLUMNS": "200"}
        environment |= {"PROMPT_TOOLKIT_NO_CPR": "1"}  # there is no terminal that would say where the cursor is
        command = [sys.executable, "-m", "mpdt", "dev", str(folder), "-p", "0", "--no-scenarios", *options]
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)
        self.seen = ""
        self._read_until = 0

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def wait(self, text: str) -> None:
        """Until the text is seen, after what was waited for before."""
        deadline = time.monotonic() + DEADLINE
        while text not in self.seen[self._read_until :]:
            ready, _, _ = select.select([self.master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{text!r} was not seen after {self.seen[self._read_until :]!r}"
            try:
                self.seen += CODES.sub("", os.read(self.master, 65536).decode("utf-8", "replace"))
            except OSError:  # Linux: nobody holds the other side any more
                pytest.fail(f"It ended before {text!r} was seen: {self.seen!r}")
        self._read_until = self.seen.index(text, self._read_until) + len(text)

    def end(self) -> int:
        """The exit code. What is still written is read, or the process could not end."""
        deadline = time.monotonic() + DEADLINE
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                if select.select([self.master], [], [], 0.05)[0]:
                    self.seen += CODES.sub("", os.read(self.master, 65536).decode("utf-8", "replace"))
            except OSError:
                break
        return self.process.wait(5)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)


@pytest.fixture
def terminal(plugin: Path, tmp_path: Path) -> Iterator[Terminal]:
    running = Terminal(plugin, "--patch-live", runtime=tmp_path / "run")
    yield running
    running.close()


def test_a_conversation_in_the_terminal(terminal: Terminal, plugin: Path) -> None:
    terminal.wait("patching live")
    terminal.wait("developer>")
    terminal.type("/echo say hello\r")
    terminal.wait("< echo #1: hello")
    terminal.type(":user alice\r")
    terminal.wait("alice>")
    terminal.type("hello\r")
    terminal.wait("< Hello, alice.")
    terminal.type(':call tool count_words {"text": "a b"}\r')
    terminal.wait('"count": 2')
    terminal.type(":call tool count_word\r")
    terminal.wait("did you mean 'count_words'?")
    terminal.type(":usr x\r")
    terminal.wait("did you mean :user?")

    # A save in the middle of a line: it is shown, the line is kept, and the new code answers it.
    terminal.type("/echo say ha")
    path = plugin / "text.py"
    text = path.read_text().replace('f"echo #{number}: {text}"', 'f"said #{number}: {text}"')
    path.with_suffix(".tmp").write_text(text, encoding="utf-8")
    path.with_suffix(".tmp").replace(path)
    terminal.wait("patched text.py")
    terminal.type("lf\r")
    terminal.wait("< said #2: half")
    terminal.type(":again\r")
    terminal.wait("< said #3: half")
    terminal.type(":state\r")
    terminal.wait("count_words")
    terminal.type(":save half\r")
    terminal.wait("half.mpdt.toml")
    terminal.type(":reload\r")
    terminal.wait("reloaded")
    terminal.type("/ech\t")
    terminal.wait("/echo")
    terminal.type("\x03")  # Ctrl+C takes the line away
    terminal.type(":help\r")
    terminal.wait(":mention USER")
    terminal.type(":quit\r")
    assert terminal.end() == 0
    assert "stopped" in terminal.seen
    assert 'send = "/echo say half"' in (plugin / "tests" / "half.mpdt.toml").read_text()


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_the_keys_that_end_it(terminal: Terminal, key: str) -> None:
    terminal.wait("developer>")
    terminal.type(key)
    assert terminal.end() == 0
    assert "stopped" in terminal.seen


def test_no_prompt_where_it_is_not_wanted(plugin: Path, tmp_path: Path) -> None:
    running = Terminal(plugin, "--no-prompt", runtime=tmp_path / "run")
    try:
        running.wait("patching live" if "--patch-live" in sys.argv else "reloading as a whole")
        running.wait("http://")
        running.process.terminate()
        assert running.end() == 0
        assert "developer>" not in running.seen
    finally:
        running.close()
