from typing import Any


class Registry:
    def __init__(self) -> None:
        self._components: dict[str, type] = {}
        self._dependencies: dict[str, list[str]] = {}

    def register(self, component_cls: type, signature: str, dependencies: list[str] | None = None) -> bool:
        if signature in self._components:
            raise ValueError(f"{signature} is registered already.")
        self._components[signature] = component_cls
        self._dependencies[signature] = list(dependencies or [])
        return True

    def unregister(self, signature: str) -> bool:
        self._dependencies.pop(signature, None)
        return self._components.pop(signature, None) is not None

    def get(self, signature: str) -> Any:
        return self._components.get(signature)

    def get_dependencies(self, signature: str) -> list[str]:
        return self._dependencies.get(signature, [])

    def get_by_plugin(self, plugin_name: str) -> dict[str, type]:
        return {one: cls for one, cls in self._components.items() if one.startswith(f"{plugin_name}:")}

    def get_by_type(self, kind: Any) -> dict[str, type]:
        return {one: cls for one, cls in self._components.items() if one.split(":")[1] == kind.value}

    def __contains__(self, signature: str) -> bool:
        return signature in self._components


_registry = Registry()


def get_global_registry() -> Registry:
    return _registry
