"""Events -> what a person reads in the terminal: rich renderables. Nothing is printed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text

from mpdt.language import _, later, translated
from mpdt.render.exchange import exchange_lines, state_lines
from mpdt.render.performance import phases
from mpdt.render.scenarios import event_lines
from mpdt.render.source import excerpt, read_lines

OUTCOME_STYLES = {
    "patched": "bold green",
    "reloaded": "bold cyan",
    "rejected": "bold red",
    "restarted": "bold yellow",
    "failed": "bold red",
    "unchanged": "dim",
}
OUTCOME_WORDS = {
    "patched": later("patched"),
    "reloaded": later("reloaded"),
    "rejected": later("rejected"),
    "restarted": later("restarted"),
    "failed": later("failed"),
    "unchanged": later("unchanged"),
}
OUTCOME_NOTES = {
    "rejected": later("the previous version serves on"),
    "failed": later("no version is serving"),
    "unchanged": later("what runs is what is on disk"),
}
CHANGE_WORDS = {
    "added": later("added"),
    "changed": later("changed"),
    "removed": later("removed"),
    "moved": later("moved"),
    "re-run": later("re-run"),
}
LEAK_WORDS = {
    "task": later("task"),
    "timer": later("timer"),
    "thread": later("thread"),
    "executor": later("executor"),
    "server": later("server"),
    "session": later("session"),
    "socket": later("socket"),
    "file": later("file"),
    "subprocess": later("subprocess"),
    "event handler": later("event handler"),
    "sys.path entry": later("sys.path entry"),
    "sys.meta_path entry": later("sys.meta_path entry"),
    "exit handler": later("exit handler"),
    "signal handler": later("signal handler"),
    "reader": later("reader"),
    "log handler": later("log handler"),
    "database": later("database"),
    "hook": later("hook"),
    "frame": later("frame"),
    "generator": later("generator"),
    "cancelled": later("cancelled"),
    "closed": later("closed"),
    "survived": later("survived"),
}
LEVEL_STYLES = {"DEBUG": "dim", "INFO": "", "WARNING": "yellow", "ERROR": "red", "CRITICAL": "bold red"}
SHOWN_NAMES = 6  # files or definitions in one line; more are counted


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is shown: full tracebacks; ``verbose`` debug log lines, timings and moved definitions."""

    tracebacks: bool = False
    verbose: bool = False


def render(
    event: Mapping[str, Any], detail: Detail = Detail(), read: Callable[[Path], list[str]] = read_lines
) -> list[Text]:
    """The lines of one event; none if it is not worth a line."""
    match event["event"]:
        case "ready":
            return list(ready_lines(event, detail, read))
        case "reload":
            return list(reload_lines(event, detail, read))
        case "log":
            return list(log_lines(event, detail))
        case "exchange":
            return list(exchange_lines(event["answer"]))
        case "state":
            return list(state_lines(event["state"]))
        case "note":
            return [Text(line, "dim") for line in event["text"].splitlines()]
        case "scenarios":
            return list(event_lines(event))
        case "replay":
            return list(replay_lines(event))
        case "stopped":
            return [Text(_("stopped"), "dim")]
        case _:
            return []


def ready_lines(event: Mapping[str, Any], detail: Detail, read: Callable[[Path], list[str]]) -> Iterator[Text]:
    name = event["plugin"] or _("the plugin")
    mode = _("patching live") if event["mode"] == "patch-live" else _("reloading as a whole")
    line = Text.assemble(
        (name, "bold"),
        _(" on the {core} core, Python {python}, {mode}", core=event["core"], python=event["python"], mode=mode),
    )
    line.append(f"  {event['ms']:.0f} ms", "dim")
    yield line
    if event.get("interpreter"):
        yield Text("  " + _("interpreter {path}", path=event["interpreter"]), "dim")
    if event["url"]:
        yield Text.assemble("  ", (event["url"], "underline"))
    if not event["loaded"]:
        yield Text.assemble((_("failed "), "bold red"), _("the plugin did not load; the next save tries again"))
        yield from error_lines(event["error"], detail, read)


def replay_lines(event: Mapping[str, Any]) -> Iterator[Text]:
    """The last message again: what is answered otherwise now."""
    if not event["difference"]:
        yield Text("  " + _("again: {text}  the same replies", text=event["text"]), "dim")
        return
    yield Text("  " + _("again: {text}", text=event["text"]))
    for line in event["difference"]:
        yield Text(f"    {line}", "green" if line.startswith("+") else "red")


def reload_lines(event: Mapping[str, Any], detail: Detail, read: Callable[[Path], list[str]]) -> Iterator[Text]:
    outcome = event["outcome"]
    line = Text(translated(OUTCOME_WORDS.get(outcome, outcome)), OUTCOME_STYLES.get(outcome, ""))
    if event["files"]:
        line.append(" " + enumerate_names(event["files"]))
    if note := OUTCOME_NOTES.get(outcome):
        line.append(_("; {note}", note=translated(note)))
    line.append(f"  {event['ms']['total']:.0f} ms", "dim")
    yield line
    if detail.verbose and (timings := phases(event.get("timings") or {})):
        yield Text(f"  {timings}", "dim")
    if event.get("reason"):
        yield Text("  " + _("because: {reason}", reason=event["reason"]))
    for edit in event["rude_edits"]:
        yield rude_line(edit)
    if outcome == "patched" and (names := changed_names(event["changes"], detail)):
        yield Text(f"  {names}", "dim")
    for running in event["still_running"]:
        what = translated(LEAK_WORDS.get(running["what"], running["what"]))
        place = where(running["ref"])
        yield Text(
            "  "
            + _("still running the old code: {where} ({what} {name})", where=place, what=what, name=running["name"])
        )
    for leak in event["leaks"]:
        kind, action = (translated(LEAK_WORDS.get(leak[one], leak[one])) for one in ("kind", "action"))
        yield Text(
            "  " + _("leak: {kind} of {where}, {action}", kind=kind, where=leak["where"], action=action), "yellow"
        )
    yield from error_lines(event["error"], detail, read)
    for statement in event.get("ran_before_failure", ()):
        yield Text("  " + _("had run before the error: {statement}", statement=statement), "yellow")


def rude_line(edit: Mapping[str, Any]) -> Text:
    """One rude edit in words: code, place, reason, and what the reload costs."""
    place = f"{Path(edit['file']).name}:{edit['line']}"
    line = Text.assemble("  ", (edit["code"], "yellow"), f" {place} {edit['reason']}")
    if edit.get("cost"):
        line.append(f" ({edit['cost']})", "dim")
    return line


def changed_names(changes: Sequence[Mapping[str, Any]], detail: Detail) -> str:
    """What a patch changed. Definitions that only moved are left out unless asked for."""
    shown = [change for change in changes if detail.verbose or change["kind"] != "moved"]
    return enumerate_names(
        [
            f"{change['qualname'] or change['module']} {translated(CHANGE_WORDS.get(change['kind'], change['kind']))}"
            for change in shown
        ]
    )


def enumerate_names(names: Sequence[str]) -> str:
    """``a, b, c`` or ``a, b, c and 12 more``."""
    shown = ", ".join(names[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return _("{names} and {count} more", names=shown, count=more) if more > 0 else shown


def where(ref: Mapping[str, str]) -> str:
    return f"{ref['module']}:{ref['qualname']}" if ref["qualname"] else ref["module"]


def error_lines(error: Mapping[str, Any] | None, detail: Detail, read: Callable[[Path], list[str]]) -> Iterator[Text]:
    """An error with the source around its place; the traceback too when debugging or when there is no place."""
    if error is None:
        return
    place = f"{error['file']}:{error['line']} " if error["file"] else ""
    yield Text.assemble("  ", place, (error["type"], "red"), f": {error['message']}")
    shown = excerpt(Path(error["file"]), error["line"], read) if error["file"] and error["line"] else []
    for number, source in shown:
        here = number == error["line"]
        yield Text(f"  {'>' if here else ' '} {number:4} | {source}", "bold" if here else "dim")
    if error["traceback"] and (detail.tracebacks or not error["file"]):
        yield from (Text(f"  {line}", "dim") for line in error["traceback"].splitlines())


def log_lines(event: Mapping[str, Any], detail: Detail) -> Iterator[Text]:
    """A log line of the plugin or the worker; debug lines only when asked for."""
    level = event["level"]
    if level == "DEBUG" and not detail.verbose:
        return
    style = LEVEL_STYLES.get(level, "")
    for number, part in enumerate(str(event["message"]).splitlines() or [""]):
        head = f"{level.lower():8}{event['logger']}: " if number == 0 else " " * 8
        # Loggers colour their lines; on a terminal the colours stay colours, elsewhere rich drops them.
        yield Text.assemble((head, style or "dim"), Text.from_ansi(part))
