"""``/echo``: a command with routes and typed arguments."""

from __future__ import annotations

from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.api.service_api import get_service
from src.app.plugin_system.base import BaseCommand, cmd_route
from src.app.plugin_system.types import PermissionLevel

from .. import state, text  # noqa: TID252


class EchoCommand(BaseCommand):
    """``/echo TEXT``, ``/echo say TEXT [TIMES]``, ``/echo shout TEXT``, ``/echo last [COUNT]``."""

    command_name: str = "echo"
    command_description: str = "Say something back."
    permission_level: PermissionLevel = PermissionLevel.USER

    @cmd_route()
    async def handle_plain(self, words: str = "...") -> tuple[bool, str]:
        """Say it once, with a number."""
        return await self._answer(text.reply(state.note(words), words))

    @cmd_route("say")
    async def handle_say(self, words: str, times: int = 1) -> tuple[bool, str]:
        """Say it several times."""
        settings = self.plugin.config.echo
        repeated = settings.separator.join([words] * min(times, settings.limit))
        return await self._answer(text.reply(state.note(words), repeated))

    @cmd_route("shout")
    async def handle_shout(self, words: str) -> tuple[bool, str]:
        """Say it loudly."""
        return await self._answer(text.reply(state.note(words), text.shouted(words)))

    @cmd_route("last")
    async def handle_last(self, count: int = 3) -> tuple[bool, str]:
        """What was said last."""
        history = get_service("echo:service:history")
        return await self._answer(", ".join(history.last(count)) if history else "nothing")

    async def _answer(self, answer: str) -> tuple[bool, str]:
        await send_text(answer, stream_id=self.stream_id)
        return True, answer
