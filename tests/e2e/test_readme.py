"""Documents that show mpdt at work, executed: what they show is what a reader sees.

A comment before a fenced block says what the block is; the blocks of one document are played in their order:

    <!-- file PATH -->            a file that the reader writes
    <!-- run command -->          the last command is `mpdt dev`, which runs until the end
    <!-- transcript -->           commands after `$ `, each with what it prints
    <!-- edit PATH: OUTCOME -->   lines that go and lines that come; the save ends so
    <!-- terminal -->             what `mpdt dev` says of the last save, times apart
    <!-- command -->              commands that only have to succeed
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from mpdt import language
from mpdt.render.terminal import render

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 30.0
MPDT = [sys.executable, "-m", "mpdt"]
BLOCK = re.compile(r"<!-- ([^\n]+) -->\n+```\w*\n(.*?)```", re.DOTALL)
DOCUMENTS = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]
PLAYED = [path for path in DOCUMENTS if "<!-- run command -->" in path.read_text(encoding="utf-8")]
TIME = re.compile(r"  [\d,.]+ ms")


class Play:
    """One document being played, in a folder of its own."""

    def __init__(self, folder: Path, chinese: bool) -> None:
        self.folder = folder
        self.language = language.CHINESE if chinese else language.ENGLISH
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "hooks")]),
            "PYTHONIOENCODING": "utf-8",
            "MPDT_RUNTIME_DIR": str(runtime),
            "MPDT_STATE_DIR": str(folder / "state"),
            "MPDT_CONFIG_FILE": str(folder / "none.toml"),
            "MPDT_LANG": self.language,
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        self.process: subprocess.Popen[str] | None = None
        self.events: Queue[dict[str, Any] | None] = Queue()
        self.last: dict[str, Any] = {}
        self.edited = folder

    def step(self, said: str, block: str) -> None:
        what, _space, rest = said.partition(" ")
        match what:
            case "file":
                path = self.folder / rest
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block, encoding="utf-8")
            case "run":
                self.serve(block.strip().rpartition("&& ")[2])
            case "transcript":
                for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                    command, _newline, expected = part.partition("\n")
                    assert self.ask(command) == expected, command
            case "command":
                for line in block.splitlines():
                    self.ask(line)
            case "edit":
                self.edit(*rest.split(": "), block)
            case "terminal":
                assert self.shown() == TIME.sub("", block).splitlines()
            case _:
                # For people, or for .ci/run.
                assert said == "test command", f"<!-- {said} --> is not understood"

    def serve(self, command: str) -> None:
        self.process = subprocess.Popen(
            [*MPDT, *shlex.split(command)[1:], "--json", "-p", "0", "--no-scenarios"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=self._read, name="documents", args=(self.process,)).start()
        ready = self.wait("ready")
        assert ready["loaded"], ready["error"]

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.events.put(json.loads(line))
        self.events.put(None)

    def wait(self, kind: str) -> dict[str, Any]:
        while True:
            event = self.events.get(timeout=DEADLINE)
            assert event is not None, "mpdt dev ended"
            if event["event"] == kind:
                return event

    def ask(self, command: str) -> str:
        name, *arguments = shlex.split(command)
        assert Path(name).name == "mpdt"
        done = subprocess.run(
            [*MPDT, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=DEADLINE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def edit(self, name: str, outcome: str, block: str) -> None:
        removed = "".join(f"{line[1:]}\n" for line in block.splitlines() if line.startswith("-"))
        added = "".join(f"{line[1:]}\n" for line in block.splitlines() if line.startswith("+"))
        path = self.edited = self.folder / name
        source = path.read_text(encoding="utf-8")
        assert source.count(removed) == 1, f"{removed!r} is not once in {name}"
        path.write_text(source.replace(removed, added), encoding="utf-8")
        self.last = self.wait("reload")
        assert (self.last["outcome"], self.last["files"]) == (outcome, [path.name]), self.last

    def shown(self) -> list[str]:
        language.use(self.language)
        try:
            lines = [line.plain for line in render(self.last)]
        finally:
            language.use(language.ENGLISH)
        return [TIME.sub("", line).replace(f"{self.folder}{os.sep}", "").replace("\\", "/") for line in lines]

    def play_scenarios(self) -> None:
        """Those of an example that the document edits pass after its last edit: `mpdt dev` shows them to a reader."""
        for plugin in sorted(one for one in (self.folder / "examples").iterdir() if one in self.edited.parents):
            assert '"failed": 0' in self.ask(f"mpdt test {plugin} --json")

    def close(self) -> None:
        if self.process is not None:
            self.process.terminate()
            assert self.process.wait(DEADLINE) == 0


@pytest.fixture
def play(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Play]:
    folder = tmp_path.resolve()
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns(".mpdt", "__pycache__"))
    playing = Play(folder, chinese="zh-CN" in request.node.callspec.id)
    yield playing
    playing.close()


@pytest.mark.parametrize("document", PLAYED, ids=lambda path: path.name)
def test_what_is_shown_is_true(document: Path, play: Play) -> None:
    blocks = BLOCK.findall(document.read_text(encoding="utf-8"))
    assert len(blocks) > 3
    for said, block in blocks:
        play.step(said, block)
    play.play_scenarios()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    """Between the documents, to files, and to headings in them."""
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, heading = target.partition("#")
        path = document.parent / name if name else document
        assert path.exists(), f"{target} leads nowhere"
        if heading:
            assert heading in headings(path.read_text(encoding="utf-8")), f"{target}: there is no such heading"


def headings(text: str) -> set[str]:
    """As GitHub makes anchors of them."""
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in found}


def test_both_readmes_have_the_same_parts() -> None:
    """Equal in content: the same blocks of code, the same commands, as many headings."""
    english, chinese = (path.read_text(encoding="utf-8") for path in DOCUMENTS[:2])
    blocks = [[block for said, block in BLOCK.findall(text) if said != "terminal"] for text in (english, chinese)]
    assert blocks[0] == blocks[1]
    for pattern in (r"^#+ ", r"^\| `mpdt [a-z-]+", r"--[a-z-]+", r"docs/[\w.-]+\.md"):
        told = [
            sorted(set(re.findall(pattern, text.replace(".zh-CN.md", ".md"), re.MULTILINE)))
            for text in (english, chinese)
        ]
        assert told[0] == told[1], pattern
    assert len(re.findall(r"^#", english, re.MULTILINE)) == len(re.findall(r"^#", chinese, re.MULTILINE))
