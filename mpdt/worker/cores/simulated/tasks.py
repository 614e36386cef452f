"""Managed background tasks: ``get_task_manager().create_task(...)`` and groups of tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from mpdt.language import _
from mpdt.worker.cores.simulated import runtime

GRACE = 2.0  # seconds that cancelled tasks of a group are waited for


class ConcurrencyError(Exception):
    pass


class TaskNotFoundError(ConcurrencyError):
    def __init__(self, task_id: str) -> None:
        super().__init__(_("There is no task {task_id}.", task_id=task_id))
        self.task_id = task_id


class TaskGroupError(ConcurrencyError):
    pass


@dataclass
class TaskInfo:
    """One managed task."""

    task_id: str = field(default_factory=lambda: str(uuid4()))
    name: str | None = None
    coro: Coroutine[Any, Any, Any] | None = None
    task: asyncio.Task[Any] | None = None
    daemon: bool = False
    timeout: float | None = None
    created_at: datetime = field(default_factory=datetime.now)
    group_name: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def is_done(self) -> bool:
        return self.task is not None and self.task.done()

    def is_cancelled(self) -> bool:
        return self.task is not None and self.task.cancelled()

    def is_failed(self) -> bool:
        return self.is_done() and not self.is_cancelled() and self.get_exception() is not None

    def get_exception(self) -> BaseException | None:
        return self.task.exception() if self.task else None

    def get_result(self) -> Any:
        return self.task.result() if self.task else None

    def cancel(self) -> bool:
        return self.task.cancel() if self.task else False


def start(info: TaskInfo) -> TaskInfo:
    """Run the task's coroutine. Raises RuntimeError outside a running loop."""
    if info.coro is None:
        raise ConcurrencyError(_("A task needs a coroutine."))
    info.task = asyncio.get_running_loop().create_task(info.coro, name=info.name)
    return info


@dataclass
class TaskGroup:
    """Tasks that end together: leaving the ``async with`` waits for them."""

    name: str
    timeout: float | None = None
    cancel_on_error: bool = True
    tasks: list[TaskInfo] = field(default_factory=list)
    active: bool = False

    def create_task(self, coro: Coroutine[Any, Any, Any], name: str | None = None) -> TaskInfo:
        if not self.active:
            coro.close()
            raise TaskGroupError(_("Task group '{name}' is not active: use it with `async with`.", name=self.name))
        info = start(TaskInfo(name=name, coro=coro, group_name=self.name))
        self.tasks.append(info)
        return info

    async def __aenter__(self) -> TaskGroup:
        self.active = True
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        self.active = False
        pending = [one.task for one in self.tasks if one.task and not one.is_done()]
        try:
            if pending and error is None:
                await asyncio.wait(pending, timeout=self.timeout)
        finally:
            await self._cancel([task for task in pending if not task.done()])
        failures = [one.get_exception() for one in self.tasks if one.is_failed()]
        if error is None and failures and failures[0] is not None:
            raise failures[0]
        return False

    async def _cancel(self, tasks: list[asyncio.Task[Any]]) -> None:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE)

    def is_active(self) -> bool:
        return self.active

    def get_task_count(self) -> int:
        return len(self.tasks)

    def get_active_task_count(self) -> int:
        return sum(not one.is_done() for one in self.tasks)


class TaskManager:
    """The managed tasks of one version of the plugin; they are cancelled when it is unloaded."""

    def __init__(self) -> None:
        self._tasks: dict[str, TaskInfo] = {}
        self._groups: dict[str, TaskGroup] = {}

    def create_task(
        self,
        coro: Coroutine[Any, Any, Any],
        name: str | None = None,
        daemon: bool = False,
        timeout: float | None = None,
        group_name: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> TaskInfo:
        """Run a coroutine in the background. Raises RuntimeError outside a running loop."""
        info = TaskInfo(
            name=name,
            coro=coro,
            daemon=daemon,
            timeout=timeout,
            group_name=group_name,
            metadata=metadata or {},
        )
        info.name = name or f"task_{info.task_id[:8]}"
        self._tasks[info.task_id] = start(info)
        return info

    async def to_process(
        self,
        func: Callable[..., Any],
        *args: Any,
        timeout: float | None = 15.0,  # noqa: ASYNC109 - the real core's signature
        **kwargs: Any,
    ) -> Any:
        """Call ``func`` away from the loop; here in a thread, for a child process would import other code."""
        return await asyncio.wait_for(asyncio.to_thread(func, *args, **kwargs), timeout)

    def get_task(self, task_id: str) -> TaskInfo:
        """Raises TaskNotFoundError."""
        if task_id not in self._tasks:
            raise TaskNotFoundError(task_id)
        return self._tasks[task_id]

    def cancel_task(self, task_id: str) -> bool:
        return task_id in self._tasks and self._tasks[task_id].cancel()

    async def wait_all_tasks(self) -> None:
        pending = [one.task for one in self._tasks.values() if one.task and not one.daemon and not one.is_done()]
        if pending:
            await asyncio.wait(pending)

    def group(self, name: str, timeout: float | None = None, cancel_on_error: bool = True) -> TaskGroup:
        return self._groups.setdefault(name, TaskGroup(name, timeout, cancel_on_error))

    async def gather(
        self,
        *coros: Coroutine[Any, Any, Any],
        return_exceptions: bool = False,
        group_name: str | None = None,
    ) -> list[Any]:
        infos = [self.create_task(coro, group_name=group_name) for coro in coros]
        tasks = [info.task for info in infos if info.task]
        return list(await asyncio.gather(*tasks, return_exceptions=return_exceptions))

    def cleanup_tasks(self) -> int:
        done = [task_id for task_id, info in self._tasks.items() if info.is_done()]
        for task_id in done:
            del self._tasks[task_id]
        return len(done)

    def get_all_tasks(self) -> list[TaskInfo]:
        return list(self._tasks.values())

    def get_active_tasks(self) -> list[TaskInfo]:
        return [info for info in self._tasks.values() if not info.is_done()]

    def get_task_count(self) -> int:
        return len(self._tasks)

    def get_active_task_count(self) -> int:
        return len(self.get_active_tasks())

    def get_stats(self) -> dict[str, Any]:
        active = self.get_active_tasks()
        return {
            "total_tasks": len(self._tasks),
            "active_tasks": len(active),
            "daemon_tasks": sum(info.daemon for info in active),
            "groups": len(self._groups),
        }


def get_task_manager(process_workers: int | None = None) -> TaskManager:
    return runtime.registrations().tasks
