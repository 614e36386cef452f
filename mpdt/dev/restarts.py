"""How often a worker that ends by itself is started again. Pure: the time is an argument."""

from __future__ import annotations

from collections import deque

MOST = 3
WITHIN = 60.0  # seconds


class RestartLimit:
    """At most ``most`` restarts in any ``within`` seconds: a plugin that kills its worker at once does not spin."""

    def __init__(self, most: int = MOST, within: float = WITHIN) -> None:
        self._most = most
        self._within = within
        self._times: deque[float] = deque()

    def allows(self, now: float) -> bool:
        """Is there one more? If so, it is counted."""
        while self._times and self._times[0] <= now - self._within:
            self._times.popleft()
        if len(self._times) >= self._most:
            return False
        self._times.append(now)
        return True
