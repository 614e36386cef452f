"""One field of a plugin's configuration."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class ConfigField:
    type: type
    default: Any
    description: str
    choices: list[Any] | None = field(default_factory=list)
