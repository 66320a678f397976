"""How often one visitor may ask, counted in this process. Nothing of Odoo."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

# Visitors remembered at most; those not seen for longest are forgotten first
SIZE = 50_000


class RateLimit:
    """At most ``count`` hits of one key within any window of ``seconds``.

    Windows are fixed and begin with the first hit of a key. Safe for threads; each
    worker process counts for itself, so several of them allow that many times more.

    :param clock: returns seconds; only differences count
    """

    def __init__(
        self,
        count: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.count, self.seconds, self._clock = count, seconds, clock
        # Key -> when its window ends, hits within it
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def hit(self, key: str) -> int:
        """Count one hit; return the seconds to wait, 0 when it is allowed."""
        now = self._clock()
        with self._lock:
            end, hits = self._windows.pop(key, (0, 0))
            if end <= now:
                end, hits = now + self.seconds, 0
            self._windows[key] = (end, hits + 1)
            if len(self._windows) > SIZE:
                self._windows.popitem(last=False)
        return 0 if hits < self.count else max(1, round(end - now))

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._windows.clear()
