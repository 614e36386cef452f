"""What the classic core reads of a plugin before it loads it."""

from src.plugin_system.base.plugin_metadata import PluginMetadata

__plugin_meta__ = PluginMetadata(
    name="Dice",
    description="Rolls dice, in the classic flavour.",
    usage="/dice 2d6",
    version="1.0.0",
    author="mpdt",
)
