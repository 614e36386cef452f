"""The bridge in a bot's plugin folder: put there, looked at, taken out. What somebody else wrote there stays."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import mpdt
from mpdt.dev.bridge_token import made_token, write_secret
from mpdt.dev.errors import StartError
from mpdt.dev.real_core import CoreKind, RealCore
from mpdt.dev.state_files import state_folder
from mpdt.language import _

NAME = "mpdt_bridge"
RECORD = "written.json"
TOKEN = "token"
CACHE = "__pycache__"
# By the kind of bot: the plugin's own files. ``{{version}}`` is mpdt's.
TEMPLATES = {
    CoreKind.NEO_MOFOX: ("neo", ("manifest.json", "plugin.py")),
    CoreKind.CLASSIC: ("classic", ("__init__.py", "plugin.py")),
}


@dataclass(frozen=True, slots=True)
class Installed:
    """``change``: ``new``, ``renewed`` or ``same``."""

    place: Path
    change: str


def contents(core: RealCore, url: str, token: str) -> dict[str, str]:
    """What is to be in the bridge's folder, by file name. Raises StartError if this kind of bot has no bridge."""
    if core.kind not in TEMPLATES:
        raise StartError(_("There is no bridge for a bot of this kind ({kind}) yet.", kind=core.kind))
    folder, names = TEMPLATES[core.kind]
    source = files("mpdt.bridge")
    filled = {
        name: (source / folder / f"{name}.tmpl").read_text(encoding="utf-8").replace("{{version}}", mpdt.__version__)
        for name in names
    }
    settings = {"url": url, "words": words()}
    return {
        "__init__.py": "",
        **filled,
        "link.py": (source / "link.py").read_text(encoding="utf-8"),
        "settings.json": json.dumps(settings, indent=2, ensure_ascii=False) + "\n",
        TOKEN: token + "\n",
    }


def words() -> dict[str, str]:
    """What the bridge says in the bot's log, where the catalog is not."""
    return {
        "stranger": _(
            "Who listens at the address of mpdt does not know this bridge's token; nothing was taken from it."
        ),
        "broken": _("What mpdt sent cannot be run here:"),
        "no_token": _("The bridge's token cannot be read, so it does nothing:"),
    }


def hash_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def written(place: Path) -> dict[str, str] | None:
    """What mpdt wrote there, by name and hash; None if it was not mpdt."""
    try:
        found = json.loads((place / RECORD).read_text(encoding="utf-8"))["files"]
        return {str(name): str(known) for name, known in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def strange(place: Path) -> list[str]:
    """The names in the folder that mpdt did not write, or not so."""
    known = written(place) or {}
    found = []
    for path in sorted(place.iterdir()):
        if path.name in (RECORD, CACHE) and not path.is_symlink():
            continue
        is_ours = path.is_file() and not path.is_symlink() and known.get(path.name) == hash_of(path.read_bytes())
        if not is_ours:
            found.append(path.name)
    return found


def refuse_strange(place: Path) -> None:
    """Raises StartError unless all of the folder was written by mpdt."""
    if place.is_symlink() or not place.is_dir() or written(place) is None:
        raise StartError(_("{place} was not written by mpdt. Nothing was changed.", place=place))
    others = strange(place)
    if others:
        raise StartError(
            _(
                "In {place} somebody has changed or added {names}. Nothing was changed; remove the folder by hand.",
                place=place,
                names=", ".join(others),
            )
        )


def install(core: RealCore, url: str, environment: Mapping[str, str] = os.environ) -> Installed:
    """Put the bridge there, or bring it up to date. Raises StartError, with the folder as it was."""
    place = core.plugins / NAME
    token = made_token(environment)
    wanted = contents(core, url, token)
    hashes = {name: hash_of(text.encode()) for name, text in wanted.items()}
    if os.path.lexists(place):
        refuse_strange(place)
        if written(place) == hashes and not missing(place, hashes):
            record(core, environment)
            return Installed(place, "same")
    change = "renewed" if place.exists() else "new"
    made_plugins = previously_made(place) if change == "renewed" else not core.plugins.exists()
    try:
        core.plugins.mkdir(exist_ok=True)
        build(place, wanted, hashes, made_plugins=made_plugins)
    except OSError as error:
        raise StartError(_("{place} cannot be written: {error}.", place=place, error=error)) from None
    record(core, environment)
    return Installed(place, change)


def missing(place: Path, hashes: Mapping[str, str]) -> bool:
    return any(not (place / name).exists() for name in hashes)


def previously_made(place: Path) -> bool:
    """Did mpdt make the folder of plugins too?"""
    return bool(json.loads((place / RECORD).read_text(encoding="utf-8")).get("made_plugins"))


def build(place: Path, wanted: Mapping[str, str], hashes: Mapping[str, str], *, made_plugins: bool) -> None:
    """The whole folder beside its place, and then in its place: a bot never finds half of it."""
    new = place.with_name(f".{NAME}.{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        for name, text in wanted.items():
            if name == TOKEN:
                write_secret(new / name, text.strip())
            else:
                (new / name).write_bytes(text.encode())
        noted = {"by": "mpdt bridge install", "made_plugins": made_plugins, "files": dict(hashes)}
        (new / RECORD).write_text(json.dumps(noted, indent=2) + "\n", encoding="utf-8")
        if place.exists():
            shutil.rmtree(place)
        new.rename(place)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        raise


def remove(core: RealCore, environment: Mapping[str, str] = os.environ) -> Path:
    """Take the bridge out; its place. Raises StartError if it is not there, or not all of it mpdt's."""
    place = core.plugins / NAME
    if not os.path.lexists(place):
        raise StartError(_("There is no bridge in {folder}.", folder=core.plugins))
    refuse_strange(place)
    made_plugins = previously_made(place)
    try:
        shutil.rmtree(place)
        if made_plugins and not any(core.plugins.iterdir()):
            core.plugins.rmdir()
    except OSError as error:
        raise StartError(_("{place} cannot be removed: {error}.", place=place, error=error)) from None
    forget(core, environment)
    return place


def record_file(environment: Mapping[str, str]) -> Path:
    return state_folder(environment) / "bridges.json"


def recorded(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """The places of all bridges that this user installed, as far as the record can be read."""
    try:
        return [Path(str(one)) for one in json.loads(record_file(environment).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def record(core: RealCore, environment: Mapping[str, str]) -> None:
    write_record([*others(core, environment), core.plugins / NAME], environment)


def forget(core: RealCore, environment: Mapping[str, str]) -> None:
    write_record(others(core, environment), environment)


def others(core: RealCore, environment: Mapping[str, str]) -> list[Path]:
    return [one for one in recorded(environment) if one != core.plugins / NAME]


def write_record(places: list[Path], environment: Mapping[str, str]) -> None:
    path = record_file(environment)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps([str(one) for one in places], indent=2), encoding="utf-8")
    new.replace(path)
