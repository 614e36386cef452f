"""The plugin's live state as a tree, read by path, a level or two at a time.

Runs on the plugin's loop, between two of its callbacks, so that what it reads is of one moment; and runs none of the
plugin's code (``static_read``). A path is a list of steps: a root, then ``["field", name]``, ``["item", index]`` or
``["key", shown, ordinal]`` (of several keys that are shown alike, which one).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mpdt.language import _
from mpdt.worker import static_read as read
from mpdt.worker.errors import WorkerError
from mpdt.worker.secrecy import MASK, is_secret

DEEPEST = 4  # levels below the one that is asked for
WIDEST = 200  # children at a time
LONGEST = 4000  # characters of one text
MOST = 2000  # nodes of one answer
SHORTEST = 6  # characters of a secret that is looked for elsewhere: a shorter one is part of any text
FARTHEST = 100_000  # entries of a dict that are looked through for a key
KEY = 200  # characters of a key; the same in every answer, for a path names keys as they are shown

Step = list[Any]


@dataclass(slots=True)
class Budget:
    """What one answer may still hold."""

    width: int
    text: int
    nodes: int = MOST
    offset: int = 0  # of the children of the node that is asked for
    secrets: frozenset[str] = frozenset()  # texts that are hidden wherever they stand


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    step: Step
    value: Any
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Children:
    """Some of a value's children, and how many there are in all."""

    shown: tuple[Child, ...] = ()
    count: int = field(default=0)


def secret_name(name: object) -> bool:
    return type(name) is str and is_secret(name)


def children_of(value: Any, start: int, width: int) -> Children:
    """The entries of a container, then the object's own attributes; ``width`` of them from ``start`` on."""
    entries = entry_count(value)
    shown = [*entries_of(value, start, min(width, max(0, entries - start)))]
    named = named_children(value)
    first = max(0, start - entries)
    shown += named[first : first + width - len(shown)]
    return Children(tuple(shown), entries + len(named))


def entry_count(value: Any) -> int:
    kind = read.base_of(value, read.MAPPINGS + read.SEQUENCES + read.SETS)
    return (read.length(value) or 0) if kind is not None else 0


def entries_of(value: Any, start: int, width: int) -> Iterator[Child]:
    if width <= 0:
        return
    if read.base_of(value, read.MAPPINGS):
        seen: dict[str, int] = {}
        for position, (key, item) in enumerate(read.pairs(value, 0, start + width)):
            shown = read.text_of(key, KEY) or read.type_name(key)
            ordinal = seen[shown] = seen.get(shown, -1) + 1
            if position >= start:
                yield Child(shown, ["key", shown, ordinal], item, secret_name(key))
        return
    for position, item in enumerate(read.items(value, start, start + width), start):
        yield Child(str(position), ["item", position], item)


def named_children(value: Any) -> list[Child]:
    if read.is_enum_member(value):
        return []
    if read.is_class(value):
        pairs = read.class_fields(value)
    elif read.is_module(value):
        pairs = read.module_fields(value)
    elif read.has_fields(value):
        pairs = read.fields(value)
    else:
        return []
    return [Child(name, ["field", name], item, is_secret(name)) for name, item in pairs]


def node_of(child: Child, depth: int, budget: Budget, above: tuple[int, ...] = ()) -> dict[str, Any]:
    """The value as JSON, with ``depth`` levels of children."""
    value, secret = child.value, child.secret
    budget.nodes -= 1
    text = read.text_of(value, budget.text)
    hidden = (secret and read.hides(value)) or holds_one_of(value, budget.secrets)
    offset, budget.offset = budget.offset, 0
    node: dict[str, Any] = {
        "name": child.name,
        "step": child.step,
        "type": read.type_name(value),
        "text": MASK if hidden else text,
        "length": None if hidden else read.length(value),
        "masked": hidden,
    }
    if hidden:
        return {**node, "count": 0, "offset": 0, "children": []}
    again = id(value) in above
    shown = children_of(value, offset, budget.width if depth > 0 and not again else 0)
    children = []
    for one in shown.shown:
        if budget.nodes <= 0:
            break
        below = Child(one.name, one.step, one.value, secret or one.secret)
        children.append(node_of(below, depth - 1, budget, (*above, id(value))))
    return {**node, "cycle": again, "count": shown.count, "offset": offset, "children": children}


def holds_one_of(value: Any, secrets: frozenset[str]) -> bool:
    """Is it a text with a secret in what would be shown of it?"""
    if not secrets or read.base_of(value, (str,)) is None:
        return False
    head = str.__getitem__(value, slice(0, read.CUT))
    return any(secret in head for secret in secrets)


def secrets_in(config: Any) -> frozenset[str]:
    """The texts that a config holds under the names of secrets: they are hidden also where they were copied to."""
    found: set[str] = set()
    waiting, looked = [Child("config", ["config"], config)], 0
    while waiting and looked < MOST:
        child, looked = waiting.pop(), looked + 1
        if read.base_of(child.value, (str,)) is not None:
            text = str.__getitem__(child.value, slice(0, read.CUT))
            if child.secret and len(text) >= SHORTEST:
                found.add(text)
            continue
        for one in children_of(child.value, 0, WIDEST).shown:
            waiting.append(Child(one.name, one.step, one.value, child.secret or one.secret))
    return frozenset(found)


def child_at(value: Any, step: Sequence[Any]) -> Child | None:
    """The child that the step names; None if it is gone."""
    match step:
        case ["field", str() as name]:
            return next((one for one in named_children(value) if one.name == name), None)
        case ["item", int() as position] if position >= 0 and read.base_of(value, read.SEQUENCES + read.SETS):
            return next(entries_of(value, position, 1), None)
        case ["key", str() as shown, int() as ordinal] if read.base_of(value, read.MAPPINGS):
            wanted = ["key", shown, ordinal]
            return next((one for one in entries_of(value, 0, FARTHEST) if one.step == wanted), None)
    raise WorkerError(_("{step} is no step into a value.", step=step))


def tree(
    roots: Mapping[str, Any], parameters: Mapping[str, Any], secrets: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The node at ``path``; without a path, ``roots``. Raises WorkerError if there is none."""
    depth = bounded(parameters.get("depth"), 1, DEEPEST)
    width, text = bounded(parameters.get("width"), 50, WIDEST), bounded(parameters.get("text"), 200, LONGEST)
    budget = Budget(width, text, secrets=secrets)
    path = parameters.get("path") or []
    if not isinstance(path, list) or len(path) > 100 or not all(isinstance(step, list) for step in path[1:]):
        raise WorkerError(_("A path is a list: the name of a root, then steps, each of them a list."))
    if not path:
        # Roots are listed one level less deep: their own fields are asked for when they are opened.
        return {"path": [], "nodes": [node_of(Child(name, [name], one), 0, budget) for name, one in roots.items()]}
    name = path[0]
    if not isinstance(name, str) or name not in roots:
        raise WorkerError(_("There is no root {name} in the plugin's state any more.", name=name))
    found = Child(name, [name], roots[name])
    for step in path[1:]:
        inner = child_at(found.value, step)
        if inner is None:
            raise WorkerError(_("{name} is gone from the plugin's state.", name=step[1] if len(step) > 1 else step))
        found = Child(inner.name, inner.step, inner.value, found.secret or inner.secret)
    budget.offset = bounded(parameters.get("offset"), 0, 10**9, least=0)
    return {"path": path, "node": node_of(found, depth, budget)}


def bounded(given: object, default: int, most: int, least: int = 1) -> int:
    return min(max(given, least), most) if isinstance(given, int) and not isinstance(given, bool) else default
