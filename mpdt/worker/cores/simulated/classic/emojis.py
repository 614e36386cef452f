"""The bot's emoji collection: the pictures in its ``data/emoji_registed``, each described by its file's name.

The real core has a model look at a picture; here its name says it all: ``happy cat,开心,激动.png`` is described as
"happy cat", with the feelings 开心 and 激动.
"""

from __future__ import annotations

import base64
import hashlib
import random
import time
from collections import deque
from pathlib import Path
from typing import Any

from mpdt.worker.cores.simulated.runtime import current, kept

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
LARGEST = 60  # as many as the real core keeps
REMEMBERED = 5  # descriptions of a chat's last emojis

Found = tuple[str, str, str]
"""Base64, description, feeling."""


class MaiEmoji:
    """One picture. It may be one of the plugin's own that is put into ``emoji_objects``."""

    def __init__(self, full_path: str) -> None:
        if not full_path:
            raise ValueError("full_path cannot be empty")
        self.full_path = full_path
        self.path, self.filename = str(Path(full_path).parent), Path(full_path).name
        self.hash = self.description = self.format = ""
        self.emotion: list[str] = []
        self.embedding: list[float] = []
        self.usage_count = 0
        self.last_used_time = self.register_time = time.time()
        self.is_deleted = False

    async def initialize_hash_format(self) -> bool | None:
        """None, and ``is_deleted``, if the file cannot be read."""
        try:
            self.hash = hash_of(Path(self.full_path))
        except OSError:
            self.is_deleted = True
            return None
        self.format = Path(self.full_path).suffix.removeprefix(".").lower()
        return True

    async def register_to_db(self) -> bool:
        """Into the collection, under the name of the file."""
        if await self.initialize_hash_format() is None:
            return False
        get_emoji_manager().add(self)
        return True

    async def delete(self) -> bool:
        self.is_deleted = True
        return await get_emoji_manager().delete_emoji(self.hash)


def hash_of(path: Path) -> str:
    """Raises OSError."""
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def described(path: Path) -> MaiEmoji:
    emoji = MaiEmoji(str(path))
    emoji.description, *emoji.emotion = (part.strip() for part in path.stem.split(","))
    emoji.hash = hash_of(path)
    emoji.format = path.suffix.removeprefix(".").lower()
    return emoji


class EmojiManager:
    def __init__(self) -> None:
        folder = current().stored("data/emoji_registed")
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        self.emoji_objects = [described(path) for path in found if path.suffix.lower() in PICTURES][:LARGEST]
        self.emoji_num_max = LARGEST

    @property
    def emoji_num(self) -> int:
        return len(self.emoji_objects)

    def initialize(self) -> None: ...

    def shutdown(self) -> None: ...

    def add(self, emoji: MaiEmoji) -> None:
        if emoji not in self.emoji_objects:
            self.emoji_objects.append(emoji)

    def valid(self) -> list[MaiEmoji]:
        return [emoji for emoji in self.emoji_objects if not emoji.is_deleted]

    async def get_emoji_from_manager(self, emoji_hash: str) -> MaiEmoji | None:
        return next((emoji for emoji in self.valid() if emoji.hash == emoji_hash), None)

    async def get_emoji_description_by_hash(self, emoji_hash: str) -> str | None:
        emoji = await self.get_emoji_from_manager(emoji_hash)
        return emoji.description if emoji else None

    async def get_emoji_tag_by_hash(self, emoji_hash: str) -> str | None:
        emoji = await self.get_emoji_from_manager(emoji_hash)
        return ",".join(emoji.emotion) if emoji and emoji.emotion else None

    async def get_emoji_from_db(self, emoji_hash: str | None = None) -> list[MaiEmoji]:
        return [emoji for emoji in self.valid() if emoji_hash in (None, emoji.hash)]

    async def get_all_emoji_from_db(self) -> None: ...

    async def get_emoji_for_text(self, text_emotion: str) -> Found | None:
        """The file, description and feeling of the one whose feeling the text names; None if there is none."""
        for emoji in self.valid():
            feeling = next((one for one in emoji.emotion if one and one in text_emotion), None)
            if feeling is not None:
                await self.record_usage(emoji.hash)
                return emoji.full_path, emoji.description, feeling
        return None

    async def record_usage(self, emoji_hash: str) -> None:
        emoji = await self.get_emoji_from_manager(emoji_hash)
        if emoji is not None:
            emoji.usage_count += 1
            emoji.last_used_time = time.time()

    async def delete_emoji(self, emoji_hash: str) -> bool:
        before = len(self.emoji_objects)
        self.emoji_objects = [emoji for emoji in self.emoji_objects if emoji.hash != emoji_hash]
        return len(self.emoji_objects) < before

    async def register_emoji_by_filename(self, filename: str) -> bool:
        path = current().stored("data/emoji") / Path(filename).name
        if not path.is_file():
            return False
        self.add(described(path))
        return True

    async def check_emoji_file_integrity(self) -> None:
        self.emoji_objects = usable()


def get_emoji_manager() -> EmojiManager:
    return kept(EmojiManager)


class Present:
    """The collection of the version of the plugin that runs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(get_emoji_manager(), name)


emoji_manager = Present()


def image_path_to_base64(image_path: str) -> str:
    """Raises FileNotFoundError."""
    path = Path(image_path)
    if not path.is_file():
        raise FileNotFoundError(f"图片文件不存在: {image_path}")
    return base64.b64encode(path.read_bytes()).decode()


class History:
    """The descriptions of what was sent last, by chat."""

    def __init__(self) -> None:
        self.chats: dict[str, deque[str]] = {}


def add_emoji_to_history(chat_id: str, emoji_description: str) -> None:
    kept(History).chats.setdefault(chat_id, deque(maxlen=REMEMBERED)).append(emoji_description)


def get_recent_emojis(chat_id: str, limit: int = 5) -> list[str]:
    """The newest first."""
    return list(reversed(kept(History).chats.get(chat_id, ())))[:limit]


# The plugin's way to the collection.


def usable() -> list[MaiEmoji]:
    return [emoji for emoji in get_emoji_manager().valid() if Path(emoji.full_path).is_file()]


def as_found(emoji: MaiEmoji, feeling: str = "") -> Found:
    return image_path_to_base64(emoji.full_path), emoji.description, feeling or (emoji.emotion or ["随机表情"])[0]


async def get_by_description(description: str) -> Found | None:
    """Raises ValueError for an empty one, TypeError for no text."""
    _text(description, "描述")
    return next((as_found(emoji) for emoji in usable() if emoji.description == description), None)


async def get_by_emotion(emotion: str) -> Found | None:
    """Raises ValueError for an empty one, TypeError for no text."""
    _text(emotion, "情感标签")
    fitting = [emoji for emoji in usable() if emotion.lower() in (one.lower() for one in emoji.emotion)]
    return as_found(random.choice(fitting), emotion) if fitting else None


def _text(value: str, what: str) -> None:
    if not value:
        raise ValueError(f"{what}不能为空")
    if not isinstance(value, str):
        raise TypeError(f"{what}必须是字符串类型")


async def get_random(count: int | None = 1) -> list[Found]:
    """Raises TypeError for no number, ValueError for one below zero."""
    if not isinstance(count, int):
        raise TypeError("count 必须是整数类型")
    if count < 0:
        raise ValueError("count 不能为负数")
    found = usable()
    return [as_found(emoji) for emoji in random.sample(found, min(count, len(found)))]


def get_count() -> int:
    return get_emoji_manager().emoji_num


def get_info() -> dict[str, int]:
    manager = get_emoji_manager()
    return {
        "current_count": manager.emoji_num,
        "max_count": manager.emoji_num_max,
        "available_emojis": len(manager.valid()),
    }


def get_emotions() -> list[str]:
    return sorted({feeling for emoji in get_emoji_manager().valid() for feeling in emoji.emotion})


def get_descriptions() -> list[str]:
    return [emoji.description for emoji in get_emoji_manager().valid() if emoji.description]
