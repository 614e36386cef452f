"""What lies in the bot's own plugin folders: the served plugin itself, by a name of the bot's, or one in its way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mpdt.language import _
from mpdt.worker.cores import Manifest
from mpdt.worker.cores.classic_manifests import plugin_names
from mpdt.worker.cores.classic_mofox.parts import Parts
from mpdt.worker.errors import WorkerError

FOLDERS = ("plugins", "src/plugins/built_in")


def installed(core: Path) -> Iterator[tuple[str, Path]]:
    """Every plugin there, by the name of the package that the core imports it as."""
    for base in FOLDERS:
        try:
            folders = sorted((core / base).iterdir())
        except OSError:
            continue
        for folder in folders:
            if (folder / "plugin.py").is_file():
                yield f"{base.replace('/', '.')}.{folder.name}", folder


def package_of(core: Path, folder: Path) -> str:
    """What the core imports the folder as, or would, if it lay among its plugins."""
    real = os.path.realpath(folder)
    return next((name for name, path in installed(core) if os.path.realpath(path) == real), f"plugins.{folder.name}")


def refuse_another(parts: Parts, core: Path, manifest: Manifest) -> None:
    """Raises WorkerError if the bot has a plugin of its own in the way: by the folder's name, or by the plugin's."""
    real = os.path.realpath(manifest.folder)
    taken = {name: path for name, path in installed(core) if os.path.realpath(path) != real}
    if manifest.package in taken:
        raise in_the_way(manifest.folder.name, taken[manifest.package])
    wanted = plugin_names(manifest.entry)
    for path in taken.values():
        for name in plugin_names(path / "plugin.py"):
            if name in wanted:
                raise in_the_way(name, path)
    for name in wanted:
        path = parts.plugins.plugin_paths.get(name)
        if path is not None and not lies_in(path, real):
            raise in_the_way(name, Path(path))


def lies_in(path: str, folder: str) -> bool:
    """The core notes the place of the module that a plugin's class is in: the folder, or something in it."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def in_the_way(name: str, folder: Path) -> WorkerError:
    return WorkerError(
        _(
            "The bot has a plugin named '{name}' of its own, in {folder}. Take it out of there, "
            "or serve that folder: two of one name would replace each other.",
            name=name,
            folder=folder,
        )
    )
