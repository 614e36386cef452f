"""LiveReloader: the engine's door."""

from __future__ import annotations

import builtins
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, TracebackType

from mpdt_hooks import _jurigged
from mpdt_hooks.errors import NotInstalled
from mpdt_hooks.finder import TrackingFinder, cache_folder, load_code
from mpdt_hooks.holding import Calibration
from mpdt_hooks.model import ReloadReport
from mpdt_hooks.refresh import CompiledAhead, Fits, IsCache, Refresh, SafePoint, compiled_ahead
from mpdt_hooks.running import Outlived
from mpdt_hooks.tracker import SourceRevision, Tracker, read_source


def at_once(apply_now: Callable[[], None]) -> None:
    """The safe point of a program without a loop: now."""
    apply_now()


@contextmanager
def no_collection() -> Iterator[None]:
    """No garbage collection: what compiling allocates would provoke several, each a look at the whole heap.

    Up to CPython 3.11 a finalizer that parses, as that of a lost task of asyncio, would end our parsing
    (python/cpython#106905).

    What a host has frozen is thawed: ``gc.get_referrers`` does not see it (Modules/gcmodule.c, permanent_generation).
    """
    enabled = gc.isenabled()
    gc.disable()
    gc.unfreeze()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Installation:
    """The handle of ``install()``. Also a context manager; ``uninstall()`` may be called any number of times."""

    def __init__(self, undo: Callable[[], None]) -> None:
        self._undo: Callable[[], None] | None = undo

    def uninstall(self) -> None:
        """Restore ``sys.meta_path`` and ``sys.path``; modules stay as they are."""
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def __enter__(self) -> Installation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.uninstall()


class LiveReloader:
    """Tracks what is imported from ``root`` and brings it to what is on disk.

    ``root`` is the plugin folder, or the folder above the packages to track. ``safe_point`` is called with the function
    that applies a patch and has to call it, once, at a moment when no plugin code is half-way through something.
    ``fits`` is asked right after that, at the same moment: why a fresh process would refuse what has been patched, or
    None. If it would, the patch is undone, and structural. ``is_cache`` is asked of containers that keep code objects
    of the plugin: whether a tool, a debugger say, does so only until it is told that they were replaced.
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        *,
        safe_point: SafePoint | None = None,
        cache: Path | None = None,
        fits: Fits | None = None,
        is_cache: IsCache | None = None,
    ) -> None:
        self.root = Path(root).absolute()
        self._safe_point = safe_point or at_once
        self._cache = cache or cache_folder()
        self._fits = fits or (lambda: None)
        self._outlived = Outlived()
        self._is_cache = is_cache or (lambda container: False)
        self._tracker = Tracker()
        self._installation: Installation | None = None
        self._lock = threading.Lock()
        self._calibration: Calibration | None = None
        self._ahead: CompiledAhead = {}

    # -- being there

    def install(self) -> Installation:
        """Track every module that is imported from the root from now on. Idempotent.

        Raises PatcherUnavailable if jurigged or codefind is missing or has another form.
        """
        if self._installation is not None:
            return self._installation
        _jurigged.load()
        self._calibration = self._calibration or Calibration()
        finder = TrackingFinder(self.root, self._tracker, self._cache)
        folder = str(self.root.parent if self._is_plugin_folder() else self.root)
        added = folder not in sys.path
        if added:
            sys.path.insert(0, folder)
        sys.meta_path.insert(0, finder)

        def undo() -> None:
            self._installation = None
            sys.meta_path[:] = [one for one in sys.meta_path if one is not finder]
            if added and folder in sys.path:
                sys.path.remove(folder)

        self._installation = Installation(undo)
        return self._installation

    def _is_plugin_folder(self) -> bool:
        return any((self.root / name).is_file() for name in ("__init__.py", "plugin.py"))

    def run_main(self, script: Path) -> None:
        """Run a file as ``__main__``, as ``python script`` does, and track it from its first statement on.

        Raises what it raises. What its body runs just now, or has still to run, is not to be refreshed with a change:
        see ``mpdt_hooks.script``.
        """
        if self._installation is None:
            raise NotInstalled(self.root)
        path = str(script)
        source = read_source(path)
        code = load_code(path, source, str(self._cache))
        module = ModuleType("__main__")
        module.__dict__.update(__file__=path, __cached__=None, __builtins__=builtins)
        sys.modules["__main__"] = module
        self._tracker.add(SourceRevision("__main__", path, False, source, code, True))
        exec(code, module.__dict__)

    def modules(self) -> tuple[str, ...]:
        """The tracked modules, in the order in which their import finished."""
        return tuple(revision.module for revision in self._tracker.live())

    def forget(self) -> None:
        """Drop what is tracked: the modules are about to be loaded anew."""
        self._tracker.clear()

    def snapshot(self) -> dict[str, SourceRevision]:
        """What is tracked now, for ``restore`` after a reload that failed."""
        return self._tracker.snapshot()

    def restore(self, revisions: dict[str, SourceRevision]) -> None:
        """Track again what a snapshot held: its modules are back in ``sys.modules``."""
        self._tracker.restore(revisions)

    def warm(self) -> None:
        """Work out ahead of the first edit what every refresh needs; may run in any thread."""
        for revision in self._tracker.live():
            self._tracker.outlined(revision)

    def expect(self, changed: Iterable[Path]) -> None:
        """Read and compile files that a refresh is likely to be asked for; may run in any thread.

        Nothing comes of it but time saved: the refresh reads the files again, and takes over only what was
        compiled from the very bytes that it finds.
        """
        wanted = {os.path.realpath(path) for path in changed}
        with self._lock, no_collection():
            for revision in self._tracker.live():
                if os.path.realpath(revision.path) in wanted:
                    self._ahead.update(compiled_ahead(revision))

    # -- refresh

    def refresh(self, changed: Iterable[Path] | None = None) -> ReloadReport:
        """Bring the live modules to what is on disk, as one transaction, and say what is true now.

        ``changed``: absolute paths, also of deleted files; None looks at every tracked file. A file that was never
        imported is ``unchanged``. Raises NotInstalled before ``install()``; the plugin's errors are in the report.
        """
        if self._installation is None:
            raise NotInstalled(self.root)
        with self._lock, no_collection():
            ahead, self._ahead = self._ahead, {}
            refresh = Refresh(
                self.root,
                self._tracker,
                self._safe_point,
                self._calibration,
                ahead,
                self._fits,
                self._is_cache,
                self._outlived,
            )
            return refresh.run(changed)
