import asyncio
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import uuid4


@dataclass
class TaskInfo:
    task_id: str
    coro: Any
    task: Any = None

    def cancel(self) -> None:
        self.task.cancel()


class TaskManager:
    """Keeps what is done, with its coroutine."""

    def __init__(self) -> None:
        self._tasks: dict[str, TaskInfo] = {}
        self._lock = Lock()

    def create_task(self, coro: Any, name: str | None = None, daemon: bool = False) -> TaskInfo:
        info = TaskInfo(uuid4().hex, coro)
        info.task = asyncio.create_task(coro, name=name)
        self._tasks[info.task_id] = info
        return info

    def cancel_task(self, task_id: str) -> bool:
        return bool(self._tasks[task_id].task.cancel())


_manager = TaskManager()


def get_task_manager() -> TaskManager:
    return _manager
