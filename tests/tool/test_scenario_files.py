"""Scenario files: what they mean, what is wrong in them, and how they are written. No process is started here."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpdt.commands.conversation import Conversation
from mpdt.scenarios.files import ScenarioError
from mpdt.scenarios.match import contains, equal, replies_differ, value_differs
from mpdt.scenarios.model import Called, Check, Expect, Failure, Result, Said, Scenario
from mpdt.scenarios.play import Refused, StageError, play, selected
from mpdt.scenarios.read import parse
from mpdt.scenarios.write import path_for, with_exchanges

FILE = Path("/plugin/tests/a.mpdt.toml")


def scenarios(text: str) -> list[Scenario]:
    return parse(tomllib.loads(text), text, FILE)


def text_reply(content: Any, kind: str = "text") -> dict[str, Any]:
    return {"type": kind, "content": content, "stream": "s"}


def test_a_file_means_what_it_says() -> None:
    found = scenarios("""
[[scenario]]
name = "one"
user = "alice"
group = "g"

[[scenario.step]]
send = "hi"
reply = "hello"

[[scenario.step]]
send = "hi"
user = "bob"
group = ""
replies = [{ contains = "a", type = "text" }, "b"]

[[scenario]]
keep = true
[[scenario.step]]
call = "tool weather"
arguments = { city = "x" }
result_contains = { ok = true }

[[scenario.step]]
fire = "bell"
error = "no"
""")
    first, second = found
    assert (first.name, first.line, second.name, second.line, second.keep) == ("one", 2, "a", 17, True)
    assert [step.line for step in (*first.steps, *second.steps)] == [7, 11, 19, 24]
    assert first.steps[0].does == Said("hi", "alice", "g")
    assert first.steps[1].does == Said("hi", "bob", None)
    assert first.steps[0].replies == ((Check(Expect.EXACT, "hello"),),)
    assert second.steps[0].does == Called("tool", "weather", {"city": "x"})
    assert second.steps[0].result == (Check(Expect.CONTAINS, {"ok": True}),)
    assert second.steps[0].replies is None
    assert second.steps[1].error == (Check(Expect.CONTAINS, "no"),)


STEP = '[[scenario]]\nname = "x"\n[[scenario.step]]\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (STEP + 'sent = "x"', "a.mpdt.toml:3: there is no 'sent'; did you mean 'send'?"),
        (STEP + 'send = "x"\nrepli = "y"', "there is no 'repli'; did you mean 'replies'?"),
        (STEP + 'user = "x"', "a.mpdt.toml:3: a step has one of send, call and fire."),
        (STEP + 'send = "x"\nreply = 3', "a reply is a text, or a table"),
        (STEP + 'send = "x"\nreply = { like = "y" }', "there is no 'like'; there are exact, contains, regex, type."),
        (STEP + 'send = "x"\nreply = { regex = "(" }', "'(' is no pattern"),
        (STEP + 'send = "x"\nreply = "y"\nreplies = []', "not both"),
        (STEP + 'send = "x"\nimages = ["none.png"]', "the image none.png cannot be read"),
        (STEP + 'send = "x"\nimages = ["data:image/png;base64,!"]', "not base64"),
        (STEP + "send = 3", "send is a text, not 3"),
        (STEP + 'call = "weather"', "called by kind and name"),
        (STEP + 'call = "tools weather"', "Kinds are tool, action"),
        (STEP + 'call = "tool a"\narguments = []', "arguments is a table"),
        ('[[scenario]]\nname = "x"', "a.mpdt.toml:1: a scenario has steps"),
        ('[[scenario]]\nkeep = true\n[[scenario.step]]\nsend = "x"', "none before it"),
        ("[scenario]\n", "[[scenario]]"),
        ("[[scenarios]]\n", "did you mean 'scenario'?"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenarios(text)
    assert sentence in str(caught.value)


def test_lines_are_only_given_where_they_are_known() -> None:
    text = 'scenario = [{ name = "x", step = [{ send = "a" }, { send = "b" }] }]'
    (only,) = scenarios(text)
    assert (only.line, [step.line for step in only.steps]) == (None, [None, None])
    (quoted,) = scenarios('[[scenario]]\n[[scenario.step]]\nsend = """\n[[scenario.step]]\n"""')
    assert quoted.steps[0].line == 1  # two headers for one step: the scenario's line is sure


@pytest.mark.parametrize(
    ("value", "wanted", "held"),
    [
        ("hello", "ell", True),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, True),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, False),
        ({"a": 1}, {"b": 1}, False),
        ([1, {"x": 1, "y": 2}], [{"x": 1}], True),
        ([1, 2], [3], False),
        ({"a": "long text"}, "ong t", True),
        ({"a": "long"}, {"a": "on"}, False),
        ({"a": True}, {"a": 1}, False),
    ],
)
def test_contains(value: Any, wanted: Any, held: bool) -> None:
    assert contains(value, wanted) is held


def test_true_is_not_one() -> None:
    assert not equal([True, 1], [1, True])
    assert equal([True, 1.0, {"a": None}], [True, 1, {"a": None}])


def test_the_difference_of_replies_keeps_what_agrees() -> None:
    wanted = ((Check(Expect.EXACT, "a"),), (Check(Expect.CONTAINS, "b"),), (Check(Expect.TYPE, "image"),))
    came = [text_reply("a"), text_reply("xbx"), text_reply("...", "image")]
    assert replies_differ(wanted, came) == ()
    assert replies_differ(wanted, [came[1], came[2]]) == ("- a", "  xbx", "  [image] ...")
    assert replies_differ((), [came[0]]) == ("+ a",)
    assert replies_differ(wanted[:1], [text_reply("b")]) == ("- a", "+ b")
    assert replies_differ(wanted[:1], [came[0], came[0]]) == ("  a", "+ a")
    assert replies_differ(((Check(Expect.EXACT, "a"), Check(Expect.TYPE, "image")),), [came[0]]) != ()


def test_the_difference_of_a_result_is_by_line() -> None:
    assert value_differs((Check(Expect.EXACT, {"a": 1}),), {"a": 1}) == ()
    lines = value_differs((Check(Expect.EXACT, {"a": 1, "b": 2}),), {"a": 1, "b": 3})
    assert [line for line in lines if line[0] in "+-"] == ['-   "b": 2', '+   "b": 3']
    assert value_differs((Check(Expect.TYPE, "null"),), None) == ()
    assert value_differs((Check(Expect.TYPE, "integer"),), True) != ()


class FakeStage:
    """Says what it was told to say."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    async def message(self, said: Said) -> Mapping[str, Any]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, dict)
        return answer

    async def call(self, called: Called) -> Mapping[str, Any]:
        return await self.message(Said(called.name))

    def take_logs(self) -> list[tuple[str, str]]:
        return [("ERROR", "plugin: it broke"), ("INFO", "plugin: fine")]


def played(text: str, *stages: Any) -> list[Result]:
    left = list(stages)

    async def open_stage(scenario: Scenario) -> FakeStage:
        stage = left.pop(0)
        if isinstance(stage, Exception):
            raise stage
        assert isinstance(stage, FakeStage)
        return stage

    return asyncio.run(play(scenarios(text), open_stage, lambda result: None))


SENT = STEP + 'send = "hi"\nreply = "a"\n'
CALLED = STEP + 'call = "tool t"\n'


def test_the_first_step_that_differs_is_told_with_what_was_logged() -> None:
    (result,) = played(SENT, FakeStage({"replies": [text_reply("b")]}))
    assert result.outcome == "failed"
    assert result.failure == Failure(
        "hi", 3, "The replies are not as expected.", ("- a", "+ b"), ("error: plugin: it broke",)
    )


@pytest.mark.parametrize(
    ("text", "answer", "problem"),
    [
        (SENT, {"replies": [text_reply("a")], "timed_out": True}, "not finished in time"),
        (CALLED, {"replies": [], "error": {"type": "E", "message": "x", "file": "f", "line": 2}}, "E: x (f:2)"),
        (CALLED, Refused("no tool"), "no tool"),
        (CALLED + 'error = "y"', {"replies": [], "error": None, "result": 1}, "An error was expected"),
        (CALLED + 'error = "y"', Refused("no tool"), "Another error was expected"),
        (CALLED + "result = 1", {"replies": [], "error": None, "result": True}, "The result is not as expected."),
    ],
)
def test_what_fails(text: str, answer: Any, problem: str) -> None:
    (result,) = played(text, FakeStage(answer))
    assert result.outcome == "failed"
    assert result.failure is not None
    assert problem in result.failure.problem


def test_an_error_that_was_expected_passes() -> None:
    (result,) = played(CALLED + 'error = "no too"', FakeStage(Refused("no tool")))
    assert result.outcome == "passed"


def test_a_stage_that_breaks_is_an_error_of_its_scenario_alone() -> None:
    two = SENT + "[[scenario]]\n[[scenario.step]]\n" + 'send = "x"\n'
    results = played(two, StageError("It did not load."), FakeStage({"replies": []}))
    assert [result.outcome for result in results] == ["error", "passed"]
    kept = SENT + "[[scenario]]\nkeep = true\n[[scenario.step]]\n" + 'send = "x"\n'
    results = played(kept, FakeStage(StageError("gone")), FakeStage({"replies": []}))
    assert [result.outcome for result in results] == ["error", "passed"]


def test_a_selection_brings_what_it_goes_on_from() -> None:
    one = '[[scenario]]\nname = "{}"\n{}[[scenario.step]]\nsend = "x"\n'
    found = scenarios("".join([one.format("a", ""), one.format("b", ""), one.format("c", "keep = true\n")]))
    assert [scenario.name for scenario in selected(found, "c")] == ["b", "c"]
    assert [scenario.name for scenario in selected(found, "A")] == ["a", "b", "c"]  # the file is a.mpdt.toml
    assert selected(found, "zzz") == []


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", "x" * 61, "a\nb", "a.b", ".."])
def test_names_that_could_leave_the_folder_are_refused(name: str) -> None:
    with pytest.raises(ScenarioError):
        path_for(Path("/plugin"), name)


def test_names_become_files_in_tests() -> None:
    assert path_for(Path("/plugin"), "Says it twice") == Path("/plugin/tests/says_it_twice.mpdt.toml")
    assert path_for(Path("/plugin"), "问候") == Path("/plugin/tests/问候.mpdt.toml")
    assert path_for(Path("/plugin"), "con") == Path("/plugin/tests/con_.mpdt.toml")


def exchange(text: str, *replies: Any, **fields: Any) -> dict[str, Any]:
    answer = {"replies": [one if isinstance(one, dict) else text_reply(one) for one in replies], "timed_out": False}
    return {"exchange": 1, "message": {"text": text, **fields}, "answer": answer}


def call(kind: str, result: Any, error: Any = None, **arguments: Any) -> dict[str, Any]:
    answer = {"replies": [], "timed_out": False, "result": result, "error": error}
    return {"exchange": 2, "call": {"kind": kind, "name": "n", "arguments": arguments}, "answer": answer}


def test_what_is_saved_is_kept_and_added_to() -> None:
    written = with_exchanges("# mine\n", "x", [exchange("hi", "a", user="u", group="", mentions=["b"])])
    written = with_exchanges(written, "x", [exchange("again", "b", "c")])
    written = with_exchanges(written, "y", [exchange("other")])
    assert written.startswith("# mine\n")
    assert tomllib.loads(written)["scenario"] == [
        {
            "name": "x",
            "step": [
                {"send": "hi", "user": "u", "mentions": ["b"], "reply": "a"},
                {"send": "again", "replies": ["b", "c"]},
            ],
        },
        {"name": "y", "step": [{"send": "other", "replies": []}]},
    ]
    with pytest.raises(ScenarioError):
        with_exchanges("x = ", "x", [])
    with pytest.raises(ScenarioError):
        with_exchanges("scenario = 1", "x", [])


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
replies = st.builds(text_reply, texts) | st.builds(text_reply, values, st.sampled_from(["image", "command", "text"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(texts, st.lists(replies, max_size=3)), min_size=1, max_size=3), values, texts)
def test_what_is_saved_passes_when_the_same_comes_again(said: list[Any], result: Any, failed: str) -> None:
    exchanges = [exchange(text, *came) for text, came in said]
    exchanges.append(call("tool", result, key=result))
    exchanges.append(call("event", {"decision": "STOP", "params": result}))
    exchanges.append(call("tool", None, {"type": "ValueError", "message": failed, "file": None, "line": None}))
    text = with_exchanges("", "x", exchanges)
    (outcome,) = played(text, FakeStage(*(one["answer"] for one in exchanges)))
    assert outcome.outcome == "passed", (outcome.failure, text)


def test_only_what_was_said_can_be_saved() -> None:
    kept = Conversation(keep=2)
    assert [kept.note("message", {"text": word}, {"replies": []})["exchange"] for word in "abc"] == [1, 2, 3]
    assert [one["message"]["text"] for one in kept.chosen([3, 2], None)] == ["c", "b"]
    assert [one["message"]["text"] for one in kept.chosen(None, None)] == ["c"]
    with pytest.raises(ScenarioError, match="1 is not kept"):
        kept.chosen([1], None)
    with pytest.raises(ScenarioError):
        Conversation().chosen(None, 1)
