"""One package's history, replayed in one process and its children. Prints a result a line."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.replay.children import Child, ChildDied, Fresh
from benchmarks.replay.live import LiveSide
from benchmarks.replay.model import Files, Pair, Result, Rude, Shape, Tree, Verdict, difference, edited, tree_key
from benchmarks.replay.packages import Package

Tell = Callable[[Result], None]


def replay(package: Package, pairs: Iterable[Pair], work: Path, tell: Tell, *, file_by_file: bool = True) -> None:
    """Each pair as one save, in a process that lives on; then, where it has several files, file by file in another."""
    for name in package.libraries:
        importlib.import_module(name)
    fresh = Fresh(work / "fresh", package.name)
    whole = Track(package, work / package.name / "whole", fresh)
    single = Track(package, work / package.name / "file", fresh)
    try:
        for pair in pairs:
            files = pair.files()
            sources = [name for name in files if name.endswith(".py")]
            told = Result(package.name, pair.kind, Shape.WHOLE, pair.old.label, pair.new.label, Verdict.NO_SOURCE)
            if not sources:
                tell(told)
                continue
            tell(whole.apply(replace(told, files=tuple(files)), pair.old.tree, files))
            if file_by_file and len(sources) > 1:
                tree: Tree = pair.old.tree
                for name in files:
                    one = {name: files[name]}
                    if name.endswith(".py"):
                        tell(single.apply(replace(told, shape=Shape.FILE, files=(name,)), tree, one))
                    else:
                        single.write_along(tree, one)
                    tree = edited(tree, one)
    finally:
        whole.close()
        single.close()


class Track:
    """A folder with a version of the package, and a process that has imported it."""

    def __init__(self, package: Package, folder: Path, fresh: Fresh) -> None:
        self.package = package
        self.root = folder / "root"
        self.cache = folder / "cache"
        self.fresh = fresh
        self.disk: dict[str, bytes] = {}
        self.pending: set[Path] = set()
        self.started: list[str] = []
        self.child: Child | None = None
        shutil.rmtree(folder, ignore_errors=True)
        self.root.mkdir(parents=True)

    def close(self) -> None:
        child, self.child = self.child, None
        self.pending = set()
        if child is not None:
            child.close()

    def write(self, tree: Tree) -> None:
        for name, source in difference(self.disk, tree).items():
            path = self.root / name
            if source is None:
                path.unlink()
                folder = path.parent
                while folder != self.root and not any(one.name != "__pycache__" for one in folder.iterdir()):
                    shutil.rmtree(folder)
                    folder = folder.parent
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(source)
        self.disk = dict(tree)

    def write_along(self, tree: Tree, files: Files) -> None:
        """Data files, which no engine looks at."""
        if self.disk == tree:
            self.write(edited(tree, files))

    def start(self, tree: Tree) -> bool:
        """A new process that has imported this version, as a user would: the package, then what else it has."""
        self.close()
        self.write(tree)
        modules = module_names(tree, self.package)
        good = self.fresh.entries(self.root, tree_key(tree), self.package.entry, modules)
        if not good:
            return False
        self.started = good
        self.child = Child(LiveSide())
        self.child.ask({"do": "start", "root": str(self.root), "imports": good, "cache": str(self.cache)})
        return True

    def apply(self, told: Result, tree: Tree, files: Files) -> Result:
        """One edit of ``tree``. The process lives on if it is what a fresh one would be, or was rightly not touched."""
        try:
            if (self.child is None or self.disk != tree) and not self.start(tree):
                return replace(told, verdict=Verdict.NO_BASE)
            assert self.child is not None
            after = edited(tree, files)
            self.write(after)
            self.pending |= {self.root / name for name in files}
            answer = self.child.ask({"do": "refresh", "paths": sorted(map(str, self.pending))})
            return self._judge(told, answer, after, tree)
        except ChildDied as error:
            self.close()
            return replace(told, verdict=Verdict.EXCEPTION, details=(f"the process: {error}",))

    def _judge(self, told: Result, answer: Mapping[str, Any], after: Tree, before: Tree) -> Result:
        assert self.child is not None
        if "exception" in answer:
            self.close()
            return replace(told, verdict=Verdict.EXCEPTION, details=(answer["exception"],))
        report = answer["report"]
        # Without the module that is asked for there is no program: a fresh process fails, and so does this version.
        there = [name for name in self.started if self._has(name) or name == self.package.entry]
        rest = [name for name in answer["modules"] if name not in self.started and self._has(name)]
        path = self.fresh.description(self.root, tree_key(after), [*there, *rest])
        with path.open(encoding="utf-8") as file:
            broken = file.read(9) == '{"error":'
        told = replace(
            told, broken=broken, refresh_ms=answer["ms"], compile_ms=answer["compile_ms"], timings=report["timings"]
        )
        if answer["touched"]:
            self.close()
            return replace(told, verdict=Verdict.TOUCHED, details=(report["outcome"], *answer["touched"]))
        if report["outcome"] in ("patched", "unchanged"):
            old_data = {name: source for name, source in before.items() if not name.endswith(".py")}
            code = {name: source for name, source in after.items() if name.endswith(".py")}
            aside = {**old_data, **code}
            return self._judge_new(told, report["outcome"], path, aside if aside != after else None, [*there, *rest])
        return self._judge_old(told, report, broken)

    def _has(self, module: str) -> bool:
        stem = module.replace(".", "/")
        return f"{stem}.py" in self.disk or f"{stem}/__init__.py" in self.disk

    def _judge_new(self, told: Result, outcome: str, path: Path, aside: Tree | None, modules: list[str]) -> Result:
        """``aside``: the new code with the data files as they were, if those changed too."""
        assert self.child is not None
        found = self.child.ask({"do": "compare", "fresh": str(path)})
        if "error" in found:
            self.close()
            return replace(told, verdict=Verdict.FALSE, details=(f"said {outcome}", *found["error"]))
        told = replace(
            told,
            verdict=Verdict(outcome),
            kept=found["kept"],
            replaced=tuple(found["replaced"]),
            untouched=found["untouched"],
            recreated=tuple(found["recreated"]),
        )
        if found["differences"]:
            is_data = aside is not None and not self._differs(aside, modules)
            self.close()
            verdict = Verdict.OTHER_DATA if is_data else Verdict.FALSE
            return replace(told, verdict=verdict, details=(f"said {outcome}", *found["differences"]))
        self.pending = set()
        return told

    def _differs(self, tree: Tree, modules: list[str]) -> bool:
        """Whether a fresh interpreter has something else than the live process when it imports this tree."""
        assert self.child is not None
        self.write(tree)  # in the same place: values may hold its path
        described = self.fresh.description(self.root, tree_key(tree), modules)
        found = self.child.ask({"do": "compare", "fresh": str(described)})
        return "error" in found or bool(found["differences"])

    def _judge_old(self, told: Result, report: Mapping[str, Any], broken: bool) -> Result:
        if report["outcome"] == "structural":
            self.close()
            rude = tuple(
                Rude(one["code"], f"{one['ref']['module']}:{one['ref']['qualname']}:{one['line']}", one["reason"])
                for one in report["rude_edits"]
            )
            return replace(told, verdict=Verdict.BROKEN_STRUCTURAL if broken else Verdict.STRUCTURAL, rude=rude)
        error = report["error"]
        details = (f"{error['type']}: {error['message']} ({error['file']}:{error['line']})", error["traceback"])
        if broken:
            return replace(told, verdict=Verdict.REJECTED, details=details)
        self.close()
        return replace(told, verdict=Verdict.FALSE_REJECTED, details=details)


def module_names(tree: Tree, package: Package) -> list[str]:
    """The package's modules, by name; not what only runs as a program, nor tests."""
    names = []
    for path in sorted(tree):
        if path.endswith(".py"):
            parts = path[:-3].split("/")
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            skip = any(part.startswith("__main") or part in package.skipped for part in parts)
            if name not in (package.top, package.entry) and not skip and all(part.isidentifier() for part in parts):
                names.append(name)
    return names
