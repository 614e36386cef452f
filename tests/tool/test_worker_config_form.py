"""A plugin's config classes as a form, and what they say of a text that is typed; in the real worker process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tool.worker_kit import WorkerProcess, make_plugin, write

CODE = """
import enum
from typing import Annotated, Literal

from pydantic import field_validator, model_validator
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import (
    BaseCommand, BaseConfig, BasePlugin, Field, SectionBase, cmd_route, config_section, register_plugin,
)

class Mood(str, enum.Enum):
    CALM = "calm"
    LOUD = "loud"


class ProbeConfig(BaseConfig):
    \"\"\"Everything that a plugin may want.\"\"\"

    config_name = "settings"

    @config_section("general", title="General")
    class General(SectionBase):
        \"\"\"What all of it shares.\"\"\"

        count: int = Field(default=3, ge=1, le=10, description="How often.", label="Count")
        ratio: float = Field(default=0.5, gt=0, lt=1)
        name: str = Field(default="one", min_length=1, max_length=9, pattern="[a-z]+")
        api_key: str = ""
        pin: str = Field(default="", input_type="password")
        on: bool = True
        mode: Literal["slow", "fast"] = "slow"
        mood: Mood = Mood.CALM
        words: list[str] = Field(default_factory=lambda: ["a", "b"])
        limits: dict[str, int] = Field(default_factory=dict)
        maybe: int | None = None
        either: int | str = 1
        needed: str

        @field_validator("name")
        @classmethod
        def not_bad(cls, name):
            if name == "bad":
                raise ValueError("that is a bad name")
            return name

    @config_section("rules")
    class Rule(SectionBase):
        class Inner(SectionBase):
            deep: int = 1

        pattern: str = Field(default="*", description="What it fits.")
        inner: Inner = Field(default_factory=Inner, description="Inside.")

    general: General = Field(default_factory=lambda: ProbeConfig.General(needed=""))
    rules: list[Rule] = Field(default_factory=list)


class ProbeCommand(BaseCommand):
    command_name = "probe"

    @cmd_route()
    async def show(self):
        await send_text(str(self.plugin.config.general.count), self.stream_id)
        return True, ""


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    configs = [ProbeConfig]

    def get_components(self):
        return [ProbeCommand]
"""


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
    folder = tmp_path_factory.mktemp("form")
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(folder / "cache")}) as worker:
        loaded = worker.ask("load", path=str(make_plugin(folder, {"plugin.py": CODE})), core="simulated")
        assert loaded["error"] is None, loaded["error"]["traceback"]
        yield worker


def sections(answer: dict[str, Any]) -> dict[str, Any]:
    return {".".join(one["path"]): one for one in answer["form"]["sections"]}


def fields(section: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one for one in section["fields"]}


def test_the_form_has_types_ranges_choices_descriptions_and_defaults(worker: WorkerProcess) -> None:
    answer = worker.ask("config_form")
    assert Path(answer["path"]).name == "settings.toml"
    assert answer["form"]["description"] == "Everything that a plugin may want."
    general = sections(answer)["general"]
    assert (general["title"], general["description"], general["many"]) == ("General", "What all of it shares.", False)
    known = fields(general)
    assert known["count"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 10}
    assert (known["count"]["description"], known["count"]["default"]) == ("How often.", 3)
    assert known["count"]["display"] == {"label": "Count"}
    assert known["ratio"]["schema"] == {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}
    assert known["name"]["schema"] == {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "[a-z]+"}
    assert known["on"]["schema"] == {"type": "boolean"}
    assert known["mode"]["schema"]["enum"] == ["slow", "fast"]
    assert (known["mood"]["schema"]["enum"], known["mood"]["default"]) == (["calm", "loud"], "calm")
    assert known["words"]["schema"] == {"type": "array", "items": {"type": "string"}}
    assert known["words"]["default"] == ["a", "b"]
    assert known["limits"]["schema"] == {"type": "object", "additionalProperties": {"type": "integer"}}
    assert (known["maybe"]["schema"], known["maybe"]["nullable"]) == ({"type": "integer"}, True)
    assert [one["type"] for one in known["either"]["schema"]["anyOf"]] == ["integer", "string"]
    assert (known["needed"]["required"], known["needed"]["default"]) == (True, None)
    assert [name for name, one in known.items() if one["secret"]] == ["api_key", "pin"]


def test_lists_of_sections_and_nested_ones_are_sections(worker: WorkerProcess) -> None:
    rules = sections(worker.ask("config_form"))["rules"]
    assert rules["many"]
    assert rules["default"] == {"pattern": "*", "inner": {"deep": 1}}
    (inner,) = rules["sections"]
    assert (inner["path"], inner["description"], [*fields(inner)]) == (["rules", "inner"], "Inside.", ["deep"])


VALID = '[general]\nneeded = "x"\n'


def test_a_text_that_fits_has_no_problems_and_defaults_in_its_values(worker: WorkerProcess) -> None:
    answer = worker.ask("config_check", text=VALID + "count = 4\n[[rules]]\npattern = 'a'\n")
    assert answer["problems"] == []
    assert answer["given"] == {"general": {"needed": "x", "count": 4}, "rules": [{"pattern": "a"}]}
    assert (answer["values"]["general"]["count"], answer["values"]["general"]["mode"]) == (4, "slow")


@pytest.mark.parametrize(
    ("text", "place", "line", "says"),
    [
        (VALID + "count = 0", ["general", "count"], 3, "greater than or equal to 1"),
        (VALID + "count = 'x'", ["general", "count"], 3, "valid integer"),
        (VALID + "ratio = 1.0", ["general", "ratio"], 3, "less than 1"),
        (VALID + "mode = 'none'", ["general", "mode"], 3, "'slow' or 'fast'"),
        (VALID + "name = 'bad'", ["general", "name"], 3, "that is a bad name"),
        (VALID + "words = ['a', 2]", ["general", "words", 1], 3, "valid string"),
        (VALID + "other = 1", ["general", "other"], 3, "Extra inputs"),
        (VALID + "[[rules]]\n[[rules]]\npattern = 1", ["rules", 1, "pattern"], 5, "valid string"),
        (VALID + "[[rules]]\n[rules.inner]\ndeep = 'x'", ["rules", 0, "inner", "deep"], 5, "valid integer"),
        (VALID + "count = ", [], 3, "line 3"),
        (VALID + "[general]\n", [], None, "already"),
        ("general = 3", ["general"], 1, "General"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place_and_line(
    worker: WorkerProcess, text: str, place: list[str], line: int | None, says: str
) -> None:
    (problem,) = worker.ask("config_check", text=text)["problems"]
    assert (problem["place"], says in problem["message"]) == (place, True), problem
    assert line is None or problem["line"] == line


def test_every_problem_is_said_at_once(worker: WorkerProcess) -> None:
    text = VALID + "count = 0\nratio = 2\nmode = 1\n"
    places = [one["place"][-1] for one in worker.ask("config_check", text=text)["problems"]]
    assert places == ["count", "ratio", "mode"]


def test_checking_applies_nothing(worker: WorkerProcess) -> None:
    path = Path(worker.ask("config_form")["path"])
    before = path.read_bytes()
    assert worker.ask("config_check", text=VALID + "count = 9")["problems"] == []
    assert worker.say("/probe") == ["3"]
    assert path.read_bytes() == before


def test_what_a_validator_raises_is_a_problem_and_no_more(tmp_path: Path) -> None:
    code = CODE.replace('raise ValueError("that is a bad name")', 'raise KeyError("oops")')
    with WorkerProcess() as worker:
        worker.ask("load", path=str(make_plugin(tmp_path, {"plugin.py": code})), core="simulated")
        (problem,) = worker.ask("config_check", text=VALID + "name = 'bad'")["problems"]
        assert "KeyError" in problem["message"]
        assert worker.say("/probe") == ["3"]


CLASSIC = """
from src.plugin_system import BasePlugin, ConfigField, register_plugin

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    config_section_descriptions = {"talk": "How it talks."}
    config_schema = {
        "talk": {
            "word": ConfigField(type=str, default="hi", description="What is said.", label="Word", example="hey"),
            "times": ConfigField(type=int, default=1, description="How often.", min=1, max=5),
            "mode": ConfigField(type=str, default="slow", choices=["slow", "fast"]),
            "words": ConfigField(type=list, default=["a"]),
            "token": ConfigField(type=str, default="", required=True),
        },
    }

    def get_plugin_components(self):
        return []
"""


def test_a_classic_config_schema_is_the_same_kind_of_form(tmp_path: Path) -> None:
    folder = tmp_path / "classic"
    write(folder, {"plugin.py": CLASSIC, "_manifest.json": '{"name": "probe", "version": "1.0.0"}'})
    with WorkerProcess() as worker:
        assert worker.ask("load", path=str(folder), core="simulated")["error"] is None
        talk = sections(worker.ask("config_form"))["talk"]
        assert talk["description"] == "How it talks."
        known = fields(talk)
        assert (known["word"]["schema"], known["word"]["display"]) == (
            {"type": "string"},
            {"label": "Word", "example": "hey"},
        )
        assert known["times"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 5}
        assert known["mode"]["schema"] == {"type": "string", "enum": ["slow", "fast"]}
        assert known["words"]["schema"]["type"] == "array"
        assert (known["token"]["secret"], known["token"]["required"]) == (True, True)
        answer = worker.ask("config_check", text="[talk]\ntimes = 2\n")
        assert (answer["problems"], answer["values"]["talk"]["word"]) == ([], "hi")
        answer = worker.ask("config_check", text="[talk]\ntimes = 'x'\nmode = 'none'\n")
        assert [(one["place"], one["line"]) for one in answer["problems"]] == [
            (["talk", "times"], 2),
            (["talk", "mode"], 3),
        ]
