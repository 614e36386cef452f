"""The rarer classic components: routers, calculators of interest, adapters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from mpdt.language import _
from mpdt.worker.cores.simulated.classic.components import Configured
from mpdt.worker.cores.simulated.classic.types import AdapterInfo, InterestCalculatorInfo, RouterInfo
from mpdt.worker.cores.simulated.runtime import kept
from mpdt.worker.errors import WorkerError

if TYPE_CHECKING:
    from mpdt.worker.cores.simulated.classic.models import DatabaseMessages


class BaseRouterComponent(Configured, ABC):
    """HTTP routes on a router of FastAPI's."""

    component_name: str = ""
    component_description: str = ""
    component_version: str = "1.0.0"

    def __init__(self, plugin_config: dict[str, Any] | None = None) -> None:
        try:
            from fastapi import APIRouter
        except ModuleNotFoundError:
            raise WorkerError(
                _("A router needs FastAPI, which this interpreter has not got: pip install fastapi")
            ) from None
        self.plugin_config = plugin_config or {}
        self.router = APIRouter()
        self.register_endpoints()

    @abstractmethod
    def register_endpoints(self) -> None: ...

    @classmethod
    def get_router_info(cls) -> RouterInfo:
        return RouterInfo(cls.component_name, description=cls.component_description)


class InterestCalculationResult:
    def __init__(self, success: bool, message_id: str, interest_value: float, **more: Any) -> None:
        self.success, self.message_id, self.interest_value = success, message_id, max(0.0, min(1.0, interest_value))
        self.should_take_action = bool(more.get("should_take_action"))
        self.should_reply = bool(more.get("should_reply"))
        self.should_act = bool(more.get("should_act"))
        self.error_message = more.get("error_message")
        self.calculation_time = float(more.get("calculation_time") or 0.0)

    def to_dict(self) -> dict[str, Any]:
        return dict(vars(self))


class BaseInterestCalculator(Configured, ABC):
    component_name: str = ""
    component_version: str = ""
    component_description: str = ""
    enabled_by_default: bool = True

    def __init__(self, plugin_config: dict[str, Any] | None = None) -> None:
        self.plugin_config = plugin_config or {}
        self.is_enabled = True

    @abstractmethod
    async def execute(self, message: DatabaseMessages) -> InterestCalculationResult: ...

    async def initialize(self) -> bool:
        return True

    async def cleanup(self) -> bool:
        return True

    @classmethod
    def get_interest_calculator_info(cls) -> InterestCalculatorInfo:
        return InterestCalculatorInfo(cls.component_name, description=cls.component_description)


class BaseAdapter(Configured, ABC):
    """A connection to a platform: registered and described; it is started by hand only."""

    adapter_name: str = "unknown_adapter"
    adapter_version: str = "0.0.1"
    adapter_description: str = ""
    platform: str = "unknown"
    run_in_subprocess: bool = False

    def __init__(self, core_sink: Any = None, plugin: Any = None, **kwargs: Any) -> None:
        self.core_sink = core_sink
        self.plugin = plugin
        self.plugin_config = getattr(plugin, "config", None) or {}
        self.options = kwargs

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    @classmethod
    def get_adapter_info(cls) -> AdapterInfo:
        return AdapterInfo(cls.adapter_name, description=cls.adapter_description, platform=cls.platform)


class Mounted:
    """The routers that were made, by component name."""

    def __init__(self) -> None:
        self.apps: dict[str, Any] = {}


def mounted() -> dict[str, Any]:
    return kept(Mounted).apps
