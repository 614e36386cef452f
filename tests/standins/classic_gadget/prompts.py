"""Registered when the module is imported, as the bot registers its own."""

from src.chat.utils.prompt import Prompt


def init_prompts() -> None:
    """Under names of their own."""
    Prompt("Speak about the gadget.", "gadget_topic")


init_prompts()
