"""Proof after a patch: what the names lead to now, compared with what the files say.

It starts from ``sys.modules`` by qualified name, not from the patch's own objects. Code is compared with what the
compiler made of the file; names with what the plan binds and deletes; literals with what the source spells.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import resolve_name
from types import CodeType, FunctionType
from typing import Any

from mpdt_hooks import rude
from mpdt_hooks.codes import children, same_code, walk
from mpdt_hooks.errors import ProofFailed
from mpdt_hooks.live import functions_in, mangled, raw_lookup, resolve
from mpdt_hooks.model import DefRef
from mpdt_hooks.names import Imported, dotted
from mpdt_hooks.outline import Statement, StatementKind, parse_statement
from mpdt_hooks.planned import ClassPlan, PatchPlan
from mpdt_hooks.refusal import Refused
from mpdt_hooks.sentence import said
from mpdt_hooks.tracker import SourceRevision

_MISSING: Any = object()


def prove(
    plan: PatchPlan,
    changed: Iterable[SourceRevision],
    old_codes: Mapping[str, CodeType],
    revisions: Mapping[str, SourceRevision],
) -> None:
    """Raises ProofFailed with the first definition that does not hold what its file says."""
    for revision in changed:
        if revision.module in plan.ghosts:
            continue
        known = {id(code) for code in walk(old_codes[revision.module])}
        fresh = {id(code) for code in walk(revision.code)} - known
        assert revision.outline is not None
        _prove_body(revision.module, "", revision.outline.statements, revision.code, fresh)
    for module, name in plan.deletes:
        if name != "__doc__" and module not in plan.ghosts and name in vars(sys.modules[module]):
            raise ProofFailed(f"{module}:{name}", said("the name is still there"))
    for run in plan.runs:
        if run.module in plan.ghosts:
            continue
        revision = revisions[run.module]
        assert revision.outline is not None
        statement = revision.outline.statements[run.index]
        node = parse_statement(statement, revision.lines())
        if statement.kind is StatementKind.IMPORT:
            _prove_imported(run.module, statement, revisions)
        if run.class_plan is None:
            _prove_bound(run.module, "", statement, node, _left_by(statement, revision.outline.statements))
        else:
            assert isinstance(node, ast.ClassDef)
            _prove_class(run.class_plan, statement, node)
    for module, index in plan.kept:
        outline = revisions[module].outline
        assert outline is not None
        _prove_kept(module, outline.statements[index], revisions[module])


def _prove_imported(module: str, statement: Statement, revisions: Mapping[str, SourceRevision]) -> None:
    """An import that ran again has what the other module has: it ran after what makes it, as in a fresh process."""
    own = revisions[module]
    assert own.outline is not None
    package = module if own.is_package else module.rpartition(".")[0]
    names = vars(sys.modules[module])
    stars = [one for other in own.outline.statements for one in other.uses.imports if one.name == "*"]
    starred = [vars(sys.modules[target]) for one in stars if (target := _imported(one, package)) in sys.modules]
    for one in statement.uses.imports:
        again = sum(one.bound in other.binds for other in own.outline.statements) > 1
        if not one.name or one.name == "*" or one.lazy or again or any(one.bound in brought for brought in starred):
            continue
        target = _imported(one, package)
        revision = revisions.get(target)
        if revision is None or target not in sys.modules or revision.outline is None or one.bound not in names:
            continue
        makers = [other for other in revision.outline.statements if one.name in other.binds]
        there = vars(sys.modules[target]).get(one.name, names[one.bound])
        if len(makers) == 1 and makers[0].kind is StatementKind.BIND and there is not names[one.bound]:
            raise ProofFailed(f"{module}:{one.bound}", said("module {module} has another one", module=target))


def _imported(one: Imported, package: str) -> str:
    return resolve_name("." * one.level + one.module, package) if one.level else one.module


def _prove_kept(module: str, statement: Statement, revision: SourceRevision) -> None:
    """An instance is kept whose class is made otherwise now: could the statement make it, as a fresh process will?"""
    names = vars(sys.modules[module])
    for call in ast.walk(parse_statement(statement, revision.lines())):
        cls = resolve(dotted(call.func), names) if isinstance(call, ast.Call) and dotted(call.func) else None
        if not isinstance(cls, type) or not isinstance(call, ast.Call):
            continue
        error = _cannot_be_called(cls, call)
        if error is not None:
            what = said(
                "{name} is kept, and could not be made again: {error}.", name=", ".join(statement.binds), error=error
            )
            edit = rude.rude_edit(rude.KEPT_OBJECT, DefRef(module, ""), revision.path, statement.first, what)
            raise Refused(edit)


def _cannot_be_called(cls: type, call: ast.Call) -> str | None:
    if inspect.isabstract(cls):
        return said("{name} is abstract", name=cls.__name__)
    starred = any(isinstance(one, ast.Starred) for one in call.args) or any(k.arg is None for k in call.keywords)
    try:
        signature = inspect.signature(cls)
    except (TypeError, ValueError):  # a class in C has none
        return None
    try:
        if not starred:
            signature.bind(*call.args, **{str(keyword.arg): None for keyword in call.keywords})
    except TypeError as error:
        return f"{cls.__name__}(): {error}"
    return None


# -- code


def _prove_body(module: str, prefix: str, statements: Sequence[Statement], code: CodeType, fresh: set[int]) -> None:
    by_line: dict[tuple[str, int], list[CodeType]] = {}
    for child in _definitions(code):
        if id(child) in fresh:
            by_line.setdefault((child.co_name, child.co_firstlineno), []).append(child)
    if not by_line:
        return
    last = {name: statement for statement in statements for name in statement.binds}
    for statement in statements:
        if statement.kind not in (StatementKind.FUNCTION, StatementKind.CLASS):
            continue
        if last[statement.name] is not statement:
            continue  # overwritten: a property's getter under its setter, an overload
        for child in by_line.get((statement.name, statement.first), ()):
            if id(child) not in fresh:
                continue
            name = prefix + statement.name
            if statement.kind is StatementKind.CLASS:
                _prove_body(module, f"{name}.", statement.children, child, fresh)
            else:
                _prove_function(module, name, child)


def _definitions(code: CodeType) -> Iterator[CodeType]:
    for child in children(code):
        if child.co_name.startswith("<generic parameters of"):
            yield from _definitions(child)
        else:
            yield child


def _stored(module: str, qualname: str) -> Any:
    owner, _, last = qualname.rpartition(".")
    name = f"{owner}.{mangled(owner.rpartition('.')[2], last)}" if owner else last
    try:
        return raw_lookup(module, name)
    except LookupError:
        raise ProofFailed(f"{module}:{qualname}", said("the name is not there")) from None


def _prove_function(module: str, qualname: str, code: CodeType) -> None:
    value = _stored(module, qualname)
    if type(value) is FunctionType and value.__code__ is code:
        return
    found = list(functions_in(value))
    holding = [function for function in found if same_code(function.__code__, code)]
    if holding:
        if any(function.__code__ is code for function in holding) or not any(
            function.__code__.co_qualname == code.co_qualname for function in found if function not in holding
        ):
            return
    elif not found and type(value) is not FunctionType:
        # A decorator of a library keeps the function where only it can find it: the code then has a live holder.
        if sys.getrefcount(code) > 4:
            return
        raise ProofFailed(f"{module}:{qualname}", said("the name holds {type!r}", type=type(value).__name__))
    raise ProofFailed(f"{module}:{qualname}", said("the function that the name leads to runs other code"))


# -- names and literals


def _left_by(statement: Statement, body: Sequence[Statement]) -> set[str]:
    """The names that hold in the end what this statement binds: no later one binds or deletes them."""
    later = body[body.index(statement) + 1 :]
    return set(statement.binds) - {name for other in later for name in other.binds}


_UNTOLD = (StatementKind.BLOCK, StatementKind.EFFECT, StatementKind.STRING)  # what they bind is not always the same


def _prove_bound(module: str, prefix: str, statement: Statement, node: ast.stmt, names: set[str]) -> None:
    if statement.kind in _UNTOLD or isinstance(node, ast.Delete):
        return
    for name in names:
        _stored(module, prefix + name)
    if not names:
        return
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value)
        ):
            _prove_literal(f"{module}:{prefix}{name}", _stored(module, prefix + name) if value else None, value)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            _prove_signature(module, prefix + node.name, node)


def _prove_literal(definition: str, held: Any, node: ast.expr | None) -> None:
    """Only immutable literals: what is mutable may have been filled meanwhile."""
    if not isinstance(node, ast.Constant):
        return
    if type(held) is not type(node.value) or held != node.value:
        raise ProofFailed(definition, said("it is {value}", value=repr(held)))


def _prove_signature(module: str, qualname: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    value = _stored(module, qualname)
    first = min(node.lineno, *(d.lineno for d in node.decorator_list)) if node.decorator_list else node.lineno
    own = [
        f
        for f in functions_in(value)
        if f.__code__.co_qualname == qualname and f.__code__.co_firstlineno == first and f.__name__ == node.name
    ]
    if value is None or (not node.decorator_list and not own):
        raise ProofFailed(f"{module}:{qualname}", said("it is {value}", value=repr(value)))
    if len({id(f) for f in own}) > 1:
        raise ProofFailed(f"{module}:{qualname}", said("parts of it are of two versions"))
    if not own:
        return
    function = own[0]
    if len(function.__defaults__ or ()) != len(node.args.defaults):
        raise ProofFailed(f"{module}:{qualname}", said("it has other defaults"))
    for held, default in zip(function.__defaults__ or (), node.args.defaults, strict=True):
        _prove_literal(f"{module}:{qualname}", held, default)
    for argument, keyword in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if keyword is not None:
            _prove_literal(f"{module}:{qualname}", (function.__kwdefaults__ or {}).get(argument.arg), keyword)


# -- classes


def _prove_class(plan: ClassPlan, statement: Statement, node: ast.ClassDef) -> None:
    cls = raw_lookup(plan.module, plan.qualname)
    own = vars(cls)
    prefix = f"{plan.qualname}."
    generated = _generated_names(cls)
    for name in plan.delete:
        if "__dataclass_fields__" in own and name.startswith("__"):
            continue  # what the class no longer defines, the decorator does
        if name != "__doc__" and mangled(statement.name, name) in own and name not in generated:
            raise ProofFailed(f"{plan.module}:{prefix}{name}", said("the name is still there"))
    for place in plan.run:
        child = statement.children[place]
        if not generated.intersection(child.binds) and not (child.uses.annotates and "__dataclass_fields__" in own):
            _prove_bound(plan.module, prefix, child, node.body[place], _left_by(child, statement.children))
    _prove_what_type_makes(plan, cls, {name for child in statement.children for name in child.binds})
    wanted = {mangled(statement.name, name) for child in statement.children for name in child.uses.annotates}
    held = set(own.get("__annotations__") or ())
    inherits = "__required_keys__" in own  # a TypedDict has the annotations of its bases
    if plan.members and (held < wanted if inherits else held != wanted):
        raise ProofFailed(f"{plan.module}:{plan.qualname}", said("it has other annotations"))
    fields = own.get("__dataclass_fields__")
    if fields is not None and plan.fields:
        _prove_fields(plan, wanted, fields, node)
    if plan.fields and "_member_map_" in own:
        spelled = {n for child in statement.children if child.kind is StatementKind.BIND for n in child.binds}
        missing = {n for n in spelled if not n.startswith("_") and n not in own}
        if missing or set(own["_member_map_"]) - spelled:
            raise ProofFailed(f"{plan.module}:{plan.qualname}", said("it has other members"))
    for inner in plan.nested:
        inner_node = node.body[inner.path[-1]]
        assert isinstance(inner_node, ast.ClassDef)
        _prove_class(inner, statement.children[inner.path[-1]], inner_node)


def _generated_names(cls: Any) -> set[str]:
    """Names that a metaclass keeps elsewhere than in the class's namespace, or as something else."""
    own = vars(cls)
    if "__pydantic_fields__" in own:
        return {*own["__pydantic_fields__"], *own.get("__private_attributes__", ()), "model_config"}
    if "_field_defaults" in own:  # of a NamedTuple: its fields are descriptors
        return set(own["_fields"])
    return set(own.get("_member_map_", ()))


def _prove_what_type_makes(plan: ClassPlan, cls: type, bound: set[str]) -> None:
    own = vars(cls)
    kinds = {"__new__": staticmethod, "__init_subclass__": classmethod, "__class_getitem__": classmethod}
    for name, kind in kinds.items():
        if name in bound and isinstance(own.get(name), FunctionType):
            raise ProofFailed(f"{plan.module}:{plan.qualname}.{name}", said("it is no {kind}", kind=kind.__name__))
    if "__eq__" in bound and "__hash__" not in bound and own.get("__hash__", _MISSING) is _MISSING:
        raise ProofFailed(f"{plan.module}:{plan.qualname}", said("it is still hashable"))


def _prove_fields(plan: ClassPlan, wanted: set[str], fields: Mapping[str, Any], node: ast.ClassDef) -> None:
    for name in wanted:
        if name not in fields and "KW_ONLY" not in ast.dump(node):
            raise ProofFailed(f"{plan.module}:{plan.qualname}.{name}", said("it is no field"))
    for child in node.body:
        if isinstance(child, ast.AnnAssign) and isinstance(child.target, ast.Name) and child.target.id in fields:
            _prove_literal(
                f"{plan.module}:{plan.qualname}.{child.target.id}", fields[child.target.id].default, child.value
            )
