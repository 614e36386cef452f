"""Code objects of two versions of a file: which are the same, and which is the new version of which. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType


def same_code(a: CodeType, b: CodeType) -> bool:
    """Whether two code objects are one program at one place.

    ``==`` compares code, names and constants type-exactly, but not positions (CPython 3.11, Objects/codeobject.c,
    code_richcompare) and not the qualified name.
    """
    if a != b or a.co_linetable != b.co_linetable or a.co_qualname != b.co_qualname:
        return False
    if a.co_exceptiontable != b.co_exceptiontable:
        return False
    return all(same_code(x, y) for x, y in zip(a.co_consts, b.co_consts, strict=True) if type(x) is CodeType)


def same_program(a: CodeType, b: CodeType) -> bool:
    """Whether two code objects do the same, wherever they stand in their file."""
    if not children(a):  # one comparison in C; equality of code is exact about the types of constants
        return a.replace(co_firstlineno=b.co_firstlineno, co_linetable=b.co_linetable) == b
    return (
        a.co_code == b.co_code
        and a.co_names == b.co_names
        and a.co_varnames == b.co_varnames
        and a.co_freevars == b.co_freevars
        and a.co_cellvars == b.co_cellvars
        and a.co_flags == b.co_flags
        and a.co_argcount == b.co_argcount
        and a.co_posonlyargcount == b.co_posonlyargcount
        and a.co_kwonlyargcount == b.co_kwonlyargcount
        and a.co_exceptiontable == b.co_exceptiontable
        and a.co_name == b.co_name
        and len(a.co_consts) == len(b.co_consts)
        and all(map(_same_constant, a.co_consts, b.co_consts))
    )


def _same_constant(a: object, b: object) -> bool:
    if isinstance(a, CodeType) and isinstance(b, CodeType):
        return same_program(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_same_constant, a, b))
    return type(a) is type(b) and repr(a) == repr(b)


def children(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


@dataclass(frozen=True, slots=True)
class CodePair:
    """A code object and the one that takes its place. ``moved``: only its lines differ."""

    old: CodeType
    new: CodeType
    moved: bool


def merge_codes(old: CodeType, new: CodeType) -> tuple[CodeType, tuple[CodePair, ...]]:
    """The new code with every unchanged part replaced by the old, living one; and the pairs that differ.

    So the code objects that live functions run are always those of the last good version, to the identity.
    """
    pairs: list[CodePair] = []
    return _merged(old, new, pairs), tuple(pairs)


def _merged(old: CodeType, new: CodeType, pairs: list[CodePair]) -> CodeType:
    if same_code(old, new):
        return old
    replaced: dict[int, CodeType] = {}
    for before, after in _paired(children(old), children(new)):
        merged = _merged(before, after, pairs)
        if merged is not after:
            replaced[id(after)] = merged
    result = new
    if replaced:
        result = new.replace(co_consts=tuple(replaced.get(id(c), c) for c in new.co_consts))
    pairs.append(CodePair(old, result, same_program(old, result)))
    return result


def _paired(old: list[CodeType], new: list[CodeType]) -> Iterator[tuple[CodeType, CodeType]]:
    """Versions of each other: by name, in order; where their number differs, the same program first."""
    groups: defaultdict[str, tuple[list[CodeType], list[CodeType]]] = defaultdict(lambda: ([], []))
    for code in old:
        groups[code.co_name][0].append(code)
    for code in new:
        groups[code.co_name][1].append(code)
    for before, after in groups.values():
        if len(before) == len(after):
            yield from zip(before, after, strict=True)
            continue
        rest = list(after)
        left: list[CodeType] = []
        for code in before:
            same = next((i for i, c in enumerate(rest) if same_program(code, c)), None)
            if same is None:
                left.append(code)
            else:
                yield code, rest.pop(same)
        # Which of three lambdas is the one of two that are left, nobody can say; their statement makes them anew.
        if before and not before[0].co_name.startswith("<"):
            yield from zip(left, rest, strict=False)


def walk(code: CodeType) -> Iterator[CodeType]:
    """The code object and all those in it."""
    yield code
    for child in children(code):
        yield from walk(child)
