"""A config that is written through the server is live at once, whatever the plugin did to the file just before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.e2e.conftest import Dev

# The worker reports an opening for writing that fails: for a while that report could explain another's write.
OPENS = """
    @cmd_route("open")
    async def handle_open(self) -> tuple[bool, str]:
        \"\"\"Opens the config file in a way that fails.\"\"\"
        from pathlib import Path

        file = Path(__file__).parent.parent / ".mpdt" / "config" / "plugins" / "echo" / "config.toml"
        try:
            open(file, "x")
        except FileExistsError:
            return await self._answer("it is there")
        return False, ""

    async def _answer("""


def test_a_report_of_the_plugins_swallows_no_config_that_is_written(serve: Callable[..., Dev], plugin: Path) -> None:
    dev = serve("--patch-live")
    dev.ready()
    dev.edit("components/command.py", "\n    async def _answer(", OPENS)
    config = dev.ask("GET", "/api/config")
    assert dev.say("/echo open") == ["it is there"]
    text = config["text"].replace("limit = 5", "limit = 3")
    answer = dev.ask("PUT", "/api/config", {"text": text, "hash": config["hash"]})
    event = dev.reload()
    assert (event["outcome"], event["config"]) == ("patched", {"echo.limit": {"old": 5, "new": 3}})
    assert dev.say("/echo say again 9")[0].count("again") == 3
    assert dev.ask("GET", "/api/config")["hash"] == answer["hash"]
