"""The bot's actions as a chatter sees them: which it may choose now, and carrying one out."""

from __future__ import annotations

import inspect
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.simulated.classic import sending
from mpdt.worker.cores.simulated.classic.components import BaseAction
from mpdt.worker.cores.simulated.classic.language import generate_reply
from mpdt.worker.cores.simulated.classic.models import streams
from mpdt.worker.cores.simulated.classic.registry import component_registry
from mpdt.worker.cores.simulated.classic.types import ActionInfo, ChatType, ComponentType
from mpdt.worker.cores.simulated.logger import get_logger

SILENT = ("no_action", "no_reply", "do_nothing")
REPLIES = ("reply", "respond")

logger = get_logger("action_manager")


class ChatterActionManager:
    """The actions that one chat may use."""

    def __init__(self) -> None:
        self.chat_id: str | None = None
        self.log_prefix = "ChatterActionManager"
        self._using_actions: dict[str, ActionInfo] = {}

    async def load_actions(self, stream_id: str | None) -> None:
        self.chat_id = stream_id
        self._using_actions = component_registry.get_enabled_components_by_type(ComponentType.ACTION, stream_id)

    async def restore_actions(self) -> None:
        await self.load_actions(self.chat_id)

    def get_using_actions(self) -> dict[str, ActionInfo]:
        return dict(self._using_actions)

    def remove_action_from_using(self, action_name: str) -> bool:
        return self._using_actions.pop(action_name, None) is not None

    @staticmethod
    def create_action(
        action_name: str,
        action_data: dict[str, Any],
        reasoning: str,
        cycle_timers: dict[str, Any],
        thinking_id: str,
        chat_stream: Any,
        log_prefix: str,
        shutting_down: bool = False,
        action_message: Any = None,
    ) -> BaseAction | None:
        """None, and a log line, if there is no such action."""
        cls: Any = component_registry.get_component_class(action_name, ComponentType.ACTION)
        if cls is None:
            logger.warning(_("There is no action '{name}'.", name=action_name))
            return None
        made = {
            "action_data": action_data,
            reasoning_of(cls): reasoning,
            "cycle_timers": cycle_timers,
            "thinking_id": thinking_id,
            "chat_stream": chat_stream,
            "log_prefix": log_prefix,
            "plugin_config": config_of(action_name),
            "action_message": action_message,
        }
        action: BaseAction = cls(**made)
        return action

    async def execute_action(
        self,
        action_name: str,
        chat_id: str,
        target_message: Any = None,
        reasoning: str = "",
        action_data: dict[str, Any] | None = None,
        thinking_id: str | None = None,
        log_prefix: str = "",
        clear_unread_messages: bool = True,
    ) -> dict[str, Any]:
        """What came of it. What the action raises is told, and is no success."""
        stream = streams().get(chat_id)
        if stream is None:
            return outcome(action_name, False, error="chat_stream not found")
        if clear_unread_messages:
            stream.context.mark_messages_as_read([one.message_id for one in stream.context.get_unread_messages()])
        if action_name in SILENT:
            return outcome(action_name, True)
        if action_name in REPLIES:
            return await self._reply(action_name, chat_id, target_message)
        action = self.create_action(
            action_name, action_data or {}, reasoning, {}, thinking_id or "", stream, log_prefix, False, target_message
        )
        if action is None:
            return outcome(action_name, False, error=f"未找到 Action: {action_name}")
        try:
            success, text = await action.handle_action()
        except Exception as error:  # plugin code
            logger.error(_("Action {name} raised: {error!r}", name=action_name, error=error), exc_info=error)
            return outcome(action_name, False, error=str(error))
        return outcome(action_name, success, text)

    async def _reply(self, action_name: str, chat_id: str, target_message: Any) -> dict[str, Any]:
        success, parts = await generate_reply(
            chat_id=chat_id, reply_message=target_message, request_type="chat.replyer"
        )
        text = "".join(content for kind, content in parts if kind == "text")
        if not success or not text:
            return outcome(action_name, False, error="没有生成回复")
        await sending.text_to_stream(text, chat_id)
        return outcome(action_name, True, text)


def reasoning_of(cls: Any) -> str:
    """MaiBot's actions take it by another name."""
    return "action_reasoning" if "action_reasoning" in inspect.signature(cls).parameters else "reasoning"


def outcome(action_name: str, success: bool, reply_text: str = "", error: str = "") -> dict[str, Any]:
    found = {"action_type": action_name, "success": success, "reply_text": reply_text, "command": ""}
    return {**found, "error": error} if error else found


def config_of(action_name: str) -> dict[str, Any]:
    info = component_registry.get_component_info(action_name, ComponentType.ACTION)
    return (component_registry.get_plugin_config(info.plugin_name) if info else None) or {}


class ActionModifier:
    """Takes out of a chat's actions what does not apply now: for another kind of chat or chatter, or not activated."""

    def __init__(self, action_manager: ChatterActionManager, chat_id: str) -> None:
        self.action_manager = action_manager
        self.chat_id = chat_id

    async def modify_actions(self, message_content: str = "", chatter_name: str = "") -> None:
        await self.action_manager.load_actions(self.chat_id)
        stream = streams().get(self.chat_id)
        if stream is None:
            return
        kind = ChatType.GROUP if stream.group_info else ChatType.PRIVATE
        unread = stream.context.get_unread_messages()
        message = unread[-1] if unread else None
        for name, info in self.action_manager.get_using_actions().items():
            allowed = info.chat_type_allow in (ChatType.ALL, kind)
            chosen = not info.chatter_allow or not chatter_name or chatter_name in info.chatter_allow
            if not (allowed and chosen and await self._activates(name, stream, message)):
                self.action_manager.remove_action_from_using(name)

    async def _activates(self, name: str, stream: Any, message: Any) -> bool:
        action = self.action_manager.create_action(name, {}, "", {}, "", stream, "", False, message)
        if action is None:
            return False
        try:
            return bool(await action.go_activate())
        except Exception as error:  # plugin code
            logger.error(_("Action {name} raised: {error!r}", name=name, error=error), exc_info=error)
            return False
