"""The worker of a benchmark: the real one, which also says what is in its live modules. Run in the child only.

A message whose text begins with ``PROBE`` is not the plugin's: it carries checks, or asks for objects on the heap.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any

from mpdt.protocol import Hello, Operation, Request
from mpdt.worker.__main__ import prepare_process, take_credentials
from mpdt.worker.agent import Agent
from mpdt.worker.channel import Channel
from mpdt.worker.errors import WorkerError

PROBE = "\0mpdt-bench:"
ballast: list[list[int]] = []


def live_code(module: str, qualname: str) -> CodeType | None:
    """The code that a definition runs, looked up by name from ``sys.modules``."""
    found: Any = sys.modules.get(module)
    for name in qualname.split("."):
        found = getattr(found, "__dict__", {}).get(name)
    found = getattr(found, "__func__", found)
    code = getattr(found, "__code__", None)
    return code if isinstance(code, CodeType) else None


def code_on_disk(module: str, qualname: str) -> CodeType | None:
    """The code that the file now compiles to under that name; the last one, as a fresh import binds it."""
    path = sys.modules[module].__file__
    assert path is not None
    todo = [compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)]
    found = None
    while todo:
        code = todo.pop(0)
        found = code if code.co_qualname == qualname else found
        todo += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return found


def holds(check: Mapping[str, Any]) -> bool:
    """Is the check true of the live process?"""
    mod = sys.modules.get(check["module"])
    if mod is None:
        return False
    if check["expression"]:
        try:
            return bool(eval(check["expression"], {**vars(mod), "modules": sys.modules}))
        except (NameError, AttributeError, KeyError):
            return False
    code = live_code(check["module"], check["qualname"])
    if code is None or code != code_on_disk(check["module"], check["qualname"]):
        return False
    return check["marker"] is None or check["marker"] in code.co_consts


def fill(objects: int) -> None:
    """That many objects which the garbage collector knows, in place of those of before."""
    gc.disable()
    try:
        ballast[:] = [[number] for number in range(objects)]
    finally:
        gc.enable()


def probe(asked: Mapping[str, Any]) -> dict[str, Any]:
    if "heap" in asked:
        fill(int(asked["heap"]))
    checks = asked.get("checks", [])
    failed = [check for check in checks if not holds(check)]
    return {"replies": [], "timed_out": False, "failed": failed, "pid": os.getpid()}


class BenchAgent(Agent):
    def _dispatch(self, request: Request) -> None:
        text = str(request.parameters.get("text", ""))
        if request.operation is Operation.MESSAGE and text.startswith(PROBE):
            self._answer(request, lambda: probe(json.loads(text.removeprefix(PROBE))))
        else:
            super()._dispatch(request)


async def serve(channel: Channel) -> None:
    agent = BenchAgent(channel, asyncio.get_running_loop())
    agent.start()
    await agent.finished.wait()


def main() -> int:
    """The exit status, as the worker's own."""
    try:
        port, token = take_credentials()
        channel = Channel.connect(port)
    except WorkerError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    prepare_process()
    channel.send(Hello(token, os.getpid(), platform.python_version()))
    asyncio.run(serve(channel))
    return 0


if __name__ == "__main__":
    sys.exit(main())
