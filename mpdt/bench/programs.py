"""Generated plugins of any size. They hold a place for every kind of edit."""

from __future__ import annotations

from pathlib import Path

FUNCTIONS_IN_A_FILE = 200

PLUGIN = '''\
"""A plugin that was generated to be edited."""

from __future__ import annotations

from src.app.plugin_system.base import BasePlugin, register_plugin

from . import {modules}, values


@register_plugin
class BenchPlugin(BasePlugin):
    """Holds nothing but functions."""

    plugin_name: str = "{name}"
    plugin_description: str = "Generated."
    plugin_version: str = "1.0.0"

    def get_components(self) -> list[type]:
        return []
'''

VALUES = '''\
"""Constants, and what is derived from them."""

LIMIT = 3
DOUBLED = LIMIT * 2


def limited(number, limit=LIMIT):
    return min(number, limit)


class Counter:
    """Counts up to a limit."""

    most = DOUBLED

    def __init__(self):
        self.count = 0

    def add(self, number):
        self.count = min(self.count + number, self.most)
        return self.count
'''

HEAD = '''\
"""Functions {first} to {last}."""

from .values import LIMIT

'''

FUNCTION = '''\

def step_{n}(number, times=1):
    """Step {n}."""
    if number > LIMIT * times:
        return step_{next}(number - times)
    parts = [index * times for index in range(number)]
    return sum(parts) + {n}

'''


def write_plugin(folder: Path, functions: int) -> None:
    """A plugin of that many functions, in files of at most 200."""
    folder.mkdir(parents=True)
    starts = range(0, functions, FUNCTIONS_IN_A_FILE)
    modules = [f"work{number}" for number in range(len(starts))]
    for module, first in zip(modules, starts, strict=True):
        last = min(first + FUNCTIONS_IN_A_FILE, functions) - 1
        parts = [HEAD.format(first=first, last=last)]
        parts += [FUNCTION.format(n=n, next=n + 1 if n < last else first) for n in range(first, last + 1)]
        (folder / f"{module}.py").write_text("".join(parts), encoding="utf-8")
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "values.py").write_text(VALUES, encoding="utf-8")
    plugin = PLUGIN.format(name=folder.name, modules=", ".join(modules))
    (folder / "plugin.py").write_text(plugin, encoding="utf-8")
