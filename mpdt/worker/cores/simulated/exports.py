"""Which of the real core's names are simulated, by the module that defines them there.

Modules that pass a name on (``src.app.plugin_system.base`` does with ``BaseCommand``) find it through
``names.json``.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from enum import Enum
from typing import Any

from mpdt.worker.cores.simulated.facade import FACADES, facade
from mpdt.worker.cores.simulated.flavours import Flavour

API = "src.app.plugin_system.api"
COMPONENTS = "src.core.components"
MANAGERS = "src.core.managers"
CORE_VERSION = "1.0.0"


@dataclass(frozen=True, slots=True)
class Source:
    """Where what stands for a name lies here; it is imported when the name is first asked for."""

    module: str
    name: str
    made: bool = False  # by a call

    def value(self) -> Any:
        found = getattr(importlib.import_module(f"mpdt.worker.cores.simulated.{self.module}"), self.name)
        return found() if self.made else found


class TaskType(Enum):
    UTILS = "utils"
    UTILS_SMALL = "utils_small"
    ACTOR = "actor"
    SUB_ACTOR = "sub_actor"
    VLM = "vlm"
    VOICE = "voice"
    VIDEO = "video"
    TOOL_USE = "tool_use"


SOURCES: tuple[tuple[str, str, str], ...] = (
    (f"{COMPONENTS}.base.plugin", "components", "BasePlugin"),
    (f"{COMPONENTS}.base.action", "components", "BaseAction"),
    (f"{COMPONENTS}.base.agent", "conversing", "BaseAgent"),
    (f"{COMPONENTS}.base.adapter", "components", "BaseAdapter"),
    (f"{COMPONENTS}.base.chatter", "conversing", "BaseChatter"),
    (f"{COMPONENTS}.base.chatter", "components", "Wait WaitResumeEvent Success Failure Stop ChatterResult"),
    (f"{COMPONENTS}.base.command", "command", "BaseCommand CommandNode cmd_route"),
    (f"{COMPONENTS}.base.config", "config", "BaseConfig"),
    (f"{COMPONENTS}.base.event_handler", "components", "BaseEventHandler"),
    (f"{COMPONENTS}.base.router", "routing", "BaseRouter"),
    (f"{COMPONENTS}.base.service", "components", "BaseService"),
    (f"{COMPONENTS}.base.tool", "components", "BaseTool"),
    (
        f"{COMPONENTS}.loader",
        "managers",
        "register_plugin get_plugin_class list_registered_plugins is_plugin_registered",
    ),
    (f"{COMPONENTS}.registry", "managers", "ComponentRegistry get_global_registry"),
    (f"{COMPONENTS}.state_manager", "managers", "StateManager get_global_state_manager"),
    (
        f"{COMPONENTS}.types",
        "types",
        "ChatType ComponentMeta ComponentSignature ComponentState ComponentType EventType PermissionLevel "
        "build_signature parse_signature",
    ),
    (f"{COMPONENTS}.utils.schema_utils", "schema", "build_type_schema parse_function_signature"),
    ("src.core.models.message", "models", "Message MessageType"),
    ("src.core.models.stream", "models", "ChatStream StreamContext"),
    (f"{MANAGERS}.action_manager", "managers", "ActionManager get_action_manager"),
    (f"{MANAGERS}.command_manager", "router", "CommandManager get_command_manager"),
    (f"{MANAGERS}.config_manager", "config", "ConfigManager get_config_manager"),
    (f"{MANAGERS}.event_manager", "events", "EventManager get_event_manager"),
    (f"{MANAGERS}.permission_manager", "managers", "PermissionManager get_permission_manager"),
    (f"{MANAGERS}.plugin_manager", "managers", "PluginManager get_plugin_manager"),
    (f"{MANAGERS}.service_manager", "managers", "ServiceManager get_service_manager"),
    (f"{MANAGERS}.stream_manager", "streams", "StreamManager get_stream_manager"),
    (f"{MANAGERS}.tool_manager.tool_use", "managers", "ToolUse get_tool_use"),
    ("src.core.transport.message_send.message_sender", "sending", "MessageSender get_message_sender"),
    (
        "src.kernel.concurrency.exceptions",
        "tasks",
        "ConcurrencyError TaskNotFoundError TaskGroupError",
    ),
    ("src.kernel.concurrency.task_group", "tasks", "TaskGroup"),
    ("src.kernel.concurrency.task_info", "tasks", "TaskInfo"),
    ("src.kernel.concurrency.task_manager", "tasks", "TaskManager get_task_manager"),
    ("src.kernel.config.core", "config", "ConfigBase Field SectionBase config_section"),
    ("src.kernel.event", "events", "get_event_bus"),
    ("src.kernel.event.core", "events", "EventBus EventDecision EVENT_HANDLER_TIMEOUT_SECONDS"),
    ("src.kernel.llm.payload.tooling", "components", "LLMUsable"),
    ("src.kernel.llm.payload.tooling", "execution", "LLMUsableExecution"),
    ("src.kernel.logger.color", "logger", "COLOR"),
    (
        "src.kernel.logger.logger",
        "logger",
        "Logger get_logger remove_logger get_all_loggers clear_all_loggers LOG_OUTPUT_EVENT",
    ),
    ("src.kernel.storage.core", "storage", "JSONStore json_store"),
    (f"{API}.log_api", "logger", "get_logger"),
    (
        f"{API}.send_api",
        "sending",
        "send_text send_image send_emoji send_voice send_video send_file send_custom send_message send_batch "
        "send_batch_parallel send_text_with_image broadcast_text",
    ),
    (f"{API}.storage_api", "database", "PluginDatabase"),
    (f"{API}.prompt_api", "prompts", "add_system_reminder get_system_reminder add_stream_reminder"),
    (
        f"{API}.llm_api",
        "llm.request",
        "create_llm_request get_model_set_by_task get_model_set_by_name create_tool_registry",
    ),
    (f"{API}.llm_api", "llm.vectors", "create_embedding_request create_rerank_request"),
    (
        f"{API}.database_api",
        "database_api",
        "query aggregate get_by_id get_by get_multi create update delete count exists get_or_create bulk_create "
        "bulk_update filter_query filter_query_first filter_query_count sum_field avg_field max_field min_field "
        "group_by_count paginate iter_batches iter_all",
    ),
    (
        f"{API}.message_api",
        "history",
        "get_messages_by_time get_messages_by_time_in_chat get_messages_by_time_in_chat_inclusive "
        "get_messages_by_time_in_chat_for_users get_messages_by_time_for_users get_random_chat_messages "
        "get_messages_before_time get_messages_before_time_in_chat get_messages_before_time_for_users "
        "get_recent_messages count_new_messages count_new_messages_for_users build_readable_messages_to_str "
        "build_readable_messages_with_details get_person_ids_from_messages filter_bot_messages",
    ),
    ("src.core.config.core_config", "core_config", "CoreConfig get_core_config init_core_config"),
    (f"{API}.config_api", "core_config", "get_core_config"),
    ("src.core.config.model_config", "core_config", "get_model_config init_model_config"),
    (
        "src.core.config.model_config",
        "model_config",
        "APIProviderSection ModelInfoSection TaskConfigSection ModelTasksSection ModelConfig",
    ),
    (
        "src.core.components.loader",
        "plugin_manifests",
        "ComponentInclude PluginManifest PluginLoader get_plugin_loader load_manifest",
    ),
    ("src.core.transport.router.http_server", "http_server", "HTTPServer get_http_server"),
    ("src.core.utils.security", "security", "get_api_key verify_websocket_token"),
    (f"{MANAGERS}.adapter_manager", "adapters", "AdapterManager get_adapter_manager"),
    (f"{MANAGERS}.media_manager", "services", "MediaManager get_media_manager initialize_media_manager"),
    (
        "src.core.models.sql_alchemy",
        "tables",
        "ChatStreams Messages ActionRecords Images ImageDescriptions PersonInfo PermissionGroups CommandPermissions",
    ),
    ("src.core.models.sql_alchemy", "database", "Base get_string_field"),
    ("src.core.prompt.manager", "prompts", "PromptManager get_prompt_manager reset_prompt_manager"),
    ("src.core.prompt.policies", "prompts", "RenderPolicy optional trim header wrap join_blocks min_len"),
    (
        "src.core.prompt.system_reminder",
        "prompts",
        "SystemReminderBucket SystemReminderInsertType SystemReminderConsumeType SystemReminderItem "
        "SystemReminderStore get_system_reminder_store reset_system_reminder_store",
    ),
    ("src.core.prompt.template", "prompts", "PROMPT_BUILD_EVENT PromptTemplate"),
    (
        "src.core.transport.distribution.stream_loop_manager",
        "services",
        "StreamLoopManager get_stream_loop_manager",
    ),
    (
        "src.core.utils.base64_helper",
        "services",
        "base64_encode_bytes base64_decode_to_bytes base64_decode_to_text",
    ),
    ("src.core.utils.schema_sync", "database", "enforce_database_schema_consistency"),
    ("src.core.utils.user_query_helper", "services", "UserQueryHelper get_user_query_helper"),
    ("src.kernel.concurrency.watchdog", "services", "WatchDog StreamHeartbeat get_watchdog"),
    ("src.kernel.db.api.crud", "database", "CRUDBase"),
    ("src.kernel.db.api.query", "database", "QueryBuilder AggregateQuery"),
    ("src.kernel.db.core.engine", "database", "get_engine"),
    ("src.kernel.db.core.session", "database", "get_db_session get_session_factory"),
    ("src.kernel.llm.context", "llm.request", "LLMContextManager ReminderSourceSpec"),
    ("src.kernel.llm.embedding_request", "llm.vectors", "EmbeddingRequest"),
    ("src.kernel.llm.embedding_response", "llm.vectors", "EmbeddingResponse"),
    ("src.kernel.llm.rerank_request", "llm.vectors", "RerankRequest"),
    ("src.kernel.llm.rerank_response", "llm.vectors", "RerankItem RerankResponse"),
    (
        "src.kernel.llm.exceptions",
        "llm.errors",
        "LLMError LLMContextError LLMConfigurationError LLMResponseConsumedError LLMRateLimitError LLMTimeoutError "
        "LLMContentFilterError LLMTokenLimitError LLMAuthenticationError LLMAPIError classify_exception",
    ),
    ("src.kernel.llm.model_client.base", "llm.wire", "StreamEvent"),
    ("src.kernel.llm.payload.content", "llm.payload", "Content File Text ReasoningText Image Audio Video"),
    ("src.kernel.llm.payload.payload", "llm.payload", "LLMPayload"),
    ("src.kernel.llm.payload.tooling", "llm.payload", "ToolCall ToolResult ToolRegistry"),
    ("src.kernel.llm.request", "llm.request", "LLMRequest"),
    ("src.kernel.llm.response", "llm.request", "LLMResponse"),
    ("src.kernel.llm.roles", "llm.payload", "ROLE"),
    ("src.kernel.llm.token_counter", "llm.request", "count_text_tokens count_payload_tokens"),
    (
        "src.kernel.llm.tool_call_compat",
        "llm.request",
        "parse_tool_call_compat_response build_tool_call_compat_prompt",
    ),
    ("src.kernel.llm.types", "llm.request", "RequestType ModelSet"),
    ("src.kernel.scheduler", "scheduler", "get_unified_scheduler"),
    ("src.kernel.scheduler.core", "scheduler", "SchedulerConfig ScheduleTask UnifiedScheduler"),
    ("src.kernel.scheduler.types", "scheduler", "TriggerType TaskStatus"),
    (
        "src.kernel.vector_db",
        "vectors",
        "get_vector_db_service create_vector_db_service close_vector_db_service close_all_vector_db_services",
    ),
    ("src.kernel.vector_db.base", "vectors", "VectorDBBase"),
    (f"{API}.storage_api", "storage", "save_json load_json delete_json exists_json list_json"),
)


# Newer than the table of names: public plugins import them, and the core's current version has them.
LAYOUT_PLACES = ("src.plugin_system", "src.plugin_system.base.config_types")
LATER: dict[Flavour, tuple[tuple[str, str], ...]] = {
    Flavour.NEO: (
        (f"{API}.prompt_api", "add_stream_reminder"),
        (f"{API}.config_api", "get_core_config"),
        (f"{API}.media_api", "save_description_cache"),
        (f"{API}.media_api", "get_media_file"),
    ),
    # MaiBot's, which MoFox-Core has not got.
    Flavour.CLASSIC: (
        ("src.plugin_system", "MaiMessages"),
        ("src.plugin_system.base.component_types", "MaiMessages"),
        ("src.plugin_system", "CustomEventHandlerResult"),
        ("src.plugin_system.base.component_types", "CustomEventHandlerResult"),
        *((place, name) for place in LAYOUT_PLACES for name in ("ConfigSection", "ConfigTab", "ConfigLayout")),
        ("src.person_info.person_info", "Person"),
        ("src.common.database.database", "db"),
    ),
}


def classic_names() -> dict[str, Any]:
    """The classic flavour's, as ``simulated_names``."""
    from mpdt.worker.cores.simulated.classic.exports import SOURCES as CLASSIC

    names = {f"{module}:{name}": Source(source, name) for module, source, listed in CLASSIC for name in listed.split()}
    names["src.common.database.database:db"] = Source("classic.maibot", "main_file", made=True)
    names["src.common.security:VerifiedDep"] = Source("classic.late", "verified_dependency", made=True)
    return names


def simulated_names() -> dict[str, Any]:
    """``module:name`` of the real core -> what stands for it here, or its Source."""
    names: dict[str, Any] = {}
    for module, source, listed in SOURCES:
        names.update({f"{module}:{name}": Source(source, name) for name in listed.split()})
    for api in FACADES:
        names.update({f"{API}.{api}:{name}": function for name, function in facade(api).items()})
    names["src.app.plugin_system.types:TaskType"] = TaskType
    names["src.core.utils.security:VerifiedDep"] = Source("classic.late", "verified_dependency", made=True)
    names["src.core.config.core_config:CORE_VERSION"] = CORE_VERSION
    return names
