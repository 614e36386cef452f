"""The same stimuli through the simulated core and through a real Neo-MoFox give the same sends and results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from core_kit import ECHO, GADGET, TESTS

pytestmark = [pytest.mark.core, pytest.mark.timeout(560)]
AGREE = ("agree", "decline")  # the licence; telemetry
Serve = Callable[..., Any]

Stimulus = dict[str, Any]


def said(text: str, **more: Any) -> Stimulus:
    return {"text": text, **more}


def call(kind: str, name: str, **arguments: Any) -> Stimulus:
    return {"kind": kind, "name": name, "arguments": arguments}


OF_ECHO = [
    said("/echo hello"),
    said("/echo"),
    said("/echo say hello 3"),
    said('/echo say "two words" 2'),
    said("/echo say hello many"),  # no number
    said("/echo say"),  # an argument is missing
    said("/echo shout hello"),
    said("/echo nothing like this"),
    said("/echo last 2"),
    said("/echo last"),
    said("/nothing"),
    said("hello"),
    said("你好", user="alice"),
    said("HI", user="bob", group="a group"),
    said("/echo hello", user="bob", group="a group"),
    said("good evening"),
    said("/echo hello", role="owner"),
    call("tool", "count_words", text="one two two"),
    call("tool", "count_words", text="one two two", unique=True),
    call("tool", "count_words"),
    call("tool", "count_words", text=3),
    call("service", "history.last", count=2),
    call("service", "history.last"),
    call("service", "history.first"),
    call("event", "nothing_listens"),
]
SAMPLER = TESTS / "standins" / "sampler"
OF_SAMPLER = [
    said("/sample int 3"),
    said("/sample int 3 4"),
    said("/sample int three"),
    said("/sample int"),
    said("/sample int 3 4 5"),
    said("/sample int -3"),
    said("/sample float 1.5"),
    said("/sample float 1"),
    said("/sample bool true"),
    said("/sample bool no"),
    said("/sample bool maybe"),
    said("/sample deep"),
    said("/sample deep deeper"),
    said("/sample deep deeper down"),
    said("/sample deep word"),
    said("/sample raises"),
    said("/sample several"),
    said("/sample image"),
    said("/sample emoji"),
    said("/sample voice"),
    said("/sample prompt"),
    said("/sample service"),
    said("/sample who", user="alice"),
    said("/sample who", user="bob", group="a group"),
    said("/sample"),
    said("/sample other"),
    said("/SAMPLE several"),
    said("  /sample several"),
    said("sample several"),
    said("/owners"),
    said("/owners", user="carol", role="owner"),
    said("/owners", user="dave", role="operator"),
    said("/owners", user="erin", role="user"),
    said("early bird"),
    said("early stop"),
    said("early bird", user="bob", group="a group"),
    call("event", "sampler_event", seen="who:"),
    call("event", "sampler_event"),
    call("service", "adder.add", left=1),
    call("service", "adder.add", left=1, right=2),
    call("service", "adder.add"),
    call("service", "adder.later", word="up"),
    call("service", "adder.fails"),
    call("tool", "stores", key="a"),
    call("tool", "stores", key="a", step=5),
    call("tool", "stores", key="b"),
    call("tool", "stores", key=1),
    call("action", "acts", content="hi"),
    call("action", "acts"),
    call("schedule", "sampler reminder"),
    call("schedule", "no reminder"),
]
OF_GADGET = [
    said("/gadget"),
    said("/gadget heard"),
    said("/gadget other"),
    call("route", "gadget", path="/word"),
    call("route", "gadget", path="/none"),
]


def outcome(dev: Any, stimulus: Stimulus) -> Any:
    """What was sent, by type and content, and what came back; a refusal is a refusal, whatever its words."""
    is_call = "kind" in stimulus
    status, answer = dev.try_asking("POST", "/api/call" if is_call else "/api/message", stimulus)
    if status != 200:
        return "refused"
    sends = [(reply["type"], reply["content"]) for reply in answer["replies"]]
    if not is_call:
        return sends, answer["timed_out"]
    result = answer["result"]
    if stimulus["kind"] == "route" and result:
        result = {name: result[name] for name in ("status", "body")}
    if stimulus["kind"] == "event" and result:
        result = {name: result[name] for name in ("decision", "params")}
    if stimulus["kind"] == "schedule" and result:
        result = result["succeeded"]
    return sends, result, (answer["error"] or {}).get("type")


def outcomes(dev: Any, stimuli: list[Stimulus], core: str) -> list[tuple[Stimulus, Any]]:
    ready = dev.ready()
    assert (ready["loaded"], ready["core"]) == (True, core), ready["error"]
    return [(stimulus, outcome(dev, stimulus)) for stimulus in stimuli]


@pytest.mark.parametrize(
    ("plugin", "stimuli"),
    [(ECHO, OF_ECHO), (GADGET, OF_GADGET), (SAMPLER, OF_SAMPLER)],
    ids=["echo", "gadget", "sampler"],
)
def test_the_same_stimuli_give_the_same_sends(
    serve: Serve, neo: Path, neo_python: str, plugin: Path, stimuli: list[Stimulus]
) -> None:
    simulated = outcomes(serve(plugin, "--python", neo_python), stimuli, "simulated")
    real = outcomes(serve(plugin, "--core", str(neo), "--python", neo_python, answers=AGREE), stimuli, "neo-mofox")
    differing = [
        f"{stimulus}: simulated {here}, real {there}"
        for (stimulus, here), (_, there) in zip(simulated, real, strict=True)
        if here != there
    ]
    print(f"\n{plugin.name}: {len(stimuli) - len(differing)} of {len(stimuli)} stimuli with the same outcome")
    assert differing == []
