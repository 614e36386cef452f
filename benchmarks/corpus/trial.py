"""One plugin's trial: it is imported, loaded, listed, driven, patched and reloaded; each failure has a sentence."""

from __future__ import annotations

import ast
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.corpus.arguments import command_lines, made_up
from benchmarks.corpus.real import refusal
from benchmarks.corpus.worker import DEADLINE, Died, Refused, Worker
from mpdt.protocol import Operation

STEPS = ("imports", "loads", "lists", "answers", "driven", "patched", "reloaded")
ROLE = "owner"
# What a plugin meets where the simulated core lacks something: not a fault of its own.
LACKS = re.compile(
    r"is not simulated|API has no|has no attribute '(?!_mpdt)|unexpected keyword argument|positional argument"
    r"|cannot import name|No module named 'src|object is not (callable|subscriptable|iterable)|can't be used in 'await'"
)
LEFT_OUT = (".git", ".mpdt", "__pycache__")
NEIGHBOUR = re.compile(r"^\s*(?:from|import) plugins\.(\w+)", re.MULTILINE)
KINDS = {"tool": "tool", "action": "action", "agent": "agent", "chatter": "chatter", "prompt": "prompt"}


@dataclass
class Trial:
    """``steps``: True, False, or None where it does not apply."""

    name: str
    flavour: str
    steps: dict[str, bool | None] = field(default_factory=lambda: dict.fromkeys(STEPS))
    components: int = 0
    driven: int = 0
    failures: list[str] = field(default_factory=list)
    refused: str | None = None  # why the real core does not import it either

    def fail(self, step: str, sentence: str) -> None:
        self.steps[step] = False
        self.failures.append(f"{step}: {' '.join(sentence.split())[:300]}")


def components_of(worker: Worker) -> list[dict[str, Any]]:
    """What is registered. A plugin that blocks its loop for a while is asked again. Raises Died."""
    deadline = time.monotonic() + DEADLINE
    while (state := worker.ask(Operation.STATE)).get("loop") == "blocked":
        if time.monotonic() > deadline:
            raise Died(f"The plugin blocks its loop at {state.get('blocked_at')}.")
    return list(state["components"])


def flavour_of(folder: Path) -> str:
    return "neo" if (folder / "manifest.json").exists() else "classic"


def neighbours(source: Path) -> list[Path]:
    """The plugins that it imports from the bot's ``plugins`` folder, if they lie beside it."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in source.rglob("*.py")]
    names = {name for text in texts for name in NEIGHBOUR.findall(text)} - {source.name}
    return [source.parent / name for name in sorted(names) if (source.parent / name / "plugin.py").exists()]


def try_plugin(source: Path, python: str, core: Path | None = None) -> Trial:
    """``core``: a checkout of the real core, which is asked what it says to a plugin that does not import here."""
    trial = Trial(source.name, flavour_of(source))
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / source.name
        for one in (source, *neighbours(source)):
            shutil.copytree(one, folder.parent / one.name, ignore=shutil.ignore_patterns(*LEFT_OUT))
        worker = Worker(python, folder)
        try:
            run(trial, worker, folder)
        except Died as error:
            trial.fail(next((step for step in STEPS if trial.steps[step] is None), "driven"), str(error))
        finally:
            worker.close()
        if core is not None and trial.steps["imports"] is False:
            trial.refused = refusal(core, folder, python)
    return trial


def run(trial: Trial, worker: Worker, folder: Path) -> None:
    try:
        load = worker.ask(Operation.LOAD, path=str(folder))
    except Refused as error:
        trial.fail("imports", str(error))
        return
    if load["error"]:
        error = load["error"]
        step = "imports" if is_import(error) else "loads"
        trial.steps["imports"] = step != "imports"
        trial.fail(step, f"{error['type']}: {error['message']} ({place(error, folder)})")
        return
    trial.steps["imports"] = trial.steps["loads"] = True
    listed(trial, worker)
    drive(trial, worker)
    patched(trial, worker, folder)
    reloaded(trial, worker)
    for line in worker.logs:
        if "is not simulated" in line["message"]:
            trial.fail("driven", line["message"])


def is_import(error: dict[str, Any]) -> bool:
    return error["type"] == "SyntaxError" or "in <module>" in error["traceback"] or "ImportError" in error["type"]


def place(error: dict[str, Any], folder: Path) -> str:
    file = error["file"] or "?"
    return f"{file.removeprefix(str(folder) + '/')}:{error['line']}"


def listed(trial: Trial, worker: Worker) -> None:
    components = components_of(worker)
    trial.components = len(components)
    trial.steps["lists"] = True
    for one in components:
        if "cannot be described" in one["description"]:
            trial.fail("lists", f"{one['kind']} {one['name']} {one['description']}")


def stimuli(component: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """How each kind is driven; a command by messages."""
    name, schema = component["name"], component["schema"]
    match component["kind"]:
        case "command" | "plus_command":
            for line in command_lines(component):
                yield {"message": line}
        case "tool" | "action" | "agent" | "chatter" | "prompt" as kind:
            yield {"kind": kind, "name": name, "arguments": made_up(schema)}
        case "event_handler":
            for event in schema["events"]:
                yield {"kind": "event", "name": event}
        case "service":
            for method, parameters in ((schema or {}).get("methods") or {}).items():
                if not parameters["function"]["parameters"]["required"]:
                    yield {"kind": "service", "name": f"{name}.{method}"}
                    return
        case "router":
            for route in ((schema or {}).get("routes") or [])[:3]:
                yield {"kind": "route", "name": name, "arguments": {"method": route["method"], "path": route["path"]}}


def drive(trial: Trial, worker: Worker) -> None:
    commands = False
    for component in components_of(worker):
        label = f"{component['kind']} {component['name']}"
        step = "answers" if "command" in component["kind"] else "driven"
        asked = 0
        for stimulus in stimuli(component):
            asked += 1
            for sentence in problems_of(worker, stimulus):
                trial.fail(step, f"{label}: {sentence}")
        trial.driven += bool(asked) or component["kind"] in ("config", "service", "adapter")
        commands |= step == "answers"
    if commands and trial.steps["answers"] is None:
        trial.steps["answers"] = True
    if trial.steps["driven"] is None:
        trial.steps["driven"] = trial.driven == trial.components
        if not trial.steps["driven"]:
            trial.failures.append(f"driven: {trial.components - trial.driven} components had no stimulus")


def problems_of(worker: Worker, stimulus: dict[str, Any]) -> Iterator[str]:
    """What the simulated core lacked. What the plugin itself raises for want of a key or a network is its own."""
    before = len(worker.logs)
    try:
        if "message" in stimulus:
            worker.ask(Operation.MESSAGE, text=stimulus["message"], role=ROLE)
        else:
            error = worker.ask(Operation.CALL, **stimulus)["error"]
            if error and LACKS.search(error["message"]):
                yield f"{error['type']}: {error['message']}"
    except Refused as error:
        yield str(error)
    for line in worker.logs[before:]:
        if line["level"] in ("ERROR", "CRITICAL", "WARNING") and LACKS.search(line["message"]):
            yield line["message"]


def edited(source: str) -> str:
    """The source with one more statement at the start of its last function."""
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lines = source.splitlines(keepends=True)
    if not functions:
        return source + "\n_mpdt_probe = 1\n"
    last = max(functions, key=lambda node: node.lineno).body[-1]
    indent = " " * last.col_offset
    lines.insert(last.lineno - 1, f"{indent}_mpdt_probe = 1\n")
    return "".join(lines)


def patched(trial: Trial, worker: Worker, folder: Path) -> None:
    path = folder / "plugin.py"
    path.write_text(edited(path.read_text(encoding="utf-8-sig")), encoding="utf-8")
    try:
        report = worker.ask(Operation.REFRESH, files=[str(path)])
    except Refused as error:
        trial.fail("patched", str(error))
        return
    trial.steps["patched"] = report["outcome"] == "patched"
    if not trial.steps["patched"]:
        reasons = [edit["reason"] for edit in report.get("rude_edits") or ()]
        trial.failures.append(f"patched: {report['outcome']}: {report.get('error') or reasons}"[:300])


def reloaded(trial: Trial, worker: Worker) -> None:
    try:
        report = worker.ask(Operation.RELOAD)
    except Refused as error:
        trial.fail("reloaded", str(error))
        return
    trial.steps["reloaded"] = report["outcome"] == "reloaded"
    if not trial.steps["reloaded"]:
        trial.failures.append(f"reloaded: {report['outcome']}: {(report['error'] or {}).get('message')}"[:300])
