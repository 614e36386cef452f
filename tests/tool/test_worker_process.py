"""The real worker process, spoken to as the supervisor does."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tool.worker_kit import EXAMPLE, REPOSITORY, Refused, WorkerProcess, edit, make_plugin, write


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "echo_plugin", ignore=shutil.ignore_patterns(".mpdt")))


def test_says_hello_with_the_token_and_its_pid() -> None:
    with WorkerProcess() as worker:
        assert worker.hello.token == worker.token
        assert worker.hello.pid == worker.process.pid
        assert worker.ask("shutdown") == {}
        assert worker.process.wait(5) == 0


def test_the_example_answers_a_message(example: Path) -> None:
    with WorkerProcess() as worker:
        load = worker.ask("load", path=str(example), core="simulated")
        assert load["loaded"]
        assert load["plugin"] == "echo"
        assert load["error"] is None
        assert worker.say("/echo hello") == ["echo #1: hello"]
        assert worker.say("/echo say hi 3") == ["echo #2: hi hi hi"]
        assert worker.say("/echo shout hi") == ["echo #3: HI!"]
        assert worker.say("/echo last 2") == ["hi, hi"]
        assert worker.say("hello", user="Ada") == ["Hello, Ada."]


def test_a_full_reload_brings_the_edit_and_the_old_tasks_go(example: Path) -> None:
    with WorkerProcess() as worker:
        worker.ask("load", path=str(example), core="simulated")
        edit(example, "echo #{number}", "ECHO #{number}", "text.py")
        reload = worker.ask("reload", files=[str(example / "text.py")])
        assert reload["outcome"] == "reloaded", reload
        assert reload["error"] is None
        assert reload["leaks"] == []
        assert worker.say("/echo hello") == ["ECHO #1: hello"]
        assert [task["name"] for task in worker.ask("state")["tasks"]] == ["echo heartbeat"]


def test_the_state_lists_what_is_registered_and_runs(example: Path) -> None:
    with WorkerProcess() as worker:
        assert worker.ask("state")["loaded"] is False
        worker.ask("load", path=str(example), core="simulated")
        state = worker.ask("state")
        kinds = [(one["kind"], one["name"]) for one in state["components"]]
        assert kinds == [
            ("command", "echo"),
            ("tool", "count_words"),
            ("event_handler", "greeter"),
            ("service", "history"),
            ("config", "config"),
        ]
        assert state["loop"] == "running"
        assert {"echo_plugin.plugin", "echo_plugin.components.command"} <= set(state["modules"])
        assert worker.ask("state")["instance_id"] == state["instance_id"]


def test_credentials_leave_the_environment(tmp_path: Path) -> None:
    code = """
    import os
    LEFT = [name for name in os.environ if name.startswith("MPDT_WORKER")]
    """
    folder = make_plugin(tmp_path, {"env.py": code})
    edit(folder, "logger = get_logger", "from .env import LEFT\nlogger = get_logger")
    edit(folder, 'f"one {text}"', "str(LEFT)")
    with WorkerProcess() as worker:
        worker.ask("load", path=str(folder), core="simulated")
        assert worker.say("/probe") == ["[]"]


def test_without_a_supervisor_it_says_so() -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MPDT_")}
    clean["PYTHONPATH"] = str(REPOSITORY)
    done = subprocess.run([sys.executable, "-m", "mpdt.worker"], env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "The worker is started by `mpdt dev`, not by hand.\n"


def test_a_broken_plugin_leaves_the_worker_up_and_is_tried_again(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    edit(folder, "class ProbePlugin(BasePlugin):", "class ProbePlugin(BasePlugin)")
    with WorkerProcess() as worker:
        load = worker.ask("load", path=str(folder), core="simulated")
        assert load["loaded"] is False
        assert load["error"]["type"] == "SyntaxError"
        assert Path(load["error"]["file"]) == folder / "plugin.py"
        assert load["error"]["line"] == 19
        with pytest.raises(Refused, match="No version of the plugin is loaded"):
            worker.say("/probe")
        assert worker.ask("reload", files=[])["outcome"] == "failed"
        edit(folder, "class ProbePlugin(BasePlugin)", "class ProbePlugin(BasePlugin):")
        assert worker.ask("reload", files=[])["outcome"] == "reloaded"
        assert worker.say("/probe a") == ["one a"]


def test_answers_while_the_plugins_loop_is_blocked(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    edit(
        folder,
        "await send_text(f",
        f"logger.info('blocking')\n        open({str(gate)!r}).read()\n        await send_text(f",
    )
    with WorkerProcess() as worker:
        worker.ask("load", path=str(folder), core="simulated")
        message = worker.send("message", text="/probe late")
        worker.wait_for_log("blocking")
        state = worker.ask("state")
        assert state["loop"] == "blocked"
        assert f"{folder / 'plugin.py'}:15 in ProbeCommand.handle" in state["blocked_at"]
        gate.write_text("go on", encoding="utf-8")
        result = worker.receive(message).result
        assert result is not None
        assert result["replies"][0]["content"] == "one late"
        assert worker.ask("state")["loop"] == "running"


def test_shutdown_ends_a_worker_whose_loop_is_blocked(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    edit(
        folder,
        "await send_text(f",
        "logger.info('blocking')\n        __import__('threading').Event().wait()\n        await send_text(f",
    )
    with WorkerProcess() as worker:
        worker.ask("load", path=str(folder), core="simulated")
        worker.send("message", text="/probe")
        worker.wait_for_log("blocking")
        assert worker.ask("shutdown") == {}
        assert worker.process.wait(2) == 0


def test_the_end_of_the_connection_unloads_the_plugin(tmp_path: Path) -> None:
    mark = tmp_path / "unloaded"
    folder = make_plugin(tmp_path)
    edit(folder, 'logger.info("unloaded")', f"open({str(mark)!r}, 'w').close()")
    with WorkerProcess() as worker:
        worker.ask("load", path=str(folder), core="simulated")
        worker.lines.close()
        worker.connection.shutdown(2)
        worker.connection.close()
        assert worker.process.wait(5) == 0
    assert mark.exists()


def test_interrupting_the_worker_does_nothing(tmp_path: Path) -> None:
    with WorkerProcess() as worker:
        worker.ask("load", path=str(make_plugin(tmp_path)), core="simulated")
        worker.process.send_signal(signal.SIGINT)
        assert worker.say("/probe still") == ["one still"]


def test_a_plugin_that_leaves_the_process_takes_only_the_worker(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    edit(folder, "await send_text(f", "__import__('os')._exit(7)\n        await send_text(f")
    with WorkerProcess() as worker:
        worker.ask("load", path=str(folder), core="simulated")
        worker.send("message", text="/probe")
        assert worker.process.wait(5) == 7


def test_prints_and_log_records_reach_the_supervisor(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    record = "__import__('logging').getLogger('std').warning('recorded')"
    edit(folder, "await send_text(f", f"print('printed')\n        {record}\n        await send_text(f")
    with WorkerProcess() as worker:
        worker.ask("load", path=str(folder), core="simulated")
        assert worker.wait_for_log("loaded") == {"level": "INFO", "logger": "probe", "message": "loaded"}
        worker.say("/probe")
        assert worker.wait_for_log("recorded")["logger"] == "std"
        assert worker.process.stdout is not None
        assert worker.process.stdout.readline() == b"printed\n"
        worker.ask("shutdown")
        assert worker.wait_for_log("unloaded")["logger"] == "probe"


def test_a_thread_of_the_plugin_does_not_keep_the_process(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    write(folder, {"extra.py": "import threading\nthreading.Thread(target=threading.Event().wait).start()\n"})
    edit(folder, "logger = get_logger", "from . import extra\nlogger = get_logger")
    with WorkerProcess() as worker:
        worker.ask("load", path=str(folder), core="simulated")
        worker.ask("shutdown")
        assert worker.process.wait(2) == 0


def test_an_unknown_core_and_an_unknown_role_are_refused(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    with WorkerProcess() as worker:
        with pytest.raises(Refused, match="There is no core 'nonesuch'"):
            worker.ask("load", path=str(folder), core="nonesuch")
        worker.ask("load", path=str(folder), core="simulated")
        with pytest.raises(Refused, match="'king' is no permission level"):
            worker.say("/probe", role="king")
