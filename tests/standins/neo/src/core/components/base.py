"""The classes that a plugin derives from."""

import inspect
import tomllib
from abc import ABC
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, Field
from src.core.components.types import EventType, PermissionLevel

__all__ = ["BaseAdapter", "BaseChatter", "BaseCommand", "BaseConfig", "BaseEventHandler", "BasePlugin", "BaseRouter",
           "BaseService", "BaseTool", "Field", "SectionBase", "cmd_route", "config_section"]  # fmt: skip


class SectionBase(BaseModel):
    pass


def config_section(name: str) -> Any:
    return lambda cls: cls


class BaseConfig(BaseModel):
    config_name: ClassVar[str] = "config"
    config_description: ClassVar[str] = ""
    _plugin_: ClassVar[str] = ""
    _signature_: ClassVar[str] = ""

    @classmethod
    def default(cls) -> dict[str, Any]:
        return cls().model_dump()

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls.model_validate(data)

    @classmethod
    def load_for_plugin(cls, plugin_name: str) -> Self:
        path = Path("config") / "plugins" / plugin_name / f"{cls.config_name}.toml"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = []
            for section, fields in cls.default().items():
                lines += [f"[{section}]", *(f"{name} = {text(value)}" for name, value in fields.items()), ""]
            path.write_text("\n".join(lines), encoding="utf-8")
        return cls.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))


def text(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


class BasePlugin(ABC):
    plugin_name: str = ""
    configs: list[Any] = []

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def get_components(self) -> list[type]:
        return []

    async def on_plugin_loaded(self) -> None:
        pass

    async def on_plugin_unloaded(self) -> None:
        pass


def cmd_route(*path: str) -> Any:
    def mark(function: Any) -> Any:
        function._cmd_route = list(path)
        return function

    return mark


class BaseCommand(ABC):
    command_name: str = ""
    command_description: str = ""
    permission_level: PermissionLevel = PermissionLevel.USER
    dependencies: list[str] = []

    def __init__(self, plugin: Any, stream_id: str, message_id: str = "", message: Any = None) -> None:
        self.plugin = plugin
        self.stream_id = stream_id

    async def execute(self, message_text: str) -> tuple[bool, str]:
        words = message_text.split()
        routes = [one for _, one in inspect.getmembers(self, inspect.ismethod) if hasattr(one, "_cmd_route")]
        best = max(
            (one for one in routes if words[: len(one._cmd_route)] == one._cmd_route),
            key=lambda one: len(one._cmd_route),
        )
        given = words[len(best._cmd_route) :]
        wanted = inspect.signature(best, eval_str=True).parameters.values()
        values = [one.annotation(word) for one, word in zip(wanted, given, strict=False)]
        return await best(*values)


class BaseTool(ABC):
    tool_name: str = ""
    tool_description: str = ""
    dependencies: list[str] = []

    def __init__(self, plugin: Any) -> None:
        self.plugin = plugin

    def _bind_runtime_context(self, stream_id: str = "", message: Any = None) -> None:
        self.stream_id = stream_id

    def _wrap_execute(self, **arguments: Any) -> Any:
        return Execution(self.execute(**arguments))

    @classmethod
    def to_schema(cls) -> dict[str, Any]:
        names = [name for name in inspect.signature(cls.execute).parameters if name != "self"]
        needed = [
            name for name in names if inspect.signature(cls.execute).parameters[name].default is inspect.Parameter.empty
        ]
        parameters = {"type": "object", "properties": {name: {} for name in names}, "required": needed}
        return {"type": "function", "function": {"name": cls.tool_name, "parameters": parameters}}


class Execution:
    def __init__(self, running: Any) -> None:
        self._running = running

    async def wait_done(self) -> Any:
        return await self._running


class BaseEventHandler(ABC):
    handler_name: str = ""
    handler_description: str = ""
    weight: int = 0
    intercept_message: bool = False
    init_subscribe: list[EventType | str] = []
    dependencies: list[str] = []

    def __init__(self, plugin: Any) -> None:
        self.plugin = plugin
        self.signature = ""
        self._subscribed_events = {getattr(event, "value", event) for event in self.init_subscribe}

    def subscribe(self, event: Any) -> None:
        self._subscribed_events.add(getattr(event, "value", event))

    def unsubscribe(self, event: Any) -> None:
        self._subscribed_events.discard(getattr(event, "value", event))

    def get_subscribed_events(self) -> list[str]:
        return list(self._subscribed_events)


class BaseService(ABC):
    service_name: str = ""
    service_description: str = ""
    dependencies: list[str] = []

    def __init__(self, plugin: Any) -> None:
        self.plugin = plugin


class BaseRouter(ABC):
    router_name: str = ""
    router_description: str = ""
    custom_route_path: str | None = None
    cors_origins: list[str] | None = None
    dependencies: list[str] = []

    def __init__(self, plugin: Any) -> None:
        from fastapi import FastAPI

        self.plugin = plugin
        self.app = FastAPI(title=self.router_name)
        self.register_endpoints()

    def register_endpoints(self) -> None:
        pass

    def get_route_path(self) -> str:
        return self.custom_route_path or f"/router/{self.router_name}"

    def get_app(self) -> Any:
        return self.app

    async def startup(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass


class BaseAdapter(ABC):
    adapter_name: str = ""
    adapter_description: str = ""
    platform: str = ""
    dependencies: list[str] = []

    def __init__(self, core_sink: Any, plugin: Any = None) -> None:
        self.core_sink = core_sink
        self.plugin = plugin

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass


class BaseChatter(ABC):
    chatter_name: str = ""
    chatter_description: str = ""
    dependencies: list[str] = []

    def __init__(self, stream_id: str, plugin: Any) -> None:
        self.stream_id = stream_id
        self.plugin = plugin

    def apply_stream_runtime_options(self, chat_stream: Any) -> None:
        pass
