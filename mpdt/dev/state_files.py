"""Where what belongs to a plugin is kept in the user's state folder: its state between two workers and two runs of
``mpdt dev --keep-state``, and what it stores through the simulated core (databases, documents)."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def state_file(plugin: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """One file for each plugin folder."""
    return place(plugin, environment).with_suffix(".state")


def data_folder(plugin: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """One folder for each plugin folder; it need not exist."""
    return place(plugin, environment).with_suffix(".data")


def history_file(plugin: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """What was typed at the prompt."""
    return place(plugin, environment).with_suffix(".history")


def clear_data(folder: Path) -> None:
    """Removes what a plugin has stored. Raises OSError, for another program may have a database open."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass


def place(plugin: Path, environment: Mapping[str, str]) -> Path:
    """A path of the plugin folder's own in the user's state folder, or where ``MPDT_STATE_DIR`` says; its last suffix
    is to be replaced."""
    key = hashlib.blake2b(os.fsencode(plugin), digest_size=8).hexdigest()
    return state_folder(environment) / f"{plugin.name}-{key}._"


def state_folder(environment: Mapping[str, str]) -> Path:
    """The user's state folder for mpdt, or what ``MPDT_STATE_DIR`` says; it need not exist."""
    override = environment.get("MPDT_STATE_DIR")
    if override:
        return Path(override)
    from platformdirs import user_state_path

    return user_state_path("mpdt", appauthor=False)
