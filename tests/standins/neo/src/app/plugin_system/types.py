from src.core.components.types import ComponentType, EventType, PermissionLevel  # noqa: F401
