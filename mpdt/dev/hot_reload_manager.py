"""One refresh or reload at a time, and an event that says what is true afterwards."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mpdt.dev.contents import Edit
from mpdt.dev.edit_history import EditHistory, Named
from mpdt.dev.errors import RequestRefused, WorkerDied, WorkerSilent
from mpdt.dev.frames import with_frames
from mpdt.dev.restarts import RestartLimit
from mpdt.dev.saves import Save, Saves
from mpdt.dev.worker_host import failure
from mpdt.dev.worker_process import Death
from mpdt.events import EventKind, EventLog, ReloadOutcome
from mpdt.language import _
from mpdt.protocol import Operation

if TYPE_CHECKING:
    from mpdt.dev.attached_host import Synced

ANSWER_TIMEOUT = 30.0  # seconds for a refresh or reload; then the plugin is taken to block its loop
PATIENCE = 5  # times that long, if a hook of the plugin's is what is waited for
EXTRAS = ("reason", "forwarded", "ran_before_failure", "registrations", "config", "carried", "lost", "timings")
BAD = frozenset({ReloadOutcome.REJECTED, ReloadOutcome.FAILED})


class Worker(Protocol):
    """What is asked of a ``WorkerHost``."""

    loaded: bool
    death: Death | None

    @property
    def is_alive(self) -> bool: ...

    async def restart(self, *, gently: bool = False, keep_state: bool = True) -> Mapping[str, Any]: ...

    def hold_messages(self) -> None: ...

    def release_messages(self) -> None: ...

    async def request(
        self, operation: Operation, *, within: float | None = None, **parameters: Any
    ) -> Mapping[str, Any]: ...


class Attached(Worker, Protocol):
    """What is asked of an ``AttachedHost`` besides."""

    async def come_back(self) -> Synced: ...

    async def load_again(self) -> Mapping[str, Any]: ...


class HotReloadManager:
    """Carries saves to the worker. What arrives during a round makes the next one, so the last save always
    wins.
    """

    def __init__(
        self,
        root: Path,
        worker: Worker,
        events: EventLog,
        *,
        patch_live: bool,
        revive: bool = True,
        restarts: bool = True,
        clock: Callable[[], float] = time.monotonic,
        answer_timeout: float = ANSWER_TIMEOUT,
    ) -> None:
        """``revive``: a worker that ends by itself is replaced at once. A whole bot is not: it may have been told to
        stop, or have asked something that nobody answered; the next save starts it again. ``restarts``: one that mpdt
        has not started, it does not start again either.
        """
        self._revives = revive
        self._restarts = restarts
        self._root = root
        self._worker = worker
        self._events = events
        self.patch_live = patch_live  # may be changed at any time; a round under way ends as it began
        self.history = EditHistory()
        self._clock = clock
        self._answer_timeout = answer_timeout
        self._limit = RestartLimit()
        self._reviving: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._unresolved: set[Path] = set()  # files of a round that was rejected: the next one tries them again
        self._bad = False  # the last thing that was said is an error
        self._goes_on = asyncio.Event()  # cleared while a debugger holds the plugin's loop
        self._goes_on.set()
        self._held_at = ""

    async def expect(self, path: Path) -> None:
        """First sign of a save: the worker may read and compile the file while its batch is still open."""
        if not (self.patch_live and is_code(path) and self._worker.is_alive and self._worker.loaded):
            return
        try:
            await self._worker.request(Operation.EXPECT, within=self._answer_timeout, files=[str(path)])
        except (WorkerDied, WorkerSilent, RequestRefused):
            pass  # the save itself follows, and says what is wrong

    async def run_step(self, saves: Saves) -> None:
        """Waits for the next save and carries it out."""
        save = await self._when_it_goes_on(await saves.next(), saves)
        await self.carry_out(save)

    def began_with(self, error: object) -> None:
        """What the first load said: going back to what serves is worth a word if it was an error."""
        self._bad = error is not None

    def hold(self, at: str) -> None:
        """A debugger holds the plugin's loop at that line: saves wait, and a late answer is no reason to restart."""
        self._held_at = at
        self._goes_on.clear()

    def hold_away(self) -> None:
        """No bot is connected: saves wait until one is."""
        self._held_at = ""
        self._goes_on.clear()

    def go_on(self) -> None:
        """The plugin's loop turns again, or the worker is another one."""
        self._goes_on.set()

    async def _when_it_goes_on(self, save: Save, saves: Saves) -> Save:
        """The save, with those that come while a debugger holds the plugin; each is acknowledged."""
        while not self._goes_on.is_set():
            self._say_it_waits(save)
            waiting = asyncio.ensure_future(self._goes_on.wait())
            more = asyncio.ensure_future(saves.next())
            try:
                await asyncio.wait({waiting, more}, return_when=asyncio.FIRST_COMPLETED)
                if more.done():
                    save = Save(tuple(sorted({*save.files, *more.result().files})), save.since)
            finally:
                waiting.cancel()
                more.cancel()
        return save

    def _say_it_waits(self, save: Save) -> None:
        names = ", ".join(shorten(path, self._root) for path in save.files)
        message = _("{files} was saved and waits: no bot is connected.", files=names)
        if self._held_at:
            message = _(
                "{files} was saved and waits: a debugger holds the plugin at {place}.", files=names, place=self._held_at
            )
        self._events.emit(EventKind.LOG, {"level": "INFO", "logger": "mpdt", "message": message})

    async def run(self, saves: Saves) -> None:
        """Steps until cancelled."""
        while True:
            await self.run_step(saves)

    async def carry_out(self, save: Save) -> Mapping[str, Any] | None:
        """One round for one save: the event that was emitted, or None if the save made no difference."""
        async with self._turn:
            self._unresolved.update(save.files)
            files = tuple(sorted(self._unresolved))
            event = await self._round(files, save.since, full=False)
            if event is not None:
                self.history.keep(event["seq"], (self._named(edit) for edit in save.edits))
            return event

    def _named(self, edit: Edit) -> Named:
        return Named(shorten(edit.path, self._root), edit)

    async def reload_now(self, *, full: bool = False) -> Mapping[str, Any]:
        """On request: everything is compared with the disk (``full``: loaded anew). Always emits, also
        'unchanged'.
        """
        async with self._turn:
            event = await self._round(tuple(sorted(self._unresolved)), self._clock(), full=full, asked=True)
            assert event is not None
            return event

    async def restart_now(self, reason: str, *, keep_state: bool = True) -> Mapping[str, Any]:
        """On request: another process takes the worker's place, with the saved state or as if for the first time.

        Raises RequestRefused if the worker is a bot that mpdt has not started.
        """
        if not self._restarts:
            raise RequestRefused(not_restarted())
        async with self._turn:
            started = self._clock()
            body = await self._restart_or_fail(reason, gently=True, keep_state=keep_state)
            self._bad = ReloadOutcome(body["outcome"]) in BAD
            return self._emit(body, (), started, started, self._clock() - started)

    async def come_back(self, host: Attached, reason: str) -> None:
        """A bot is connected again. What it serves is compared with the files, and an event says what is true now."""
        async with self._turn:
            started, files = self._clock(), tuple(sorted(self._unresolved))
            try:
                had = await host.come_back()
                if not had.loaded:
                    loaded = await host.load_again()
                    outcome = ReloadOutcome.RESTARTED if loaded.get("loaded") else ReloadOutcome.FAILED
                    body: Mapping[str, Any] = {"outcome": outcome, "error": loaded.get("error")}
                elif had.changed or not had.clean:
                    files = tuple(sorted({*files, *had.changed}))
                    body = await self._ask(files or None, full=False)
                else:
                    body = {"outcome": ReloadOutcome.UNCHANGED}
            except WorkerDied:
                return  # it is gone again; there will be another time
            except (WorkerSilent, RequestRefused) as error:
                body = {"outcome": ReloadOutcome.FAILED, "error": failure(type(error).__name__, str(error))}
            self._bad = ReloadOutcome(body["outcome"]) in BAD
            if not self._bad:
                self._unresolved.clear()
            if self._worker.is_alive:
                self.go_on()
            self._emit({**body, "reason": reason}, files, started, started, self._clock() - started)

    def on_death(self, death: Death) -> None:
        """The worker ended by itself: another takes its place. In the middle of a round, the round sees to it."""
        self.go_on()
        if self._turn.locked():
            return
        if not (self._revives and self._limit.allows(self._clock())):
            self._emit(self._failed_body(death), (), self._clock(), self._clock(), 0.0)
            return
        self._worker.hold_messages()
        task = asyncio.create_task(self._revive(death), name="restart")
        self._reviving.add(task)
        task.add_done_callback(self._reviving.discard)

    async def _revive(self, death: Death) -> None:
        async with self._turn:
            started = self._clock()
            try:
                if self._worker.is_alive:  # a save came first
                    return
                body = await self._restart_or_fail(death.sentence)
            finally:
                self._worker.release_messages()
            self._emit(body, (), started, started, self._clock() - started)

    async def _round(
        self, files: tuple[Path, ...], since: float, *, full: bool, asked: bool = False
    ) -> Mapping[str, Any] | None:
        started = self._clock()
        try:
            if not self._worker.is_alive and self._restarts:
                body = await self._restart(self._reason())
            else:
                body = await self._ask(None if asked else files, full=full)
        except WorkerDied as error:
            if not self._restarts:
                if asked:
                    raise
                return None  # the files are compared when it is back, and the event comes then
            if self._limit.allows(started):
                body = await self._restart_or_fail(self._reason())
            else:
                body = self._failed_body(self._worker.death, str(error))
        except WorkerSilent as error:
            body = await self._restart_or_fail(_("{error} The plugin may block its event loop.", error=error))
        except RequestRefused as error:
            outcome = ReloadOutcome.REJECTED if self._worker.loaded else ReloadOutcome.FAILED
            body = {"outcome": outcome, "error": failure("RequestRefused", str(error))}
        outcome = ReloadOutcome(body["outcome"])
        was_bad, self._bad = self._bad, outcome in BAD
        if outcome not in BAD:
            self._unresolved.clear()
        # After an error, going back to the running version is worth a word: it takes the error off the
        # screen.
        if outcome is ReloadOutcome.UNCHANGED and not asked and not was_bad:
            return None
        return self._emit(body, files, since, started, self._clock() - started)

    async def _ask(self, files: tuple[Path, ...] | None, *, full: bool) -> Mapping[str, Any]:
        names = None if files is None else [str(path) for path in files]
        rude: Iterable[Any] = ()
        # Code is patched only if that is asked for. A config file is applied in place all the same, and for other files
        # the worker knows whether they matter.
        only_data = bool(files) and not any(is_code(path) for path in files or ())
        if (self.patch_live or only_data) and self._worker.loaded and not full:
            report = await self._answer(Operation.REFRESH, names)
            if report["outcome"] != "structural":
                return report
            rude = report.get("rude_edits", ())
            names = names or report.get("files")
        body = await self._answer(Operation.RELOAD, names or [])
        self._worker.loaded = body["outcome"] != ReloadOutcome.FAILED
        if body.get("restart") and not self._restarts:
            advice = _("Restart the bot to be rid of it.")
            body = {**body, "reason": f"{body['restart']} {advice}"}
        elif body.get("restart"):
            restarted = await self._restart(str(body["restart"]), gently=True)
            body = {**body, **restarted}
        return {**body, "rude_edits": list(rude)}

    async def _answer(self, operation: Operation, files: list[str] | None) -> Mapping[str, Any]:
        """The worker's answer. Raises WorkerSilent when it is late, unless the plugin's hook is what takes so long.

        A hook has a limit of its own in the worker, and the old version serves on when that is exceeded; to end the
        worker would give that up. But a loop that does not turn will never answer.
        """
        asking = asyncio.ensure_future(self._worker.request(operation, files=files))
        try:
            for _turn in range(PATIENCE):
                await asyncio.wait({asking}, timeout=self._answer_timeout)
                while not (asking.done() or self._goes_on.is_set()):
                    waiting = asyncio.ensure_future(self._goes_on.wait())
                    await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
                    waiting.cancel()
                    await asyncio.wait({asking}, timeout=self._answer_timeout)
                if asking.done() or not await self._is_waiting():
                    break
            if asking.done():
                return asking.result()
            raise WorkerSilent(
                _(
                    "The worker did not answer {operation} within {within:g} s.",
                    operation=operation,
                    within=self._answer_timeout,
                )
            )
        finally:
            asking.cancel()

    async def _is_waiting(self) -> bool:
        """Does the worker's loop turn, and wait for something of the plugin's?"""
        try:
            state = await self._worker.request(Operation.STATE, within=self._answer_timeout)
        except (WorkerDied, WorkerSilent, RequestRefused):
            return False
        return state.get("loop") == "running" and bool(state.get("waits_for"))

    async def _restart(self, reason: str, *, gently: bool = False, keep_state: bool = True) -> Mapping[str, Any]:
        loaded = await self._worker.restart(gently=gently, keep_state=keep_state)
        self.go_on()
        outcome = ReloadOutcome.RESTARTED if loaded.get("loaded") else ReloadOutcome.FAILED
        return {"outcome": outcome, "error": loaded.get("error"), "reason": reason}

    async def _restart_or_fail(
        self, reason: str, *, gently: bool = False, keep_state: bool = True
    ) -> Mapping[str, Any]:
        if not self._restarts:
            return self._failed_body(None, f"{reason} {not_restarted()}")
        try:
            return await self._restart(reason, gently=gently, keep_state=keep_state)
        except (WorkerDied, WorkerSilent) as error:
            return self._failed_body(self._worker.death, str(error))

    def _reason(self) -> str:
        death = self._worker.death
        return _("The worker was gone.") if death is None else death.sentence

    def _failed_body(self, death: Death | None, message: str = "") -> Mapping[str, Any]:
        self._bad = True
        output = () if death is None else death.output
        sentence = message if death is None else death.sentence
        if self._restarts:
            sentence = _("{sentence} It is started again at the next save.", sentence=sentence)
        return {"outcome": ReloadOutcome.FAILED, "error": failure("WorkerDied", sentence, output)}

    def _emit(
        self, body: Mapping[str, Any], files: Iterable[Path], since: float, started: float, took: float
    ) -> Mapping[str, Any]:
        shown = [shorten(path, self._root) for path in files] or [
            shorten(Path(name), self._root) for name in body.get("files", ())
        ]
        event: dict[str, Any] = {
            "outcome": str(body["outcome"]),
            "files": shown,
            "changes": list(body.get("changes", ())),
            "rude_edits": list(body.get("rude_edits", ())),
            "error": with_frames(body.get("error"), self._root),
            "still_running": list(body.get("still_running", ())),
            "leaks": list(body.get("leaks", ())),
            "ms": {
                "watch": milliseconds(started - since),
                "apply": milliseconds(took),
                "total": milliseconds(started - since + took),
            },
        }
        for extra in EXTRAS:
            if body.get(extra):
                event[extra] = body[extra]
        return self._events.emit(EventKind.RELOAD, event)


def not_restarted() -> str:
    return _("mpdt did not start this bot, and does not restart it.")


def is_code(path: Path) -> bool:
    """Can the engine patch it?"""
    return path.suffix == ".py"


def shorten(path: Path, root: Path) -> str:
    """The path as a person knows it: below the plugin folder, with forward slashes."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)
