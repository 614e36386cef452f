from src.app.plugin_system.base import BasePlugin, register_plugin


@register_plugin
class Greeter(BasePlugin):
    plugin_name = "greeter"
