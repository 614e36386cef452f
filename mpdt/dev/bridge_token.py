"""The secret that a developer's mpdt and the bridges of his bots share: one for a user, in his state folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from mpdt.dev.errors import StartError
from mpdt.dev.state_files import state_folder
from mpdt.language import _

LEAST = 32  # characters: what is shorter was not made by mpdt
VARIABLE = "MPDT_BRIDGE_TOKEN_FILE"


def token_file(environment: Mapping[str, str] = os.environ) -> Path:
    """``MPDT_BRIDGE_TOKEN_FILE`` names another one, copied from the bridge of a bot that another user installed."""
    given = environment.get(VARIABLE)
    return Path(given) if given else state_folder(environment) / "bridge.token"


def read_token(environment: Mapping[str, str] = os.environ) -> str:
    """Raises StartError if there is none, or another user can read it."""
    path = token_file(environment)
    try:
        token = path.read_text(encoding="ascii").strip()
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise StartError(
            _("There is no token of a bridge ({path}). `mpdt bridge install --core PATH` makes it.", path=path)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(_("The token in {path} cannot be read: {error}.", path=path, error=error)) from None
    if os.name != "nt" and mode & 0o077:
        raise StartError(_("Others can read the token in {path}. Close it: chmod 600 {path}", path=path))
    if len(token) < LEAST:
        raise StartError(
            _("{path} holds no token of a bridge: it has fewer than {least} characters.", path=path, least=LEAST)
        )
    return token


def made_token(environment: Mapping[str, str] = os.environ) -> str:
    """The token; made if there is none. Raises StartError."""
    path = token_file(environment)
    if not os.path.lexists(path):
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_secret(path, secrets.token_hex(32))
        except OSError as error:
            raise StartError(_("{path} cannot be written: {error}.", path=path, error=error)) from None
    return read_token(environment)


def write_secret(path: Path, text: str) -> None:
    """A new file that only this user can read. Raises OSError, also if there is one already."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
        file.write(text + "\n")
