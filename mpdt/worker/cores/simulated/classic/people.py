"""Whom the bot knows: persons by platform and user, noted when they speak and when a plugin writes of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from mpdt.worker.cores.simulated.classic.apis import get_person_id
from mpdt.worker.cores.simulated.classic.models import streams
from mpdt.worker.cores.simulated.runtime import kept

Person = dict[str, Any]
DEFAULTS: Person = {
    "platform": "",
    "user_id": "",
    "nickname": "",
    "person_name": None,
    "cardname": None,
    "name_reason": "",
    "impression": None,
    "short_impression": None,
    "points": None,
    "info_list": None,
    "know_times": 0,
    "know_since": None,
    "last_know": None,
    "attitude": 50,
}


class Known:
    def __init__(self) -> None:
        self.persons: dict[str, Person] = {}


class PersonInfoManager:
    @staticmethod
    def get_person_id(platform: str, user_id: int | str) -> str:
        return get_person_id(platform, user_id)

    def _persons(self) -> dict[str, Person]:
        """Also those who have spoken in a chat."""
        persons = kept(Known).persons
        for stream in streams().values():
            user = stream.user_info
            if user is not None:
                known = persons.setdefault(get_person_id(stream.platform, user.user_id), dict(DEFAULTS))
                known.update(platform=stream.platform, user_id=user.user_id, nickname=user.user_nickname)
                known["person_name"] = known["person_name"] or user.user_nickname
        return persons

    async def is_person_known(self, platform: str, user_id: int) -> bool:
        return get_person_id(platform, user_id) in self._persons()

    async def create_person_info(self, person_id: str, data: Person | None = None) -> None:
        now = time.time()
        noted = {**DEFAULTS, "know_since": now, "last_know": now, "person_id": person_id, **(data or {})}
        kept(Known).persons.setdefault(person_id, noted)

    async def get_or_create_person(
        self, platform: str, user_id: int, nickname: str, user_cardname: str, user_avatar: str | None = None
    ) -> str:
        person_id = get_person_id(platform, user_id)
        data = {"platform": platform, "user_id": str(user_id), "nickname": nickname, "cardname": user_cardname}
        await self.create_person_info(person_id, {**data, "person_name": nickname})
        return person_id

    async def first_knowing_some_one(self, platform: str, user_id: str, user_nickname: str, user_cardname: str) -> None:
        await self.get_or_create_person(platform, user_id, user_nickname, user_cardname)  # type: ignore[arg-type]

    async def sync_user_info(self, platform: str, user_id: str, nickname: str | None, cardname: str | None) -> str:
        return await self.get_or_create_person(platform, user_id, nickname or "", cardname or "")  # type: ignore[arg-type]

    async def update_one_field(self, person_id: str, field_name: str, value: Any, data: Person | None = None) -> None:
        """Of somebody unknown: makes him known, with ``data``."""
        if person_id not in self._persons():
            await self.create_person_info(person_id, data)
        kept(Known).persons[person_id][field_name] = value

    async def has_one_field(self, person_id: str, field_name: str) -> bool:
        return field_name in self._persons().get(person_id, {})

    async def get_value(self, person_id: str, field_name: str) -> Any:
        return self._persons().get(person_id, DEFAULTS).get(field_name)

    async def get_values(self, person_id: str, field_names: list[str]) -> Person:
        return {name: await self.get_value(person_id, name) for name in field_names}

    async def get_specific_value_list(self, field_name: str, way: Callable[[Any], bool]) -> dict[str, Any]:
        persons = self._persons().items()
        return {key: one[field_name] for key, one in persons if field_name in one and way(one[field_name])}

    async def get_person_id_by_person_name(self, person_name: str) -> str:
        """Empty for nobody."""
        return next((key for key, one in self._persons().items() if one["person_name"] == person_name), "")

    async def get_person_id_by_name_robust(self, name: str) -> str | None:
        """By any of the names that a person has."""
        names = ("person_name", "nickname", "cardname", "user_id")
        return next((key for key, one in self._persons().items() if name in [one[each] for each in names]), None)

    async def get_person_info_by_name(self, person_name: str) -> Person | None:
        return await self.get_person_info_by_person_id(await self.get_person_id_by_person_name(person_name))

    async def get_person_info_by_person_id(self, person_id: str) -> Person | None:
        known = self._persons().get(person_id)
        return None if known is None else {"person_id": person_id, **known}

    async def get_person_info_by_user_id(self, platform: str, user_id: str) -> Person | None:
        return await self.get_person_info_by_person_id(get_person_id(platform, user_id))

    async def del_one_document(self, person_id: str) -> None:
        kept(Known).persons.pop(person_id, None)


def get_person_info_manager() -> PersonInfoManager:
    return kept(PersonInfoManager)


class RelationshipFetcher:
    """What the bot thinks of a person, from what is noted of him."""

    def __init__(self, chat_id: str) -> None:
        self.chat_id = chat_id

    async def build_relation_info(self, person_id: str, points_num: int = 5) -> str:
        person = await get_person_info_manager().get_person_info_by_person_id(person_id)
        if person is None:
            return ""
        impression = person["short_impression"] or person["impression"]
        return f"你对{person['person_name']}的印象：{impression}" if impression else ""

    async def build_chat_stream_impression(self, stream_id: str) -> str:
        """Nobody has written any."""
        return ""


class RelationshipFetcherManager:
    def __init__(self) -> None:
        self._fetchers: dict[str, RelationshipFetcher] = {}

    def get_fetcher(self, chat_id: str) -> RelationshipFetcher:
        return self._fetchers.setdefault(chat_id, RelationshipFetcher(chat_id))

    def remove_fetcher(self, chat_id: str) -> None:
        self._fetchers.pop(chat_id, None)

    def clear_all(self) -> None:
        self._fetchers.clear()

    def get_active_chat_ids(self) -> list[str]:
        return list(self._fetchers)


relationship_fetcher_manager = RelationshipFetcherManager()


# The plugin's way to what the bot thinks of a user.


class Relationships:
    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}


async def get_user_relationship_data(user_id: str) -> dict[str, Any]:
    """Of somebody new: a score of 0.3."""
    new = {"relationship_score": 0.3, "relationship_text": "新用户", "last_updated": time.time(), "user_name": ""}
    return {**new, **kept(Relationships).users.get(user_id, {})}


async def get_user_relationship_score(user_id: str) -> float:
    return float((await get_user_relationship_data(user_id))["relationship_score"])


async def update_user_relationship(
    user_id: str, relationship_score: float, relationship_text: str | None = None, user_name: str | None = None
) -> None:
    """The score is between 0 and 1; what is not given stays."""
    given = {"relationship_text": relationship_text, "user_name": user_name}
    known = kept(Relationships).users.setdefault(user_id, {})
    known.update({name: value for name, value in given.items() if value is not None})
    known.update(relationship_score=max(0.0, min(1.0, relationship_score)), last_updated=time.time())
