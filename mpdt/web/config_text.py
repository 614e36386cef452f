"""Values put into a TOML text by place: comments, order and spelling of everything else stay. Pure.

A place is the keys that lead to a value, with a number for one of a list: ``["rules", 1, "pattern"]``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mpdt.language import _

PARTS = 20
Place = Sequence[str | int]


class Impossible(ValueError):
    """The text has no room for this edit; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """``gone``: the value, table or entry of a list is taken out, and its default holds."""

    place: tuple[str | int, ...]
    value: Any = None
    gone: bool = False


def read_edits(given: object) -> tuple[Edit, ...]:
    """``[{"place", "value"} or {"place", "gone": true}]``. Raises Impossible with a sentence."""
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise Impossible(_('Edits are a list of {{"place", "value"}} or {{"place", "gone": true}}.'))
    return tuple(Edit(read_place(one.get("place")), one.get("value"), one.get("gone") is True) for one in given)


def read_place(given: object) -> tuple[str | int, ...]:
    if not isinstance(given, list) or not 0 < len(given) <= PARTS or not isinstance(given[0], str):
        raise Impossible(_("A place is a list of keys, the first of them a text."))
    if not all(type(part) in (str, int) for part in given) or any(isinstance(part, int) and part < 0 for part in given):
        raise Impossible(_("A place is a list of keys, and of numbers from 0 on for entries of lists."))
    return tuple(given)


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits made in order. Raises Impossible, also if it is not TOML.

    The result is read again: it says what was asked for, and of everything else what it said before.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        wanted = document.unwrap()
        for edit in edits:
            make(document, edit)
            make_plain(wanted, edit)
        result = tomlkit.dumps(document)
        if tomlkit.parse(result).unwrap() != wanted:
            raise Impossible(
                _("This cannot be written into the text without changing something else: edit it by hand.")
            )
    except (TOMLKitError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        if isinstance(error, Impossible):
            raise
        raise Impossible(_("This cannot be written into the text: {error}", error=error)) from None
    return result


def make_plain(data: Any, edit: Edit) -> None:
    """The same edit of plain data; what ``make`` has let pass is possible here."""
    *above, last = edit.place
    for part, below in zip(above, edit.place[1:], strict=True):
        if isinstance(part, int):
            if part == len(data):
                data.append({})
            data = data[part]
            continue
        if part not in data and edit.gone:
            return
        data = data.setdefault(part, [] if isinstance(below, int) else {})
    value = without_nulls(edit.value)
    if edit.gone:
        if isinstance(last, int) or last in data:
            del data[last]
    elif isinstance(last, int) and last == len(data):
        data.append(value)
    else:
        data[last] = value


def without_nulls(value: Any) -> Any:
    """TOML has no null: a field that is None is left out of a table."""
    if isinstance(value, Mapping):
        return {str(name): without_nulls(one) for name, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def make(document: Any, edit: Edit) -> None:
    *above, last = edit.place
    holder = document
    for number, part in enumerate(above):
        below = edit.place[number + 1]
        holder = inside(holder, part, below, adding=not edit.gone)
        if holder is None:
            return  # what is to go is not there
    if edit.gone:
        remove(holder, last)
    else:
        put(holder, last, edit.value)


def inside(holder: Any, part: str | int, below: str | int, *, adding: bool) -> Any:
    """What the part leads to; a table that is missing is made. None if nothing is to be added."""
    import tomlkit
    from tomlkit.items import AoT

    if isinstance(part, int):
        if not isinstance(holder, list) or part > len(holder) or (part == len(holder) and not adding):
            raise Impossible(_("There is no entry {number} in the list.", number=part))
        if part == len(holder):
            holder.append(tomlkit.table() if isinstance(holder, AoT) else tomlkit.inline_table())
        return holder[part]
    if not isinstance(holder, Mapping):
        raise Impossible(_("'{name}' lies in something that is no table.", name=part))
    if part not in holder:
        if not adding:
            return None
        holder[part] = tomlkit.aot() if isinstance(below, int) else tomlkit.table()  # type: ignore[index]
    return holder[part]


def remove(holder: Any, last: str | int) -> None:
    if isinstance(last, int):
        if not isinstance(holder, list) or last >= len(holder):
            raise Impossible(_("There is no entry {number} in the list.", number=last))
        del holder[last]
    elif isinstance(holder, Mapping) and last in holder:
        del holder[last]  # type: ignore[attr-defined]


def put(holder: Any, last: str | int, value: Any) -> None:
    if value is None:
        raise Impossible(_("TOML has no null: take the value out instead."))
    if isinstance(last, int):
        put_entry(holder, last, value)
    elif not isinstance(holder, Mapping):
        raise Impossible(_("'{name}' lies in something that is no table.", name=last))
    else:
        put_named(holder, last, value)


def put_entry(holder: Any, last: int, value: Any) -> None:
    from tomlkit.items import AoT

    if not isinstance(holder, list) or last > len(holder):
        raise Impossible(_("There is no entry {number} in the list.", number=last))
    item = table_of(value) if isinstance(holder, AoT) else inline(value)
    if last == len(holder):
        holder.append(item)
    else:
        holder[last] = item


def put_named(holder: Any, last: str, value: Any) -> None:
    """In the old value's place, with the comment on its line; a new one after the last, before trailing comments."""
    from tomlkit.items import InlineTable

    known = holder.get(last)
    item = inline(value) if isinstance(holder, InlineTable) or not isinstance(value, Mapping) else table_of(value)
    trivia = getattr(known, "trivia", None)
    if trivia is not None and trivia.comment and hasattr(item, "trivia"):
        item.trivia.comment, item.trivia.comment_ws = trivia.comment, trivia.comment_ws
    before = None if known is not None or isinstance(value, Mapping) else last_value(holder)
    if before is None:
        holder[last] = item
    else:
        # A comment below the last value belongs to what follows; tomlkit's own append would write behind it.
        holder.value._insert_after(before, last, item)
        dict.__setitem__(holder, last, item)


def last_value(holder: Any) -> Any:
    """The key of a table's last value, if comments follow it; None where a value is appended well."""
    from tomlkit.items import AoT, Comment, Table

    if type(holder) is not Table:
        return None
    body = [(key, item) for key, item in holder.value.body if not isinstance(item, Table | AoT)]
    keys = [number for number, (key, _) in enumerate(body) if key is not None]
    if not keys or not any(isinstance(item, Comment) for _, item in body[keys[-1] + 1 :]):
        return None
    return body[keys[-1]][0]


def inline(value: Any) -> Any:
    import tomlkit

    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for name, one in without_nulls(value).items():
            table.append(name, inline(one))
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(inline(one) for one in without_nulls(value))
        return array
    return tomlkit.item(value)


def table_of(values: Any) -> Any:
    """A table of its own; for an entry of a list of them, an empty line ends it."""
    import tomlkit

    if not isinstance(values, Mapping):
        raise Impossible(_("An entry of this list is a table."))
    table = tomlkit.table()
    plain = without_nulls(values)
    for name, value in sorted(plain.items(), key=lambda one: isinstance(one[1], Mapping)):
        table.add(name, table_of(value) if isinstance(value, Mapping) else inline(value))
    if not any(isinstance(value, Mapping) for value in plain.values()):
        table.add(tomlkit.nl())
    return table
