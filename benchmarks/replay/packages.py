"""The packages whose history is replayed, and what they need to be imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_COMMON = ("asyncio", "dataclasses", "email.message", "enum", "http.client", "inspect", "logging", "typing")


@dataclass(frozen=True, slots=True)
class Package:
    """``folders``: where the package has been in its repository, the latest first. ``extra``: what a build adds."""

    name: str
    top: str
    folders: tuple[str, ...]
    libraries: tuple[str, ...] = _COMMON
    skipped: tuple[str, ...] = ()
    extra: Mapping[str, bytes] = field(default_factory=dict)


# what the dependents of werkzeug and of httpx need
_WSGI = ("werkzeug.debug", "werkzeug.test", "jinja2", "markupsafe", "itsdangerous", "blinker", "click")
_HTTP = ("httpcore", "anyio", "certifi", "idna", "h11", "h2", "click", "rich.console", "pygments.lexers")


def package(name: str, *libraries: str, top: str = "", skipped: tuple[str, ...] = (), **extra: bytes) -> Package:
    top = top or name.replace("-", "_")
    files = {f"{top}/{file}.py": source for file, source in extra.items()}
    return Package(name, top, (f"src/{top}", top), (*_COMMON, *libraries), skipped, files)


PACKAGES = {
    one.name: one
    for one in (
        package("attrs", top="attr"),
        package("click", skipped=("_winconsole",)),
        package("flask", *_WSGI),
        package("httpx", *_HTTP),
        package("itsdangerous"),
        package("jinja2", "markupsafe"),
        package("markupsafe"),
        package("more-itertools"),
        package("packaging"),
        package("pluggy", _version=b'version = "0"\n'),
        package("pygments", skipped=("lexers", "styles", "formatters", "sphinxext")),
        package("requests", "urllib3.contrib.socks", "idna", "certifi", "charset_normalizer"),
        package("rich", "pygments.lexers", "markdown_it", skipped=("_win32_console", "_windows_renderer")),
        package("sortedcontainers"),
        package("starlette", "anyio", "httpx", "itsdangerous", "jinja2", "multipart", "yaml"),
        package("structlog", "rich.console", "typing_extensions", "greenlet"),
        package("tomlkit"),
        package("typer", "click", "rich.markdown", "shellingham", "typing_extensions"),
        package("werkzeug", "markupsafe", "ssl"),
    )
}
