"""``src.*`` of Neo-MoFox, simulated, for plugins whose history is replayed."""

from typing import Any

from benchmarks.replay.cores import enter
from mpdt.worker.cores.simulated import config
from mpdt.worker.cores.simulated.flavours import Flavour


def config_section(name: str, *, title: Any = None, description: Any = None, tag: Any = None, **_: Any) -> Any:
    """The core's own, which takes the options too that it had in early 2026."""

    def mark(cls: Any) -> Any:
        cls.__config_section_name__ = name
        cls.__config_section_title__ = title
        cls.__config_section_description__ = description
        cls.__config_section_tag__ = tag
        return cls

    return mark


config.config_section = config_section  # type: ignore[assignment]
enter(Flavour.NEO)
