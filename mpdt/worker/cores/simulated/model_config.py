"""The bot's models as its own configuration has them: one, whoever ``[tool.mpdt.llm]`` says answers, for every task."""

from __future__ import annotations

from typing import Any, Literal

from mpdt.worker.cores.simulated.config import ConfigBase, Field, SectionBase, config_section

NAME = "mpdt"


@config_section("api_providers")
class APIProviderSection(SectionBase):
    name: str = Field(default=NAME)
    base_url: str = Field(default="")
    api_key: str | list[str] = Field(default="")
    client_type: Literal["openai", "anthropic", "gemini", "aiohttp_gemini", "bedrock"] = Field(default="openai")
    max_retry: int = Field(default=2)
    timeout: int = Field(default=30)
    retry_interval: int = Field(default=10)


@config_section("models")
class ModelInfoSection(SectionBase):
    model_identifier: str = Field()
    name: str = Field()
    api_provider: str = Field()
    price_in: float = Field(default=0.0)
    cache_hit_price_in: float | None = Field(default=None)
    price_out: float = Field(default=0.0)
    force_stream_mode: bool = Field(default=False)
    max_context: int = Field(default=131072)
    tool_call_compat: bool = Field(default=False)
    extra_params: dict[str, Any] = Field(default_factory=dict)
    anti_truncation: bool = Field(default=False)


class TaskConfigSection(SectionBase):
    model_list: list[str] = Field(default_factory=list)
    max_tokens: int = Field(default=800)
    temperature: float = Field(default=0.7)
    concurrency_count: int = Field(default=1)
    embedding_dimension: int | None = Field(default=None)


def task() -> TaskConfigSection:
    return TaskConfigSection(model_list=[NAME])


@config_section("model_tasks")
class ModelTasksSection(SectionBase):
    utils: TaskConfigSection = Field(default_factory=task)
    utils_small: TaskConfigSection = Field(default_factory=task)
    actor: TaskConfigSection = Field(default_factory=task)
    sub_actor: TaskConfigSection = Field(default_factory=task)
    vlm: TaskConfigSection = Field(default_factory=task)
    voice: TaskConfigSection = Field(default_factory=task)
    video: TaskConfigSection = Field(default_factory=task)
    tool_use: TaskConfigSection = Field(default_factory=task)
    embedding: TaskConfigSection = Field(default_factory=task)


def models() -> list[ModelInfoSection]:
    return [ModelInfoSection(model_identifier=NAME, name=NAME, api_provider=NAME)]


class ModelConfig(ConfigBase):
    api_providers: list[APIProviderSection] = Field(default_factory=lambda: [APIProviderSection()])
    models: list[ModelInfoSection] = Field(default_factory=models)
    model_tasks: ModelTasksSection = Field(default_factory=ModelTasksSection)

    @property
    def models_dict(self) -> dict[str, ModelInfoSection]:
        return {one.name: one for one in self.models}

    @property
    def api_providers_dict(self) -> dict[str, APIProviderSection]:
        return {one.name: one for one in self.api_providers}

    def get_model(self, model_name: str) -> ModelInfoSection:
        """Raises KeyError."""
        return self.models_dict[model_name]

    def get_provider(self, provider_name: str) -> APIProviderSection:
        """Raises KeyError."""
        return self.api_providers_dict[provider_name]

    def get_task(self, name: str) -> object:
        from mpdt.worker.cores.simulated.llm.request import get_model_set_by_task

        return get_model_set_by_task(name)

    def get_model_set_by_task(self, name: str) -> object:
        return self.get_task(name)

    def get_model_set_by_name(self, name: str, **options: float | int | None) -> object:
        from mpdt.worker.cores.simulated.llm.request import get_model_set_by_name

        return get_model_set_by_name(name)
