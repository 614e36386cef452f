"""An edit of a function is patched: the same function object has what the file now says."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== body | keep=a:f
def f(): return 1
--->
def f(): return 2
>>> f() == 2

=== body, longer
def f():
    return 1
--->
def f():
    x = 1
    y = x + 1
    return y
>>> f() == 2

=== body, another local
def f():
    x = 1
    return x
--->
def f():
    y = 3
    return y
>>> f() == 3

=== body to a generator
def f():
    return [1]
--->
def f():
    yield 1
>>> list(f()) == [1]

=== a generator to a body
def f():
    yield 1
--->
def f():
    return [1]
>>> f() == [1]

=== async body | keep=a:f
import asyncio
async def f():
    return 1
--->
import asyncio
async def f():
    await asyncio.sleep(0)
    return 2
>>> asyncio.run(f()) == 2

=== a function made async
import asyncio
def f():
    return 1
--->
import asyncio
async def f():
    return 1
>>> asyncio.run(f()) == 1

=== generator body
def f():
    yield 1
--->
def f():
    yield 1
    yield 2
>>> list(f()) == [1, 2]

=== async generator body
import asyncio
async def f():
    yield 1
async def all():
    return [x async for x in f()]
--->
import asyncio
async def f():
    yield 1
    yield 2
async def all():
    return [x async for x in f()]
>>> asyncio.run(all()) == [1, 2]

=== a parameter added
def f(a): return a
--->
def f(a, b): return a + b
>>> f(1, 2) == 3

=== a parameter removed
def f(a, b): return a
--->
def f(a): return a
>>> f(1) == 1

=== a parameter renamed
def f(a): return a
--->
def f(b): return b
>>> f(b=1) == 1

=== keyword-only and positional-only
def f(a, b): return a
--->
def f(a, /, *, b): return b
>>> f(1, b=2) == 2

=== star arguments
def f(a): return a
--->
def f(*a, **k): return a, k
>>> (f(1, b=2)) == ((1,), {'b': 2})

=== a default changed
def f(a=1): return a
--->
def f(a=2): return a
>>> f() == 2

=== a default added
def f(a): return a
--->
def f(a=2): return a
>>> f() == 2

=== a default removed
def f(a=2): return a
--->
def f(a): return a
>>> f.__defaults__ is None

=== a keyword default
def f(*, a=1, b): return a
--->
def f(*, a=2, b=3): return a, b
>>> f() == (2, 3)

=== a keyword default removed
def f(*, a=1): return a
--->
def f(*, a): return a
>>> f.__kwdefaults__ is None

=== a default that reads a constant
N = 1
def f(a=N): return a
--->
N = 1
def f(a=N + 1): return a
>>> f() == 2

=== a mutable default
def f(a=[]): return a
--->
def f(a={}): return a
>>> f() == {}

=== an annotation
def f(a: int): ...
--->
def f(a: str) -> int: ...
>>> f.__annotations__ == {'a': str, 'return': int}

=== an annotation removed
def f(a: int): ...
--->
def f(a): ...
>>> f.__annotations__ == {}

=== a string annotation
from __future__ import annotations
def f(a: int): ...
--->
from __future__ import annotations
def f(a: str): ...
>>> f.__annotations__ == {'a': 'str'}

=== the future import added | keep=a:f,a:C
from dataclasses import dataclass
def f(a: int, b=1) -> int:
    def inner(x: int): return x
    return inner(a)
def plain(): ...
class C:
    y: int
    z: int = 1
    def m(self, a: int): return a
    @staticmethod
    def s(a: int): return a
@dataclass
class D:
    x: int = 1
total: int = 1
--->
from __future__ import annotations
from dataclasses import dataclass
def f(a: int, b=1) -> int:
    def inner(x: int): return x
    return inner(a)
def plain(): ...
class C:
    y: int
    z: int = 1
    def m(self, a: int): return a
    @staticmethod
    def s(a: int): return a
@dataclass
class D:
    x: int = 1
total: int = 1
>>> f.__annotations__ == {'a': 'int', 'return': 'int'} and C.__annotations__ == {"y": "int", "z": "int"}
>>> C.m.__annotations__ == {"a": "int"} and D.__dataclass_fields__["x"].type == "int" and f(3) == 3

=== the future import removed | keep=a:f
from __future__ import annotations
def f(a: int): ...
x: int = 1
--->
def f(a: int): ...
x: int = 1
>>> f.__annotations__ == {'a': int}

=== a name in an annotation that was not there | must=rejected error=NameError
from __future__ import annotations
def f(a: Missing): ...
--->
def f(a: Missing): ...

=== another future import | must=structural code=MPDT014
def f(a): ...
--->
from __future__ import barry_as_FLUFL
def f(a): ...

=== a docstring
def f():
    "one"
--->
def f():
    "two"
>>> f.__doc__ == 'two'

=== a docstring added
def f():
    return 1
--->
def f():
    "new"
    return 1
>>> f.__doc__ == 'new'

=== a docstring removed
def f():
    "old"
    return 1
--->
def f():
    return 1
>>> f.__doc__ is None
""")


@pytest.mark.parametrize("row", ROWS)
def test_an_edit_of_a_function_is_patched(ws: Workspace, row: Row) -> None:
    check(ws, row)
