"""A kept instance whose initialiser changes: did the old one leave something beside it?"""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

SHARED = "SHARED = {}\nLISTS = [[]]\nTEXTS = {'a': 'b'}\n"
LEAVES = {
    "a register": ("SHARED['x'] = self", "C()"),
    "what it is handed": ("given['x'] = self.v", "C(SHARED)"),
    "what is in what it is handed": ("given[0].append(self.v)", "C(LISTS)"),
    "an item of a copy": ("list(given)[0].append(self.v)", "C(LISTS)"),
    "an item of a named copy": ("one = list(given)\n        one[0].append(self.v)", "C(LISTS)"),
    "what is in the keywords": ("more['x']['y'] = self.v", "C(x=SHARED)"),
    "an item of a sum": ("one = [1] + given\n        one[1].append(self.v)", "C(LISTS)"),
    "an item of a product": ("one = list(given) * 2\n        one[1].append(self.v)", "C(LISTS)"),
    "what is only added up": ("one = given + given\n        one[1].append(self.v)", "C(LISTS)"),
    "an item of the keywords, in place": ("more['x'] += [self.v]", "C(x=LISTS[0])"),
    "an item of a named copy, in place": ("one = list(given)\n        one[0] += [self.v]", "C(LISTS)"),
    "an item of a copy, in place": ("one = given.copy()\n        one[0] += [self.v]", "C(LISTS)"),
    "an item of a copy of typed lists": ("one = self.lists().copy()\n        one[0] += [self.v]", "C()"),
    "what copies itself": ("one = self.same(given).copy()\n        one['x'] = self.v", "C(SHARED)"),
    "an item of what is handed": ("given.append(self.v)", "C(LISTS[0])"),
    "a default": ("kept['x'] = self.v", "C()"),
    "one name for two": ("one = {}\n        one = SHARED\n        one['x'] = self.v", "C()"),
    "a loop's name": ("one = {}\n        for one in given: one.append(self.v)", "C(LISTS)"),
}
LEAVES_NOTHING = {
    "keywords": ("more.setdefault('x', {})['y'] = self.v; more.pop('x')", "C()"),
    "what is in keywords that nobody handed": (
        "more.setdefault('x', {})\n        more['x'].setdefault('y', 1)",
        "C(z=1)",
    ),
    "a display in two branches": (
        "if given: one = {}\n        else:\n            one = {}\n            one[1] = one.setdefault(2, [])",
        "C()",
    ),
    "a copy": ("one = list(given or ())\n        one.append(self.v)", "C()"),
    "a product": ("one = bytearray((0, 1)) * 3\n        one[2:4] = bytes(self.v)", "C()"),
    "a product of a display": ("one = [0] * 3\n        one[1] = self.v", "C()"),
    "a sum": ("one = [0] + list(given or ())\n        one[0] = self.v", "C()"),
    "a copy of texts": ("one = self.texts().copy()\n        one['a'] += str(self.v)", "C()"),
    "a copy of texts, or of others": (
        "one = (self.texts() if given is None else words).copy()\n        one['a'] += str(self.v)",
        "C()",
    ),
    "constants": ("given = given or []\n        given.append(self.v)", "C(None)"),
}
TEXT = """{shared}
class C:
    def __init__(self, given=None, kept={{}}, words: dict[str, str] | None = None, **more):
        self.v = 1
        {body}
        self.m()
    def m(self): return 1
    def same(self, value): return value
    def lists(self) -> list[list]: return LISTS
    def texts(self) -> dict[str, str]: return TEXTS
c = {made}
"""


@pytest.mark.parametrize("what", LEAVES)
def test_what_it_left_is_not_overlooked(ws: Workspace, what: str) -> None:
    body, made = LEAVES[what]
    ws["a.py"] = text = TEXT.format(shared=SHARED, body=body, made=made)
    ws.start("a")
    ws.truthful({"a.py": text.replace("self.v = 1", "self.v = 2")})


@pytest.mark.parametrize("what", LEAVES_NOTHING)
def test_it_left_nothing(ws: Workspace, what: str) -> None:
    """flask.cli.FlaskGroup takes its context settings from its keywords."""
    body, made = LEAVES_NOTHING[what]
    ws["a.py"] = text = TEXT.format(shared=SHARED, body=body, made=made)
    ws.start("a")
    assert ws.truthful({"a.py": text.replace("return 1", "return 2")}).outcome is Outcome.PATCHED
    assert ws.truthful({"a.py": text.replace("self.v = 1", "self.v = 2")}).outcome is Outcome.PATCHED
