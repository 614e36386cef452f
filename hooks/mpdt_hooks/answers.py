"""What ``isinstance`` and ``issubclass`` with abstract classes have answered, and kept (Modules/_abc.c).

An abstract class remembers for every class that it was asked about whether that is a subclass. Members and bases of a
patched class differ, so the answers may: they are forgotten.
"""

from __future__ import annotations

import abc
import collections.abc
import contextlib
import numbers
import os
import sys
import typing
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

_MODULES: tuple[ModuleType, ...] = (collections.abc, contextlib, numbers, os, typing)


def forget_answers(family: Iterable[type], modules: Iterable[str]) -> None:
    """Those of the standard library's abstract classes, of the modules', and of what ``family`` inherits from.

    Other libraries' may keep a "yes", if they have a ``__subclasshook__``.
    """
    for known in set(_abstract_classes(family, modules)):
        known._abc_caches_clear()
    _Asked.register(type("_", (), {}))  # a registration outdates the "no"s of all abstract classes


def _abstract_classes(family: Iterable[type], modules: Iterable[str]) -> Iterator[Any]:
    loaded = (sys.modules.get(name) for name in modules)
    values = [value for mod in (*_MODULES, *loaded) if mod is not None for value in list(vars(mod).values())]
    for value in (*values, *(base for one in family for base in type.mro(one))):
        if issubclass(type(value), abc.ABCMeta):
            yield value


class _Asked(abc.ABC):  # noqa: B024 - asked about nothing
    pass
