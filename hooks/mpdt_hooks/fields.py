"""Classes that are generated from their fields: dataclasses, Enums and pydantic models, generated again in place."""

from __future__ import annotations

import copy
import dataclasses
import enum
import functools
import gc
import inspect
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from types import FunctionType
from typing import Any

from mpdt_hooks.sentence import said
from mpdt_hooks.static import noted
from mpdt_hooks.undo import UndoLog


class CannotRegenerate(Exception):
    """The class's fields cannot be brought to what the file says; the message is a clause that says why."""


def is_dataclass(cls: type) -> bool:
    return "__dataclass_fields__" in vars(cls)


def is_enum(cls: type) -> bool:
    return isinstance(cls, enum.EnumMeta)


def is_model(cls: type) -> bool:
    """Whether the class is a pydantic model (told without importing pydantic)."""
    return "__pydantic_fields__" in vars(cls)


def is_generated_anew(cls: type) -> bool:
    """NamedTuple, TypedDict and slotted dataclasses: generating them makes another class."""
    own = vars(cls)
    named_tuple = issubclass(cls, tuple) and "_fields" in own
    return named_tuple or "__total__" in own or (is_dataclass(cls) and "__slots__" in own)


def instances_of(cls: type) -> Iterator[Any]:
    """Every live instance of the class and its subclasses; one look at the heap."""
    family: list[Any] = [cls]
    for one in family:
        family += [sub for sub in one.__subclasses__() if sub not in family]
    for one in family:
        for holder in gc.get_referrers(one):
            if type(holder) is one:
                yield holder


# -- dataclasses

_GENERATED = (
    "__init__", "__repr__", "__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__setattr__",
    "__delattr__", "__match_args__", "__replace__",
)  # fmt: skip


def regenerate_dataclass(cls: type, own: set[str], decorate: Callable[[type], Any], undo: UndoLog) -> None:
    """Run ``dataclass`` again on the same class. ``own``: the names that its body binds.

    Generated methods go first: ``dataclass`` keeps what it finds. What ``total_ordering`` has made stays.
    Raises what the decorator raises.
    """
    undo.class_namespace(cls)
    before = set(vars(cls)["__dataclass_fields__"])
    for name in _GENERATED:
        from_functools = getattr(vars(cls).get(name), "__globals__", None) is vars(functools)
        if name in vars(cls) and name not in own and not from_functools:
            type.__delattr__(cls, name)
    if "__doc__" not in own and (cls.__doc__ or "").startswith(f"{cls.__name__}("):
        cls.__doc__ = None
    if decorate(cls) is not cls:
        raise CannotRegenerate(said("its decorator returned another class"))
    fields = dataclasses.fields(cls)
    subclasses: list[type] = cls.__subclasses__()
    for sub in subclasses:
        if is_dataclass(sub):
            _inherit_fields(sub, undo)
    added = [one for one in fields if one.name not in before and one.init]
    if added:
        _fill_instances(cls, added, undo)


def _inherit_fields(cls: type, undo: UndoLog) -> None:
    """A dataclass below one whose fields changed, made again from its own fields."""
    held: dict[str, Any] = vars(cls)["__dataclass_fields__"]
    parameters = vars(cls)["__dataclass_params__"]
    if "__slots__" in vars(cls):
        raise CannotRegenerate(said("its subclass {subclass} has slots", subclass=cls.__qualname__))
    own_fields = {name: held[name] for name in vars(cls).get("__annotations__", ()) if name in held}
    generated = [name for name in _GENERATED if name in vars(cls) and _is_generated(vars(cls)[name])]
    undo.class_namespace(cls)
    options = {
        name: getattr(parameters, name)
        for name in ("init", "repr", "eq", "order", "unsafe_hash", "frozen")
        if hasattr(parameters, name)
    }
    options["match_args"] = "__match_args__" in vars(cls)
    for name in generated:
        type.__delattr__(cls, name)
    if (cls.__doc__ or "").startswith(f"{cls.__name__}("):
        cls.__doc__ = None
    for name, one in own_fields.items():
        type.__setattr__(cls, name, one)
    dataclasses.dataclass(**options)(cls)
    subclasses: list[type] = cls.__subclasses__()
    for sub in subclasses:
        if is_dataclass(sub):
            _inherit_fields(sub, undo)


def _is_generated(value: Any) -> bool:
    """Whether ``dataclass`` made a member: it compiles methods from strings, or sets None and tuples."""
    if type(value) is not FunctionType:
        return value is None or type(value) is tuple
    inner = noted(value, "__wrapped__")  # as by reprlib.recursive_repr
    return _is_generated(inner) if type(inner) is FunctionType else value.__code__.co_filename == "<string>"


def _fill_instances(cls: type, added: list[Any], undo: UndoLog) -> None:
    """Old instances get the defaults of new fields."""
    for instance in instances_of(cls):
        for one in added:
            if one.name in vars(instance):
                continue
            if one.default is not dataclasses.MISSING:
                value = one.default
            elif one.default_factory is not dataclasses.MISSING:
                value = one.default_factory()
            else:
                raise CannotRegenerate(
                    said("there are instances, and the new field {name!r} has no default", name=one.name)
                )
            undo.item(vars(instance), one.name)
            vars(instance)[one.name] = value


# -- Enums

_ENUM_TABLES = (
    "_member_names_", "_unhashable_values_", "_hashable_values_", "_unhashable_values_map_", "_flag_mask_",
    "_all_bits_", "_singles_mask_", "_inverted_", "_boundary_", "__signature__",
)  # fmt: skip


def regenerate_enum(cls: Any, made: Any, undo: UndoLog) -> None:
    """Take over the members of ``made``, the Enum that the new statement makes; known members stay the same objects."""
    if cls._member_type_ is not made._member_type_:
        raise CannotRegenerate(said("its members are of another type"))
    undo.class_namespace(cls)
    members: dict[str, Any] = {}
    for name, member in made._member_map_.items():
        if name != member._name_:
            continue  # an alias: below
        held = cls._member_map_.get(name)
        if held is not None and held._name_ == name:
            if cls._member_type_ is not object and held._value_ != member._value_:
                raise CannotRegenerate(said("the value of its member {name} is part of an immutable object", name=name))
            undo.attributes(held)
            vars(held).update({key: value for key, value in vars(member).items() if key != "__objclass__"})
            members[name] = held
        else:
            member.__class__ = cls
            member.__objclass__ = cls
            members[name] = member
    by_name = {name: members[member._name_] for name, member in made._member_map_.items()}
    for name in cls._member_map_:
        if name not in by_name and name in vars(cls):
            type.__delattr__(cls, name)
    for name, member in by_name.items():
        raw = vars(made).get(name)
        if isinstance(raw, enum.Enum):
            raw = member
        elif raw is not None and getattr(raw, "member", None) is not None:
            raw.member = member
            raw.clsname = cls.__name__
        if raw is not None:
            type.__setattr__(cls, name, raw)
    for name in _ENUM_TABLES:
        if name in vars(made):
            type.__setattr__(cls, name, vars(made)[name])
    type.__setattr__(cls, "_member_map_", by_name)
    values = {value: members[member._name_] for value, member in made._value2member_map_.items()}
    type.__setattr__(cls, "_value2member_map_", values)


# -- pydantic models

_MODEL_TABLES = (
    "__pydantic_fields__", "__class_vars__", "__private_attributes__", "model_config", "__pydantic_computed_fields__",
    "__pydantic_post_init__",
)  # fmt: skip


def regenerate_model(cls: Any, made: Any, modules: Iterator[dict[str, Any]], undo: UndoLog) -> None:
    """Take over the fields of ``made``, the model that the new statement makes, and build the validators again.

    Models that contain the class, or inherit from it, hold a copy of its schema: they are built again too.
    """
    before = dict(vars(cls)["__pydantic_fields__"])
    private_before = set(cls.__private_attributes__)
    if any(sub.__pydantic_generic_metadata__["origin"] is cls for sub in cls.__subclasses__()):
        raise CannotRegenerate(said("it is generic, and parameterized classes were made from it"))
    post_init = vars(made).get("model_post_init")
    if post_init is not None and _is_pydantics(post_init) and post_init.__closure__:
        raise CannotRegenerate(said("pydantic wraps its model_post_init"))
    undo.class_namespace(cls)
    for name in _MODEL_TABLES:
        if name in vars(made):
            type.__setattr__(cls, name, vars(made)[name])
    held = vars(cls).get("model_post_init")
    if post_init is not None and _is_pydantics(post_init):
        type.__setattr__(cls, "model_post_init", post_init)
    elif post_init is None and held is not None and _is_pydantics(held):
        type.__delattr__(cls, "model_post_init")
    for name, info in vars(made).get("__pydantic_computed_fields__", {}).items():
        info.wrapped_property = vars(cls).get(name, info.wrapped_property)
    _take_decorators(cls, made)
    _rebuild(cls)
    _rebuild_users(cls, modules, undo, before)
    added = {name: info for name, info in cls.__pydantic_fields__.items() if name not in before}
    removed = before.keys() - cls.__pydantic_fields__.keys()
    if added or removed:
        _fill_models(cls, added, removed, undo)
    private = {k: v for k, v in cls.__private_attributes__.items() if k not in private_before}
    if private:
        _fill_private(cls, private, undo)


def _is_pydantics(value: Any) -> bool:
    """Whether a ``model_post_init`` is the one that pydantic gives a model with private attributes."""
    return isinstance(value, FunctionType) and value.__code__.co_qualname.startswith(
        ("init_private_attributes", "ModelMetaclass.")
    )


def rebuild_users(cls: type, modules: Iterator[dict[str, Any]], undo: UndoLog) -> None:
    """Models with a field of an Enum or a dataclass, and what else pydantic made of it, hold a copy of its fields."""
    if "pydantic" in sys.modules:
        _rebuild_users(cls, modules, undo, {})


def _rebuild_users(cls: Any, modules: Iterator[dict[str, Any]], undo: UndoLog, before: dict[str, Any]) -> None:
    spaces = list(modules)
    holders = holders_of(cls, spaces)
    related = _related_models({id(cls), *holders}, iter(spaces))
    for other in related:
        undo.class_namespace(other)
        if is_model(cls) and issubclass(other, cls):
            _inherit_model_fields(other, cls, before)
        _rebuild(other)
    known = {id(cls), *holders, *(id(one) for one in related)}
    for names in spaces:
        for name, value in list(names.items()):
            if callable(value) and _is_validated_call(value) and _calls_mention(value, known):
                raise CannotRegenerate(said("@validate_call of {name} was made from it", name=name))
    for adapter in instances_of(sys.modules["pydantic"].TypeAdapter):
        if _type_mentions(adapter._type, known):
            undo.attributes(adapter)
            try:
                adapter.rebuild(force=True, raise_errors=True)
            except (AttributeError, TypeError) as error:
                what = said("a TypeAdapter holds it, and is not built again ({error})", error=str(error))
                raise CannotRegenerate(what) from error


def _is_validated_call(value: Any) -> bool:
    return noted(value, "raw_function") is not None


def _calls_mention(value: Any, known: set[int]) -> bool:
    notes = own_annotations(value)
    return any(isinstance(note, str) or _type_mentions(note, known) for note in notes.values())


def _take_decorators(cls: Any, made: Any) -> None:
    """Validators and serializers of the new statement, bound to the live class."""
    try:
        infos = made.__pydantic_decorators__
        bound = {
            one.name: {key: _bound(decorator, cls) for key, decorator in getattr(infos, one.name).items()}
            for one in dataclasses.fields(infos)
        }
        cls.__pydantic_decorators__ = type(infos)(**bound)
    except (AttributeError, TypeError) as error:
        raise CannotRegenerate(
            said("this pydantic keeps its validators elsewhere ({error})", error=str(error))
        ) from error


def _bound(decorator: Any, cls: type) -> Any:
    if "cls_ref" in inspect.signature(decorator.bind_to_cls).parameters:  # pydantic 2.13 and later
        return decorator.bind_to_cls(cls, f"{cls.__module__}.{cls.__qualname__}:{id(cls)}")
    return decorator.bind_to_cls(cls)


def _inherit_model_fields(model: Any, base: Any, before: dict[str, Any]) -> None:
    own = vars(model).get("__annotations__", {})
    held = model.__pydantic_fields__
    inherited = {name: copy.copy(info) for name, info in base.__pydantic_fields__.items() if name not in own}
    rest = {name: info for name, info in held.items() if name in own or (name not in before and name not in inherited)}
    model.__pydantic_fields__ = {**inherited, **rest}


def _rebuild(cls: Any) -> None:
    try:
        done = cls.model_rebuild(force=True, raise_errors=True)
    except (AttributeError, TypeError) as error:
        raise CannotRegenerate(said("this pydantic does not build it again ({error})", error=str(error))) from error
    if done is False:
        raise CannotRegenerate(said("pydantic could not build it again"))


def own_annotations(value: Any) -> dict[str, Any]:
    """The annotations of a function, or of a class without those that it inherits."""
    if issubclass(type(value), type):
        found = vars(value).get("__annotations__")
    else:
        found = value.__annotations__ if issubclass(type(value), FunctionType) else noted(value, "__annotations__")
    return found if type(found) is dict else {}


def holders_of(cls: type, spaces: Iterable[dict[str, Any]]) -> dict[int, type]:
    """Dataclasses, TypedDicts and NamedTuples of the plugin with a field of the class: a model has theirs, too."""
    found: dict[int, type] = {}
    pending = [value for names in spaces for value in list(names.values()) if issubclass(type(value), type)]
    while pending:
        value = pending.pop()
        if id(value) not in found and (is_dataclass(value) or is_generated_anew(value)):
            found[id(value)] = value
            pending += [inner for inner in vars(value).values() if issubclass(type(inner), type)]
    known, texts = {id(cls)}, {cls.__name__}
    while more := {key: one for key, one in found.items() if key not in known and _has_field(one, known, texts)}:
        known |= more.keys()
        texts |= {one.__name__ for one in more.values()}
    return {key: one for key, one in found.items() if key in known and one is not cls}


def _has_field(cls: type, known: set[int], texts: Collection[str]) -> bool:
    notes = (note for base in cls.__mro__ for note in own_annotations(base).values())
    return any(holds(note, known, texts) for note in notes)


def holds(note: Any, known: Set[int], texts: Collection[str]) -> bool:
    """Whether an annotation names one of the classes; one that is a text may."""
    written = note if isinstance(note, str) else getattr(note, "__forward_arg__", "")
    if id(note) in known or any(text in written for text in texts):
        return True
    return any(holds(one, known, texts) for one in getattr(note, "__args__", ()) or ())


def _related_models(roots: set[int], modules: Iterator[dict[str, Any]]) -> list[Any]:
    """Models of the plugin below one of the classes, or with a field of it, directly or through others; users last."""
    models: dict[int, Any] = {}
    pending = [value for names in modules for value in list(names.values()) if issubclass(type(value), type)]
    while pending:
        value = pending.pop()
        if id(value) not in models and is_model(value):
            models[id(value)] = value
            pending += [inner for inner in vars(value).values() if issubclass(type(inner), type)]
    related: list[Any] = []
    known = set(roots)
    grown = True
    while grown:
        grown = False
        for one in models.values():
            if id(one) not in known and _mentions(one, known):
                known.add(id(one))
                related.append(one)
                grown = True
    return related


def _mentions(model: Any, known: set[int]) -> bool:
    if any(id(base) in known for base in model.__mro__[1:]):
        return True
    return any(
        _type_mentions(info.annotation, known) or any(id(type(one)) in known for one in info.metadata)
        for info in model.__pydantic_fields__.values()
    )


def _type_mentions(annotation: Any, known: set[int]) -> bool:
    return id(annotation) in known or any(_type_mentions(a, known) for a in getattr(annotation, "__args__", ()) or ())


def _fill_models(cls: Any, added: dict[str, Any], removed: set[str], undo: UndoLog) -> None:
    for instance in instances_of(cls):
        values = vars(instance)
        for name, info in added.items():
            if info.is_required():
                raise CannotRegenerate(
                    said("there are instances, and the new field {name!r} has no default", name=name)
                )
            undo.item(values, name)
            values[name] = info.get_default(call_default_factory=True)
        for name in removed:
            undo.item(values, name)
            values.pop(name, None)


def _fill_private(cls: Any, added: dict[str, Any], undo: UndoLog) -> None:
    """Old instances get the defaults of new private attributes; pydantic keeps these in a dict of their own."""
    for instance in instances_of(cls):
        held = instance.__pydantic_private__
        if held is None:
            undo.add(lambda one=instance: object.__setattr__(one, "__pydantic_private__", None))  # type: ignore[misc]
            held = {}
            object.__setattr__(instance, "__pydantic_private__", held)
        for name, attribute in added.items():
            undo.item(held, name)
            held[name] = attribute.get_default()
