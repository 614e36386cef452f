"""What the core copied of a plugin's classes when they were registered, brought up to a patch."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from pathlib import Path
from typing import Any

from mpdt.worker.cores.classic_mofox import configs
from mpdt.worker.cores.classic_mofox.parts import Parts
from mpdt.worker.cores.classic_mofox.registered import Key, Registrations, take_routes
from mpdt.worker.cores.endpoints import forget_endpoints
from mpdt.worker.cores.live_config import read


def fields_of(info: Any) -> tuple[str, ...]:
    return tuple(getattr(info, "__dataclass_fields__", ()))


def declared(info: Any, cls: Any) -> tuple[Any, ...]:
    """What a component is registered with. The code of a router: a patch that changes it gives the method another."""
    code = getattr(getattr(cls, "register_endpoints", None), "__code__", None)
    return copy(info), tuple(getattr(cls, "init_subscribe", ())), getattr(cls, "weight", 0), code


def follow(parts: Parts, current: Registrations, folder: Path, key: Key, info: Any, cls: Any) -> None:
    """A registered component whose class declares something else now is registered by that."""
    live, _cls = current.listed[key]
    now, before = declared(info, cls), current.declared.get(key)
    if before is None or now == before:
        return
    current.declared[key] = now
    # What was chosen while the bot ran stays.
    enabled = live.enabled if before[0].enabled == info.enabled else info.enabled
    for one in fields_of(info):
        setattr(live, one, getattr(info, one))
    live.enabled = enabled
    if key[0] == "event_handler":
        subscribe_anew(parts, key[1], cls)
    elif key[0] == "router":
        drop_routes(parts, folder)
        router = parts.server.app.router
        lifespan = router.lifespan_context
        parts.registry._register_router(live, cls)
        router.lifespan_context = lifespan


def drop_routes(parts: Parts, folder: Path) -> None:
    take_routes(parts, folder, Registrations())
    forget_endpoints()


def subscribe_anew(parts: Parts, name: str, cls: Any) -> None:
    events = parts.events
    handler = events._event_handlers.get(name)
    if handler is None:
        return
    for event in events._events.values():
        if handler in event.subscribers:
            event.subscribers.remove(handler)
    absent = [one for one in cls.init_subscribe if not events.subscribe_handler_to_event(name, one)]
    if absent:
        events._pending_subscriptions[name] = [str(getattr(one, "value", one)) for one in absent]


def follow_plugin(
    parts: Parts, current: Registrations, plugin: Any, metadata: Any, copies: Iterable[dict[str, Any]]
) -> None:
    """What the instance and the registry copied of the metadata and of the config's schema when they were made."""
    info = plugin.plugin_info
    plugin.plugin_meta = metadata
    plugin.display_name, plugin.plugin_version = metadata.name, metadata.version
    plugin.plugin_description, plugin.plugin_author = metadata.description, metadata.author
    info.display_name, info.version = metadata.name, metadata.version
    info.description, info.author = metadata.description, metadata.author
    info.components = [one for one, _cls in current.listed.values()]
    cls = type(plugin)
    if configs.shape(cls.config_schema) == current.shape:
        return
    current.shape = configs.shape(cls.config_schema)
    path = configs.path_of(parts, cls)
    if path is not None:
        text = read(path) or ""
        configs.bring(configs.validated(text, path, cls.config_schema), plugin, copies, text)
