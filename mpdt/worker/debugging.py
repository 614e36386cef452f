"""The debugger beside the plugin: the only import of debugpy.

debugpy remembers what it found out about code objects: which lines they have, whether a breakpoint is in them. Before a
patch it is made to forget that, because what it keeps are references to code that is to go; after the patch it is made
to look again, because a code object that is equal to an old one, or has its name and first line, is another one now.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from mpdt.language import _
from mpdt.worker.errors import WorkerError

PATIENCE = 5.0  # seconds; the adapter of a worker that has just ended may hold the port for a moment
PERIOD = 0.05
VALIDATION = "PYDEVD_DISABLE_FILE_VALIDATION"
STARTING = "debugpy"  # where the loop is held, for a second or so, until the debugger listens
# Of pydevd's debugger, as of debugpy 1.8: checked before they are used.
USED = ("do_wait_suspend", "clear_dont_trace_start_end_patterns_caches", "setup_auto_reload_watcher")
CODE_CACHES = (
    ("pydevd", "global_cache_skips"),
    ("pydevd", "global_cache_frame_skips"),
    ("_pydevd_sys_monitoring._pydevd_sys_monitoring_cython", "_code_to_func_code_info_cache"),
    ("_pydevd_sys_monitoring._pydevd_sys_monitoring", "_code_to_func_code_info_cache"),
)

Tell = Callable[[str, str], None]  # level, message


class Debugger:
    """debugpy, listening. Made and used on the plugin's loop, but for ``held_at`` and ``forget``."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_hold: Callable[[str], None], tell: Tell) -> None:
        """``on_hold`` is called with the line at which the loop is held, and with '' when it goes on."""
        self._loop = loop
        self._loop_thread = threading.get_ident()
        self._on_hold = on_hold
        self._tell = tell
        self._pydb: Any = None
        self._debugpy: Any = None
        self._lost = 0.0  # seconds for which the loop was held
        self._since = 0.0
        self.held_at = STARTING

    def listen(self, host: str, port: int) -> tuple[str, int]:
        """Where editors can attach. Raises WorkerError if debugpy is missing, of another form, or the port is taken."""
        debugpy = self._imported()
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                address: tuple[str, int] = debugpy.listen((host, port))
                break
            except RuntimeError as error:
                if not is_taken(host, port):
                    raise WorkerError(
                        _("The debugger cannot listen on {host}: {error}", host=host, error=error)
                    ) from None
                if time.monotonic() > ends:
                    raise WorkerError(
                        _(
                            "Port {port} is taken, so the debugger cannot listen there. "
                            "Choose another with --debug-port, or a free one with --debug-port 0.",
                            port=port,
                        )
                    ) from None
                time.sleep(PERIOD)
        self._pydb = self._debugger_of(debugpy)
        self._hook(self._pydb)
        self.held_at = ""
        return address

    def wait_for_client(self) -> None:
        """Returns when an editor has attached and set its breakpoints."""
        self.held_at = STARTING
        try:
            self._debugpy.wait_for_client()
        finally:
            self.held_at = ""

    def forget(self) -> None:
        """Drop what the debugger keeps of code objects; it is found out again when they run."""
        for cache in code_caches():
            cache.clear()

    def look_again(self) -> None:
        """Code was replaced: breakpoints are looked for in the new code, also of frames that are running."""
        self.forget()
        self._pydb.clear_dont_trace_start_end_patterns_caches()

    def _imported(self) -> Any:
        # Python's own frozen modules cannot be stepped into; that is no reason for a warning at each start.
        given = os.environ.get(VALIDATION)
        os.environ.setdefault(VALIDATION, "1")
        try:
            import debugpy
            import debugpy.server.api
        except ImportError as error:
            raise WorkerError(_("debugpy cannot be imported: {error}", error=error)) from None
        finally:
            if given is None:
                del os.environ[VALIDATION]
        # Children of the plugin, and the fresh interpreters of --audit, are not debugged: only one can have the port.
        debugpy.configure(subProcess=False)
        self._debugpy = debugpy
        return debugpy

    @staticmethod
    def _debugger_of(debugpy: Any) -> Any:
        import pydevd

        pydb = pydevd.get_global_debugger()
        missing = [name for name in USED if not hasattr(pydb, name)]
        if missing:
            raise WorkerError(
                _("debugpy {version} has another form: {names}.", version=debugpy.__version__, names=", ".join(missing))
            )
        return pydb

    def _hook(self, pydb: Any) -> None:
        wait = pydb.do_wait_suspend

        def do_wait_suspend(thread: Any, frame: FrameType, event: str, arg: Any, *more: Any, **named: Any) -> Any:
            if threading.get_ident() != self._loop_thread:
                return wait(thread, frame, event, arg, *more, **named)
            code = frame.f_code
            self._hold(f"{code.co_filename}:{frame.f_lineno} in {code.co_qualname}")
            try:
                return wait(thread, frame, event, arg, *more, **named)
            finally:
                self._go_on()

        def setup_auto_reload_watcher(enable: bool, *_more: Any, **_named: Any) -> None:
            # It would execute saved files a second time, and would not see what it gets wrong.
            if enable:
                self._tell("WARNING", _("The debugger's autoReload stays off: mpdt itself makes saved code live."))

        pydb.do_wait_suspend = do_wait_suspend
        pydb.setup_auto_reload_watcher = setup_auto_reload_watcher
        # The loop's clock stands still with the loop: else every timer that came due meanwhile would go off at once,
        # and what waits for an answer would give up on it the moment that the developer lets the plugin go on.
        real_time = self._loop.time
        self._loop.time = lambda: real_time() - self._lost  # type: ignore[method-assign]

    def _hold(self, at: str) -> None:
        self._since = time.monotonic()
        self.held_at = at
        self._on_hold(at)

    def _go_on(self) -> None:
        self._lost += time.monotonic() - self._since
        self.held_at = ""
        self._on_hold("")


def is_taken(host: str, port: int) -> bool:
    """Does something listen there?"""
    if port == 0:
        return False
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError:
        return True
    return False


def code_caches() -> tuple[dict[Any, Any], ...]:
    """pydevd's dictionaries whose keys are code objects: of ``sys.settrace``, and of ``sys.monitoring`` (3.12)."""
    caches = (getattr(sys.modules.get(module), name, None) for module, name in CODE_CACHES)
    return tuple(cache for cache in caches if cache is not None)


def is_code_cache(container: object) -> bool:
    """Is it one of the debugger's dictionaries? One is hidden in compiled code, and known by what it has for values."""
    if type(container) is not dict or "pydevd" not in sys.modules:
        return False
    kept = next(iter(container.values()), None)
    return type(kept).__module__.startswith("_pydevd_") or any(container is one for one in code_caches())
