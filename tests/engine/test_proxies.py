"""Objects of the plugin's that raise at whatever they are asked: the engine asks them nothing."""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

PROXY = """
class Proxy:
    '''Nothing is behind it, as with a LocalProxy outside of a request.'''
    def __getattribute__(self, name): raise RuntimeError(f"asked for {name}")
    def __getattr__(self, name): raise RuntimeError(f"asked for {name}")
    def __eq__(self, other): raise RuntimeError("compared")
    def __hash__(self): raise RuntimeError("hashed")
    def __bool__(self): raise RuntimeError("asked whether it is true")
    def __iter__(self): raise RuntimeError("gone through")
    def __len__(self): raise RuntimeError("counted")
    def __repr__(self): raise RuntimeError("shown")
"""
PLUGIN = """from proxy import Proxy
current = Proxy()
REGISTER = []
TABLE = {'current': current, 'list': [current]}
class Meta(type): pass
class C:
    held = current
    def __init__(self, given=None): self.v = 1
    def m(self, a=current): return 1
class D(C, metaclass=Meta):
    def n(self): return 1
kept = C()
def note(f):
    REGISTER.append(current)
    REGISTER.append(f)
    return f
def make(given=current): return [1]
@note
def f(a=1): return current and current.user
X = make()
def later(): return current.user, TABLE['current'].name
"""
EDITS = {
    "a body": ("def n(self): return 1", "def n(self): return 2"),
    "an initialiser": ("self.v = 1", "self.v = 2"),
    "a signature": ("def m(self, a=current)", "def m(self, b=2, a=current)"),
    "a decorated function": ("def f(a=1)", "def f(a=2)"),
    "what is computed": ("return [1]", "return [2]"),
    "the decorator": ("    return f\n", "    f.x = 1\n    return f\n"),
    "a class attribute": ("    held = current\n", "    held = [current]\n"),
    "a new function that uses it": ("def later", "def sooner(): return current.user\ndef later"),
    "a docstring": ("def later(): return", "def later():\n    'Later.'\n    return"),
    "the table": ("'list': [current]", "'list': [current, current]"),
    "a class gone": ("class D(C, metaclass=Meta):\n    def n(self): return 1\n", ""),
    "the decorator gone": ("@note\n", ""),
    "the proxy itself": ("current = Proxy()", "current = other = Proxy()"),
    "a statement that acts": ("kept = C()\n", "kept = C()\ncurrent.user\n"),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_proxy_is_asked_nothing(ws: Workspace, what: str) -> None:
    ws.write({"proxy.py": PROXY, "p/__init__.py": "", "p/a.py": PLUGIN})
    ws.start("p.a", root=ws.root / "p")
    old, new = EDITS[what]
    assert old in PLUGIN
    ws["p/a.py"] = PLUGIN.replace(old, new)
    assert ws.reloader is not None
    report = ws.reloader.refresh()
    assert report.outcome in (Outcome.PATCHED, Outcome.STRUCTURAL), report.error


def test_a_proxy_is_asked_nothing_by_a_rehearsal(ws: Workspace) -> None:
    """flask.globals.current_app is made again, and an acting statement refuses the edit: what is rehearsed then?"""
    text = PLUGIN.replace("current = Proxy()", "def build(): return Proxy()\ncurrent = build()\ncallable(build())")
    ws.write({"proxy.py": PROXY, "p/__init__.py": "", "p/a.py": text})
    ws.start("p.a", root=ws.root / "p")
    ws["p/a.py"] = text.replace("return Proxy()", "return (Proxy())or 1")
    assert ws.reloader is not None
    assert ws.reloader.refresh().outcome is Outcome.STRUCTURAL
