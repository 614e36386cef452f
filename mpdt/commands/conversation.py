"""What was said to the plugin and called, with the answers: to be looked at, said again, and saved as a scenario."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.scenarios.files import ScenarioError

KEPT = 500

Exchange = dict[str, Any]


class Conversation:
    """The last exchanges, each with its number."""

    def __init__(self, keep: int = KEPT) -> None:
        self._kept: deque[Exchange] = deque(maxlen=keep)
        self._number = 0

    def note(self, kind: str, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        """The answer, with the number of its exchange. ``kind``: ``message`` or ``call``."""
        self._number += 1
        self._kept.append({"exchange": self._number, kind: dict(asked), "answer": dict(answer)})
        return {**answer, "exchange": self._number}

    def exchanges(self) -> list[Exchange]:
        """Oldest first."""
        return list(self._kept)

    def chosen(self, numbers: Iterable[int] | None, last: int | None) -> list[Exchange]:
        """Those of these numbers, or the last ones. Raises ScenarioError if one is not kept, or there are none."""
        if numbers is None:
            found = self.exchanges()[-(last or 1) :]
        else:
            known = {one["exchange"]: one for one in self._kept}
            wanted = list(numbers)
            lost = [number for number in wanted if number not in known]
            if lost:
                raise ScenarioError(_("Exchange {number} is not kept any more.", number=lost[0]))
            found = [known[number] for number in wanted]
        if not found:
            raise ScenarioError(_("Nothing has been said yet that could be saved."))
        return found


def save(plugin: Path, name: str, exchanges: Iterable[Exchange]) -> Path:
    """Adds the exchanges to the scenario of that name in the plugin's ``tests``; the file. Raises ScenarioError."""
    from mpdt.scenarios.write import path_for, with_exchanges  # with tomlkit, which a start need not wait for
    from mpdt.web import config_file

    path = path_for(plugin, name)
    try:
        before = config_file.read(path)
        config_file.write(path, with_exchanges(before.text, name.strip(), exchanges), before.hash)
    except config_file.Changed:
        sentence = _("{file} was changed in this moment; nothing was written. Save again.", file=path)
        raise ScenarioError(sentence) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(_("{file} cannot be written: {error}.", file=path, error=error)) from None
    return path
