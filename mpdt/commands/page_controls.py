"""What the page's controls do to a running server; what the page is told of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mpdt.commands.replaying import Replay
from mpdt.dev.edit_history import ChangedSince, NothingToRevert
from mpdt.dev.errors import RequestRefused
from mpdt.dev.hot_reload_manager import HotReloadManager
from mpdt.events import EventKind, EventLog
from mpdt.language import _
from mpdt.web.errors import Conflict, Refused, Unavailable
from mpdt.web.media import Media


class PageControls:
    """The ``Controlled`` of one server."""

    def __init__(self, manager: HotReloadManager, events: EventLog, replay: Replay) -> None:
        self._manager = manager
        self._events = events
        self._replay = replay
        self.media = Media()

    @property
    def mode(self) -> str:
        """What a save does: ``patch-live`` or ``reload``."""
        return "patch-live" if self._manager.patch_live else "reload"

    async def set_mode(self, mode: str) -> Mapping[str, Any]:
        self._manager.patch_live = mode == "patch-live"
        return self._events.emit(EventKind.MODE, {"mode": self.mode})

    async def restart(self, *, keep_state: bool) -> Mapping[str, Any]:
        reason = _("Asked for in the page.") if keep_state else _("Asked for in the page: its state was cleared.")
        try:
            return await self._manager.restart_now(reason, keep_state=keep_state)
        except RequestRefused as error:
            raise Refused(str(error)) from None

    def edits(self, seq: int) -> list[dict[str, Any]]:
        return self._manager.history.describe(seq)

    def revert(self, seq: int, name: str, *, force: bool) -> None:
        try:
            self._manager.history.revert(seq, name, force=force)
        except ChangedSince as error:
            raise Conflict(str(error)) from None
        except NothingToRevert as error:
            raise Refused(str(error)) from None
        except OSError as error:
            raise Unavailable(_("{name} cannot be written: {why}.", name=name, why=error.strerror)) from None

    async def again(self) -> Mapping[str, Any]:
        return await self._replay.again()

    def set_replay(self, on: bool) -> None:
        self._replay.automatic = on
        self._events.emit(EventKind.MODE, {"mode": self.mode, "replay": on})

    def tell_message(self, fields: Mapping[str, Any], answer: Mapping[str, Any], seconds: float) -> None:
        """An event for what was said and answered, wherever it was said."""
        images = [self.media.add(image) for image in fields.get("images") or ()]
        said = {name: fields.get(name) for name in ("text", "user", "group", "role", "mentions")}
        told = {
            "images": [image for image in images if image is not None],
            "replies": [self.media.told(reply) for reply in answer["replies"]],
            "timed_out": bool(answer.get("timed_out")),
            "exchange": answer.get("exchange"),
            "ms": round(seconds * 1000, 2),
        }
        self._events.emit(EventKind.MESSAGE, {**said, **told})
