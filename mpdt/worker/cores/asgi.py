"""An HTTP application, asked in this process: its routes, and the answer to one request."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode


def routes_of(app: Any) -> list[dict[str, Any]]:
    """Method and path of each route that the plugin made; of an application that is mounted on it too."""
    found = [
        {"method": method.upper(), "path": path}
        for path, methods in (app.openapi().get("paths") or {}).items()
        for method in methods
    ]
    for route in app.routes:
        inner = getattr(route, "app", None)
        if inner is not None and getattr(route, "methods", None) is None:
            inside = routes_of(inner) if hasattr(inner, "openapi") else plain_routes(inner)
            found += [{**one, "path": route.path.rstrip("/") + one["path"]} for one in inside]
    return found


def plain_routes(app: Any) -> list[dict[str, Any]]:
    """Of an application that is Starlette's, and describes nothing."""
    return [
        {"method": method, "path": route.path}
        for route in getattr(app, "routes", ())
        for method in sorted(getattr(route, "methods", None) or ())
        if method != "HEAD"
    ]


async def request(app: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Status, headers and body of one request, sent straight to the application."""
    path = str(arguments.get("path") or "/")
    body = arguments.get("body")
    content = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    given = {"host": "127.0.0.1", **({"content-type": "application/json"} if body is not None else {})}
    given.update({str(name).lower(): str(value) for name, value in (arguments.get("headers") or {}).items()})
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": str(arguments.get("method") or "GET").upper(),
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": urlencode(arguments.get("query") or {}).encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
    }
    sent: list[dict[str, Any]] = []
    asked = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return asked.pop() if asked else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    text = b"".join(message.get("body", b"") for message in sent).decode("utf-8", "replace")
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    is_json = "json" in headers.get("content-type", "")
    return {"status": start["status"], "headers": headers, "body": json.loads(text) if is_json and text else text}
