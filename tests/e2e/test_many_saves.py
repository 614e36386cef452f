"""Saves in masses, in a folder that goes away, and on a drive that reports nothing, through a real ``mpdt dev``."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import DEADLINE, Dev, Event

from tests.tool.worker_kit import make_plugin

Serve = Callable[..., Dev]
PLUGIN = """
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import BaseCommand, BasePlugin, cmd_route, register_plugin

VERSION = 0


class ProbeCommand(BaseCommand):
    command_name = "probe"

    @cmd_route()
    async def handle(self):
        self.plugin.seen += 1
        await send_text(f"{VERSION} {self.plugin.seen}", stream_id=self.stream_id)
        return True, ""


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def __init__(self, config=None):
        super().__init__(config)
        self.seen = 0

    def get_components(self):
        return [ProbeCommand]
"""
BROKEN = ("VERSION = = 0", "VERSION = 1 / 0", "import nonesuch", "raise SystemExit", "")
GOOD_ENDINGS = frozenset({"patched", "reloaded", "unchanged"})


class Saver:
    """Saves one version after the other, in the ways of editors; some are broken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last = 0
        self._chance = random.Random(7)

    def text(self) -> str:
        return PLUGIN.replace("VERSION = 0", f"VERSION = {self.last}")

    def save(self, *, broken: bool = False) -> None:
        text = self.text()
        if broken:
            fault = self._chance.choice(BROKEN)
            text = text.replace(f"VERSION = {self.last}", fault) if fault else text[: len(text) // 2]
        else:
            self.last += 1
            text = self.text()
        if self._chance.random() < 0.5:
            self.path.with_suffix(".tmp").write_text(text)
            os.replace(self.path.with_suffix(".tmp"), self.path)
        else:
            self.path.write_text(text)

    def save_for(self, seconds: float, rate: float) -> int:
        started, count = time.monotonic(), 0
        while (ahead := started + count / rate - time.monotonic()) > -seconds and count < seconds * rate:
            time.sleep(max(0.0, ahead))  # the rate is what is asked for
            self.save(broken=self._chance.random() < 0.2)
            count += 1
        return count


class Talker:
    """Asks the plugin without a pause, and keeps what it answers."""

    def __init__(self, dev: Dev) -> None:
        self.dev = dev
        self.answers: list[list[str]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._talk)
        self._thread.start()

    def _talk(self) -> None:
        while not self._ended.wait(0.01):
            self.answers.append(self.dev.say("/probe"))

    def end(self) -> list[tuple[int, int]]:
        self._ended.set()
        self._thread.join()
        assert {len(one) for one in self.answers} <= {1}, "a message was answered twice, or not at all"
        return [(int(one[0].split()[0]), int(one[0].split()[1])) for one in self.answers]


def saves_in_masses(dev: Dev, seconds: float, rate: float) -> None:
    dev.ready()
    saver = Saver(dev.folder / "plugin.py")
    talker = Talker(dev)
    count = saver.save_for(seconds, rate)
    saver.save(broken=True)
    good = saver.last
    answers = talker.end()
    versions, counts = zip(*answers, strict=True)
    assert list(versions) == sorted(versions)  # never an older one again
    assert list(counts) == list(range(1, len(counts) + 1))  # no state was lost, at whatever moment
    saver.save()
    while (answer := dev.say("/probe"))[0].split()[0] != str(saver.last):
        version, seen = map(int, answer[0].split())
        assert (version <= good, seen) == (True, len(answers) + 1)
        answers.append((version, seen))
        dev.reload()
    assert answer == [f"{saver.last} {len(answers) + 1}"]
    dev.stop()
    rounds = [event["outcome"] for event in dev.rest() if event["event"] == "reload"]
    print(
        f"{count} saves in {seconds:.0f} s, {len(answers)} messages, {len(set(versions))} versions seen; "
        + ", ".join(f"{rounds.count(one)} {one}" for one in sorted(set(rounds)))
    )
    assert not {"failed", "restarted"} & set(rounds)


@pytest.mark.parametrize("options", [(), ("--patch-live",)], ids=["reload", "patch-live"])
def test_three_seconds_of_a_hundred_saves_a_second(serve: Serve, tmp_path: Path, options: tuple[str, ...]) -> None:
    folder = make_plugin(tmp_path.resolve(), {"plugin.py": PLUGIN})
    saves_in_masses(serve(*options, folder=folder), 3, 100)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("options", [(), ("--patch-live",), ("--poll",)], ids=["reload", "patch-live", "poll"])
def test_a_minute_of_a_hundred_saves_a_second(serve: Serve, tmp_path: Path, options: tuple[str, ...]) -> None:
    folder = make_plugin(tmp_path.resolve(), {"plugin.py": PLUGIN})
    saves_in_masses(serve(*options, folder=folder), 60, 100)


def until_live(dev: Dev, answer: str) -> Event:
    """The reload event after which the plugin answers so."""
    ends = time.monotonic() + DEADLINE
    while True:
        event = dev.reload()
        if event["outcome"] in GOOD_ENDINGS and dev.say("/probe") == [answer]:
            return event
        assert time.monotonic() < ends


@pytest.mark.parametrize("options", [(), ("--patch-live",), ("--poll",)], ids=["reload", "patch-live", "poll"])
def test_a_folder_that_goes_and_comes_back(serve: Serve, tmp_path: Path, options: tuple[str, ...]) -> None:
    folder = make_plugin(tmp_path.resolve(), {"plugin.py": PLUGIN})
    dev = serve(*options, folder=folder)
    dev.ready()
    assert dev.say("/probe") == ["0 1"]
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(folder)
    assert dev.reload()["outcome"] == "rejected"
    assert dev.say("/probe") == ["0 2"]
    (tmp_path / "copy" / "plugin.py").write_text(PLUGIN.replace("VERSION = 0", "VERSION = 5"))
    os.rename(tmp_path / "copy", folder)
    until_live(dev, "5 3")
    (folder / "plugin.py").write_text(PLUGIN.replace("VERSION = 0", "VERSION = 6"))
    until_live(dev, "6 4")


def test_a_worker_that_dies_while_the_folder_is_gone_is_followed_by_another_when_it_is_back(
    serve: Serve, tmp_path: Path
) -> None:
    folder = make_plugin(tmp_path.resolve(), {"plugin.py": PLUGIN})
    dev = serve(folder=folder)
    dev.ready()
    pid = dev.state()["worker"]["pid"]
    os.rename(folder, tmp_path / "away")
    assert dev.reload()["outcome"] == "rejected"
    os.kill(pid, 9)
    failed = dev.reload()
    assert (failed["outcome"], failed["error"]["type"]) == ("failed", "WorkerDied")
    os.rename(tmp_path / "away", folder)
    assert dev.reload()["outcome"] == "restarted"
    assert dev.say("/probe") == ["0 1"]
