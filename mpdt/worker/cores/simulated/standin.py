"""What the real core has and this one does not simulate: it can be imported, and says so when it is used."""

from __future__ import annotations

from typing import Any, NoReturn

from mpdt.language import _


class NotSimulated(RuntimeError):
    """Raised on use of something of the real core that the simulated core has not got."""

    def __init__(self, name: str, reason: str = "") -> None:
        because = reason or _("the simulated core has no such thing")
        super().__init__(
            _(
                "{name} is not simulated: {because}. Run the plugin in the real core to try this part.",
                name=name,
                because=because,
            )
        )


class Placeholder:
    """What a class derived from a stand-in derives from: defining it works, making an instance does not."""

    _stand_in_name_ = "This class"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotSimulated(self._stand_in_name_)


class StandIn:
    """Stands for one name. Annotations and bases may mention it; calls and attributes raise NotSimulated."""

    def __init__(self, name: str, reason: str = "") -> None:
        self.__name = name
        self.__reason = reason
        self.__qualname__ = self.__name__ = name.rpartition(".")[2]

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotSimulated(self.__name, self.__reason)

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__") and attribute.endswith("__"):
            raise AttributeError(attribute)
        raise NotSimulated(f"{self.__name}.{attribute}", self.__reason)

    def __getitem__(self, item: Any) -> Any:
        return Any

    def __or__(self, other: Any) -> Any:
        return Any

    __ror__ = __or__

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type[Any], ...]:
        return (type(self.__name__, (Placeholder,), {"_stand_in_name_": self.__name}),)

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, subclass: type[Any]) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<{self.__name}, not simulated>"
