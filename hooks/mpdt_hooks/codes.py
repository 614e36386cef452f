"""Code objects of two versions of a file: which are the same, and which is the new version of which. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
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
    for x, y in zip(a.co_consts, b.co_consts, strict=True):  # noqa: SIM110 - faster; it is asked of every function
        if type(x) is CodeType and not same_code(x, y):
            return False
    return True


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
    return [constant for constant in code.co_consts if type(constant) is CodeType]


@dataclass(frozen=True, slots=True)
class CodePair:
    """A code object and the one that takes its place. ``moved``: only its lines differ."""

    old: CodeType
    new: CodeType
    moved: bool


Standing = Callable[[int], Hashable]  # what stands at a line, told so that it is told alike in another version


@dataclass(frozen=True, slots=True)
class Versions:
    """What stands at the lines of the old version, and of the new one."""

    old: Standing = lambda line: None
    new: Standing = lambda line: None


def merge_codes(
    old: CodeType, new: CodeType, versions: Versions | None = None
) -> tuple[CodeType, tuple[CodePair, ...]]:
    """The new code with every unchanged part replaced by the old, living one; and the pairs that differ.

    So the code objects that live functions run are always those of the last good version, to the identity.
    """
    pairs: list[CodePair] = []
    return _merged(old, new, pairs, versions or Versions()), tuple(pairs)


def _merged(old: CodeType, new: CodeType, pairs: list[CodePair], versions: Versions) -> CodeType:
    if same_code(old, new):
        return old
    replaced: dict[int, CodeType] = {}
    for before, after in _paired(children(old), children(new), versions):
        merged = _merged(before, after, pairs, versions)
        if merged is not after:
            replaced[id(after)] = merged
    result = new
    if replaced:
        result = new.replace(co_consts=tuple(replaced.get(id(c), c) for c in new.co_consts))
    pairs.append(CodePair(old, result, same_program(old, result)))
    return result


_Group = tuple[list[CodeType], list[CodeType]]  # of the old version, and of the new one


def _paired(old: list[CodeType], new: list[CodeType], versions: Versions) -> Iterator[tuple[CodeType, CodeType]]:
    """Versions of each other: by name; of several with one name, those in versions of one statement."""
    for before, after in _grouped(old, new, lambda code: code.co_name, lambda code: code.co_name):
        if len(before) == len(after) == 1:
            yield before[0], after[0]
            continue
        left: _Group = ([], [])
        by_place = _grouped(
            before,
            after,
            lambda code: versions.old(code.co_firstlineno),
            lambda code: versions.new(code.co_firstlineno),
        )
        for one, other in by_place:
            if one and other:
                yield from _in_order(one, other, left)
            else:
                left[0].extend(one)
                left[1].extend(other)
        yield from _in_order(*left, ([], []))


def _grouped(
    old: list[CodeType],
    new: list[CodeType],
    old_key: Callable[[CodeType], Hashable],
    new_key: Callable[[CodeType], Hashable],
) -> list[_Group]:
    groups: defaultdict[Hashable, _Group] = defaultdict(lambda: ([], []))
    for code in old:
        groups[old_key(code)][0].append(code)
    for code in new:
        groups[new_key(code)][1].append(code)
    return list(groups.values())


def _in_order(before: list[CodeType], after: list[CodeType], left: _Group) -> Iterator[tuple[CodeType, CodeType]]:
    """In order; where their number differs, the same program first. ``left`` takes those without a partner."""
    if len(before) == len(after):
        yield from zip(before, after, strict=True)
        return
    rest = list(after)
    alone: list[CodeType] = []
    for code in before:
        same = next((i for i, c in enumerate(rest) if same_program(code, c)), None)
        if same is None:
            alone.append(code)
        else:
            yield code, rest.pop(same)
    # Which of three lambdas is the one of two that are left, nobody can say; their statement makes them anew.
    if before and not before[0].co_name.startswith("<"):
        yield from zip(alone, rest, strict=False)
        alone, rest = alone[len(rest) :], rest[len(alone) :]
    left[0].extend(alone)
    left[1].extend(rest)


def walk(code: CodeType) -> list[CodeType]:
    """The code object and all those in it, the outer ones first."""
    found = [code]
    for one in found:
        found += [constant for constant in one.co_consts if type(constant) is CodeType]
    return found
