from enum import Enum
from types import SimpleNamespace
from typing import Any
from uuid import uuid4


class TriggerType(Enum):
    TIME = "time"


class Scheduler:
    def __init__(self) -> None:
        self._tasks: dict[str, Any] = {}
        self._tasks_by_name: dict[str, str] = {}
        self._event_subscriptions: dict[str, set[str]] = {}
        self._completed_tasks: list[Any] = []

    async def create_schedule(
        self,
        callback: Any,
        trigger_type: TriggerType,
        trigger_config: dict[str, Any],
        is_recurring: bool = False,
        task_name: str = "",
    ) -> str:
        if task_name in self._tasks_by_name:
            raise ValueError(f"There is a schedule {task_name} already.")
        number = uuid4().hex
        self._tasks[number] = SimpleNamespace(task_name=task_name, callback=callback, schedule_id=number)
        self._tasks[number].trigger_type, self._tasks[number].trigger_config = trigger_type, trigger_config
        self._tasks_by_name[task_name] = number
        return number

    async def remove_schedule(self, schedule_id: str) -> bool:
        task = self._tasks.pop(schedule_id, None)
        if task is not None:
            self._tasks_by_name.pop(task.task_name, None)
        return task is not None

    async def list_tasks(self) -> list[dict[str, str]]:
        return [{"task_name": task.task_name, "schedule_id": number} for number, task in self._tasks.items()]

    async def trigger_schedule(self, schedule_id: str) -> bool:
        await self._tasks[schedule_id].callback()
        return True

    async def get_task_info(self, schedule_id: str) -> dict[str, str]:
        return {"task_name": self._tasks[schedule_id].task_name}


_scheduler = Scheduler()


def get_unified_scheduler() -> Scheduler:
    return _scheduler
