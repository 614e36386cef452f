"""Holes that other development servers had, knocked at here; and readers that do not read."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from mpdt.events import EventKind
from mpdt.web.assets import assets
from mpdt.web.server import WebServer
from tests.tool.test_http import DEADLINE, TOKEN, FakeTarget, Site, site  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("site")


async def raw(port: int, request: bytes) -> bytes:
    """The answer to exactly these bytes: clients tidy paths up, attackers do not."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        async with asyncio.timeout(DEADLINE):
            return await reader.read()
    finally:
        writer.close()


def get(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {TOKEN}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


# Vite, CVE-2025-30208: `?raw??` and `?import&raw??` let any file of the machine be read below `/@fs/`. And kin:
# CVE-2025-31125 (`?inline&import`), CVE-2025-31486 (`.svg?.wasm?init`), CVE-2025-32395 (`#` in the request line).
PROBES = [
    "/@fs{file}?raw??",
    "/@fs{file}?import&raw??",
    "/@fs{file}?import&?inline=1.wasm?init",
    "/@fs{file}?.svg?.wasm?init",
    "/@fs{file}#/static/app.js",
    "/static/..%2f..%2f..%2f..%2f..%2f..%2f..{encoded}",
    "/static/../../../../../../../..{file}",
    "/static//{file}",
    "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{file}",
    "/static/..\\..\\..\\..\\..\\..{file}",
    "/static/vendor/....//....//....//....//..{file}",
    "/static/%00{file}",
    "/static/app.js%00{file}",
    "/static/app.js/../../../../../../../..{file}",
    "/static/{file}?raw??",
    "/api/media/..%2f..%2f..%2f..{encoded}",
    "/api/timeline/..%2f..%2f..{encoded}",
    "/{file}",
    "file://{file}",
]


@pytest.mark.parametrize("probe", PROBES)
async def test_no_path_of_a_request_reaches_the_disk(site: Site, tmp_path: Path, probe: str) -> None:  # noqa: F811
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    path = probe.format(file=secret, encoded=str(secret).replace("/", "%2f"))
    answer = await raw(site.port, get(path))
    status = answer.split(b" ", 2)[1]
    assert status in (b"400", b"403", b"404"), answer
    assert b"the secret" not in answer


async def test_what_is_served_is_a_closed_table(site: Site, tmp_path: Path) -> None:  # noqa: F811
    """A file that appears beside the page's own is no part of it."""
    for address in assets():
        assert (await site.ask("GET", address))[0] == 200
    from mpdt.web.assets import FOLDER

    intruder = FOLDER / f"intruder-{os.getpid()}.js"
    intruder.write_text("alert(1)")
    try:
        assert (await site.ask("GET", f"/static/{intruder.name}"))[0] == 404
    finally:
        intruder.unlink()


# Vite, CVE-2025-24010: any web site could ask the server, and read the answers, as it allowed every origin; its
# WebSocket asked nobody where the page came from. webpack-dev-server, CVE-2018-14732: the same of its WebSocket.


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/state", "/api/logs", "/api/config", "/api/timeline/1"])
async def test_no_other_page_can_read_an_answer(site: Site, path: str) -> None:  # noqa: F811
    await site.ask("GET", f"/?token={TOKEN}", headers={})
    foreign = {"Origin": "http://evil.example"}
    async with site.session.get(site.url + path, headers=foreign) as response:
        assert response.status == 403
        assert not [name for name in response.headers if name.lower().startswith("access-control-")]
    async with site.session.get(site.url + path) as response:
        assert not [name for name in response.headers if name.lower().startswith("access-control-")]
    preflight = {**foreign, "Access-Control-Request-Method": "PUT"}
    async with site.session.options(site.url + path, headers=preflight) as response:
        assert response.status in (403, 405)
        assert not [name for name in response.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.example"],
)
@pytest.mark.parametrize("query", ["", "?frames=1", "?frames=1&since=0&run=x"])
async def test_no_other_page_can_follow_the_events(site: Site, origin: str, query: str) -> None:  # noqa: F811
    await site.ask("GET", f"/?token={TOKEN}", headers={})
    site.target.events.emit(EventKind.LOG, {"level": "INFO", "logger": "x", "message": "the secret"})
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await site.session.ws_connect(f"{site.url}/api/events{query}", headers={"Origin": origin})
    assert refused.value.status == 403


async def test_a_token_in_the_address_opens_nothing_but_the_page(site: Site) -> None:  # noqa: F811
    """Addresses end up in histories and logs: the token counts there once, on the first visit."""
    for path in ("/api/state", "/api/events", "/static/app.js", "/api/logs"):
        assert (await site.ask("GET", f"{path}?token={TOKEN}", headers={}))[0] == 401
    assert (await site.ask("POST", f"/api/reload?token={TOKEN}", headers={}))[0] == 401


async def test_every_answer_carries_its_headers(site: Site) -> None:  # noqa: F811
    for path, status in (("/", 200), ("/static/app.js", 200), ("/api/state", 200), ("/nothing", 404)):
        async with site.session.get(site.url + path, headers=site.bearer) as response:
            assert response.status == status
            policy = response.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self';")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_the_page_has_no_inline_script_or_style() -> None:
    page = assets()["/"].body.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src=') == 1
    assert " on" not in page.replace(" one", "")


# Bounds.


async def test_a_frame_from_a_listener_is_bounded(site: Site) -> None:  # noqa: F811
    async with site.session.ws_connect(f"{site.url}/api/events", headers=site.bearer) as stream:
        await stream.send_str("x" * 5000)
        async with asyncio.timeout(DEADLINE):
            message = await stream.receive()
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        assert stream.close_code == 1009


async def test_deeply_nested_bodies_are_refused(site: Site) -> None:  # noqa: F811
    status, answer = await site.ask("POST", "/api/message", data="[" * 100_000)
    assert status == 400
    assert answer["error"]


async def test_a_reader_that_does_not_read_is_let_go(tmp_path: Path) -> None:
    sock = socket.create_server(("127.0.0.1", 0))
    target = FakeTarget(tmp_path)
    server = WebServer(target, sock, host="127.0.0.1", token=TOKEN, stalled=0.3)
    port = sock.getsockname()[1]
    await server.start()
    try:
        stuck = socket.create_connection(("127.0.0.1", port))
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        key = base64.b64encode(b"0123456789abcdef").decode()
        upgrade = (
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        )
        stuck.sendall(get("/api/events?frames=1", *upgrade).replace(b"Connection: close\r\n", b""))
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{port}/api/events?frames=1"
            async with session.ws_connect(url, headers={"Authorization": f"Bearer {TOKEN}"}) as good:
                assert "hello" in await good.receive_json()
                for _ in range(800):
                    message = "x" * 20_000
                    target.events.emit(EventKind.LOG, {"level": "INFO", "logger": "x", "message": message})
                async with asyncio.timeout(DEADLINE):
                    seen = 0
                    while seen < 800:
                        seen += len(await good.receive_json())
                    while len(server.streams) > 1:
                        await asyncio.sleep(0.01)
        stuck.close()
    finally:
        await server.stop()


# Nothing is missed.


async def frames(stream: aiohttp.ClientWebSocketResponse, until: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    async with asyncio.timeout(DEADLINE):
        while not events or events[-1]["seq"] < until:
            events += await stream.receive_json()
    return events


def log(target: FakeTarget, count: int) -> int:
    for number in range(count):
        target.events.emit(EventKind.LOG, {"level": "INFO", "logger": "x", "message": f"line {number}"})
    return target.events.last


async def test_a_page_that_comes_back_gets_all_that_it_missed(site: Site) -> None:  # noqa: F811
    log(site.target, 3)
    url = f"{site.url}/api/events?frames=1"
    async with site.session.ws_connect(url, headers=site.bearer) as stream:
        hello = (await stream.receive_json())["hello"]
        assert hello["last"] == 3
        assert [event["seq"] for event in await frames(stream, 3)] == [1, 2, 3]
    last = log(site.target, 12_000)  # more than lies in memory
    async with site.session.ws_connect(f"{url}&since=3&run={hello['run']}", headers=site.bearer) as stream:
        assert (await stream.receive_json())["hello"]["run"] == hello["run"]
        assert [event["seq"] for event in await frames(stream, last)] == list(range(4, last + 1))


async def test_a_page_of_another_run_begins_anew(site: Site) -> None:  # noqa: F811
    log(site.target, 5)
    url = f"{site.url}/api/events?frames=1&since=4000&run=another"
    async with site.session.ws_connect(url, headers=site.bearer) as stream:
        assert (await stream.receive_json())["hello"]["last"] == 5
        assert len(await frames(stream, 5)) == 5


async def test_a_new_page_gets_what_is_notable_and_the_last_lines(site: Site) -> None:  # noqa: F811
    site.target.events.emit(EventKind.MODE, {"mode": "reload"})
    last = log(site.target, 5000)
    async with site.session.ws_connect(f"{site.url}/api/events?frames=1", headers=site.bearer) as stream:
        await stream.receive_json()
        events = await frames(stream, last)
    assert [event["seq"] for event in events] == [1, *range(last - 1999, last + 1)]


async def test_every_log_line_is_found(site: Site) -> None:  # noqa: F811
    log(site.target, 9000)
    _, answer = await site.ask("GET", "/api/logs?search=line%207&limit=3")
    assert [event["message"] for event in answer["logs"]] == ["line 7997", "line 7998", "line 7999"]
    _, answer = await site.ask("GET", "/api/logs?before=3")
    assert [event["message"] for event in answer["logs"]] == ["line 0", "line 1"]
    assert (await site.ask("GET", "/api/logs?level=LOUD"))[0] == 400
    assert (await site.ask("GET", "/api/logs?before=x"))[0] == 400


async def test_a_full_disk_costs_old_lines_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mpdt.web.journal import Journal

    target = FakeTarget(tmp_path)
    journal = Journal(target.events, recent=10)
    log(target, 50)
    assert len(journal.after(0, 100)) == 50
    full = open("/dev/full", "wb", buffering=0)  # noqa: SIM115 - the journal closes it
    monkeypatch.setattr(journal, "_file", full)
    log(target, 1)
    assert [json.loads(line)["seq"] for line in journal.after(0, 100)] == list(range(42, 52))
    journal.close()
