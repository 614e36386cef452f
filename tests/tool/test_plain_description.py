"""A core that tells no more than its components: calls and forms from their schemas, checks by the core itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mpdt.protocol import Operation
from mpdt.worker.cores import ComponentInfo, Inspectable
from mpdt.worker.cores.plain_description import described, form_of
from mpdt.worker.inspection import INSPECTIONS, Inspected
from tests.tool.test_worker_config_form import CODE, VALID
from tests.tool.worker_kit import loaded, make_plugin

MORE = ("described", "subscriptions", "handlers", "config_form", "try_config")


class Plain:
    """The simulated core without what it tells beyond the others."""

    def __init__(self, core: Any) -> None:
        self._core = core

    def __getattr__(self, name: str) -> Any:
        if name in MORE:
            raise AttributeError(name)
        return getattr(self._core, name)


def calls(*components: ComponentInfo) -> dict[str, dict[str, Any]]:
    return {call["title"]: call for one in described(components)["components"] for call in one["calls"]}


def test_schemas_as_a_real_core_gives_them_become_calls() -> None:
    function = {"name": "tool-x", "description": "Does.", "parameters": {"type": "object", "properties": {"a": {}}}}
    method = {"description": "Gets.", "parameters": {"key": {"type": "str", "required": True}, "n": {"type": "Thing"}}}
    found = calls(
        ComponentInfo("tool", "x", "", {"type": "function", "function": function}),
        ComponentInfo("service", "store", "", {"methods": {"get": method}}),
        ComponentInfo("command", "say", "", {"permission": "USER", "routes": {"": method, "loud": method}}),
        ComponentInfo("plus_command", "roll", "Rolls.", {"prefix": "!", "aliases": ["r"], "priority": 0}),
        ComponentInfo("event_handler", "sees", "", {"events": ["bell"], "weight": 1}),
        ComponentInfo("chatter", "c", "", None),
    )
    assert [*found] == ["x", "store.get", "/say", "/say loud", "!roll", "!r", "bell"]
    assert (found["x"]["kind"], found["x"]["description"]) == ("tool", "Does.")
    assert found["store.get"]["parameters"] == {
        "type": "object",
        "properties": {"key": {"type": "string"}, "n": {}},
        "required": ["key"],
    }
    assert (found["/say loud"]["kind"], found["/say loud"]["say"]) == ("message", "/say loud")
    assert (found["!r"]["kind"], found["!r"]["say"], found["!r"]["description"]) == ("message", "!r", "Rolls.")
    assert found["!r"]["parameters"]["properties"]["arguments"]["raw"] is True


async def test_it_is_looked_into_all_the_same(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": CODE})) as host:
        core: Any = Plain(host.core)
        assert not isinstance(core, Inspectable)
        of = Inspected(core, host.mini_core.inspected().version, host.folder)

        async def ask(operation: Operation, **parameters: Any) -> dict[str, Any]:
            return await INSPECTIONS[operation](of, parameters)

        listed = (await ask(Operation.COMPONENTS))["components"]
        assert [(one["kind"], one["name"]) for one in listed] == [("command", "probe"), ("config", "settings")]
        assert (await ask(Operation.HELD))["subscriptions"] == []
        assert next(one["name"] for one in (await ask(Operation.TREE))["nodes"]) == "plugin"

        general, rules = (await ask(Operation.CONFIG_FORM))["form"]["sections"]
        known = {one["name"]: one for one in general["fields"]}
        assert known["count"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 10}
        assert known["count"]["display"] == {"label": "Count"}
        assert (known["mood"]["schema"]["enum"], known["mood"]["default"]) == (["calm", "loud"], "calm")
        assert (known["maybe"]["schema"], known["maybe"]["nullable"]) == ({"type": "integer"}, True)
        assert (known["needed"]["required"], known["api_key"]["secret"]) == (True, True)
        assert (rules["many"], [one["path"] for one in rules["sections"]]) == (True, [["rules", "inner"]])

        assert (await ask(Operation.CONFIG_CHECK, text=VALID))["problems"] == []
        (problem,) = (await ask(Operation.CONFIG_CHECK, text=VALID + "count = 0"))["problems"]
        assert (problem["line"], "general.count" in problem["message"]) == (3, True)
        (problem,) = (await ask(Operation.CONFIG_CHECK, text="count = "))["problems"]
        assert "Invalid value" in problem["message"]
        assert (await host.say("/probe")) == ["3"]


@pytest.mark.parametrize("properties", [{}, {"a": {"type": "string"}}, {"a": {"$ref": "#/x"}}])
def test_a_schema_without_sections_is_a_form_without_any(properties: dict[str, Any]) -> None:
    assert form_of({"properties": properties})["sections"] == []
