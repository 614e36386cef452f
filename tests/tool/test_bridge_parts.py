"""Names that come over a bridge's wire, the addresses where it may go, and the order of what is asked."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from mpdt.dev.attached_host import AttachedHost, Told
from mpdt.dev.bridge_server import Bot
from mpdt.dev.bridge_token import made_token, read_token
from mpdt.dev.engine_bundle import bundle, contents
from mpdt.dev.errors import StartError
from mpdt.dev.far_files import Names, packed, survey
from mpdt.dev.loopback import is_loopback_name, meeting_place
from mpdt.protocol import Notice, NoticeKind, Operation, Request, Response, decode, encode
from mpdt.worker.attached import Notices
from mpdt.worker.errors import WorkerError
from mpdt.worker.mirror import Mirror, placed


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../x.py",
        "a/../../x.py",
        "a//b.py",
        "./x.py",
        "a/.",
        "C:/x.py",
        "a\\b.py",
        "x\x00.py",
        "a./b",
        "b ",
        "x" * 2000,
        None,
        3,
        ["a"],
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: object) -> None:
    mirror = Mirror(tmp_path, "plugin", "key")
    with pytest.raises(WorkerError):
        placed(mirror.folder, name)
    if isinstance(name, str):
        with pytest.raises(WorkerError):
            mirror.write({"good.py": b64("1"), name: b64("2")})
        assert list(mirror.folder.iterdir()) == []  # all of it, or nothing


def test_a_link_that_the_plugin_made_leads_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.py").write_text("kept")
    mirror = Mirror(tmp_path / "private", "plugin", "key")
    (mirror.folder / "way").symlink_to(outside)
    (mirror.folder / "file.py").symlink_to(outside / "kept.py")
    with pytest.raises(WorkerError):
        mirror.write({"way/kept.py": b64("gone")})
    mirror.write({"file.py": b64("mine")})  # the link is replaced, not followed
    assert (outside / "kept.py").read_text() == "kept"
    assert (mirror.folder / "file.py").read_text() == "mine"


@pytest.mark.parametrize("plugin", ["", "..", "a/b", "/a", "a\\b"])
def test_a_plugins_folder_has_a_plain_name(tmp_path: Path, plugin: str) -> None:
    with pytest.raises(WorkerError):
        Mirror(tmp_path, plugin, "key")


def test_a_copy_follows_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "plugin"
    (root / "sub").mkdir(parents=True)
    (root / "plugin.py").write_text("one")
    (root / "sub" / "data.txt").write_text("data")
    (root / ".gitignore").write_text("secret.txt\n")
    (root / "secret.txt").write_text("secret")
    (root / "node_modules").mkdir()
    (root / "node_modules" / "x.py").write_text("x")
    (root / ".mpdt").mkdir()
    (root / ".mpdt" / "config.toml").write_text("x")
    folder = survey(root)
    assert set(folder.hashes) == {"plugin.py", "sub/data.txt", ".gitignore"}
    mirror = Mirror(tmp_path / "private", "plugin", "key")
    wanted, gone = mirror.compare(folder.hashes)
    assert (set(wanted), gone) == (set(folder.hashes), [])
    mirror.write(packed(root, wanted))
    assert mirror.compare(folder.hashes) == ([], [])

    (mirror.folder / "made.txt").write_text("the plugin's own")
    (root / "sub" / "data.txt").unlink()
    (mirror.folder / "plugin.py").write_text("spoilt")
    wanted, gone = mirror.compare(survey(root).hashes)
    assert (wanted, gone) == (["plugin.py"], ["sub/data.txt"])
    mirror.write(packed(root, [*wanted, *gone]))
    left = {path.relative_to(mirror.folder).as_posix() for path in mirror.folder.rglob("*") if path.is_file()}
    assert left == {"plugin.py", ".gitignore", "made.txt"}


def test_a_file_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mpdt.dev.far_files.FILE_LIMIT", 10)
    (tmp_path / "plugin.py").write_text("small")
    (tmp_path / "model.bin").write_bytes(b"x" * 11)
    folder = survey(tmp_path)
    assert (set(folder.hashes), folder.left_out) == ({"plugin.py"}, ("model.bin",))


def test_the_bots_names_become_ours() -> None:
    root = Path("/home/me/echo")
    names = Names(root, "/tmp/mpdt-bridge-1-x/plugins/echo", "/")
    told = {"error": {"traceback": 'File "/tmp/mpdt-bridge-1-x/plugins/echo/sub/a.py", line 3, in f'}, "files": ["b"]}
    assert names.ours(told) == {"error": {"traceback": 'File "/home/me/echo/sub/a.py", line 3, in f'}, "files": ["b"]}
    assert names.ours(["/tmp/mpdt-bridge-1-x/plugins/echo", "/tmp/other", 3, None]) == [
        str(root),
        "/tmp/other",
        3,
        None,
    ]
    outside = "/tmp/mpdt-bridge-1-x/plugins/echo/../../etc/passwd"
    assert names.ours(outside) == outside
    assert names.ours("/tmp/mpdt-bridge-1-x/plugins/echo_more/a.py") == "/tmp/mpdt-bridge-1-x/plugins/echo_more/a.py"
    assert names.sent(["/home/me/echo/sub/a.py", "/etc/passwd"]) == ["sub/a.py"]


def test_names_of_a_bot_on_windows() -> None:
    names = Names(Path("/home/me/echo"), r"C:\Temp\mpdt-bridge-1-x\plugins\echo", "\\")
    said = names.ours(r'File "C:\Temp\mpdt-bridge-1-x\plugins\echo\sub\a.py", line 3')
    assert said == 'File "/home/me/echo/sub/a.py", line 3'


@pytest.mark.parametrize("url", ["ws://127.0.0.1:80", "ws://localhost:8091/", "ws://[::1]:8091"])
def test_bridges_meet_on_loopback(url: str) -> None:
    assert meeting_place(url, "--url").url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "ws://0.0.0.0:1",
        "ws://10.0.0.1:1",
        "ws://bot.example:1",
        "wss://127.0.0.1:1",
        "ws://127.0.0.1:0",
        "127.0.0.1:1",
        "ws://me@127.0.0.1:1",
        "ws://127.0.0.1:1/x",
        "ws://127.0.0.1:1?x",
        "ws://127.0.0.1:99999",
        "ws://[::1",
        "",
    ],
)
def test_and_nowhere_else(url: str) -> None:
    with pytest.raises(StartError):
        meeting_place(url, "--url")


def test_a_host_header_names_this_machine() -> None:
    assert all(map(is_loopback_name, ("127.0.0.1:80", "localhost", "[::1]:80")))
    assert not any(map(is_loopback_name, (None, "", "evil.example", "10.0.0.1:80", "[::1", "localhost.evil.example")))


def test_a_token_is_long_random_and_closed_to_others(tmp_path: Path) -> None:
    environment = {"MPDT_STATE_DIR": str(tmp_path / "state")}
    with pytest.raises(StartError, match="mpdt bridge install"):
        read_token(environment)
    token = made_token(environment)
    assert (len(token), made_token(environment), read_token(environment)) == (64, token, token)
    file = tmp_path / "state" / "bridge.token"
    other = {"MPDT_BRIDGE_TOKEN_FILE": str(tmp_path / "copied")}
    (tmp_path / "copied").write_text("short")
    (tmp_path / "copied").chmod(0o600)
    with pytest.raises(StartError, match="fewer than 32"):
        read_token(other)
    if os.name != "nt":
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o644)
        with pytest.raises(StartError, match="chmod 600"):
            read_token(environment)


def test_lines_that_are_lost_are_counted() -> None:
    """A supervisor that reads too slowly is told of it once there is room again."""
    room, now, sent = True, 0.0, list[str]()

    def send(text: str, may_be_lost: bool = False) -> bool:
        assert may_be_lost
        if room:
            sent.append(text)
        return room

    notices = Notices(send, lambda: now)
    line = Notice(NoticeKind.LINE, {"stream": "stdout", "line": "said"})
    notices.tell(line)
    room = False
    for _ in range(3):
        notices.tell(line)
    room = True
    notices.tell(line)
    assert len(sent) == 2  # more may be lost in a moment
    now = 2.0
    notices.tell(line)
    notices.tell(line)
    assert [text for text in sent if "dropped" in text] == [sent[3]]
    assert "3 log lines were dropped" in sent[3]


def test_the_engine_is_the_same_archive_each_time_and_a_closed_list() -> None:
    first = bundle()
    assert first == bundle()
    names = {path.as_posix() for path, _file in contents()}
    assert {name.split("/")[0] for name in names} == {"mpdt", "mpdt_hooks", "jurigged", "codefind", "ovld"}
    below = {name.split("/")[1] for name in names if name.startswith("mpdt/")}
    assert below == {"__init__.py", "locale", "worker", "events.py", "protocol.py", "language.py"}
    assert not any("simulated" in name for name in names)


class Bridge:
    """The wire to a bridge that answers everything at once; ``asked`` is what came, in its order."""

    def __init__(self) -> None:
        self.asked: list[Operation] = []
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()

    async def readline(self) -> bytes:
        return await self._answers.get()

    def write(self, data: bytes) -> None:
        request = decode(data)
        assert isinstance(request, Request)
        self.asked.append(request.operation)
        had = {"folder": "/bot/x/plugin", "wanted": [], "gone": [], "loaded": True, "clean": True, "options": {}}
        result = had if request.operation is Operation.SYNC else {"outcome": "patched"}
        self._answers.put_nowait(encode(Response(request.id, result)))

    def close(self) -> None:
        self._answers.put_nowait(b"")


async def test_a_refresh_never_overtakes_the_file_that_an_expectation_sends(tmp_path: Path) -> None:
    """Both are begun in one turn of the loop where the watcher's first event comes late. The bot looked at its copy
    before it had the save, called it unchanged, and the save was lost."""
    (tmp_path / "a.py").write_text("x = 1\n")
    told = Told(lambda _notice: None, lambda _level, _sentence: None, lambda: None, lambda: None)
    with socket.socket() as sock:
        host = AttachedHost(sock, "token", "ws://127.0.0.1:1", tmp_path, told, replay_start=False)
        wire: Any = Bridge()
        serving = asyncio.create_task(host._serve(Bot("1", "neo-mofox", 1, "3", "python", "/"), wire))
        await asyncio.sleep(0)
        await host.come_back()
        names = [str(tmp_path / "a.py")]
        await asyncio.gather(*(host.request(one, files=names) for one in (Operation.EXPECT, Operation.REFRESH)))
        assert wire.asked == [Operation.SYNC, Operation.WRITE, Operation.EXPECT, Operation.REFRESH]
        wire.close()
        await serving
    await asyncio.get_running_loop().shutdown_default_executor()
