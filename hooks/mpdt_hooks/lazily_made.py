"""Functions that make an object when they are first asked for it, keep it, and give it: ``get_manager()``. Pure.

Such a function does nothing with what it gives. As long as the object would be made as it was, a call of it gives what
it gave, whatever else of the object's class has changed (``asked_again.py``).
"""

from __future__ import annotations

import ast

from mpdt_hooks.names import OWN, STORED, dotted

ITS_CLASS = OWN  # what a class method makes an instance of: ``cls()``
TABLE = f"[]{STORED}"  # ends the name of what it takes items of
TRUTH = f"?{STORED}"  # it asks whether something that it keeps is true


def lazily_made(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    """The classes of what a function makes, and, marked as stored, where it keeps that: in a name, or in a table.

    Nothing if it does more than that. Besides it may look whether the object is there (``is None``, ``key in TABLE``,
    ``hasattr``, whether it is true), hold a lock for as long, and say something.
    """
    arguments = node.args
    if isinstance(node, ast.AsyncFunctionDef) or arguments.vararg or arguments.kwarg:
        return ()
    parameters = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    is_of_class = any(dotted(one) == "classmethod" for one in node.decorator_list) and bool(parameters)
    body = _Body(node, parameters[0] if is_of_class else "", frozenset(parameters[is_of_class:]))
    if not all(body.is_known(one) for one in node.body) or not body.made or body.uses_what_it_makes():
        return ()
    return tuple(
        sorted({*body.made, *(f"{name}{STORED}" for name in body.kept), *(name + TABLE for name in body.tables)})
    )


class _Body:
    """What the statements of a function do, as far as it is among the few things that are known here."""

    def __init__(self, node: ast.FunctionDef, its_class: str, parameters: frozenset[str]) -> None:
        self.its_class = its_class
        self.parameters = parameters
        outer = {name for one in ast.walk(node) if isinstance(one, ast.Global) for name in one.names}
        stored = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        self.local = stored - outer
        self.made: set[str] = set()
        self.kept: set[str] = set()
        self.tables: set[str] = set()
        self.used: set[str] = set()  # what is called or entered, and from where else it has something

    def uses_what_it_makes(self) -> bool:
        its_own = {name.partition(".")[0] for name in (*self.made, *self.kept, *self.tables)} - {""}
        return bool(self.local & self.parameters) or any(name.partition(".")[0] in its_own for name in self.used)

    def is_known(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Pass() | ast.Global() | ast.Expr(ast.Constant()) | ast.Return(None):
                return True
            case ast.If(test, body, orelse):
                return self._looks(test) and all(self.is_known(one) for one in (*body, *orelse))
            case ast.With(items=[ast.withitem(context_expr=ast.Name() as lock, optional_vars=None)], body=body):
                return self._uses(lock) and all(self.is_known(one) for one in body)
            case ast.Return(ast.expr() as value):
                return self._gives(value)
            case ast.Assign([target], value) | ast.AnnAssign(target, value=ast.expr() as value):
                return self._is_place(target) and self._gives(value)
            case ast.Expr(ast.Call(func, arguments, [])):  # it says something
                return self._uses(func) and all(isinstance(one, ast.Constant) for one in arguments)
        return False

    def _looks(self, test: ast.expr) -> bool:
        match test:
            case ast.Compare(place, [ast.Is() | ast.IsNot()], [ast.Constant(None)]):
                return self._is_place(place)
            case ast.Compare(key, [ast.In() | ast.NotIn()], [ast.Name() as table]):
                return self._is_plain(key) and self._is_table(table)
            case ast.Call(ast.Name("hasattr"), [ast.Name(owner), ast.Constant()], []):
                return owner not in self.local | self.parameters
            case ast.UnaryOp(ast.Not(), ast.Call() as call):
                return self._looks(call)
        self.kept.add(TRUTH.removesuffix(STORED))
        return self._is_place(test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test)

    def _gives(self, value: ast.expr) -> bool:
        match value:
            case ast.Constant():
                return True
            case ast.Call(ast.Attribute(ast.Name() as table, "get"), [key], []) if self._is_plain(key):
                return self._is_table(table)
            case ast.Call(maker, arguments, keywords):
                handed = (*arguments, *(one.value for one in keywords))
                return self._makes(maker) and all(self._is_plain(one) for one in handed)
        return self._is_place(value)

    def _makes(self, maker: ast.expr) -> bool:
        name = dotted(maker)
        if name and name == self.its_class:
            self.made.add(ITS_CLASS)
        elif self._is_elsewhere(maker):
            self.made.add(name)
        else:
            return False
        return True

    def _is_place(self, node: ast.expr) -> bool:
        """Whether it is where something is kept: a name, an attribute of a class, an item of a table."""
        match node:
            case ast.Name(name):
                if name not in self.local | self.parameters:
                    self.kept.add(name)
                return name != self.its_class
            case ast.Attribute(ast.Name(owner), attribute):
                self.kept.add(f"{ITS_CLASS}{attribute}" if owner == self.its_class else f"{owner}.{attribute}")
                return owner not in self.local | self.parameters
            case ast.Subscript(ast.Name() as table, key):
                return self._is_plain(key) and self._is_table(table)
        return False

    def _is_table(self, table: ast.Name) -> bool:
        self.tables.add(table.id)
        return self._is_elsewhere(table)

    def _uses(self, node: ast.expr) -> bool:
        self.used.add(dotted(node))
        return self._is_elsewhere(node)

    def _is_plain(self, node: ast.expr) -> bool:
        is_handed = isinstance(node, ast.Name) and node.id in self.parameters
        return isinstance(node, ast.Constant) or is_handed or self._uses(node)

    def _is_elsewhere(self, node: ast.expr) -> bool:
        """Whether it names something that the function has not got from what it makes, or was handed."""
        head = dotted(node).partition(".")[0]
        return bool(head) and head not in self.local | self.parameters | {self.its_class}
