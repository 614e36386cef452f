"""Code within code: nested functions, lambdas, generics; comments and format change positions at most."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

NESTED = table("""
=== a nested function's body
def f():
    def g(): return 1
    return g()
--->
def f():
    def g(): return 2
    return g()
>>> f() == 2

=== two nested functions of one name
def f(x):
    if x:
        def g(): return 1
    else:
        def g(): return 2
    return g()
--->
def f(x):
    if x:
        def g(): return 1
    else:
        def g(): return 3
    return g()
>>> (f(1), f(0)) == (1, 3)

=== a nested lambda
def f(): return (lambda x: x)(1)
--->
def f(): return (lambda x: x + 1)(1)
>>> f() == 2

=== a nested class
def f():
    class C: x = 1
    return C.x
--->
def f():
    class C: x = 2
    return C.x
>>> f() == 2

=== a comprehension
def f(): return [x for x in range(2)]
--->
def f(): return [x + 1 for x in range(2)]
>>> f() == [1, 2]

=== a module-level lambda
f = lambda: 1
--->
f = lambda: 2
>>> f() == 2

=== lambdas in a table
T = {'a': lambda: 1, 'b': lambda: 2}
--->
T = {'a': lambda: 1, 'b': lambda: 3}
>>> T['b']() == 3

=== two lambdas on a line
f, g = lambda: 1, lambda: 2
--->
f, g = lambda: 1, lambda: 3
>>> (f(), g()) == (1, 3)

=== a global declared
N = 0
def f():
    N = 1
--->
N = 0
def f():
    global N
    N = 1
>>> f() or N == 1

=== a nonlocal declared
def f():
    n = 0
    def g():
        n = 1
    g()
    return n
--->
def f():
    n = 0
    def g():
        nonlocal n
        n = 1
    g()
    return n
>>> f() == 1

=== a walrus and a match
def f(x): return x
--->
def f(x):
    match x:
        case [y, *_] if (z := y): return z
>>> f([5]) == 5

=== try and except
def f(): return 1 // 0
--->
def f():
    try:
        return 1 // 0
    except ZeroDivisionError:
        return 0
>>> f() == 0

=== a lazy import in the body
def f(): return 1
--->
def f():
    import json
    return json.dumps(1)
>>> f() == '1'

=== recursion
def f(n): return n and f(n - 1)
--->
def f(n): return n and 1 + f(n - 1)
>>> f(3) == 3

=== two functions at once
def f(): return 1
def g(): return 1
--->
def f(): return 2
def g(): return 2
>>> (f(), g()) == (2, 2)

=== a constant's type in the body
def f(): return 1
--->
def f(): return 1.0
>>> type(f()) == float

=== True for 1 in the body
def f(): return 1
--->
def f(): return True
>>> f() is True

=== the sign of a zero
def f(): return 0.0
--->
def f(): return -0.0
>>> str(f()) == '-0.0'

=== functions swap their names
def f(): return 1
def g(): return 2
--->
def g(): return 1
def f(): return 2
>>> (f(), g()) == (2, 1)

=== one name defined twice
def f(): return 1
def f(): return 2
--->
def f(): return 1
def f(): return 3
>>> f() == 3

=== the second of one name removed
def f(): return 1
def f(): return 2
--->
def f(): return 1
>>> f() == 1

=== equal code on the same line of another file
import b
def setup(): return 1
--- b.py
pass
def setup(): return 1
--->
import b
def setup(): return 2
>>> (setup(), b.setup()) == (2, 1)
""")

COMMENTS = table("""
=== a comment that moves no line | must=unchanged
x = 1  # one
def f(): return 1
--->
x = 1  # two
def f(): return 1

=== a comment at the end | must=unchanged
def f(): return 1
--->
def f(): return 1
# the end

=== a touch | must=unchanged
def f(): return 1
--->
def f(): return 1

=== blanks within a line
def f(a, b): return a+b
--->
def f(a, b): return a + b
>>> f(1, 2) == 3

=== quotes | must=truth
x = 'a'
--->
x = "a"

=== a statement over two lines
def f(): return g(1, 2)
def g(*a): return a
--->
def f(): return g(1,
    2)
def g(*a): return a
>>> f() == (1, 2)
""")

GENERICS = table("""
=== a bound of a type parameter | python=3.12
def f[T](x: T) -> T: return x
--->
def f[T: int](x: T) -> T: return x
>>> f.__type_params__[0].__bound__ == int

=== the body of a generic function | python=3.12
def f[T](x: T) -> T: return x
--->
def f[T](x: T) -> T: return [x]
>>> f(1) == [1]

=== a type parameter added | must=truth python=3.12
def f(x): return x
--->
def f[T](x: T) -> T: return x

=== a method of a generic class | python=3.12
class C[T]:
    def m(self) -> T: return 1
--->
class C[T]:
    def m(self) -> T: return 2
>>> C().m() == 2

=== a type alias | python=3.12
type A = int
--->
type A = str
>>> A.__value__ == str
""")


@pytest.mark.parametrize("row", NESTED)
def test_an_edit_within_a_function_is_patched(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", COMMENTS)
def test_comments_and_format_change_positions_at_most(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", GENERICS)
def test_generic_functions_are_patched(ws: Workspace, row: Row) -> None:
    check(ws, row)
