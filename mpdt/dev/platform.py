"""What differs between operating systems, in one place."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from mpdt.language import _

if TYPE_CHECKING:
    import asyncio

WINDOWS = sys.platform == "win32"
TASKKILL_TIMEOUT = 2.0
NTSTATUS_ERRORS = 0xC0000000


def ui_language_id() -> int | None:
    """Windows' number (LANGID) for the language of its menus; None elsewhere, where the locale says it."""
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    return None


def ui_language(identifier: int | None) -> str | None:
    """``en`` or ``zh``; None if it is another. Of a LANGID, the low ten bits name the language, the rest its region."""
    return None if identifier is None else {0x04: "zh", 0x09: "en"}.get(identifier & 0x3FF)


def stop_signals() -> tuple[signal.Signals, ...]:
    """The signals that ask mpdt to stop."""
    names = ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"]
    return tuple(signal.Signals[name] for name in names if name in signal.Signals.__members__)


@contextmanager
def on_stop_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Calls ``stop`` on Ctrl+C, SIGTERM and their kin, until the block ends.

    Plain ``signal.signal``, because ``loop.add_signal_handler`` does not exist on Windows. A loop that runs
    meanwhile is to be in ``woken_by_signals``.
    """

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in stop_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def woken_by_signals(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """A signal wakes the loop, whenever it comes and whichever thread the system gives it to.

    Python runs handlers in the main thread, between two bytecodes. A signal that another thread took, or that came
    just before the main thread entered ``select()``, interrupts nothing: the handler would wait for the loop's next
    event. (``loop.add_signal_handler`` does the same; Windows' proactor loop does it by itself.)
    """
    if WINDOWS:
        yield
        return
    reads, writes = socket.socketpair()
    with reads, writes:
        reads.setblocking(False)
        writes.setblocking(False)
        loop.add_reader(reads, reads.recv, 4096)
        before = signal.set_wakeup_fd(writes.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(reads)


def apart_from_terminal() -> dict[str, object]:
    """Arguments of Popen by which Ctrl+C reaches only the supervisor, which then asks the worker to unload."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Ends the worker at once, with what it started: on POSIX its process group, on Windows its descendants.

    Only while it runs, or right after it was reaped: later its number may belong to somebody else. On Windows nothing
    more can be found out once it has ended: who started a process is known by the number of a living one only.
    """
    if sys.platform == "win32":
        if process.poll() is None:
            kill_descendants(process.pid)
            process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def kill_descendants(pid: int, run: Callable[..., object] = subprocess.run) -> None:
    """Windows' own program for it; where it is missing or slow, the process alone is ended by its caller."""
    command = ["taskkill", "/T", "/F", "/PID", str(pid)]
    try:
        run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TASKKILL_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        pass


def interrupt(process: subprocess.Popen[bytes]) -> bool:
    """Asks the process to end as Ctrl+C does. False where that cannot be asked of one process alone."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(process.pid, signal.SIGINT)
    except ProcessLookupError:
        return False
    return True


def describe_exit(status: int) -> str:
    """An exit status in words: ``exit code 3``, ``signal SIGKILL``, ``exit code 0xC0000005`` (Windows' NTSTATUS)."""
    if status >= NTSTATUS_ERRORS:
        return _("exit code {status}", status=f"0x{status:08X}")
    if status >= 0:
        return _("exit code {status}", status=status)
    try:
        return _("signal {name}", name=signal.Signals(-status).name)
    except ValueError:
        return _("signal {name}", name=-status)


def python_of_environment(folder: Path) -> Path:
    """Where a virtual environment keeps its interpreter."""
    return folder / "Scripts" / "python.exe" if WINDOWS else folder / "bin" / "python"


def link_folder(target: Path, place: Path) -> None:
    """Make ``place`` lead to the folder ``target``. On Windows a junction: a link there needs a right that few have.

    Raises OSError.
    """
    if sys.platform == "win32":
        import _winapi

        _winapi.CreateJunction(str(target), str(place))
    else:
        place.symlink_to(target, target_is_directory=True)


def is_folder_link(place: Path) -> bool:
    """A link, or on Windows a junction, whether or not what it leads to is there."""
    if sys.platform == "win32":
        try:
            return bool(os.lstat(place).st_reparse_tag)
        except OSError:
            return False
    return place.is_symlink()


def unlink_folder(place: Path) -> None:
    """Take the link away, and not what it leads to. Raises OSError."""
    if sys.platform == "win32":
        place.rmdir()
    else:
        place.unlink()


def has_close_events() -> bool:
    """Does the system say when a writer closed a file? Only inotify does."""
    return sys.platform.startswith("linux")


# Drives that others write to as well; the system reports its own writes there, and none of theirs.
SHARED_DRIVES = frozenset(
    {"9p", "drvfs", "v9fs", "nfs", "nfs4", "cifs", "smb3", "smbfs", "vboxsf", "vmhgfs", "virtiofs", "prl_fs"}
    | {"fuse.sshfs", "fuse.vmhgfs-fuse", "fuse.grpcfuse", "fuse.gcsfuse", "fuse.rclone", "fuse.davfs", "davfs"}
)
MOUNTS = Path("/proc/self/mountinfo")


def told_by_others(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of drive, if the folder lies on one that other systems write to: a network's, or Windows' in WSL."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    kinds: dict[Path, str] = {}
    for line in lines:  # 36 35 98:0 / /mnt/c rw,noatime - 9p C: rw
        before, _, after = line.partition(" - ")
        if after and len(before.split(" ")) > 4:
            point = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), before.split(" ")[4])
            kinds[Path(point)] = after.split(" ")[0]
    kind = next((kinds[above] for above in (folder, *folder.parents) if above in kinds), None)
    return kind if kind in SHARED_DRIVES else None
