"""pydantic models are redone on the same class, nested config sections and the live config object included."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

MODELS = table("""
=== a field added | keep=a:C
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
--->
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
    y: str = "a"
>>> C().y == "a" and C(y="b").model_dump() == {"x": 1, "y": "b"}

=== a field added, with a live instance | keep=a:C,a:c
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
c = C()
--->
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
    y: str = "a"
c = C()
>>> c.y == "a" and c.model_dump() == {"x": 1, "y": "a"}

=== a field removed
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
    y: str = "a"
--->
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
>>> C().model_dump() == {"x": 1} and not hasattr(C(), "y")

=== a default changed
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
--->
from pydantic import BaseModel
class C(BaseModel):
    x: int = 2
>>> C().x == 2

=== a type changed
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
--->
from pydantic import BaseModel
class C(BaseModel):
    x: str = "1"
>>> C(x="q").x == "q"

=== a description in Field
from pydantic import BaseModel, Field
class C(BaseModel):
    x: int = Field(1, description="old")
--->
from pydantic import BaseModel, Field
class C(BaseModel):
    x: int = Field(1, description="new", ge=0)
>>> C.model_fields["x"].description == "new" and C.model_json_schema()["properties"]["x"]["minimum"] == 0

=== a method | keep=a:C,a:c,a:C.m
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
    def m(self): return 1
c = C()
--->
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
    def m(self): return 2
c = C()
>>> c.m() == 2

=== a method added
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
c = C()
--->
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
    def m(self): return 2
c = C()
>>> c.m() == 2

=== a validator's body
from pydantic import BaseModel, field_validator
class C(BaseModel):
    x: int = 1
    @field_validator("x")
    @classmethod
    def v(cls, value): return value
--->
from pydantic import BaseModel, field_validator
class C(BaseModel):
    x: int = 1
    @field_validator("x")
    @classmethod
    def v(cls, value): return value + 1
>>> C(x=1).x == 2

=== a validator added
from pydantic import BaseModel, field_validator
class C(BaseModel):
    x: int = 1
--->
from pydantic import BaseModel, field_validator
class C(BaseModel):
    x: int = 1
    @field_validator("x")
    @classmethod
    def v(cls, value): return value + 1
>>> C(x=1).x == 2

=== a nested section, changed
from pydantic import BaseModel, Field
class S(BaseModel):
    x: int = 1
class C(BaseModel):
    s: S = Field(default_factory=S)
c = C()
--->
from pydantic import BaseModel, Field
class S(BaseModel):
    x: int = 1
    y: int = 2
class C(BaseModel):
    s: S = Field(default_factory=S)
c = C()
>>> C().model_dump() == {"s": {"x": 1, "y": 2}} and c.s.y == 2

=== a section's default, where an instance of it is the default
from pydantic import BaseModel
class S(BaseModel):
    x: int = 1
class C(BaseModel):
    s: S = S()
--->
from pydantic import BaseModel
class S(BaseModel):
    x: int = 2
class C(BaseModel):
    s: S = S()
>>> C().s.x == 2 and C().model_dump() == {"s": {"x": 2}}

=== a constant in a section, where an instance of it is the default
from pydantic import BaseModel
LIMIT = 1
class C(BaseModel):
    class S(BaseModel):
        x: int = LIMIT
    s: S = S()
--->
from pydantic import BaseModel
LIMIT = 2
class C(BaseModel):
    class S(BaseModel):
        x: int = LIMIT
    s: S = S()
>>> C().s.x == 2

=== a section nested in the class, changed
from pydantic import BaseModel, Field
class C(BaseModel):
    class S(BaseModel):
        x: int = 1
    s: S = Field(default_factory=S)
c = C()
--->
from pydantic import BaseModel, Field
class C(BaseModel):
    class S(BaseModel):
        x: int = 1
        y: int = 2
    s: S = Field(default_factory=S)
c = C()
>>> C().model_dump() == {"s": {"x": 1, "y": 2}}

=== a section decorator, as the cores have it
from pydantic import BaseModel
def section(name):
    def mark(cls):
        cls.__section__ = name
        return cls
    return mark
class C(BaseModel):
    @section("plugin")
    class Plugin(BaseModel):
        on: bool = True
    plugin: Plugin = Plugin()
--->
from pydantic import BaseModel
def section(name):
    def mark(cls):
        cls.__section__ = name
        return cls
    return mark
class C(BaseModel):
    @section("plugin")
    class Plugin(BaseModel):
        on: bool = True
        level: int = 3
    plugin: Plugin = Plugin()
>>> C().plugin.level == 3 and C.Plugin.__section__ == "plugin"

=== a subclass of an edited model
from pydantic import BaseModel
class B(BaseModel):
    x: int = 1
class C(B):
    y: int = 2
--->
from pydantic import BaseModel
class B(BaseModel):
    x: int = 1
    z: int = 3
class C(B):
    y: int = 2
>>> C().model_dump() == {"x": 1, "z": 3, "y": 2}

=== the model's config | must=truth
from pydantic import BaseModel
class C(BaseModel):
    x: int = 1
--->
from pydantic import BaseModel, ConfigDict
class C(BaseModel):
    model_config = ConfigDict(extra="allow")
    x: int = 1
>>> C(z=1).z == 1

=== a private attribute | must=truth
from pydantic import BaseModel, PrivateAttr
class C(BaseModel):
    _p: int = PrivateAttr(1)
--->
from pydantic import BaseModel, PrivateAttr
class C(BaseModel):
    _p: int = PrivateAttr(2)
>>> C()._p == 2

=== a computed field | must=truth
from pydantic import BaseModel, computed_field
class C(BaseModel):
    x: int = 1
    @computed_field
    @property
    def twice(self) -> int: return self.x * 2
--->
from pydantic import BaseModel, computed_field
class C(BaseModel):
    x: int = 1
    @computed_field
    @property
    def twice(self) -> int: return self.x * 3
>>> C().model_dump() == {"x": 1, "twice": 3}

=== a section in a section in the class, changed, with the live config | keep=a:Config,a:config
from pydantic import BaseModel
class Config(BaseModel):
    class Plugin(BaseModel):
        class Theme(BaseModel):
            text: str = "a"
        theme: Theme = Theme()
        x: int = 1
    plugin: Plugin = Plugin()
config = Config()
--->
from pydantic import BaseModel
class Config(BaseModel):
    class Plugin(BaseModel):
        class Theme(BaseModel):
            text: str = "a"
            tone: str = "b"
        theme: Theme = Theme()
        x: int = 1
        y: int = 2
        def both(self): return self.x + self.y
    plugin: Plugin = Plugin()
config = Config()
>>> Config().model_dump() == {"plugin": {"theme": {"text": "a", "tone": "b"}, "x": 1, "y": 2}}
>>> Config().plugin.both() == 3 and config.plugin.y == 2 and config.plugin.theme.tone == "b"

=== an Enum in a class in a class, with another method | keep=a:A
import enum
class A:
    class B:
        class E(enum.Enum):
            ONE = 1
            def m(self): return __class__, self.value
--->
import enum
class A:
    class B:
        class E(enum.Enum):
            ONE = 1
            TWO = 2
            def m(self): return __class__, self.value + 1
>>> A.B.E.TWO.m() == (A.B.E, 3) and repr(A.B.E) == "<enum 'E'>" and A.B.E.__qualname__ == "A.B.E"

=== a model added
X = 1
--->
from pydantic import BaseModel
X = 1
class C(BaseModel):
    x: int = X
>>> C().x == 1
""")


@pytest.mark.parametrize("row", MODELS)
def test_a_model_is_redone(ws: Workspace, row: Row) -> None:
    check(ws, row)
