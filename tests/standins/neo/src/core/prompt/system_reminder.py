from typing import Any


class Store:
    def __init__(self) -> None:
        self._data: dict[str, dict[str, Any]] = {}

    def set(self, bucket: str, name: str, content: str) -> None:
        self._data.setdefault(bucket, {})[name] = content

    def delete(self, bucket: str, name: str) -> bool:
        return self._data.get(bucket, {}).pop(name, None) is not None


_store = Store()


def get_system_reminder_store() -> Store:
    return _store
