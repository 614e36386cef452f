"""What MiniCore needs of a core, simulated or real: ``Core`` is the adapter, the values travel between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from mpdt.worker.errors import PluginError
from mpdt.worker.monitor import Monitor

Log = Callable[[str, str, str], None]
"""Takes a level, a logger's name and a message; may be called from any thread."""


DEFAULT_USER = "developer"
DEFAULT_ROLE = "user"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the core has to know of a plugin before its code is imported."""

    name: str
    version: str
    entry: Path
    folder: Path
    oldest_core: str | None = None  # the oldest version of the core that it says it runs in
    needs: tuple[str, ...] = ()  # Python packages, as pip takes them
    package: str | None = None  # what the core imports the folder as; None: by its own name, from the folder above


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message from outside; ``role`` is the sender's permission level by name.

    ``images``: base64 texts; ``mentions``: the users that it mentions.
    """

    text: str
    user: str = DEFAULT_USER
    group: str | None = None
    role: str = DEFAULT_ROLE
    images: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


class StimulusKind(StrEnum):
    """What a plugin can be driven with besides messages."""

    TOOL = "tool"
    ACTION = "action"
    AGENT = "agent"
    SERVICE = "service"
    EVENT = "event"
    SCHEDULE = "schedule"
    ROUTE = "route"
    CHATTER = "chatter"
    PROMPT = "prompt"
    ADAPTER = "adapter"


@dataclass(frozen=True, slots=True)
class Stimulus:
    """``name``: the component's; ``service.method``, ``router/path``, or the event's or schedule's own."""

    kind: StimulusKind
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    type: str
    content: Any
    stream: str

    def to_json(self) -> dict[str, Any]:
        return {"type": self.type, "content": self.content, "stream": self.stream}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a message led to. ``timed_out``: a handler was cut off, or had not finished in time."""

    replies: tuple[Reply, ...] = ()
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Driven:
    """What a stimulus led to: ``result`` as JSON, or the ``error`` that the plugin's code raised."""

    result: Any = None
    error: PluginError | None = None
    conversation: Conversation = Conversation()

    def to_json(self) -> dict[str, Any]:
        return {
            "result": self.result,
            "error": self.error.to_json() if self.error else None,
            "replies": [reply.to_json() for reply in self.conversation.replies],
            "timed_out": self.conversation.timed_out,
        }


@dataclass(frozen=True, slots=True)
class ComponentInfo:
    """One registered component, described from its live class."""

    kind: str
    name: str
    description: str
    schema: dict[str, Any] | None = field(default=None)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name,
            "description": self.description,
            "schema": self.schema,
        }


@dataclass(frozen=True, slots=True)
class Resync:
    """Signatures of the components that a patch added to, or took from, what is registered."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """One field of the live config object that has another value now; ``line`` is its line in the file."""

    field: str
    old: Any
    new: Any
    line: int | None = None


class Core(Protocol):
    """One bot program, as the host of one plugin. All methods run on the plugin's loop.

    ``begin`` opens an empty set of registrations, ``begin`` of an earlier one makes that current
    again: so a version of the plugin that was put aside comes back with all that it had registered.
    """

    name: str
    folder: Path | None
    """A real core's: what code in it starts is not the plugin's. None for the simulated one."""

    def initialize(self) -> None:
        """Make the core's API importable."""

    def shutdown(self) -> None:
        """Undo ``initialize``."""

    async def take_over(self, folder: Path) -> None:
        """Before the first load: a real core may have loaded the folder's plugin itself, and is to let go of it.

        Raises WorkerError if another plugin of the same name is in the way.
        """

    def read_manifest(self, folder: Path) -> Manifest:
        """Raises WorkerError with a sentence if the folder is no plugin."""

    def begin(self, registrations: object | None = None) -> object:
        """Make the given registrations current, or new, empty ones; returns them."""

    def construct(self, manifest: Manifest, *, strict: bool = False) -> object:
        """The plugin instance, of the class that importing its entry file has registered; asks for its components.

        ``strict``: a config file with a value that does not fit is refused, and not mended.
        """

    async def register(self, manifest: Manifest, plugin: object) -> None: ...

    async def start(self, manifest: Manifest, plugin: object, *, announce: bool = True) -> None:
        """Run the load hook, then let events reach the plugin. Raises what the hook raises.

        ``announce``: deliver the events that the core fires once, at its start.
        """

    async def resume(self, manifest: Manifest, plugin: object, *, announce: bool = True) -> None:
        """Run the load hook of a version that comes back with its registrations."""

    def check(self, manifest: Manifest, plugin: object) -> None:
        """Raises what a fresh start would raise of the plugin as it is patched: its class is gone, or lists nothing."""

    async def resync(self, manifest: Manifest, plugin: object) -> Resync:
        """Bring the registrations to what the patched plugin lists, as a fresh load would have them."""

    async def stop(self, manifest: Manifest, plugin: object) -> None:
        """Run the unload hook. Raises what the hook raises; the plugin is then to be dropped all the same."""

    async def message(self, incoming: Incoming, collect: Callable[[Reply], None]) -> bool:
        """Route a message; each reply is handed to ``collect``. True if a handler was cut off as too slow."""

    async def drive(self, stimulus: Stimulus, collect: Callable[[Reply], None]) -> Any:
        """Its result as JSON. Raises WorkerError if it cannot be carried out, and what the plugin raises."""

    def components(self) -> list[ComponentInfo]: ...

    def forgotten(self) -> list[tuple[str, str]]:
        """What a stopped plugin has left subscribed by itself, as kind and place; it goes with the registrations."""

    def config_path(self) -> Path | None:
        """The current plugin's config file."""

    def concerns_config(self, files: Iterable[Path]) -> bool:
        """Whether one of the files is the current plugin's config file."""

    def read_config(self) -> str | None:
        """The config file's text, which is what is checked and applied: the file may change again in between."""

    def check_config(self, text: str) -> None:
        """Raises WorkerError with file and line if the text does not fit the plugin's classes as they are now."""

    def apply_config(self, text: str) -> list[ConfigChange]:
        """Bring the live config object to what the text says; what changed. Raises as ``check_config``."""

    monitor: Monitor


@runtime_checkable
class Inspectable(Protocol):
    """What a core may offer besides, for those who look at the plugin. All methods run on the plugin's loop."""

    async def described(self) -> dict[str, Any]:
        """``components``, each with its place, permission and the ways to call it; ``events`` and ``schedules``."""

    def subscriptions(self) -> list[dict[str, Any]]:
        """Who listens to which event: ``event``, ``handler``, ``priority``."""

    def handlers(self) -> dict[str, object]:
        """The live event handlers by name: state that hangs on nothing of the plugin's own."""

    def config_form(self) -> dict[str, Any] | None:
        """The config class as a form; None without one."""

    def try_config(self, text: str) -> dict[str, Any]:
        """``given``, ``values`` and ``problems`` of a config text, by the plugin's own classes; applies nothing."""
