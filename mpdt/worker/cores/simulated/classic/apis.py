"""The smaller modules of ``src.plugin_system.apis``: streams, permissions, people, storage, plugins."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpdt.worker.cores.simulated.classic import sending
from mpdt.worker.cores.simulated.classic.models import ChatStream, DatabaseGroupInfo, DatabaseUserInfo, streams
from mpdt.worker.cores.simulated.classic.plugin import plugin_manager
from mpdt.worker.cores.simulated.classic.registry import component_registry
from mpdt.worker.cores.simulated.classic.types import ComponentType
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.models import ChatStream as NeoStream
from mpdt.worker.cores.simulated.runtime import current, kept, registrations
from mpdt.worker.cores.simulated.types import PermissionLevel

logger = get_logger("plugin_api")

# Streams.


def is_of(stream: ChatStream, platform: Any) -> bool:
    """Every stream here is of one platform, whatever the plugin calls it."""
    return True


def get_all_streams(platform: Any = "qq") -> list[ChatStream]:
    return [one for one in streams().values() if is_of(one, platform)]


def get_group_streams(platform: Any = "qq") -> list[ChatStream]:
    return [one for one in get_all_streams(platform) if one.group_info]


def get_private_streams(platform: Any = "qq") -> list[ChatStream]:
    return [one for one in get_all_streams(platform) if not one.group_info]


def get_stream_by_group_id(group_id: str, platform: Any = "qq") -> ChatStream | None:
    return next(
        (one for one in get_group_streams() if one.group_info and one.group_info.group_id == str(group_id)), None
    )


def get_stream_by_user_id(user_id: str, platform: Any = "qq") -> ChatStream | None:
    return next((one for one in get_private_streams() if one.user_info and one.user_info.user_id == str(user_id)), None)


def get_stream_type(chat_stream: ChatStream) -> str:
    return chat_stream.chat_type


def get_stream_info(chat_stream: ChatStream) -> dict[str, Any]:
    return {**chat_stream.to_dict(), "type": chat_stream.chat_type}


def get_streams_summary() -> dict[str, int]:
    groups, privates = len(get_group_streams()), len(get_private_streams())
    return {"total_streams": groups + privates, "group_streams": groups, "private_streams": privates, "qq_streams": 0}


class ChatManager:
    @property
    def streams(self) -> dict[str, Any]:
        return streams()

    def get_all_streams(self) -> dict[str, Any]:
        return dict(streams())

    def get_stream(self, stream_id: str) -> Any:
        """Awaited in one version of the core, taken as it is in another: both work."""
        return Found(streams().get(stream_id))

    async def get_stream_name(self, stream_id: str) -> str | None:
        stream = streams().get(stream_id)
        if stream is None:
            return None
        return stream.group_info.group_name if stream.group_info else f"{stream.user_info.user_nickname}的私聊"

    async def get_or_create_stream(
        self, platform: str, user_info: DatabaseUserInfo, group_info: DatabaseGroupInfo | None = None
    ) -> ChatStream:
        group = group_info.group_id if group_info else ""
        number = NeoStream.generate_stream_id(platform, user_info.user_id, group)
        found: ChatStream = streams().setdefault(number, ChatStream(number, platform, user_info, group_info))
        return found

    @staticmethod
    def get_stream_id(platform: str, id: str, is_group: bool = True) -> str:
        return NeoStream.generate_stream_id(platform, "" if is_group else str(id), str(id) if is_group else "")


class Found:
    """A stream that may be awaited; without one it is false."""

    def __new__(cls, stream: Any) -> Any:
        return None if stream is None else super().__new__(cls)

    def __init__(self, stream: Any) -> None:
        self.__dict__["_stream"] = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_stream"], name)

    def __await__(self) -> Any:
        async def itself() -> Any:
            return self.__dict__["_stream"]

        return itself().__await__()


def get_chat_manager() -> ChatManager:
    return kept(ChatManager)


# Permissions.


@dataclass
class UserInfo:
    platform: str
    user_id: str


@dataclass
class PermissionNode:
    node_name: str
    description: str
    plugin_name: str
    default_granted: bool = False


class Permissions:
    def __init__(self) -> None:
        self.nodes: dict[str, PermissionNode] = {}
        self.granted: set[tuple[str, str]] = set()


class PermissionAPI:
    """The sender's role decides who is master: ``owner`` and ``operator`` are. Others have what they were granted."""

    async def is_master(self, platform: str, user_id: str) -> bool:
        levels = registrations().levels
        level = next((one for person, one in levels.items() if person.endswith(f":{user_id}")), PermissionLevel.USER)
        return level >= PermissionLevel.OPERATOR

    async def check_permission(self, platform: str, user_id: str, permission_node: str) -> bool:
        known = kept(Permissions)
        node = known.nodes.get(permission_node)
        if await self.is_master(platform, user_id) or (str(user_id), permission_node) in known.granted:
            return True
        return node is not None and node.default_granted

    async def register_permission_node(
        self, node_name: str, description: str, plugin_name: str, default_granted: bool = False, **_: Any
    ) -> bool:
        full = node_name if node_name.startswith("plugin.") else f"plugin.{plugin_name}.{node_name}"
        for name in (full, node_name):
            kept(Permissions).nodes[name] = PermissionNode(full, description, plugin_name, default_granted)
        return True

    async def grant_permission(self, platform: str, user_id: str, permission_node: str) -> bool:
        kept(Permissions).granted.add((str(user_id), permission_node))
        return True

    async def revoke_permission(self, platform: str, user_id: str, permission_node: str) -> bool:
        kept(Permissions).granted.discard((str(user_id), permission_node))
        return True

    async def get_user_permissions(self, platform: str, user_id: str) -> list[str]:
        return [node for user, node in kept(Permissions).granted if user == str(user_id)]

    async def get_all_permission_nodes(self) -> list[dict[str, Any]]:
        nodes = {node.node_name: node for node in kept(Permissions).nodes.values()}
        return [dict(vars(node)) for node in nodes.values()]

    async def get_plugin_permission_nodes(self, plugin_name: str) -> list[dict[str, Any]]:
        return [node for node in await self.get_all_permission_nodes() if node["plugin_name"] == plugin_name]


permission_api = PermissionAPI()
DENIED = "❌ 你没有使用此功能的权限"


def person_of(owner: Any) -> tuple[str, str, str]:
    """Platform, user and stream of the command, action or message that a decorated method belongs to."""
    message = getattr(owner, "message", None) or owner
    user = getattr(message, "user_info", None)
    return getattr(user, "platform", ""), getattr(user, "user_id", ""), getattr(message, "stream_id", "")


def guarded(allowed: Callable[[str, str, Any], Any], deny_message: str | None) -> Callable[[Any], Any]:
    def decorate(method: Any) -> Any:
        @functools.wraps(method)
        async def check(self: Any, *args: Any, **kwargs: Any) -> Any:
            platform, user, stream = person_of(self)
            if await allowed(platform, user, self):
                return await method(self, *args, **kwargs)
            await sending.text_to_stream(deny_message or DENIED, stream)
            return False, deny_message or DENIED, True

        return check

    return decorate


def require_permission(permission_node: str, deny_message: str | None = None, *, use_full_name: bool = False) -> Any:
    async def allowed(platform: str, user: str, owner: Any) -> bool:
        return await permission_api.check_permission(platform, user, permission_node)

    return guarded(allowed, deny_message)


def require_master(deny_message: str | None = None) -> Any:
    async def allowed(platform: str, user: str, owner: Any) -> bool:
        return await permission_api.is_master(platform, user)

    return guarded(allowed, deny_message)


class PermissionChecker:
    @staticmethod
    async def is_master(chat_stream: ChatStream) -> bool:
        user = chat_stream.user_info
        return bool(user) and await permission_api.is_master(user.platform, user.user_id)  # type: ignore[union-attr]

    @staticmethod
    async def check_permission(chat_stream: ChatStream, permission_node: str) -> bool:
        user = chat_stream.user_info
        return user is not None and await permission_api.check_permission(user.platform, user.user_id, permission_node)

    @staticmethod
    async def ensure_permission(chat_stream: ChatStream, permission_node: str, deny_message: str | None = None) -> bool:
        allowed = await PermissionChecker.check_permission(chat_stream, permission_node)
        if not allowed:
            await sending.text_to_stream(deny_message or DENIED, chat_stream.stream_id)
        return allowed

    @staticmethod
    async def ensure_master(chat_stream: ChatStream, deny_message: str | None = None) -> bool:
        allowed = await PermissionChecker.is_master(chat_stream)
        if not allowed:
            await sending.text_to_stream(deny_message or DENIED, chat_stream.stream_id)
        return allowed


# Storage and people.


class PluginStorage:
    """A dict in a JSON file of the bot's ``data/plugin_data``; written at each change."""

    def __init__(self, name: str) -> None:
        safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
        self._path = current().stored(Path("data", "plugin_data", f"{safe}.json"))
        self._data: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}

    @property
    def file_path(self) -> str:
        return str(self._path)

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._data, ensure_ascii=False, indent=2, default=str), encoding="utf-8")

    def get(self, key: str, default: Any = None) -> Any:
        return self._data.get(key, default)

    def set(self, key: str, value: Any) -> None:
        self._data[key] = value
        self._save()

    def add(self, key: str, value: Any) -> bool:
        new = key not in self._data
        if new:
            self.set(key, value)
        return new

    def update(self, data: dict[str, Any]) -> None:
        self._data.update(data)
        self._save()

    def delete(self, key: str) -> bool:
        found = self._data.pop(key, None) is not None
        self._save()
        return found

    def get_all(self) -> dict[str, Any]:
        return dict(self._data)

    def clear(self) -> None:
        self._data.clear()
        self._save()


class Storages:
    def __init__(self) -> None:
        self.by_name: dict[str, PluginStorage] = {}


def get_local_storage(name: str) -> PluginStorage:
    known = kept(Storages).by_name
    if name not in known:
        known[name] = PluginStorage(name)
    return known[name]


def get_person_id(platform: str, user_id: int | str) -> str:
    return hashlib.md5(f"{platform}_{user_id}".encode(), usedforsecurity=False).hexdigest()


async def get_person_info(person_id: str) -> dict[str, Any]:
    return {"person_id": person_id, "person_name": "", "nickname": "", "impression": "", "know_times": 0}


async def get_person_id_by_name(person_name: str) -> str:
    return ""


async def is_person_known(platform: str, user_id: int) -> bool:
    return any(one.user_info and one.user_info.user_id == str(user_id) for one in streams().values())


# Plugins and components.


def list_loaded_plugins() -> list[str]:
    return plugin_manager.list_loaded_plugins()


def get_plugin_instance(plugin_name: str) -> Any:
    return plugin_manager.get_plugin_instance(plugin_name)


def list_components(component_type: ComponentType, enabled_only: bool = True) -> list[dict[str, Any]]:
    return [dict(vars(info)) for info in component_registry.get_components_by_type(component_type).values()]


def search_components_by_name(
    name_keyword: str,
    component_type: ComponentType | None = None,
    case_sensitive: bool = False,
    exact_match: bool = False,
) -> list[dict[str, Any]]:
    kinds = [component_type] if component_type else list(ComponentType)
    infos = [info for kind in kinds for info in component_registry.get_components_by_type(kind).values()]
    wanted = name_keyword if case_sensitive else name_keyword.lower()
    found = []
    for info in infos:
        name = info.name if case_sensitive else info.name.lower()
        if name == wanted if exact_match else wanted in name:
            found.append(dict(vars(info)))
    return found


def get_tool_instance(tool_name: str, chat_stream: Any = None) -> Any:
    cls = component_registry.get_tool_registry().get(tool_name)
    return cls(component_registry.get_plugin_config(list_loaded_plugins()[0]), chat_stream) if cls else None


def get_llm_available_tool_definitions(stream_id: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    return [(name, cls.get_tool_definition()) for name, cls in component_registry.get_llm_available_tools().items()]
