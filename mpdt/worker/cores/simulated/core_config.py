"""The bot's own configuration, as plugins read it: sections with the defaults of a bot that is set up."""

from __future__ import annotations

from mpdt.worker.cores.simulated import runtime
from mpdt.worker.cores.simulated.config import ConfigBase, Field, SectionBase
from mpdt.worker.cores.simulated.model_config import ModelConfig


class BotSection(SectionBase):
    plugins_dir: str = "plugins"
    logs_dir: str = "logs"
    data_dir: str = "data"
    log_level: str = "INFO"
    ui_level: str = "standard"
    shutdown_timeout: float = 10.0


class ChatSection(SectionBase):
    default_chat_mode: str = "normal"
    max_history_messages: int = 20
    image_recognition_prompt: str = ""

    @property
    def max_context_size(self) -> int:
        return self.max_history_messages


class LLMSection(SectionBase):
    default_policy: str = "round_robin"


class PersonalitySection(SectionBase):
    nickname: str = runtime.BOT_NAME
    alias_names: list[str] = Field(default_factory=list)
    personality_core: str = ""
    personality_side: str = ""
    identity: str = ""
    background_story: str = ""
    reply_style: str = ""
    safety_guidelines: list[str] = Field(default_factory=list)
    negative_behaviors: list[str] = Field(default_factory=list)


class DatabaseSection(SectionBase):
    database_type: str = "sqlite"
    sqlite_path: str = "data/bot.db"


class PermissionSection(SectionBase):
    owner_list: list[str] = Field(default_factory=list)
    default_permission_level: str = "user"
    allow_operator_promotion: bool = False
    allow_operator_demotion: bool = False
    allow_command_override: bool = True


class HttpRouterSection(SectionBase):
    enable_http_router: bool = True
    http_router_host: str = "127.0.0.1"
    http_router_port: int = 0
    api_keys: list[str] = Field(default_factory=list)


class AdvancedSection(SectionBase):
    force_sync_http: bool = False
    trust_env: bool = False


class CoreConfig(ConfigBase):
    bot: BotSection = Field(default_factory=BotSection)
    chat: ChatSection = Field(default_factory=ChatSection)
    llm: LLMSection = Field(default_factory=LLMSection)
    personality: PersonalitySection = Field(default_factory=PersonalitySection)
    database: DatabaseSection = Field(default_factory=DatabaseSection)
    permissions: PermissionSection = Field(default_factory=PermissionSection)
    http_router: HttpRouterSection = Field(default_factory=HttpRouterSection)
    advanced: AdvancedSection = Field(default_factory=AdvancedSection)


def get_core_config() -> CoreConfig:
    return runtime.kept(CoreConfig)


def init_core_config(config_path: str) -> CoreConfig:
    """The bot is set up already: whatever the file says, this is its configuration."""
    return get_core_config()


def init_model_config(config_path: str) -> ModelConfig:
    return get_model_config()


def get_model_config() -> ModelConfig:
    return runtime.kept(ModelConfig)
