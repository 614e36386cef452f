"""A configuration model and its TOML file: defaults merged in, and comments from the model's descriptions."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, cast, get_args, get_origin

import tomlkit
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from tomlkit.container import Container
from tomlkit.exceptions import ParseError
from tomlkit.items import AoT, Item, Table

from mpdt.language import _
from mpdt.worker.cores.simulated.logger import get_logger

Model = type[BaseModel]
EMPTY: dict[Any, Any] = {str: "", int: 0, float: 0.0, bool: False, list: [], dict: {}}

logger = get_logger("config")


def parsed(text: str, path: Path) -> dict[str, Any]:
    """The file's data. Raises ValueError with file, line and column if it is not TOML."""
    try:
        return tomlkit.parse(text).unwrap()
    except ParseError as error:
        raise ValueError(f"{path}: {error}") from None


def section_of(annotation: Any, base: Model) -> tuple[Model | None, bool]:
    """The section model that a field holds, and whether it holds a list of them."""
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, base):
        return annotation, False
    if get_origin(annotation) is list:
        model, nested = section_of(get_args(annotation)[0], base)
        return model, model is not None and not nested
    return None, False


def table_name(model: Model, fallback: str) -> str:
    return getattr(model, "__config_section_name__", None) or fallback


def placeholder(annotation: Any) -> Any:
    """An empty value for a required field, so that the file shows it."""
    for part in get_args(annotation):
        if type(None) in get_args(annotation) and part is not type(None):
            return placeholder(part)
    return EMPTY.get(get_origin(annotation) or annotation, "")


def default_of(field: FieldInfo) -> Any:
    """The field's default as plain data; None if it has none."""
    try:
        value = field.get_default(call_default_factory=True, validated_data={})
    except ValidationError:  # a section as its own factory, with fields that have no default
        return None
    return None if value is PydanticUndefined else plain(value)


def plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    return [plain(item) for item in value] if isinstance(value, list) else value


def merged(config: Model, data: dict[str, Any], base: Model) -> dict[str, Any]:
    """The file's data with every section and field of the model, and nothing else."""
    sections: dict[str, Any] = {}
    for name, field in config.model_fields.items():
        model, many = section_of(field.annotation, base)
        if model is not None:
            key = table_name(model, name)
            sections[key] = merged_section(model, many, field, data.get(key), base, key)
    return sections


def merged_section(model: Model, many: bool, field: FieldInfo, data: Any, base: Model, where: str) -> Any:
    if many:
        if isinstance(data, list) and data:
            return [merged_fields(model, item, base, where) for item in data if isinstance(item, dict)]
        return default_of(field) or []
    if not isinstance(data, dict) or not data:
        default = default_of(field)
        data = default if isinstance(default, dict) else {}
    return merged_fields(model, data, base, where)


def merged_fields(model: Model, data: dict[str, Any], base: Model, where: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        nested, many = section_of(field.annotation, base)
        if nested is not None:
            values[name] = merged_section(nested, many, field, data.get(name), base, f"{where}.{name}")
        else:
            values[name] = value_of(field, name, data, where)
    for name in data.keys() - values.keys():
        logger.warning(
            _(
                "{where}.{name} is no field of {qualname}; it is taken out of the file.",
                where=where,
                name=name,
                qualname=model.__qualname__,
            )
        )
    return values


def value_of(field: FieldInfo, name: str, data: dict[str, Any], where: str) -> Any:
    if name in data:
        try:
            adapter: TypeAdapter[Any] = TypeAdapter(cast(Any, field.annotation))
            return plain(adapter.validate_python(data[name]))
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            logger.warning(
                _(
                    "{where}.{name} = {value!r} does not fit ({reason}); the default is used.",
                    where=where,
                    name=name,
                    value=data[name],
                    reason=reason,
                )
            )
    default = default_of(field)
    return placeholder(field.annotation) if default is None else default


def rendered(config: Model, data: dict[str, Any], base: Model) -> str:
    """The file's text, the same for the same model and data."""
    document = tomlkit.document()
    for name, field in config.model_fields.items():
        model, many = section_of(field.annotation, base)
        if model is None:
            continue
        if document.body:
            document.add(tomlkit.nl())
        key = table_name(model, name)
        for line in (inspect.cleandoc(model.__doc__ or "")).splitlines():
            document.add(tomlkit.comment(line))
        document.add(key, rendered_section(model, many, data.get(key), base))
    return tomlkit.dumps(document).strip() + "\n"


def rendered_section(model: Model, many: bool, data: Any, base: Model) -> Table | AoT:
    if not many:
        return rendered_table(model, data if isinstance(data, dict) else {}, base)
    tables = tomlkit.aot()
    for item in data or []:
        tables.append(rendered_table(model, item, base))
    return tables


def rendered_table(model: Model, data: dict[str, Any], base: Model) -> Table:
    table = tomlkit.table()
    last: list[tuple[str, Table | AoT]] = []  # sub-tables follow the values: TOML has no way back to the parent
    for name, field in model.model_fields.items():
        nested, many = section_of(field.annotation, base)
        if nested is not None:
            last.append((name, rendered_section(nested, many, data.get(name), base)))
            continue
        for line in comments_of(field):
            table.add(tomlkit.comment(line))
        table.add(name, written(data.get(name)))
        table.add(tomlkit.nl())
    for name, section in last:
        table.add(name, section)
    return table


def comments_of(field: FieldInfo) -> list[str]:
    kind = getattr(field.annotation, "__name__", None) or str(field.annotation)
    default = default_of(field)
    text = "<必填>" if default is None else shown(default)
    return [*(field.description or "").splitlines(), f"值类型：{kind}, 默认值：{text}"]


def written(value: Any) -> Item:
    """The value in TOML as the real core writes it: what is no TOML there is its text (of a plain Enum ``Mode.FAST``,
    which it does not take again, and says so)."""
    item: Item = tomlkit.item(toml_value(value))
    return item


def toml_value(value: Any) -> Any:
    match value:
        case None:
            return ""
        case str() | bool() | int() | float():
            return value
        case list():
            return [toml_value(item) for item in value]
        case dict():
            table = tomlkit.inline_table()
            table.update({str(name): toml_value(item) for name, item in value.items()})
            return table
        case _:
            return str(value)


def shown(value: Any) -> str:
    """The value as TOML, on one line."""
    container = Container()
    container.add("value", written(value))
    text = container.as_string().partition("=")[2].strip()
    return text if "\n" not in text else f'"{str(value).splitlines()[0]}..."'
