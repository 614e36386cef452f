"""The page's files: a closed table, read once. A request names an entry of it, never a path of the disk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
# Published modules import each other by package. A browser needs an address; an import map would be an inline script.
VENDORED = {
    "preact": "preact.mjs",
    "preact/hooks": "preact-hooks.mjs",
    "htm": "htm.mjs",
    "@preact/signals": "preact-signals.mjs",
    "@preact/signals-core": "preact-signals-core.mjs",
}
PACKAGE = re.compile(rb'(?<=from)"([a-z@][a-z@/-]*)"')


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    content_type: str


@cache
def assets() -> Mapping[str, Asset]:
    """Every file of the page by its address; ``/`` is the page itself."""
    table: dict[str, Asset] = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file() and path.suffix in TYPES:
            body = path.read_bytes()
            name = path.relative_to(FOLDER).as_posix()
            if path.parent.name == "vendor":
                body = PACKAGE.sub(addressed, body)
            table[PREFIX + name] = Asset(body, TYPES[path.suffix])
    table["/"] = table.pop(PREFIX + "index.html")
    return MappingProxyType(table)


def addressed(match: re.Match[bytes]) -> bytes:
    """The import of a package as the import of its vendored file."""
    return f'"{PREFIX}vendor/{VENDORED[match[1].decode()]}"'.encode()
