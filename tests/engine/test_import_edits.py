"""Packages, relative, lazy and cyclic imports; submodules that are added, deleted or renamed."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== an empty __all__ comes, and a star import brings nothing | must=rejected
--- top.py
from base import *
x = limit
--- base.py
limit = 1
--->
--- top.py
from base import *
x = limit
--- base.py
__all__ = []
limit = 1
=== an empty __all__ comes, and nobody misses what a star import brought
--- top.py
from base import *
x = 1
--- base.py
limit = 1
--->
--- top.py
from base import *
x = 1
--- base.py
__all__ = []
limit = 1
>>> "limit" not in globals()
=== an empty __all__ is filled
--- top.py
from base import *
x = 1
--- base.py
__all__ = []
limit = 1
~~~ __all__ = [] => __all__ = ["limit"]
>>> limit == 1
=== a relative import in a package
--- pkg/__init__.py
from .b import f
--- pkg/b.py
def f(): return 1
--->
--- pkg/b.py
def f(): return 2
>>> f() == 2

=== a package's __init__ edited
--- pkg/__init__.py
from .b import f
def g(): return f()
--- pkg/b.py
def f(): return 1
--->
--- pkg/__init__.py
from .b import f
def g(): return f() + 1
>>> g() == 2

=== a relative import added
--- pkg/__init__.py
from .b import f
--- pkg/b.py
def f(): return 1
--- pkg/c.py
def h(): return 2
--->
--- pkg/__init__.py
from .b import f
from .c import h
>>> h() == 2 and c.h is h

=== a relative import from the parent
--- pkg/__init__.py
NAME = "x"
from . import b
--- pkg/b.py
from . import NAME
def f(): return NAME
--->
--- pkg/__init__.py
NAME = "y"
from . import b
>>> b.f() == "y"

=== a subpackage two deep
--- pkg/__init__.py
from .sub.b import f
--- pkg/sub/__init__.py
pass
--- pkg/sub/b.py
from ..c import A
def f(): return A
--- pkg/c.py
A = 1
--->
--- pkg/c.py
A = 2
>>> f() == 2

=== a namespace package
--- pkg/b.py
def f(): return 1
--->
--- pkg/b.py
def f(): return 2
>>> f() == 2

=== a submodule imported as an attribute
--- pkg/__init__.py
import pkg.b
def g(): return pkg.b.f()
--- pkg/b.py
def f(): return 1
--->
--- pkg/b.py
def f(): return 2
>>> g() == 2

=== a lazy import, not yet done
--- pkg/__init__.py
def g():
    from . import b
    return b.f()
--- pkg/b.py
def f(): return 1
--->
--- pkg/__init__.py
def g():
    from . import b
    return b.f() + 1
--- pkg/b.py
def f(): return 2
>>> g() == 3

=== a lazy import, done
--- pkg/__init__.py
def g():
    from . import b
    return b.f()
--- pkg/b.py
def f(): return 1
<<< g()
--->
--- pkg/b.py
def f(): return 2
>>> g() == 2

=== a cycle within a package
--- pkg/__init__.py
from . import b
--- pkg/b.py
from . import c
def f(): return c.g()
--- pkg/c.py
from . import b
X = 1
def g(): return X
--->
--- pkg/c.py
from . import b
X = 2
def g(): return X
>>> b.f() == 2

=== a submodule added and imported
--- pkg/__init__.py
X = 1
--->
--- pkg/__init__.py
X = 1
from .b import f
--- pkg/b.py
def f(): return 2
>>> f() == 2 and b.f is f

=== a package added and imported
--- pkg/__init__.py
X = 1
--->
--- pkg/__init__.py
X = 1
from .sub.b import f
--- pkg/sub/__init__.py
Y = 1
--- pkg/sub/b.py
from . import Y
def f(): return Y
>>> f() == 1

=== a submodule deleted, with its import | must=truth
--- pkg/__init__.py
from .b import f
X = 1
--- pkg/b.py
def f(): return 2
--->
--- pkg/__init__.py
X = 1
--- pkg/b.py gone
>>> "f" not in globals() and "b" not in globals()

=== a submodule renamed, with its import | must=truth
--- pkg/__init__.py
from .b import f
--- pkg/b.py
def f(): return 2
--->
--- pkg/__init__.py
from .c import f
--- pkg/b.py gone
--- pkg/c.py
def f(): return 3
>>> f() == 3

=== a module becomes a package | must=truth
--- pkg/__init__.py
from .b import f
--- pkg/b.py
def f(): return 2
--->
--- pkg/b.py gone
--- pkg/b/__init__.py
def f(): return 3
>>> f() == 3

=== a submodule deleted while it is imported | must=rejected
--- pkg/__init__.py
from .b import f
--- pkg/b.py
def f(): return 2
--->
--- pkg/b.py gone

=== a removed name that another file still imports | must=rejected error=ImportError
--- pkg/__init__.py
from .b import f
X = 1
--- pkg/b.py
def f(): return 2
--->
--- pkg/b.py
def g(): return 2

=== a removed name that another file imports lazily
--- pkg/__init__.py
def h():
    from .b import f
    return f()
from . import b
--- pkg/b.py
def f(): return 2
def g(): return 1
--->
--- pkg/b.py
def g(): return 3
>>> b.g() == 3

=== a removed name that another file reads as an attribute
--- pkg/__init__.py
from . import b
def h(): return b.f()
--- pkg/b.py
def f(): return 2
def g(): return 1
--->
--- pkg/b.py
def g(): return 1
>>> not hasattr(b, "f")

=== a removed name that another file's default reads | must=rejected error=AttributeError
--- pkg/__init__.py
from . import b
def h(x=b.A): return x
--- pkg/b.py
A = 1
B = 2
--->
--- pkg/b.py
B = 2

=== an import of a name that is not there | must=rejected error=ImportError
--- pkg/__init__.py
X = 1
from . import b
--- pkg/b.py
def f(): return 2
--->
--- pkg/__init__.py
X = 1
from .b import no_such_name

=== an import of a module that is not there | must=rejected error=ModuleNotFoundError
X = 1
--->
import no_such_module_at_all
X = 1

=== a name moves between modules and both importers follow
--- pkg/__init__.py
from . import b, c, d
--- pkg/b.py
def f(): return 1
--- pkg/c.py
from .b import f
def use(): return f()
--- pkg/d.py
X = 1
--->
--- pkg/b.py
Y = 1
--- pkg/c.py
from .d import f
def use(): return f()
--- pkg/d.py
X = 1
def f(): return 5
>>> c.use() == 5

=== equal names in two modules stay apart
--- pkg/__init__.py
from . import b, c
--- pkg/b.py
def setup(): return 1
--- pkg/c.py
def setup(): return 1
--->
--- pkg/c.py
def setup(): return 2
>>> (b.setup(), c.setup()) == (1, 2)
""")


@pytest.mark.parametrize("row", ROWS)
def test_imports_of_the_plugins_own_modules(ws: Workspace, row: Row) -> None:
    check(ws, row)
