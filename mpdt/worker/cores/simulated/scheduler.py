"""Schedules: once, by interval or cron, on an event or a condition; each can be fired by hand."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import uuid4

from mpdt.language import _
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.runtime import kept, registrations
from mpdt.worker.cores.simulated.types import EventDecision

CONDITION_INTERVAL = 1.0  # seconds between two looks at a custom condition
CRON_LIMIT = 366 * 24 * 60  # minutes that the next moment of a cron line is looked for

logger = get_logger("scheduler")


class TriggerType(Enum):
    TIME = "time"
    EVENT = "event"
    CUSTOM = "custom"


class TaskStatus(Enum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    TIMEOUT = "timeout"


@dataclass
class SchedulerConfig:
    check_interval: float = 1.0
    task_default_timeout: float = 300.0
    max_concurrent_tasks: int = 100
    max_retries: int = 3
    retry_delay: float = 5.0


@dataclass
class ScheduleTask:
    schedule_id: str
    task_name: str
    callback: Callable[..., Any]
    trigger_type: TriggerType
    trigger_config: dict[str, Any]
    is_recurring: bool = False
    callback_args: tuple[Any, ...] = ()
    callback_kwargs: dict[str, Any] = field(default_factory=dict)
    timeout: float | None = None
    max_retries: int = 0
    status: TaskStatus = TaskStatus.PENDING
    created_at: datetime = field(default_factory=datetime.now)
    last_triggered_at: datetime | None = None
    trigger_count: int = 0
    success_count: int = 0
    failure_count: int = 0
    last_error: Exception | None = None
    driver: Any = field(default=None, repr=False)  # the task that waits for the trigger, or what ends a subscription

    def describe(self) -> dict[str, Any]:
        return {
            "schedule_id": self.schedule_id,
            "task_name": self.task_name,
            "trigger_type": self.trigger_type.value,
            "is_recurring": self.is_recurring,
            "status": self.status.value,
            "created_at": self.created_at.isoformat(),
            "last_triggered_at": self.last_triggered_at.isoformat() if self.last_triggered_at else None,
            "trigger_count": self.trigger_count,
            "success_count": self.success_count,
            "failure_count": self.failure_count,
            "last_error": str(self.last_error) if self.last_error else None,
        }


def matches_field(value: int, text: str, low: int) -> bool:
    """One field of a cron line: ``*``, ``*/5``, ``1-5``, ``1,3``. Raises ValueError."""
    for part in text.split(","):
        span, _, step = part.partition("/")
        start, _, end = span.partition("-")
        first = low if span == "*" else int(start)
        last = 10**6 if span == "*" or (step and not end) else int(end or start)
        if first <= value <= last and (value - first) % int(step or 1) == 0:
            return True
    return False


def next_cron(line: str, now: datetime) -> datetime:
    """The first minute after ``now`` that the line means. Raises ValueError if it is none of five fields."""
    fields = line.split()
    if len(fields) != 5:
        raise ValueError(_("'{line}' is no cron line: it has five fields (minute hour day month weekday).", line=line))
    moment = now.replace(second=0, microsecond=0)
    for _minute in range(CRON_LIMIT):
        moment += timedelta(minutes=1)
        values = (moment.minute, moment.hour, moment.day, moment.month, moment.isoweekday() % 7)
        lows = (0, 0, 1, 1, 0)
        if all(matches_field(value, text, low) for value, text, low in zip(values, fields, lows, strict=True)):
            return moment
    raise ValueError(_("'{line}' never comes within a year.", line=line))


def seconds_until(task: ScheduleTask, *, first: bool, now: datetime | None = None) -> float | None:
    """How long until the next run; None if there is none. A recurring schedule's interval is its first delay too."""
    config, now = task.trigger_config, now or datetime.now()
    cron = config.get("cron") or config.get("cron_expression")
    if cron:
        return (next_cron(str(cron), now) - now).total_seconds()
    interval = config.get("interval_seconds")
    if first and config.get("trigger_at") is not None:
        moment = config["trigger_at"]
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        if not isinstance(moment, datetime):
            moment = datetime.fromtimestamp(float(moment))
        return max(0.0, (moment.replace(tzinfo=None) - now).total_seconds())
    if not first and not task.is_recurring:
        return None
    delay = interval if task.is_recurring and interval is not None else config.get("delay_seconds")
    return None if delay is None else float(delay)


class UnifiedScheduler:
    """The schedules of one version of the plugin; they end with it."""

    def __init__(self, config: SchedulerConfig | None = None) -> None:
        self.config = config or SchedulerConfig()
        self._tasks: dict[str, ScheduleTask] = {}

    async def start(self) -> None:
        """It runs from the beginning."""

    async def stop(self) -> None:
        for schedule_id in list(self._tasks):
            await self.remove_schedule(schedule_id)

    async def create_schedule(
        self,
        callback: Callable[..., Any],
        trigger_type: TriggerType,
        trigger_config: dict[str, Any],
        is_recurring: bool = False,
        task_name: str | None = None,
        callback_args: tuple[Any, ...] | None = None,
        callback_kwargs: dict[str, Any] | None = None,
        force_overwrite: bool = False,
        timeout: float | None = None,  # noqa: ASYNC109 - the real core's signature
        max_retries: int = 0,
    ) -> str:
        """The schedule's id. Raises ValueError for a taken name."""
        name = task_name or str(getattr(callback, "__name__", "task"))
        known = await self.find_schedule_by_name(name)
        if known and task_name:
            if not force_overwrite:
                raise ValueError(f"任务名称 '{name}' 已存在")
            await self.remove_schedule(known)
        arguments = tuple(callback_args or ()), dict(callback_kwargs or {})
        task = ScheduleTask(
            uuid4().hex,
            name,
            callback,
            trigger_type,
            dict(trigger_config),
            is_recurring,
            *arguments,
            timeout,
            max_retries,
        )
        self._tasks[task.schedule_id] = task
        self._arm(task)
        return task.schedule_id

    def _arm(self, task: ScheduleTask) -> None:
        if task.trigger_type.value == TriggerType.EVENT.value:
            name = str(task.trigger_config.get("event_name") or "")

            async def on_event(event: str, params: dict[str, Any]) -> tuple[EventDecision, dict[str, Any]]:
                await self._run(task, params)
                return EventDecision.PASS, params

            on_event.__qualname__ = f"schedule {task.task_name}"
            task.driver = registrations().bus.subscribe(name, on_event)
            return
        waiting = None
        if task.trigger_type.value == TriggerType.TIME.value:
            waiting = seconds_until(task, first=True)
            if waiting is None:
                said = ", ".join(task.trigger_config) or "nothing"
                logger.warning(
                    _(
                        "Schedule '{task_name}' will never run: its trigger says {said}, where a time trigger "
                        "has delay_seconds, trigger_at, or for a recurring one interval_seconds.",
                        task_name=task.task_name,
                        said=said,
                    )
                )
                return
        task.driver = asyncio.get_running_loop().create_task(
            self._drive(task, waiting), name=f"schedule {task.task_name}"
        )

    async def _drive(self, task: ScheduleTask, waiting: float | None) -> None:
        if task.trigger_type.value == TriggerType.CUSTOM.value:
            await self._watch(task)
            return
        while waiting is not None:
            await asyncio.sleep(waiting)
            await self._run(task)
            waiting = seconds_until(task, first=False) if task.is_recurring else None
        self._tasks.pop(task.schedule_id, None)

    async def _watch(self, task: ScheduleTask) -> None:
        condition = task.trigger_config.get("condition_func")
        while callable(condition):
            result = condition()
            if await result if inspect.isawaitable(result) else result:
                await self._run(task)
                if not task.is_recurring:
                    break
            await asyncio.sleep(CONDITION_INTERVAL)

    async def _run(self, task: ScheduleTask, params: dict[str, Any] | None = None) -> Any:
        """One run; what the callback raises is told, and counted."""
        if task.status is TaskStatus.PAUSED:
            return None
        task.status, task.last_triggered_at = TaskStatus.RUNNING, datetime.now()
        task.trigger_count += 1
        began = time.perf_counter()
        try:
            result = task.callback(*task.callback_args, **task.callback_kwargs)
            result = await asyncio.wait_for(result, task.timeout) if inspect.isawaitable(result) else result
        except Exception as error:
            task.status, task.last_error = TaskStatus.FAILED, error
            task.failure_count += 1
            logger.error(
                _("Schedule '{task_name}' failed: {error!r}", task_name=task.task_name, error=error), exc_info=error
            )
            return None
        task.status = TaskStatus.PENDING if task.is_recurring else TaskStatus.COMPLETED
        task.success_count += 1
        logger.debug(
            _(
                "Schedule '{task_name}' ran in {took:.0f} ms.",
                task_name=task.task_name,
                took=(time.perf_counter() - began) * 1000,
            )
        )
        return result

    async def remove_schedule(self, schedule_id: str) -> bool:
        task = self._tasks.pop(schedule_id, None)
        if task is None:
            return False
        task.status = TaskStatus.CANCELLED
        if isinstance(task.driver, asyncio.Task):
            if task.driver is not asyncio.current_task():
                task.driver.cancel()
        elif task.driver is not None:
            task.driver()
        return True

    async def remove_schedule_by_name(self, task_name: str) -> bool:
        known = await self.find_schedule_by_name(task_name)
        return known is not None and await self.remove_schedule(known)

    async def find_schedule_by_name(self, task_name: str) -> str | None:
        return next((one.schedule_id for one in self._tasks.values() if one.task_name == task_name), None)

    async def trigger_schedule(self, schedule_id: str) -> bool:
        """Run it now, beside its own times."""
        task = self._tasks.get(schedule_id)
        if task is None:
            return False
        failures = task.failure_count
        await self._run(task)
        return task.failure_count == failures

    async def pause_schedule(self, schedule_id: str) -> bool:
        return self._mark(schedule_id, TaskStatus.PAUSED)

    async def resume_schedule(self, schedule_id: str) -> bool:
        return self._mark(schedule_id, TaskStatus.PENDING)

    def _mark(self, schedule_id: str, status: TaskStatus) -> bool:
        if schedule_id not in self._tasks:
            return False
        self._tasks[schedule_id].status = status
        return True

    async def get_task_info(self, schedule_id: str) -> dict[str, Any] | None:
        return self._tasks[schedule_id].describe() if schedule_id in self._tasks else None

    async def list_tasks(self, trigger_type: Any = None, status: Any = None) -> list[dict[str, Any]]:
        return [
            task.describe()
            for task in self._tasks.values()
            if trigger_type in (None, task.trigger_type) and status in (None, task.status)
        ]

    def get_statistics(self) -> dict[str, Any]:
        return {
            "is_running": True,
            "total_tasks": len(self._tasks),
            "total_executions": sum(task.trigger_count for task in self._tasks.values()),
            "total_failures": sum(task.failure_count for task in self._tasks.values()),
        }


def get_unified_scheduler() -> UnifiedScheduler:
    return kept(UnifiedScheduler)
