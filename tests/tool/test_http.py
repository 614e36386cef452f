"""The routes, through real sockets: what they answer, and whom."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import stat
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from mpdt.events import EventKind, EventLog
from mpdt.protocol import Operation
from mpdt.web.errors import Refused, Unavailable
from mpdt.web.server import BODY_LIMIT, WebServer

TOKEN = "a-token"
DEADLINE = 10.0


class FakeTarget:
    """What a DevServer would answer."""

    def __init__(self, folder: Path) -> None:
        self.events = EventLog()
        self.config = folder / "config.toml"
        self.calls: list[Any] = []
        self.dead = False

    async def state(self) -> Mapping[str, Any]:
        return {"plugin": "fake", "loaded": True}

    async def reload(self, *, full: bool) -> Mapping[str, Any]:
        self.calls.append(("reload", full))
        return {"event": "reload", "outcome": "unchanged"}

    async def message(self, fields: Mapping[str, str]) -> Mapping[str, Any]:
        if self.dead:
            raise Unavailable("The worker ended with exit code 3.")
        self.calls.append(dict(fields))
        return {"replies": [{"type": "text", "content": "hi", "stream": "main"}]}

    async def call(self, kind: str, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if name == "none":
            raise Refused("The plugin has no tool 'none'.")
        self.calls.append((kind, name, dict(arguments)))
        return {"result": [True, 3], "error": None, "replies": [], "timed_out": False}

    async def look(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]:
        """What a worker would say: of a config, that no value may be "bad"."""
        if self.dead:
            raise Unavailable("The worker ended with exit code 3.")
        if parameters.get("path") == ["nothing"]:
            raise Refused("There is no root nothing in the plugin's state any more.")
        self.calls.append((str(operation), parameters))
        bad = "bad" in str(parameters.get("text"))
        return {
            "problems": [{"place": ["x"], "message": "is bad", "line": 1}] if bad else [],
            "given": {},
            "values": {},
        }

    async def config_path(self) -> Path:
        return self.config

    def config_written(self, path: Path) -> None:
        self.calls.append(("written", path))


class Site:
    def __init__(self, target: FakeTarget, port: int, session: aiohttp.ClientSession) -> None:
        self.target = target
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.session = session
        self.bearer = {"Authorization": f"Bearer {TOKEN}"}

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        options.setdefault("headers", self.bearer)
        async with self.session.request(method, self.url + path, **options) as response:
            text = await response.text()
            return response.status, json.loads(text) if "json" in response.content_type else text


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    sock = socket.create_server(("127.0.0.1", 0))
    target = FakeTarget(tmp_path)
    server = WebServer(target, sock, host="127.0.0.1", token=TOKEN)
    port = sock.getsockname()[1]
    await server.start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Site(target, port, session)
    await server.stop()


async def test_the_routes_answer(site: Site) -> None:
    assert await site.ask("GET", "/api/state") == (200, {"plugin": "fake", "loaded": True})
    assert (await site.ask("POST", "/api/reload"))[1]["outcome"] == "unchanged"
    assert (await site.ask("POST", "/api/reload", json={"full": True}))[0] == 200
    assert site.target.calls == [("reload", False), ("reload", True)]
    assert (await site.ask("GET", "/"))[0] == 200
    assert (await site.ask("GET", "/nothing"))[0] == 404
    assert (await site.ask("GET", "/api/reload"))[0] == 405


async def test_a_message_is_passed_on(site: Site) -> None:
    status, answer = await site.ask("POST", "/api/message", json={"text": "/echo", "user": "me", "group": None})
    assert (status, answer["replies"][0]["content"]) == (200, "hi")
    assert site.target.calls == [{"text": "/echo", "user": "me"}]


@pytest.mark.parametrize(
    "body", ["{", "[]", "{}", '{"text": 1}', '{"text": "x", "user": 1}', '{"text": "%s"}' % ("x" * 70000)]
)
async def test_a_malformed_message_is_refused(site: Site, body: str) -> None:
    status, answer = await site.ask("POST", "/api/message", data=body)
    assert status == 400
    assert answer["error"]
    assert site.target.calls == []


async def test_images_and_mentions_go_along(site: Site) -> None:
    fields = {"text": "look", "images": ["aGk="], "mentions": ["bot"]}
    assert (await site.ask("POST", "/api/message", json=fields))[0] == 200
    assert site.target.calls == [fields]
    status, answer = await site.ask("POST", "/api/message", json={"text": "x", "images": "aGk="})
    assert (status, answer["error"]) == (400, "'images' (base64) and 'mentions' (users) are lists of texts.")


async def test_a_call_is_passed_on_or_refused(site: Site) -> None:
    body = {"kind": "tool", "name": "weather", "arguments": {"city": "x"}}
    assert (await site.ask("POST", "/api/call", json=body))[1]["result"] == [True, 3]
    assert site.target.calls == [("tool", "weather", {"city": "x"})]
    assert await site.ask("POST", "/api/call", json={"kind": "tool", "name": "none"}) == (
        422,
        {"error": "The plugin has no tool 'none'."},
    )
    for broken in ({"kind": "tool"}, {"kind": 1, "name": "x"}, {"kind": "tool", "name": "x", "arguments": [1]}):
        assert (await site.ask("POST", "/api/call", json=broken))[0] == 400
    assert (await site.ask("POST", "/api/call", json=body, headers={}))[0] == 401
    foreign = {**site.bearer, "Origin": "http://evil.example"}
    assert (await site.ask("POST", "/api/call", json=body, headers=foreign))[0] == 403
    assert (await site.ask("POST", "/api/call", json=body, headers={**site.bearer, "Host": "evil.example"}))[0] == 403


async def test_bodies_are_bounded(site: Site) -> None:
    status, _ = await site.ask("PUT", "/api/config", data=io.BytesIO(b"x" * (BODY_LIMIT + 1)))
    assert status == 413


async def test_without_a_worker_the_reason_is_told(site: Site) -> None:
    site.target.dead = True
    assert await site.ask("POST", "/api/message", json={"text": "x"}) == (
        503,
        {"error": "The worker ended with exit code 3."},
    )


# Who may ask.


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic a-token"}])
@pytest.mark.parametrize("path", ["/", "/api/state", "/api/events", "/nothing"])
async def test_without_the_token_there_is_nothing(site: Site, headers: dict[str, str], path: str) -> None:
    assert (await site.ask("GET", path, headers=headers))[0] == 401


async def test_a_wrong_token_in_the_address_sets_no_cookie(site: Site) -> None:
    status, _ = await site.ask("GET", "/?token=wrong", headers={})
    assert status == 401
    assert len(site.session.cookie_jar) == 0


async def test_the_first_visit_trades_the_token_for_a_cookie(site: Site) -> None:
    async with site.session.get(f"{site.url}/?token={TOKEN}", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/")
        cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert response.headers["Referrer-Policy"] == "no-referrer"
    assert (await site.ask("GET", "/api/state", headers={}))[0] == 200
    assert (await site.ask("POST", "/api/reload", headers={"Origin": site.url}))[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example"]
)
async def test_a_foreign_name_is_refused(site: Site, host: str) -> None:
    assert (await site.ask("GET", "/api/state", headers={**site.bearer, "Host": host}))[0] == 403
    assert (await site.ask("GET", f"/?token={TOKEN}", headers={"Host": host}, allow_redirects=False))[0] == 401


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:8080", "192.0.2.7:8080"])
async def test_addresses_and_localhost_are_our_own(site: Site, host: str) -> None:
    assert (await site.ask("GET", "/api/state", headers={**site.bearer, "Host": host}))[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/reload"), ("PUT", "/api/config"), ("GET", "/api/events")])
async def test_another_page_is_refused(site: Site, method: str, path: str, origin: str) -> None:
    await site.ask("GET", f"/?token={TOKEN}", headers={})
    assert (await site.ask(method, path, headers={"Origin": origin}))[0] == 403
    assert site.target.calls == []


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/reload"), ("PUT", "/api/config"), ("GET", "/api/events")])
async def test_a_cookie_without_an_origin_changes_nothing(site: Site, method: str, path: str) -> None:
    await site.ask("GET", f"/?token={TOKEN}", headers={})
    assert (await site.ask(method, path, headers={}))[0] == 403
    assert site.target.calls == []


# The plugin's config file.


async def test_the_config_file_is_read_and_replaced(site: Site) -> None:
    assert (await site.ask("GET", "/api/config"))[1] == {"path": str(site.target.config), "text": "", "hash": ""}
    assert (await site.ask("PUT", "/api/config", json={"text": "# 注释\nx = 1\n", "hash": ""}))[0] == 200
    assert site.target.config.read_text(encoding="utf-8") == "# 注释\nx = 1\n"
    assert site.target.calls == [("written", site.target.config)]
    assert [path.name for path in site.target.config.parent.iterdir()] == ["config.toml"]


async def test_the_config_file_keeps_its_mode(site: Site) -> None:
    site.target.config.write_text("x = 1\n")
    site.target.config.chmod(0o600)
    assert (await put_over(site, "x = 2\n"))[0] == 200
    assert stat.S_IMODE(site.target.config.stat().st_mode) == 0o600


async def test_what_is_not_toml_is_refused_and_nothing_is_written(site: Site) -> None:
    site.target.config.write_text("x = 1\n")
    status, answer = await put_over(site, "x = \n")
    assert status == 422
    assert "line 1" in answer["error"]
    assert site.target.config.read_text() == "x = 1\n"
    assert site.target.calls == []


async def put(site: Site, text: str, **more: Any) -> tuple[int, Any]:
    return await site.ask("PUT", "/api/config", json={"text": text, **more})


async def put_over(site: Site, text: str, **more: Any) -> tuple[int, Any]:
    """Over what is there."""
    return await put(site, text, hash=(await site.ask("GET", "/api/config"))[1]["hash"], **more)


async def test_without_the_hash_nothing_is_written(site: Site) -> None:
    """Whoever has not read the file cannot know what would be lost."""
    status, answer = await put(site, "x = 1\n")
    assert (status, site.target.config.exists()) == (428, False)
    assert "'hash' is missing" in answer["error"]
    site.target.config.write_text("x = 1 # by hand\n")
    assert (await put(site, "x = 2\n"))[0] == 428
    assert (await put(site, "x = 2\n", hash=None))[0] == 428
    assert (await put(site, "x = 2\n", hash=1))[0] == 400
    assert site.target.config.read_text() == "x = 1 # by hand\n"
    assert site.target.calls == []


async def test_a_change_on_disk_is_a_conflict_with_both_texts_and_nothing_is_overwritten(site: Site) -> None:
    site.target.config.write_text("x = 1\n")
    read = (await site.ask("GET", "/api/config"))[1]
    site.target.config.write_text("x = 2 # by hand\n")
    status, answer = await put(site, "x = 3\n", hash=read["hash"])
    assert (status, answer["mine"], answer["disk"]) == (409, "x = 3\n", "x = 2 # by hand\n")
    assert "has changed on disk" in answer["error"]
    assert site.target.config.read_text() == "x = 2 # by hand\n"
    assert site.target.calls == []
    assert [path.name for path in site.target.config.parent.iterdir()] == ["config.toml"]
    status, answer = await put(site, "x = 3\n", hash=answer["hash"])
    assert (status, site.target.config.read_text()) == (200, "x = 3\n")
    assert answer["hash"] == (await site.ask("GET", "/api/config"))[1]["hash"]


async def test_a_file_that_came_or_went_meanwhile_is_a_conflict_too(site: Site) -> None:
    none = (await site.ask("GET", "/api/config"))[1]["hash"]
    site.target.config.write_text("x = 1\n")
    assert (await put(site, "x = 2\n", hash=none))[0] == 409
    there = (await site.ask("GET", "/api/config"))[1]["hash"]
    site.target.config.unlink()
    status, answer = await put(site, "x = 2\n", hash=there)
    assert (status, answer["disk"], answer["hash"]) == (409, "", "")
    assert (await put(site, "x = 2\n", hash=""))[0] == 200


async def test_what_the_plugins_classes_refuse_is_not_written(site: Site) -> None:
    site.target.config.write_text("x = 1\n")
    status, answer = await put_over(site, "x = 'bad'\n", check=True)
    assert (status, answer["problems"][0]["place"]) == (422, ["x"])
    assert site.target.config.read_text() == "x = 1\n"
    assert (await put_over(site, "x = 'bad'\n"))[0] == 200  # by hand it may be written: the plugin refuses it


async def test_line_ends_and_the_byte_order_mark_stay(site: Site) -> None:
    site.target.config.write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\r\n")
    assert (await site.ask("GET", "/api/config"))[1]["text"] == "x = 1\ny = 2\n"
    assert (await put_over(site, "x = 3\ny = 2\n"))[0] == 200
    assert site.target.config.read_bytes() == b"\xef\xbb\xbfx = 3\r\ny = 2\r\n"


async def test_a_config_file_that_is_no_text_is_told(site: Site) -> None:
    site.target.config.write_bytes(b"\xff\xfe")
    status, answer = await site.ask("GET", "/api/config")
    assert (status, "cannot be read" in answer["error"]) == (503, True)


async def test_edits_are_made_in_the_text_and_checked(site: Site) -> None:
    body = {"text": "# top\nx = 1 # here\n", "edits": [{"place": ["x"], "value": 2}, {"place": ["y"], "value": "z"}]}
    status, answer = await site.ask("POST", "/api/config/check", json=body)
    assert (status, answer["text"]) == (200, '# top\nx = 2 # here\ny = "z"\n')
    assert site.target.calls == [("config_check", {"text": answer["text"]})]
    assert not site.target.config.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"text": 1}, 400),
        ({"text": "x" * (1024 * 1024 + 1)}, 400),
        ({"text": "\ud800"}, 400),
        ({"text": "x = ", "edits": [{"place": ["x"], "value": 1}]}, 422),
        ({"text": "", "edits": [{"place": "x"}]}, 422),
        ({"text": "", "edits": [{"place": ["x"], "value": 1}] * 201}, 422),
        ({"text": "x = 1", "edits": [{"place": ["x", "y"], "value": 1}]}, 422),
    ],
)
async def test_malformed_checks_are_refused_with_a_sentence(site: Site, body: dict[str, Any], status: int) -> None:
    given, answer = await site.ask("POST", "/api/config/check", data=io.BytesIO(json.dumps(body).encode()))
    assert (given, bool(answer["error"])) == (status, True)
    assert site.target.calls == []


@pytest.mark.parametrize("body", [{"text": "x = 1", "hash": 1}, {"text": "\ud800"}, {"text": None}])
async def test_malformed_writes_are_refused(site: Site, body: dict[str, Any]) -> None:
    assert (await site.ask("PUT", "/api/config", data=json.dumps(body)))[0] == 400
    assert not site.target.config.exists()


# Looking at the running plugin.


async def test_looking_is_passed_on_and_limited_to_what_is_known(site: Site) -> None:
    for path in ("/api/components", "/api/held", "/api/performance?since=7", "/api/config/form"):
        assert (await site.ask("GET", path))[0] == 200
    body = {"path": ["plugin", ["field", "x"]], "depth": 2, "operation": "shutdown", "id": 3}
    assert (await site.ask("POST", "/api/tree", json=body))[0] == 200
    assert site.target.calls == [
        *(("components", {}), ("held", {}), ("performance", {"since": 7}), ("config_form", {})),
        ("tree", {"path": ["plugin", ["field", "x"]], "depth": 2}),
    ]
    assert (await site.ask("POST", "/api/tree", json={"path": ["nothing"]}))[0] == 422
    assert (await site.ask("POST", "/api/tree", json={"path": ["x" * 100_000]}))[0] == 400
    assert (await site.ask("GET", "/api/performance?since=x"))[0] == 400
    site.target.dead = True
    assert (await site.ask("GET", "/api/components"))[0] == 503


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "/api/components"), ("GET", "/api/held"), ("POST", "/api/tree"), ("GET", "/api/performance")),
        *(("GET", "/api/config/form"), ("POST", "/api/config/check"), ("PUT", "/api/config")),
    ],
)
async def test_strangers_and_other_pages_may_not_look(site: Site, method: str, path: str) -> None:
    assert (await site.ask(method, path, headers={}))[0] == 401
    assert (await site.ask(method, path, headers={**site.bearer, "Origin": "http://evil.example"}))[0] == 403
    assert (await site.ask(method, path, headers={**site.bearer, "Host": "evil.example"}))[0] == 403
    assert site.target.calls == []


async def test_no_path_of_the_request_is_obeyed(site: Site, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    await site.ask("PUT", f"/api/config?path={other}", json={"text": "x = 1\n", "path": str(other), "hash": ""})
    assert not other.exists()


# Events.


def log(site: Site, message: str) -> None:
    site.target.events.emit(EventKind.LOG, {"level": "INFO", "logger": "x", "message": message})


async def receive(stream: aiohttp.ClientWebSocketResponse, count: int) -> list[str]:
    async with asyncio.timeout(DEADLINE):
        return [(await stream.receive_json())["message"] for _ in range(count)]


async def test_events_are_replayed_and_then_followed(site: Site) -> None:
    for message in "abc":
        log(site, message)
    async with site.session.ws_connect(f"{site.url}/api/events?since=1", headers=site.bearer) as stream:
        assert await receive(stream, 2) == ["b", "c"]
        log(site, "d")
        assert await receive(stream, 1) == ["d"]


async def test_an_event_stream_by_cookie_needs_our_own_origin(site: Site) -> None:
    await site.ask("GET", f"/?token={TOKEN}", headers={})
    log(site, "a")
    async with site.session.ws_connect(f"{site.url}/api/events", headers={"Origin": site.url}) as stream:
        assert await receive(stream, 1) == ["a"]


async def test_every_listener_gets_every_event(site: Site) -> None:
    streams = [await site.session.ws_connect(f"{site.url}/api/events", headers=site.bearer) for _ in range(3)]
    for message in "ab":
        log(site, message)
    for stream in streams:
        assert await receive(stream, 2) == ["a", "b"]
        await stream.close()


async def test_logs_are_listed(site: Site) -> None:
    log(site, "a")
    site.target.events.emit(EventKind.STOPPED, {})
    log(site, "b")
    _, answer = await site.ask("GET", "/api/logs")
    assert [event["message"] for event in answer["logs"]] == ["a", "b"]
    _, answer = await site.ask("GET", "/api/logs?since=1")
    assert [event["message"] for event in answer["logs"]] == ["b"]


@pytest.mark.parametrize("since", ["-1", "x", "1e5", "9" * 30])
async def test_a_malformed_since_is_refused(site: Site, since: str) -> None:
    assert (await site.ask("GET", f"/api/logs?since={since}"))[0] == 400
    assert (await site.ask("GET", f"/api/events?since={since}"))[0] == 400


async def test_stopping_closes_the_streams(tmp_path: Path) -> None:
    sock = socket.create_server(("127.0.0.1", 0))
    server = WebServer(FakeTarget(tmp_path), sock, host="127.0.0.1", token=TOKEN)
    url = f"http://127.0.0.1:{sock.getsockname()[1]}/api/events"
    await server.start()
    async with aiohttp.ClientSession() as session:
        stream = await session.ws_connect(url, headers={"Authorization": f"Bearer {TOKEN}"})
        async with asyncio.timeout(1.0):
            await server.stop()
            assert (await stream.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
