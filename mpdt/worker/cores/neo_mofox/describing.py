"""A registered component as a person and a caller see it, from its live class."""

from __future__ import annotations

import inspect
from typing import Any

from mpdt.worker.cores import ComponentInfo, asgi
from mpdt.worker.cores.neo_mofox.parts import Parts


def described(parts: Parts, signature: str, cls: Any) -> ComponentInfo:
    kind, name = signature.split(":")[1:]
    prefix = "handler" if kind == "event_handler" else kind
    try:
        description = str(getattr(cls, f"{prefix}_description", ""))
        schema = schema_of(parts, signature, kind, cls)
    except Exception as error:  # noqa: BLE001 - plugin code: annotations and class attributes are the plugin's
        description, schema = f"cannot be described: {error!r}", None
    return ComponentInfo(kind, name, description, schema)


def schema_of(parts: Parts, signature: str, kind: str, cls: Any) -> dict[str, Any] | None:
    match kind:
        case "command":
            return routes_of_command(cls)
        case "config":
            return dict(cls.model_json_schema())
        case "event_handler":
            events = [getattr(event, "value", event) for event in cls.init_subscribe]
            return {"events": events, "weight": cls.weight, "intercept_message": cls.intercept_message}
        case "service":
            return {"methods": {name: method_schema(one) for name, one in service_methods(cls).items()}}
        case "router":
            mounted = parts.routers._mounted_routers.get(signature)
            routes = asgi.routes_of(mounted.get_app()) if mounted is not None else []
            return {"path": mounted.get_route_path(), "routes": routes} if mounted is not None else None
    return dict(cls.to_schema()) if hasattr(cls, "to_schema") else None


def routes_of_command(cls: Any) -> dict[str, Any]:
    """Sub-commands with their parameters, by the words that lead to them."""
    routes = {}
    for _, method in inspect.getmembers(cls, inspect.isfunction):
        words = getattr(method, "_cmd_route", None)
        if words is not None:
            routes[" ".join(words)] = {
                "description": inspect.getdoc(method) or "",
                "parameters": method_schema(method)["parameters"],
            }
    return {"permission": getattr(cls.permission_level, "name", None), "routes": routes}


def service_methods(cls: Any) -> dict[str, Any]:
    """The public methods that the plugin defines, and not the base class."""
    base = next((one for one in cls.__mro__ if one.__name__ == "BaseService"), object)
    members = inspect.getmembers(cls, inspect.isroutine)
    return {name: one for name, one in members if not name.startswith("_") and not hasattr(base, name)}


def method_schema(method: Any) -> dict[str, Any]:
    parameters = [one for name, one in inspect.signature(method).parameters.items() if name != "self"]
    return {
        "description": inspect.getdoc(method) or "",
        "parameters": {
            one.name: {
                "type": getattr(one.annotation, "__name__", str(one.annotation)),
                "required": one.default is inspect.Parameter.empty,
            }
            for one in parameters
            if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        },
    }
