"""Which of the real core's names are simulated, by the module that defines them there.

Modules that pass a name on (``src.app.plugin_system.base`` does with ``BaseCommand``) find it through
``names.json``.
"""

from __future__ import annotations

from enum import Enum
from types import ModuleType
from typing import Any

from mpdt.worker.cores.simulated import (
    command,
    components,
    config,
    events,
    execution,
    logger,
    managers,
    models,
    router,
    schema,
    sending,
    storage,
    tasks,
    types,
)
from mpdt.worker.cores.simulated.facade import FACADES, facade

API = "src.app.plugin_system.api"
COMPONENTS = "src.core.components"
MANAGERS = "src.core.managers"
CORE_VERSION = "1.0.0"


class TaskType(Enum):
    UTILS = "utils"
    UTILS_SMALL = "utils_small"
    ACTOR = "actor"
    SUB_ACTOR = "sub_actor"
    VLM = "vlm"
    VOICE = "voice"
    VIDEO = "video"
    TOOL_USE = "tool_use"


SOURCES: tuple[tuple[str, ModuleType, str], ...] = (
    (f"{COMPONENTS}.base.plugin", components, "BasePlugin"),
    (f"{COMPONENTS}.base.action", components, "BaseAction"),
    (f"{COMPONENTS}.base.agent", components, "BaseAgent"),
    (f"{COMPONENTS}.base.adapter", components, "BaseAdapter"),
    (f"{COMPONENTS}.base.chatter", components, "BaseChatter Wait WaitResumeEvent Success Failure Stop"),
    (f"{COMPONENTS}.base.command", command, "BaseCommand CommandNode cmd_route"),
    (f"{COMPONENTS}.base.config", config, "BaseConfig"),
    (f"{COMPONENTS}.base.event_handler", components, "BaseEventHandler"),
    (f"{COMPONENTS}.base.router", components, "BaseRouter"),
    (f"{COMPONENTS}.base.service", components, "BaseService"),
    (f"{COMPONENTS}.base.tool", components, "BaseTool"),
    (
        f"{COMPONENTS}.loader",
        managers,
        "register_plugin get_plugin_class list_registered_plugins is_plugin_registered",
    ),
    (f"{COMPONENTS}.registry", managers, "ComponentRegistry get_global_registry"),
    (f"{COMPONENTS}.state_manager", managers, "StateManager get_global_state_manager"),
    (
        f"{COMPONENTS}.types",
        types,
        "ChatType ComponentMeta ComponentSignature ComponentState ComponentType EventType PermissionLevel "
        "build_signature parse_signature",
    ),
    (f"{COMPONENTS}.utils.schema_utils", schema, "build_type_schema parse_function_signature"),
    ("src.core.models.message", models, "Message MessageType"),
    ("src.core.models.stream", models, "ChatStream StreamContext"),
    (f"{MANAGERS}.action_manager", managers, "ActionManager get_action_manager"),
    (f"{MANAGERS}.command_manager", router, "CommandManager get_command_manager"),
    (f"{MANAGERS}.config_manager", config, "ConfigManager get_config_manager"),
    (f"{MANAGERS}.event_manager", events, "EventManager get_event_manager"),
    (f"{MANAGERS}.permission_manager", managers, "PermissionManager get_permission_manager"),
    (f"{MANAGERS}.plugin_manager", managers, "PluginManager get_plugin_manager"),
    (f"{MANAGERS}.service_manager", managers, "ServiceManager get_service_manager"),
    (f"{MANAGERS}.stream_manager", managers, "StreamManager get_stream_manager"),
    (f"{MANAGERS}.tool_manager.tool_use", managers, "ToolUse get_tool_use"),
    ("src.core.transport.message_send.message_sender", sending, "MessageSender get_message_sender"),
    (
        "src.kernel.concurrency.exceptions",
        tasks,
        "ConcurrencyError TaskNotFoundError TaskGroupError",
    ),
    ("src.kernel.concurrency.task_group", tasks, "TaskGroup"),
    ("src.kernel.concurrency.task_info", tasks, "TaskInfo"),
    ("src.kernel.concurrency.task_manager", tasks, "TaskManager get_task_manager"),
    ("src.kernel.config.core", config, "ConfigBase Field SectionBase config_section"),
    ("src.kernel.event", events, "get_event_bus"),
    ("src.kernel.event.core", events, "EventBus EventDecision EVENT_HANDLER_TIMEOUT_SECONDS"),
    ("src.kernel.llm.payload.tooling", components, "LLMUsable"),
    ("src.kernel.llm.payload.tooling", execution, "LLMUsableExecution"),
    ("src.kernel.logger.color", logger, "COLOR"),
    (
        "src.kernel.logger.logger",
        logger,
        "Logger get_logger remove_logger get_all_loggers clear_all_loggers LOG_OUTPUT_EVENT",
    ),
    ("src.kernel.storage.core", storage, "JSONStore"),
    (f"{API}.log_api", logger, "get_logger"),
    (
        f"{API}.send_api",
        sending,
        "send_text send_image send_emoji send_voice send_video send_file send_custom send_message send_batch "
        "send_batch_parallel send_text_with_image broadcast_text",
    ),
    (f"{API}.storage_api", storage, "save_json load_json delete_json exists_json list_json"),
)


def simulated_names() -> dict[str, Any]:
    """``module:name`` of the real core -> what stands for it here."""
    names: dict[str, Any] = {}
    for module, source, listed in SOURCES:
        names.update({f"{module}:{name}": getattr(source, name) for name in listed.split()})
    for api in FACADES:
        names.update({f"{API}.{api}:{name}": function for name, function in facade(api).items()})
    names["src.app.plugin_system.types:TaskType"] = TaskType
    names["src.core.config.core_config:CORE_VERSION"] = CORE_VERSION
    return names
