"""``mpdt bridge`` and ``mpdt dev --attach``: the plugin in a bot that runs by itself. Here the small one of ours."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Dev

from tests.bridge_kit import Bot, bridge, free_url, listening, snapshot, without_mpdt

STANDINS = Path(__file__).parents[1] / "standins"
REPLY = 'return f"echo #{number}: {text}"'
Serve = Callable[..., Dev]
StartBot = Callable[..., Bot]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the stand-in, whose licence has been agreed to."""
    folder = tmp_path.resolve() / "bot"
    shutil.copytree(STANDINS / "neo", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "data").mkdir()
    (folder / "data" / "agreed").write_text("yes")
    return folder


@pytest.fixture
def url(folder: Path, tmp_path: Path) -> str:
    """The bridge is installed there."""
    url = free_url()
    done = bridge("install", folder, "--url", url, runtime=tmp_path / "run")
    assert done.returncode == 0, done.stderr
    return url


@pytest.fixture
def start_bot(folder: Path, tmp_path: Path) -> Iterator[StartBot]:
    python, variables = without_mpdt(tmp_path / "libraries")
    running: list[Bot] = []

    def start() -> Bot:
        running.append(Bot(folder, python, variables))
        return running[-1]

    yield start
    for bot in running:
        bot.close()


def reloaded(dev: Dev, outcome: str) -> dict[str, object]:
    """The next reload event, which has that outcome."""
    event = dev.reload()
    assert event["outcome"] == outcome, event
    return event


def test_a_plugin_is_patched_in_a_bot_that_runs(serve: Serve, url: str, start_bot: StartBot, plugin: Path) -> None:
    bot = start_bot()
    dev = serve("--attach", url, "--patch-live")
    ready = dev.ready()
    assert (ready["loaded"], ready["core"], ready["plugin"]) == (True, "neo-mofox", "echo"), ready
    assert dev.state()["worker"]["pid"] == bot.process.pid
    assert dev.say("/echo hello") == ["echo #1: hello"]
    instance = dev.state()["instance_id"]

    patched = dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')
    assert (patched["outcome"], patched["files"]) == ("patched", ["text.py"])
    assert dev.say("/echo hello") == ["ECHO #2: hello"]
    assert dev.state()["instance_id"] == instance

    rejected = dev.edit("text.py", "text.upper() + mark", "text.upper() +")
    assert (rejected["outcome"], rejected["error"]["type"]) == ("rejected", "SyntaxError")
    assert rejected["error"]["file"] == str(plugin / "text.py")  # as the developer knows it
    assert [frame["file"] for frame in rejected["error"]["frames"]] == [str(plugin / "text.py")]
    assert dev.say("/echo hello") == ["ECHO #3: hello"]
    dev.edit("text.py", "text.upper() +", "text.upper() + mark")

    structural = dev.edit("state.py", "count = 0\n", "count = 0\nprint('imported')\n")
    assert (structural["outcome"], len(structural["rude_edits"])) == ("reloaded", 1)
    assert structural["rude_edits"][0]["file"] == str(plugin / "state.py")
    assert "imported" in [event["message"] for event in dev.events_of("log")]  # what is printed there is seen here
    assert dev.say("/echo hello") == ["ECHO #1: hello"]
    assert dev.state()["instance_id"] != instance

    (plugin / "more.py").write_text("WORD = 'more'\n")
    with_more = "from .more import WORD\n\n\ndef reply("
    assert dev.edit("text.py", "def reply(", with_more)["outcome"] in ("patched", "reloaded")
    dev.edit("text.py", 'f"ECHO #', 'f"{WORD} #')
    assert dev.say("/echo hello")[0].startswith("more #")

    code, _ = dev.stop()
    assert code == 0
    bot.said("echo is gone")
    assert bot.process.poll() is None  # the bot goes on
    assert bot.stop() == 0


def test_nobody_notices_a_bridge_without_a_supervisor(url: str, start_bot: StartBot, folder: Path) -> None:
    bot = start_bot()
    bot.type("/still there")
    bot.said("no such command: /still there")
    assert listening(bot) == []
    assert bot.stop() == 0
    bot.said("everything is closed")
    assert not [line for line in bot.lines if "bridge" in line.lower() or "mpdt" in line.lower()]


def test_a_supervisor_that_was_killed_finds_the_plugin_as_it_was(
    serve: Serve, url: str, start_bot: StartBot, plugin: Path
) -> None:
    bot = start_bot()
    dev = serve("--attach", url, "--patch-live")
    dev.ready()
    assert dev.say("/echo hello") == ["echo #1: hello"]
    instance = dev.state()["instance_id"]
    dev.stop(signal.SIGKILL)

    dev = serve("--attach", url, "--patch-live")
    assert dev.ready()["loaded"] is True
    assert dev.state()["instance_id"] == instance  # it was never unloaded
    assert dev.say("/echo hello") == ["echo #2: hello"]
    assert dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')["outcome"] == "patched"
    assert dev.say("/echo hello") == ["ECHO #3: hello"]
    dev.stop(signal.SIGKILL)

    text = plugin / "text.py"
    text.write_text(text.read_text().replace('f"ECHO #', 'f"later #'))
    dev = serve("--attach", url, "--patch-live")
    assert dev.ready()["loaded"] is True  # and what was saved meanwhile is live
    assert dev.say("/echo hello")[0].startswith("later #")
    assert bot.process.poll() is None


def test_a_broken_file_is_not_called_live_after_a_new_start(
    serve: Serve, url: str, start_bot: StartBot, plugin: Path
) -> None:
    start_bot()
    dev = serve("--attach", url, "--patch-live")
    dev.ready()
    assert dev.edit("text.py", "text.upper() + mark", "text.upper() +")["outcome"] == "rejected"
    dev.stop(signal.SIGKILL)

    dev = serve("--attach", url, "--patch-live")
    ready = dev.ready()  # the bot's copy is what the file is, but that is not what runs
    assert (ready["loaded"], ready["error"]["type"]) == (False, "SyntaxError")
    assert dev.say("/echo hello") == ["echo #1: hello"]  # the old version serves on
    assert dev.edit("text.py", "text.upper() +", "text.upper() + mark")["outcome"] in (
        "unchanged",
        "reloaded",
        "patched",
    )


def test_what_is_saved_while_no_bot_is_connected_waits(
    serve: Serve, url: str, start_bot: StartBot, plugin: Path
) -> None:
    bot = start_bot()
    dev = serve("--attach", url, "--patch-live")
    dev.ready()
    bot.close()
    dev.logged("The connection to the bot is lost")
    text = plugin / "text.py"
    text.write_text(text.read_text().replace(REPLY, 'return f"ECHO #{number}: {text}"'))
    dev.logged("text.py was saved and waits: no bot is connected")
    status, refused = dev.try_asking("POST", "/api/message", {"text": "/echo hello"})
    assert (status, refused["error"]) == (503, "No bot is connected.")
    assert dev.try_asking("POST", "/api/reload", {"full": True})[0] == 503
    assert dev.state()["loaded"] is False

    again = start_bot()
    back = reloaded(dev, "restarted")
    assert f"process {again.process.pid}" in str(back["reason"])
    assert dev.say("/echo hello") == ["ECHO #1: hello"]
    assert dev.edit("text.py", 'f"ECHO #', 'f"third #')["outcome"] == "patched"  # and nothing was said in between
    assert dev.say("/echo hello") == ["third #2: hello"]


def test_a_bot_that_stops_unloads_the_plugin_first(serve: Serve, url: str, start_bot: StartBot, folder: Path) -> None:
    greeter = folder / "plugins" / "greeter" / "plugin.py"
    last = "\n    async def on_plugin_unloaded(self) -> None:\n        print('greeter is gone', flush=True)\n"
    greeter.write_text(greeter.read_text() + last)
    bot = start_bot()
    dev = serve("--attach", url)
    dev.ready()
    assert bot.stop() == 0
    lines = bot.lines
    gone = next(i for i, line in enumerate(lines) if "echo is gone" in line)
    assert gone < next(
        i for i, line in enumerate(lines) if "greeter is gone" in line
    )  # while the bot has all it may use
    dev.logged("The connection to the bot is lost")


def test_a_bridge_waits_until_the_bot_is_up(serve: Serve, url: str, start_bot: StartBot, folder: Path) -> None:
    """A supervisor may be there before the bot has loaded all of its own plugins."""
    shutil.copytree(folder / "plugins" / "greeter", folder / "plugins" / "zebra")
    manifest = folder / "plugins" / "zebra" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("greeter", "zebra"))
    plugin = folder / "plugins" / "zebra" / "plugin.py"
    slow = "        await asyncio.sleep(0.1)\n        print([one.name for one in threading.enumerate()], flush=True)\n"
    text = "import asyncio\nimport threading\n" + plugin.read_text().replace("greeter", "zebra").replace(
        "Greeter", "Zebra"
    )
    plugin.write_text(f"{text}\n    async def on_plugin_loaded(self) -> None:\n{slow}")
    dev = serve("--attach", url)
    dev.logged("No bot has connected")
    bot = start_bot()
    assert dev.ready()["loaded"] is True
    assert "mpdt-bridge" not in bot.said("MainThread")  # not while the zebra is being loaded


def test_a_wrong_token_is_a_sentence_on_both_sides(serve: Serve, url: str, start_bot: StartBot, folder: Path) -> None:
    (folder / "plugins" / "mpdt_bridge" / "token").write_text("0" * 64)
    bot = start_bot()
    dev = serve("--attach", url)
    dev.logged("A bot's bridge has another token than this mpdt")
    bot.said("mpdt_bridge: A bot's bridge has another token than this mpdt")
    bot.type("/still there")
    bot.said("no such command: /still there")
    assert len([line for line in bot.lines if "mpdt_bridge" in line]) == 1  # once, however often it tries


def test_a_stranger_gets_nothing(serve: Serve, url: str) -> None:
    """Neither a page of a browser's, nor somebody under another name, nor somebody without the token."""
    dev = serve("--attach", url)
    dev.logged("No bot has connected")
    host, port = url.removeprefix("ws://").split(":")

    def knock(*lines: str) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        asked = ("GET / HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            told = "\r\n".join((*asked, "Sec-WebSocket-Version: 13", *lines, "", ""))
            connection.sendall(told.encode())
            return connection.recv(4096)

    protocol = "Sec-WebSocket-Protocol: mpdt-bridge-1"
    assert knock(f"Host: {host}:{port}", protocol).startswith(b"HTTP/1.1 101")
    assert knock("Host: evil.example", protocol).startswith(b"HTTP/1.1 403")
    assert knock(f"Host: {host}:{port}", "Origin: http://evil.example", protocol).startswith(b"HTTP/1.1 403")
    assert knock(f"Host: {host}:{port}", f"Origin: http://{host}:{port}", protocol).startswith(b"HTTP/1.1 403")


def test_a_bridge_tells_nothing_to_a_stranger_who_listens(url: str, start_bot: StartBot, folder: Path) -> None:
    """Somebody else on the machine may listen while no mpdt does: he gets no token, and nothing of his is run."""
    host, port = url.removeprefix("ws://").split(":")
    token = (folder / "plugins" / "mpdt_bridge" / "token").read_text().strip()
    with socket.create_server((host, int(port))) as listener:
        listener.settimeout(20)
        bot = start_bot()
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(20)
            heard = connection.recv(65536)
            key = next(line.partition(b": ")[2] for line in heard.split(b"\r\n") if b"WebSocket-Key" in line)
            connection.sendall(accepted(key) + frame({"challenge": "1" * 64}))
            heard += connection.recv(65536)
            connection.sendall(frame({"proof": "0" * 64, "engine": "x", "version": "0", "language": "en"}))
            assert rest_of(connection) == b""  # it hangs up, with nothing more said
        bot.said("does not know this bridge's token")
    assert token.encode() not in unmasked(heard)


def test_a_bridge_takes_no_large_message_from_a_stranger(url: str, start_bot: StartBot, folder: Path) -> None:
    host, port = url.removeprefix("ws://").split(":")
    with socket.create_server((host, int(port))) as listener:
        listener.settimeout(20)
        start_bot()
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(20)
            heard = connection.recv(65536)
            key = next(line.partition(b": ")[2] for line in heard.split(b"\r\n") if b"WebSocket-Key" in line)
            connection.sendall(accepted(key) + bytes([0x81, 127]) + (1 << 20).to_bytes(8, "big"))
            assert rest_of(connection) == b""


def rest_of(connection: socket.socket) -> bytes:
    """What comes until the other side hangs up."""
    heard = b""
    try:
        while chunk := connection.recv(65536):
            heard += chunk
    except ConnectionResetError:
        pass
    return heard


def accepted(key: bytes) -> bytes:
    import hashlib

    digest = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    lines = (b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket", b"Connection: Upgrade")
    return b"\r\n".join(
        (*lines, b"Sec-WebSocket-Accept: " + digest, b"Sec-WebSocket-Protocol: mpdt-bridge-1", b"", b"")
    )


def frame(message: dict[str, str]) -> bytes:
    data = json.dumps(message).encode()
    return bytes([0x81, 126]) + len(data).to_bytes(2, "big") + data


def unmasked(heard: bytes) -> bytes:
    """With the one frame after the head in clear text."""
    _, _, rest = heard.partition(b"\r\n\r\n")
    mask, body = rest[4:8], rest[8:]
    clear = bytes(one ^ mask[i % 4] for i, one in enumerate(body))
    assert b'"proof"' in clear
    return heard + clear


def test_remove_leaves_the_folder_as_it_was(start_bot: StartBot, folder: Path, tmp_path: Path) -> None:
    before = snapshot(folder)
    run = tmp_path / "run"
    url = free_url()
    first = bridge("install", folder, "--url", url, runtime=run)
    assert first.returncode == 0, first.stderr
    assert f"mpdt dev PLUGIN --attach {url}" in first.stdout
    place = folder / "plugins" / "mpdt_bridge"
    assert stat.S_IMODE((place / "token").stat().st_mode) == 0o600
    installed = snapshot(folder)
    again = bridge("install", folder, "--url", url, runtime=run)
    assert (again.returncode, again.stdout) == (0, f"The bridge is in {place} already.\n")
    assert snapshot(folder) == installed
    assert start_bot().stop() == 0
    removed = bridge("remove", folder, runtime=run)
    assert (removed.returncode, removed.stdout) == (0, f"{place} is gone.\n")
    assert snapshot(folder) == before
    nothing = bridge("remove", folder, runtime=run)
    assert (nothing.returncode, nothing.stderr) == (2, f"mpdt: There is no bridge in {folder / 'plugins'}.\n")


def test_what_mpdt_did_not_write_is_not_touched(folder: Path, url: str, tmp_path: Path) -> None:
    run = tmp_path / "run"
    place = folder / "plugins" / "mpdt_bridge"
    (place / "notes.txt").write_text("mine")
    (place / "link.py").write_text("# mended\n")
    before = snapshot(folder)
    for command in ("install", "remove"):
        refused = bridge(command, folder, runtime=run)
        assert refused.returncode == 2
        assert "somebody has changed or added link.py, notes.txt" in refused.stderr
    assert snapshot(folder) == before

    shutil.rmtree(place)
    place.mkdir()
    (place / "plugin.py").write_text("# somebody's\n")
    for command in ("install", "remove"):
        assert "was not written by mpdt" in bridge(command, folder, runtime=run).stderr
    assert (place / "plugin.py").read_text() == "# somebody's\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--url", "ws://example.com:8091"), "is not this machine"),
        (("--url", "http://127.0.0.1:8091"), "takes an address like ws://"),
        (("--url", "ws://127.0.0.1"), "takes an address like ws://"),
        (("--url", "ws://127.0.0.1:8091/path"), "takes an address like ws://"),
    ],
)
def test_an_address_elsewhere_is_refused(folder: Path, tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    done = bridge("install", folder, *options, runtime=tmp_path / "run")
    assert done.returncode == 2
    assert sentence in done.stderr
    assert not (folder / "plugins" / "mpdt_bridge").exists()


def test_a_bridge_inside_of_core_keeps_still(serve: Serve, url: str, folder: Path) -> None:
    """``mpdt dev --core`` on a bot with a bridge in it: that mpdt is there already."""
    host, port = url.removeprefix("ws://").split(":")
    with socket.create_server((host, int(port))) as listener:
        listener.setblocking(False)
        dev = serve("--core", str(folder), "--python", sys.executable)
        assert dev.ready()["loaded"] is True
        assert dev.say("/echo hello") == ["echo #1: hello"]
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_bot_that_is_not_ours_is_not_restarted(serve: Serve, url: str, start_bot: StartBot) -> None:
    bot = start_bot()
    dev = serve("--attach", url)
    dev.ready()
    status, refused = dev.try_asking("POST", "/api/restart", {})
    assert (status, refused["error"]) == (422, "mpdt did not start this bot, and does not restart it.")
    thread = "        threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    dev.edit("plugin.py", "import asyncio\n", "import asyncio\nimport threading\n")
    dev.edit("plugin.py", '        logger.info("echo is here")\n', thread + '        logger.info("echo is here")\n')
    reload = dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')
    assert reload["outcome"] == "reloaded"
    assert "did not end. Restart the bot to be rid of it." in reload["reason"]
    assert dev.say("/echo hello") == ["ECHO #1: hello"]
    assert bot.process.poll() is None


def test_the_bots_config_file_is_not_opened_here(serve: Serve, url: str, start_bot: StartBot) -> None:
    """What a bot elsewhere calls a path is none of this machine."""
    start_bot()
    dev = serve("--attach", url)
    dev.ready()
    status, refused = dev.try_asking("GET", "/api/config", None)
    assert status == 503
    assert "lies beside the bot" in refused["error"]


def test_core_and_attach_exclude_each_other(serve: Serve, url: str, folder: Path) -> None:
    dev = serve("--attach", url, "--core", str(folder))
    assert dev.process.wait(30) == 2
    dev.close()
    assert dev.stderr == ["mpdt: --core starts a bot, --attach waits for one that runs: choose one of them."]
