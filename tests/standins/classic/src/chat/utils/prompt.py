"""Named templates: what is made with a name is registered under it, in place of the one of that name."""


class PromptManager:
    def __init__(self) -> None:
        self._prompts: dict[str, Prompt] = {}

    def register(self, prompt: "Prompt") -> None:
        prompt.name = prompt.name or f"prompt {len(self._prompts)}"
        self._prompts[prompt.name] = prompt

    async def get_prompt_async(self, name: str) -> "Prompt":
        return self._prompts[name]


class Prompt:
    def __init__(self, template: str, name: str | None = None, should_register: bool = True) -> None:
        self.template = template
        self.name = name
        if should_register:
            global_prompt_manager.register(self)


global_prompt_manager = PromptManager()
