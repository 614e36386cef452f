"""Edits of a small package on which the reloaders are compared: a name, the files before, the files after.

Chosen by what real commits hold (the kinds of issue 3's count, the commonest first), not by what anyone does well.
"""

# ruff: noqa: E501 - an edit is a line

from __future__ import annotations

from dataclasses import dataclass, field

Files = dict[str, str]

BASE: Files = {
    "config.py": """\
TIMEOUT = 3
RETRIES = 2
DOUBLED = TIMEOUT * 2
NAMES = ["a", "b"]
""",
    "helper.py": '''\
import functools


def log(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def clean(text, limit=10):
    """Clean a text."""
    return text.strip()[:limit]


def make_adder(n):
    def add(x):
        return x + n

    return add
''',
    "models.py": """\
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    LOW = 1
    HIGH = 2


@dataclass
class Point:
    x: int = 0
    y: int = 0


class Animal:
    legs = 4

    def __init__(self, name):
        self.name = name

    def speak(self):
        return "..."

    @property
    def title(self):
        return self.name.title()

    @classmethod
    def make(cls, name):
        return cls(name)

    @staticmethod
    def kingdom():
        return "animals"


class Dog(Animal):
    def speak(self):
        return "woof"
""",
    "app.py": """\
import json

from config import DOUBLED, TIMEOUT
from helper import clean, log, make_adder
from models import Animal, Dog, Level, Point

state = {"count": 0}
cache = {}
add_five = make_adder(5)
pets = [Dog("rex"), Animal("tom")]
origin = Point(1, 2)
table = {"clean": clean}


def wait(seconds=TIMEOUT):
    return seconds


@log
def handle(text):
    state["count"] += 1
    return clean(text)


def dump(value):
    return json.dumps(value)


async def fetch(url, timeout=TIMEOUT):
    return url, timeout


def numbers(n):
    for index in range(n):
        yield index


def level():
    return Level.HIGH
""",
}
MODULES = ("config", "helper", "models", "app")


@dataclass(frozen=True, slots=True)
class CatalogueEdit:
    """``after`` is None where the new code is broken: what ran before is to run on."""

    name: str
    changes: tuple[tuple[str, str, str], ...]  # file, old text, new text
    broken: bool = False
    base: Files = field(default_factory=lambda: BASE)

    def after(self) -> Files:
        files = dict(self.base)
        for file, old, new in self.changes:
            assert old in files[file], f"{self.name}: {old!r} is not in {file}"
            files[file] = files[file].replace(old, new, 1)
        return files


def edit(name: str, *changes: tuple[str, str, str], broken: bool = False) -> CatalogueEdit:
    return CatalogueEdit(name, changes, broken)


EDITS = (
    edit("method body", ("models.py", 'return "woof"', 'return "WOOF"')),
    edit("function body", ("helper.py", "text.strip()[:limit]", "text.strip().lower()[:limit]")),
    edit("body of an async function", ("app.py", "return url, timeout", "return timeout, url")),
    edit("body of a generator", ("app.py", "yield index", "yield index + 1")),
    edit("body of a decorated function", ("app.py", "return clean(text)", "return clean(text) + '!'")),
    edit("the decorator's own body", ("helper.py", "return function(*args, **kwargs)", "return [function(*args)]")),
    edit("body of a property", ("models.py", "self.name.title()", "self.name.upper()")),
    edit("body of a class method", ("models.py", "return cls(name)", "return cls(name + '!')")),
    edit("body of a static method", ("models.py", 'return "animals"', 'return "plants"')),
    edit("inner function with a live closure", ("helper.py", "return x + n", "return x - n")),
    edit("import added and used", ("app.py", "import json\n", "import json\nimport math\n"), ("app.py", "json.dumps(value)", "math.pi")),
    edit("import removed", ("app.py", "import json\n", ""), ("app.py", "json.dumps(value)", "repr(value)")),
    edit("method added", ("models.py", "class Dog(Animal):\n", "class Dog(Animal):\n    def run(self):\n        return 'runs'\n\n")),
    edit("method removed", ("models.py", '    @staticmethod\n    def kingdom():\n        return "animals"\n', "")),
    edit("method renamed", ("models.py", "def title(self)", "def heading(self)")),
    edit("super() newly used", ("models.py", 'return "woof"', "return super().speak()")),
    edit("constant with dependents in another file", ("config.py", "TIMEOUT = 3", "TIMEOUT = 5")),
    edit("constant added", ("config.py", "RETRIES = 2", "RETRIES = 2\nLIMIT = 7")),
    edit("constant removed", ("config.py", "RETRIES = 2\n", "")),
    edit("list constant changed", ("config.py", '["a", "b"]', '["a", "b", "c"]')),
    edit("class attribute changed", ("models.py", "legs = 4", "legs = 3")),
    edit("class attribute added", ("models.py", "legs = 4", "legs = 4\n    tails = 1")),
    edit("class attribute removed", ("models.py", "    legs = 4\n\n", "")),
    edit("signature and default of a method", ("models.py", "def speak(self):\n        return \"woof\"", "def speak(self, times=2):\n        return \"woof\" * times")),
    edit("default of a function", ("helper.py", "limit=10", "limit=20")),
    edit("annotations", ("helper.py", "def clean(text, limit=10)", "def clean(text: str, limit: int = 10) -> str")),
    edit("docstring", ("helper.py", "Clean a text.", "Clean and cut a text.")),
    edit("function added", ("app.py", "def level():", "def extra():\n    return 1\n\n\ndef level():")),
    edit("function removed", ("app.py", "def numbers(n):\n    for index in range(n):\n        yield index\n\n\n", "")),
    edit("class added", ("models.py", "class Dog(Animal)", "class Cat(Animal):\n    pass\n\n\nclass Dog(Animal)")),
    edit("dataclass field added", ("models.py", "    y: int = 0", "    y: int = 0\n    z: int = 9")),
    edit("enum member added", ("models.py", "    HIGH = 2", "    HIGH = 2\n    TOP = 3")),
    edit("base class added", ("models.py", "class Dog(Animal):", "class Mixin:\n    def extra(self):\n        return 1\n\n\nclass Dog(Mixin, Animal):")),
    edit("__init__ with a new attribute", ("models.py", "self.name = name", "self.name = name\n        self.age = 0")),
    edit("__eq__ added", ("models.py", "    @property", "    def __eq__(self, other):\n        return True\n\n    @property")),
    edit("decorator removed", ("app.py", "@log\n", "")),
    edit("lru_cache added", ("helper.py", "def clean", "@functools.lru_cache\ndef clean")),
    edit("only a comment, lines move", ("app.py", "import json", "# a comment\nimport json")),
    edit("only a comment, no line moves", ("config.py", "TIMEOUT = 3", "TIMEOUT = 3  # seconds")),
    edit("function moved up", ("app.py", "\n\ndef level():\n    return Level.HIGH\n", "\n"), ("app.py", "def wait(", "def level():\n    return Level.HIGH\n\n\ndef wait(")),
    edit("two files that need each other", ("helper.py", "def clean", "def tidy"), ("app.py", "import clean", "import tidy as clean")),
    edit("function moved to another file", ("helper.py", "def make_adder(n):\n    def add(x):\n        return x + n\n\n    return add\n", ""), ("config.py", "TIMEOUT = 3", "def make_adder(n):\n    def add(x):\n        return x + n\n\n    return add\n\n\nTIMEOUT = 3"), ("app.py", "import DOUBLED, TIMEOUT\nfrom helper import clean, log, make_adder", "import DOUBLED, TIMEOUT, make_adder\nfrom helper import clean, log")),
    edit("if at the top level", ("config.py", "RETRIES = 2", "if TIMEOUT > 1:\n    RETRIES = 4\nelse:\n    RETRIES = 2")),
    edit("a call at the top level", ("app.py", "cache = {}", "cache = {}\ncache.update(a=1)")),
    edit("SyntaxError", ("app.py", "def level():", "def level(:"), broken=True),
    edit("NameError at the top level", ("app.py", "cache = {}", "cache = {}\nnothing = undefined"), broken=True),
    edit("a removed name that another file imports", ("helper.py", "def clean", "def tidy"), broken=True),
)  # fmt: skip
