"""Supervisor <-> worker: JSON lines over loopback TCP. Values and their encoding; no I/O.

The supervisor listens, spawns the worker with ``PORT_VARIABLE`` and ``TOKEN_VARIABLE`` in its environment
(the worker deletes both on reading), and the worker connects and says ``Hello``. Then the supervisor sends requests
and the worker answers each under its id, in any order, and sends notices at any moment.

Operations of a request, with their parameters and results (all JSON):

========== ============================================ =====================================================
operation  parameters                                   result
========== ============================================ =====================================================
debug      host, port (0: a free one), and what "load"  host, port: where debugpy listens; asked before "load"
           has
load       path, core ("simulated"), state_file,         plugin, loaded, error, restored, ms
           restore (resume the state that is there),
           replay_start (false: a reloaded plugin is
           not told of ON_START again), audit (compare
           each patch with a fresh interpreter), home
           and data (folders of the simulated core's),
           model (laid over [tool.mpdt.llm]),
           wait_for_client (with "debug")
refresh    files (absolute paths) or null               ReloadReport.to_json()
           (for a config file: applied in place, and "config" says what changed)
expect     files (absolute paths): a refresh of these   {}
           is likely; what reading and compiling
           them costs may be paid now
reload     files                                        outcome ("reloaded"|"rejected"|"failed"), changes, error,
                                                        leaks, carried, lost, registrations, timings, ms,
                                                        restart (why only another process will do, or null)
unload     --                                           left (what of the plugin's cannot be ended, in words;
           the core is taken down too: a load begins     empty: the next load finds nothing of this one)
           from nothing, with other folders
message    text, user, group, role, images, mentions    replies [{type, content, stream}], timed_out
call       kind (Stimulus.kind), name, arguments        result, error, replies, timed_out
state      --                                           plugin, loaded, error, components, tasks, modules,
                                                        instance_id (changes with the plugin object), config_path
                                                        (the plugin's own TOML file, or null)
components --                                           components, events, schedules, each with the calls that it
                                                        takes and the JSON schemas of their arguments
tree       path (a root and steps; none: the roots),    node, or nodes: what the plugin's objects hold, read without
           depth, width, offset, text (limits)          running any of their code
held       --                                           holdings (tasks, timers, open things), subscriptions
performance since (number of the last sample seen)      periods (handlers' figures between changes), samples; asking
                                                        has lag and memory sampled for the next seconds
config_form --                                          path, form (the config class as plain data, or null)
config_check text                                       given, values, problems: what the plugin's own classes say of
                                                        the text; nothing is applied
shutdown   --                                           {}   (the plugin's unload hook has run; then the process ends)
sync       plugin (its folder's name), key (of the      wanted (files to be written), gone (files to be removed),
           folder), files (name -> hash)                folder (where they lie), loaded, clean (what runs is what
                                                        they were when it was last told), options (of its load)
write      files (name -> base64, or null: removed)     {}   (in the bridge's private folder)
========== ============================================ =====================================================

``sync`` and ``write`` are a bridge's (``mpdt dev --attach``): the bot does not see the developer's files. There every
name of a file is relative to the plugin's folder, and ``shutdown`` ends the visit and not the bot.

Notices, with their bodies:

========== ============================================================================================
log        level, logger, message
line       stream, line: what a bot with a bridge has written to its standard output or error
held       at (the line at which a debugger holds the plugin's loop; empty: it goes on)
wrote      path (absolute): this process is about to write, replace or remove that file (audit events
           ``open`` for writing, ``os.rename``, ``os.remove``, ``os.truncate``). Sent at once, and only for
           files below the plugin's folder, so that the plugin's own writes are not taken for a save.
========== ============================================================================================

The worker ends itself when the channel ends: a supervisor that was killed leaves nothing running.

Standard library only: the worker imports this module too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mpdt.language import _

PORT_VARIABLE = "MPDT_WORKER_PORT"
TOKEN_VARIABLE = "MPDT_WORKER_TOKEN"
PROTOCOL_VERSION = 1
LINE_LIMIT = 64 * 1024 * 1024  # bytes; a longer line is a broken or hostile peer


class Operation(StrEnum):
    DEBUG = "debug"
    LOAD = "load"
    EXPECT = "expect"
    REFRESH = "refresh"
    RELOAD = "reload"
    UNLOAD = "unload"
    MESSAGE = "message"
    CALL = "call"
    STATE = "state"
    COMPONENTS = "components"
    TREE = "tree"
    HELD = "held"
    PERFORMANCE = "performance"
    CONFIG_FORM = "config_form"
    CONFIG_CHECK = "config_check"
    SHUTDOWN = "shutdown"
    SYNC = "sync"
    WRITE = "write"


class NoticeKind(StrEnum):
    """What the worker says unasked."""

    LOG = "log"
    WROTE = "wrote"
    HELD = "held"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Hello:
    token: str
    pid: int
    python: str
    version: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class Request:
    id: int
    operation: Operation
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Response:
    """``error`` is the sentence of a request that could not be carried out at all; a plugin's errors are results."""

    id: int
    result: Mapping[str, Any] | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    kind: NoticeKind
    body: Mapping[str, Any]


Message = Hello | Request | Response | Notice


class ProtocolError(ValueError):
    """A line that is no message of this protocol."""


def encode(message: Message) -> bytes:
    """The message as one line of UTF-8, newline included."""
    match message:
        case Hello():
            fields: dict[str, Any] = {
                "hello": message.version,
                "token": message.token,
                "pid": message.pid,
                "python": message.python,
            }
        case Request():
            fields = {
                "request": message.id,
                "operation": str(message.operation),
                "parameters": dict(message.parameters),
            }
        case Response():
            fields = {"response": message.id, "result": message.result, "error": message.error}
        case Notice():
            fields = {"notice": str(message.kind), "body": dict(message.body)}
    return json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace") + b"\n"


def decode(line: bytes) -> Message:
    """The message of one line. Raises ProtocolError with a sentence if it is none."""
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise ProtocolError(_("A line of the worker channel is not JSON: {error}", error=error)) from None
    try:
        if "hello" in fields:
            return Hello(str(fields["token"]), int(fields["pid"]), str(fields["python"]), int(fields["hello"]))
        if "request" in fields:
            return Request(int(fields["request"]), Operation(fields["operation"]), dict(fields["parameters"]))
        if "response" in fields:
            return Response(int(fields["response"]), fields["result"], fields["error"])
        if "notice" in fields:
            return Notice(NoticeKind(fields["notice"]), dict(fields["body"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(_("A line of the worker channel has the wrong form: {error!r}", error=error)) from None
    raise ProtocolError(_("A line of the worker channel is neither hello, request, response nor notice."))
