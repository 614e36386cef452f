"""Schedules; here they run when they are triggered only."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import uuid4


class TriggerType(Enum):
    TIME = "time"
    EVENT = "event"


@dataclass
class ScheduleTask:
    schedule_id: str
    task_name: str
    callback: Any
    trigger_type: TriggerType
    trigger_config: dict[str, Any]
    is_recurring: bool = False
    trigger_count: int = 0
    success_count: int = 0
    last_error: Exception | None = None


class UnifiedScheduler:
    def __init__(self) -> None:
        self._tasks: dict[str, ScheduleTask] = {}
        self._tasks_by_name: dict[str, str] = {}
        self._event_subscriptions: dict[Any, set[str]] = defaultdict(set)
        self._completed_tasks: list[ScheduleTask] = []

    async def create_schedule(
        self, callback: Any, trigger_type: TriggerType, trigger_config: dict[str, Any], task_name: str = "", **more: Any
    ) -> str:
        task = ScheduleTask(uuid4().hex, task_name, callback, trigger_type, trigger_config, **more)
        if task_name in self._tasks_by_name:
            raise ValueError(f"there is a schedule {task_name} already")
        self._tasks[task.schedule_id] = task
        self._tasks_by_name[task_name] = task.schedule_id
        if trigger_type is TriggerType.EVENT:
            self._event_subscriptions[trigger_config["event_name"]].add(task.schedule_id)
        return task.schedule_id

    async def remove_schedule(self, schedule_id: str) -> bool:
        task = self._tasks.pop(schedule_id)
        self._tasks_by_name.pop(task.task_name, None)
        self._event_subscriptions.get(task.trigger_config.get("event_name"), set()).discard(schedule_id)
        return True

    async def trigger_schedule(self, schedule_id: str) -> bool:
        task = self._tasks[schedule_id]
        task.trigger_count += 1
        try:
            result = task.callback()
            await result if asyncio.iscoroutine(result) else None
            task.success_count, task.last_error = task.success_count + 1, None
        except Exception as error:
            task.last_error = error
        if not task.is_recurring:
            await self.remove_schedule(schedule_id)
            self._completed_tasks.append(task)
        return task.last_error is None


unified_scheduler = UnifiedScheduler()
