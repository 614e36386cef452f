from types import SimpleNamespace
from typing import Any


class PromptManager:
    """A template that is there already is given back, whatever is asked for."""

    def __init__(self) -> None:
        self._templates: dict[str, Any] = {}

    def register_template(self, template: Any) -> None:
        self._templates[template.name] = template

    def get_or_create(self, name: str, template: str) -> Any:
        if name not in self._templates:
            self.register_template(SimpleNamespace(name=name, template=template))
        return self._templates[name]


_manager = PromptManager()


def get_prompt_manager() -> PromptManager:
    return _manager
