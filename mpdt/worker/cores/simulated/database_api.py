"""The functions of ``database_api``: the same as the methods of queries, with the model in front."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from mpdt.worker.cores.simulated.database import AggregateQuery, CRUDBase, QueryBuilder


def query(model: type[Any]) -> QueryBuilder[Any]:
    return QueryBuilder(model)


def aggregate(model: type[Any]) -> AggregateQuery:
    return AggregateQuery(model)


async def get_by_id(model: type[Any], id: int) -> Any:
    return await CRUDBase(model).get(id)


async def get_by(model: type[Any], **filters: Any) -> Any:
    return await CRUDBase(model).get_by(**filters)


async def get_multi(model: type[Any], skip: int = 0, limit: int = 100, **filters: Any) -> list[Any]:
    return await CRUDBase(model).get_multi(skip, limit, **filters)


async def create(model: type[Any], obj_in: dict[str, Any]) -> Any:
    return await CRUDBase(model).create(obj_in)


async def update(model: type[Any], id: int, obj_in: dict[str, Any]) -> Any:
    return await CRUDBase(model).update(id, obj_in)


async def delete(model: type[Any], id: int) -> bool:
    return await CRUDBase(model).delete(id)


async def count(model: type[Any], **filters: Any) -> int:
    return await CRUDBase(model).count(**filters)


async def exists(model: type[Any], **filters: Any) -> bool:
    return await CRUDBase(model).exists(**filters)


async def get_or_create(model: type[Any], defaults: dict[str, Any] | None = None, **filters: Any) -> tuple[Any, bool]:
    return await CRUDBase(model).get_or_create(defaults, **filters)


async def bulk_create(model: type[Any], objs_in: list[dict[str, Any]]) -> list[Any]:
    return await CRUDBase(model).bulk_create(objs_in)


async def bulk_update(model: type[Any], updates: list[tuple[int, dict[str, Any]]]) -> int:
    return await CRUDBase(model).bulk_update(updates)


async def filter_query(model: type[Any], **conditions: Any) -> list[Any]:
    return await query(model).filter(**conditions).all()


async def filter_query_first(model: type[Any], **conditions: Any) -> Any:
    return await query(model).filter(**conditions).first()


async def filter_query_count(model: type[Any], **conditions: Any) -> int:
    return await query(model).filter(**conditions).count()


async def sum_field(model: type[Any], field: str, **filters: Any) -> float:
    return await aggregate(model).filter(**filters).sum(field)


async def avg_field(model: type[Any], field: str, **filters: Any) -> float:
    return await aggregate(model).filter(**filters).avg(field)


async def max_field(model: type[Any], field: str, **filters: Any) -> Any:
    return await aggregate(model).filter(**filters).max(field)


async def min_field(model: type[Any], field: str, **filters: Any) -> Any:
    return await aggregate(model).filter(**filters).min(field)


async def group_by_count(model: type[Any], *fields: str, **filters: Any) -> list[tuple[Any, ...]]:
    return await aggregate(model).filter(**filters).group_by_count(*fields)


async def paginate(model: type[Any], page: int = 1, page_size: int = 20, **conditions: Any) -> tuple[list[Any], int]:
    return await query(model).filter(**conditions).paginate(page, page_size)


async def iter_batches(model: type[Any], batch_size: int = 1000, **conditions: Any) -> AsyncIterator[list[Any]]:
    async for batch in query(model).filter(**conditions).iter_batches(batch_size, as_dict=False):
        yield batch


async def iter_all(model: type[Any], batch_size: int = 1000, **conditions: Any) -> AsyncIterator[Any]:
    async for row in query(model).filter(**conditions).iter_all(batch_size, as_dict=False):
        yield row
