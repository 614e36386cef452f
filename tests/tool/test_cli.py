"""The command line: what it loads, and the one line that it says when it cannot start."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mpdt.cli import COMMANDS, main
from mpdt.commands.send import SendError, pick, shown
from mpdt.dev import run_files
from mpdt.dev.run_files import RunFile

HEAVY = ("aiohttp", "watchdog", "jurigged", "rich", "asyncio", "tomlkit", "pydantic", "platformdirs")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPDT_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("MPDT_CONFIG_FILE", str(tmp_path / "none.toml"))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def loaded_by(*arguments: str) -> set[str]:
    """The heavy modules that a command line loads."""
    script = f"""
import sys
from mpdt.cli import main
try:
    main({list(arguments)!r})
except SystemExit:
    pass
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(eval(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["-h"], []])
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    assert loaded_by(*arguments) == set()


@pytest.mark.parametrize("command", ["dev", "send"])
def test_a_commands_help_loads_nothing_heavy(command: str) -> None:
    assert loaded_by(command, "--help") == set()


def test_what_serves_loads_nothing_heavy_before_it_runs() -> None:
    """The worker is to get its first request the moment it has connected; the rest is imported meanwhile."""
    heavy = ("aiohttp", "watchdog", "rich", "tomlkit", "prompt_toolkit", "jurigged", "pydantic", "http.client")
    script = f"import sys, mpdt.commands.serving; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_is_listed() -> None:
    text = invoke("--help").output
    assert all(name in text for name in COMMANDS)
    assert invoke("no-such-command").exit_code == 2


def test_the_version_is_said() -> None:
    from mpdt import __version__

    assert invoke("--version").output == f"mpdt {__version__}\n"


def plugin(folder: Path) -> Path:
    folder.mkdir()
    (folder / "plugin.py").write_text("")
    return folder


def refused(*arguments: str) -> str:
    """The one line on stderr of a command that does not start, in a process of its own, with nothing left running."""
    done = subprocess.run(
        [sys.executable, "-m", "mpdt", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr.strip()


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    assert refused("dev", str(tmp_path / "none")) == (
        f"mpdt: There is no folder {str(tmp_path / 'none')!r}. Give the path of a plugin folder."
    )


def test_a_file_is_refused(tmp_path: Path) -> None:
    path = plugin(tmp_path / "p") / "plugin.py"
    assert refused("dev", str(path)) == f"mpdt: {str(path)!r} is a file. Give the folder that plugin.py lies in."


def test_a_folder_without_plugin_is_refused(tmp_path: Path) -> None:
    assert "has no plugin.py" in refused("dev", str(tmp_path))


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = refused("dev", str(plugin(tmp_path / "p")), "-p", str(port))
    assert sentence == f"mpdt: Port {port} is taken. Choose another with --port, or a free one with --port 0."


def test_an_address_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    done = invoke("dev", str(plugin(tmp_path / "p")), "--host", "192.0.2.1")
    assert done.exit_code == 2
    assert "192.0.2.1 is open to other machines" in done.stderr
    assert "Cannot listen on 192.0.2.1" in done.stderr


def test_a_port_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "'port' must be between 0 and 65535" in refused("dev", str(plugin(tmp_path / "p")), "-p", "70000")


def test_an_unknown_interpreter_is_refused(tmp_path: Path) -> None:
    folder = str(plugin(tmp_path / "p"))
    assert "There is no interpreter 'no-such'" in refused("dev", folder, "--python", "no-such")


@pytest.mark.skipif(os.name == "nt", reason="a script for an interpreter")
def test_an_old_interpreter_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\necho \'{"version": [3, 9, 1], "missing": []}\'\n')
    old.chmod(0o755)
    sentence = refused("dev", str(plugin(tmp_path / "p")), "--python", str(old))
    assert "is Python 3.9.1; mpdt needs 3.11 or later" in sentence


def test_a_broken_pyproject_is_refused(tmp_path: Path) -> None:
    folder = plugin(tmp_path / "p")
    (folder / "pyproject.toml").write_text("[tool.mpdt]\nport = 'x'\n")
    assert "'port' must be a number, not 'x'." in refused("dev", str(folder))


# mpdt send


class FakeServer:
    """Answers as ``mpdt dev`` would, and keeps what it was asked."""

    def __init__(self, answer: tuple[int, Any]) -> None:
        self.asked: list[Any] = []
        keep, (status, body) = self.asked, answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(200, {"logs": []})

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                keep.append((self.path, self.headers["Authorization"], json.loads(content)))
                self.reply(status, body)

            def reply(self, status: int, body: Any) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeServer]:
    replies = [{"type": "text", "content": "hi", "stream": "m"}, {"type": "image", "content": "a.png", "stream": "m"}]
    server = FakeServer(getattr(request, "param", (200, {"replies": replies})))
    run_files.write(RunFile(os.getpid(), server.url, "secret", str(tmp_path)), run_files.folder())
    yield server
    server.close()


def test_replies_are_printed_one_a_line(server: FakeServer) -> None:
    done = invoke("send", "/echo", "--user", "me", "--role", "owner")
    assert (done.exit_code, done.stdout) == (0, "hi\n[image] a.png\n")
    assert server.asked == [("/api/message", "Bearer secret", {"text": "/echo", "user": "me", "role": "owner"})]


@pytest.mark.parametrize("server", [(200, {"replies": []})], indirect=True)
def test_no_reply_is_said_on_stderr(server: FakeServer) -> None:
    done = invoke("send", "x")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "mpdt: the plugin did not reply.\n")


@pytest.mark.parametrize("server", [(503, {"error": "The worker is gone."})], indirect=True)
def test_an_error_of_the_server_is_its_sentence(server: FakeServer) -> None:
    done = invoke("send", "x")
    assert (done.exit_code, done.stderr) == (2, "mpdt: The worker is gone.\n")


def test_no_server_is_one_sentence() -> None:
    done = invoke("send", "x")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "mpdt: No 'mpdt dev' is running. Start one with: mpdt dev PATH\n"


def test_the_file_of_a_dead_server_is_removed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    path = run_files.write(RunFile(1, url, "t", str(tmp_path)), run_files.folder())
    assert invoke("send", "x").exit_code == 2
    assert not path.exists()


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_run_files_are_for_the_user_alone(tmp_path: Path) -> None:
    path = run_files.write(RunFile(1, "u", "t", "p"), tmp_path / "run")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    (tmp_path / "run" / "junk.run.json").write_text("{")
    assert [run.token for _, run in run_files.read(tmp_path / "run")] == ["t"]


def servers(*folders: str) -> list[RunFile]:
    return [RunFile(number, "u", "t", folder) for number, folder in enumerate(folders)]


def test_the_server_is_picked_by_folder() -> None:
    two = servers("/a", "/b")
    assert pick(two, Path("/b"), Path("/")).plugin == "/b"
    assert pick(two, None, Path("/a/deep")).plugin == "/a"
    assert pick(two[:1], None, Path("/elsewhere")).plugin == "/a"
    with pytest.raises(SendError, match=r"Several 'mpdt dev' are running.*\(/a, /b\)"):
        pick(two, None, Path("/elsewhere"))
    with pytest.raises(SendError, match="No 'mpdt dev' serves"):
        pick(two, Path("/c"), Path("/a"))


def test_a_reply_that_is_no_text_says_what_it_is() -> None:
    assert shown({"type": "text", "content": "a\nb"}) == "a\nb"
    assert shown({"type": "forward", "content": ["你"]}) == '[forward] ["你"]'
