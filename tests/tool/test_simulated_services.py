"""Scheduler, prompts, reminders, streams, chatters and routers of the simulated core."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mpdt.worker.cores import Stimulus, StimulusKind
from mpdt.worker.cores.simulated.prompts import header, join_blocks, min_len, optional, trim, wrap
from mpdt.worker.cores.simulated.scheduler import next_cron
from mpdt.worker.cores.simulated.vectors import VectorDBBase
from mpdt.worker.errors import WorkerError
from tests.tool.worker_kit import Hosted, hosted, loaded, make_plugin

HEAD = """
import asyncio
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import *
from src.app.plugin_system.types import EventType
from src.kernel.event import EventDecision
from src.kernel.logger import get_logger

logger = get_logger("probe")
PARTS = []

def part(cls):
    PARTS.append(cls)
    return cls

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return PARTS

"""

SCHEDULES = (
    HEAD
    + """
    async def on_plugin_loaded(self):
        from src.kernel.scheduler import TriggerType, get_unified_scheduler
        self.scheduler = get_unified_scheduler()
        create = self.scheduler.create_schedule
        await create(self.tick, TriggerType.TIME, {"delay_seconds": 3600}, task_name="later", callback_args=("later",))
        await create(self.tick, TriggerType.TIME, {"delay_seconds": 0}, task_name="soon", callback_args=("soon",))
        await create(self.tick, TriggerType.EVENT, {"event_name": "bell"}, True, "bell", ("bell",))
        await create(self.tick, TriggerType.TIME, {"interval": 5}, True, "never", ("never",))
        await create(self.fail, TriggerType.TIME, {"cron": "*/5 * * * *"}, True, "cron")

    async def tick(self, what):
        logger.info(f"tick {what}")

    async def fail(self):
        raise LookupError("no clock")
"""
)


async def drive(host: Hosted, kind: str, name: str, **arguments: Any) -> Any:
    driven = await host.mini_core.drive(Stimulus(StimulusKind(kind), name, arguments))
    assert driven.error is None, driven.error.traceback
    return driven.result


async def logged(host: Hosted, text: str) -> None:
    """Wait until the line is there."""
    async with asyncio.timeout(10):
        while not host.logged(text):
            await asyncio.sleep(0)


async def test_a_schedule_runs_by_its_time_by_hand_and_by_event(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": SCHEDULES})) as host:
        await logged(host, "tick soon")
        assert not host.logged("tick later")
        assert (await drive(host, "schedule", "later"))["succeeded"] is True
        assert host.logged("tick later")
        await drive(host, "event", "bell")
        assert host.logged("tick bell")


async def test_a_schedule_that_fails_says_so_and_stays(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": SCHEDULES})) as host:
        for count in (1, 2):
            outcome = await drive(host, "schedule", "cron")
            assert (outcome["succeeded"], outcome["schedule"]["failure_count"]) == (False, count)
        assert any("no clock" in line for line in host.logged("Schedule 'cron' failed"))


async def test_a_trigger_that_says_no_time_is_told(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": SCHEDULES})) as host:
        assert "its trigger says interval" in host.logged("Schedule 'never' will never run")[0]
        with pytest.raises(WorkerError, match=r"no schedule 'latre'; did you mean 'later'\?"):
            await drive(host, "schedule", "latre")


async def test_schedules_end_with_the_plugin(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": SCHEDULES})) as host:
        await logged(host, "tick soon")
        await host.mini_core.unload_plugin()
        assert [task for task in asyncio.all_tasks() if task.get_name().startswith("schedule")] == []


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("*/5 * * * *", "2026-01-01 10:05"),
        ("30 9 * * *", "2026-01-02 09:30"),
        ("0 0 1 2-3 *", "2026-02-01 00:00"),
        ("15,45 10 * * *", "2026-01-01 10:15"),
        ("0 12 * * 0", "2026-01-04 12:00"),
    ],
)
def test_a_cron_line_names_the_next_moment(line: str, moment: str) -> None:
    assert next_cron(line, datetime(2026, 1, 1, 10, 0, 30)) == datetime.fromisoformat(moment)


def test_what_is_no_cron_line_is_refused() -> None:
    with pytest.raises(ValueError, match="five fields"):
        next_cron("* * *", datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="never comes"):
        next_cron("0 0 31 2 *", datetime(2026, 1, 1))


PROMPTS = (
    HEAD
    + """
    async def on_plugin_loaded(self):
        from src.core.prompt import get_prompt_manager, get_system_reminder_store, optional, wrap
        policies = {"mood": optional("calm"), "name": wrap("<", ">")}
        template = get_prompt_manager().get_or_create("greet", "Hi {name}, {mood}. {rest}", policies)
        logger.info("built: " + await template.set("name", "Ann").build())
        logger.info("partly: " + template.build_partial())
        logger.info("copy: " + repr(get_prompt_manager().get_template("greet").values))
        store = get_system_reminder_store()
        store.set("actor", "mood", "be kind")
        store.set("actor", "time", "it is late")
        logger.info("reminder: " + store.get("actor").replace("\\n", "/").replace("[", "(").replace("]", ")"))
        gone = store.delete("actor", "mood"), store.delete("actor", "mood")
        logger.info(f"gone: {gone} {store.get_items('actor')[0].content}")

@part
class Loud(BaseEventHandler):
    handler_name = "loud"
    init_subscribe = ["on_prompt_build"]

    async def execute(self, event_name, params):
        return EventDecision.SUCCESS, {**params, "values": {**params["values"], "rest": "LOUD"}}
"""
)


async def test_templates_reminders_and_who_may_change_them(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": PROMPTS})) as host:
        assert host.logged("built: Hi <Ann>, calm. ")
        assert host.logged("partly: Hi <Ann>, {mood}. {rest}")
        assert host.logged("copy: {}")
        assert host.logged("reminder: (mood)/be kind//(time)/it is late")
        assert host.logged("gone: (True, False) it is late")
        await host.mini_core.unload_plugin()
        await host.mini_core.load_plugin()
        assert len(host.logged("copy: {}")) == 2, "a new load begins without the old one's templates"


def test_policies_render() -> None:
    assert optional("-")("  ") == "-"
    assert optional("-")(0) == "0"
    assert trim().then(min_len(3)).then(header("# T"))(" ab ") == ""
    assert trim().then(min_len(2)).then(header("# T"))(" ab ") == "# T\nab"
    assert wrap("(", ")")([]) == ""
    assert join_blocks("; ")(["a ", None, "", "b"]) == "a; b"


CHATTER = (
    HEAD
    + """
    pass

@part
class Talk(BaseChatter):
    chatter_name = "talk"

    async def execute(self):
        event = None
        while True:
            lines, unread = await self.fetch_unreads()
            if not unread:
                event = yield Wait()
                continue
            await self.flush_unreads(unread)
            said = unread[-1].content
            if said == "fail":
                yield Failure("no")
            elif said == "stop":
                yield Stop(5)
            elif said == "crash":
                raise LookupError("broken")
            else:
                await send_text(f"{said} after {getattr(event, 'source', None)}", self.stream_id)
                yield Success(said)
            event = yield Wait(1)
"""
)


async def test_a_chatter_answers_messages_and_goes_on_where_it_waited(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": CHATTER})) as host:
        assert await host.say("one") == ["one after None"]
        assert await drive(host, "chatter", "talk") == [{"step": "Wait", "time": 1}]
        assert await host.say("two") == ["two after message"]
        assert await host.say("three", user="other") == ["three after None"], "another stream has its own"


async def test_a_chatters_steps_are_told(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": CHATTER})) as host:
        steps = await drive(host, "chatter", "talk", text="hello", steps=2)
        assert steps == [{"step": "Success", "message": "hello", "data": None}, {"step": "Wait", "time": 1}]
        assert await drive(host, "chatter", "talk", text="fail") == [{"step": "Failure", "error": "no"}]
        waited, stopped = await drive(host, "chatter", "talk", text="stop", steps=2)
        assert (waited["step"], stopped) == ("Wait", {"step": "Stop", "time": 5})
        await host.say("crash")
        assert host.logged("probe:chatter:talk failed: LookupError('broken')")
        assert await host.say("again") == ["again after None"]


ROUTER = (
    HEAD
    + """
    pass

@part
class Web(BaseRouter):
    router_name = "web"

    def register_endpoints(self):
        @self.app.get("/items/{number}")
        async def item(number: int, loud: bool = False):
            return {"number": number, "loud": loud}

        @self.app.post("/items")
        async def add(item: dict):
            return {"added": item["name"]}
"""
)


async def test_a_route_is_requested_without_a_server(tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    async with loaded(make_plugin(tmp_path, {"plugin.py": ROUTER})) as host:
        answer = await drive(host, "route", "web", path="/items/3", query={"loud": "true"})
        assert (answer["status"], answer["body"]) == (200, {"number": 3, "loud": True})
        answer = await drive(host, "route", "web", method="POST", path="/items", body={"name": "hat"})
        assert answer["body"] == {"added": "hat"}
        assert (await drive(host, "route", "web", path="/none"))["status"] == 404
        (web,) = host.core.components()
        assert web.schema is not None
        assert {"method": "GET", "path": "/items/{number}"} in web.schema["routes"]


async def test_without_fastapi_a_router_is_named_and_the_plugin_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fastapi", None)
    async with loaded(make_plugin(tmp_path, {"plugin.py": ROUTER})) as host:
        assert host.logged("A router needs FastAPI, which this interpreter has not got: pip install fastapi")


async def test_streams_know_what_was_said(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path)) as host:
        await host.say("hello", user="ann", group="tea")
        await host.say("/probe x", user="ann", group="tea")
        from src.app.plugin_system.api import message_api, stream_api

        (stream_id,) = stream_api.get_all_stream_ids()
        said = await message_api.get_recent_messages(stream_id)
        assert [(row["sender_name"], row["processed_plain_text"]) for row in said] == [
            ("ann", "hello"),
            ("Bot", "one x"),
        ]
        assert len(await message_api.get_recent_messages(stream_id, filter_bot=True)) == 1
        assert (await message_api.build_readable_messages_to_str(said)).endswith("Bot: one x")
        info = await stream_api.get_stream_info(stream_id)
        assert (info["group_id"], info["person_nickname"]) == ("tea", "ann")
        assert await stream_api.load_and_clear_context(stream_id) is True
        assert await message_api.get_recent_messages(stream_id) == []


async def test_the_database_is_a_file_in_the_bots_folder(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    pytest.importorskip("aiosqlite")
    async with hosted(make_plugin(tmp_path)) as host:
        from sqlalchemy import Integer, Text
        from sqlalchemy.orm import DeclarativeBase, mapped_column
        from src.app.plugin_system.api.storage_api import PluginDatabase
        from src.core.models.sql_alchemy import PersonInfo
        from src.kernel.db import CRUDBase, QueryBuilder

        crud = CRUDBase(PersonInfo)
        ann = await crud.create({"person_id": "1", "nickname": "Ann", "attitude": 3})
        await crud.create({"person_id": "2", "nickname": "Bob", "attitude": 5})
        assert (await crud.get(ann.id)).nickname == "Ann"
        found = await QueryBuilder(PersonInfo).filter(attitude__gt=3).order_by("-attitude").all(as_dict=True)
        assert [row["nickname"] for row in found] == ["Bob"]
        assert (host.folder / ".mpdt" / "data" / "bot.db").is_file()

        class Base(DeclarativeBase): ...

        class Note(Base):
            __tablename__ = "notes"
            id = mapped_column(Integer, primary_key=True)
            text = mapped_column(Text)

        own = PluginDatabase("data/notes.db", [Note])
        await own.initialize()
        await own.crud(Note).create({"text": "x"})
        assert await own.query(Note).count() == 1
        await own.close()
        await host.core.end_kept()


async def test_vectors_are_found_by_likeness_and_metadata() -> None:
    database = VectorDBBase()
    data = [{"kind": "a"}, {"kind": "b"}]
    await database.add("c", [[1.0, 0.0], [0.0, 1.0]], ["x", "y"], data, ["1", "2"])
    assert (await database.query("c", [[0.9, 0.1]], 1))["ids"] == [["1"]]
    assert (await database.query("c", [[0.9, 0.1]], 2, where={"kind": {"$ne": "a"}}))["ids"] == [["2"]]
    await database.delete("c", where={"$or": [{"kind": "a"}, {"kind": "x"}]})
    assert (await database.get("c"))["documents"] == ["y"]
