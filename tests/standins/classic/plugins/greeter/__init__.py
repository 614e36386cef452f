from src.plugin_system.base.plugin_metadata import PluginMetadata

__plugin_meta__ = PluginMetadata(name="Greeter", description="Greets.", usage="/greet")
