"""What can be read of an object of the plugin's without asking it.

A proxy with nothing behind it raises at any question (``werkzeug.local.LocalProxy`` outside of a request: RuntimeError
at ``hasattr`` and ``isinstance``).
"""

from __future__ import annotations

import inspect
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any


def unwrapped(value: Any) -> Any:
    """The function of a method, a static or a class method; anything else as it is."""
    return value.__func__ if type(value) in (MethodType, staticmethod, classmethod) else value


def noted(value: Any, name: str) -> Any:
    """What somebody has set on an object or its class; a descriptor as it is. None without such an attribute."""
    return inspect.getattr_static(value, name, None)


def module_of(value: Any) -> str:
    """The module in which a function or class, or the class of another object, is defined."""
    defined = (FunctionType, BuiltinFunctionType, MethodType, type)
    return str((value if issubclass(type(value), defined) else type(value)).__module__)
