"""``--replay``: the last message is sent again after each change, and the replies before and after are compared."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from mpdt.events import EventKind, EventLog, ReloadOutcome
from mpdt.language import _
from mpdt.web.errors import Refused, Unavailable

CHANGED = frozenset({ReloadOutcome.PATCHED, ReloadOutcome.RELOADED, ReloadOutcome.RESTARTED})
Ask = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]


def line_of(reply: Mapping[str, Any]) -> str:
    """A reply as one line, without the stream's number."""
    content = reply["content"]
    return f"{reply['type']}: {content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)}"


def difference(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The lines that went, with ``-``, and that came, with ``+``, in their places; none if nothing changed."""
    import difflib

    return [line for line in difflib.ndiff(before, after) if line[0] in "+-"]


class Replay:
    """Keeps the last message and its replies. ``automatic``: it is sent again after each change."""

    def __init__(self, events: EventLog, ask: Ask, *, automatic: bool) -> None:
        self.automatic = automatic
        self._events = events
        self._ask = ask
        self._last: tuple[dict[str, Any], list[str]] | None = None

    def note(self, fields: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """This was said, and so it was answered."""
        self._last = dict(fields), [line_of(reply) for reply in answer["replies"]]

    def is_due(self, event: Mapping[str, Any]) -> bool:
        return self.automatic and event["event"] == EventKind.RELOAD and event["outcome"] in CHANGED

    async def after_change(self) -> None:
        """Send it again, if there is one. Without a worker there is nothing to say."""
        with contextlib.suppress(Unavailable, Refused):
            await self.again()

    async def again(self) -> Mapping[str, Any]:
        """Send it again; the event that says what differs. Raises Refused if nothing was sent yet, Unavailable."""
        if self._last is None:
            raise Refused(_("No message has been sent yet, so there is none to send again."))
        fields, before = self._last
        answer = await self._ask(fields)
        self.note(fields, answer)
        after = self._last[1]
        body = {"text": fields["text"], "before": before, "after": after, "difference": difference(before, after)}
        return self._events.emit(EventKind.REPLAY, body)
