"""Old functions that forward to new ones: a function's free variables are fixed, so it cannot take the new code itself.

The forwarder's code holds a ``weakref`` to the new function, and the old function's ``__dict__`` keeps that alive: a
strong reference in ``co_consts`` would leak the module, because code objects are not seen by the garbage collector.
"""

from __future__ import annotations

import inspect
import weakref
from types import CodeType, FunctionType

FORWARD = "__mpdt_forward__"  # what an old function's ``__dict__`` has the new one by
_KIND = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE


def is_forwardable(old: CodeType, new: CodeType) -> bool:
    """Plain functions, coroutine functions and generators; ``yield from`` has no counterpart for async generators."""
    kinds = (old.co_flags & _KIND, new.co_flags & _KIND)
    return kinds[0] == kinds[1] and kinds[0] in (0, inspect.CO_COROUTINE, inspect.CO_GENERATOR)


def forwarding_code(old: CodeType, target: FunctionType) -> CodeType:
    """Code with the free variables of ``old`` that calls ``target`` with whatever it is called with."""
    free = old.co_freevars
    kind = "async " if old.co_flags & inspect.CO_COROUTINE else ""
    call = "await " if kind else "yield from " if old.co_flags & inspect.CO_GENERATOR else ""
    body = f"{kind}def f(*args, **kwargs):\n  {', '.join(free) or 'None'}\n  t = 'target'\n"
    body += f"  return ({call}t()(*args, **kwargs))"
    if free:
        source = f"def outer({', '.join(free)}):\n " + body.replace("\n", "\n ") + "\n return f"
        outer = compile(source, old.co_filename, "exec", dont_inherit=True).co_consts[0]
        code = next(c for c in outer.co_consts if isinstance(c, CodeType))
    else:
        code = next(
            c for c in compile(body, old.co_filename, "exec", dont_inherit=True).co_consts if isinstance(c, CodeType)
        )
    consts = tuple(weakref.ref(target) if c == "target" else c for c in code.co_consts)
    return code.replace(
        co_consts=consts,
        co_name=old.co_name,
        co_qualname=old.co_qualname,
        co_firstlineno=target.__code__.co_firstlineno,
    )
