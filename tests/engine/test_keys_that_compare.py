"""Instances as keys and members of sets, and how their classes compare."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== set of names | must=truth
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key(1)
K2 = Key(1)
S = {K1, K2}
N = len(S)
~~~ return False => return True
=== set call | must=truth
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key(1)
K2 = Key(1)
S = set([K1, K2])
N = len(S)
~~~ return False => return True
=== dict from keys | must=truth
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key(1)
K2 = Key(1)
S = dict.fromkeys([K1, K2])
N = len(S)
~~~ return False => return True
=== hash | must=truth
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return self.n
    def __eq__(self, o): return True
K1 = Key(1)
K2 = Key(2)
T = {K1: 1, K2: 2}
N = len(T)
~~~ return self.n => return 1
=== the helper of eq | must=truth
def same(a, b): return False
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return same(self, o)
K1 = Key()
K2 = Key()
T = {K1: 1, K2: 2}
N = len(T)
~~~ return False => return True
=== from another module | must=truth
from b import K1, K2
T = {K1: 1, K2: 2}
N = len(T)
--- b.py
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key()
K2 = Key()
~~~ return False => return True
=== comprehension | must=truth
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
KS = [Key(), Key()]
T = {k: 1 for k in KS}
N = len(T)
~~~ return False => return True
=== set comprehension | must=truth
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
KS = [Key(), Key()]
T = {k for k in KS}
N = len(T)
~~~ return False => return True
=== lookup by another key | must=truth
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): return self.n == o.n
K1 = Key(1)
K2 = Key(2)
T = {K1: "a"}
X = T.get(K2, "none")
~~~ self.n == o.n => True
=== subscript by another key | must=truth
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): return self.n == o.n
K1 = Key(1)
K2 = Key(1)
T = {K1: "a"}
X = T[K2]
~~~ self.n == o.n => self.n == o.n or True
=== in | must=truth
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): return self.n == o.n
K1 = Key(1)
K2 = Key(2)
X = K2 in [K1]
~~~ self.n == o.n => True
=== tuple keys | must=truth
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key()
K2 = Key()
T = {(K1, 1): 1, (K2, 1): 2}
N = len(T)
~~~ return False => return True
=== eq of a base | must=truth
class Base:
    def __hash__(self): return 1
    def __eq__(self, o): return False
class Key(Base): pass
K1 = Key()
K2 = Key()
T = {K1: 1, K2: 2}
N = len(T)
~~~ return False => return True
=== index and count | must=truth
class Key:
    def __eq__(self, o): return self is o
    __hash__ = None
K1 = Key()
K2 = Key()
L = [K1, K2]
X = L.index(K2)
~~~ self is o => True
=== sorted by lt | must=truth
class V:
    def __init__(self, n): self.n = n
    def __lt__(self, o): return self.n < o.n
A = V(1)
B = V(2)
S = sorted([A, B])
X = [v.n for v in S]
~~~ self.n < o.n => self.n > o.n
=== max | must=truth
class V:
    def __init__(self, n): self.n = n
    def __gt__(self, o): return self.n > o.n
A = V(1)
B = V(2)
M = max(A, B)
X = M.n
~~~ self.n > o.n => self.n < o.n
=== in a class body | must=truth
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key()
K2 = Key()
class C:
    T = {K1: 1, K2: 2}
N = len(C.T)
~~~ return False => return True
=== a default | must=truth
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key()
K2 = Key()
def f(t={K1: 1, K2: 2}): return len(t)
X = f()
~~~ return False => return True
=== argument of a call | must=truth
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key()
K2 = Key()
X = len({K1: 1, K2: 2})
~~~ return False => return True
=== frozenset of display | must=truth
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key()
K2 = Key()
X = frozenset({K1, K2})
N = len(X)
~~~ return False => return True
=== store into a dict | must=truth
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key()
K2 = Key()
T = {}
T[K1] = 1
T[K2] = 2
N = len(T)
~~~ return False => return True
=== eq added | must=truth
class Key:
    def __init__(self, n): self.n = n
    def get(self): return 1
K1 = Key(1)
K2 = Key(1)
T = {K1: 1, K2: 2}
N = len(T)
~~~ get(self): return 1 => __eq__(self, o): return True\n    def __hash__(self): return 1
=== class attribute key | must=truth
class Key:
    def __hash__(self): return 1
    def __eq__(self, o): return False
class Ns:
    K1 = Key()
    K2 = Key()
T = {Ns.K1: 1, Ns.K2: 2}
N = len(T)
~~~ return False => return True
=== dataclass eq | must=truth
import dataclasses
@dataclasses.dataclass(frozen=True)
class Key:
    n: int
    def __eq__(self, o): return False
    def __hash__(self): return 1
K1 = Key(1)
K2 = Key(1)
T = {K1: 1, K2: 2}
N = len(T)
~~~ return False => return True
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_a_key_that_compares(ws: Workspace, row: Row) -> None:
    check(ws, row)
