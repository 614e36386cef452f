"""The packages whose history is replayed, and what they need to be imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_COMMON = ("asyncio", "dataclasses", "email.message", "enum", "http.client", "inspect", "logging", "typing")


@dataclass(frozen=True, slots=True)
class Package:
    """``folders``: where the package has been in its repository, the latest first. ``extra``: what a build adds.

    ``repository``: the name of the repository, where it is not the package's.
    """

    name: str
    top: str
    folders: tuple[str, ...]
    libraries: tuple[str, ...] = _COMMON
    skipped: tuple[str, ...] = ()
    extra: Mapping[str, bytes] = field(default_factory=dict)
    repository: str = ""

    @property
    def is_plugin(self) -> bool:
        return bool(self.repository)

    @property
    def entry(self) -> str:
        """The module without which nothing is imported: a plugin's folder need not be a package."""
        return f"{self.top}.plugin" if self.is_plugin else self.top


# what the dependents of werkzeug and of httpx need
_WSGI = ("werkzeug.debug", "werkzeug.test", "jinja2", "markupsafe", "itsdangerous", "blinker", "click")
_HTTP = ("httpcore", "anyio", "certifi", "idna", "h11", "h2", "click", "rich.console", "pygments.lexers")


def package(name: str, *libraries: str, top: str = "", skipped: tuple[str, ...] = (), **extra: bytes) -> Package:
    top = top or name.replace("-", "_")
    files = {f"{top}/{file}.py": source for file, source in extra.items()}
    return Package(name, top, (f"src/{top}", top), (*_COMMON, *libraries), skipped, files)


def plugins(repository: str, core: str, *folders: str, names: tuple[str, ...]) -> tuple[Package, ...]:
    """Plugins of a bot that live in its repository, imported over the simulated core."""
    libraries = (*_COMMON, "pydantic", "aiohttp", f"benchmarks.replay.cores.{core}")
    return tuple(
        Package(name, name, tuple(f"{folder}/{name}" for folder in folders), libraries, repository=repository)
        for name in names
    )


_NEO_PLUGINS = ("default_chatter", "booku_memory", "napcat_adapter", "onebot_adapter", "emoji_sender", "skill_manager")
_CLASSIC_PLUGINS = (
    *("affinity_flow_chatter", "maizone_refactored", "web_search_tool", "kokoro_flow_chatter", "core_actions"),
    *("tts_voice_plugin", "proactive_thinker", "social_toolkit_plugin", "napcat_adapter_plugin", "hello_world_plugin"),
    *("at_user_plugin", "permission_management", "plugin_management", "anti_injection_plugin", "system_management"),
)

PACKAGES = {
    one.name: one
    for one in (
        *plugins("Neo-MoFox", "neo", "plugins", names=_NEO_PLUGINS),
        *plugins("MoFox-Core", "classic", "src/plugins/built_in", "plugins", names=_CLASSIC_PLUGINS),
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
