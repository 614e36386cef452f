"""Notes which prompt templates and reminders the plugin makes: they hold no code that would tell it later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpdt.worker.cores.belonging import asked_by_plugin
from mpdt.worker.cores.neo_mofox.parts import Parts
from mpdt.worker.cores.neo_mofox.registered import Registrations


class Notes:
    """From now on, until ``end``. ``current`` gives the registrations of the version that runs."""

    def __init__(self, parts: Parts, current: Callable[[], Registrations]) -> None:
        self._prompts, self._reminders = parts.prompts, parts.reminders
        self._current = current
        register, remember = parts.prompts.register_template, parts.reminders.set

        def register_template(template: Any) -> None:
            register(template)
            if asked_by_plugin():
                self._current().templates[template.name] = None

        def set_reminder(bucket: Any, name: str, *arguments: Any, **options: Any) -> None:
            remember(bucket, name, *arguments, **options)
            if asked_by_plugin():
                key = str(getattr(bucket, "value", bucket)).strip()
                self._current().reminders[key, name.strip()] = None

        vars(self._prompts)["register_template"] = register_template
        vars(self._reminders)["set"] = set_reminder

    def end(self) -> None:
        vars(self._prompts).pop("register_template", None)
        vars(self._reminders).pop("set", None)
