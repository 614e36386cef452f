"""What a person reads passes through ``_``, so that it can be said in the reader's language.

Stands below everything else, in the supervisor and in the worker; standard library only.
"""

from __future__ import annotations


def _(message: str, /, **values: object) -> str:
    """The sentence with its values put in. ``message`` is a literal, English, and names its values in braces:
    ``_("The folder {path} is gone.", path=path)``. Never an f-string: that cannot be looked up."""
    return message.format(**values)
