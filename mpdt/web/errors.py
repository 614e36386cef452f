"""Why a route cannot answer."""

from __future__ import annotations


class Unavailable(Exception):
    """What was asked for cannot be had now; the sentence says why."""
