"""What is said of a function (docstring, annotations): does only that differ, and who may have looked at it? Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, Protocol

from mpdt_hooks.names import ANY_MODULE, ANY_OWN, HEAP, MEMBERS, NAMESPACE, OWN, PATH, SAID, STORED
from mpdt_hooks.outline import Statement, StatementKind

Name = tuple[str, str]  # module, dotted name
_Def = ast.FunctionDef | ast.AsyncFunctionDef
# Functions of the standard library that tell what is said of what they are handed.
_ASKING = frozenset({"getdoc", "signature", "getmembers", "get_type_hints", "get_annotations", "getfullargspec"})


def act_alike(old: ast.stmt, new: ast.stmt) -> bool:
    """Whether calling either version of an undecorated function does the same.

    The annotations of local variables are not evaluated (PEP 526), nor are those of ``x.y: T = v`` in a function. What
    functions inside of it are like counts: the outer one evaluates it.
    """
    if not isinstance(old, _Def) or type(old) is not type(new) or old.decorator_list:
        return False
    assert isinstance(new, _Def)
    return all(_alike(getattr(old, name), getattr(new, name)) for name in old._fields if name not in _DESCRIBING) and (
        _alike(_bare(old.args), _bare(new.args)) and _alike(_acting(old), _acting(new))
    )


_DESCRIBING = ("args", "body", "returns")


def _acting(function: _Def) -> list[ast.stmt]:
    """The body without the docstring."""
    return function.body[ast.get_docstring(function, clean=False) is not None :]


def _bare(arguments: ast.arguments) -> list[object]:
    """The parameters without their annotations."""
    groups = (arguments.posonlyargs, arguments.args, [arguments.vararg], arguments.kwonlyargs, [arguments.kwarg])
    names = [[one and one.arg for one in group] for group in groups]
    return [names, arguments.defaults, arguments.kw_defaults]


def _alike(old: object, new: object, in_class: bool = False) -> bool:
    """Whether two trees do the same. No copies of them: that is asked of every function that was edited."""
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(_alike(x, y, in_class) for x, y in zip(old, new, strict=True))
    if not isinstance(old, ast.AST) or not isinstance(new, ast.AST):
        return type(old) is type(new) and repr(old) == repr(new)  # as ``ast.dump`` does: 0.0 is not -0.0
    if not in_class:  # the annotations in a class body are evaluated
        old, new = _unannotated(old), _unannotated(new)
    if type(old) is not type(new):
        return False
    within = in_class or isinstance(old, ast.ClassDef)
    return all(_alike(getattr(old, name, None), getattr(new, name, None), within) for name in old._fields)


def _unannotated(node: ast.AST) -> ast.AST:
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return ast.Assign([node.target], node.value, None)
    return node


def looks_at_itself(cls: Statement) -> bool:
    """Whether methods of a class may look at what is said of its members: ``vars(cls)``, ``self.f.__doc__``."""
    return any(
        name in (ANY_OWN, MEMBERS) or name.removeprefix(OWN) in SAID or name.rpartition(".")[2] in _ASKING
        for child in cls.children
        for name in child.uses.deferred
    )


class Leads(Protocol):
    """What ``graph.Graph`` knows of names."""

    @property
    def views(self) -> Mapping[str, Any]: ...
    def binders(self, module: str) -> Mapping[str, Sequence[int]]: ...
    def targets(self, module: str, name: str) -> tuple[Name, ...]: ...
    def path_target(self, module: str, name: str) -> Name | None: ...


def finds_described(graph: Leads, descriptions: Set[Name], start: Name, alike: set[Name]) -> bool:
    """Whether names lead from one to what is described otherwise. ``alike``: of which is known that none does."""
    pending, seen = [start], set[Name]()
    while pending:
        one = module, name = pending.pop()
        if one in seen or one in alike or name.startswith(OWN) or name.endswith(STORED):
            continue
        seen.add(one)
        if name == ANY_MODULE or name in HEAP or {one, (module, name.partition(".")[0])} & descriptions:
            return True
        if name in ("", NAMESPACE, "__dict__") and any(
            where == module or where.startswith(f"{module}.") for where, _ in descriptions
        ):
            return True
        pending += _leads_to(graph, module, name)
    alike |= seen
    return False


def _leads_to(graph: Leads, module: str, name: str) -> Iterator[Name]:
    if name.startswith(PATH):
        target = graph.path_target(module, name)
        yield from [target] if target is not None else []
    elif module not in graph.views or name in ("", "__dict__"):
        return
    elif name == NAMESPACE:
        yield from ((module, bound) for bound in graph.binders(module))
    else:
        yield from graph.targets(module, name)
        statements = graph.views[module].outline.statements
        for place in graph.binders(module).get(name.partition(".")[0], ()):
            yield from ((module, held) for held in _held_by(statements[place]))


def _held_by(statement: Statement) -> Iterator[str]:
    """The names whose objects a binding, a class attribute or a default may hold."""
    parts = [statement, *(child for child in statement.children if child.kind is StatementKind.BIND)]
    for uses in (one.uses for one in parts if one.kind is not StatementKind.IMPORT):
        yield from (read for read in uses.reads if read not in uses.called and read not in uses.typed)
        yield from (passed for call in uses.applied for passed in call.passed)
