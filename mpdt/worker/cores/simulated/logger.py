"""``get_logger``: what a plugin logs reaches the developer's console and browser."""

from __future__ import annotations

import re
import traceback
from enum import Enum
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.simulated import runtime

LOG_OUTPUT_EVENT = "log_output"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
MARKUP = re.compile(r"(?<!\\)\[/?[a-z#][a-z0-9 #_.=-]*\]|(?<!\\)\[/\]", re.IGNORECASE)


class COLOR(Enum):
    """Names of colours; the console here chooses its own."""

    BLACK = "black"
    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    BLUE = "blue"
    MAGENTA = "magenta"
    CYAN = "cyan"
    WHITE = "white"
    BRIGHT_BLACK = "bright_black"
    BRIGHT_RED = "bright_red"
    BRIGHT_GREEN = "bright_green"
    BRIGHT_YELLOW = "bright_yellow"
    BRIGHT_BLUE = "bright_blue"
    BRIGHT_MAGENTA = "bright_magenta"
    BRIGHT_CYAN = "bright_cyan"
    BRIGHT_WHITE = "bright_white"
    GRAY = "grey50"
    ORANGE = "orange"
    PURPLE = "purple"
    PINK = "deep_pink"
    DEBUG = "dim"
    INFO = "blue"
    WARNING = "yellow"
    ERROR = "red"
    CRITICAL = "bold red"


def failure_text(exc_info: object) -> str:
    if isinstance(exc_info, BaseException):
        return "".join(traceback.format_exception(exc_info))
    return traceback.format_exc() if exc_info is True else str(exc_info)


class Logger:
    """A named logger. Keywords of a call are added to its line."""

    def __init__(self, name: str, display: str | None = None, log_level: str | None = None) -> None:
        self.name = name
        self.display = display or name
        self.metadata: dict[str, Any] = {}
        self._level = (log_level or "DEBUG").upper()

    def debug(self, message: object, **kwargs: Any) -> None:
        self._log("DEBUG", message, kwargs)

    def info(self, message: object, **kwargs: Any) -> None:
        self._log("INFO", message, kwargs)

    def warning(self, message: object, **kwargs: Any) -> None:
        self._log("WARNING", message, kwargs)

    def error(self, message: object, **kwargs: Any) -> None:
        self._log("ERROR", message, kwargs)

    def critical(self, message: object, **kwargs: Any) -> None:
        self._log("CRITICAL", message, kwargs)

    def print_panel(self, message: object, title: str | None = None, border_style: str | None = None) -> None:
        self._log("INFO", f"{title}: {message}" if title else message, {})

    def print_rich(self, *args: Any, **kwargs: Any) -> None:
        self._log("INFO", " ".join(map(str, args)), {})

    def _log(self, level: str, message: object, details: dict[str, Any]) -> None:
        if LEVELS.index(level) < LEVELS.index(self._level):
            return
        details = {**self.metadata, **details}
        exc_info = details.pop("exc_info", None)
        lines = [MARKUP.sub("", str(message))]
        if details:
            lines.append(" | ".join(f"{key}={value}" for key, value in details.items()))
        if exc_info:
            lines.append(failure_text(exc_info).rstrip())
        runtime.log(level, self.name, "\n".join(lines))

    def set_log_level(self, level: str) -> None:
        if level.upper() not in LEVELS:
            raise ValueError(_("'{level}' is no log level; there are {names}.", level=level, names=", ".join(LEVELS)))
        self._level = level.upper()

    def get_log_level(self) -> str:
        return self._level

    def set_metadata(self, key: str, value: Any) -> None:
        self.metadata[key] = value

    def get_metadata(self, key: str) -> Any:
        return self.metadata.get(key)

    def remove_metadata(self, key: str) -> None:
        self.metadata.pop(key, None)

    def clear_metadata(self) -> None:
        self.metadata.clear()


_loggers: dict[str, Logger] = {}


def get_logger(
    name: str,
    display: str | None = None,
    color: COLOR | str | None = None,
    console: object = None,
    enable_file: bool | None = None,
    enable_event_broadcast: bool | None = None,
    log_level: str | None = None,
) -> Logger:
    """The logger of that name. Colour, console, file and broadcast have no effect here."""
    if name not in _loggers:
        _loggers[name] = Logger(name, display, log_level)
    return _loggers[name]


def remove_logger(name: str) -> None:
    _loggers.pop(name, None)


def get_all_loggers() -> dict[str, Logger]:
    return dict(_loggers)


def clear_all_loggers() -> None:
    _loggers.clear()
