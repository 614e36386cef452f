"""The bot's database: SQLite in the bot's folder, through SQLAlchemy; imported only where a plugin asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from sqlalchemy import Select, Text, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from mpdt.language import _
from mpdt.worker.cores.simulated import runtime

T = TypeVar("T")
BATCH = 1000
CACHE_OPTIONS = ("use_cache", "cache_ttl")  # of the classic core's queries; nothing is cached here


class Base(DeclarativeBase):
    """What the bot's own tables, and those of plugins in the same database, derive from."""

    def __init_subclass__(cls, **options: Any) -> None:
        # A plugin that is loaded anew defines its tables again: the new definition counts.
        known = Base.metadata.tables.get(str(cls.__dict__.get("__tablename__")))
        if known is not None:
            Base.metadata.remove(known)
        super().__init_subclass__(**options)


def get_string_field(max_length: int = 255, **_: Any) -> Any:
    """SQLite knows no lengths."""
    return Text()


class Database:
    """One file. Tables that a plugin defined after it was opened are made before the next session."""

    def __init__(self, path: Path, metadata: Any) -> None:
        self.path = path
        self._metadata = metadata
        self._made: set[str] = set()
        self.engine: AsyncEngine | None = None
        self.factory: async_sessionmaker[AsyncSession] | None = None

    async def open(self) -> async_sessionmaker[AsyncSession]:
        if self.engine is None or self.factory is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.engine = create_async_engine(f"sqlite+aiosqlite:///{self.path}")
            self.factory = async_sessionmaker(self.engine, expire_on_commit=False)
        missing = [table for name, table in self._metadata.tables.items() if name not in self._made]
        if missing:
            async with self.engine.begin() as connection:
                await connection.run_sync(lambda sync: self._metadata.create_all(sync, tables=missing))
            self._made.update(table.name for table in missing)
        return self.factory

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Committed at the end, rolled back if the block raises."""
        factory = await self.open()
        async with factory() as session:
            try:
                yield session
                await session.commit()
            except BaseException:
                await session.rollback()
                raise

    async def close(self) -> None:
        if self.engine is not None:
            await self.engine.dispose()
            self.engine = self.factory = None

    end_with_plugin = close


def main_database() -> Database:
    return runtime.kept(open_main)


def open_main() -> Database:
    return Database(runtime.current().stored("data/bot.db"), Base.metadata)


def get_db_session() -> Any:
    return main_database().session()


async def get_session_factory() -> async_sessionmaker[AsyncSession]:
    return await main_database().open()


async def get_engine() -> AsyncEngine:
    await main_database().open()
    engine = main_database().engine
    assert engine is not None
    return engine


async def enforce_database_schema_consistency(metadata: Any = None) -> None:
    await main_database().open()


def condition(model: type[Any], name: str, value: Any) -> Any:
    """``field``, or ``field__gt`` and the like. Raises AttributeError for a field that the model has not."""
    field_name, _dunder, operator = name.partition("__")
    field = getattr(model, field_name)
    match operator:
        case "" | "eq":
            return field.is_(None) if value is None else field == value
        case "ne":
            return field.is_not(None) if value is None else field != value
        case "gt":
            return field > value
        case "lt":
            return field < value
        case "gte":
            return field >= value
        case "lte":
            return field <= value
        case "in":
            return field.in_(list(value))
        case "nin":
            return field.not_in(list(value))
        case "like":
            return field.like(value)
        case "isnull":
            return field.is_(None) if value else field.is_not(None)
    raise ValueError(_("'{name}' names no operator.", name=name))


def as_dict(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


class OfModel(Generic[T]):
    def __init__(self, model: type[T], *, session_factory: Any = None, database: Database | None = None) -> None:
        self.model: Any = model
        self._given = database

    @property
    def database(self) -> Database:
        return self._given or main_database()


class CRUDBase(OfModel[T]):
    async def get(self, id: int) -> T | None:
        async with self.database.session() as session:
            found: T | None = await session.get(self.model, id)
            return found

    async def get_by(self, **filters: Any) -> T | None:
        rows = await self.get_multi(limit=1, **filters)
        return rows[0] if rows else None

    async def get_multi(self, skip: int = 0, limit: int = 100, **filters: Any) -> list[T]:
        async with self.database.session() as session:
            query = narrowed(select(self.model), self.model, filters).offset(skip).limit(limit)
            return list((await session.execute(query)).scalars())

    async def create(self, obj_in: dict[str, Any]) -> T:
        return (await self.bulk_create([obj_in]))[0]

    async def bulk_create(self, objs_in: list[dict[str, Any]]) -> list[T]:
        rows = [self.model(**values) for values in objs_in]
        async with self.database.session() as session:
            session.add_all(rows)
            await session.flush()
        return rows

    async def update(self, id: int, obj_in: dict[str, Any]) -> T | None:
        async with self.database.session() as session:
            row: T | None = await session.get(self.model, id)
            for name, value in obj_in.items() if row is not None else ():
                setattr(row, name, value)
            return row

    async def bulk_update(self, updates: list[tuple[int, dict[str, Any]]]) -> int:
        return sum([await self.update(number, values) is not None for number, values in updates])

    async def delete(self, id: int) -> bool:
        async with self.database.session() as session:
            row = await session.get(self.model, id)
            if row is not None:
                await session.delete(row)
            return row is not None

    async def count(self, **filters: Any) -> int:
        async with self.database.session() as session:
            query = narrowed(select(func.count()).select_from(self.model), self.model, filters)
            return int((await session.execute(query)).scalar_one())

    async def exists(self, **filters: Any) -> bool:
        return await self.count(**filters) > 0

    async def get_or_create(self, defaults: dict[str, Any] | None = None, **filters: Any) -> tuple[T, bool]:
        known = await self.get_by(**filters)
        return (known, False) if known is not None else (await self.create({**filters, **(defaults or {})}), True)


def narrowed(query: Any, model: type[Any], filters: dict[str, Any]) -> Any:
    fields = {name: value for name, value in filters.items() if name not in CACHE_OPTIONS}
    return query.where(*(condition(model, name, value) for name, value in fields.items()))


class QueryBuilder(OfModel[T]):
    """A query put together step by step."""

    def __init__(self, model: type[T], **options: Any) -> None:
        super().__init__(model, **options)
        self._query: Select[Any] = select(self.model)

    def filter(self, **conditions: Any) -> Self:
        self._query = narrowed(self._query, self.model, conditions)
        return self

    def filter_or(self, **conditions: Any) -> Self:
        self._query = self._query.where(
            or_(*(condition(self.model, name, value) for name, value in conditions.items()))
        )
        return self

    def order_by(self, *fields: Any) -> Self:
        for one in fields:
            name = str(one)
            column = getattr(self.model, name.lstrip("-")) if isinstance(one, str) else one
            self._query = self._query.order_by(column.desc() if name.startswith("-") else column)
        return self

    def limit(self, limit: int) -> Self:
        self._query = self._query.limit(limit)
        return self

    def offset(self, offset: int) -> Self:
        self._query = self._query.offset(offset)
        return self

    async def all(self, *, as_dict: bool = False) -> list[Any]:
        async with self.database.session() as session:
            rows = list((await session.execute(self._query)).scalars())
        return [to_dict(row) for row in rows] if as_dict else rows

    async def first(self, *, as_dict: bool = False) -> Any:
        self._query = self._query.limit(1)
        return next(iter(await self.all(as_dict=as_dict)), None)

    async def count(self) -> int:
        async with self.database.session() as session:
            query = select(func.count()).select_from(self._query.order_by(None).subquery())
            return int((await session.execute(query)).scalar_one())

    async def exists(self) -> bool:
        return await self.count() > 0

    async def paginate(self, page: int = 1, page_size: int = 20) -> tuple[list[Any], int]:
        total = await self.count()
        return await self.offset((page - 1) * page_size).limit(page_size).all(), total

    async def iter_batches(self, batch_size: int = BATCH, *, as_dict: bool = True) -> AsyncIterator[list[Any]]:
        rows = await self.all(as_dict=as_dict)
        for start in range(0, len(rows), batch_size):
            yield rows[start : start + batch_size]

    async def iter_all(self, batch_size: int = BATCH, *, as_dict: bool = True) -> AsyncIterator[Any]:
        for row in await self.all(as_dict=as_dict):
            yield row


to_dict = as_dict


class AggregateQuery(OfModel[Any]):
    def __init__(self, model: type[Any], **options: Any) -> None:
        super().__init__(model, **options)
        self._filters: dict[str, Any] = {}

    def filter(self, **conditions: Any) -> Self:
        self._filters.update(conditions)
        return self

    async def _one(self, expression: Any) -> Any:
        async with self.database.session() as session:
            return (await session.execute(narrowed(select(expression), self.model, self._filters))).scalar()

    async def sum(self, field: str) -> float:
        return float(await self._one(func.sum(getattr(self.model, field))) or 0)

    async def avg(self, field: str) -> float:
        return float(await self._one(func.avg(getattr(self.model, field))) or 0)

    async def max(self, field: str) -> Any:
        return await self._one(func.max(getattr(self.model, field)))

    async def min(self, field: str) -> Any:
        return await self._one(func.min(getattr(self.model, field)))

    async def group_by_count(self, *fields: str) -> list[tuple[Any, ...]]:
        columns = [getattr(self.model, name) for name in fields]
        query = narrowed(select(*columns, func.count()), self.model, self._filters).group_by(*columns)
        async with self.database.session() as session:
            return [tuple(row) for row in (await session.execute(query)).all()]


class PluginDatabase:
    """A plugin's own file, with tables of its own."""

    def __init__(self, db_path: str, models: list[type[Any]]) -> None:
        metadata = getattr(models[0], "metadata", None) if models else Base.metadata
        self._database = Database(runtime.current().stored(db_path), metadata)

    async def initialize(self) -> None:
        await self._database.open()

    def crud(self, model: type[T]) -> CRUDBase[T]:
        return CRUDBase(model, database=self._database)

    def query(self, model: type[T]) -> QueryBuilder[T]:
        return QueryBuilder(model, database=self._database)

    def aggregate(self, model: type[Any]) -> AggregateQuery:
        return AggregateQuery(model, database=self._database)

    def session(self) -> Any:
        return self._database.session()

    async def close(self) -> None:
        await self._database.close()
