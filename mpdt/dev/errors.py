"""Why the supervisor cannot go on; each error is its own sentence."""

from __future__ import annotations


class StartError(Exception):
    """The command cannot start. The sentence says what to do; the exit code is 2."""


class WorkerDied(Exception):
    """The worker ended while it was needed."""


class WorkerSilent(Exception):
    """The worker lives, and did not answer in time."""


class RequestRefused(Exception):
    """The worker could not carry out a request at all; the sentence is the worker's."""
