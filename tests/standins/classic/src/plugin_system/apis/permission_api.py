"""Who may do what. Nodes stay for ever, as in a database."""

from dataclasses import dataclass
from typing import Any


@dataclass
class UserInfo:
    platform: str
    user_id: str


class PermissionManager:
    def __init__(self) -> None:
        self.nodes: dict[str, str] = {}

    async def is_master(self, user: UserInfo) -> bool:
        return False

    async def check_permission(self, user: UserInfo, node: str) -> bool:
        return await self.is_master(user)


class PermissionAPI:
    def __init__(self) -> None:
        self._permission_manager: Any = None

    def set_permission_manager(self, manager: PermissionManager) -> None:
        self._permission_manager = manager

    async def register_permission_node(self, node_name: str, description: str, plugin_name: str) -> bool:
        self._permission_manager.nodes[node_name] = plugin_name
        return True

    async def check_permission(self, platform: str, user_id: str, node: str) -> bool:
        return await self._permission_manager.check_permission(UserInfo(platform, user_id), node)


permission_api = PermissionAPI()
