"""What the loaded version has running and open, from its ledger: where it was started, and for how long it runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mpdt.worker.closing import is_closed, is_running, pid_of, shared_threads
from mpdt.worker.ledger import Kind, Ledger
from mpdt.worker.places import standing_place, thread_place
from mpdt.worker.registries import databases_of

MOST = 500  # things of one kind that are listed


@dataclass(frozen=True, slots=True)
class Holding:
    """``age`` and ``due`` (when a timer fires) in seconds from now; ``stands``: the line that it is at."""

    kind: Kind
    name: str
    place: str
    age: float | None = None
    stands: str | None = None
    due: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "name": self.name,
            "place": self.place,
            "age": None if self.age is None else round(self.age, 3),
            "stands": self.stands,
            "due": None if self.due is None else round(self.due, 3),
        }


def holdings(ledger: Ledger) -> list[dict[str, Any]]:
    """Everything that has not ended, by kind; to be called on the plugin's loop."""
    now = time.monotonic()
    found: list[dict[str, Any]] = []
    for source in (tasks(ledger, now), timers(ledger, now), threads(ledger, now), opened(ledger, now)):
        found += [one.to_json() for one, _ in zip(source, range(MOST), strict=False)]
    return found


def age_of(ledger: Ledger, thing: object, now: float) -> float | None:
    since = ledger.since(thing)
    return None if since is None else now - since


def tasks(ledger: Ledger, now: float) -> Iterator[Holding]:
    for task in ledger.running():
        age = age_of(ledger, task, now)
        yield Holding(Kind.TASK, task.get_name(), ledger.place(task), age, standing_place(task))


def timers(ledger: Ledger, now: float) -> Iterator[Holding]:
    turn = asyncio.get_running_loop().time()
    for handle, place in ledger.live(Kind.TIMER):
        if not handle.cancelled() and handle.when() > turn:
            callback = getattr(handle, "_callback", None)
            name = str(getattr(callback, "__qualname__", "call_later"))
            yield Holding(Kind.TIMER, name, place, age_of(ledger, handle, now), None, handle.when() - turn)


def threads(ledger: Ledger, now: float) -> Iterator[Holding]:
    idle = shared_threads()
    for thread, place in ledger.threads():
        stands = thread_place(thread.ident, ledger.folder)
        if thread not in idle or stands:
            yield Holding(Kind.THREAD, str(thread.name), place, age_of(ledger, thread, now), stands or None)


def opened(ledger: Ledger, now: float) -> Iterator[Holding]:
    for kind, is_open, name_of in OPENED:
        for thing, place in ledger.live(kind):
            if is_open(thing):
                yield Holding(kind, name_of(thing), place, age_of(ledger, thing, now))
    for connection, place in databases_of(ledger, looking=True):
        yield Holding(Kind.DATABASE, type(connection).__name__, place)
    for one in ledger.installed():
        yield Holding(one.kind, one.name, one.place, now - one.since)


def pool_is_open(executor: Any) -> bool:
    return not (getattr(executor, "_shutdown", False) or getattr(executor, "_shutdown_thread", False))


def named(thing: Any) -> str:
    name = getattr(thing, "name", None)
    return name if isinstance(name, str) and name else type(thing).__name__


def address(sock: Any) -> str:
    """The socket's own address; a socket that is closed meanwhile has none."""
    try:
        name = sock.getsockname()
    except OSError:
        return type(sock).__name__
    return f"{name[0]}:{name[1]}" if isinstance(name, tuple) and len(name) >= 2 else str(name or type(sock).__name__)


def addresses(server: Any) -> str:
    return ", ".join(address(sock) for sock in server.sockets) or type(server).__name__


OPENED: tuple[tuple[Kind, Any, Any], ...] = (
    (Kind.SERVER, lambda server: server.is_serving() or server.sockets, addresses),
    (Kind.SESSION, lambda session: not is_closed(session), named),
    (Kind.EXECUTOR, pool_is_open, named),
    (Kind.PROCESS, is_running, lambda process: str(pid_of(process))),
    (Kind.SOCKET, lambda sock: sock.fileno() != -1, address),
    (Kind.FILE, lambda file: not file.closed, named),
)
