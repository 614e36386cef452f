"""A plugin that registers one of each; runs in the stand-in and in the real bot."""

from src.plugin_system.base.plugin_metadata import PluginMetadata

__plugin_meta__ = PluginMetadata(
    name="Gadget",
    description="One of each.",
    usage="/gadget",
    version="1.0.0",
    author="mpdt",
)
