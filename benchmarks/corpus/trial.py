"""One plugin's trial: it is imported, loaded, listed, driven, patched and reloaded; each failure has a sentence."""

from __future__ import annotations

import ast
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.corpus.arguments import command_lines, fewest_arguments, made_up
from benchmarks.corpus.real import Bot, asked, copy_of, worker_in
from benchmarks.corpus.worker import DEADLINE, Died, Refused, Worker
from mpdt.protocol import Operation

STEPS = ("imports", "loads", "lists", "answers", "driven", "patched", "reloaded")
ROLE = "owner"
HOME = {"method": "GET", "path": "/"}  # of a router that has only sockets or files
# As OneBot sends a message, for an adapter that is handed one; another platform's refuses it.
EVENT = {
    "post_type": "message",
    "message_type": "private",
    "message_id": 1,
    "user_id": 2,
    "self_id": 3,
    "time": 4,
    "raw_message": "hello",
    "message": [{"type": "text", "data": {"text": "hello"}}],
    "sender": {"user_id": 2, "nickname": "somebody"},
}
# What a plugin meets where the simulated core lacks something: not a fault of its own.
LACKS = re.compile(
    r"is not simulated|API has no|has no attribute '(?!_mpdt)|unexpected keyword argument|positional argument"
    r"|cannot import name|No module named 'src|object is not (callable|subscriptable|iterable)|can't be used in 'await'"
)
NOT_SIMULATED = re.compile(r"\S+ is not simulated")
LEFT_OUT = (".git", ".mpdt", "__pycache__")
NEIGHBOUR = re.compile(r"^\s*(?:from|import) plugins\.(\w+)", re.MULTILINE)


@dataclass
class Failure:
    """``own``: what the real core says to the same, where it fails there too; then it is the plugin's own doing."""

    step: str
    sentence: str
    stimulus: dict[str, Any] | None = None
    own: str | None = None


@dataclass
class Trial:
    """``steps``: True, False, or None where it does not apply."""

    name: str
    flavour: str
    steps: dict[str, bool | None] = field(default_factory=lambda: dict.fromkeys(STEPS))
    components: int = 0
    driven: int = 0
    commands: int = 0
    replying: int = 0  # commands that sent something for at least one of their lines
    failures: list[Failure] = field(default_factory=list)

    def fail(self, step: str, sentence: str, stimulus: dict[str, Any] | None = None) -> None:
        self.steps[step] = False
        failure = Failure(step, short(sentence), stimulus)
        if failure not in self.failures:
            self.failures.append(failure)

    def verdict(self, step: str) -> str | None:
        """passed, own or ours; None where it does not apply. A step that was not reached is as what came before."""
        if self.steps[step]:
            return "passed"
        found = [one for one in self.failures if one.step == step]
        if found:
            return "own" if all(one.own for one in found) else "ours"
        if self.steps["loads"]:
            return None if self.steps[step] is None and step == "answers" else "ours"
        return "own" if all(one.own for one in self.failures) else "ours"


def short(sentence: str) -> str:
    """On one line, without its traceback."""
    return " ".join(sentence.partition("Traceback (most recent call last)")[0].split())[:300]


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


def try_plugin(source: Path, python: str, bot: Bot | None = None) -> Trial:
    """``bot``: a real core of its flavour, which is asked what it says to what fails here."""
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
        if bot is not None and trial.failures:
            judge(trial, bot, folder)
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
    known = " ".join(failure.sentence for failure in trial.failures)
    for line in worker.logs:
        lacked = NOT_SIMULATED.search(line["message"])
        if lacked and lacked[0] not in known:
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
    """How each kind is driven; a command by messages. What begins with an operation is asked of the worker."""
    name, schema = component["name"], component["schema"]
    match component["kind"]:
        case "command" | "plus_command":
            for line in command_lines(component):
                yield {"message": line}
        case "adapter":
            yield {"kind": "adapter", "name": name, "arguments": dict(EVENT)}
        case "interest_calculator":
            yield {"message": "hello"}  # asked for each message
        case "tool" | "action" | "agent" | "chatter" | "prompt" as kind:
            yield {"kind": kind, "name": name, "arguments": made_up(schema)}
        case "event_handler":
            for event in schema["events"]:
                yield {"kind": "event", "name": event}
        case "service":
            for method, parameters in fewest_arguments((schema or {}).get("methods") or {})[:1]:
                yield {"kind": "service", "name": f"{name}.{method}", "arguments": made_up(parameters)}
        case "router":
            for route in ((schema or {}).get("routes") or [HOME])[:3]:
                yield {"kind": "route", "name": name, "arguments": {"method": route["method"], "path": route["path"]}}
        case "config":
            yield {"config": name}


def drive(trial: Trial, worker: Worker) -> None:
    for component in components_of(worker):
        label = f"{component['kind']} {component['name']}"
        step = "answers" if "command" in component["kind"] else "driven"
        asked = replies = 0
        for stimulus in stimuli(component):
            asked += 1
            answer, problems = outcome_of(worker, stimulus)
            replies += len(answer.get("replies") or ())
            for sentence in problems:
                trial.fail(step, f"{label}: {sentence}", stimulus)
        trial.driven += bool(asked)
        if not asked:
            trial.fail("driven", f"{label}: there is no stimulus for it")
        if step == "answers":
            trial.commands += 1
            trial.replying += bool(replies)
    if trial.commands and trial.steps["answers"] is None:
        trial.steps["answers"] = True
    if trial.steps["driven"] is None:
        trial.steps["driven"] = True


def outcome_of(worker: Worker, stimulus: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The answer, and what the core lacked. What a plugin raises for want of a key or a network is its own."""
    before, answer, problems = len(worker.logs), dict[str, Any](), []
    try:
        if "message" in stimulus:
            answer = worker.ask(Operation.MESSAGE, text=stimulus["message"], role=ROLE)
        elif "config" in stimulus:
            problems = config_problems(worker)
        else:
            answer = worker.ask(Operation.CALL, **stimulus)
            error = answer["error"]
            if error and LACKS.search(error["message"]):
                problems.append(f"{error['type']}: {error['message']}")
    except Refused as error:
        problems.append(str(error))
    for line in worker.logs[before:]:
        if line["level"] in ("ERROR", "CRITICAL", "WARNING") and LACKS.search(line["message"]):
            problems.append(line["message"])
    return answer, problems


def config_problems(worker: Worker) -> list[str]:
    """The config class is listed as a form, and takes the file that was written from it."""
    path = Path(worker.ask(Operation.STATE)["config_path"])
    worker.ask(Operation.CONFIG_FORM)
    said = worker.ask(Operation.CONFIG_CHECK, text=path.read_text(encoding="utf-8"))
    return [str(problem) for problem in said.get("problems") or ()]


def judge(trial: Trial, bot: Bot, folder: Path) -> None:
    """Notes of each failure what the real core says to the same, if it fails there too."""
    try:
        refusal, found = asked(bot, folder, [failure.sentence for failure in trial.failures])
        for failure, proof in zip(trial.failures, found, strict=True):
            failure.own = (refusal if failure.step == "imports" else None) or proof
        open_ones = [failure for failure in trial.failures if failure.own is None and failure.stimulus is not None]
        if open_ones:
            with copy_of(bot) as core:
                drive_again(open_ones, worker_in(bot, core), folder)
    except (Died, Refused) as error:
        print(f"{trial.name}: the real core was asked in vain: {error}", file=sys.stderr)


def drive_again(failures: list[Failure], worker: Worker, folder: Path) -> None:
    """In a running real core. Raises Died or Refused."""
    try:
        load = worker.ask(Operation.LOAD, path=str(folder))
        for failure in failures:
            if load["error"]:
                if load["error"]["type"] != "WorkerError":  # that one is ours: the bot has a plugin of that name
                    failure.own = f"does not load: {short(load['error']['message'])}"
                continue
            worker.take_printed()
            _answer, problems = outcome_of(worker, failure.stimulus or {})
            printed = " ".join(worker.take_printed().split())
            problems += [printed] if LACKS.search(printed) else []
            failure.own = next((said for one in problems if (said := around(LACKS, one))), None)
    finally:
        worker.close()


def around(pattern: re.Pattern[str], text: str) -> str | None:
    """The place of the text that matches, with some words about it."""
    found = pattern.search(text)
    return " ".join(text[max(0, found.start() - 150) : found.end() + 100].split()) if found else None


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
        trial.fail("patched", f"{report['outcome']}: {report.get('error') or reasons}")


def reloaded(trial: Trial, worker: Worker) -> None:
    try:
        report = worker.ask(Operation.RELOAD)
    except Refused as error:
        trial.fail("reloaded", str(error))
        return
    trial.steps["reloaded"] = report["outcome"] == "reloaded"
    if not trial.steps["reloaded"]:
        trial.fail("reloaded", f"{report['outcome']}: {(report['error'] or {}).get('message')}")
