"""A package described canonically, and compared with what a fresh interpreter would have.

Described in full: code, functions, classes, and what holds them. By value: plain, type-exact; containers.
By class only: other instances, for a live process keeps their state, unless one is a default; but the functions
and classes in one are described: a class-based decorator around the old function is stale code.

Identity counts. An object is described once, where it is at home (its module and qualified name, else the
first name bound to it), and is a reference to it elsewhere: a name bound to a stale twin is seen.

Run as a script this file is the fresh interpreter. It needs the standard library only: no mpdt is in there.
"""

from __future__ import annotations

import enum
import functools
import importlib
import json
import operator
import os
import re
import subprocess
import sys
import traceback
import types
import typing
import weakref
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import Field
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path
from typing import Any

Description = dict[str, Any]
_words = str.split
_ABSENT = ("nothing",)

_MODULE_NOISE = _words("__builtins__ __loader__ __spec__ __cached__ __file__ __path__ __annotations__")
# memos of copyreg and of pydantic, and its weak references to the frame around a class
_CLASS_NOISE = _words("__dict__ _abc_impl __slotnames__ __pydantic_setattr_handlers__ __pydantic_parent_namespace__")
_CODE = _words("qualname firstlineno argcount posonlyargcount kwonlyargcount flags code names varnames freevars")
_CODE = [f"co_{name}" for name in (*_CODE, "cellvars", "linetable", "exceptiontable", "stacksize")]
_FUNCTION = _words("name qualname module doc defaults kwdefaults annotations type_params dict")
# bits of __flags__ that say what a class is, not what its caches hold: pattern matching, basetype, abstract
_CLASS_FLAGS = (1 << 5) | (1 << 6) | (1 << 10) | (1 << 20)
_HEAP_TYPE = 1 << 9
_ADDRESS = re.compile(r":\d{6,}|0x[0-9a-f]{4,}")
_SHOWN = re.compile(r" at 0x[0-9A-Fa-f]{6,}")
# types whose repr() is their value
_PLAIN = (float, complex, bytes, range, re.Pattern, operator.itemgetter, operator.attrgetter)
_PLAIN_MODULES = _words("datetime decimal fractions uuid pathlib ipaddress zoneinfo")
_CONTAINERS = (list, set, frozenset, tuple, dict, types.MappingProxyType, deque)
_ALIASES = ("typing", "types", "collections.abc", "typing_extensions")
# One object or several, by what typing's caches held: ``A | B`` and ``Union[A, B]`` are equal, and so are their keys.
_BY_NAME = (typing.ForwardRef, type(typing.Union))
_UNIONS = (types.UnionType, type(typing.Optional[int]))  # noqa: UP045 - another type before 3.14
_UNION_ORIGINS = (types.UnionType, typing.Union)
_OF_C = (types.BuiltinFunctionType, types.WrapperDescriptorType, types.MethodDescriptorType)
_PARTS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((property,), "fget fset fdel __doc__"),
    ((staticmethod, classmethod), "__func__ __dict__"),
    ((functools.partial, functools.partialmethod), "func args keywords"),
    ((functools.cached_property,), "func attrname __doc__"),
    ((functools.singledispatchmethod,), "func dispatcher"),
    ((types.MethodType,), "__self__ __func__"),
    ((types.BuiltinFunctionType, types.MethodWrapperType), "__self__ __name__"),
    ((types.MemberDescriptorType,), "__name__"),
    ((slice,), "start stop step"),
    ((typing.TypeVar, typing.ParamSpec), "__name__ __bound__ __constraints__ __default__"),
    ((getattr(typing, "TypeAliasType", typing.TypeVar),), "__name__ __value__ __type_params__"),
    ((Field,), "name type default default_factory init repr hash compare metadata kw_only _field_type"),
)


class FreshImportError(Exception):
    """The fresh interpreter could not import the package. Arguments: the error's type, text, traceback."""


def describe(root: Path) -> Description:
    """The live modules whose files lie under ``root``."""
    one = _Describer(Path(root))
    return {"modules": {name: one.module(name, module) for name, module in one.modules.items()}}


def fresh(root: Path, imports: Iterable[str], python: str = sys.executable, path: Iterable[str] = ()) -> Description:
    """The same in a new interpreter, after these imports in this order, without bytecode of the package."""
    run = functools.partial(subprocess.run, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    return result(run([python, "-I", "-B", "-X", "utf8", __file__], input=request(root, imports, path)).stdout)


def request(root: Path, imports: Iterable[str], path: Iterable[str] = ()) -> str:
    return json.dumps({"root": str(root), "imports": list(imports), "path": [str(root), *path]}) + "\n"


def result(line: str) -> Description:
    found: Description = json.loads(line or '{"error": ["EOFError", "it died", ""]}')
    if "error" in found:
        raise FreshImportError(*found["error"])
    return found


def differences(
    live: Description, fresh: Description, kept: Collection[str] = (), *, there: bool = True
) -> tuple[str, ...]:
    """Where two descriptions part. A place in ``kept`` holds live state; with ``there`` it must be in both."""
    return tuple(
        f"{_path(place)}: live {_brief(mine)}, fresh {_brief(other)}"
        for place, mine, other in _walk(live["modules"], fresh["modules"], ())
        if _state_place(place) not in kept or (there and _path(place) in kept and _ABSENT in (mine, other))
        if not (
            place[-2:-1] == ("<holds>",) and _ABSENT in (mine, other)
        )  # an instance's state, like its other attributes
    )


def changed_state(before: Description, after: Description) -> frozenset[str]:
    """The names, attributes and closure cells in which two descriptions part: what ``kept`` takes."""
    return frozenset(_state_place(place) for place, _, _ in _walk(before["modules"], after["modules"], ()))


def modules_under(root: Path) -> dict[str, types.ModuleType]:
    """The loaded modules whose files (a namespace package: folders) lie under ``root``, sorted by name."""
    folders, found = tuple(spelling + os.sep for spelling in _spellings(root)), {}
    for name, module in list(sys.modules.items()):  # thousands of them, each time that anything is compared
        if isinstance(module, types.ModuleType):
            file = module.__dict__.get("__file__")
            if file:
                if isinstance(file, str) and file.startswith(folders):
                    found[name] = module
            elif "__path__" in module.__dict__:
                path = module.__dict__["__path__"]
                # A namespace package's looks for its folders whenever it is asked (_NamespacePath in importlib).
                places = getattr(path, "_path", path)
                if any(isinstance(one, str) and (one + os.sep).startswith(folders) for one in places):
                    found[name] = module
    found.pop("__main__", None)
    return dict(sorted(found.items()))


def _walk(live: Any, fresh: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if type(live) is not type(fresh):
        yield place, live, fresh
    elif isinstance(live, dict) and live.get("<kind>") == fresh.get("<kind>"):
        for key in sorted({*live, *fresh}):
            yield from _walk(live.get(key, _ABSENT), fresh.get(key, _ABSENT), (*place, key))
    elif isinstance(live, list):
        for index in range(max(len(live), len(fresh))):
            mine, other = (side[index] if index < len(side) else _ABSENT for side in (live, fresh))
            yield from _walk(mine, other, (*place, f"[{index}]"))
    elif live != fresh:
        yield place, live, fresh


def _state_place(place: tuple[str, ...]) -> str:
    inner = ("<items>", "<class>", "<kind>", "<holds>")
    return _path(place[: next((at for at, part in enumerate(place) if part in inner), len(place))])


def _path(place: tuple[str, ...]) -> str:
    if len(place) < 3 or place[1] != "names":
        return ".".join(place)
    parts = (part if part.startswith("[") else f".{part}" for part in place[3:] if part != "<names>")
    return f"{place[0]}:{place[2]}" + "".join(parts)


def _brief(value: Any) -> str:
    text = value[0] if value is _ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) < 80 else f"{text[:60]}...{text[-15:]}"


def _spellings(root: Path) -> tuple[str, ...]:
    return tuple(dict.fromkeys((str(root.absolute()), os.path.realpath(root))))


def _relative(place: Any, spellings: tuple[str, ...]) -> str | None:
    for root in spellings:
        if isinstance(place, str) and (place + os.sep).startswith(root + os.sep):
            return place[len(root) :].replace(os.sep, "/") or "/"
    return None


def _is_a(value: Any, kinds: Any) -> bool:
    """``isinstance`` past proxies, which may raise anything when they are asked for their ``__class__``."""
    return issubclass(type(value), kinds)


def _attributes(value: object) -> Mapping[str, Any]:
    try:
        found = vars(value) if _is_a(value, type) else object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return {}
    return found if isinstance(found, dict | types.MappingProxyType) else {}


class _Describer:
    def __init__(self, root: Path) -> None:
        self.spellings = _spellings(root)
        self.modules = modules_under(root)
        self.scrub = self.in_default = False
        self.homes: dict[int, str] = {}
        self.alive: list[object] = []  # an id is unique only while its object lives
        self.outside: dict[int, str | None] = {}
        for own in (True, False):
            for name, module in self.modules.items():
                self._find_homes(vars(module), f"{name}:", own)

    def _find_homes(self, names: Mapping[str, Any], prefix: str, own: bool) -> None:
        for name, value in sorted(names.items()):
            label = prefix + name
            if name in _MODULE_NOISE or _is_a(value, tuple | str | int | type(None) | types.ModuleType):
                continue
            defines = _is_a(value, type) or _is_a(value, types.FunctionType)
            at_home = defines and f"{value.__module__}:{value.__qualname__}" == label
            if not own or at_home:
                self.homes.setdefault(id(value), label)
            if _is_a(value, type) and at_home and self.homes.get(id(value)) == label:
                self._find_homes(vars(value), f"{label}.", own)

    def module(self, name: str, module: types.ModuleType) -> Description:
        space = dict(sorted(vars(module).items()))
        notes = space.get("__annotations__", {})
        return {
            "file": _relative(space.get("__file__"), self.spellings),
            "path": [_relative(place, self.spellings) for place in space.get("__path__") or ()],
            "annotations": self._named(dict(sorted(notes.items())), f"{name}:", ""),
            "names": self._named({k: v for k, v in space.items() if k not in _MODULE_NOISE}, f"{name}:", ""),
        }

    def _named(self, values: Mapping[str, Any], label: str, joint: str = ".") -> Description:
        return {str(key): self.value(value, f"{label}{joint}{key}") for key, value in values.items()}

    def value(self, value: Any, label: str) -> Any:
        kind = type(value)
        if value is None or kind is bool or (kind is int and value.bit_length() < 1000):
            return value
        if kind is str:
            if label.endswith(".__doc__"):  # a dataclass's own shows its defaults, as repr() does
                return _SHOWN.sub(" at <address>", value)
            return _ADDRESS.sub("<address>", value) if self.scrub else value
        shown = "class" if _is_a(value, type) else f"{kind.__module__}.{kind.__qualname__}"
        if kind in _PLAIN or kind.__module__.partition(".")[0] in _PLAIN_MODULES:
            return {"<kind>": shown, "value": repr(value)}
        if kind is types.CodeType:
            return self._code(value, label)
        if kind in (tuple, frozenset):
            return {"<kind>": shown, **self._content(value, label)}
        if kind in _BY_NAME:
            return {"<kind>": shown, "value": repr(value)}
        if issubclass(kind, _UNIONS) and typing.get_origin(value) in _UNION_ORIGINS:
            return self._named({"<kind>": "union", "args": typing.get_args(value)}, label)
        if kind.__module__ in _ALIASES and (origin := typing.get_origin(value)) not in (None, value):
            return self._named({"<kind>": shown, "origin": origin, "args": typing.get_args(value)}, label)
        if issubclass(kind, types.ModuleType):
            return {"<kind>": shown, "name": value.__name__, "live": sys.modules.get(value.__name__) is value}
        if external := self._external(value):
            return {"<kind>": "external", "name": external}
        if kind is dict and (owner := self._namespace_of(value)) is not None:
            return {"<kind>": "namespace", "of": owner}
        if (home := self.homes.setdefault(id(value), label)) != label:
            return {"<kind>": "reference", "to": home}
        self.alive.append(value)
        return {"<kind>": shown, **self._details(value, label)}

    def _namespace_of(self, value: dict[str, Any]) -> str | None:
        """The module whose names a dict holds, as ``globals()`` gives it."""
        module = sys.modules.get(str(value.get("__name__")))
        return str(value["__name__"]) if module is not None and vars(module) is value else None

    def _external(self, value: Any) -> str | None:
        """The name of a class or function that none of our modules defines; None for anything else."""
        if not (_is_a(value, type) or _is_a(value, (types.FunctionType, *_OF_C))):
            return None
        if id(value) not in self.outside:
            self.alive.append(value)
            self.outside[id(value)] = self._look_outside(value)
        return self.outside[id(value)]

    def _look_outside(self, value: Any) -> str | None:
        module, qualname = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
        if _is_a(value, _OF_C):
            owner = getattr(value, "__self__", None)
            return f"{module}:{qualname}" if isinstance(owner, types.ModuleType | type | None) else None
        if not isinstance(module, str) or module in self.modules:
            return None
        found: Any = sys.modules.get(module)
        for part in qualname.split("."):
            found = _attributes(found).get(part)
        static = _is_a(value, type) and not value.__flags__ & _HEAP_TYPE
        return f"{module}:{qualname}" if found is value or static else None

    def _details(self, value: Any, label: str) -> Description:
        if _is_a(value, types.FunctionType):
            return self._function(value, label)
        if _is_a(value, type):
            return self._class(value, label)
        found: Description = {"<class>": self._part(value, "__class__", label)}
        if _is_a(value, enum.Enum):
            state = {k: v for k, v in sorted(vars(value).items()) if k in ("_name_", "_value_") or k[0] != "_"}
            return found | {"state": self._named(state, label)}
        for kinds, parts in _PARTS:
            if _is_a(value, kinds):
                return found | self._parts(value, parts.split(), label)
        return found | self._object(value, label)

    def _parts(self, value: Any, parts: Iterable[str], label: str) -> Description:
        return {part: self._part(value, part, label) for part in parts}

    def _part(self, value: Any, part: str, label: str) -> Any:
        try:
            found = getattr(value, part, None)
        except Exception as error:  # noqa: BLE001 - a lazily evaluated bound is plugin code: it may raise anything
            return {"<kind>": "raises", "type": type(error).__name__}
        if part == "__dict__":
            return self._named({k: v for k, v in sorted((found or {}).items()) if "__annot" not in k}, label)
        outer, self.in_default = self.in_default, self.in_default or "default" in part
        shown = self.value(repr(found) if part == "_field_type" else found, f"{label}.{part}")
        self.in_default = outer
        return shown

    def _object(self, value: Any, label: str) -> Description:
        kind = type(value)
        if _is_a(value, weakref.ref):
            return {"to": self.value(value(), f"{label}()")}
        if kind.__module__.startswith("pydantic."):
            shown = list(value.__repr_args__()) if hasattr(kind, "__repr_args__") else []
            fields = [(name, getattr(value, name)) for name in getattr(kind, "__dataclass_fields__", ())]
            return self._named({str(name): part for name, part in shown + fields}, label)
        found: Description = self._content(value, label) if _is_a(value, _CONTAINERS) else {}
        if _is_a(value, str | int):
            found["value"] = str.__str__(value) if _is_a(value, str) else hex(value)
        if hasattr(kind, "cache_parameters"):
            found["parameters"] = self.value(value.cache_parameters(), f"{label}.parameters")
        every = self.scrub or self.in_default  # the state of an instance that is a default is kept by no one
        held = {key: item for key, item in sorted(_attributes(value).items()) if every or self._is_code(item)}
        return found | {"<holds>": self._named(held, label)}

    def _is_code(self, value: object) -> bool:
        ours = _is_a(value, type) or _is_a(value, types.FunctionType | types.MethodType)
        return (ours and self._external(value) is None) or hasattr(type(value), "cache_parameters")

    def _content(self, value: Any, label: str) -> Description:
        if _is_a(value, dict | types.MappingProxyType):
            pairs = [*value.items()]
            items = [[self.value(k, label), self.value(v, f"{label}[{k!r}]")] for k, v in pairs]
            return {"<items>": sorted(items, key=json.dumps) if self.scrub else items}
        items = [self.value(item, f"{label}[{index}]") for index, item in enumerate(tuple(value))]
        return {"<items>": sorted(items, key=json.dumps) if _is_a(value, set | frozenset) else items}

    def _function(self, function: types.FunctionType, label: str) -> Description:
        home = sys.modules.get(str(function.__globals__.get("__name__")))
        return self._parts(function, [f"__{part}__" for part in _FUNCTION], label) | {
            "globals": function.__globals__.get("__name__"),
            "globals are the module's": home is not None and vars(home) is function.__globals__,
            "code": self._code(function.__code__, label),
            "closure": self._closure(function, label),
        }

    def _closure(self, function: types.FunctionType, label: str) -> Description:
        found = {}
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            try:
                found[name] = self.value(cell.cell_contents, f"{label}<{name}>")
            except ValueError:
                found[name] = {"<kind>": "empty cell"}
        found.pop("cache_token", None)  # functools.singledispatch: a process-wide counter of abc
        return found

    def _code(self, code: types.CodeType, label: str) -> Description:
        file = _relative(code.co_filename, self.spellings)
        if file is None and not code.co_filename.startswith("<"):
            return {"outside": f"{Path(code.co_filename).name}:{code.co_qualname}"}
        consts = [self.value(const, f"{label} constant {at}") for at, const in enumerate(code.co_consts)]
        return {"file": file, "consts": consts, **self._parts(code, _CODE, label)}

    def _class(self, cls: type, label: str) -> Description:
        noise = [*_CLASS_NOISE, "__annotations__"] if not vars(cls).get("__annotations__") else _CLASS_NOISE
        space = {name: value for name, value in sorted(vars(cls).items()) if name not in noise}
        return {
            **self._parts(cls, ["__name__", "__qualname__", "__class__", "__bases__"], label),
            "mro": [f"{base.__module__}:{base.__qualname__}" for base in cls.__mro__],
            "layout": [cls.__basicsize__, cls.__itemsize__, cls.__dictoffset__, cls.__weakrefoffset__],
            "flags": cls.__flags__ & _CLASS_FLAGS,
            "<names>": {name: self._class_attribute(name, value, label) for name, value in space.items()},
        }

    def _class_attribute(self, name: str, value: Any, label: str) -> Any:
        if name in ("__static_attributes__", "__dataclass_params__"):  # 3.13 collects the first in a set
            return sorted(value) if isinstance(value, tuple) else repr(value)
        self.scrub = name in ("__pydantic_core_schema__", "__pydantic_decorators__")
        try:
            return self.value(value, f"{label}.{name}")
        finally:
            self.scrub = False


class _Uncached(SourceFileLoader):
    """Reads no bytecode: two saves of one length within a second are two versions."""

    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def answer(line: str) -> str:
    """One request answered in this interpreter, which is thereby used up."""
    asked = json.loads(line)
    root = Path(asked["root"])

    def hook(path: str) -> FileFinder:
        if _relative(path, _spellings(root)) is None:
            raise ImportError
        return FileFinder(path, (_Uncached, [".py"]))

    sys.path_hooks.insert(0, hook)
    sys.path[:0] = asked["path"]
    try:
        for name in asked["imports"]:
            importlib.import_module(name)
        return json.dumps(describe(root))
    except BaseException as error:  # noqa: BLE001 - SystemExit of a plugin is an answer too
        return json.dumps({"error": [type(error).__name__, str(error), traceback.format_exc()]})


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # what the plugin prints is not an answer
        print(answer(sys.stdin.readline()), file=answers, flush=True)
