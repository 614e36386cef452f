"""A vector database in memory: collections of embeddings, searched by likeness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from mpdt.worker.cores.simulated.llm.vectors import likeness
from mpdt.worker.cores.simulated.runtime import kept


@dataclass
class Entry:
    id: str
    embedding: list[float]
    document: str | None
    metadata: dict[str, Any]


@dataclass
class Collection:
    name: str
    entries: dict[str, Entry] = field(default_factory=dict)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, wanted: bool(value == wanted),
    "$ne": lambda value, wanted: bool(value != wanted),
    "$gt": lambda value, wanted: value is not None and value > wanted,
    "$gte": lambda value, wanted: value is not None and value >= wanted,
    "$lt": lambda value, wanted: value is not None and value < wanted,
    "$lte": lambda value, wanted: value is not None and value <= wanted,
    "$in": lambda value, wanted: value in wanted,
    "$nin": lambda value, wanted: value not in wanted,
}


def fits(metadata: dict[str, Any], where: dict[str, Any] | None) -> bool:
    """Chroma's conditions: equality, ``$and``, ``$or``, and operators on one field."""
    for name, wanted in (where or {}).items():
        if name == "$and":
            fitting = all(fits(metadata, one) for one in wanted)
        elif name == "$or":
            fitting = any(fits(metadata, one) for one in wanted)
        elif isinstance(wanted, dict):
            fitting = all(OPERATORS[operator](metadata.get(name), value) for operator, value in wanted.items())
        else:
            fitting = metadata.get(name) == wanted
        if not fitting:
            return False
    return True


class VectorDBBase:
    """In memory, for as long as this version of the plugin lives."""

    def __init__(self, path: str = "", **_: Any) -> None:
        self._collections: dict[str, Collection] = {}

    async def initialize(self, path: str = "", **_: Any) -> None:
        """Nothing to open."""

    async def get_or_create_collection(self, name: str, **_: Any) -> Collection:
        return self._collections.setdefault(name, Collection(name))

    async def add(
        self,
        collection_name: str,
        embeddings: list[list[float]],
        documents: list[str] | None = None,
        metadatas: list[dict[str, Any]] | None = None,
        ids: list[str] | None = None,
    ) -> None:
        entries = (await self.get_or_create_collection(collection_name)).entries
        for index, embedding in enumerate(embeddings):
            number = ids[index] if ids else uuid4().hex
            document = documents[index] if documents else None
            entries[number] = Entry(number, list(embedding), document, dict(metadatas[index]) if metadatas else {})

    def _fitting(self, name: str, where: dict[str, Any] | None, ids: list[str] | None = None) -> list[Entry]:
        entries = self._collections.get(name, Collection(name)).entries.values()
        return [one for one in entries if (ids is None or one.id in ids) and fits(one.metadata, where)]

    async def query(
        self,
        collection_name: str,
        query_embeddings: list[list[float]],
        n_results: int = 1,
        where: dict[str, Any] | None = None,
        **_: Any,
    ) -> dict[str, list[Any]]:
        result: dict[str, list[Any]] = {"ids": [], "distances": [], "documents": [], "metadatas": [], "embeddings": []}
        for wanted in query_embeddings:
            scored = [(1.0 - likeness(wanted, one.embedding), one) for one in self._fitting(collection_name, where)]
            best = sorted(scored, key=lambda pair: pair[0])[:n_results]
            result["ids"].append([one.id for _, one in best])
            result["distances"].append([distance for distance, _ in best])
            result["documents"].append([one.document for _, one in best])
            result["metadatas"].append([one.metadata for _, one in best])
            result["embeddings"].append([one.embedding for _, one in best])
        return result

    async def get(
        self,
        collection_name: str,
        ids: list[str] | None = None,
        where: dict[str, Any] | None = None,
        limit: int | None = None,
        offset: int | None = None,
        where_document: dict[str, Any] | None = None,
        include: list[str] | None = None,
    ) -> dict[str, Any]:
        found = self._fitting(collection_name, where, ids)[offset or 0 :][:limit]
        return {
            "ids": [one.id for one in found],
            "documents": [one.document for one in found],
            "metadatas": [one.metadata for one in found],
            "embeddings": [one.embedding for one in found],
        }

    async def delete(self, collection_name: str, ids: list[str] | None = None, where: Any = None) -> None:
        for one in self._fitting(collection_name, where, ids):
            del self._collections[collection_name].entries[one.id]

    async def count(self, collection_name: str) -> int:
        return len(self._fitting(collection_name, None))

    async def delete_collection(self, name: str) -> None:
        self._collections.pop(name, None)

    async def close(self) -> None:
        """Nothing to close."""


class Services:
    """One database for each path."""

    def __init__(self) -> None:
        self.by_path: dict[str, VectorDBBase] = {}


def get_vector_db_service(db_path: str = "data/chroma_db", *, use_cache: bool = True) -> VectorDBBase:
    services = kept(Services).by_path
    return services.setdefault(str(db_path), VectorDBBase()) if use_cache else VectorDBBase()


def create_vector_db_service(db_path: str = "data/chroma_db") -> VectorDBBase:
    return VectorDBBase()


async def close_vector_db_service(db_path: str = "data/chroma_db") -> None:
    kept(Services).by_path.pop(str(db_path), None)


async def close_all_vector_db_services() -> None:
    kept(Services).by_path.clear()
