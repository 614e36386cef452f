from typing import Any


class ConfigManager:
    """Unloading a plugin leaves its config here, of the old class."""

    def __init__(self) -> None:
        self._configs: dict[str, Any] = {}

    def load_config(self, plugin_name: str, config_class: Any) -> Any:
        if plugin_name not in self._configs:
            self._configs[plugin_name] = config_class.load_for_plugin(plugin_name)
        return self._configs[plugin_name]


_manager = ConfigManager()


def get_config_manager() -> ConfigManager:
    return _manager
