"""What the prompt of ``mpdt dev`` shows of its own: replies, results, the state. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from mpdt.language import _
from mpdt.render.replies import reply_line


def exchange_lines(answer: Mapping[str, Any]) -> Iterator[Text]:
    """Replies with an arrow, then a call's result or error."""
    for reply in answer["replies"]:
        first, *more = reply_line(reply).splitlines() or [""]
        yield Text.assemble(("< ", "bold cyan"), first)
        yield from (Text(f"  {line}") for line in more)
    error = answer.get("error")
    if error:
        text = str(error.get("traceback") or f"{error['type']}: {error['message']}").rstrip()
        yield from (Text(f"  {line}", "red") for line in text.splitlines())
    elif "result" in answer:
        shown = json.dumps(answer["result"], ensure_ascii=False, indent=2)
        yield from (Text(f"= {line}" if number == 0 else f"  {line}") for number, line in enumerate(shown.splitlines()))
    if answer.get("timed_out"):
        yield Text("  " + _("the plugin is still at it; these are its replies so far"), "yellow")
    elif not answer["replies"] and "result" not in answer:
        yield Text("  " + _("no reply"), "dim")


def state_lines(state: Mapping[str, Any]) -> Iterator[Text]:
    """The plugin, its components by kind, and what runs."""
    loaded = _("loaded") if state.get("loaded") else _("not loaded")
    yield Text.assemble((str(state.get("plugin")), "bold"), f"  {loaded}")
    kinds: dict[str, list[str]] = {}
    for component in state.get("components") or ():
        kinds.setdefault(component["kind"], []).append(component["name"])
    for kind, names in kinds.items():
        yield Text.assemble((f"  {kind:14}", "dim"), ", ".join(names))
    for task in state.get("tasks") or ():
        yield Text.assemble(("  " + f"{_('task'):14}", "dim"), f"{task['name']}  {task['where']}")
    if state.get("config_path"):
        yield Text.assemble(("  " + f"{_('config'):14}", "dim"), str(state["config_path"]))
