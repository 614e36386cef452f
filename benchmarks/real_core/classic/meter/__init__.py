from src.plugin_system.base.plugin_metadata import PluginMetadata

__plugin_meta__ = PluginMetadata(name="meter", description="Notes when it has the new code", usage="", author="mpdt")
