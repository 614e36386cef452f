"""The bot's configuration."""

from pathlib import Path
from types import SimpleNamespace

MMC_VERSION = "0.13.0"
CONFIG_DIR = str(Path(__file__).parents[2] / "config")
global_config = SimpleNamespace(command=SimpleNamespace(command_prefixes=["/", "!"]))
