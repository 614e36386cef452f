"""Why a route cannot answer."""

from __future__ import annotations


class Refused(Exception):
    """What was asked for makes no sense to the plugin; the sentence says why."""


class Unavailable(Exception):
    """What was asked for cannot be had now; the sentence says why."""


class Conflict(Exception):
    """What was asked for would overwrite something; the sentence names it."""
