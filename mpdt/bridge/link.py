"""The bridge's side of the connection between a running bot and ``mpdt dev --attach``. Standard library only.

The bridge listens nowhere. A thread tries the developer's address, on loopback, at intervals that grow to ``MOST``
seconds, and says nothing of a failure. Who answers has to prove that it knows the token before what it sends is
looked at: somebody else on this machine may listen there while ``mpdt dev`` does not, and what comes over this
connection is run. The token itself is never sent.

After that the developer's mpdt sends its engine, a closed list of packages, once for each process; from then on this
file only carries messages to ``mpdt.worker.attached`` and back. So the bridge stays as it is when mpdt changes.
"""

from __future__ import annotations

import atexit
import base64
import hashlib
import hmac
import importlib
import importlib.machinery
import io
import json
import os
import platform
import queue
import secrets
import shutil
import socket
import struct
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

VERSION = 1
PROTOCOL = "mpdt-bridge-1"
FIRST, MOST = 0.1, 5.0  # seconds before another try
CONNECT_LIMIT = 5.0
IDLE_LIMIT = 60.0  # the other side pings every 30 s
STRANGER_LIMIT = 64 * 1024  # bytes of a message from somebody who has proven nothing yet
MESSAGE_LIMIT = 64 * 1024 * 1024
FRAME_LIMIT = 10_000  # messages waiting to be written; beyond it those that may be lost are
SENTENCE_LIMIT = 400
STOP_LIMIT = 5.0
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
CONTINUATION, TEXT, CLOSE, PING, PONG = 0, 1, 8, 9, 10

ATTACHED = "mpdt.worker.attached"


class Lost(Exception):
    """The connection ended, or what came is not what was agreed. Not spoken of: another try follows."""


class Refused(Exception):
    """A reason that a person has to know; the text is a sentence."""


def proof(token: str, side: str, own: str, other: str) -> str:
    """What only somebody with the token can say. Both nonces are in it: nothing that was heard can be said again."""
    return hmac.new(token.encode(), f"{side}|{own}|{other}".encode(), hashlib.sha256).hexdigest()


class WebSocket:
    """The client's side of RFC 6455: text messages, without extensions. Reading and writing may be two threads'."""

    def __init__(self, connection: socket.socket, rest: bytes = b"") -> None:
        self._connection = connection
        self._received = rest
        self._writing = threading.Lock()
        self.limit = STRANGER_LIMIT

    def send(self, data: bytes, kind: int = TEXT) -> None:
        """Raises OSError."""
        size, mask = len(data), os.urandom(4)
        if size < 126:
            head = struct.pack("!BB", 0x80 | kind, 0x80 | size)
        elif size < 65536:
            head = struct.pack("!BBH", 0x80 | kind, 0xFE, size)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 0xFF, size)
        with self._writing:
            self._connection.sendall(head + mask + masked(data, mask))

    def receive(self) -> str:
        """The next text. Raises Lost or OSError at the end."""
        parts: list[bytes] = []
        while True:
            is_last, kind, data = self._frame(self.limit - sum(map(len, parts)))
            if kind == PING:
                self.send(data, PONG)
            elif kind == CLOSE:
                raise Lost("closed")
            elif kind == PONG:
                pass
            elif kind == (CONTINUATION if parts else TEXT):
                parts.append(data)
                if is_last:
                    return b"".join(parts).decode("utf-8", "replace")
            else:
                raise Lost("frame")

    def _frame(self, room: int) -> tuple[bool, int, bytes]:
        first, second = self._take(2)
        size = second & 0x7F
        if first & 0x70 or second & 0x80:  # an extension that nobody asked for; a server does not mask
            raise Lost("frame")
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8))
        if size > room:
            raise Lost("size")
        return bool(first & 0x80), first & 0x0F, self._take(size)

    def _take(self, count: int) -> bytes:
        chunks, had = [self._received], len(self._received)
        while had < count:
            chunk = self._connection.recv(max(65536, min(count - had, 1 << 20)))
            if not chunk:
                raise Lost("end")
            chunks.append(chunk)
            had += len(chunk)
        data = b"".join(chunks)
        self._received = data[count:]
        return data[:count]

    def close(self) -> None:
        try:
            self._connection.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads
        except OSError:
            pass
        self._connection.close()


def masked(data: bytes, mask: bytes) -> bytes:
    size = len(data)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


def connect(host: str, port: int) -> WebSocket:
    """Raises OSError if nobody is there, Lost if it is somebody else."""
    connection = socket.create_connection((host, port), timeout=CONNECT_LIMIT)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16))
        name = f"[{host}]" if ":" in host else host
        lines = (
            "GET / HTTP/1.1",
            f"Host: {name}:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key.decode()}",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Protocol: {PROTOCOL}",
        )
        connection.sendall("\r\n".join((*lines, "", "")).encode())
        head, rest = read_head(connection)
        status, *fields = head.decode("latin-1").split("\r\n")
        given = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in fields)}
        wanted = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        if status.split(" ")[1:2] != ["101"] or given.get("sec-websocket-accept") != wanted:
            raise Lost("upgrade")
        if given.get("sec-websocket-protocol") != PROTOCOL:
            raise Lost("protocol")
        connection.settimeout(IDLE_LIMIT)
    except BaseException:
        connection.close()
        raise
    return WebSocket(connection, rest)


def read_head(connection: socket.socket) -> tuple[bytes, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(4096)
        if not chunk or len(received) > STRANGER_LIMIT:
            raise Lost("head")
        received += chunk
    head, _, rest = received.partition(b"\r\n\r\n")
    return head, rest


class EngineFinder:
    """Last on ``sys.meta_path``: what the bot's interpreter has itself comes first. A closed list, as under
    ``mpdt dev``: were more importable, a plugin's undeclared dependency would be found here and not in the bot.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder = str(folder)
        self._names = frozenset(names)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self._names:  # what is below a served package is found by that package's own path
            return None
        return importlib.machinery.PathFinder.find_spec(name, [self._folder], target)


def unpack(archive: bytes, folder: Path) -> list[str]:
    """The top-level names that were put into the folder. Raises Lost if a name leads out of it."""
    names: dict[str, None] = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for entry in opened.infolist():
            path = PurePosixPath(entry.filename)
            if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
                raise Lost("archive")
            names[path.parts[0].removesuffix(".py")] = None
            place = folder.joinpath(*path.parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(opened.read(entry))
    return list(names)


class Link:
    """One bridge in one bot, from ``start`` to ``stop``. ``loop`` is the bot's."""

    def __init__(
        self, loop: Any, kind: str, settings: Mapping[str, Any], token: str, say: Callable[[str], None]
    ) -> None:
        """``settings``: what ``mpdt bridge install`` wrote (``url``, ``words``); ``say`` shows a sentence."""
        self._loop = loop
        self._kind = kind
        address = urlsplit(str(settings["url"]))
        self._host, self._port = str(address.hostname), int(address.port or 0)
        self._words: Mapping[str, str] = settings.get("words") or {}
        self._token = token
        self._say = say
        self._said = ""
        self._bot = secrets.token_hex(8)
        self._stopping = threading.Event()
        self._opened: WebSocket | None = None
        self._socket: WebSocket | None = None  # the same, once both sides have proven themselves
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._private: Path | None = None
        self._engine = ""
        self._finder: EngineFinder | None = None
        self._session: Any = None
        self._thread = threading.Thread(target=self._run, name="mpdt-bridge", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End it, with what it served. From a thread that is not the loop's: the served plugin is unloaded there."""
        self._stopping.set()
        if self._session is not None:
            self._session.end()
        if self._opened is not None:
            self._opened.close()
        self._thread.join(STOP_LIMIT)
        self._clear()

    def send(self, text: str, may_be_lost: bool = False) -> bool:
        """Queue a message; without a connection it is gone. Never waits. False: too much is waiting to be written."""
        if self._socket is None:
            return True
        if may_be_lost and self._outgoing.qsize() > FRAME_LIMIT:
            return False
        self._outgoing.put(text.encode("utf-8", "backslashreplace"))
        return True

    def _run(self) -> None:
        delay = 0.0
        while not self._stopping.wait(delay):
            delay = min(max(delay * 2, FIRST), MOST)
            try:
                self._opened = opened = connect(self._host, self._port)
            except (OSError, Lost):
                continue
            try:
                self._introduce(opened)
                delay = FIRST
                self._carry(opened)
            except Refused as refusal:
                self._tell(str(refusal))
                delay = MOST
            except (OSError, Lost, ValueError, KeyError):  # a peer that breaks the rules is as good as none
                pass
            finally:
                opened.close()

    def _tell(self, sentence: str) -> None:
        """Once, until something else is to be said. What others send is shown as plain text."""
        plain = "".join(one if one.isprintable() else " " for one in sentence)[:SENTENCE_LIMIT]
        if plain != self._said:
            self._said = plain
            self._say(plain)

    def _introduce(self, opened: WebSocket) -> None:
        """Both sides prove themselves; then the engine is here. Raises Refused."""
        challenge, nonce = str(json.loads(opened.receive())["challenge"]), secrets.token_hex(32)
        hello = {
            "bridge": VERSION,
            "nonce": nonce,
            "proof": proof(self._token, "bridge", nonce, challenge),
            "bot": self._bot,
            "kind": self._kind,
            "pid": os.getpid(),
            "python": platform.python_version(),
            "executable": sys.executable,
            "separator": os.sep,
            "engine": self._engine,
        }
        opened.send(json.dumps(hello).encode())
        answer = json.loads(opened.receive())
        if "refused" in answer:
            raise Refused(str(answer["refused"]))
        if not hmac.compare_digest(str(answer["proof"]), proof(self._token, "mpdt", challenge, nonce)):
            raise Refused(self._words.get("stranger", ""))
        opened.limit = MESSAGE_LIMIT
        if not self._engine:
            self._take_engine(opened, str(answer["engine"]))
        try:
            self._begin(answer)
        except Refused as refusal:
            opened.send(json.dumps({"failed": str(refusal)}).encode())
            raise
        except Exception as error:  # whatever importing raises is the developer's to read
            opened.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
            raise Refused(f"{self._words.get('broken', '')} {error!r}") from error
        opened.send(b'{"ready": true}')
        self._said = ""

    def _take_engine(self, opened: WebSocket, digest: str) -> None:
        archive = base64.b64decode(json.loads(opened.receive())["archive"])
        if hashlib.sha256(archive).hexdigest() != digest:
            raise Lost("archive")
        clear_left_behind()
        atexit.register(self._clear)
        self._private = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))  # only this user may enter it
        folder = self._private / "engine"
        self._finder = EngineFinder(folder, unpack(archive, folder))
        self._engine = digest

    def _begin(self, answer: Mapping[str, Any]) -> None:
        if self._finder is not None and self._finder not in sys.meta_path:
            sys.meta_path.append(self._finder)
        own = importlib.import_module("mpdt")
        if own.__version__ != answer["version"]:
            raise Refused(str(answer["clash"]).format(python=sys.executable, version=own.__version__))
        if self._session is None:
            attached = importlib.import_module(ATTACHED)
            self._session = attached.Session(self.send, self._loop, self._kind, self._private)
        self._session.speak(str(answer.get("language") or "en"))

    def _carry(self, opened: WebSocket) -> None:
        self._outgoing = queue.SimpleQueue()
        self._socket = opened
        writer = threading.Thread(target=self._write, args=(opened, self._outgoing), name="mpdt-writer", daemon=True)
        writer.start()
        try:
            self._session.connected()
            while True:
                self._session.take(opened.receive())
        finally:
            self._socket = None
            self._outgoing.put(None)
            self._session.lost()
            writer.join(1.0)
            if self._finder is not None and not self._session.serves:
                sys.meta_path[:] = [one for one in sys.meta_path if one is not self._finder]

    @staticmethod
    def _write(opened: WebSocket, outgoing: queue.SimpleQueue[bytes | None]) -> None:
        while (data := outgoing.get()) is not None:
            try:
                opened.send(data)
            except OSError:
                opened.close()  # the thread that reads sees it too
                return

    def _clear(self) -> None:
        if self._finder is not None:
            sys.meta_path[:] = [one for one in sys.meta_path if one is not self._finder]
        if self._private is not None:
            shutil.rmtree(self._private, ignore_errors=True)


PREFIX = "mpdt-bridge-"


def clear_left_behind() -> None:
    """Folders of bridges in processes that were killed."""
    for folder in left_behind(Path(tempfile.gettempdir())):
        shutil.rmtree(folder, ignore_errors=True)


def left_behind(temporary: Path) -> Iterator[Path]:
    if os.name == "nt":  # there os.kill would end a process rather than ask after it
        return
    for folder in temporary.glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid() or not number.isdecimal():
                continue
            os.kill(int(number), 0)
        except ProcessLookupError:
            yield folder
        except (OSError, OverflowError):
            continue


def open_link(folder: Path, loop: Any, kind: str, say: Callable[[str], None]) -> Link | None:
    """The bridge of this bot, started. None inside ``mpdt dev --core``, which needs none; or, with a word, if it cannot
    be used.
    """
    if "mpdt.worker" in sys.modules:
        return None
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    try:
        token = (folder / "token").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        say(f"{settings['words']['no_token']} {error}")
        return None
    link = Link(loop, kind, settings, token, say)
    link.start()
    return link
