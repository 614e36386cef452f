"""Who writes, where, and what."""

from dataclasses import dataclass, fields
from typing import Any


class Model:
    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Any:
        known = {one.name for one in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in data.items() if name in known})


@dataclass
class DatabaseUserInfo(Model):
    platform: str = ""
    user_id: str = ""
    user_nickname: str = ""
    user_cardname: str | None = None


@dataclass
class DatabaseGroupInfo(Model):
    group_id: str = ""
    group_name: str = ""
    platform: str | None = None


@dataclass
class DatabaseMessages(Model):
    processed_plain_text: str
    user_info: DatabaseUserInfo
    group_info: DatabaseGroupInfo | None
    chat_id: str
    is_command: bool = False
