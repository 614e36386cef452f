"""``mpdt dev --replay``: the last message is sent again after each change, and what differs is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mpdt.commands.replaying import difference
from tests.e2e.conftest import Dev

Serve = Callable[..., Dev]


@pytest.mark.parametrize("options", [["--patch-live"], []])
def test_the_last_message_again_after_each_change(serve: Serve, options: list[str]) -> None:
    dev = serve("--replay", *options)
    dev.ready()
    assert dev.say("/echo say hello") == ["echo #1: hello"]
    dev.edit("text.py", 'return f"echo #{number}: {text}"', 'return f"said {text}"')
    again = dev.wait(lambda event: event["event"] == "replay")
    assert again["text"] == "/echo say hello"
    assert again["difference"] == ["- text: echo #1: hello", "+ text: said hello"]
    dev.edit("text.py", 'return f"said {text}"', 'return "said " + text')
    again = dev.wait(lambda event: event["event"] == "replay")
    assert (again["after"], again["difference"]) == (["text: said hello"], [])


def test_the_difference_keeps_the_order() -> None:
    assert difference(["a", "b", "c"], ["a", "c", "d"]) == ["- b", "+ d"]
    assert difference(["a"], ["a"]) == []
