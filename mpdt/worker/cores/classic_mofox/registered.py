"""What one version of the plugin has in the core's registries: put in and taken out as a whole.

Taking out and putting in happens within one turn of the loop: nobody sees the half of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpdt.worker.cores.belonging import is_of_plugin, plugin_code
from mpdt.worker.cores.classic_mofox.parts import Parts
from mpdt.worker.cores.parents import Parent

Key = tuple[str, str]  # a component's kind and name
Place = tuple[str, tuple[Any, ...]]  # an attribute of the component registry, and the keys below it


@dataclass(slots=True)
class Registrations:
    """``classes`` by ``@register_plugin``; ``listed``: by the plugin; ``entries``: in the component registry."""

    classes: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    modules: dict[str, Any] = field(default_factory=dict)
    plugins: dict[str, Any] = field(default_factory=dict)
    shape: tuple[Any, ...] = ()  # of the config's schema
    listed: dict[Key, tuple[Any, Any]] = field(default_factory=dict)
    declared: dict[Key, Any] = field(default_factory=dict)  # what a component was registered with
    infos: dict[str, Any] = field(default_factory=dict)
    entries: list[tuple[Place, Any]] = field(default_factory=list)
    handlers: dict[str, Any] = field(default_factory=dict)
    subscriptions: list[tuple[str, Any]] = field(default_factory=list)
    pending: dict[str, Any] = field(default_factory=dict)
    events: dict[str, Any] = field(default_factory=dict)  # that the plugin has declared
    rules: list[tuple[str, str, Any]] = field(default_factory=list)
    schedules: dict[str, Any] = field(default_factory=dict)
    routes: list[Any] = field(default_factory=list)
    hooks: list[tuple[list[Any], Any]] = field(default_factory=list)  # in the message runtime
    adapters: dict[str, Any] = field(default_factory=dict)
    chatters: list[tuple[Any, Any]] = field(default_factory=list)
    parents: list[Parent] = field(default_factory=list)


def is_ours(thing: Any, name: str, folder: Path) -> bool:
    """The core writes the plugin's name on each component that it registers, also on one that it wraps."""
    return getattr(thing, "plugin_name", None) == name or is_of_plugin(thing, folder)


def names_of(parts: Parts, folder: Path) -> set[str]:
    """The names under which the folder's code has registered plugin classes."""
    return {name for name, cls in parts.plugins.plugin_classes.items() if is_of_plugin(cls, folder)}


def take_out(parts: Parts, name: str, folder: Path, into: Registrations) -> None:
    """Take everything of the plugin ``name`` out of the core's registries."""
    manager = parts.plugins
    into.classes = {one: cls for one, cls in manager.plugin_classes.items() if is_of_plugin(cls, folder)}
    for one in into.classes:
        del manager.plugin_classes[one]
    loaded = manager.loaded_plugins
    # A class that has taken the name of one of the bot's own plugins is no reason to take that plugin out.
    ours = {one for one in {name, *into.classes} if one not in loaded or is_of_plugin(loaded[one], folder)}
    for table, kept in (
        (manager.plugin_paths, into.paths),
        (manager.plugin_modules, into.modules),
        (manager.loaded_plugins, into.plugins),
        (parts.registry._plugins, into.infos),
    ):
        kept.clear()
        kept.update({one: table.pop(one) for one in ours if one in table})
    manager.failed_plugins.pop(name, None)
    take_components(parts, name, folder, into)
    take_events(parts, name, folder, into)
    take_rules(parts, name, folder, into)
    take_schedules(parts, folder, into)
    take_routes(parts, folder, into)
    take_hooks(parts, folder, into)
    defs = parts.adapters._adapter_defs
    into.adapters = {one: defs.pop(one) for one, (cls, _) in list(defs.items()) if is_of_plugin(cls, folder)}
    into.chatters = []
    for kind, classes in parts.chatters.chatter_classes.items():
        for cls in [one for one in classes if is_of_plugin(one, folder)]:
            classes.remove(cls)
            into.chatters.append((kind, cls))


def take_components(parts: Parts, name: str, folder: Path, into: Registrations) -> None:
    into.entries = []
    for place, table, key in list(entries(parts.registry)):
        if is_ours(table[key], name, folder):
            into.entries.append((place, table.pop(key)))


def entries(registry: Any) -> Iterator[tuple[Place, dict[Any, Any], Any]]:
    """Every component that any table of the registry holds: an info or a class."""
    for attribute, table in vars(registry).items():
        if not isinstance(table, dict) or attribute == "_plugins":
            continue
        for key, value in table.items():
            if isinstance(value, dict):
                yield from (((attribute, (key, inner)), value, inner) for inner in value)
            else:
                yield (attribute, (key,)), table, key


def take_events(parts: Parts, name: str, folder: Path, into: Registrations) -> None:
    events = parts.events
    into.handlers = {one: held for one, held in events._event_handlers.items() if is_ours(held, name, folder)}
    into.pending = {one: events._pending_subscriptions.pop(one) for one in into.handlers if one in pending(events)}
    into.subscriptions = []
    for one in into.handlers:
        del events._event_handlers[one]
    for event_name, event in events._events.items():
        for handler in [one for one in event.subscribers if is_ours(one, name, folder)]:
            event.subscribers.remove(handler)
            into.subscriptions.append((event_name, handler))
    for event_name in into.events:
        event = events._events.pop(event_name, None)
        others = [] if event is None else list(event.subscribers)
        for handler in others:  # of another plugin: it waits for the event to be declared again, as at a start
            event.subscribers.remove(handler)
            events._pending_subscriptions.setdefault(handler.handler_name, []).append(event_name)


def pending(events: Any) -> Any:
    return events._pending_subscriptions


def take_rules(parts: Parts, name: str, folder: Path, into: Registrations) -> None:
    """Injection rules that were added while the bot ran; those of a component's class are read from it each time."""
    ours = {key[-1] for (attribute, key), _ in into.entries if attribute == "_prompt_registry"}
    into.rules = []
    for target, rules in parts.prompts._dynamic_rules.items():
        for prompt, rule in list(rules.items()):
            if prompt in ours or plugin_code(rule[1], folder) is not None:
                into.rules.append((target, prompt, rules.pop(prompt)))


def take_schedules(parts: Parts, folder: Path, into: Registrations) -> None:
    scheduler = parts.schedules
    planned = [one for one, task in scheduler._tasks.items() if is_of_plugin(task.callback, folder)]
    into.schedules = {one: scheduler._tasks.pop(one) for one in planned}
    for number, task in into.schedules.items():
        if scheduler._tasks_by_name.get(task.task_name) == number:
            del scheduler._tasks_by_name[task.task_name]
        waiting = scheduler._event_subscriptions.get(event_of(task))
        if waiting is not None:
            waiting.discard(number)


def event_of(task: Any) -> Any:
    """The event that starts a schedule; empty if it is a time."""
    return (task.trigger_config.get("event_name") or "") if task.trigger_type.name == "EVENT" else ""


def take_routes(parts: Parts, folder: Path, into: Registrations) -> None:
    routes = parts.server.app.router.routes
    into.routes = [one for one in routes if is_route_of(one, folder)]
    if into.routes:
        routes[:] = [one for one in routes if one not in into.routes]
        routes_changed(parts)


def is_route_of(route: Any, folder: Path) -> bool:
    """FastAPI copies the routes of a router that is included or, from 0.136 on, keeps the router as one route."""
    endpoint = getattr(route, "endpoint", None)
    if endpoint is not None:
        return is_of_plugin(endpoint, folder)
    inner = getattr(route, "original_router", None)
    return inner is not None and any(is_route_of(one, folder) for one in inner.routes)


def routes_changed(parts: Parts) -> None:
    app = parts.server.app
    app.openapi_schema = None
    tell = getattr(app.router, "_mark_routes_changed", None)
    if tell is not None:
        tell()


def take_hooks(parts: Parts, folder: Path, into: Registrations) -> None:
    """What the plugin has put into the message runtime by itself: routes and hooks."""
    into.hooks = []
    for held in lists_of(parts.sinks.runtime):
        for one in [one for one in held if is_of_plugin(hook_of(one), folder)]:
            held.remove(one)
            into.hooks.append((held, one))


def lists_of(runtime: Any) -> Iterator[list[Any]]:
    for value in vars(runtime).values():
        yield from (one for one in (value.values() if isinstance(value, dict) else [value]) if isinstance(one, list))


def hook_of(entry: Any) -> Any:
    return getattr(entry, "handler", entry)


def drop_twofold(parts: Parts, folder: Path) -> None:
    """A version that comes back has its hooks, and its load hook may have put them in once more."""
    for held in lists_of(parts.sinks.runtime):
        known: list[Any] = []
        for one in list(held):
            if is_of_plugin(hook_of(one), folder) and hook_of(one) in known:
                held.reverse()
                held.remove(one)
                held.reverse()
            known.append(hook_of(one))


def put_in(parts: Parts, given: Registrations) -> None:
    """Put back what was taken out."""
    manager = parts.plugins
    manager.plugin_classes.update(given.classes)
    manager.plugin_paths.update(given.paths)
    manager.plugin_modules.update(given.modules)
    manager.loaded_plugins.update(given.plugins)
    parts.registry._plugins.update(given.infos)
    for (attribute, keys), value in given.entries:
        table = getattr(parts.registry, attribute)
        for key in keys[:-1]:
            table = table[key]
        table[keys[-1]] = value
    put_events(parts, given)
    for target, prompt, rule in given.rules:
        parts.prompts._dynamic_rules.setdefault(target, {})[prompt] = rule
    scheduler = parts.schedules
    for number, task in given.schedules.items():
        scheduler._tasks[number] = task
        scheduler._tasks_by_name[task.task_name] = number
        if event_of(task):
            scheduler._event_subscriptions[event_of(task)].add(number)
    if given.routes:
        parts.server.app.router.routes.extend(given.routes)
        routes_changed(parts)
    for held, one in given.hooks:
        held.append(one)
    parts.adapters._adapter_defs.update(given.adapters)
    for kind, cls in given.chatters:
        parts.chatters.chatter_classes.setdefault(kind, []).append(cls)


def subscribe_waiting(events: Any, event_name: str) -> None:
    """Handlers that waited for the event to be declared."""
    waiting = events._pending_subscriptions
    for handler in [one for one, names in waiting.items() if event_name in names]:
        if events.subscribe_handler_to_event(handler, event_name):
            waiting[handler].remove(event_name)
        if not waiting[handler]:
            del waiting[handler]


def put_events(parts: Parts, given: Registrations) -> None:
    events = parts.events
    for name, event in given.events.items():
        events._events[name] = event
        subscribe_waiting(events, name)
    events._event_handlers.update(given.handlers)
    events._pending_subscriptions.update(given.pending)
    for event_name, handler in given.subscriptions:
        event = events._events.get(event_name)
        if event is not None and handler not in event.subscribers:
            event.subscribers.append(handler)
            event.subscribers.sort(key=lambda one: getattr(one, "weight", 0), reverse=True)
