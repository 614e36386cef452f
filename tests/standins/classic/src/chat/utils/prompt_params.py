"""What a prompt is made with."""

from dataclasses import dataclass


@dataclass
class PromptParameters:
    chat_id: str = ""
    platform: str = ""
    bot_name: str = ""
