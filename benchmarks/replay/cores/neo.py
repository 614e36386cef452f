"""``src.*`` of Neo-MoFox, simulated, for plugins whose history is replayed."""

import inspect
from typing import Any

from benchmarks.replay.cores import enter
from mpdt.worker.cores.simulated import config
from mpdt.worker.cores.simulated.flavours import Flavour

_config_section = config.config_section


def config_section(name: str, **options: Any) -> Any:
    """Plugins of early 2026 give options that the API has no longer."""
    known = inspect.signature(_config_section).parameters
    return _config_section(name, **{key: value for key, value in options.items() if key in known})


config_section.__mpdt_inert__ = True  # type: ignore[attr-defined]  # as what it calls is, which can be read
config.config_section = config_section  # type: ignore[assignment]
enter(Flavour.NEO)
