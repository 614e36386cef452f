"""Which of the classic core's names are simulated, by the module that defines them there."""

from __future__ import annotations

BASE = "src.plugin_system.base"
APIS = "src.plugin_system.apis"

SOURCES: tuple[tuple[str, str, str], ...] = (
    (f"{BASE}.base_plugin", "classic.plugin", "BasePlugin"),
    (f"{BASE}.plugin_base", "classic.plugin", "PluginBase"),
    (f"{APIS}.plugin_register_api", "classic.plugin", "register_plugin"),
    ("src.plugin_system.core.plugin_manager", "classic.plugin", "PluginManager plugin_manager"),
    (
        f"{BASE}.plus_command",
        "classic.commands",
        "PlusCommand create_plus_command_adapter create_legacy_command_adapter",
    ),
    (f"{BASE}.base_command", "classic.commands", "BaseCommand"),
    (f"{BASE}.command_args", "classic.commands", "CommandArgs"),
    (f"{BASE}.base_action", "classic.components", "BaseAction"),
    (f"{BASE}.base_tool", "classic.components", "BaseTool"),
    (f"{BASE}.base_events_handler", "classic.components", "BaseEventHandler"),
    (f"{BASE}.base_prompt", "classic.components", "BasePrompt"),
    (f"{BASE}.base_chatter", "classic.components", "BaseChatter"),
    (f"{BASE}.base_http_component", "classic.others", "BaseRouterComponent"),
    (f"{BASE}.base_adapter", "classic.others", "BaseAdapter"),
    (f"{BASE}.base_interest_calculator", "classic.others", "BaseInterestCalculator InterestCalculationResult"),
    (f"{BASE}.base_event", "classic.types", "HandlerResult HandlerResultsCollection"),
    (f"{BASE}.plugin_metadata", "classic.types", "PluginMetadata"),
    (f"{BASE}.config_types", "classic.types", "ConfigField"),
    (
        f"{BASE}.component_types",
        "classic.types",
        "InjectionType InjectionRule ComponentType ActionActivationType ChatMode ChatType EventType PythonDependency "
        "PermissionNodeField ComponentInfo ActionInfo CommandInfo PlusCommandInfo ToolInfo EventHandlerInfo "
        "ChatterInfo InterestCalculatorInfo EventInfo PromptInfo RouterInfo AdapterInfo PluginInfo",
    ),
    ("src.llm_models.payload_content.tool_option", "classic.types", "ToolParamType"),
    ("src.llm_models.payload_content.tool_option", "llm.payload", "ToolCall"),
    ("src.plugin_system.core.component_registry", "classic.registry", "ComponentRegistry component_registry"),
    ("src.plugin_system.core.event_manager", "classic.events", "EventManager event_manager"),
    ("src.common.logger", "classic.late", "get_logger _register_logger_meta MODULE_ALIASES MODULE_COLORS"),
    ("src.common.server", "classic.late", "Server get_global_server"),
    ("src.config.config", "classic.bot_config", "global_config model_config"),
    ("src.config.api_ada_configs", "classic.bot_config", "TaskConfig"),
    ("src.config.official_configs", "classic.bot_config", "BotConfig"),
    (f"{APIS}.config_api", "classic.bot_config", "get_global_config get_plugin_config"),
    (
        f"{APIS}.send_api",
        "classic.sending",
        "text_to_stream emoji_to_stream image_to_stream command_to_stream custom_to_stream file_to_stream "
        "adapter_command_to_stream wait_adapter_response put_adapter_response",
    ),
    (
        f"{APIS}.llm_api",
        "classic.language",
        "get_available_models generate_with_model generate_with_model_with_tools",
    ),
    ("src.llm_models.utils_model", "classic.language", "LLMRequest"),
    (
        f"{APIS}.generator_api",
        "classic.language",
        "generate_reply rewrite_reply generate_response_custom process_human_text",
    ),
    (
        f"{APIS}.chat_api",
        "classic.apis",
        "get_all_streams get_group_streams get_private_streams get_stream_by_group_id get_stream_by_user_id "
        "get_stream_type get_stream_info get_streams_summary get_chat_manager ChatManager",
    ),
    ("src.chat.message_receive.chat_stream", "classic.apis", "get_chat_manager ChatManager"),
    ("src.chat.message_receive.chat_stream", "classic.models", "ChatStream"),
    (
        f"{APIS}.permission_api",
        "classic.apis",
        "permission_api PermissionAPI PermissionNode UserInfo",
    ),
    (f"{APIS}.permission_api", "classic.types", "PermissionLevel"),
    (
        "src.plugin_system.utils.permission_decorators",
        "classic.apis",
        "require_permission require_master PermissionChecker",
    ),
    (f"{APIS}.storage_api", "classic.apis", "get_local_storage PluginStorage"),
    (f"{APIS}.person_api", "classic.apis", "get_person_id get_person_info get_person_id_by_name is_person_known"),
    (f"{APIS}.plugin_manage_api", "classic.apis", "list_loaded_plugins get_plugin_instance"),
    (f"{APIS}.plugin_info_api", "classic.apis", "list_components search_components_by_name"),
    (f"{APIS}.tool_api", "classic.apis", "get_tool_instance get_llm_available_tool_definitions"),
    (
        f"{APIS}.message_api",
        "classic.history",
        "get_messages_by_time get_messages_by_time_in_chat get_messages_before_time_in_chat get_recent_messages "
        "count_new_messages build_readable_messages_to_str build_readable_messages_with_details",
    ),
    (
        "src.chat.utils.chat_message_builder",
        "classic.history",
        "get_raw_msg_by_timestamp_with_chat get_raw_msg_before_timestamp_with_chat build_readable_messages",
    ),
    ("src.chat.message_receive.storage", "classic.history", "MessageStorage"),
    ("src.plugin_system", "classic.late", "MaiMessages"),
    (f"{BASE}.component_types", "classic.late", "MaiMessages"),
    (f"{APIS}.unified_scheduler", "scheduler", "TriggerType TaskStatus SchedulerConfig ScheduleTask UnifiedScheduler"),
    (f"{APIS}.unified_scheduler", "classic.late", "unified_scheduler"),
    (
        "src.common.data_models.database_data_model",
        "classic.models",
        "DatabaseMessages DatabaseUserInfo DatabaseGroupInfo DatabaseChatInfo",
    ),
    ("src.common.data_models.message_manager_data_model", "classic.models", "StreamContext"),
    (
        "src.chat.utils.prompt",
        "classic.prompting",
        "Prompt PromptManager global_prompt_manager create_prompt_async",
    ),
    (
        "src.chat.utils.utils_video",
        "classic.video",
        "VideoAnalyzer get_video_analyzer is_video_analysis_available get_video_analysis_status",
    ),
    ("src.plugin_system", "classic.maibot", "CustomEventHandlerResult ConfigSection ConfigTab ConfigLayout"),
    (f"{BASE}.component_types", "classic.maibot", "CustomEventHandlerResult"),
    (f"{BASE}.config_types", "classic.maibot", "ConfigSection ConfigTab ConfigLayout"),
    ("src.person_info.person_info", "classic.maibot", "Person"),
    ("src.chat.utils.prompt_params", "classic.bot_parts", "PromptParameters"),
    ("src.chat.utils.utils", "classic.bot_parts", "is_mentioned_bot_in_message"),
    (
        "src.chat.security.interfaces",
        "classic.bot_parts",
        "SecurityLevel SecurityAction SecurityCheckResult SecurityChecker",
    ),
    ("src.chat.security.manager", "classic.bot_parts", "SecurityManager get_security_manager"),
    ("src.chat.security", "classic.bot_parts", "get_security_manager"),
    ("src.common.cache_manager", "classic.bot_parts", "tool_cache"),
    ("src.individuality.individuality", "classic.bot_parts", "Individuality get_individuality"),
    ("src.common.database.core.models", "database", "Base get_string_field"),
    ("src.common.database.core.models", "tables", "Messages PersonInfo Images ActionRecords ChatStreams"),
    ("src.common.database.core.session", "database", "get_db_session"),
    ("src.common.database.core.migration", "classic.late", "check_and_migrate_database"),
    ("src.common.database.compatibility.adapter", "database", "get_db_session"),
    ("src.common.database.api.crud", "database", "CRUDBase"),
    ("src.common.database.api.query", "database", "QueryBuilder AggregateQuery"),
)
