"""The components, one module each."""

from .command import EchoCommand
from .greeter import GreeterHandler
from .history import HistoryService
from .words import CountWordsTool

__all__ = ["CountWordsTool", "EchoCommand", "GreeterHandler", "HistoryService"]
