"""Where a plugin's state is kept between two workers, and between two runs of ``mpdt dev --keep-state``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path


def state_file(plugin: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """One file for each plugin folder, in the user's state folder; ``MPDT_STATE_DIR`` says otherwise."""
    override = environment.get("MPDT_STATE_DIR")
    if override:
        folder = Path(override)
    else:
        from platformdirs import user_state_path

        folder = user_state_path("mpdt", appauthor=False)
    key = hashlib.blake2b(os.fsencode(plugin), digest_size=8).hexdigest()
    return folder / f"{plugin.name}-{key}.state"
