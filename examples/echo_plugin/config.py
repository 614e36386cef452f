"""The plugin's configuration file."""

from __future__ import annotations

from typing import ClassVar

from src.app.plugin_system.base import BaseConfig, Field, SectionBase, config_section


class EchoConfig(BaseConfig):
    """Settings of the echo plugin."""

    config_name: ClassVar[str] = "config"
    config_description: ClassVar[str] = "Settings of the echo plugin."

    @config_section("echo")
    class EchoSection(SectionBase):
        """How the plugin answers."""

        separator: str = Field(default=" ", description="Put between repetitions.")
        limit: int = Field(default=5, description="No text is repeated more often than this.", ge=1)
        heartbeat: float = Field(default=5.0, description="Seconds between two beats of the background task.")

    echo: EchoSection = Field(default_factory=EchoSection)
