"""The Python packages that a plugin's manifest asks for, and which of them are missing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib import metadata

from mpdt.language import _

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def is_installed(requirement: str) -> bool:
    """By its distribution's name, or by the module of that name; its version is pip's to compare."""
    match = NAME.match(requirement.strip())
    if match is None:
        return True
    try:
        metadata.distribution(match[0])
    except metadata.PackageNotFoundError:
        return has_module(match[0].replace("-", "_"))
    return True


def has_module(name: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def sentence(requirements: Iterable[str]) -> str | None:
    """What is missing, with the command that installs it."""
    missing = [one for one in requirements if not is_installed(one)]
    if not missing:
        return None
    quoted = " ".join(f"'{one}'" if re.search(r"[<>=!~ ]", one) else one for one in missing)
    return _(
        "The plugin's manifest asks for {names}, which {python} has not got. "
        "Install with: {python} -m pip install {quoted}",
        names=", ".join(missing),
        python=sys.executable,
        quoted=quoted,
    )
