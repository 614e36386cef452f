"""A patch that turns out to be impossible when the live objects are seen."""

from __future__ import annotations

from mpdt_hooks.errors import ReloadError
from mpdt_hooks.model import RudeEdit


class Refused(ReloadError):
    """Carries the rude edit; whatever was done is undone, and the outcome is structural."""

    def __init__(self, edit: RudeEdit) -> None:
        super().__init__(edit.reason)
        self.edit = edit
