"""Small JSON documents that a plugin keeps, in the bot's ``data/json_storage`` folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.simulated import runtime


class JSONStore:
    """One folder of documents. A relative folder lies in the bot's folder."""

    def __init__(self, storage_dir: str | Path = "data/json_storage") -> None:
        self._folder = Path(storage_dir)

    def get_storage_dir(self) -> Path:
        return runtime.current().stored(self._folder)

    def _path(self, name: str) -> Path:
        """Raises ValueError if the name would leave the folder."""
        path = (self.get_storage_dir() / f"{name}.json").resolve()
        if not name or not path.is_relative_to(self.get_storage_dir().resolve()):
            raise ValueError(_("'{name}' is no name of a document.", name=name))
        return path

    async def save(self, name: str, data: dict[str, Any]) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")

    async def load(self, name: str) -> dict[str, Any] | None:
        path = self._path(name)
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    async def delete(self, name: str) -> bool:
        path = self._path(name)
        found = path.exists()
        path.unlink(missing_ok=True)
        return found

    async def exists(self, name: str) -> bool:
        return self._path(name).exists()

    async def list_all(self) -> list[str]:
        return sorted(path.stem for path in self.get_storage_dir().glob("*.json"))


json_store = JSONStore()  # without a name of its own, as the core has one


def store(store_name: str) -> JSONStore:
    return JSONStore(Path("data/json_storage", store_name))


async def save_json(store_name: str, name: str, data: dict[str, Any]) -> None:
    await store(store_name).save(name, data)


async def load_json(store_name: str, name: str) -> dict[str, Any] | None:
    return await store(store_name).load(name)


async def delete_json(store_name: str, name: str) -> bool:
    return await store(store_name).delete(name)


async def exists_json(store_name: str, name: str) -> bool:
    return await store(store_name).exists(name)


async def list_json(store_name: str) -> list[str]:
    return await store(store_name).list_all()
