"""Decorators that only set attributes of a class: with other arguments they are applied to the live class again."""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== another title of a config section | keep=a:Config,a:config
from pydantic import BaseModel
def section(name, *, title=None):
    '''Mark a section.'''
    def mark(cls):
        cls.__section_name__ = name
        cls.__section_title__ = title or name
        return cls
    return mark
class Config(BaseModel):
    @section("plugin", title="Plugin")
    class Plugin(BaseModel):
        @section("theme")
        class Theme(BaseModel):
            text: str = "a"
        x: int = 1
    plugin: Plugin = Plugin()
config = Config()
--->
from pydantic import BaseModel
def section(name, *, title=None):
    '''Mark a section.'''
    def mark(cls):
        cls.__section_name__ = name
        cls.__section_title__ = title or name
        return cls
    return mark
class Config(BaseModel):
    @section("plugin")
    class Plugin(BaseModel):
        @section("theme", title="Theme")
        class Theme(BaseModel):
            text: str = "a"
        x: int = 1
        y: int = 2
    plugin: Plugin = Plugin()
config = Config()
>>> (Config.Plugin.__section_title__, Config.Plugin.Theme.__section_title__) == ("plugin", "Theme")
>>> type(config.plugin).__section_title__ == "plugin" and config.plugin.y == 2

=== such a decorator added | keep=a:C,a:c
def label(cls):
    cls.word = "c"
    return cls
class C: ...
c = C()
--->
def label(cls):
    cls.word = "c"
    return cls
@label
class C: ...
c = C()
>>> getattr(c, "wo" + "rd") == "c"

=== one with an argument from the module, and a class below | keep=a:C,a:D
NAME = "a"
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
@label(NAME)
class C: ...
class D(C): ...
--->
NAME = "a"
OTHER = "b"
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
@label(OTHER)
class C: ...
class D(C): ...
>>> getattr(D, "te" + "xt") == "b"

=== one that is gone | must=structural code=MPDT010
def label(cls):
    cls.label = "c"
    return cls
@label
class C: ...
--->
def label(cls):
    cls.label = "c"
    return cls
class C: ...

=== one that sets an attribute only sometimes | must=structural code=MPDT010
def label(text):
    def mark(cls):
        if text: cls.text = text
        return cls
    return mark
@label("a")
class C: ...
--->
def label(text):
    def mark(cls):
        if text: cls.text = text
        return cls
    return mark
@label("")
class C: ...

=== one that registers too | must=structural code=MPDT007
known = []
def label(text):
    def mark(cls):
        cls.text = known.append(text)
        return cls
    return mark
@label("a")
class C: ...
--->
known = []
def label(text):
    def mark(cls):
        cls.text = known.append(text)
        return cls
    return mark
@label("b")
class C: ...

=== one whose attribute is read while the module is imported | must=structural code=MPDT010
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
@label("a")
class C: ...
X = C.text
--->
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
@label("b")
class C: ...
X = C.text

=== one that sets what the body binds | must=structural code=MPDT010
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
class A:
    @label("a")
    class C:
        text = "own"
--->
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
class A:
    @label("b")
    class C:
        text = "own"

=== one, and its own body | must=structural code=MPDT005
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
@label("a")
class C: ...
--->
def label(text):
    def mark(cls):
        cls.other = text
        return cls
    return mark
@label("b")
class C: ...

=== one of a class whose metaclass acts | must=structural code=MPDT010
seen = []
class Meta(type):
    def __setattr__(cls, name, value):
        seen.append(name)
        super().__setattr__(name, value)
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
@label("a")
class C(metaclass=Meta): ...
--->
seen = []
class Meta(type):
    def __setattr__(cls, name, value):
        seen.append(name)
        super().__setattr__(name, value)
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
@label("b")
class C(metaclass=Meta): ...

=== one that sets what every class has | must=structural code=MPDT010
def label(text):
    def mark(cls):
        cls.__name__ = text
        return cls
    return mark
@label("a")
class C: ...
--->
def label(text):
    def mark(cls):
        cls.__name__ = text
        return cls
    return mark
@label("b")
class C: ...

=== a dataclass with other arguments | must=structural code=MPDT010
from dataclasses import dataclass
@dataclass
class C:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass(order=True)
class C:
    x: int = 1
""")


@pytest.mark.parametrize("row", ROWS)
def test_a_section_decorator_is_applied_again(ws: Workspace, row: Row) -> None:
    check(ws, row)


def test_what_it_set_is_taken_back(ws: Workspace) -> None:
    ws["a.py"] = """
        def label(text):
            def mark(cls):
                cls.text = text
                return cls
            return mark
        @label("a")
        class C: ...
        X = 1
    """
    ws.start("a")
    edit = ws.replace("a.py", '"a"', '"b"')
    report = ws.truthful({"a.py": edit["a.py"].replace("X = 1", "X = 1 / 0")})
    assert report.outcome is Outcome.REJECTED
    assert ws.run("a", "C.text") == "a"
