"""What MaiBot's plugin API has, of the same layout, and MoFox-Core has not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mpdt.worker.cores.simulated import runtime
from mpdt.worker.cores.simulated.classic.apis import get_person_id


@dataclass
class CustomEventHandlerResult:
    message: str = ""
    timestamp: float = 0.0
    extra_info: dict[str, Any] | None = None


@dataclass
class ConfigSection:
    """How a user interface shows a section."""

    title: str = ""
    description: str | None = None
    icon: str | None = None
    collapsed: bool = False
    order: int = 0


@dataclass
class ConfigTab:
    id: str = ""
    title: str = ""
    sections: list[str] = field(default_factory=list)
    icon: str | None = None
    order: int = 0
    badge: str | None = None


@dataclass
class ConfigLayout:
    type: str = "auto"
    tabs: list[ConfigTab] = field(default_factory=list)


class People:
    def __init__(self) -> None:
        self.known: dict[str, Person] = {}


class Person:
    """Somebody whom the bot knows; here, as long as this version of the plugin lives."""

    def __init__(self, platform: str = "", user_id: str = "", person_id: str = "", person_name: str = "") -> None:
        self.platform = platform
        self.user_id = user_id
        self.person_id = person_id or get_person_id(platform, user_id)
        self.person_name = person_name
        self.nickname = person_name
        self.is_known = self.person_id in runtime.kept(People).known
        self.memory_points: list[str] = []
        self.know_times = 0

    @classmethod
    def register_person(
        cls, platform: str, user_id: str, nickname: str = "", group_id: str | None = None, group_nick_name: str = ""
    ) -> Person:
        known = runtime.kept(People).known
        person_id = get_person_id(platform, user_id)
        if person_id not in known:
            known[person_id] = cls(platform, user_id, person_id, nickname)
            known[person_id].is_known = True
        return known[person_id]


def main_file() -> Any:
    """``db``: the bot's file through peewee, which a plugin with models of its own brings."""
    from peewee import SqliteDatabase

    path = runtime.current().stored("data/MaiBot.db")
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteDatabase(str(path))
