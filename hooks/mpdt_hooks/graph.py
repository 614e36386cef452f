"""The tracked modules as outlines tell of them: who binds a name, what it leads to, who imports whom. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from mpdt_hooks.names import ANY_MODULE, NAMESPACE, OWN, PATH, STORED, Imported
from mpdt_hooks.outline import Outline, Statement, StatementKind

_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "ReprEnum", "Flag", "IntFlag"})
_PLAIN_BASES = frozenset({"object", "ABC", "ABCMeta", "Protocol", "Exception", "ValueError"})
_CLASS_MAKERS = frozenset({"__init_subclass__", "__set_name__", "__prepare__"})

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
    _asked: list[str] = field(default_factory=list)  # modules whose binders are being looked for
    _in_circle: bool = False
    _storers: dict[str, list[tuple[str, Statement]]] | None = None
    _targets: dict[Name, tuple[Name, ...]] = field(default_factory=dict)
    _classes: dict[Name, tuple[str, Statement] | None] = field(default_factory=dict)
    _classes_at: dict[tuple[str, tuple[str, ...]], Statement | None] = field(default_factory=dict)
    _fillers: list[tuple[str, Statement]] | None = None
    _set_in_functions: frozenset[str] | None = None
    _methods: dict[str, tuple[tuple[str, Statement], ...]] | None = None
    _behind: dict[Name, tuple[tuple[str, Statement], ...]] = field(default_factory=dict)

    def binders(self, module: str) -> dict[str, list[int]]:
        """Name -> places of the statements that bind it, in order."""
        found = self._binders.get(module)
        if found is not None:
            return found
        is_circle = module in self._asked  # modules that star-import each other: what it binds itself
        self._in_circle |= is_circle
        self._asked.append(module)
        found = {}
        statements = self.views[module].outline.statements
        for i, statement in enumerate(statements):
            for name in statement.binds if is_circle else self.bound_by(module, statement):
                found.setdefault(name, []).append(i)
        if "__doc__" in found and statements[0].kind is StatementKind.STRING:  # ``__doc__ = __doc__.strip()``
            found["__doc__"].insert(0, 0)
        self._asked.pop()
        if not self._asked or not self._in_circle:
            self._binders[module] = found
            self._in_circle = False
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
        known = self.exports(target)
        return tuple(name for name in self.binders(target) if not name.startswith("_")) if known is None else known

    def exports(self, module: str) -> tuple[str, ...] | None:
        """The names in a module's ``__all__``, if one statement writes it out; else None."""
        places = self.binders(module).get("__all__", ())
        if len(places) != 1:
            return None
        uses = self.views[module].outline.statements[places[0]].uses
        is_empty = uses.displays and not uses.reads
        return uses.exports if uses.exports or is_empty else None

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
        if submodule in self.views and not self.defines(target, inner):
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
            hidden = cut > 1 and self.defines(".".join(path[: cut - 1]), path[cut - 1])
            if found in self.views and not hidden:
                return found, ".".join(path[cut:])
        return None

    def defines(self, module: str, name: str) -> bool:
        """Whether a package binds a name to something else than its submodule of that name."""
        return module in self.views and self._is_another(module, name, (module, name), set())

    def _is_another(self, module: str, name: str, wanted: Name, seen: set[Name]) -> bool:
        """Whether a module's name leads to something else than the submodule ``wanted`` of a package.

        A star import may bring the submodule back to the package, from a module that has imported it from there.
        """
        if (module, name) in seen:
            return False
        seen.add((module, name))
        statements = self.views[module].outline.statements
        for place in self.binders(module).get(name, ()):
            statement = statements[place]
            if alias := _alias(statement):
                if self._is_another_alias(module, alias, wanted, seen):
                    return True
                continue
            imports = [one for one in statement.uses.imports if one.bound == name or one.name == "*"]
            if not imports or any(self._brings_another(module, name, one, wanted, seen) for one in imports):
                return True
        return False

    def _is_another_alias(self, module: str, name: str, wanted: Name, seen: set[Name]) -> bool:
        head, _, rest = name.partition(".")
        if not rest:
            return head not in self.binders(module) or self._is_another(module, head, wanted, seen)
        imports = (
            one
            for place in self.binders(module).get(head, ())
            for one in self.views[module].outline.statements[place].uses.imports
            if one.bound == head
        )
        for one in imports:
            target = self.imported_module(module, one)
            owner = f"{target}.{one.name}" if one.name else target if one.bound != target.partition(".")[0] else head
            if f"{owner}.{rest}" == ".".join(wanted):
                return False
        return True

    def _brings_another(self, module: str, name: str, one: Imported, wanted: Name, seen: set[Name]) -> bool:
        target, inner = self.imported_module(module, one), name if one.name == "*" else one.name
        if (target, inner) in (wanted, (".".join(wanted), "")):
            return False
        is_known = target in self.views and inner in self.binders(target)
        return not is_known or self._is_another(target, inner, wanted, seen)

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

    def run_at_once(self) -> set[str]:
        """The modules that are imported when the roots are, and not only when a function is called later.

        A root that a function imports may have been imported by that only.
        """
        visited: set[str] = set()
        called: set[Name] = set()
        later = {
            target
            for module in self.views
            for _, one in self.imports_of(module)
            if one.lazy
            for target in self._loads(module, one)
        }
        for module in (one for one in self.roots() if one not in later):
            for _ in self._run_module(module, visited, called):
                pass
        return visited

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
        for name in (*statement.uses.reads, *(one.bound for one in statement.uses.imports if not one.lazy)):
            if (asked := self.asked_for(module, name)) is not None:
                yield from self._loaded_by(asked, "__getattr__", called)

    def asked_for(self, module: str, name: str) -> str | None:
        """The module whose ``__getattr__`` (PEP 562) is called when a dotted name is evaluated, or imported."""
        pending, seen = list(self.targets(module, name)), set[Name]()
        while pending:
            where, inner = one = pending.pop()
            if one in seen or where not in self.views or not inner:
                continue
            seen.add(one)
            binders = self.binders(where)
            if inner.partition(".")[0] not in binders and "__getattr__" in binders:
                return where
            pending += self.targets(where, inner)
        return None

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
        if imported.name and f"{target}.{imported.name}" in self.views and not self.defines(target, imported.name):
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

    def storers(self, attribute: str, *, in_module: bool = False) -> list[tuple[str, Statement]]:
        """The statements that set an attribute of this name from outside: ``C.x = 1``, ``setattr(C, name, 1)``.

        ``C=`` stands for any attribute of what is called C. ``in_module``: what has the attribute is a module.
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
                        if one == NAMESPACE and self._may_be_module(module, owner):
                            self._storers.setdefault(PATH, []).append((module, statement))
                        whose = f"{owner.rpartition('.')[2]}{STORED}"
                        self._storers.setdefault(whose, []).append((module, statement))
        anywhere = self._storers.get(PATH if in_module else NAMESPACE, [])
        found = self._storers.get(attribute)
        return [*found, *anywhere] if found else anywhere

    def _may_be_module(self, module: str, name: str) -> bool:
        """Whether a name is not bound by a definition of the same module: what an import brings may be a module."""
        statements = self.views[module].outline.statements
        places = self.binders(module).get(name.partition(".")[0], ())
        definitions = (StatementKind.CLASS, StatementKind.FUNCTION)
        return "." in name or not places or any(statements[place].kind not in definitions for place in places)

    def set_in_functions(self) -> frozenset[str]:
        """The attributes that functions set on classes: ``cls.current = self``."""
        if self._set_in_functions is None:
            marks = (n for view in self.views.values() for one in view.outline.statements for n in one.uses.deferred)
            own = (name for name in marks if name.startswith(OWN) and name.endswith(STORED))
            self._set_in_functions = frozenset(name.removeprefix(OWN).removesuffix(STORED) for name in own)
        return self._set_in_functions

    def methods_called(self, name: str) -> tuple[tuple[str, Statement], ...]:
        """The functions of that name in class bodies, with their modules."""
        if self._methods is None:
            found: dict[str, list[tuple[str, Statement]]] = {}
            classes = [(module, one) for module, view in self.views.items() for one in view.outline.statements]
            while classes:
                module, cls = classes.pop()
                for one in cls.children:
                    if one.kind is StatementKind.FUNCTION:
                        found.setdefault(one.name, []).append((module, one))
                classes += [(module, one) for one in cls.children if one.kind is StatementKind.CLASS]
            self._methods = {known: tuple(every) for known, every in found.items()}
        return self._methods.get(name, ())

    def methods(self) -> Set[str]:
        """The names of all functions in class bodies."""
        self.methods_called("")
        return (self._methods or {}).keys()

    def fillers(self) -> list[tuple[str, Statement]]:
        """The statements that bind names which nobody can read: ``globals()[name] = 1``, ``exec(text)``."""
        if self._fillers is None:
            self._fillers = [
                (module, statement)
                for module, view in self.views.items()
                for statement in view.outline.statements
                if statement.kind is StatementKind.EFFECT and not statement.uses.labels
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
        if self.storers("__get__", in_module=True):  # by name: nobody computes that one
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


def _alias(statement: Statement) -> str:
    """The name of which a statement makes another one (``base = package.base``), else ""."""
    uses = statement.uses
    is_plain = statement.kind is StatementKind.BIND and len(uses.reads) == 1
    used = uses.behaves or uses.applied or uses.displays or uses.items or uses.keys or uses.acts
    return uses.reads[0] if is_plain and not used else ""
