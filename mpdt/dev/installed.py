"""Links from a bot's plugin folder to plugins that are being developed, and a record of those that mpdt made.

Only what is a link, and leads to the plugin, is ever taken away: a folder with somebody's code in it is not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mpdt.dev.errors import StartError
from mpdt.dev.platform import is_folder_link, link_folder, unlink_folder
from mpdt.dev.real_core import RealCore
from mpdt.dev.state_files import state_folder
from mpdt.language import _

MANIFESTS = ("manifest.json", "_manifest.json")


@dataclass(frozen=True, slots=True)
class Link:
    """``place`` in the bot's plugin folder leads to ``plugin``."""

    place: Path
    plugin: Path


def record_file(environment: Mapping[str, str] = os.environ) -> Path:
    return state_folder(environment) / "installed.json"


def recorded(environment: Mapping[str, str] = os.environ) -> list[Link]:
    """The links that mpdt made, as far as the record can be read."""
    try:
        entries = json.loads(record_file(environment).read_text(encoding="utf-8"))
        return [Link(Path(entry["place"]), Path(entry["plugin"])) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def record(links: list[Link], environment: Mapping[str, str] = os.environ) -> None:
    path = record_file(environment)
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = [{"place": str(link.place), "plugin": str(link.plugin)} for link in links]
    new = path.with_suffix(".new")
    new.write_text(json.dumps(entries, indent=2), encoding="utf-8")
    new.replace(path)


def named(folder: Path) -> str:
    """The plugin's name by its manifest, else its folder's."""
    for manifest in MANIFESTS:
        try:
            data = json.loads((folder / manifest).read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            continue
        if isinstance(data, dict) and data.get("name"):
            return str(data["name"])
    return folder.name


def leads_to(place: Path, plugin: Path) -> bool:
    return is_folder_link(place) and os.path.realpath(place) == os.path.realpath(plugin)


def install(plugin: Path, core: RealCore, environment: Mapping[str, str] = os.environ) -> tuple[Link, bool]:
    """The link, and whether it is new. Raises StartError if its place, or the plugin's name, is taken."""
    link = Link(core.plugins / plugin.name, plugin)
    if os.path.realpath(plugin.parent) == os.path.realpath(core.plugins):
        raise StartError(_("{plugin} lies in the bot's own plugin folder: there is nothing to link.", plugin=plugin))
    fresh = not leads_to(link.place, plugin)
    if fresh:
        refuse_taken(link, core)
        core.plugins.mkdir(exist_ok=True)
        try:
            link_folder(plugin, link.place)
        except OSError as error:
            raise StartError(_("{place} cannot be made: {error}.", place=link.place, error=error)) from None
    others = [one for one in recorded(environment) if one.place != link.place]
    record([*others, link], environment)
    return link, fresh


def refuse_taken(link: Link, core: RealCore) -> None:
    if os.path.lexists(link.place):
        raise StartError(
            _(
                "{place} exists already, and is not a link to {plugin}. Nothing was replaced.",
                place=link.place,
                plugin=link.plugin,
            )
        )
    name = named(link.plugin)
    others = sorted(core.plugins.iterdir()) if core.plugins.is_dir() else []
    for other in others:
        if other.is_dir() and named(other) == name:
            raise StartError(
                _("The bot has a plugin named '{name}' already, in {other}. Take it out first.", name=name, other=other)
            )


def uninstall(plugin: Path, core: RealCore, environment: Mapping[str, str] = os.environ) -> Link:
    """The link that was taken away; the plugin itself is untouched. Raises StartError if there is none."""
    places = [one.place for one in recorded(environment) if one.place.parent == core.plugins]
    places.append(core.plugins / plugin.name)
    place = next((one for one in places if leads_to(one, plugin)), None)
    if place is None:
        sentence = _("No link in {folder} leads to {plugin}.", folder=core.plugins, plugin=plugin)
        if (core.plugins / plugin.name).is_dir() and not is_folder_link(core.plugins / plugin.name):
            sentence += " " + _(
                "{place} is a folder of its own: mpdt takes only links away.", place=core.plugins / plugin.name
            )
        raise StartError(sentence)
    unlink_folder(place)
    record([one for one in recorded(environment) if one.place != place], environment)
    return Link(place, plugin)
