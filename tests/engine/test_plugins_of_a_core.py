"""A plugin as it is: its bases, decorators and registries belong to a core that lies outside the tracked folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace, explain

CORE = """
import abc, functools
from pydantic import BaseModel

plugins, handlers, calls = {}, [], []

class Base(abc.ABC):
    name = "base"
    def __init__(self): self.state = {}
    def run(self): return self.execute()
    @abc.abstractmethod
    def execute(self): ...
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        calls.append(cls.__name__)

def register_plugin(cls):
    plugins[cls.name] = cls
    return cls

def on(event):
    def register(f):
        handlers.append((event, f))
        f.__event__ = event
        return f
    return register

def timed(f):
    @functools.wraps(f)
    def wrapper(*a, **k): return f(*a, **k)
    return wrapper

def section(name):
    def mark(cls):
        cls.__section__ = name
        return cls
    return mark

class Config(BaseModel):
    pass
"""

PLUGIN = """
from core_of_tests import Base, Config, on, register_plugin, section, timed
from .commands import Echo, LIMIT

class Settings(Config):
    @section("plugin")
    class Plugin(Config):
        enabled: bool = True
        limit: int = LIMIT
    plugin: Plugin = Plugin()

@on("message")
def hear(text): return "heard " + text

@register_plugin
class EchoPlugin(Base):
    name = "echo"
    configs = [Settings]
    def __init__(self):
        super().__init__()
        self.settings = Settings()
        self.command = Echo(self)
    def get_components(self): return [Echo]
    def execute(self): return self.command.execute()
"""

COMMANDS = """
from core_of_tests import Base, timed

LIMIT = 3

class Echo(Base):
    name = "echo"
    pattern = "/echo"
    def __init__(self, plugin):
        super().__init__()
        self.plugin = plugin
    @timed
    def execute(self, text="hi"):
        self.state["n"] = self.state.get("n", 0) + 1
        return text[:LIMIT], self.state["n"]
"""


@pytest.fixture
def plugin(ws: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    outside = tmp_path / "core"
    outside.mkdir()
    (outside / "core_of_tests.py").write_text(CORE)
    sys.path.append(str(outside))
    ws["echo/__init__.py"] = ""
    ws["echo/plugin.py"] = PLUGIN
    ws["echo/commands.py"] = COMMANDS
    ws.beside.append(str(outside))
    ws.start("echo.plugin", root=ws.root / "echo")
    yield ws
    sys.path.remove(str(outside))
    del sys.modules["core_of_tests"]


def core() -> Any:
    return sys.modules["core_of_tests"]


def live(plugin: Workspace) -> Any:
    """The instance that the core holds, and its state."""
    return core().plugins["echo"]()


def test_a_commands_body(plugin: Workspace) -> None:
    instance = live(plugin)
    instance.run()
    edit = plugin.replace("echo/commands.py", "text[:LIMIT]", "text.upper()[:LIMIT]")
    plugin.expect_patched(edit, keep=("echo.plugin:EchoPlugin", "echo.commands:Echo"))
    assert instance.run() == ("HI", 2)


def test_the_core_is_not_told_twice(plugin: Workspace) -> None:
    registered, heard, made = dict(core().plugins), list(core().handlers), list(core().calls)
    plugin.expect_patched(plugin.replace("echo/plugin.py", '"heard "', '"now heard "'))
    plugin.expect_patched(plugin.replace("echo/plugin.py", "[Echo]", "[Echo, Echo]"))
    assert (core().plugins, core().handlers, core().calls) == (registered, heard, made)
    assert core().handlers[0][1]("x") == "now heard x"
    assert live(plugin).get_components() == [plugin.get("echo.commands:Echo")] * 2


def test_a_constant_that_a_section_and_a_body_use(plugin: Workspace) -> None:
    instance = live(plugin)
    report = plugin.truthful(plugin.replace("echo/commands.py", "LIMIT = 3", "LIMIT = 1"))
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert instance.run() == ("h", 1)
    assert plugin.run("echo.plugin", "Settings().plugin.limit") == 1


def test_a_field_of_a_nested_section(plugin: Workspace) -> None:
    instance = live(plugin)
    edit = plugin.replace("echo/plugin.py", "enabled: bool = True", "enabled: bool = True\n        prefix: str = '>'")
    plugin.expect_patched(edit, keep=("echo.plugin:Settings", "echo.plugin:EchoPlugin"))
    assert instance.settings.plugin.prefix == ">"
    assert plugin.run("echo.plugin", "Settings().plugin.prefix") == ">"
    assert plugin.run("echo.plugin", "Settings.Plugin.__section__") == "plugin"


def test_a_method_added_to_a_class_that_the_core_registers(plugin: Workspace) -> None:
    """What the core's decorator made of the old members cannot be seen from here: it may be refused."""
    instance = live(plugin)
    edit = plugin.replace("echo/plugin.py", "def get_components", "def help(self): return 1\n    def get_components")
    report = plugin.truthful(edit)
    if report.outcome is Outcome.PATCHED:
        assert instance.help() == 1


def test_a_method_added_to_a_command(plugin: Workspace) -> None:
    instance = live(plugin)
    edit = plugin.replace("echo/commands.py", "    @timed\n", "    def help(self): return self.pattern\n    @timed\n")
    plugin.expect_patched(edit, keep=("echo.commands:Echo",))
    assert instance.command.help() == "/echo"


def test_an_attribute_of_a_registered_class(plugin: Workspace) -> None:
    made = list(core().calls)
    report = plugin.truthful(plugin.replace("echo/commands.py", 'pattern = "/echo"', 'pattern = "/say"'))
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert plugin.get("echo.commands:Echo").pattern == "/say"
    assert core().calls == made


def test_the_name_under_which_a_class_is_registered(plugin: Workspace) -> None:
    cls = plugin.get("echo.plugin:EchoPlugin")
    report = plugin.truthful(plugin.replace("echo/plugin.py", 'name = "echo"', 'name = "parrot"'))
    if report.outcome is Outcome.PATCHED:
        assert core().plugins == {"parrot": cls}, "a fresh core would know it by one name"


def test_another_event(plugin: Workspace) -> None:
    report = plugin.truthful(plugin.replace("echo/plugin.py", '@on("message")', '@on("join")'))
    if report.outcome is Outcome.PATCHED:
        assert [event for event, _ in core().handlers] == ["join"]


def test_a_handler_added(plugin: Workspace) -> None:
    report = plugin.truthful(
        plugin.replace("echo/plugin.py", "@register_plugin", '@on("leave")\ndef bye(): ...\n\n@register_plugin')
    )
    if report.outcome is Outcome.PATCHED:
        assert [event for event, _ in core().handlers] == ["message", "leave"]


def test_a_handler_removed(plugin: Workspace) -> None:
    old = '@on("message")\ndef hear(text): return "heard " + text\n'
    report = plugin.truthful(plugin.replace("echo/plugin.py", old, ""))
    if report.outcome is Outcome.PATCHED:
        assert core().handlers == [], "the core still calls what is gone"


def test_a_broken_edit_leaves_the_core_alone(plugin: Workspace) -> None:
    before = dict(core().plugins), list(core().handlers)
    new = PLUGIN.replace("@register_plugin", '@on("leave")\ndef bye(): ...\nBROKEN = no_such_name\n@register_plugin')
    plugin.truthful({"echo/plugin.py": new})
    assert plugin.reports[-1].outcome is Outcome.REJECTED
    if (core().plugins, core().handlers) != before:
        assert plugin.reports[-1].ran_before_failure, "code acted outside, and the report does not say so"


def test_an_abstract_method_that_is_no_longer_implemented(plugin: Workspace) -> None:
    instance = live(plugin)
    report = plugin.truthful(plugin.replace("echo/plugin.py", "def execute(self)", "def execute_it(self)"))
    if report.outcome is Outcome.PATCHED:
        with pytest.raises(TypeError):
            live(plugin)
        assert instance.run() is None
