"""Configuration sections and their TOML file."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.tool.worker_kit import loaded, make_plugin

CODE = """
from src.app.plugin_system.base import (
    BaseCommand, BaseConfig, BasePlugin, Field, SectionBase, cmd_route, config_section, register_plugin,
)
from src.app.plugin_system.api.send_api import send_text

class ProbeConfig(BaseConfig):
    config_name = "settings"

    @config_section("general")
    class General(SectionBase):
        \"\"\"What concerns all.\"\"\"

        class Inner(SectionBase):
            depth: int = Field(default=1)

        name: str = Field(default='a "b"', description="Who it is.")
        count: int = Field(default=3, ge=1, label="Count", input_type="slider")
        text: str = Field(default="one\\ntwo")
        tags: list[str] = Field(default_factory=lambda: ["x", "y"])
        table: dict[str, int] = Field(default_factory=dict)
        maybe: str | None = Field(default=None)
        inner: Inner = Field(default_factory=Inner)
        last: bool = Field(default=True)

    @config_section("rules")
    class Rule(SectionBase):
        pattern: str = Field(default="*")

    general: General = Field(default_factory=General)
    rules: list[Rule] = Field(default_factory=lambda: [ProbeConfig.Rule(pattern="a"), ProbeConfig.Rule()])

class Show(BaseCommand):
    command_name = "show"

    @cmd_route()
    async def plain(self):
        await send_text(str(self.plugin.config.general.count), self.stream_id)
        return True, ""

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    configs = [ProbeConfig]

    def get_components(self):
        return [Show]
"""
DEFAULTS: dict[str, Any] = {
    "general": {
        "name": 'a "b"',
        "count": 3,
        "text": "one\ntwo",
        "tags": ["x", "y"],
        "table": {},
        "maybe": "",
        "last": True,
        "inner": {"depth": 1},
    },
    "rules": [{"pattern": "a"}, {"pattern": "*"}],
}


def file_of(folder: Path) -> Path:
    return folder / ".mpdt" / "config" / "plugins" / "probe" / "settings.toml"


async def test_the_file_is_written_at_first_with_defaults_and_descriptions(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": CODE})
    async with loaded(folder):
        text = file_of(folder).read_text(encoding="utf-8")
    assert tomllib.loads(text) == DEFAULTS
    assert text.startswith('# What concerns all.\n\n[general]\n# Who it is.\n# 值类型：str, 默认值："a \\"b\\""\n')
    assert '# 值类型：list, 默认值：["x", "y"]\n' in text


# Each line as Neo-MoFox 1.2 writes it for the same class.
ODD = CODE.replace(
    "class ProbeConfig",
    """
import datetime, enum, pathlib

class Mode(enum.Enum):
    FAST = "fast"
    SLOW = "slow"

class Level(enum.IntEnum):
    HIGH = 3

class Word(enum.StrEnum):
    YES = "yes"

class ProbeConfig""",
).replace(
    "        inner: Inner",
    """
        mode: Mode = Field(default=Mode.FAST)
        modes: list[Mode] = Field(default=[Mode.FAST])
        named: dict[str, Mode] = Field(default={"a": Mode.FAST})
        level: Level = Field(default=Level.HIGH)
        word: Word = Field(default=Word.YES)
        folder: pathlib.PurePosixPath = Field(default=pathlib.PurePosixPath("/x"))
        day: datetime.date = Field(default=datetime.date(2020, 1, 2))
        pair: tuple[int, int] = Field(default=(1, 2))
        inner: Inner""",
)
ODD_VALUES = {
    "mode": "Mode.FAST",
    "modes": ["Mode.FAST"],
    "named": {"a": "Mode.FAST"},
    "level": 3,
    "word": "yes",
    "folder": "/x",
    "day": "2020-01-02",
    "pair": "(1, 2)",
}


async def test_what_is_no_toml_is_written_as_the_real_core_writes_it(tmp_path: Path) -> None:
    odd = ODD.replace("str(self.plugin.config.general.count)", "repr(self.plugin.config.general.mode)")
    folder = make_plugin(tmp_path, {"plugin.py": odd})
    async with loaded(folder) as host:
        general = tomllib.loads(file_of(folder).read_text(encoding="utf-8"))["general"]
        assert {name: general[name] for name in ODD_VALUES} == ODD_VALUES
        assert '# 值类型：Mode, 默认值："Mode.FAST"' in file_of(folder).read_text(encoding="utf-8")
        assert await host.say("/show") == ["<Mode.FAST: 'fast'>"]
        file_of(folder).write_text('[general]\nmode = "slow"\n', encoding="utf-8")
        assert (await host.mini_core.reload_plugin()).outcome == "reloaded"
        assert await host.say("/show") == ["<Mode.SLOW: 'slow'>"]
        # As in the real core, which writes a form that it does not take again.
        assert (await host.mini_core.reload_plugin()).outcome == "reloaded"
        assert host.logged("general.mode = 'Mode.SLOW' does not fit")
        assert await host.say("/show") == ["<Mode.FAST: 'fast'>"]


async def test_a_section_without_a_text_has_none_in_the_file(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": CODE.replace('"""What concerns all."""', "")})
    async with loaded(folder):
        assert file_of(folder).read_text(encoding="utf-8").startswith("[general]\n# Who it is.")


async def test_an_unchanged_file_is_not_written_again(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": CODE})
    async with loaded(folder) as host:
        stat = file_of(folder).stat()
        assert (await host.mini_core.reload_plugin()).outcome == "reloaded"
        assert file_of(folder).stat().st_mtime_ns == stat.st_mtime_ns


async def test_the_file_is_read_at_a_reload_and_what_it_lacks_is_added(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": CODE})
    async with loaded(folder) as host:
        assert await host.say("/show") == ["3"]
        file_of(folder).write_text("[general]\ncount = 8\n", encoding="utf-8")
        await host.mini_core.reload_plugin()
        assert await host.say("/show") == ["8"]
        data = tomllib.loads(file_of(folder).read_text(encoding="utf-8"))
        assert data == {**DEFAULTS, "general": {**DEFAULTS["general"], "count": 8}}


async def test_a_value_of_the_wrong_type_or_an_unknown_name_is_replaced_and_told(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": CODE})
    async with loaded(folder) as host:
        file_of(folder).write_text('[general]\ncount = "many"\nextra = 1\n', encoding="utf-8")
        assert (await host.mini_core.reload_plugin()).outcome == "reloaded"
        assert host.logged("general.count = 'many' does not fit")
        assert host.logged("general.extra is no field")
        assert tomllib.loads(file_of(folder).read_text(encoding="utf-8")) == DEFAULTS


@pytest.mark.parametrize(
    ("text", "kind"), [("[general\n", "ValueError"), ("[general]\ncount = 0\n", "ValidationError")]
)
async def test_a_file_that_cannot_be_used_rejects_the_reload(tmp_path: Path, text: str, kind: str) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": CODE})
    async with loaded(folder) as host:
        file_of(folder).write_text(text, encoding="utf-8")
        reload = await host.mini_core.reload_plugin()
        assert reload.outcome == "rejected"
        assert reload.error is not None
        assert reload.error.type == kind
        assert await host.say("/show") == ["3"]


async def test_display_hints_are_kept_in_the_schema(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": CODE})) as host:
        config = next(one for one in host.mini_core.state()["components"] if one["kind"] == "config")
        count = config["schema"]["$defs"]["General"]["properties"]["count"]
        assert (count["label"], count["input_type"], count["minimum"]) == ("Count", "slider", 1)
        assert sys.modules["probe_plugin.plugin"].ProbeConfig._plugin_ == "probe"
