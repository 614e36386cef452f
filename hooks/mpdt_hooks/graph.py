"""Who depends on whom: modules and names, from outlines alone. Pure.

A name of a module is *changed in value* when it will be bound to something else, and *changed in behaviour* when what
it is bound to stays but acts differently (a function with new code, a class with a new method).
"""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mpdt_hooks.described import finds_described
from mpdt_hooks.names import ALL_NAMES, ANY_MODULE, HEAP, NAMESPACE, OWN, PATH, STORED, Imported
from mpdt_hooks.outline import Outline, Statement, StatementKind
from mpdt_hooks.uses import ITEM, Application, Uses

BUILTIN_NAMES = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__package__", "__spec__"}
BUILTIN_NAMES |= {"__path__", "__loader__", "__builtins__", "__dict__", "__annotations__", "__cached__"}

# Calls that keep what they are handed without calling it.
_KEEPERS = frozenset(
    {"partial", "cast"} | {"Field", "field", "TypeVar", "ParamSpec", "NewType", "ContextVar", "ref", "type", "id"}
)
# Calls that keep what the iterable that they are handed gives.
_COLLECTORS = frozenset({"dict", "list", "tuple", "set", "frozenset"})

_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "ReprEnum", "Flag", "IntFlag"})
# Run for every member of an Enum.
MEMBER_MAKERS = frozenset({"__init__", "__new__", "_generate_next_value_"})
_PLAIN_BASES = frozenset({"object", "ABC", "ABCMeta", "Protocol", "Exception", "ValueError"})
_CLASS_MAKERS = frozenset({"__init_subclass__", "__set_name__", "__prepare__"})
CHECKS = frozenset({"__subclasshook__", "__instancecheck__", "__subclasscheck__"})

_COMPARING = frozenset({"__eq__", "__hash__"})
_MAKERS = ("__init__", "__new__", "__post_init__", "model_post_init")

Name = tuple[str, str]  # module, dotted name in it


@dataclass(frozen=True, slots=True)
class ModuleView:
    """One tracked module as the graph sees it."""

    module: str
    is_package: bool
    outline: Outline
    is_entry: bool = True  # somebody else than a tracked module imported it
    lists_subclasses: bool = False  # it says ``__subclasses__``


@dataclass(slots=True)
class Graph:
    """The tracked modules and the binders of their names. What has been looked up once is known."""

    views: Mapping[str, ModuleView]
    _binders: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    _storers: dict[str, list[tuple[str, Statement]]] | None = None
    _targets: dict[Name, tuple[Name, ...]] = field(default_factory=dict)
    _classes: dict[Name, tuple[str, Statement] | None] = field(default_factory=dict)
    _classes_at: dict[tuple[str, tuple[str, ...]], Statement | None] = field(default_factory=dict)
    _fillers: list[tuple[str, Statement]] | None = None
    _set_in_functions: frozenset[str] | None = None
    _behind: dict[Name, tuple[tuple[str, Statement], ...]] = field(default_factory=dict)

    def binders(self, module: str) -> dict[str, list[int]]:
        """Name -> places of the statements that bind it, in order."""
        found = self._binders.get(module)
        if found is None:
            found = {}
            for i, statement in enumerate(self.views[module].outline.statements):
                for name in self.bound_by(module, statement):
                    found.setdefault(name, []).append(i)
            self._binders[module] = found
        return found

    def bound_by(self, module: str, statement: Statement) -> tuple[str, ...]:
        """What the statement binds; a star import of a tracked module binds that module's public names."""
        stars = [one for one in statement.uses.imports if one.name == "*" and not one.lazy]
        if not stars:
            return statement.binds
        return (*statement.binds, *(name for one in stars for name in self.public_names(module, one)))

    def public_names(self, module: str, star: Imported) -> tuple[str, ...]:
        target = self.imported_module(module, star)
        if target not in self.views or target == module:
            return ()
        return self.exports(target) or tuple(name for name in self.binders(target) if not name.startswith("_"))

    def exports(self, module: str) -> tuple[str, ...]:
        """The names in a module's ``__all__``, if one statement writes it out; else nothing."""
        places = self.binders(module).get("__all__", ())
        return self.views[module].outline.statements[places[0]].uses.exports if len(places) == 1 else ()

    def imported_module(self, module: str, imported: Imported) -> str:
        """The absolute name of the module that an import statement of ``module`` names."""
        if not imported.level:
            return imported.module
        parts = module.split(".")
        view = self.views.get(module)
        drop = imported.level - (1 if view is not None and view.is_package else 0)
        base = parts[: len(parts) - drop] if drop else parts
        return ".".join([*base, *([imported.module] if imported.module else [])])

    def imports_of(self, module: str) -> Iterator[tuple[int, Imported]]:
        for i, statement in enumerate(self.views[module].outline.statements):
            for imported in statement.uses.imports:
                yield i, imported

    def imports_alike(self, other: Graph, module: str) -> bool:
        """Whether a module imports the same in both graphs, in the same order."""
        if module not in other.views:
            return False
        mine, theirs = ([one for _, one in graph.imports_of(module)] for graph in (self, other))
        return mine == theirs

    def targets(self, module: str, name: str) -> tuple[Name, ...]:
        """Where a dotted name of a module leads, one step: through imports, into modules and classes."""
        found = self._targets.get((module, name))
        if found is None:
            found = self._targets[(module, name)] = tuple(self._find_targets(module, name))
        return found

    def _find_targets(self, module: str, name: str) -> Iterator[Name]:
        head, _, rest = name.partition(".")
        for place in self.binders(module).get(head, ()):
            for imported in self.views[module].outline.statements[place].uses.imports:
                if imported.lazy or (imported.bound != head and imported.name != "*"):
                    continue
                yield from self._import_targets(module, imported, head, rest)

    def _import_targets(self, module: str, imported: Imported, head: str, rest: str) -> Iterator[Name]:
        target = self.imported_module(module, imported)
        if not imported.name:  # ``import a.b`` binds a, ``import a.b as c`` binds the submodule
            path = (target if imported.bound != target.partition(".")[0] else head).split(".")
            path += rest.split(".") if rest else []
            found = self._on_path(path)
            if found is not None:
                yield found
            return
        inner = head if imported.name == "*" else imported.name
        submodule = f"{target}.{inner}"
        if submodule in self.views and not self._defines(target, inner):
            yield (submodule, rest)
        elif target in self.views:
            yield (target, f"{inner}.{rest}" if rest else inner)

    def path_target(self, module: str, path: str) -> Name | None:
        """Where a path leads that a function of ``module`` imports by itself (``::config.LIMIT``)."""
        dots = path.removeprefix(PATH)
        relative = dots.lstrip(".")
        base = self.imported_module(module, Imported("", len(dots) - len(relative), "", "", False, True))
        return self._on_path([*(base.split(".") if base else ()), *relative.split(".")])

    def _on_path(self, path: list[str]) -> Name | None:
        """The module that a path leads to, and the rest of it in that module."""
        for cut in range(len(path), 0, -1):
            found = ".".join(path[:cut])
            hidden = cut > 1 and self._defines(".".join(path[: cut - 1]), path[cut - 1])
            if found in self.views and not hidden:
                return found, ".".join(path[cut:])
        return None

    def _defines(self, module: str, name: str) -> bool:
        """Whether a package binds a name to something else than its submodule of that name."""
        if module not in self.views:
            return False
        statements = self.views[module].outline.statements
        for place in self.binders(module).get(name, ()):
            imports = [one for one in statements[place].uses.imports if one.bound == name]
            if not imports or any(self._brings_another(module, name, one) for one in imports):
                return True
        return False

    def _brings_another(self, package: str, name: str, one: Imported) -> bool:
        """Whether an import in a package binds a submodule's name to something else than the submodule."""
        target = self.imported_module(package, one)
        return (target, one.name) != (package, name) and (target, one.name) != (f"{package}.{name}", "")

    def unfinished_imports(self, *, by_calls: bool = True) -> Iterator[tuple[str, int, str, str]]:
        """Imports of a name from a module that is itself half-way through its import, before it binds the name.

        In a process that has imported everything such a statement works; in a fresh one it raises ImportError. Gives
        the importing module, the place of the statement, the imported module, and the name.
        """
        begun: dict[str, int] = {}
        finished: set[str] = set()
        bound: dict[str, set[str]] = {}
        for module, index in self.run_order(by_calls=by_calls):
            statement = self.views[module].outline.statements[index]
            begun[module] = index
            for one in statement.uses.imports:
                target = self.imported_module(module, one)
                if one.lazy or one.guarded or not one.name or one.name == "*" or target not in self.views:
                    continue
                if target in finished or target == module or f"{target}.{one.name}" in self.views:
                    continue
                wanted = one.name if one.name in self.binders(target) else "__getattr__"
                if wanted in self.binders(target) and wanted not in bound.get(target, ()):
                    yield module, index, target, one.name
            bound.setdefault(module, set()).update(self.bound_by(module, statement))
            if index == len(self.views[module].outline.statements) - 1:
                finished.add(module)

    def reachable(self, roots: Iterable[str]) -> set[str]:
        """The modules that importing ``roots`` loads, lazy imports included."""
        found: set[str] = set()
        pending = list(roots)
        while pending:
            module = pending.pop()
            if module in found or module not in self.views:
                continue
            found.add(module)
            pending.append(module.rpartition(".")[0])
            for _, one in self.imports_of(module):
                pending += self._loads(module, one)
        return found

    def roots(self) -> list[str]:
        """The modules that somebody else than a tracked module asked for."""
        return [module for module, view in self.views.items() if view.is_entry]

    def run_order(self, *, by_calls: bool = True) -> Iterator[tuple[str, int]]:
        """Every top-level statement, in the order in which a fresh process runs them.

        ``by_calls``: as if functions that are called on import always imported what they import at times.
        """
        visited: set[str] = set()
        called: set[Name] | None = set() if by_calls else None
        for module in (*self.roots(), *self.views):
            yield from self._run_module(module, visited, called)

    def _run_module(self, module: str, visited: set[str], called: set[Name] | None) -> Iterator[tuple[str, int]]:
        parent = module.rpartition(".")[0]
        if parent in self.views:
            yield from self._run_module(parent, visited, called)
        if module in visited:
            return
        visited.add(module)
        for index, statement in enumerate(self.views[module].outline.statements):
            for one in statement.uses.imports:
                if not one.lazy:
                    for target in self._loads(module, one):
                        yield from self._run_module(target, visited, called)
            for target in () if called is None else self._loaded_by_calls(module, statement, called):
                yield from self._run_module(target, visited, called)
            yield module, index

    def _loaded_by_calls(self, module: str, statement: Statement, called: set[Name]) -> Iterator[str]:
        """The tracked modules that functions import when the statement calls them, or what it hands them to does."""
        names = set(statement.uses.behaves)
        for one in (statement, *statement.children):
            for call in one.uses.applied:
                names |= {call.callee, *call.passed} - {""}
        for name in names:
            yield from self._loaded_by(module, name, called)

    def _loaded_by(self, module: str, name: str, called: set[Name]) -> Iterator[str]:
        if (module, name) in called or module not in self.views:
            return
        called.add((module, name))
        if name == ANY_MODULE:
            yield from self.views
            return
        if name.startswith(PATH):
            target = self.path_target(module, name)
            if target is not None:
                yield target[0]
                yield from self._loaded_by(*target, called)
            return
        for target in self.targets(module, name):
            yield from self._loaded_by(*target, called)
        statements = self.views[module].outline.statements
        for place in self.binders(module).get(name.partition(".")[0], ()):
            uses = statements[place].uses
            for used in (*uses.deferred, *(call.callee for call in uses.applied)):
                yield from self._loaded_by(module, used, called)

    def _loads(self, module: str, imported: Imported) -> Iterator[str]:
        """The tracked modules that an import statement loads if they are not loaded yet."""
        target = self.imported_module(module, imported)
        if target in self.views and target != module:
            yield target
        if imported.name and f"{target}.{imported.name}" in self.views and not self._defines(target, imported.name):
            yield f"{target}.{imported.name}"

    def spellings(self, module: str, name: str, depth: int = 8) -> set[str]:
        """The last parts of a dotted name, and of what it was imported or bound as."""
        head, _, rest = name.partition(".")
        found = {name.rpartition(".")[2]}
        if module not in self.views or not depth:
            return found
        for place in self.binders(module).get(head, ()):
            uses = self.views[module].outline.statements[place].uses
            found |= {one.name for one in uses.imports if one.bound == head and not rest}
            if not uses.imports:
                found |= {last for read in uses.reads for last in self.spellings(module, read, depth - 1)}
        for target, inner in self.targets(module, name):
            found |= self.spellings(target, inner, depth - 1)
        return found

    def storers(self, attribute: str) -> list[tuple[str, Statement]]:
        """The statements that set an attribute of this name from outside: ``C.x = 1``, ``setattr(C, name, 1)``.

        ``C=`` stands for any attribute of what is called C.
        """
        if self._storers is None:
            self._storers = {}
            for module, view in self.views.items():
                for statement in view.outline.statements:
                    stored = (name for name in statement.uses.reads if name.endswith(STORED))
                    for owner, _, one in {name.removesuffix(STORED).rpartition(".") for name in stored}:
                        if not owner and one == NAMESPACE:
                            continue
                        self._storers.setdefault(one, []).append((module, statement))
                        whose = f"{owner.rpartition('.')[2]}{STORED}"
                        self._storers.setdefault(whose, []).append((module, statement))
        anywhere = self._storers.get(NAMESPACE, [])
        found = self._storers.get(attribute)
        return [*found, *anywhere] if found else anywhere

    def set_in_functions(self) -> frozenset[str]:
        """The attributes that functions set on classes: ``cls.current = self``."""
        if self._set_in_functions is None:
            marks = (n for view in self.views.values() for one in view.outline.statements for n in one.uses.deferred)
            own = (name for name in marks if name.startswith(OWN) and name.endswith(STORED))
            self._set_in_functions = frozenset(name.removeprefix(OWN).removesuffix(STORED) for name in own)
        return self._set_in_functions

    def fillers(self) -> list[tuple[str, Statement]]:
        """The statements that bind names which nobody can read: ``globals()[name] = 1``, ``exec(text)``."""
        if self._fillers is None:
            self._fillers = [
                (module, statement)
                for module, view in self.views.items()
                for statement in view.outline.statements
                if statement.kind is StatementKind.EFFECT
                if NAMESPACE + STORED in statement.uses.reads or self._fills_a_namespace(module, statement)
            ]
        return self._fillers

    def _fills_a_namespace(self, module: str, statement: Statement) -> bool:
        """Whether a statement that acts names what holds a module's names: ``g = globals()``, ``g["x"] = 1``."""
        statements, binders = self.views[module].outline.statements, self.binders(module)
        return any(
            NAMESPACE in statements[place].uses.reads and statements[place].kind is StatementKind.BIND
            for name in statement.uses.reads
            for place in binders.get(name.partition(".")[0], ())
        )

    def is_plain(self, module: str, statement: Statement, depth: int = 8) -> bool:
        """Whether nothing takes part in making a class that could change what its body binds: no decorator, hook or
        metaclass, and only bases that are as plain."""
        if any(call.decorates for call in statement.uses.applied):
            return False
        for base in statement.uses.reads:
            found = self.statement_of_class(module, base)
            if found is not None and any(child.name in _CLASS_MAKERS for child in found[1].children):
                return False
            if found is None:
                if base.rpartition(".")[2] not in _PLAIN_BASES:
                    return False
            elif (
                not depth
                or any(child.name in _CLASS_MAKERS for child in found[1].children)
                or not self.is_plain(*found, depth - 1)
            ):
                return False
        return True

    def class_at(self, module: str, path: Sequence[str]) -> Statement | None:
        """The class statement with this qualified name in a module."""
        key = (module, tuple(path))
        if key not in self._classes_at:
            self._classes_at[key] = self._find_class_at(module, path)
        return self._classes_at[key]

    def _find_class_at(self, module: str, path: Sequence[str]) -> Statement | None:
        body = self.views[module].outline.statements if module in self.views else ()
        found: Statement | None = None
        for part in path:
            found = next((s for s in body if s.kind is StatementKind.CLASS and s.name == part), None)
            if found is None:
                return None
            body = found.children
        return found

    def classes_behind(self, module: str, name: str) -> tuple[tuple[str, Statement], ...]:
        """The tracked classes that a name may lead to: also through what it is an alias of, and what functions name."""
        found = self._behind.get((module, name))
        if found is None:
            found = self._behind[(module, name)] = tuple(self._find_classes(module, name))
        return found

    def _find_classes(self, module: str, name: str) -> Iterator[tuple[str, Statement]]:
        pending, seen = [(module, name)], set[Name]()
        while pending:
            where, one = pending.pop()
            if (where, one) in seen or where not in self.views or not one:
                continue
            seen.add((where, one))
            nested = self.class_at(where, one.split("."))
            if one.startswith(PATH):
                target = self.path_target(where, one)
                pending += [] if target is None else [target]
                continue
            if nested is not None:
                yield where, nested
                substitutes = (child.uses for child in nested.children if child.name == "__mro_entries__")
                pending += [(where, used) for uses in substitutes for used in uses.deferred]
                continue
            pending += [(where, used) for used in self._stood_for_by(where, one)]
            pending += self.targets(where, one)
            if "." in one:
                stored = self.storers(one.rpartition(".")[2])
                pending += [(other, used) for other, setting in stored for used in setting.uses.reads]

    def _stood_for_by(self, module: str, name: str) -> Iterator[str]:
        """The names that stand behind one that is bound by no class or import statement, or in a class's body."""
        head, _, rest = name.partition(".")
        for place in self.binders(module).get(head, ()):
            statement = self.views[module].outline.statements[place]
            if statement.kind is StatementKind.CLASS:
                members = (child for child in statement.children if rest.partition(".")[0] in child.binds)
                yield from (used for member in members for used in member.uses.reads)
            elif statement.kind is not StatementKind.IMPORT:
                yield from statement.uses.reads
                yield from statement.uses.deferred

    def family(self, classes: Iterable[tuple[str, Statement]]) -> Iterator[tuple[str, Statement]]:
        """The classes, and all tracked ones that they may inherit from, or are made by."""
        pending, seen = list(classes), set[tuple[str, int]]()
        while pending:
            where, cls = pending.pop()
            if (where, cls.first) not in seen:
                seen.add((where, cls.first))
                yield where, cls
                pending += [one for base in cls.uses.reads for one in self.classes_behind(where, base)]

    def is_enum(self, module: str, cls: Statement) -> bool:
        """Whether a class is an Enum, as far as the names of its bases tell."""
        return self.descends(module, cls, _ENUMS)

    def descends(self, module: str, cls: Statement, roots: Collection[str]) -> bool:
        """Whether a base of a class has one of these names, or descends from one that has."""
        return any(
            base.rpartition(".")[2] in roots for _, one in self.family([(module, cls)]) for base in one.uses.reads
        )

    def has_descriptors(self, module: str, name: str, depth: int = 6) -> bool:
        """Whether what a name leads to may make objects that are asked when an attribute is read (``__get__``)."""
        if self.storers("__get__"):
            return True
        for where, cls in self.classes_behind(module, name):
            if any("__get__" in child.binds for child in cls.children):
                return True
            if depth and any(self.has_descriptors(where, base, depth - 1) for base in cls.uses.reads):
                return True
        return False

    def statement_of_class(self, module: str, name: str, depth: int = 8) -> tuple[str, Statement] | None:
        """The class statement that a name leads to, through imports, if it is a tracked class."""
        if depth != 8:  # further down a chain of imports the answer may be cut short
            return self._find_class(module, name, depth)
        if (module, name) not in self._classes:
            self._classes[(module, name)] = self._find_class(module, name, depth)
        return self._classes[(module, name)]

    def _find_class(self, module: str, name: str, depth: int) -> tuple[str, Statement] | None:
        head = name.partition(".")[0]
        for place in self.binders(module).get(head, ()):
            statement = self.views[module].outline.statements[place]
            if statement.kind is StatementKind.CLASS and "." not in name:
                return module, statement
        if depth:
            for target, inner in self.targets(module, name):
                if inner and (found := self.statement_of_class(target, inner, depth - 1)):
                    return found
        return None


@dataclass(slots=True)
class Affected:
    """The names that a transaction changes, and the question whether something depends on them."""

    graph: Graph
    values: set[Name] = field(default_factory=set)
    behaviours: set[Name] = field(default_factory=set)
    rebased: set[Name] = field(default_factory=set)  # classes with other bases
    descriptions: set[Name] = field(default_factory=set)  # of which the docstring, annotations or parameters differ
    products: set[Name] = field(default_factory=set)  # functions whose results act differently, and not they themselves
    edited: frozenset[str] = frozenset()
    # What was found out. A "yes" stays one, because names are only added; a "no" holds until something is added.
    _acting: set[Name] = field(default_factory=set)
    _not_acting: set[Name] = field(default_factory=set)
    _changed: set[Name] = field(default_factory=set)
    _unchanged: set[Name] = field(default_factory=set)
    _alike: set[Name] = field(default_factory=set)  # names that lead to nothing that is described otherwise
    _open: dict[Name, int] = field(default_factory=dict)  # names whose answer is being looked for, and how deep
    _granted: dict[Name, int] = field(default_factory=dict)  # whose "no" takes an open name's for granted: how deep
    _lowest: int = 0  # the outermost open name that was taken for granted

    def _forget(self) -> None:
        self._not_acting.clear()
        self._unchanged.clear()

    def add_value(self, module: str, name: str) -> None:
        self._add(self.values, (module, name))

    def add_behaviour(self, module: str, name: str) -> None:
        self._add(self.behaviours, (module, name))

    def add_description(self, module: str, name: str) -> None:
        self._forget()
        self._alike.clear()
        self.descriptions.add((module, name))

    def add_product(self, module: str, name: str) -> None:
        self._add(self.products, (module, name))

    def add_rebased(self, module: str, qualname: str) -> None:
        self._add(self.rebased, (module, qualname))

    def _add(self, names: set[Name], name: Name) -> None:
        if name not in names:
            self._forget()
            names.add(name)

    def gives_others(self, module: str, name: str, depth: int = 8) -> bool:
        """Whether what calling a dotted name returns acts differently: a closure, which has new code by itself."""
        if not self.products or not name:
            return False
        if {(module, name), (module, name.partition(".")[0])} & self.products:
            return True
        targets = self.graph.targets(module, name) if module in self.graph.views and depth else ()
        return any(inner and self.gives_others(target, inner, depth - 1) for target, inner in targets)

    def value_changed(self, module: str, name: str, depth: int = 8) -> bool:
        """Whether evaluating a dotted name in a module gives something else than before."""
        if depth != 8:  # further down a chain of names the answer may be cut short
            return self._value_changed(module, name, depth)
        key = (module, name)
        if key in self._changed or key in self._unchanged:
            return key in self._changed
        around, self._lowest = self._lowest, len(self._open)
        changed = self._value_changed(module, name, depth)
        if changed:
            self._changed.add(key)
        elif self._lowest == len(self._open):  # else it takes for granted what is still being looked for
            self._unchanged.add(key)
        self._lowest = min(around, self._lowest)
        return changed

    def _value_changed(self, module: str, name: str, depth: int) -> bool:
        if name == ANY_MODULE:
            return bool(self.values)
        if name in (NAMESPACE, "__dict__"):
            return any(where == module for where, _ in self.values)
        if name.endswith(STORED):
            return self._stored_differs(module, name.removesuffix(STORED))
        parts = name.split(".")
        if parts[-1] in (NAMESPACE, "__dict__"):
            inside = ".".join(parts[:-1]) + "."
            if any(where == module and one.startswith(inside) for where, one in self.values):
                return True
        if any((module, ".".join(parts[:cut])) in self.values for cut in range(1, len(parts) + 1)):
            return True
        if len(parts) > 1 and parts[-1] in _COMPARING:
            return self._compares_differently(module, ".".join(parts[:-1]))
        if len(parts) > 1 and parts[-1] == ITEM:
            return self.methods_differ(self.graph.classes_behind(module, ".".join(parts[:-1])), {ITEM})
        if depth and self._given_by_function(module, parts[0]):
            return self.value_changed(module, "__getattr__", depth - 1) or self.acts_differently(module, "__getattr__")
        if len(parts) > 1 and depth:
            if self._attribute_differs(module, parts[0], parts[1]) or self._class_gives_another(module, parts):
                return True
            if any(self._inherited_differs(module, parts[:cut], parts[cut], depth) for cut in range(1, len(parts))):
                return True
            return any(
                self.value_changed(target, inner, depth - 1) if inner else target.rpartition(".")[::2] in self.values
                for target, inner in self.graph.targets(module, name)
            )
        return False

    def _compares_differently(self, module: str, name: str) -> bool:
        """Whether what a name leads to, or an instance of it, is equal to other things than before."""
        found = self.graph.classes_behind(module, name)
        return self.methods_differ(found, _COMPARING) or any(
            self._has_other_fields(*one) for one in self.graph.family(found)
        )

    def methods_differ(self, classes: Iterable[tuple[str, Statement]], names: Collection[str]) -> bool:
        """Whether methods of these names act differently, in classes or in what they inherit from."""
        for where, cls in self.graph.family(classes):
            if any((where, f"{cls.name}.{method}") in self.values | self.behaviours for method in names):
                return True
            own = {name for child in cls.children for name in child.binds}
            methods = (child for child in cls.children if not set(names).isdisjoint(child.binds))
            if any(self.uses_differ(where, one.uses, cls.name, own) for one in methods):
                return True
        return False

    def _stored_differs(self, module: str, name: str) -> bool:
        """Whether an attribute that a statement sets from outside is set anew by what it belongs to."""
        if name == NAMESPACE:  # ``globals()[name] = x`` reads the namespace, besides
            return False
        owner, _, attribute = name.rpartition(".")
        # What was set of these of a function since is kept when the function is made again (graft.py).
        since = attribute in ("__doc__", "__name__", "__qualname__", "__module__") and self._leads_to_function(
            module, owner
        )
        return not since and self.value_changed(module, name)

    def _leads_to_function(self, module: str, name: str, depth: int = 8) -> bool:
        """Whether a name leads, through imports, to what ``def`` binds."""
        if self._is_function(module, name):
            return True
        return depth > 0 and any(
            inner and self._leads_to_function(target, inner, depth - 1)
            for target, inner in (self.graph.targets(module, name) if module in self.graph.views else ())
        )

    def _given_by_function(self, module: str, name: str) -> bool:
        """Whether a module's ``__getattr__`` gives the name (PEP 562), or gave it before it went itself."""
        if module not in self.graph.views or name in self.graph.binders(module) or name in BUILTIN_NAMES:
            return False
        return "__getattr__" in self.graph.binders(module) or (module, "__getattr__") in self.values

    def _attribute_differs(self, module: str, head: str, attribute: str) -> bool:
        """An attribute of an object comes from its class; what ``def`` gives a function, from its statement."""
        if module not in self.graph.views:
            return False
        statements = self.graph.views[module].outline.statements
        kinds = {statements[place].kind for place in self.graph.binders(module).get(head, ())}
        if kinds == {StatementKind.FUNCTION}:
            moved = attribute == "__code__" and module in self.edited  # it knows its lines
            return moved or (attribute.startswith("__") and (module, head) in self.behaviours | self.descriptions)
        if kinds & {StatementKind.IMPORT, StatementKind.CLASS}:
            return False
        return bool(kinds) and self.acts_differently(module, head)

    def _class_gives_another(self, module: str, parts: Sequence[str]) -> bool:
        """Whether an attribute of a class is looked into, or is computed when it is asked for, and acts differently."""
        for cut in range(1, len(parts)):
            cls = self.graph.class_at(module, list(parts[:cut]))
            if cls is None:
                break
            if any(child.name == "__getattr__" for _, one in self._metaclasses(module, cls) for child in one.children):
                return self.acts_differently(module, parts[0])
            makers = [child for child in cls.children if parts[cut] in child.binds]
            looked_into = len(parts) > cut + 1 and not any(one.kind is StatementKind.CLASS for one in makers)
            if looked_into and any(self.uses_differ(module, one.uses) for one in makers):
                return True
            if looked_into and self.graph.is_enum(module, cls):  # a member is an instance of the class
                return self.methods_differ([(module, cls)], {parts[cut + 1], *MEMBER_MAKERS})
            if looked_into and parts[cut] in self.graph.set_in_functions():
                return self.acts_differently(module, parts[0])
            if self._descriptor_differs(module, ".".join(parts[:cut]), cls, parts[cut]):
                return True
        stored = (one for one in self.graph.storers(parts[-1]) if self._makes_descriptor(*one))
        return any(self.uses_differ(where, one.uses) for where, one in stored)

    def _descriptor_differs(self, module: str, qualname: str, cls: Statement, attribute: str, depth: int = 8) -> bool:
        """Whether a class, or one that it inherits from, computes an attribute of itself, and does so differently."""
        makers = [child for child in cls.children if attribute in child.binds]
        if makers:
            own = {name for child in cls.children for name in child.binds}
            return any(self._makes_descriptor(module, one) for one in makers) and (
                (module, f"{qualname}.{attribute}") in self.behaviours
                or any(self.uses_differ(module, one.uses, qualname, own) for one in makers)
            )
        bases = (one for base in cls.uses.reads for one in self.graph.classes_behind(module, base))
        return depth > 0 and any(self._descriptor_differs(w, b.name, b, attribute, depth - 1) for w, b in bases)

    def _makes_descriptor(self, module: str, statement: Statement) -> bool:
        """Whether what a statement binds may be asked when it is read off a class."""
        calls = [call for call in statement.uses.applied if call.decorates or call.stored]
        decorators = {call.callee.rpartition(".")[2] for call in calls if call.decorates}
        if {"classmethod", "property"} <= decorators:  # up to Python 3.12
            return True
        named = {name for call in calls for name in ((call.callee,) if call.callee else statement.uses.reads)}
        return any(self.graph.has_descriptors(module, name) for name in named)

    def _metaclasses(self, module: str, cls: Statement) -> Iterator[tuple[str, Statement]]:
        for name in cls.uses.reads:
            found = self.graph.statement_of_class(module, name)
            if found is not None:
                yield found

    def _inherited_differs(self, module: str, path: list[str], attribute: str, depth: int) -> bool:
        """Whether a class has an attribute from its bases, and they have another one now, or it has other bases."""
        statement = self.graph.class_at(module, path)
        if statement is None or any(attribute in child.binds for child in statement.children):
            return False
        if (module, ".".join(path)) in self.rebased:
            return True
        bases = statement.uses.reads
        if any(self.value_changed(module, f"{base}.{attribute}", depth - 1) for base in bases):
            return True
        known = [self.graph.statement_of_class(module, base) for base in bases]
        behind = (one for base in bases for one in self.graph.classes_behind(module, base) if one not in known)
        return any(self.value_changed(where, f"{cls.name}.{attribute}", depth - 1) for where, cls in behind)

    def acts_differently(self, module: str, name: str) -> bool:
        """Whether using what a dotted name leads to (calling it, say) may have another result than before."""
        key = (module, name)
        if key in self._acting:
            return True
        if key not in self._not_acting and key not in self._open:
            return self._find_out(key)
        # A cycle adds nothing to the answer for the name where it began.
        self._lowest = min(self._lowest, self._open.get(key, self._granted.get(key, self._lowest)))
        return False

    def _find_out(self, key: Name) -> bool:
        """Ask what a name leads to, and remember the answer.

        A "no" that takes for granted that the answer for a name further up is "no" is remembered until that one's is
        known, and forgotten if it is "yes" (as in Tarjan's search for strongly connected components).
        """
        depth, since, around = len(self._open), len(self._granted), self._lowest
        self._open[key] = self._lowest = depth
        differs = self._acts_differently(*key)
        (self._acting if differs else self._not_acting).add(key)
        lowest, self._lowest = self._lowest, around
        del self._open[key]
        if not differs and lowest < depth:
            self._granted[key], self._lowest = lowest, min(around, lowest)
            return False
        while len(self._granted) > since:
            one, _ = self._granted.popitem()
            if differs:
                self._not_acting.discard(one)
        return differs

    def _acts_differently(self, module: str, name: str) -> bool:
        if name == ANY_MODULE or name in HEAP:
            return bool(self.values or self.behaviours or self.descriptions)
        if name.startswith(OWN) or name.endswith(STORED):  # whose method it is depends on the instance
            return False
        if name.startswith(PATH):
            target = self.graph.path_target(module, name)
            return target is not None and self.acts_differently(*target)
        if module not in self.graph.views:
            return False
        if name in ("", NAMESPACE, "__dict__"):  # the module itself is handed on, or looked into
            every = (*self.values, *self.behaviours, *self.descriptions)
            return any(where == module or where.startswith(f"{module}.") for where, _ in every)
        if self._given_by_function(module, name.partition(".")[0]):
            return self.value_changed(module, "__getattr__") or self.acts_differently(module, "__getattr__")
        head, _, rest = name.partition(".")
        if {(module, name), (module, head)} & self.values or (module, name) in self.behaviours:
            return True
        if any(self.uses_differ(where, statement.uses) for where, statement in self._set_from_outside(name)):
            return True
        if any(self._fills_otherwise(where, statement, module, head) for where, statement in self.graph.fillers()):
            return True
        if rest and (differs := self._attribute_acts_differently(module, head, rest.partition(".")[0])) is not None:
            return differs
        if (module, head) in self.behaviours:
            # An attribute of a function (``show.register``) is not what the function does.
            return not ("." in name and self._is_function(module, head))
        if any(self.acts_differently(target, inner) for target, inner in self.graph.targets(module, name)):
            return True
        if "." in name and self._is_function(module, head):
            return False
        for place in self.graph.binders(module).get(head, ()):
            statement = self.graph.views[module].outline.statements[place]
            uses = statement.uses
            if statement.kind is StatementKind.IMPORT:
                continue
            if self.uses_differ(module, uses):
                return True
        return False

    def _fills_otherwise(self, where: str, filler: Statement, module: str, name: str) -> bool:
        """Whether what a filler (``Graph.fillers``) binds may be the name, and acts differently.

        That it may be a module, which acts differently as any does, counts only where nothing else binds the name.
        """
        known = name in self.graph.binders(module) or name in BUILTIN_NAMES
        left_out = {*filler.binds, ALL_NAMES, *((ANY_MODULE, NAMESPACE) if known else ())}
        uses = filler.uses
        deferred, reads = (tuple(n for n in names if n not in left_out) for names in (uses.deferred, uses.reads))
        return self.uses_differ(where, replace(uses, deferred=deferred, reads=reads))

    def _set_from_outside(self, name: str) -> Iterator[tuple[str, Statement]]:
        """The statements that may have set an attribute on the way of a dotted name, or on what it leads to."""
        for part in name.split("."):
            yield from self.graph.storers(part)
            yield from self.graph.storers(f"{part}{STORED}")

    def _attribute_acts_differently(self, module: str, name: str, attribute: str) -> bool | None:
        """The same of an attribute that an assignment in a class body alone makes; None of any other."""
        cls = self.graph.class_at(module, [name])
        if cls is None or (module, name) in self.rebased or len(self.graph.binders(module).get(name, ())) > 1:
            return None
        makers = [child for child in cls.children if attribute in child.binds]
        if not makers or any(child.kind is not StatementKind.BIND for child in makers):
            return None
        if not self.graph.is_plain(module, cls) or attribute in self.graph.set_in_functions():
            return None
        if (module, f"{name}.{attribute}") in self.values | self.behaviours:
            return True
        own = {bound for child in cls.children for bound in child.binds}
        return any(self.uses_differ(module, child.uses, name, own) for child in makers)

    def uses_differ(self, module: str, uses: Uses, cls: str = "", own: Collection[str] = ()) -> bool:
        """Whether something that a statement uses, now or later, acts differently. ``own``: what its class binds."""
        now = [*(n for n in uses.reads if n not in uses.typed), *(call.callee for call in uses.applied if call.callee)]
        checked = [n for n in uses.checked if n not in now]
        later = [n for n in uses.deferred if n not in checked]
        used = dict.fromkeys(f"{cls}.{n}" if n.partition(".")[0] in own else n for n in (*later, *now))
        return (
            any(self.acts_differently(module, n) or self.gives_others(module, n) for n in used)
            or any(self.checks_differently(module, n) for n in checked)
            or self._items_act_differently(module, uses)
            or any(self._is_looked_at(module, n, uses) for n in (used if self.descriptions else ()))
        )

    def _items_act_differently(self, module: str, uses: Uses) -> bool:
        """Whether ``globals()[name]``, now or later, may find something imported that acts differently."""
        if NAMESPACE not in (*uses.behaves, *uses.deferred) or ALL_NAMES in (*uses.reads, *uses.deferred):
            return False
        found = (t for _, one in self.graph.imports_of(module) for t in self.graph.targets(module, one.bound))
        return any(self.acts_differently(*target) for target in found)

    def _is_looked_at(self, module: str, name: str, uses: Uses) -> bool:
        """Whether a statement may see a docstring or annotations that differ through what a name leads to: it does more
        with it than to call it, or what it calls is a class, of which it has an instance then."""
        return self.described(module, name) and not (name in uses.called and self._leads_to_function(module, name))

    def described(self, module: str, name: str) -> bool:
        """Whether what a dotted name leads to is, or holds, something that is described otherwise."""
        return bool(self.descriptions) and finds_described(self.graph, self.descriptions, (module, name), self._alike)

    def checks_differently(self, module: str, name: str) -> bool:
        """Whether ``isinstance``, ``issubclass`` or ``except`` may give another answer with what a name leads to.

        A class's methods have no say in it, but those that are made for it (PEP 3119), and a Protocol's (PEP 544).
        """
        if not self.acts_differently(module, name):
            return False
        home = self.graph.path_target(module, name) if name.startswith(PATH) else (module, name)
        own = {"isinstance", "issubclass"} & set(self.graph.binders(module) if module in self.graph.views else ())
        found = self.graph.statement_of_class(*home) if home is not None and home[0] in self.graph.views else None
        if found is None or own or self.rebased or self._has_a_say(*found):
            return True
        return self.value_changed(module, name)

    def _has_a_say(self, module: str, statement: Statement, depth: int = 8) -> bool:
        """Whether a class, or a base or metaclass, looks at more than bases when it is asked who belongs to it."""
        if not depth or any(child.name in CHECKS for child in statement.children):
            return True
        for base in statement.uses.reads:
            if "Protocol" in self.graph.spellings(module, base):
                return True
            found = self.graph.statement_of_class(module, base)
            if found is None and self._is_bound_here(module, base):  # by ``try``, say: which class it is is not known
                return True
            if found is not None and self._has_a_say(*found, depth - 1):
                return True
        return False

    def _is_bound_here(self, module: str, name: str) -> bool:
        statements = self.graph.views[module].outline.statements
        places = self.graph.binders(module).get(name.partition(".")[0], ())
        return any(statements[place].kind is not StatementKind.IMPORT for place in places)

    def _is_function(self, module: str, name: str) -> bool:
        if module not in self.graph.views:
            return False
        statements = self.graph.views[module].outline.statements
        places = self.graph.binders(module).get(name, ())
        return bool(places) and all(statements[place].kind is StatementKind.FUNCTION for place in places)

    def needs_rerun(self, module: str, uses: Uses, *, default: bool = False) -> bool:
        """Whether a statement that is as it was would give another result if it were run now.

        ``default``: what it makes is a default (of a parameter, of a field), not an object with a life of its own.
        """
        # What a thrown-away call only hands to a library (``bus.subscribe(handler)``) has its new code there too.
        return (
            any(self.value_changed(module, name) for name in uses.reads)
            or (ALL_NAMES in uses.reads and self.described(module, NAMESPACE))
            or (NAMESPACE in uses.behaves and self._items_act_differently(module, uses))
            or any(self.acts_differently(module, name) or self.described(module, name) for name in uses.behaves)
            or any(self.is_another_key(module, name) for name in uses.keys)
            or any(self.gives_other_items(module, name, subscript=True) for name in uses.items)
            or any(self._result_differs(module, a, default=default) for a in uses.applied)
            or any(self._import_differs(module, one) for one in uses.imports if not one.lazy)
        )

    def _result_differs(self, module: str, call: Application, *, default: bool) -> bool:
        found = self.graph.statement_of_class(module, call.callee) if call.callee else None
        if found is not None:
            # A new instance of a class with other methods is the instance that is there.
            if not call.stored and self.acts_differently(module, call.callee):
                return True
            return (default or call.decorates) and self.is_made_otherwise(*found)
        if call.callee and self._call_differs(module, call):
            return True
        if call.decorates and not call.callee:  # ``@TABLE["x"]``, ``@(lambda f: mark(f))``
            return any(self.decorates_differently(module, name, called=call.called) for name in call.passed)
        if self.gives_others(module, call.callee):
            # A wrapper that is only kept has its new code; what it computed, and what a decorator set, is as it was.
            return call.called if call.decorates else not call.stored
        if call.callee in _COLLECTORS:
            return any(self.gives_other_items(module, name) for name in call.passed) or any(
                self.acts_differently(module, name) for name in call.made
            )
        made = [name for name in call.made if not self._leads_to_function(module, name)] if self.descriptions else []
        is_ours = self.is_ours(module, call.callee)
        if not is_ours and (call.callee.rpartition(".")[2] in _KEEPERS or call.thrown):
            # ``@wraps(f)`` copies what is said of f.
            return call.thrown and call.stored and any(self.described(module, name) for name in call.passed)
        return (
            any(self.acts_differently(module, name) for name in call.passed)
            or any(self.acts_differently(module, name) or self.gives_others(module, name) for name in call.made)
            or any(self.described(module, name) for name in (*call.passed, *made))
        )

    def _call_differs(self, module: str, call: Application) -> bool:
        if not self.acts_differently(module, call.callee):
            return False
        is_decorator = call.thrown and call.stored  # ``@deco(1)``: what the call gives decorates
        if not call.decorates and not is_decorator:
            return True
        return self.decorates_differently(module, call.callee, called=call.called or is_decorator)

    def decorates_differently(self, module: str, name: str, *, called: bool, depth: int = 8) -> bool:
        """Whether decorating with what a name leads to gives something else: what a wrapper does later is no matter.

        ``called``: the decorator stands there with arguments.
        """
        if not depth or self.value_changed(module, name) or (module, name) in self.behaviours:
            return True
        targets = list(self.graph.targets(module, name)) if module in self.graph.views else []
        if targets:
            return any(self.decorates_differently(*one, called=called, depth=depth - 1) for one in targets)
        if (inner := self._displayed(module, name)) is not None:
            return any(self.decorates_differently(module, one, called=called, depth=depth - 1) for one in inner)
        if not self._is_function(module, name):
            return self.acts_differently(module, name) and not self._is_made_by_library(module, name)
        statements = self.graph.views[module].outline.statements
        makers = (statements[place].uses for place in self.graph.binders(module)[name])
        return any(self.decorating_differs(module, uses, called=called) for uses in makers)

    def decorating_differs(
        self, module: str, uses: Uses, *, called: bool, cls: str = "", own: Collection[str] = ()
    ) -> bool:
        """The same of the function with these uses. ``own``: what the class ``cls`` around it binds."""
        ours = any(not one or self.is_ours(module, one) for one in uses.wrapped_by)
        later = () if ours else uses.wrapped_twice if called else uses.wrapped
        now = replace(uses, deferred=tuple(n for n in uses.deferred if n not in later))
        return self.uses_differ(module, now, cls, own)

    def _displayed(self, module: str, name: str) -> tuple[str, ...] | None:
        """What a name of a written-out table, or an alias, is made of; None of any other name."""
        if module not in self.graph.views or "." in name:
            return None
        statements = self.graph.views[module].outline.statements
        makers = [statements[place] for place in self.graph.binders(module).get(name, ())]
        if not makers or any(one.kind is not StatementKind.BIND or one.uses.applied for one in makers):
            return None
        makers += [one for one in statements if name in one.uses.fills]
        return tuple(used for one in makers for used in (*one.uses.reads, *one.uses.deferred) if used != name)

    def _is_made_by_library(self, module: str, name: str) -> bool:
        """Whether a library alone made what a name is bound to: what it does with what it was handed is its affair."""
        if module not in self.graph.views or "." in name:
            return False
        statements = self.graph.views[module].outline.statements
        makers = [statements[place] for place in self.graph.binders(module).get(name, ())]
        return bool(makers) and all(
            one.kind is StatementKind.BIND
            and bool(one.uses.applied)
            and not one.uses.behaves
            and not any(not call.callee or self.is_ours(module, call.callee) for call in one.uses.applied)
            and not any(self._leads_to_function(module, name) for call in one.uses.applied for name in call.passed)
            and not any(call.callee.rpartition(".")[2].startswith("partial") for call in one.uses.applied)
            for one in makers
        )

    def is_made_otherwise(self, module: str, statement: Statement, depth: int = 8) -> bool:
        """Whether a new instance of a class holds something else: what its ``__init__`` does, or its fields, differ."""
        name = statement.name
        own = {child.name: child for child in statement.children if child.name}
        gone = {one for where, one in self.values if where == module and one.rpartition(".")[0] == name}
        if self.keeps_old_results(module, statement):
            return True
        defaults = (call for child in statement.children if child.uses.annotates for call in child.uses.applied)
        if any(self.acts_differently(module, one) for call in defaults for one in call.passed):
            return True
        if self._has_other_fields(module, statement) or gone & {f"{name}.{maker}" for maker in _MAKERS}:
            return True
        pending = [maker for maker in _MAKERS if maker in own]
        seen: set[str] = set()
        while pending:
            method = pending.pop()
            if method in seen:
                continue
            seen.add(method)
            if (module, f"{name}.{method}") in self.behaviours or (module, f"{name}.{method}") in self.values:
                return True
            if method in own:
                deferred = own[method].uses.deferred
                pending += [one.removeprefix(OWN) for one in deferred if one.startswith(OWN)]
                checked = own[method].uses.checked
                others = [one for one in deferred if one.partition(".")[0] != name and one not in checked]
                if depth and any(self._gives_otherwise(module, one, depth - 1) for one in others):
                    return True
                if any(self.checks_differently(module, one) for one in checked):
                    return True
        bases = (one for base in statement.uses.reads for one in self.graph.classes_behind(module, base))
        return depth > 0 and any(self.is_made_otherwise(*base, depth - 1) for base in bases)

    def keeps_old_results(self, module: str, statement: Statement) -> bool:
        """Whether instances of a class keep results of methods that are others now (``cached_property``)."""
        family = list(self.graph.family([(module, statement)]))
        kept = {
            child.name: child.uses
            for _, cls in family
            for child in cls.children
            if any("cached_property" in call.callee for call in child.uses.applied)
        }
        if not kept:
            return False
        methods = {name[1:] for uses in kept.values() for name in uses.deferred if name.startswith(OWN)}
        return self.methods_differ(family, {*kept, *methods})

    def _gives_otherwise(self, module: str, name: str, depth: int) -> bool:
        """Whether what a name leads to gives something else when it is called: a new instance, whose methods may be
        called at once, or a result."""
        if self.acts_differently(module, name):
            return True
        found = self.graph.statement_of_class(module, name) if module in self.graph.views else None
        return found is not None and self.is_made_otherwise(*found, depth)

    def is_another_key(self, module: str, name: str, depth: int = 8) -> bool:
        """Whether a subscript with what a name leads to may find something else: classes and functions count by
        identity, and type expressions are made of such."""
        if not self.acts_differently(module, name) or self.graph.statement_of_class(module, name) is not None:
            return False
        for place in self.graph.binders(module).get(name.partition(".")[0], ()):
            statement = self.graph.views[module].outline.statements[place]
            match statement.kind:
                case StatementKind.IMPORT:
                    targets = list(self.graph.targets(module, name))
                    if not depth or any(self.is_another_key(*target, depth - 1) for target in targets):
                        return True
                case StatementKind.FUNCTION | StatementKind.CLASS:
                    continue
                case _:
                    parts = {*statement.uses.reads, *statement.uses.keys}
                    if statement.uses.applied or not depth:
                        return True
                    if any(self.is_another_key(module, part, depth - 1) for part in parts):
                        return True
        return False

    def gives_other_items(self, module: str, name: str, *, subscript: bool = False, depth: int = 8) -> bool:
        """Whether going through what a name leads to gives other objects, not only other behaviour of the same.

        ``subscript``: an item is taken, which a class can give too (``__class_getitem__``).
        """
        if not self.acts_differently(module, name):
            return False
        head = name.partition(".")[0]
        places = self.graph.binders(module).get(head, ())
        for statement in (self.graph.views[module].outline.statements[place] for place in places):
            match statement.kind:
                case StatementKind.IMPORT:
                    targets = list(self.graph.targets(module, name))
                    if not targets or any(self.gives_other_items(*one, subscript=subscript) for one in targets):
                        return True
                case StatementKind.FUNCTION:
                    continue
                case StatementKind.CLASS:  # without a base no metaclass that makes it iterable, like an Enum's
                    if statement.uses.reads or subscript or "." in name:
                        return True
                case _:  # a display holds what it held, unless it is made again
                    uses = statement.uses
                    made = (uses.applied or uses.behaves) and not uses.displays
                    if made or self.value_changed(module, name):
                        return True
                    reads = () if uses.displays or not depth else uses.reads
                    if any(self.gives_other_items(module, n, subscript=subscript, depth=depth - 1) for n in reads):
                        return True
        return False

    def is_ours(self, module: str, name: str) -> bool:
        """Whether a name leads to something that a tracked module defines."""
        statements = self.graph.views[module].outline.statements
        places = self.graph.binders(module).get(name.partition(".")[0], ())
        if any(statements[place].kind is not StatementKind.IMPORT for place in places):
            return True
        return any(True for _ in self.graph.targets(module, name))

    def _has_other_fields(self, module: str, statement: Statement) -> bool:
        fields = {name for child in statement.children for name in child.uses.annotates}
        prefix = f"{statement.name}."
        return any(m == module and n.startswith(prefix) and n[len(prefix) :] in fields for m, n in self.values)

    def _import_differs(self, module: str, imported: Imported) -> bool:
        if imported.name == "*":
            target = self.graph.imported_module(module, imported)
            return any(where == target for where, _ in self.values)
        if not imported.name:
            return False
        return any(
            inner and self.value_changed(target, inner)
            for target, inner in self.graph._import_targets(module, imported, imported.bound, "")
        )
