"""Files of a plugin, the plugin live in this process, and each report checked against a fresh interpreter.

    ws["a.py"] = "def f(): return 1"
    ws.start("a")
    ws.expect_patched({"a.py": "def f(): return 2"})

Whatever the edit, ``ws.truthful(edit)`` holds the report to the engine's contract:

    patched      the live modules equal a fresh import; functions, classes, containers kept their identity
    unchanged    nothing changed, and the live modules equal a fresh import
    structural   nothing changed, and every rude edit has a code, a place and a reason
    rejected     nothing changed, the error has a type and a file, and a fresh import fails too

State that the program itself changed since it was imported (a counter, a cache, a closure's variable) is told
by comparing descriptions before the edit. It may differ from fresh while its initialiser is the same text.
"""

from __future__ import annotations

import importlib
import linecache
import os
import re
import subprocess
import sys
import textwrap
import types
import weakref
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpdt_hooks import LiveReloader, Outcome, ReloadReport, oracle
from tests.engine.independence import untouched
from tests.engine.initialisers import initialisers, is_literal, same_initialiser

Source = str | bytes | None
Edit = Mapping[str, Source]
CODE = re.compile(r"MPDT\d{3}")
LIBRARIES = (sys.prefix, str(Path(os.__file__).parent))


class ForkServer:
    """Fresh interpreters at the price of a fork; where there is no fork, at that of a process."""

    def __init__(self, *libraries: str) -> None:
        script = Path(__file__).parent / "engine" / "fork_server.py"
        self._command = [
            sys.executable,
            "-I",
            "-B",
            "-X",
            "utf8",
            str(script),
            str(oracle.__file__),
            *libraries,
        ]
        self._process: subprocess.Popen[str] | None = None

    def fresh(self, root: Path, imports: Collection[str], path: Collection[str] = ()) -> oracle.Description:
        if not hasattr(os, "fork"):
            return oracle.fresh(root, imports, path=path)
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        if self._process is None:
            self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=quiet, encoding="utf-8")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(oracle.request(root, imports, path))
        self._process.stdin.flush()
        return oracle.result(self._process.stdout.readline().strip())

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.communicate()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was live, held weakly: a function with a holder that no plugin knows may be refused a patch."""

    description: oracle.Description
    ids: dict[str, int]
    definitions: dict[str, weakref.ref[Any]]
    kinds: dict[str, type]
    containers: dict[str, Any]
    instances: dict[str, weakref.ref[Any]]
    initialisers: dict[str, str]
    sources: dict[str, bytes]


class Workspace:
    """A folder of source files, some of them imported under the engine into this process."""

    def __init__(self, root: Path, server: ForkServer) -> None:
        self.root = root
        self.started: list[str] = []
        self.beside: list[str] = []  # folders of libraries that the plugin needs
        self.reports: list[ReloadReport] = []
        self.nothing_is_made_in_vain = True  # what an edit cannot have touched is the same object afterwards
        self.reloader: LiveReloader | None = None
        self._handle: Any = None
        self._server = server
        self._baseline: oracle.Description = {"modules": {}}
        self._state: set[str] = set()
        root.mkdir(parents=True, exist_ok=True)

    # --- files

    def path(self, file: str) -> Path:
        return self.root / file

    def __setitem__(self, file: str, source: str | bytes) -> None:
        path = self.path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source if isinstance(source, bytes) else textwrap.dedent(source).lstrip("\n").encode())

    def __getitem__(self, file: str) -> str:
        return self.path(file).read_bytes().decode()

    def __delitem__(self, file: str) -> None:
        self.path(file).unlink()

    def write(self, edit: Edit) -> None:
        for file, source in edit.items():
            if source is None:
                del self[file]
            else:
                self[file] = source

    def replace(self, file: str, old: str, new: str) -> dict[str, str]:
        """The edit that replaces ``old`` by ``new``; nothing is written yet."""
        assert old in self[file], f"{old!r} is not in {file}"
        return {file: self[file].replace(old, new)}

    def sources(self) -> dict[str, bytes]:
        files = (path for path in self.root.rglob("*.py") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in files}

    # --- the live side

    def start(self, *modules: str, root: Path | None = None) -> types.ModuleType:
        """Import these modules, in this order, with the engine installed. Returns the first."""
        self.install(root)
        for name in modules:
            importlib.import_module(name)
            self.started.append(name)
        self._baseline = self.describe()
        return sys.modules[modules[0]]

    def install(self, root: Path | None = None) -> LiveReloader:
        sys.path.insert(0, str(self.root))
        self.reloader = LiveReloader(root or self.root)
        self._handle = self.reloader.install()
        return self.reloader

    def close(self) -> None:
        if self._handle is not None:
            self._handle.uninstall()
        for name in {*oracle.modules_under(self.root), *self.started}:
            sys.modules.pop(name, None)
        with suppress(ValueError):
            sys.path.remove(str(self.root))
        for cache in (sys.path_importer_cache, linecache.cache):
            for key in [key for key in cache if str(key).startswith(str(self.root))]:
                del cache[key]

    def reload(self, *changed: Path) -> ReloadReport:
        assert self.reloader is not None
        report = self.reloader.refresh(changed or None)
        self.reports.append(report)
        return report

    def get(self, place: str) -> Any:
        """``ws.get("a:C.method")``: what the namespace holds; of a static or class method the function."""
        module, _, names = place.partition(":")
        found: Any = sys.modules[module]
        for name in names.split(".") if names else ():
            found = vars(found)[name]
        return found.__func__ if isinstance(found, staticmethod | classmethod) else found

    def run(self, module: str, expression: str) -> Any:
        return eval(expression, vars(sys.modules[module]))

    # --- descriptions

    def describe(self) -> oracle.Description:
        return oracle.describe(self.root)

    def fresh(self) -> oracle.Description:
        """What a fresh interpreter has after importing what was started, and what else is loaded by now."""
        live = oracle.modules_under(self.root)
        rest = [name for name, module in live.items() if name not in self.started and _has_file(module)]
        return self._server.fresh(self.root, [*self.started, *rest], self.beside)

    def snapshot(self) -> Snapshot:
        modules = oracle.modules_under(self.root)
        values = {place: value for name, module in modules.items() for place, value in _names(name, module)}
        texts: dict[str, str] = {}
        for name, module in modules.items():
            if _has_file(module):
                texts |= {f"{name}:{key}": text for key, text in initialisers(module).items()}
        return Snapshot(
            description=self.describe(),
            ids={place: id(value) for place, value in values.items()},
            definitions={place: weakref.ref(value) for place, value in values.items() if _is_at_home(value, place)},
            kinds={place: type(value) for place, value in values.items()},
            containers={place: value for place, value in values.items() if issubclass(type(value), list | dict | set)},
            instances={place: ref for place, value in values.items() if (ref := _weakly(value)) is not None},
            initialisers=texts,
            sources=self.sources(),
        )

    # --- edits and what they must come to

    def truthful(self, edit: Edit, *, replaced: Collection[str] = ()) -> ReloadReport:
        """Whatever the outcome is, it is true. ``replaced``: definitions that may be new objects."""
        before = self.snapshot()
        self._state |= oracle.changed_state(self._baseline, before.description)
        self._state |= _other_names(self._state, before)
        self.write(edit)
        report = self.reload()
        self.check(report, before, replaced)
        return report

    def check(self, report: ReloadReport, before: Snapshot, replaced: Collection[str] = ()) -> None:
        after = self.snapshot()
        if report.outcome in (Outcome.PATCHED, Outcome.UNCHANGED):
            self._check_equal_to_fresh(before, after)
        if report.outcome is Outcome.PATCHED:
            _check_identity(report, before, after, replaced)
            if self.nothing_is_made_in_vain:
                self._check_kept_objects(before, after)
            self._baseline = after.description
            return
        _check_untouched(report, before, after)
        if report.outcome is Outcome.STRUCTURAL:
            _check_rude_edits(report)
        if report.outcome is Outcome.REJECTED:
            self._check_broken(report)

    def expect_patched(self, edit: Edit, *, keep: Collection[str] = (), replaced: Collection[str] = ()) -> ReloadReport:
        """Patched in place; the values at the places ``keep`` are the same objects afterwards."""
        kept = {place: self.get(place) for place in keep}
        report = self.truthful(edit, replaced=replaced)
        assert report.outcome is Outcome.PATCHED, explain(report)
        for place, value in kept.items():
            assert self.get(place) is value, f"{place} is another object"
        return report

    def expect_unchanged(self, edit: Edit) -> ReloadReport:
        report = self.truthful(edit)
        assert report.outcome is Outcome.UNCHANGED, explain(report)
        return report

    def expect_rude(self, edit: Edit, code: str | None = None) -> ReloadReport:
        """Refused, with nothing changed; and when the edit is taken back nothing is left to do."""
        before = self.sources()
        report = self.truthful(edit)
        assert report.outcome is Outcome.STRUCTURAL, explain(report)
        assert code is None or code in {rude.code for rude in report.rude_edits}, explain(report)
        self._take_back(edit, before)
        return report

    def expect_rejected(
        self, edit: Edit, error: str | None = None, *, file: str | None = None, line: int | None = None
    ) -> ReloadReport:
        """Broken, with not one name changed; and when the edit is taken back nothing is left to do."""
        before = self.sources()
        report = self.truthful(edit)
        assert report.outcome is Outcome.REJECTED, explain(report)
        assert report.error is not None
        assert error is None or report.error.type == error, explain(report)
        assert file is None or report.error.path == self.path(file), explain(report)
        assert line is None or report.error.line == line, explain(report)
        self._take_back(edit, before)
        return report

    def _take_back(self, edit: Edit, before: Mapping[str, bytes]) -> None:
        report = self.truthful({file: before.get(file) for file in edit})
        assert report.outcome is Outcome.UNCHANGED, f"the edit was taken back: {explain(report)}"

    def _check_equal_to_fresh(self, before: Snapshot, after: Snapshot) -> None:
        try:
            fresh = self.fresh()
        except oracle.FreshImportError as error:
            raise AssertionError(f"a fresh interpreter cannot import what is said to run: {error}") from error
        kept = {place for place in self._state if same_initialiser(place, before.initialisers, after.initialisers)}
        found = oracle.differences(after.description, fresh, kept)
        assert not found, "the process does not equal a fresh one:\n  " + "\n  ".join(found[:20])

    def _check_kept_objects(self, before: Snapshot, after: Snapshot) -> None:
        """What the edit cannot have touched is not made anew."""
        modules = oracle.modules_under(self.root)
        paths = {name: Path(str(module.__file__)) for name, module in modules.items() if _has_file(module)}
        texts = {
            name: path.relative_to(self.root).as_posix() for name, path in paths.items() if _below(path, self.root)
        }
        sides = (before.sources, after.sources)
        earlier, now = ({name: files[file] for name, file in texts.items() if file in files} for files in sides)
        for name, kept in untouched(earlier, now).items():
            for place in (f"{name}:{key}" for key in kept):
                old, new = (side.instances.get(place) for side in (before, after))
                assert old is None or (new is not None and old() is new()), f"{place} was made anew, for no reason"
                if place in before.containers:
                    assert before.containers[place] is after.containers.get(place), f"{place} was made anew"

    def _check_broken(self, report: ReloadReport) -> None:
        assert report.error is not None, "rejected without an error"
        assert report.error.type, "an error without a type"
        assert report.error.path is not None, f"an error without a file: {report.error}"
        with suppress(oracle.FreshImportError):
            self.fresh()
            raise AssertionError(f"rejected, but a fresh interpreter imports it: {explain(report)}")


def _other_names(places: Collection[str], snapshot: Snapshot) -> set[str]:
    """Further names of the containers at these places: a description tells what one holds at the first name only."""
    held = {id(snapshot.containers[place]) for place in places if place in snapshot.containers}
    return {place for place, value in snapshot.containers.items() if id(value) in held}


def _check_identity(report: ReloadReport, before: Snapshot, after: Snapshot, replaced: Collection[str]) -> None:
    forwarded = {str(ref) for ref in report.forwarded}
    for place, ref in before.definitions.items():
        now, was = after.definitions.get(place), ref()
        redecorated = before.initialisers.get(place) != after.initialisers.get(place)
        if now is None or redecorated or place in forwarded or place in replaced:
            continue
        if before.kinds[place] is not after.kinds[place]:  # a function has taken a class's name
            continue
        assert was is now(), f"{place} is another object" + (", the old one is gone" if was is None else "")
    for place, value in before.containers.items():
        text = before.initialisers.get(place)
        starred = f"{place.partition(':')[0]}:*" in after.initialisers  # it may bind the name, too
        if text is not None and text == after.initialisers.get(place) and is_literal(text) and not starred:
            assert after.containers.get(place) is value, f"{place} was made anew"


def _check_untouched(report: ReloadReport, before: Snapshot, after: Snapshot) -> None:
    found = oracle.differences(after.description, before.description)
    assert not found, f"{report.outcome}, but the process changed:\n  " + "\n  ".join(found[:20])
    ids = after.ids
    moved = [place for place in {*ids, *before.ids} if ids.get(place) != before.ids.get(place)]
    assert not moved, f"{report.outcome}, but other objects are bound to {moved}"


def _check_rude_edits(report: ReloadReport) -> None:
    assert report.rude_edits, "structural without a rude edit"
    for edit in report.rude_edits:
        assert CODE.fullmatch(edit.code), f"a rude edit without a code: {edit}"
        assert edit.reason, f"a rude edit without a reason: {edit}"
        assert edit.path.is_absolute(), f"a rude edit without a file: {edit}"


def explain(report: ReloadReport) -> str:
    rude = [f"{edit.code} {edit.ref}:{edit.line} {edit.reason}" for edit in report.rude_edits]
    error = report.error
    told = [f"{error.type}: {error.message} ({error.path}:{error.line})\n{error.traceback}"] if error else []
    return "\n  ".join([f"outcome {report.outcome}", *rude, *told])


def _is_at_home(value: object, place: str) -> bool:
    """A class or function under its own name, of the plugin's text: not one that a dataclass generated."""
    if type(value) is types.FunctionType:
        file = value.__code__.co_filename
        if file.startswith("<") or file.startswith(LIBRARIES):
            return False
    definition = type(value) is types.FunctionType or issubclass(type(value), type)
    return definition and f"{value.__module__}:{getattr(value, '__qualname__', '')}" == place


def _weakly(value: object) -> weakref.ref[Any] | None:
    """A reference to an instance; not to a class or function, which have rules of their own, nor to plain data.

    Here and elsewhere the type is asked, not ``isinstance``: a proxy may raise anything for its ``__class__``.
    """
    if issubclass(type(value), types.FunctionType | types.ModuleType | type | frozenset):
        return None
    with suppress(TypeError):
        return weakref.ref(value)
    return None


def _below(path: Path, root: Path) -> bool:
    return path.is_relative_to(root)


def _has_file(module: types.ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).exists()


def _names(prefix: str, owner: object) -> Iterator[tuple[str, Any]]:
    """The places under a module or class and what is there; into a class only where it is at home."""
    joint = ":" if isinstance(owner, types.ModuleType) else "."
    for name, value in list(vars(owner).items()):
        if not (name.startswith("__") and name.endswith("__")) or joint == "." or name == "__all__":
            place = prefix + joint + name
            yield place, value
            if issubclass(type(value), type) and _is_at_home(value, place):
                yield from _names(place, value)
