"""Statements compiled by themselves, and run in the scope that they belong to: a live module, or a live class.

What is run is what the compiler made of the whole file: the functions in a statement are compiled with it, and their
code objects are then swapped for the file's own, so lines, qualified names and identities are right by construction.
"""

from __future__ import annotations

import ast
import inspect
import warnings
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from types import CodeType
from typing import Any

from mpdt_hooks.codes import children, same_code, walk
from mpdt_hooks.decorators import SAME, same
from mpdt_hooks.graft import Grafts
from mpdt_hooks.planned import ClassPlan

_STAGE = "__mpdt_stage__"
_AROUND = "__mpdt_around__"
_FUTURE_MASK = 0x1FF0000  # CO_FUTURE_*: Include/cpython/code.h

CodeIndex = Mapping[tuple[str, int], Sequence[CodeType]]


def index_codes(module_code: CodeType) -> CodeIndex:
    """The code objects of a file by qualified name and first line."""
    index: defaultdict[tuple[str, int], list[CodeType]] = defaultdict(list)
    for code in walk(module_code):
        index[code.co_qualname, code.co_firstlineno].append(code)
    return index


def adopt(code: CodeType, index: CodeIndex) -> CodeType:
    """The code with the functions in it replaced by those of the whole file, which stand at the same places.

    They need not be equal: the compiler looks at the whole file (CPython 3.11 calls a method of a name that is imported
    at the top in another way, Python/compile.c, is_import_originated). Class bodies are our own: not all of it is run.
    """
    replaced: dict[int, CodeType] = {}
    taken: set[int] = set()
    for child in children(code):
        found = _of_the_file(child, index, taken) or adopt(child, index)
        if found is not child:
            replaced[id(child)] = found
    if not replaced:
        return code
    return code.replace(co_consts=tuple(replaced.get(id(c), c) for c in code.co_consts))


def _of_the_file(child: CodeType, index: CodeIndex, taken: set[int]) -> CodeType | None:
    if not child.co_flags & inspect.CO_OPTIMIZED:
        return None
    there = [
        one
        for one in index.get((child.co_qualname, child.co_firstlineno), ())
        if one.co_freevars == child.co_freevars and id(one) not in taken
    ]
    found = next((one for one in there if same_code(one, child)), there[0] if there else None)
    if found is not None:
        taken.add(id(found))
    return found


def compile_statement(node: ast.stmt, path: str, module_code: CodeType, index: CodeIndex) -> CodeType:
    """The code that runs one top-level statement as the whole file would."""
    tree = ast.Module([node], [])
    flags = module_code.co_flags & _FUTURE_MASK
    with warnings.catch_warnings():  # the whole file was compiled before: its warnings were shown then
        warnings.simplefilter("ignore")
        return adopt(compile(tree, path, "exec", flags=flags, dont_inherit=True), index)


def compile_class(
    node: ast.ClassDef, plan: ClassPlan, path: str, module_code: CodeType, index: CodeIndex
) -> CodeType | None:
    """The code that runs the planned statements of a class body in a scope to be given; None if there are none."""
    staged = _staged_class(node, plan)
    return None if staged is None else compile_statement(staged, path, module_code, index)


def _staged_class(node: ast.ClassDef, plan: ClassPlan) -> ast.ClassDef | None:
    """The class statement with only the planned parts of its body, made by our stage and not by its metaclass."""
    nested = {inner.path[-1]: inner for inner in plan.nested}
    body: list[ast.stmt] = []
    for i, child in enumerate(node.body):
        if i in plan.run:
            body.append(child)
        elif i in nested and isinstance(child, ast.ClassDef):
            inner_class = _staged_class(child, nested[i])
            if inner_class is not None:
                body.append(inner_class)
    if not body:
        return None
    stage = ast.copy_location(ast.Name(_STAGE, ast.Load()), node)
    fields: dict[str, Any] = {
        "name": node.name,
        "bases": [],
        "keywords": [ast.copy_location(ast.keyword("metaclass", stage), node)],
        "body": body,
        "decorator_list": [],
    }
    if "type_params" in ast.ClassDef._fields:
        fields["type_params"] = []
    return ast.copy_location(ast.ClassDef(**fields), node)


def compile_inner_class(
    node: ast.ClassDef, qualname: str, path: str, module_code: CodeType, index: CodeIndex
) -> CodeType:
    """The code that makes a class anew, in the classes around it: its qualified name is that of the file.

    pydantic takes a class for a nested one, and not for a field, if its name begins with that of the class around it.
    """
    for name in reversed(qualname.split(".")[:-1]):
        around = ast.copy_location(ast.Name(_AROUND, ast.Load()), node)
        fields: dict[str, Any] = {
            "name": name,
            "bases": [],
            "keywords": [ast.copy_location(ast.keyword("metaclass", around), node)],
            "body": [node],
            "decorator_list": [],
        }
        if "type_params" in ast.ClassDef._fields:
            fields["type_params"] = []
        node = ast.copy_location(ast.ClassDef(**fields), node)
    return compile_statement(node, path, module_code, index)


def make_class(code: CodeType, classes: Sequence[type], names: dict[str, Any], name: str) -> Any:
    """Run what ``compile_inner_class`` compiled, and return the class; it is bound nowhere.

    ``classes``: those around it, outermost first.
    """
    around = _Around(classes)
    scope = {_AROUND: around}
    exec(code, names, scope)
    return (around.bound if classes else scope)[name]


class _Around:
    """Stands where the metaclasses of the classes around do: each body is run in the names of the live class."""

    def __init__(self, classes: Sequence[type]) -> None:
        self._classes = list(classes)
        self.bound: dict[str, Any] = {}

    def __prepare__(self, name: str, bases: tuple[type, ...]) -> dict[str, Any]:
        return {**vars(self._classes.pop(0)), _AROUND: self}

    def __call__(self, name: str, bases: tuple[type, ...], scope: dict[str, Any]) -> _Around:
        self.bound = self.bound or scope  # the innermost ends first
        return self


class _Scope(dict[str, Any]):
    """The names of a class body. A function that is made again is the old one, with new content, from its binding on:
    what the body makes of it afterwards (``alias = method``, a table, ``partialmethod``) holds the method itself.
    """

    def __init__(self, names: Mapping[str, Any], cls: type, once: Collection[str], grafts: Grafts) -> None:
        super().__init__(names)
        self._cls, self._once, self._grafts = cls, once, grafts

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self._once and name in vars(self._cls):
            value = self._grafts.graft(vars(self._cls)[name], value)
        super().__setitem__(name, value)


class Stage:
    """Stands where a metaclass does: gives the class body the live class's scope, and keeps what it bound.

    ``once``: by class, the names that one statement of its body binds.
    """

    def __init__(
        self,
        classes: Mapping[str, type],
        deleted: Mapping[str, Sequence[str]],
        once: Mapping[str, Collection[str]],
        grafts: Grafts,
    ) -> None:
        self._classes = classes
        self._deleted = deleted
        self._once = once
        self._grafts = grafts
        self._open: list[str] = []
        self.bound: dict[str, dict[str, Any]] = {}

    def run(self, code: CodeType, names: dict[str, Any]) -> None:
        """Run a staged class statement with the module's namespace as its globals."""
        exec(code, names, {_STAGE: self, SAME: same})

    def __prepare__(self, name: str, bases: tuple[type, ...]) -> dict[str, Any]:
        self._open.append(name)
        qualname = ".".join(self._open)
        cls = self._classes[qualname]
        scope = {key: value for key, value in vars(cls).items() if key not in ("__dict__", "__weakref__")}
        scope["__annotations__"] = dict(scope.get("__annotations__") or {})
        for key in self._deleted.get(qualname, ()):
            scope.pop(key, None)
        scope |= {_STAGE: self, SAME: same}
        return _Scope(scope, cls, self._once.get(qualname, ()), self._grafts)

    def __call__(self, name: str, bases: tuple[type, ...], scope: dict[str, Any]) -> type:
        qualname = ".".join(self._open)
        self._open.pop()
        cls = self._classes[qualname]
        cell = scope.pop("__classcell__", None)
        if cell is not None:
            cell.cell_contents = cls
        scope.pop(_STAGE, None)
        scope.pop(SAME, None)
        self.bound[qualname] = dict(scope)
        return cls
