"""Classic plugins in the simulated core: commands, events, tools, configuration; the example through a real worker."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mpdt.worker.cores import Stimulus, StimulusKind
from mpdt.worker.cores.simulated.classic.commands import CommandArgs
from mpdt.worker.cores.simulated.flavours import Flavour, flavour_of
from mpdt.worker.cores.simulated.importer import known_names
from mpdt.worker.errors import WorkerError
from tests.tool.worker_kit import REPOSITORY, Hosted, WorkerProcess, edit, hosted, loaded, write

EXAMPLE = REPOSITORY / "examples" / "classic_plugin"

PLUGIN = """
from src.common.logger import get_logger
from src.config.config import global_config
from src.plugin_system import *
from src.plugin_system.apis import chat_api, llm_api, message_api, send_api
from src.plugin_system.apis.permission_api import permission_api
from src.plugin_system.apis.storage_api import get_local_storage
from src.plugin_system.base.base_event import HandlerResult
from src.plugin_system.base.component_types import PermissionNodeField
from src.plugin_system.utils.permission_decorators import require_permission

logger = get_logger("probe", alias="Probe")
PARTS = []

def part(cls):
    PARTS.append(cls)
    return cls

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    config_schema = {
        "talk": {
            "word": ConfigField(type=str, default="hi", description="What is said.", label="shown only"),
            "times": ConfigField(type=int, default=1, description="How often."),
        },
    }
    permission_nodes = [PermissionNodeField("secret", "Secrets.")]

    def get_plugin_components(self):
        found = []
        for cls in PARTS:
            names = [f"get_{kind}_info" for kind in ("plus_command", "command", "tool", "handler", "action")]
            name = next(name for name in names if hasattr(cls, name))
            found.append((getattr(cls, name)(), cls))
        return found
"""

COMMANDS = (
    PLUGIN
    + """
@part
class Talk(PlusCommand):
    command_name = "talk"
    command_aliases = ["say", "说"]

    async def execute(self, args):
        words = [self.get_config("talk.word")] * self.get_config("talk.times")
        await self.send_text(f"{' '.join(words)} {args.get_args()}")
        return True, None, True

@part
class Old(BaseCommand):
    command_name = "old"
    command_pattern = r"^/old\\s+(?P<who>\\w+)$"

    async def execute(self):
        await self.send_text("old " + self.matched_groups["who"])
        return True, "done", True

@part
class Groups(PlusCommand):
    command_name = "groups"
    chat_type_allow = ChatType.GROUP

    async def execute(self, args):
        await self.send_text("in " + self.message.group_info.group_name)
        return True, None, True

@part
class Secret(PlusCommand):
    command_name = "secret"

    @require_permission("plugin.probe.secret", deny_message="not for you")
    async def execute(self, args):
        await self.send_text("the secret")
        return True, None, True

@part
class Fails(PlusCommand):
    command_name = "fails"

    async def execute(self, args):
        raise LookupError("no such thing")
"""
)


def make_classic(parent: Path, text: str, **files: str) -> Path:
    folder = parent / "probe_plugin"
    meta = (
        "from src.plugin_system.base.plugin_metadata import PluginMetadata as Meta\n__plugin_meta__ = Meta('p', '', '')"
    )
    write(folder, {"plugin.py": text, "__init__.py": meta, **files})
    return folder


async def drive(host: Hosted, kind: str, name: str, **arguments: Any) -> Any:
    driven = await host.mini_core.drive(Stimulus(StimulusKind(kind), name, arguments))
    assert driven.error is None, driven.error.traceback
    return driven.result


async def test_every_name_of_the_classic_flavour_can_be_imported(tmp_path: Path) -> None:
    async with hosted(make_classic(tmp_path, PLUGIN)):
        for module, names in known_names(Flavour.CLASSIC).items():
            __import__(module)
            for name in names:
                assert getattr(sys.modules[module], name) is not None


async def test_commands_are_found_by_name_alias_and_pattern(tmp_path: Path) -> None:
    async with loaded(make_classic(tmp_path, COMMANDS)) as host:
        assert await host.say("/talk a 'b c'") == ["hi ['a', 'b c']"]
        assert await host.say("!SAY") == ["hi []"]
        assert await host.say("说") == [], "a command needs a prefix"
        assert await host.say("/old friend") == ["old friend"]
        assert await host.say("/old two friends") == []


async def test_who_and_where_decide(tmp_path: Path) -> None:
    async with loaded(make_classic(tmp_path, COMMANDS)) as host:
        assert await host.say("/groups") == []
        assert await host.say("/groups", group="tea") == ["in tea"]
        assert await host.say("/secret") == ["not for you"]
        assert await host.say("/secret", user="boss", role="owner") == ["the secret"]
        await host.say("/fails")
        assert host.logged("/fails failed: LookupError('no such thing')")


EVENTS = (
    PLUGIN
    + """
class Base(BaseEventHandler):
    init_subscribe = [EventType.ON_MESSAGE]

    async def execute(self, kwargs):
        logger.info(f"{self.handler_name} {kwargs['message'].processed_plain_text}")
        return self.answer

@part
class Last(Base):
    handler_name, weight, answer = "last", 1, (True, True, None)

@part
class First(Base):
    handler_name, weight, answer = "first", 9, HandlerResult(True, True, "seen")

@part
class Stops(Base):
    handler_name, weight, intercept_message = "stops", 5, True

    async def execute(self, kwargs):
        await super().execute(kwargs)
        return True, kwargs["message"].processed_plain_text != "stop", None

    answer = None

@part
class Quiet(BaseEventHandler):
    handler_name = "quiet"
    init_subscribe = [EventType.POST_SEND]

    async def execute(self, kwargs):
        return True, "rude" not in kwargs["message"].processed_plain_text, None

@part
class Echo(PlusCommand):
    command_name = "echo"

    async def execute(self, args):
        sent = await self.send_text(args.get_raw())
        logger.info(f"sent {sent}")
        return True, None, False
"""
)


async def test_handlers_run_by_weight_and_one_may_intercept(tmp_path: Path) -> None:
    async with loaded(make_classic(tmp_path, EVENTS)) as host:
        await host.say("hello")
        assert [message for _, name, message in host.logs if name == "probe"] == [
            "first hello",
            "stops hello",
            "last hello",
        ]
        host.logs.clear()
        await host.say("stop")
        assert [message for _, name, message in host.logs if name == "probe"] == ["first stop", "stops stop"]
        outcome = await drive(host, "event", "on_message")
        assert outcome[0] == {"handler": "first", "success": True, "continue": True, "message": "seen"}


async def test_a_handler_may_decline_what_is_sent_and_a_command_may_let_a_message_through(tmp_path: Path) -> None:
    async with loaded(make_classic(tmp_path, EVENTS)) as host:
        assert await host.say("/echo kind") == ["kind"]
        assert host.logged("first /echo kind"), "the command does not intercept"
        assert await host.say("/echo rude") == []
        assert host.logged("sent False")


async def test_the_config_file_is_written_read_and_applied_in_place(tmp_path: Path) -> None:
    folder = make_classic(tmp_path, COMMANDS)
    async with loaded(folder) as host:
        path = host.core.config_path()
        assert path is not None
        assert "# What is said." in path.read_text(encoding="utf-8")
        path.write_text('[talk]\nword = "ho"\ntimes = 2\n', encoding="utf-8")
        changes = host.core.apply_config(host.core.read_config() or "")
        assert [(one.field, one.old, one.new, one.line) for one in changes] == [
            ("talk.word", "hi", "ho", 2),
            ("talk.times", 1, 2, 3),
        ]
        assert await host.say("/talk") == ["ho ho []"]
        path.write_text('[talk]\ntimes = "x"\n', encoding="utf-8")
        with pytest.raises(WorkerError, match=r"talk\.times: 'x' is not int"):
            host.core.check_config(host.core.read_config() or "")


async def test_a_default_that_is_no_toml_is_told_and_stays(tmp_path: Path) -> None:
    """MoFox-Core writes ``mode = Mode.FAST``, cannot read that, and serves with the defaults."""
    field = '"mode": ConfigField(type=object, default=enum.Enum("Mode", "FAST").FAST, description="How."),'
    code = "import enum\n" + COMMANDS.replace('"talk": {', f'"talk": {{{field}', 1)
    code = code.replace("{args.get_args()}", "{self.get_config('talk.mode')}")
    folder = make_classic(tmp_path, code)
    async with loaded(folder) as host:
        path = host.core.config_path()
        assert path is not None
        assert "# mode = Mode.FAST" in path.read_text(encoding="utf-8")
        assert host.logged("the default of talk.mode, <Mode.FAST: 1>, is nothing that TOML has")
        path.write_text('[talk]\nword = "ho"\n', encoding="utf-8")
        assert (await host.mini_core.reload_plugin()).outcome == "reloaded"
        assert await host.say("/talk") == ["ho Mode.FAST"]


def test_command_arguments() -> None:
    args = CommandArgs("add 'two words' --to=me -n 3 rest 'open")
    assert args.get_first == "add"
    assert CommandArgs("add 'two words' -n 3").get_args() == ["add", "two words", "-n", "3"]
    assert CommandArgs("a -n 3 b").get_flag_value("-n") == "3"
    assert args.get_flag_value("--to") == "me"
    assert CommandArgs("a b c").get_remaining(1) == "b c"
    assert (CommandArgs("").is_empty, CommandArgs("").get_arg(2, "x"), CommandArgs("a b").count()) == (True, "x", 2)


def test_the_flavour_is_told_from_the_files(tmp_path: Path) -> None:
    assert flavour_of(EXAMPLE) is Flavour.CLASSIC
    assert flavour_of(REPOSITORY / "examples" / "echo_plugin") is Flavour.NEO
    assert flavour_of(make_classic(tmp_path, PLUGIN)) is Flavour.CLASSIC
    write(tmp_path / "bare", {"plugin.py": "from src.plugin_system import BasePlugin"})
    assert flavour_of(tmp_path / "bare") is Flavour.CLASSIC
    assert flavour_of(tmp_path / "none") is Flavour.NEO


async def test_missing_packages_of_the_manifest_are_named_with_the_command(tmp_path: Path) -> None:
    folder = make_classic(tmp_path, PLUGIN)
    wanted = '["no-such-thing>=2", "pydantic", {"package_name": "nor_this"}]'
    manifest = f'{{"name": "p", "version": "1", "python_dependencies": {wanted}}}'
    (folder / "_manifest.json").write_text(manifest, encoding="utf-8")
    async with loaded(folder) as host:
        (line,) = host.logged("manifest asks for")
        assert "asks for no-such-thing>=2, nor_this, which" in line
        assert line.endswith(f"{sys.executable} -m pip install 'no-such-thing>=2' nor_this")


@pytest.fixture
def example(tmp_path: Path) -> Iterator[tuple[WorkerProcess, Path]]:
    folder = tmp_path / "classic_plugin"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".mpdt"))
    with WorkerProcess() as worker:
        load = worker.ask("load", path=str(folder))
        assert load["error"] is None
        yield worker, folder
        worker.ask("shutdown")


def test_the_example_runs_is_patched_and_reloaded(example: tuple[WorkerProcess, Path]) -> None:
    worker, folder = example
    kinds = [one["kind"] for one in worker.ask("state")["components"]]
    assert kinds == ["plus_command", "tool", "event_handler", "prompt"]
    assert worker.say("/roll 3d2")[0].count("+") == 2
    assert worker.say("/dice many") == ["many is no roll; try 2d6."]
    assert (
        len(worker.ask("call", kind="tool", name="roll_dice", arguments={"notation": "2d6"})["result"]["content"]) == 2
    )
    assert worker.ask("call", kind="prompt", name="dice_prompt")["result"] == "You can roll dice."
    before = worker.ask("state")["instance_id"]
    edit(folder, "is no roll", "is not a roll", "dice.py")
    assert worker.ask("refresh", files=[str(folder / "dice.py")])["outcome"] == "patched"
    assert worker.say("/dice many") == ["many is not a roll; try 2d6."]
    assert worker.ask("state")["instance_id"] == before
    assert worker.ask("reload")["outcome"] == "reloaded"
    assert worker.say("/dice many") == ["many is not a roll; try 2d6."]


def test_a_patch_that_adds_a_component_registers_it(example: tuple[WorkerProcess, Path]) -> None:
    worker, folder = example
    command = (
        'class Coin(PlusCommand):\n    command_name = "coin"\n\n    async def execute(self, args):\n'
        '        await self.send_text("heads")\n        return True, None, True\n\n\n@register_plugin'
    )
    edit(folder, "@register_plugin", command)
    edit(folder, "(DiceTool.get_tool_info(), DiceTool),", "(Coin.get_plus_command_info(), Coin),")
    report = worker.ask("refresh", files=[str(folder / "plugin.py")])
    assert report["outcome"] == "patched", report
    assert worker.say("/coin") == ["heads"]
    assert "tool" not in [one["kind"] for one in worker.ask("state")["components"]]
