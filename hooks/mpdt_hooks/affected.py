"""What a transaction changes, and who depends on it. Pure.

A name of a module is *changed in value* when it will be bound to something else, and *changed in behaviour* when what
it is bound to stays but acts differently (a function with new code, a class with a new method).
"""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from mpdt_hooks.asked_again import gives_what_it_gave
from mpdt_hooks.described import finds_described
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.initialised import initialises_differently
from mpdt_hooks.names import (
    ALL_NAMES,
    ANY_MODULE,
    HEAP,
    NAMESPACE,
    OWN,
    PATH,
    STORED,
    Imported,
    is_own,
)
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.uses import ITEM, Application, Uses

BUILTIN_NAMES = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__package__", "__spec__"}
BUILTIN_NAMES |= {"__path__", "__loader__", "__builtins__", "__dict__", "__annotations__", "__cached__"}

DEEPEST = 3000  # names of a chain that are followed: what is further down is taken to act differently

# Calls that keep what they are handed without calling it.
KEEPERS = frozenset(
    {"partial", "cast"} | {"Field", "field", "TypeVar", "ParamSpec", "NewType", "ContextVar", "ref", "type", "id"}
)
# Calls that keep what the iterable that they are handed gives.
_COLLECTORS = frozenset({"dict", "list", "tuple", "set", "frozenset"})

# Run for every member of an Enum.
MEMBER_MAKERS = frozenset({"__init__", "__new__", "_generate_next_value_"})
CHECKS = frozenset({"__subclasshook__", "__instancecheck__", "__subclasscheck__"})

_COMPARING = frozenset({"__eq__", "__hash__"})


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
        since = attribute in ("__doc__", "__name__", "__qualname__", "__module__") and self.leads_to_function(
            module, owner
        )
        return not since and self.value_changed(module, name)

    def leads_to_function(self, module: str, name: str, depth: int = 8) -> bool:
        """Whether a name leads, through imports, to what ``def`` binds."""
        if self._is_function(module, name):
            return True
        return depth > 0 and any(
            inner and self.leads_to_function(target, inner, depth - 1)
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
            stored = self.graph.storers(parts[cut]) if looked_into and not makers else ()
            if any(self.uses_differ(where, one.uses) for where, one in stored):
                return True
            if looked_into and self.graph.is_enum(module, cls):  # a member is an instance of the class
                return self.methods_differ([(module, cls)], {parts[cut + 1], *MEMBER_MAKERS})
            if looked_into and parts[cut] in self.graph.set_in_functions():
                return self.acts_differently(module, parts[0])
            if self._descriptor_differs(module, ".".join(parts[:cut]), cls, parts[cut]):
                return True
        descriptors = (one for one in self.graph.storers(parts[-1]) if self._makes_descriptor(*one))
        return any(self.uses_differ(where, one.uses) for where, one in descriptors)

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
            return len(self._open) >= DEEPEST or self._find_out(key)
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
        for where, statement in self._set_from_outside(name):
            if self.uses_differ(where, statement.uses):
                return True
        if any(self._fills_otherwise(where, statement, module, head) for where, statement in self.graph.fillers()):
            return True
        if rest and (differs := self._attribute_acts_differently(module, head, rest.partition(".")[0])) is not None:
            return differs
        if (module, head) in self.behaviours:
            # An attribute of a function (``show.register``) is not what the function does.
            return not ("." in name and self._is_function(module, head))
        for where, inner in self.graph.targets(module, name):
            if self.acts_differently(where, inner):
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
        for place, part in enumerate(name.split(".")):
            yield from self.graph.storers(part, in_module=not place)
            yield from self.graph.storers(f"{part}{STORED}", in_module=not place)

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
        for name in used:  # no generator: at each step of a chain of functions it would take of the C stack
            if self.acts_differently(module, name) or self.gives_others(module, name):
                return True
        return (
            any(self.checks_differently(module, n) for n in checked)
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
        return self.described(module, name) and not (name in uses.called and self.leads_to_function(module, name))

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
        return not uses.is_inert and (
            any(self.value_changed(module, name) for name in uses.reads)
            or (ALL_NAMES in uses.reads and self.described(module, NAMESPACE))
            or (NAMESPACE in uses.behaves and self._items_act_differently(module, uses))
            or any(self.acts_differently(module, name) or self.described(module, name) for name in uses.behaves)
            or any(self.is_another_key(module, name) for name in uses.keys)
            or any(self.gives_other_items(module, name, subscript=True) for name in uses.items)
            or any(self._result_differs(module, a, default=default) for a in uses.applied)
            or any(self._given_differs(module, a, uses) for a in uses.applied if a.thrown and not a.callee)
            or any(self.acts_differently(module, name) for name in _called_at_once(uses))
            or any(self._import_differs(module, one) for one in uses.imports if not one.lazy)
        )

    def names_that_give_others(
        self, module: str, uses: Uses, prefix: str = "", own: Collection[str] = ()
    ) -> Iterator[str]:
        """The names in a statement, of values and of what it calls, that an expression in it gives something else by.

        ``prefix``: the class around it with a dot, which binds the names ``own``.
        """

        def at(name: str) -> str:
            return prefix + name if name.partition(".")[0] in own else name

        yield from (name for name in uses.reads if self.value_changed(module, at(name)))
        yield from (n for n in uses.behaves if self.acts_differently(module, at(n)) or self.described(module, at(n)))
        yield from (name for name in uses.keys if self.is_another_key(module, at(name)))
        yield from (name for name in uses.items if self.gives_other_items(module, at(name), subscript=True))
        results = (call for call in uses.applied if not call.decorates and not call.thrown)
        yield from (call.callee for call in results if self._result_differs(module, call, default=True))

    def handed_that_act_differently(
        self, module: str, uses: Uses, prefix: str = "", own: Collection[str] = ()
    ) -> Iterator[str]:
        """The names that the calls of a statement are handed, of what acts differently, or is described otherwise."""
        for name in (name for call in uses.applied for name in (*call.passed, *call.made)):
            at = prefix + name if name.partition(".")[0] in own else name
            if self.acts_differently(module, at) or self.described(module, at):
                yield name

    def _result_differs(self, module: str, call: Application, *, default: bool) -> bool:
        found = self.graph.statement_of_class(module, call.callee) if call.callee else None
        if found is not None:
            if self._finds_another_member(*found):
                return True
            # A new instance of a class with other methods is the instance that is there.
            if not call.stored and any(self.acts_differently(module, n) for n in (call.callee, *call.passed)):
                return True
            return (default or call.decorates) and self.is_made_otherwise(*found)
        if call.callee and self._call_differs(module, call) and not gives_what_it_gave(self, module, call):
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
        made = [name for name in call.made if not self.leads_to_function(module, name)] if self.descriptions else []
        is_ours = self.is_ours(module, call.callee)
        if not is_ours and (call.callee.rpartition(".")[2] in KEEPERS or call.thrown):
            # ``@wraps(f)`` copies what is said of f.
            return call.thrown and call.stored and any(self.described(module, name) for name in call.passed)
        return (
            any(self.acts_differently(module, name) for name in call.passed)
            or any(self.acts_differently(module, name) or self.gives_others(module, name) for name in call.made)
            or any(self.described(module, name) for name in (*call.passed, *made))
        )

    def _given_differs(self, module: str, call: Application, uses: Uses) -> bool:
        """Whether ``get_bus().on("x", f)`` hands something that acts differently to an object of the plugin's."""
        givers = (one.callee for one in uses.applied if one.callee and one.callee not in call.made)
        return any(self.is_ours(module, one) for one in givers) and any(
            self.acts_differently(module, one) for one in (*call.passed, *call.made)
        )

    def _finds_another_member(self, module: str, cls: Statement) -> bool:
        """Whether calling an Enum, which looks a member up, may give another one: by other values, or ``_missing_``."""
        if not self.graph.is_enum(module, cls):
            return False
        members = {name for child in cls.children for name in child.binds if not name.startswith("_")}
        given = any((module, f"{cls.name}.{name}") in self.values for name in members)
        return given or self.methods_differ([(module, cls)], {"_missing_", *MEMBER_MAKERS})

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
            and not any(self.leads_to_function(module, name) for call in one.uses.applied for name in call.passed)
            and not any(call.callee.rpartition(".")[2].startswith("partial") for call in one.uses.applied)
            for one in makers
        )

    def is_made_otherwise(self, module: str, statement: Statement, depth: int = 8) -> bool:
        """Whether a new instance of a class holds something else: what its ``__init__`` does, or its fields, differ."""
        if self.keeps_old_results(module, statement):
            return True
        defaults = (call for child in statement.children if child.uses.annotates for call in child.uses.applied)
        nested = {child.name for child in statement.children if child.kind is StatementKind.CLASS}
        for one in (one for call in defaults for one in call.passed):
            name = f"{statement.name}.{one}" if one.partition(".")[0] in nested else one
            if self.acts_differently(module, name):
                return True
        if self._has_other_fields(module, statement) or initialises_differently(self, module, statement, depth):
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
        methods = {name.removeprefix(OWN) for uses in kept.values() for name in uses.deferred if is_own(name)}
        return self.methods_differ(family, {*kept, *methods})

    def gives_otherwise(self, module: str, name: str, depth: int) -> bool:
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
        changed = self.values | self.behaviours
        return any(m == module and n.startswith(prefix) and n[len(prefix) :] in fields for m, n in changed)

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


def _called_at_once(uses: Uses) -> Iterator[str]:
    """What is called though it was handed to what only keeps it: ``partial(f, 1)()``."""
    if any(not call.callee and not call.decorates for call in uses.applied):
        for call in uses.applied:
            if not call.stored and not call.decorates and call.callee.rpartition(".")[2] in KEEPERS:
                yield from call.passed
