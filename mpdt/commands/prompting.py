"""The prompt of ``mpdt dev`` in a terminal: a line is read, carried out, and shown among the live output."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mpdt.commands.prompt_lines import (
    Action,
    Call,
    Do,
    Mistake,
    Names,
    Say,
    Speak,
    Speaker,
    completions,
    names_of,
    parse,
    saved,
    verbs,
)
from mpdt.commands.send import SendError, encoded
from mpdt.events import Event
from mpdt.language import _
from mpdt.web.errors import Refused, Unavailable

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

Tell = Callable[[Event], object]
"""Shows an event that is nobody else's: it is in no log, and goes to no browser."""


class Served(Protocol):
    """What the prompt asks. Every method may raise Unavailable, all but ``message`` and ``reload`` also Refused."""

    async def state(self) -> Mapping[str, Any]: ...

    async def reload(self, *, full: bool) -> Mapping[str, Any]: ...

    async def message(self, fields: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def call(self, kind: str, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]: ...

    def save_scenario(self, name: str, numbers: list[int] | None, last: int | None) -> Path: ...

    async def play_scenarios(self, words: str | None) -> Mapping[str, Any]: ...


def is_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Is there somebody at a terminal who could type, and who sees what is typed?"""
    if environment.get("TERM") == "dumb":
        return False
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


class Prompt:
    """Reads lines until it is cancelled, or somebody wants to leave."""

    def __init__(self, served: Served, tell: Tell, leave: Callable[[], object], history: Path) -> None:
        self._served = served
        self._tell = tell
        self._leave = leave
        self._history = history
        self._speaker = Speaker()
        self._last: Say | Call | None = None
        self._said_with = self._speaker
        self.names: Names = {}

    async def run(self) -> None:
        """What it needs is imported now, when the server serves already."""
        session = await asyncio.to_thread(self._make_session)
        from prompt_toolkit.patch_stdout import patch_stdout

        await self.look()
        with patch_stdout(raw=True):
            while (line := await self._line(session)) is not None:
                await self.carry_out(parse(line, self._speaker))
            self._leave()
            await asyncio.Event().wait()  # the server cancels this when it stops; until then output goes on

    async def look(self) -> None:
        """Which names there are to complete."""
        try:
            self.names = names_of((await self._served.state()).get("components") or [])
        except Unavailable:
            self.names = {}

    def _make_session(self) -> PromptSession[str]:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import CompleteEvent, Completer, Completion
        from prompt_toolkit.document import Document

        prompt = self

        class Names(Completer):
            def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
                for text, length in completions(document.text_before_cursor.lstrip(), prompt.names):
                    yield Completion(text, start_position=-length)

        return PromptSession(history=kept_history(self._history), completer=Names(), complete_while_typing=False)

    async def _line(self, session: PromptSession[str]) -> str | None:
        """The next line; None if the user wants to leave: Ctrl+D, or Ctrl+C on an empty line."""
        while True:
            try:
                # SIGINT from elsewhere ends the server by its own handler; a typed Ctrl+C arrives as a key.
                return await session.prompt_async(lambda: f"{self._speaker.sign}> ", handle_sigint=False)
            except EOFError:
                return None
            except KeyboardInterrupt:
                if not session.default_buffer.text:
                    return None

    async def carry_out(self, action: Action) -> None:
        """Does it, and shows what came of it."""
        try:
            match action:
                case Say() | Call():
                    await self._ask(action, self._speaker)
                case Speak(speaker):
                    self._speaker = speaker
                case Do(verb, argument):
                    await self._do(verb, argument)
                case Mistake(sentence):
                    self._note(sentence)
        except (Unavailable, Refused, SendError) as error:
            self._note(str(error))

    async def _ask(self, action: Say | Call, speaker: Speaker) -> None:
        self._last, self._said_with = action, speaker
        if isinstance(action, Call):
            answer = await self._served.call(action.kind, action.name, action.arguments)
        else:
            answer = await self._served.message(await asyncio.to_thread(fields_of, action.text, speaker))
            self._speaker = Speaker(speaker.user, speaker.group, speaker.role)
        self._tell({"event": "exchange", "answer": answer})

    async def _do(self, verb: str, argument: str) -> None:
        works: dict[str, Callable[[str], Awaitable[None]]] = {
            "again": self._again,
            "reload": self._reload,
            "state": self._state,
            "save": self._save,
            "test": self._test,
            "help": self._help,
            "quit": self._quit,
        }
        await works[verb](argument)

    async def _again(self, _argument: str) -> None:
        if self._last is None:
            self._note(_("Nothing has been said yet."))
        else:
            await self._ask(self._last, self._said_with)

    async def _reload(self, _argument: str) -> None:
        await self._served.reload(full=True)  # its event is shown to everybody

    async def _state(self, _argument: str) -> None:
        self._tell({"event": "state", "state": await self._served.state()})

    async def _save(self, argument: str) -> None:
        name, count = saved(argument)
        path = self._served.save_scenario(name, None, count)
        self._note(_("saved in {path}", path=path))

    async def _test(self, argument: str) -> None:
        await self._served.play_scenarios(argument or None)

    async def _help(self, _argument: str) -> None:
        wide = max(len(f":{verb} {argument}") for verb, (argument, _meaning) in verbs().items())
        lines = [_("A line is a message to the plugin. What begins with a colon is for mpdt:")]
        lines += [f"  {f':{verb} {argument}':{wide}}  {meaning}" for verb, (argument, meaning) in verbs().items()]
        self._note("\n".join(lines))

    async def _quit(self, _argument: str) -> None:
        self._leave()

    def _note(self, text: str) -> None:
        self._tell({"event": "note", "text": text})


def fields_of(text: str, speaker: Speaker) -> dict[str, Any]:
    """The message. Raises SendError if an image cannot be read."""
    named = {"user": speaker.user, "group": speaker.group, "role": speaker.role}
    fields: dict[str, Any] = {"text": text, **{name: value for name, value in named.items() if value is not None}}
    if speaker.images:
        fields["images"] = [encoded(path) for path in speaker.images]
    if speaker.mentions:
        fields["mentions"] = list(speaker.mentions)
    return fields


def kept_history(path: Path) -> Any:
    """What was typed in earlier runs, readable to the user alone; of this run only, where it cannot be kept."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))
