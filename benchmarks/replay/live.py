"""The live side of a replay: runs in a forked child, with the engine installed."""

from __future__ import annotations

import importlib
import json
import sys
import time
import traceback
import types
import weakref
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from benchmarks.replay import identity
from mpdt_hooks import LiveReloader, ReloadReport, oracle

SHOWN = 40


class LiveSide:
    """Answers 'start', 'refresh' and 'compare'."""

    def __init__(self) -> None:
        self.root = Path()
        self.reloader: LiveReloader | None = None
        self.before: oracle.Description = {}
        self.sources: dict[str, bytes] = {}
        self.state: set[str] = set()
        self.report: ReloadReport | None = None
        self._remembered = _Remembered({})

    def __call__(self, request: dict[str, Any]) -> Any:
        match request["do"]:
            case "start":
                return self.start(Path(request["root"]), request["imports"], Path(request["cache"]))
            case "refresh":
                return self.refresh([Path(path) for path in request["paths"]])
            case "compare":
                return self.compare(Path(request["fresh"]))

    def start(self, root: Path, imports: list[str], cache: Path) -> list[str]:
        self.root = root
        sys.path.insert(0, str(root))
        sys.dont_write_bytecode = False
        self.reloader = LiveReloader(root, cache=cache)
        self.reloader.install()
        for name in imports:
            importlib.import_module(name)
        self.reloader.warm()
        self._remember(oracle.describe(self.root))
        return sorted(self._modules())

    def _noise(self) -> tuple[str, ...]:
        """Where a module's namespace itself is a value (``__locals = locals()``): its names are compared anyway.

        And what the ``warnings`` module notes in the namespaces of those who warned.
        """
        modules = self._modules()
        spaces = {id(vars(module)) for module in modules.values()}
        held = [place for place, value in identity.places(modules).items() if id(value) in spaces]
        return tuple(f"{place}.<items>" for place in held) + tuple(f"{name}:__warningregistry__" for name in modules)

    def _modules(self) -> dict[str, types.ModuleType]:
        return oracle.modules_under(self.root)

    def _remember(self, description: oracle.Description) -> None:
        self.before = description
        self.sources = _sources(self._modules())
        self._remembered = _Remembered(identity.places(self._modules()))

    def refresh(self, paths: list[Path]) -> dict[str, Any]:
        assert self.reloader is not None
        since = time.perf_counter()
        try:
            self.report = report = self.reloader.refresh(paths)
        except BaseException as error:  # noqa: BLE001 - that nothing gets out of refresh() is what is tested
            return {"exception": traceback.format_exc(), "type": type(error).__name__}
        spent = (time.perf_counter() - since) * 1000
        after = oracle.describe(self.root)
        found: dict[str, Any] = {
            "report": report.to_json(),
            "ms": spent,
            "compile_ms": sum(_compile_ms(path) for path in paths if path.suffix == ".py"),
            "modules": sorted(self._modules()),
            "touched": [],
        }
        if report.outcome != "patched":
            noise = self._noise()
            touched = [one for one in oracle.differences(after, self.before) if not one.startswith(noise)]
            found["touched"] = touched[:SHOWN]
            found["touched"] += self._remembered.rebound(identity.places(self._modules()))[:SHOWN]
        self._after = after
        return found

    def compare(self, path: Path) -> dict[str, Any]:
        """Only after 'patched' and 'unchanged': is what runs what a fresh interpreter has?"""
        fresh = json.loads(path.read_text("utf-8"))
        if "error" in fresh:
            return {"error": fresh["error"]}
        noise = self._noise()
        found = [one for one in oracle.differences(self._after, fresh) if not one.startswith(noise)]
        assert self.report is not None
        kept = self._remembered.compare(
            identity.places(self._modules()),
            {str(ref) for ref in self.report.forwarded},
            lambda places: identity.untouched(places, self.sources, _sources(self._modules())),
        )
        self._remember(self._after)
        return {"differences": list(found[:SHOWN]), "more": max(0, len(found) - SHOWN)} | kept


class _Remembered:
    """Objects as they were: definitions and module-level objects held weakly where that is possible."""

    def __init__(self, places: Mapping[str, Any]) -> None:
        self.ids = {place: id(value) for place, value in places.items()}
        self.definitions = {p: weakref.ref(v) for p, v in places.items() if identity.is_at_home(v, p)}
        self.objects = {p: _reference(v) for p, v in places.items() if identity.is_object(v, p)}

    def rebound(self, places: Mapping[str, Any]) -> list[str]:
        now = {place: id(value) for place, value in places.items()}
        return [f"{p} is bound to another object" for p in {*now, *self.ids} if now.get(p) != self.ids.get(p)]

    def compare(
        self, places: Mapping[str, Any], forwarded: set[str], untouched: Callable[[Collection[str]], set[str]]
    ) -> dict[str, Any]:
        definitions = [
            (place, ref() is places[place])
            for place, ref in self.definitions.items()
            if place not in forwarded and identity.is_at_home(places.get(place), place)
        ]
        objects = [(place, ref() is places[place]) for place, ref in self.objects.items() if place in places]
        recreated = sorted(untouched([place for place, is_same in objects if not is_same]))
        return {
            "kept": sum(is_same for _, is_same in definitions),
            "replaced": [place for place, is_same in definitions if not is_same],
            "untouched": sum(is_same for _, is_same in objects) + len(recreated),
            "recreated": recreated,
        }


def _reference(value: Any) -> Any:
    try:
        return weakref.ref(value)
    except TypeError:
        return lambda: value


def _sources(modules: Mapping[str, types.ModuleType]) -> dict[str, bytes]:
    found = {}
    for name, module in modules.items():
        file = getattr(module, "__file__", None)
        if file is not None and Path(file).exists():
            found[name] = Path(file).read_bytes()
    return found


def _compile_ms(path: Path) -> float:
    """The best of three: what any tool has to spend on the file."""
    if not path.exists():
        return 0.0
    source, best = path.read_bytes(), float("inf")
    for _ in range(3):
        since = time.perf_counter()
        try:
            compile(source, str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return 0.0
        best = min(best, (time.perf_counter() - since) * 1000)
    return best
