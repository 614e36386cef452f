"""Being there changes nothing: importing the engine has no effect, and ``uninstall()`` takes back ``install()``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mpdt_hooks
from mpdt_hooks import LiveReloader, Outcome
from tests.harness import Workspace, explain

HOOKS = str(Path(mpdt_hooks.__file__).parents[1])


def in_a_new_process(code: str, *arguments: str) -> Any:
    run = subprocess.run(
        [sys.executable, "-B", "-c", f"import sys; sys.path.insert(0, {HOOKS!r})\n{code}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


STATE = """
import gc, json, sys, threading, builtins, importlib, types
def state():
    return {
        "meta_path": [repr(f) for f in sys.meta_path], "path": list(sys.path), "hooks": len(sys.path_hooks),
        "threads": [t.name for t in threading.enumerate()], "switch": sys.getswitchinterval(),
        "tracers": [repr(sys.gettrace()), repr(sys.getprofile())],
        "gc": [gc.isenabled(), gc.get_threshold(), len(gc.callbacks)],
        "import": builtins.__import__ is importlib.__import__ or repr(builtins.__import__),
        "compile": repr(builtins.compile), "exec": repr(builtins.exec),
        "excepthook": repr(sys.excepthook), "displayhook": repr(sys.displayhook),
    }
audited = []
real = sys.addaudithook
sys.addaudithook = lambda hook: audited.append(repr(hook)) or real(hook)
"""


def test_importing_the_engine_changes_nothing() -> None:
    told = in_a_new_process(
        STATE
        + """
before = state()
import mpdt_hooks
after = state()
heavy = {"jurigged", "codefind", "ovld", "watchdog", "blessed"}
loaded = sorted(name for name in sys.modules if name.split(".")[0] in heavy)
print(json.dumps({"before": before, "after": after, "audited": audited, "loaded": loaded}))
"""
    )
    assert told["before"] == told["after"]
    assert told["audited"] == []
    assert told["loaded"] == []


def test_installing_adds_one_finder_and_no_audit_hook_and_uninstalling_takes_it_back(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): return 1\n")
    told = in_a_new_process(
        STATE
        + """
import mpdt_hooks, pathlib
root = pathlib.Path(sys.argv[1])
before = state()
handle = mpdt_hooks.LiveReloader(root).install()
during = state()
import a
handle.uninstall()
handle.uninstall()
after = state()
print(json.dumps({"before": before, "during": during, "after": after, "audited": audited, "f": a.f()}))
""",
        str(tmp_path),
    )
    assert told["before"] == told["after"]
    assert told["audited"] == []
    assert len(told["during"]["meta_path"]) == len(told["before"]["meta_path"]) + 1
    assert not any("jurigged" in finder for finder in told["during"]["meta_path"])
    assert told["f"] == 1


def test_the_engine_leaves_no_garbage_collection_to_the_plugins_import(tmp_path: Path) -> None:
    """The objects of its own modules would be looked at in the middle of it: a third of the time of 100 modules."""
    told = in_a_new_process(
        """
import gc, json, pathlib, sys
import mpdt_hooks
with mpdt_hooks.LiveReloader(pathlib.Path(sys.argv[1])).install():
    print(json.dumps([len(gc.get_objects(generation)) for generation in range(3)]))
""",
        str(tmp_path),
    )
    assert sum(told[:2]) < 1_000 < 10_000 < told[2]


def test_a_host_that_collects_by_itself_is_left_alone(tmp_path: Path) -> None:
    told = in_a_new_process(
        """
import gc, json, pathlib, sys
gc.disable()
import mpdt_hooks
looks = []
gc.callbacks.append(lambda phase, info: looks.append(phase))
with mpdt_hooks.LiveReloader(pathlib.Path(sys.argv[1])).install():
    print(json.dumps([looks, gc.isenabled()]))
""",
        str(tmp_path),
    )
    assert told == [[], False]


def test_the_engine_exists_once() -> None:
    told = in_a_new_process(
        """
import json
sys.path.insert(0, sys.argv[1])
try:
    import hooks.mpdt_hooks
    print(json.dumps("imported"))
except ImportError as error:
    print(json.dumps(str(error)))
""",
        str(Path(HOOKS).parent),
    )
    assert "mpdt_hooks" in told
    assert told != "imported"


def test_install_is_idempotent_and_a_context_manager(tmp_path: Path) -> None:
    before = list(sys.meta_path), list(sys.path)
    reloader = LiveReloader(tmp_path)
    with reloader.install() as first:
        second = reloader.install()
        assert len(sys.meta_path) == len(before[0]) + 1
        assert first is not None
        second.uninstall()
    assert (sys.meta_path, sys.path) == before


def test_it_can_be_installed_again(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    a = ws.start("a")
    ws._handle.uninstall()
    assert ws.reloader is not None
    ws._handle = ws.reloader.install()
    ws.expect_patched({"a.py": "def f(): return 2\n"})
    assert a.f() == 2


def test_uninstalling_leaves_what_others_added(tmp_path: Path) -> None:
    class Finder:
        @staticmethod
        def find_spec(*_: object) -> None:
            return None

    handle = LiveReloader(tmp_path).install()
    finder = Finder()
    sys.meta_path.append(finder)
    try:
        handle.uninstall()
        assert finder in sys.meta_path
    finally:
        sys.meta_path.remove(finder)


def test_two_reloaders_of_two_folders(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}_module.py").write_text("def f(): return 1\n")
    one, two = LiveReloader(tmp_path / "one"), LiveReloader(tmp_path / "two")
    try:
        with one.install(), two.install():
            import one_module
            import two_module

            (tmp_path / "two" / "two_module.py").write_text("def f(): return 2\n")
            assert one.refresh().outcome is Outcome.UNCHANGED
            report = two.refresh()
            assert report.outcome is Outcome.PATCHED, explain(report)
            assert (one_module.f(), two_module.f()) == (1, 2)
    finally:
        for name in ("one_module", "two_module"):
            sys.modules.pop(name, None)


def test_a_package_outside_sys_path_is_importable_while_installed(ws: Workspace) -> None:
    ws["pkg/__init__.py"] = "from .b import f\n"
    ws["pkg/b.py"] = "def f(): return 1\n"
    assert str(ws.root) not in sys.path
    ws.reloader = LiveReloader(ws.root)
    ws._handle = ws.reloader.install()
    pkg = __import__("pkg")
    ws["pkg/b.py"] = "def f(): return 2\n"
    assert ws.reload().outcome is Outcome.PATCHED
    assert pkg.f() == 2


def test_the_root_may_be_the_plugin_folder_itself(ws: Workspace) -> None:
    ws["echo/__init__.py"] = ""
    ws["echo/plugin.py"] = "from .b import f\ndef g(): return f()\n"
    ws["echo/b.py"] = "def f(): return 1\n"
    plugin = ws.start("echo.plugin", root=ws.root / "echo")
    ws.expect_patched({"echo/b.py": "def f(): return 2\n"})
    assert plugin.g() == 2


def test_what_lies_outside_the_root_is_left_alone(ws: Workspace) -> None:
    ws["inside/a.py"] = "import outside_module\ndef f(): return outside_module.X\n"
    ws["outside_module.py"] = "X = 1\n"
    a = ws.start("inside.a", root=ws.root / "inside")
    ws["outside_module.py"] = "X = 2\n"
    assert ws.reload().outcome is Outcome.UNCHANGED
    assert a.f() == 1


@pytest.mark.parametrize("name", ["numbers", "json.decoder"])
def test_libraries_are_not_tracked(ws: Workspace, name: str) -> None:
    ws["a.py"] = f"import {name}\nX = 1\n"
    ws.start("a")
    assert type(vars(__import__(name))["__loader__"]).__module__.startswith(("_frozen_importlib", "importlib"))


def test_the_patcher_brings_no_console_and_no_watcher_until_they_are_asked_for() -> None:
    code = """
import sys
from mpdt_hooks import _jurigged
_jurigged.load()
heavy = {"blessed", "watchdog", "jurigged.live"} & set(sys.modules)
assert not heavy, heavy
import jurigged
assert jurigged.watch.__module__ == "jurigged.live"
assert "blessed" in sys.modules
assert not hasattr(jurigged, "nothing")
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# What asyncio does when it finds that a task's error was never fetched: it formats a traceback, which parses a line.
A_FINALIZER_THAT_PARSES = """
import ast, gc, json, pathlib
from mpdt_hooks import LiveReloader

class Lost:
    def __del__(self):
        ast.parse("call(a, b)")
        lose()

def lose():
    one = Lost()
    one.itself = one

folder = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(folder))
reloader = LiveReloader(folder)
with reloader.install():
    lose()
    gc.set_threshold(20)
    import plugin
    (folder / "plugin.py").write_text((folder / "plugin.py").read_text().replace("+ 1", "+ 2"))
    report = reloader.refresh()
    gc.set_threshold(0)
print(json.dumps([str(report.outcome), plugin.f7(1)]))
"""


def test_a_finalizer_that_parses_while_a_module_is_parsed(tmp_path: Path) -> None:
    functions = (f"def f{n}(a):\n    return [a, a][0] + 1\n" for n in range(40))
    (tmp_path / "plugin.py").write_text("".join(functions), "utf-8")
    outcome, result = in_a_new_process(A_FINALIZER_THAT_PARSES, str(tmp_path))
    assert (outcome, result) == ("patched", 3)
