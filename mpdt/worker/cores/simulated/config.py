"""Configurations: pydantic models of sections, read from a TOML file that is written from them at first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic import Field as PydanticField

from mpdt.language import _
from mpdt.worker.cores.simulated import runtime, toml
from mpdt.worker.cores.simulated.types import ComponentType, build_signature

SectionT = TypeVar("SectionT", bound="SectionBase")

CONSTRAINTS = frozenset({"ge", "le", "gt", "lt", "min_length", "max_length", "pattern", "title"})


def Field(default: Any = ..., *, description: str = "", **options: Any) -> Any:
    """A configuration field. What pydantic does not know (``label``, ``tag`` ...) is for user interfaces."""
    known = {"default_factory", "examples", "alias", *CONSTRAINTS}
    for_pydantic = {name: value for name, value in options.items() if name in known and value is not None}
    for_display = {name: value for name, value in options.items() if name not in known and value is not None}
    if "default_factory" not in for_pydantic:
        for_pydantic["default"] = default
    return PydanticField(description=description, json_schema_extra=for_display or None, **for_pydantic)


def config_section(
    name: str, *, title: str | None = None, description: str | None = None, tag: str | None = None
) -> Callable[[type[SectionT]], type[SectionT]]:
    """Name the section's table in the file."""

    def mark(cls: type[SectionT]) -> type[SectionT]:
        # One statement an attribute, as in the real core: the engine reads it, to apply it again to a live section.
        cls.__config_section_name__ = name  # type: ignore[attr-defined]
        cls.__config_section_title__ = title  # type: ignore[attr-defined]
        cls.__config_section_description__ = description  # type: ignore[attr-defined]
        cls.__config_section_tag__ = tag  # type: ignore[attr-defined]
        return cls

    return mark


class SectionBase(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConfigBase(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls.model_validate(data)

    @classmethod
    def default(cls) -> dict[str, Any]:
        """Every section with its default values."""
        return toml.merged(cls, {}, SectionBase)

    @classmethod
    def load(cls, path: str | Path, *, auto_update: bool = False) -> Self:
        """The file's configuration. ``auto_update`` mends the file: what it lacks, what is bad in it."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        data = toml.parsed(before, path)
        if not auto_update:
            return cls.from_dict(data)
        full = toml.merged(cls, data, SectionBase)
        after = toml.rendered(cls, full, SectionBase)
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
        return cls.from_dict(full)


class BaseConfig(ConfigBase):
    """A plugin's configuration: ``config/plugins/<plugin>/<config_name>.toml`` in the bot's folder."""

    _plugin_: ClassVar[str]
    _signature_: ClassVar[str]
    _kind_: ClassVar[ComponentType] = ComponentType.CONFIG
    config_name: ClassVar[str] = "config"
    config_description: ClassVar[str] = ""

    @classmethod
    def path_for(cls, plugin_name: str) -> Path:
        folder = runtime.current().home / "config" / "plugins" / plugin_name
        return folder / f"{cls.config_name}.toml"

    @classmethod
    def get_default_path(cls) -> Path | None:
        plugin = getattr(cls, "_plugin_", None)
        return cls.path_for(plugin) if plugin else None

    @classmethod
    def get_signature(cls) -> str | None:
        known, plugin = getattr(cls, "_signature_", None), getattr(cls, "_plugin_", None)
        if known or not (plugin and cls.config_name):
            return known or None
        return build_signature(plugin, ComponentType.CONFIG, cls.config_name)

    @classmethod
    def generate_default(cls, path: str | Path | None = None) -> None:
        """Write the file with the default values."""
        target = Path(path) if path is not None else cls.get_default_path()
        if target is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            text = toml.rendered(cls, cls.default(), SectionBase)
            target.write_text(text, encoding="utf-8", newline="\n")

    @classmethod
    def load_for_plugin(cls, plugin_name: str, *, auto_generate: bool = True, auto_update: bool = True) -> Self:
        """Raises FileNotFoundError if there is no file and ``auto_generate`` is off."""
        path = cls.path_for(plugin_name)
        if not path.exists():
            if not auto_generate:
                raise FileNotFoundError(f"配置文件未找到: {path}")
            cls.generate_default(path)
        return cls.load(path, auto_update=auto_update)

    @classmethod
    def reload(cls) -> Self:
        path = cls.get_default_path()
        if path is None:
            raise RuntimeError(_("{cls} belongs to no plugin yet, so its file is unknown.", cls=cls.__name__))
        if not path.exists():
            raise FileNotFoundError(f"配置文件未找到: {path}")
        return cls.load(path, auto_update=True)


class ConfigManager:
    """The loaded configuration of each plugin; the first of its ``configs`` only, as in the real core."""

    def load_config(
        self,
        plugin_name: str,
        config_class: type[BaseConfig],
        *,
        auto_generate: bool = True,
        auto_update: bool = True,
    ) -> BaseConfig:
        configs = runtime.registrations().configs
        if plugin_name not in configs:
            configs[plugin_name] = config_class.load_for_plugin(
                plugin_name, auto_generate=auto_generate, auto_update=auto_update
            )
        return configs[plugin_name]

    def reload_config(
        self, plugin_name: str, config_class: type[BaseConfig], *, auto_update: bool = True
    ) -> BaseConfig:
        self.remove_config(plugin_name)
        config = config_class.load(config_class.path_for(plugin_name), auto_update=auto_update)
        runtime.registrations().configs[plugin_name] = config
        return config

    def get_config(self, plugin_name: str) -> BaseConfig | None:
        return runtime.registrations().configs.get(plugin_name)

    def remove_config(self, plugin_name: str) -> bool:
        return runtime.registrations().configs.pop(plugin_name, None) is not None

    def get_loaded_plugins(self) -> list[str]:
        return list(runtime.registrations().configs)


_manager = ConfigManager()


def get_config_manager() -> ConfigManager:
    return _manager
