"""Functions that their decorators have called, and not kept: what stands under such a name holds a result of old code.

Nobody can tell from the source what a library's decorator does. But where no function runs the code of a definition
any more, and its name leads to none, there is nothing that new code could be given to.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import CodeType, FunctionType

from mpdt_hooks.codes import CodePair, walk
from mpdt_hooks.live import functions_in, mangled, raw_lookup
from mpdt_hooks.planned import Handed
from mpdt_hooks.tracker import SourceRevision


def consumed(
    handed: Iterable[Handed], pairs: Mapping[str, Sequence[CodePair]], revisions: Mapping[str, SourceRevision]
) -> Iterator[Handed]:
    """Those of the definitions of which nothing is left that runs their code, or that they have made."""
    suspects: list[tuple[Handed, list[CodeType]]] = []
    for one in handed:
        codes = list(_codes(one, pairs, revisions))
        if codes and not _leads_to_function(one, codes):
            suspects.append((one, codes))
    every = [code for _, codes in suspects for code in codes]
    holders = gc.get_referrers(*every) if every else []  # a look at the heap, where next to nothing leads to it
    alive = {id(holder.__code__) for holder in holders if issubclass(type(holder), FunctionType)}
    yield from (one for one, codes in suspects if alive.isdisjoint(map(id, codes)))


def _codes(
    one: Handed, pairs: Mapping[str, Sequence[CodePair]], revisions: Mapping[str, SourceRevision]
) -> list[CodeType]:
    """The code objects of a definition as they are before anything is applied."""
    edited = [pair.old for pair in pairs.get(one.module, ()) if pair.new.co_qualname == one.qualname]
    whole = (code for code in walk(revisions[one.module].code) if code.co_qualname == one.qualname)
    return edited or list(whole)


def _leads_to_function(one: Handed, codes: Sequence[CodeType]) -> bool:
    """Whether the name leads to a function of the definition, or of a decorator: not to one that it has made itself."""
    *owners, name = one.qualname.split(".")
    try:
        value = raw_lookup(one.module, ".".join([*owners, mangled(owners[-1], name) if owners else name]))
    except LookupError:
        return True
    return any(not function.__qualname__.startswith(f"{one.qualname}.<locals>") for function in functions_in(value))
