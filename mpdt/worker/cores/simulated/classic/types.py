"""The classic core's enumerations, and what it knows of plugins and components."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from mpdt.worker.cores.needs import is_installed


class InjectionType(Enum):
    PREPEND = "prepend"
    APPEND = "append"
    REPLACE = "replace"
    REMOVE = "remove"
    INSERT_AFTER = "insert_after"


@dataclass
class InjectionRule:
    """Where a prompt component's text goes. Raises ValueError where ``target_content`` is needed and missing."""

    target_prompt: str
    injection_type: InjectionType = InjectionType.PREPEND
    priority: int = 100
    target_content: str | None = None

    def __post_init__(self) -> None:
        needs = (InjectionType.REPLACE, InjectionType.REMOVE, InjectionType.INSERT_AFTER)
        if self.injection_type in needs and self.target_content is None:
            raise ValueError(f"'{self.injection_type.value}'类型的注入规则必须提供 'target_content'。")


class ComponentType(Enum):
    ACTION = "action"
    COMMAND = "command"
    PLUS_COMMAND = "plus_command"
    TOOL = "tool"
    SCHEDULER = "scheduler"
    EVENT_HANDLER = "event_handler"
    CHATTER = "chatter"
    INTEREST_CALCULATOR = "interest_calculator"
    PROMPT = "prompt"
    ROUTER = "router"
    ADAPTER = "adapter"

    def __str__(self) -> str:
        return self.value


class ActionActivationType(Enum):
    NEVER = "never"
    ALWAYS = "always"
    LLM_JUDGE = "llm_judge"
    RANDOM = "random"
    KEYWORD = "keyword"


class ChatMode(Enum):
    FOCUS = "focus"
    NORMAL = "normal"
    PROACTIVE = "proactive"
    PRIORITY = "priority"
    ALL = "all"


class ChatType(Enum):
    PRIVATE = "private"
    GROUP = "group"
    ALL = "all"


class EventType(Enum):
    ON_START = "on_start"
    ON_STOP = "on_stop"
    ON_MESSAGE = "on_message"
    ON_MESSAGE_PRE_PROCESS = "on_message_pre_process"  # this and POST_SEND_PRE_PROCESS are MaiBot's
    ON_NOTICE_RECEIVED = "on_notice_received"
    ON_PLAN = "on_plan"
    POST_LLM = "post_llm"
    AFTER_LLM = "after_llm"
    POST_SEND_PRE_PROCESS = "post_send_pre_process"
    POST_SEND = "post_send"
    AFTER_SEND = "after_send"
    UNKNOWN = "unknown"


class ToolParamType(Enum):
    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "bool"


class PermissionLevel(Enum):
    MASTER = "master"


@dataclass
class PythonDependency:
    package_name: str
    version: str = ""
    optional: bool = False
    description: str = ""
    install_name: str = ""

    def get_pip_requirement(self) -> str:
        return f"{self.install_name or self.package_name}{self.version}"


@dataclass
class PermissionNodeField:
    node_name: str
    description: str


class ConfigField:
    """One value of a section. What is for user interfaces only (``label``, ``hint`` ...) is kept in ``display``."""

    def __init__(
        self,
        type: Any = str,
        default: Any = None,
        description: str = "",
        example: str | None = None,
        required: bool = False,
        choices: list[Any] | None = None,
        **display: Any,
    ) -> None:
        self.type = type
        self.default = default
        self.description = description
        self.example = example
        self.required = required
        self.choices = choices or []
        self.display = display

    def __repr__(self) -> str:
        return f"ConfigField({self.type!r}, {self.default!r}, {self.description!r})"


@dataclass
class PluginMetadata:
    name: str
    description: str
    usage: str
    type: str | None = None
    version: str = "1.0.0"
    author: str = ""
    license: str | None = None
    repository_url: str | None = None
    keywords: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    dependencies: list[str] = field(default_factory=list)
    python_dependencies: list[Any] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class ComponentInfo:
    name: str = ""
    component_type: ComponentType = ComponentType.ACTION
    description: str = ""
    enabled: bool = True
    plugin_name: str = ""
    is_built_in: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class ActionInfo(ComponentInfo):
    action_parameters: dict[str, str] = field(default_factory=dict)
    action_require: list[str] = field(default_factory=list)
    associated_types: list[str] = field(default_factory=list)
    focus_activation_type: ActionActivationType = ActionActivationType.ALWAYS
    normal_activation_type: ActionActivationType = ActionActivationType.ALWAYS
    activation_type: ActionActivationType = ActionActivationType.ALWAYS
    random_activation_probability: float = 0.0
    llm_judge_prompt: str = ""
    activation_keywords: list[str] = field(default_factory=list)
    keyword_case_sensitive: bool = False
    mode_enable: ChatMode = ChatMode.ALL
    parallel_action: bool = False
    chat_type_allow: ChatType = ChatType.ALL
    chatter_allow: list[str] = field(default_factory=list)


@dataclass
class CommandInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.COMMAND
    command_pattern: str = ""
    chat_type_allow: ChatType = ChatType.ALL


@dataclass
class PlusCommandInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.PLUS_COMMAND
    command_aliases: list[str] = field(default_factory=list)
    priority: int = 0
    chat_type_allow: ChatType = ChatType.ALL
    intercept_message: bool = False


@dataclass
class ToolInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.TOOL
    tool_parameters: list[Any] = field(default_factory=list)
    tool_description: str = ""


@dataclass
class EventHandlerInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.EVENT_HANDLER
    event_type: Any = EventType.ON_MESSAGE
    intercept_message: bool = False
    weight: int = 0


@dataclass
class ChatterInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.CHATTER
    chat_type_allow: ChatType = ChatType.ALL


@dataclass
class InterestCalculatorInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.INTEREST_CALCULATOR
    enabled_by_default: bool = True


@dataclass
class EventInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.EVENT_HANDLER


@dataclass
class PromptInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.PROMPT
    injection_rules: list[InjectionRule] = field(default_factory=list)
    injection_point: Any = None


@dataclass
class RouterInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.ROUTER
    auth_required: bool = False


@dataclass
class AdapterInfo(ComponentInfo):
    component_type: ComponentType = ComponentType.ADAPTER
    version: str = "1.0.0"
    platform: str = "unknown"
    run_in_subprocess: bool = False
    subprocess_entry: str | None = None


@dataclass
class PluginInfo:
    display_name: str
    name: str
    description: str
    version: str = "1.0.0"
    author: str = ""
    enabled: bool = True
    is_built_in: bool = False
    components: list[ComponentInfo] = field(default_factory=list)
    dependencies: list[str] = field(default_factory=list)
    python_dependencies: list[Any] = field(default_factory=list)
    config_file: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    def get_missing_packages(self) -> list[PythonDependency]:
        wanted = [
            one if isinstance(one, PythonDependency) else PythonDependency(str(one)) for one in self.python_dependencies
        ]
        return [one for one in wanted if not is_installed(one.get_pip_requirement())]

    def get_pip_requirements(self) -> list[str]:
        return [one.get_pip_requirement() for one in self.get_missing_packages()]


class HandlerResult:
    def __init__(self, success: bool, continue_process: bool, message: Any = None, handler_name: str = "") -> None:
        self.success = success
        self.continue_process = continue_process
        self.message = message
        self.handler_name = handler_name

    def __repr__(self) -> str:
        return f"HandlerResult({self.success}, {self.continue_process}, {self.message!r}, {self.handler_name!r})"


class HandlerResultsCollection:
    def __init__(self, results: list[HandlerResult]) -> None:
        self.results = results

    def all_continue_process(self) -> bool:
        return all(one.continue_process for one in self.results)

    def get_all_results(self) -> list[HandlerResult]:
        return self.results

    def get_failed_handlers(self) -> list[HandlerResult]:
        return [one for one in self.results if not one.success]

    def get_stopped_handlers(self) -> list[HandlerResult]:
        return [one for one in self.results if not one.continue_process]

    def get_handler_result(self, handler_name: str) -> HandlerResult | None:
        return next((one for one in self.results if one.handler_name == handler_name), None)

    def get_message_result(self) -> Any:
        said = [one.message for one in self.results if one.message is not None]
        return said[0] if len(said) == 1 else said or None

    def get_success_count(self) -> int:
        return sum(one.success for one in self.results)

    def get_failure_count(self) -> int:
        return len(self.get_failed_handlers())

    def get_summary(self) -> dict[str, Any]:
        return {
            "total_handlers": len(self.results),
            "success_count": self.get_success_count(),
            "failure_count": self.get_failure_count(),
            "continue_process": self.all_continue_process(),
        }
