"""What a line typed into ``mpdt dev`` means, and what it could go on with. Pure.

A line is a message, said by whoever speaks at the moment. One that begins with a colon is for mpdt; the commands of
plugins begin with a slash, and are messages like all others.
"""

from __future__ import annotations

import difflib
import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mpdt.language import _

MARK = ":"
KINDS = ("tool", "action", "agent", "service", "schedule", "route", "chatter", "prompt", "adapter")
ROLES = ("user", "operator", "owner")
DEFAULT_USER = "developer"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says the next message, and what goes with it."""

    user: str | None = None
    group: str | None = None
    role: str | None = None
    images: tuple[str, ...] = ()  # paths
    mentions: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """``alice@group (owner) +1 image``, for the prompt."""
        sign = self.user or DEFAULT_USER
        sign += f"@{self.group}" if self.group else ""
        sign += f" ({self.role})" if self.role else ""
        extras = len(self.images) + len(self.mentions)
        return f"{sign} +{extras}" if extras else sign


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    kind: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Speak:
    """From now on, or for the next message, it is this one who speaks."""

    speaker: Speaker


@dataclass(frozen=True, slots=True)
class Do:
    """One of ``again``, ``reload``, ``state``, ``save``, ``test``, ``help`` and ``quit``."""

    verb: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    sentence: str


Action = Say | Call | Speak | Do | Mistake | None


def verbs() -> dict[str, tuple[str, str]]:
    """Each with its argument and what it does, for ``:help``."""
    return {
        "user": ("[NAME]", _("who speaks from now on; without a name, the developer")),
        "group": ("NAME", _("messages are said in this group from now on")),
        "private": ("", _("messages are private again")),
        "role": ("[NAME]", _("the speaker's role: user, operator or owner")),
        "image": ("FILE", _("the next message brings this image")),
        "mention": ("USER", _("the next message mentions this user")),
        "call": ("KIND NAME [JSON]", _("call a tool, action, service ... with these arguments")),
        "fire": ("EVENT [JSON]", _("publish an event")),
        "again": ("", _("the last message or call once more")),
        "reload": ("", _("load the plugin anew")),
        "state": ("", _("what is loaded, registered and running")),
        "save": ("NAME [COUNT]", _("save the last exchanges in a scenario")),
        "test": ("[TEXT]", _("play the scenarios, or those with this text in their name")),
        "help": ("", _("this list")),
        "quit": ("", _("end mpdt dev, as Ctrl+D does")),
    }


def parse(line: str, speaker: Speaker) -> Action:
    """What the line means; None if it is empty. A message that begins with a colon is written with two."""
    text = line.strip()
    if not text:
        return None
    if text.startswith(MARK * 2):
        return Say(text[1:])
    if not text.startswith(MARK):
        return Say(text)
    verb, _space, rest = text[1:].strip().partition(" ")
    rest = rest.strip()
    match verb:
        case "user":
            return Speak(replace(speaker, user=rest or None))
        case "group":
            return Speak(replace(speaker, group=rest)) if rest else missing(verb)
        case "private":
            return Speak(replace(speaker, group=None))
        case "role":
            return Speak(replace(speaker, role=rest or None))
        case "image":
            return Speak(replace(speaker, images=(*speaker.images, unquoted(rest)))) if rest else missing(verb)
        case "mention":
            return Speak(replace(speaker, mentions=(*speaker.mentions, rest))) if rest else missing(verb)
        case "call":
            return parse_call(rest)
        case "fire":
            name, _space, written = rest.partition(" ")
            return called("event", name, written) if name else missing(verb)
        case "save":
            return Do(verb, rest) if rest else missing(verb)
        case "again" | "reload" | "state" | "test" | "help" | "quit":
            return Do(verb, rest)
    close = difflib.get_close_matches(verb, verbs(), n=1)
    if close:
        return Mistake(_("There is no :{verb}; did you mean :{close}?", verb=verb, close=close[0]))
    return Mistake(_("There is no :{verb}; :help lists what there is.", verb=verb))


def missing(verb: str) -> Mistake:
    return Mistake(_("It is written :{verb} {argument}.", verb=verb, argument=verbs()[verb][0]))


def unquoted(path: str) -> str:
    """A path as a terminal writes it when a file is dropped on it: perhaps in quotes."""
    quoted = len(path) > 1 and path[0] == path[-1] and path[0] in "'\""
    return shlex.split(path)[0] if quoted else path


def parse_call(rest: str) -> Call | Mistake:
    kind, _space, rest = rest.partition(" ")
    name, _space, written = rest.strip().partition(" ")
    if kind not in KINDS or not name:
        kinds = ", ".join(KINDS)
        return Mistake(_("It is written :call KIND NAME [JSON]; kinds are {kinds}.", kinds=kinds))
    return called(kind, name, written)


def called(kind: str, name: str, written: str) -> Call | Mistake:
    try:
        arguments = json.loads(written.strip() or "{}")
    except ValueError as error:
        return Mistake(_("The arguments are not JSON: {error}.", error=error))
    if not isinstance(arguments, dict):
        return Mistake(_("The arguments are a JSON object, with a name for each."))
    return Call(kind, name, arguments)


def saved(argument: str) -> tuple[str, int]:
    """Name and number of exchanges of ``:save``."""
    name, _space, count = argument.rpartition(" ")
    return (name, int(count)) if name and count.isdecimal() and int(count) > 0 else (argument, 1)


Names = Mapping[str, tuple[str, ...]]
"""By kind, the names that can be called; ``command`` with its slash, ``event`` what the plugin listens to."""


def names_of(components: list[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Out of the worker's state."""
    found: dict[str, list[str]] = {}
    for component in components:
        kind, name, schema = component["kind"], component["name"], component.get("schema") or {}
        if "command" in kind:
            names = [f"{schema.get('prefix', '/')}{name}"]
            names += [f"/{name} {' '.join(route['path'])}" for route in schema.get("routes") or () if route.get("path")]
            kind = "command"
        elif kind == "service":
            names = [f"{name}.{method}" for method in schema.get("methods") or ()]
        elif kind == "event_handler":
            kind, names = "event", [str(event) for event in schema.get("events") or ()]
        else:
            kind, names = {"router": "route"}.get(kind, kind), [name]
        found.setdefault(kind, []).extend(names)
    return {kind: tuple(dict.fromkeys(names)) for kind, names in found.items()}


def completions(text: str, names: Names) -> Iterator[tuple[str, int]]:
    """What could stand there, and how many characters before the cursor it takes the place of."""
    if text.startswith("/"):
        options: tuple[str, ...] = names.get("command", ())
        word = text
    elif not text.startswith(MARK) or text.startswith(MARK * 2):
        return
    elif " " not in text:
        options, word = tuple(f"{MARK}{verb}" for verb in verbs()), text
    else:
        *before, word = text.split(" ")
        options = arguments(before, names)
    yield from ((option, len(word)) for option in options if option.startswith(word) and option != word)


def arguments(before: list[str], names: Names) -> tuple[str, ...]:
    match before:
        case [":call"]:
            return KINDS
        case [":call", kind]:
            return names.get(kind, ())
        case [":fire"]:
            return names.get("event", ())
        case [":role"]:
            return ROLES
    return ()
