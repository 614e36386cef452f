from src.plugin_system.base.plugin_metadata import PluginMetadata

__plugin_meta__ = PluginMetadata(name="remote", description="Asks for the core's own reload", usage="", author="mpdt")
