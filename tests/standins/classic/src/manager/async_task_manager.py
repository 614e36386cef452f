"""Tasks by name."""

import asyncio
from typing import Any


class AsyncTask:
    def __init__(self, task_name: str, wait_before_start: int = 0, run_interval: int = 0) -> None:
        self.task_name, self.run_interval = task_name, run_interval

    async def run(self) -> None:
        raise NotImplementedError

    async def start_task(self) -> None:
        while True:
            await self.run()
            if not self.run_interval:
                return
            await asyncio.sleep(self.run_interval)


class AsyncTaskManager:
    def __init__(self) -> None:
        self.tasks: dict[str, asyncio.Task[Any]] = {}

    async def add_task(self, task: AsyncTask) -> None:
        started = asyncio.create_task(task.start_task(), name=task.task_name)
        started.add_done_callback(lambda done: self.tasks.pop(task.task_name, None))
        self.tasks[task.task_name] = started


async_task_manager = AsyncTaskManager()
