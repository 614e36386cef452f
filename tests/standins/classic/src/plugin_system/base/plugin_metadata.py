"""What a plugin says of itself."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class PluginMetadata:
    name: str
    description: str
    usage: str
    version: str = "1.0.0"
    author: str = ""
    license: str | None = None
    dependencies: list[str] = field(default_factory=list)
    python_dependencies: list[str] = field(default_factory=list)
