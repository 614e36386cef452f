"""The only import of jurigged: new code goes into live functions through its ``conform``.

jurigged and codefind act when they are imported: codefind collects every function of the heap and adds an
``exec`` audit hook that nobody can remove (codefind/__init__.py), jurigged puts an ImportSniffer on
``sys.meta_path`` (jurigged/register.py). Both are kept from it: an empty ``codefind`` package with a fresh registry
is in ``sys.modules`` before jurigged is imported, and the sniffer is taken off again. Its own watcher and console
(jurigged/live.py, with watchdog and blessed: half of the time of the import) are left out until somebody asks for them.
"""

from __future__ import annotations

import gc
import importlib
import importlib.machinery
import importlib.util
import inspect
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

from mpdt_hooks.errors import PatcherUnavailable
from mpdt_hooks.sentence import said

LIVE = "jurigged.live"
LIVE_NAMES = ("Watcher", "watch")

_registry: Any = None
_KINDS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def _import_inert_codefind() -> ModuleType:
    """The package ``codefind`` without what its ``__init__`` does: no heap scan, no audit hook."""
    spec = importlib.util.find_spec("codefind")
    if spec is None or not spec.submodule_search_locations:
        raise PatcherUnavailable(said("codefind is not installed"))
    package = ModuleType("codefind")
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    sys.modules["codefind"] = package
    try:
        registry_module = importlib.import_module("codefind.registry")
        registry = registry_module.CodeRegistry()
        for name in ("collect_all", "conform", "find_code", "get_functions", "update_cache_entry"):
            setattr(package, name, getattr(registry, name))
        package.__dict__["ConformException"] = registry_module.ConformException
    except (ImportError, AttributeError) as error:
        del sys.modules["codefind"]
        raise PatcherUnavailable(said("codefind has another form ({error})", error=str(error))) from error
    package.__dict__["code_registry"] = registry
    return package


def _stand_in_for_live() -> ModuleType | None:
    """``jurigged.live`` for the import of its package; None if the package is there already."""
    if "jurigged" in sys.modules or LIVE in sys.modules:
        return None
    module = ModuleType(LIVE)
    module.__dict__.update(dict.fromkeys(LIVE_NAMES))
    sys.modules[LIVE] = module
    return module


def _import_live_when_asked(jurigged: ModuleType) -> None:
    """A plugin may use jurigged itself."""
    for name in LIVE_NAMES:
        jurigged.__dict__.pop(name, None)

    def missing(name: str) -> Any:
        if name not in LIVE_NAMES:
            raise AttributeError(name)
        return getattr(importlib.import_module(LIVE), name)

    jurigged.__dict__["__getattr__"] = missing


def load() -> None:
    """Import jurigged without its import-time effects. Raises PatcherUnavailable with what is missing."""
    global _registry
    if _registry is not None:
        return
    codefind = sys.modules.get("codefind") or _import_inert_codefind()
    live = _stand_in_for_live()
    finders = list(sys.meta_path)
    getdoc = inspect.getdoc
    try:
        jurigged = importlib.import_module("jurigged")
    except ImportError as error:
        raise PatcherUnavailable(said("jurigged cannot be imported ({error})", error=str(error))) from error
    finally:
        if live is not None and sys.modules.get(LIVE) is live:
            del sys.modules[LIVE]
        inspect.getdoc = getdoc  # ovld, which jurigged is written with, puts its own in its place (ovld/core.py)
        # Only the sniffer goes; a finder that something else added meanwhile stays.
        sys.meta_path[:] = [
            finder for finder in sys.meta_path if finder in finders or type(finder).__module__ != "jurigged.register"
        ]
    if live is not None:
        _import_live_when_asked(jurigged)
    registry = getattr(jurigged, "db", None)
    for name in ("conform", "functions", "codes", "currcodes", "backcodes"):
        if not hasattr(registry, name):
            raise PatcherUnavailable(said("the code registry has no {name!r}", name=name))
    if registry is not codefind.__dict__.get("code_registry"):
        raise PatcherUnavailable(said("jurigged and codefind use two code registries"))
    _registry = registry
    if gc.isenabled():
        # Some 14,000 young objects of ours: looked at once, here, and not in the middle of the plugin's import.
        gc.collect(1)


def _forget(codes: Iterable[CodeType]) -> None:
    """Drop what the registry learnt of ``codes``: else 5,000 patches grow the process by 6 MB."""
    for code in codes:
        _registry.functions.pop(code, None)
        for path in _registry.backcodes.pop(code, ()):
            _registry.codes.pop(path, None)
            _registry.currcodes.pop(path, None)


def conform(function: FunctionType, code: CodeType) -> None:
    """Give one live function new code. Both must have the same free variables."""
    old = function.__code__
    if (old.co_flags ^ code.co_flags) & _KINDS:
        with warnings.catch_warnings():  # CPython 3.13 deprecates it (gh-117714), and does it nevertheless
            warnings.simplefilter("ignore", DeprecationWarning)
            _conform(function, old, code)
    else:
        _conform(function, old, code)


def _conform(function: FunctionType, old: CodeType, code: CodeType) -> None:
    # Assigned, never added: code objects of two files compare equal (``setup`` on the same line of a.py and
    # b.py), and the registry is keyed by equality; patching one would patch the other.
    _registry.functions[old] = {function}
    _registry.conform(old, code, use_cache=True)
    if _registry.codes or _registry.backcodes:
        _forget((old, code))
    else:
        _registry.functions.pop(old, None)
        _registry.functions.pop(code, None)


def conform_all(pairs: Sequence[tuple[FunctionType, CodeType]]) -> None:
    """Give each function its code: one loop with nothing in between, so that no thread gets a turn."""
    do = conform
    for function, code in pairs:
        do(function, code)


def tell(holder: Any, code: CodeType | None) -> None:
    """Tell an object with ``__conform__`` that a function it stands for has new code."""
    notify: Callable[[CodeType | None], Any] = holder.__conform__
    notify(code)
