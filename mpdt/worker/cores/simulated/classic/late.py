"""Objects of the classic API that stand for the present version's own: asked for anew at each use."""

from __future__ import annotations

from typing import Any

from mpdt.worker.cores.simulated import logger
from mpdt.worker.cores.simulated.classic.models import DatabaseMessages
from mpdt.worker.cores.simulated.logger import Logger
from mpdt.worker.cores.simulated.runtime import kept
from mpdt.worker.cores.simulated.scheduler import get_unified_scheduler


class MaiMessages(DatabaseMessages):
    """MaiBot's name for a message that handlers get."""


class Present:
    """The scheduler of the version of the plugin that runs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(get_unified_scheduler(), name)


unified_scheduler = Present()


def get_logger(name: str, *, color: str | None = None, alias: str | None = None, **_: Any) -> Logger:
    """With the options of the classic core, which are for its console."""
    return logger.get_logger(name)


def _register_logger_meta(name: str, *, alias: str | None = None, color: str | None = None) -> None:
    """Colours of the core's console; here the developer's terminal has its own."""


MODULE_ALIASES: dict[str, str] = {}
MODULE_COLORS: dict[str, str] = {}


async def verified() -> None:
    """Every request comes from the developer."""


def verified_dependency() -> Any:
    from fastapi import Security

    return Security(verified)


class Server:
    """Where the bot's server would be. Routes are asked by hand, without a port."""

    host = "127.0.0.1"
    port = 8000

    def get_app(self) -> Any:
        from mpdt.worker.cores.simulated.routing import make_app

        return make_app("bot")


def get_global_server() -> Server:
    return kept(Server)


async def check_and_migrate_database(*_: Any, **__: Any) -> None:
    """Tables are made when they are first used."""
    from mpdt.worker.cores.simulated.database import main_database

    await main_database().open()
