"""However a module of the plugin came to be loaded, an edit of it is never passed over in silence."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import runpy
import sys
import threading
from pathlib import Path
from types import ModuleType

from mpdt_hooks import LiveReloader, Outcome
from tests.harness import Workspace, explain


def by_spec(ws: Workspace, name: str, file: str, *, package: bool = False) -> ModuleType:
    """As cores load a plugin: from its file, under a name of their own."""
    path = ws.path(file)
    folders = [str(path.parent)] if package else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    ws.started.append(name)
    spec.loader.exec_module(module)
    return module


def never_silent(ws: Workspace, module: ModuleType, file: str) -> None:
    ws[file] = ws[file].replace("return 1", "return 2")
    report = ws.reload()
    assert report.outcome is not Outcome.REJECTED, explain(report)
    if report.outcome is Outcome.PATCHED:
        assert module.f() == 2
    else:
        assert module.f() == 1
        assert report.outcome is Outcome.STRUCTURAL, "what runs is not what is on disk, and it is called unchanged"


def test_a_plugin_loaded_from_its_file(ws: Workspace) -> None:
    ws["echo/plugin.py"] = "def f(): return 1\n"
    ws.install()
    never_silent(ws, by_spec(ws, "echo_by_spec", "echo/plugin.py"), "echo/plugin.py")


def test_a_package_loaded_from_its_file(ws: Workspace) -> None:
    ws["echo/__init__.py"] = "from .sub import g\ndef f(): return 1\n"
    ws["echo/sub.py"] = "def f(): return 1\ndef g(): return 1\n"
    ws.install()
    package = by_spec(ws, "echo_by_spec", "echo/__init__.py", package=True)
    never_silent(ws, sys.modules["echo_by_spec.sub"], "echo/sub.py")
    never_silent(ws, package, "echo/__init__.py")


def test_a_module_that_was_imported_before_the_engine(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    sys.path.insert(0, str(ws.root))
    importlib.invalidate_caches()
    module = importlib.import_module("a")
    sys.path.remove(str(ws.root))
    ws.install()
    ws.started.append("a")
    never_silent(ws, module, "a.py")


def test_modules_found_by_walking_a_package(ws: Workspace) -> None:
    ws["pkg/__init__.py"] = """
        import importlib, pkgutil
        modules = {m.name: importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)}
        """
    ws["pkg/one.py"], ws["pkg/two.py"] = "def f(): return 1\n", "def f(): return 1\n"
    pkg = ws.start("pkg")
    assert sorted(module.name for module in pkgutil.iter_modules(pkg.__path__)) == ["one", "two"]
    ws.expect_patched({"pkg/one.py": "def f(): return 2\n"})
    assert pkg.modules["one"].f() == 2
    assert pkg.modules["two"].f() == 1


def test_a_module_imported_in_a_thread(ws: Workspace) -> None:
    ws["a.py"], ws["b.py"] = "X = 1\n", "def f(): return 1\n"
    ws.start("a")
    thread = threading.Thread(target=importlib.import_module, args=("b",))
    thread.start()
    thread.join()
    ws.expect_patched({"b.py": "def f(): return 2\n"})
    assert ws.run("b", "f()") == 2


def test_a_module_imported_after_a_patch(ws: Workspace) -> None:
    ws["a.py"] = "def f():\n    from b import g\n    return g()\n"
    a = ws.start("a")
    ws["b.py"] = "def g(): return 1\n"
    assert ws.reload().outcome is Outcome.UNCHANGED
    importlib.invalidate_caches()
    assert a.f() == 1
    ws.expect_patched({"b.py": "def g(): return 2\n"})
    assert a.f() == 2


def test_a_module_whose_file_changed_between_import_and_the_first_refresh(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    a = ws.start("a")
    ws["a.py"] = "def f(): return 2\n"
    ws["a.py"] = "def f(): return 3\n"
    assert ws.reload(ws.path("a.py")).outcome is Outcome.PATCHED
    assert a.f() == 3


def test_a_module_deleted_from_sys_modules_is_not_patched(ws: Workspace) -> None:
    ws["a.py"], ws["b.py"] = "X = 1\n", "def f(): return 1\n"
    ws.start("a", "b")
    old = sys.modules.pop("b")
    ws.started.remove("b")
    ws["b.py"] = "def f(): return 2\n"
    report = ws.reload()
    assert report.outcome is not Outcome.REJECTED, explain(report)
    assert importlib.import_module("b").f() == 2
    ws.started.append("b")
    assert old.f() == 1
    ws.expect_patched({"b.py": "def f(): return 3\n"})


def test_a_module_replaced_in_sys_modules(ws: Workspace) -> None:
    """A module that puts an object in its own place, as lazy modules do."""
    ws["a.py"] = "import b\ndef f(): return b.value\n"
    ws["b.py"] = "import sys\nclass Lazy:\n    value = 1\nsys.modules[__name__] = Lazy()\n"
    a = ws.start("a")
    assert a.f() == 1
    ws["b.py"] = ws["b.py"].replace("value = 1", "value = 2")
    report = ws.reload()
    sys.modules.pop("b", None)
    assert report.outcome in (Outcome.PATCHED, Outcome.STRUCTURAL), explain(report)
    assert a.f() == (2 if report.outcome is Outcome.PATCHED else 1)


def test_a_script_run_in_the_folder_is_not_a_module_of_it(ws: Workspace) -> None:
    ws["a.py"], ws["script.py"] = "X = 1\n", "Y = 1\n"
    ws.start("a")
    runpy.run_path(str(ws.path("script.py")))
    ws["script.py"] = "Y = (\n"
    assert ws.reload().outcome is Outcome.UNCHANGED


def test_an_import_that_failed_can_be_repaired(ws: Workspace) -> None:
    ws["a.py"] = "def f():\n    import b\n    return b.X\n"
    ws["b.py"] = "X = no_such_name\n"
    a = ws.start("a")
    for _ in range(2):
        try:
            a.f()
        except NameError:
            continue
        raise AssertionError("it was imported")
    assert "b" not in sys.modules
    ws["b.py"] = "X = 1\n"
    ws.reload()
    assert a.f() == 1
    ws.expect_patched({"b.py": "X = 2\n"})
    assert a.f() == 2


def test_a_failing_safe_point_changes_nothing(ws: Workspace) -> None:
    def safe_point(apply: object) -> None:
        raise RuntimeError("the loop is closed")

    ws["a.py"] = "X = 1\ndef f(): return 1\n"
    ws.reloader = LiveReloader(ws.root, safe_point=safe_point)
    ws._handle = ws.reloader.install()
    a = importlib.import_module("a")
    ws["a.py"] = "X = 2\ndef f(): return 2\n"
    try:
        report = ws.reload()
    except RuntimeError:
        pass
    else:
        assert report.outcome is not Outcome.PATCHED
    assert (a.X, a.f()) == (1, 1)


def test_a_folder_with_a_blank_and_umlauts(ws: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "mein Ordner ü 插件"
    root.mkdir()
    ws.root = root
    ws["a.py"] = "def f(): return 1\n"
    a = ws.start("a")
    ws.expect_patched({"a.py": "def f(): return 2\n"})
    assert a.f() == 2


def test_a_relative_root(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    before = Path.cwd()
    os.chdir(ws.root)
    try:
        a = ws.start("a", root=Path("."))
    finally:
        os.chdir(before)
    ws.expect_patched({"a.py": "def f(): return 2\n"})
    assert a.f() == 2
