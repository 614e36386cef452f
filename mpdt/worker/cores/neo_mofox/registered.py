"""What one version of the plugin has in the core's registries: put in and taken out as a whole.

Taking out and putting in happens within one turn of the loop: nobody sees the half of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpdt.worker.cores.belonging import is_of_plugin, plugin_code
from mpdt.worker.cores.neo_mofox.parts import Parts
from mpdt.worker.cores.parents import Parent


@dataclass(frozen=True, slots=True)
class Subscription:
    """A listener on the core's bus. ``code``: the plugin's function in it; the core may have wrapped that."""

    event: str
    listener: Any
    priority: int
    code: Any


@dataclass(slots=True)
class Registrations:
    """``classes`` by ``@register_plugin``; ``components``: class and dependencies, by signature, in order."""

    classes: dict[str, Any] = field(default_factory=dict)
    config: Any = None
    listed: dict[str, Any] = field(default_factory=dict)
    components: dict[str, tuple[Any, list[str]]] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    plugin: tuple[Any, Any, str] | None = None  # instance, the core's manifest, path
    handlers: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # what a handler or router was registered with
    own: list[Subscription] = field(default_factory=list)  # that the plugin made on the bus by itself
    temporary: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # handler and what unsubscribes it
    schedules: dict[str, Any] = field(default_factory=dict)
    templates: dict[str, Any] = field(default_factory=dict)
    reminders: dict[tuple[str, str], Any] = field(default_factory=dict)
    parents: list[Parent] = field(default_factory=list)


def own_subscriptions(parts: Parts, folder: Path) -> list[Subscription]:
    """Listeners that are the plugin's own code; its event handlers are wrapped by the core, and are not among them."""
    return [
        Subscription(event, listener, entry.priority, code)
        for event, listeners in parts.bus._subscribers.items()
        for listener, entry in listeners.items()
        if (code := plugin_code(listener, folder)) is not None
    ]


def take_out(parts: Parts, name: str, folder: Path, into: Registrations) -> None:
    """Take everything of the plugin ``name`` out of the core's registries."""
    classes = parts.loader._plugin_registry
    into.classes = {one: cls for one, cls in classes.items() if one == name or is_of_plugin(cls, folder)}
    for one in into.classes:
        del classes[one]
    into.config = parts.configs._configs.pop(name, None)
    take_components(parts, name, into)
    instance = parts.plugins._loaded_plugins.pop(name, None)
    manifest, path = parts.plugins._manifests.pop(name, None), parts.plugins._plugin_paths.pop(name, "")
    parts.plugins._failed_plugins.pop(name, None)
    into.plugin = None if instance is None else (instance, manifest, path)
    into.own = own_subscriptions(parts, folder)
    for subscription in into.own:
        parts.bus.unsubscribe(subscription.event, subscription.listener)
    take_timed(parts, folder, into)
    for template in into.templates:
        if template in parts.prompts._templates:
            into.templates[template] = parts.prompts._templates.pop(template)
    for bucket, reminder in into.reminders:
        kept = parts.reminders._data.get(bucket, {}).get(reminder)
        if kept is not None:
            into.reminders[bucket, reminder] = kept
            parts.reminders.delete(bucket, reminder)


def take_timed(parts: Parts, folder: Path, into: Registrations) -> None:
    """Temporary handlers, whose listeners are among ``own``, and schedules."""
    events, scheduler = parts.events, parts.schedules
    mine = [one for one, handler in events._temporary_handlers.items() if is_of_plugin(handler, folder)]
    into.temporary = {one: (events._temporary_handlers.pop(one), events._temporary_wrappers.pop(one)) for one in mine}
    planned = [one for one, task in scheduler._tasks.items() if is_of_plugin(task.callback, folder)]
    into.schedules = {one: scheduler._tasks.pop(one) for one in planned}
    for number, task in into.schedules.items():
        if scheduler._tasks_by_name.get(task.task_name) == number:
            del scheduler._tasks_by_name[task.task_name]
        scheduler._event_subscriptions.get(event_of(task), set()).discard(number)


def put_timed(parts: Parts, given: Registrations) -> None:
    events, scheduler = parts.events, parts.schedules
    for number, (handler, endings) in given.temporary.items():
        events._temporary_handlers[number] = handler
        events._temporary_wrappers[number] = endings
    for number, task in given.schedules.items():
        scheduler._tasks[number] = task
        scheduler._tasks_by_name[task.task_name] = number
        if event_of(task):
            scheduler._event_subscriptions[event_of(task)].add(number)


def event_of(task: Any) -> str:
    """The event that starts a schedule; empty if it is a time."""
    return str(task.trigger_config.get("event_name") or "") if task.trigger_type.name == "EVENT" else ""


def take_components(parts: Parts, name: str, into: Registrations) -> None:
    prefix = f"{name}:"
    registry = parts.registry
    into.components = {
        signature: (cls, registry.get_dependencies(signature))
        for signature, cls in registry._components.items()
        if signature.startswith(prefix)
    }
    into.handlers = {one: handler for one, handler in parts.events._handler_map.items() if one.startswith(prefix)}
    for signature in into.handlers:
        parts.events._unregister_handler_locked(signature)
    for signature in into.components:
        registry.unregister(signature)
        parts.actions._schema_cache.pop(signature, None)
    for table, kept in ((parts.states._states, into.states), (parts.states._runtime_data, into.data)):
        kept.clear()
        kept.update({one: table.pop(one) for one in [one for one in table if one.startswith(prefix)]})


def put_in(parts: Parts, name: str, given: Registrations) -> None:
    """Put back what was taken out."""
    parts.loader._plugin_registry.update(given.classes)
    if given.config is not None:
        parts.configs._configs[name] = given.config
    for signature, (cls, dependencies) in given.components.items():
        parts.registry.register(cls, signature, dependencies)
    parts.states._states.update(given.states)
    parts.states._runtime_data.update(given.data)
    if given.plugin is not None:
        instance, manifest, path = given.plugin
        parts.plugins._loaded_plugins[name] = instance
        parts.plugins._manifests[name] = manifest
        parts.plugins._plugin_paths[name] = path
    for signature, handler in given.handlers.items():
        parts.events._register_handler_locked(signature, handler)
    put_timed(parts, given)
    for subscription in given.own:
        parts.bus.subscribe(subscription.event, subscription.listener, subscription.priority)
    parts.prompts._templates.update({one: made for one, made in given.templates.items() if made is not None})
    for (bucket, reminder), kept in given.reminders.items():
        if kept is not None:
            parts.reminders._data.setdefault(bucket, {})[reminder] = kept
