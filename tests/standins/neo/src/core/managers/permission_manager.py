from src.core.components.types import PermissionLevel


class PermissionManager:
    def generate_person_id(self, platform: str, user_id: str) -> str:
        return f"{platform}/{user_id}"

    async def get_user_permission_level(self, person_id: str) -> PermissionLevel:
        return PermissionLevel.USER


_manager = PermissionManager()


def get_permission_manager() -> PermissionManager:
    return _manager
