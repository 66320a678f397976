"""What is the same for every visitor, kept for a moment in this process. No Odoo."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class ShortCache:
    """Values kept for ``seconds``, ``size`` of them; those made first go first.

    Safe for threads; each worker process keeps its own. Nothing is forgotten sooner,
    so what it holds must be allowed to be that old.

    :param clock: returns seconds; only differences count
    """

    def __init__(
        self,
        seconds: float,
        size: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds, self.size, self._clock = seconds, size, clock
        # Key -> when it was made, value
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> tuple[Any, float]:
        """Return ``(value, seconds since it was made)``; made now where there is none.

        Two that ask at the same moment may both make it.
        """
        begin = self._clock()
        with self._lock:
            made, value = self._kept.get(key, (None, None))
        if made is not None and begin - made < self.seconds:
            return value, begin - made
        value = make()
        with self._lock:
            # As old as the moment at which it was begun to be read
            self._kept.pop(key, None)
            self._kept[key] = begin, value
            while len(self._kept) > self.size:
                self._kept.popitem(last=False)
        return value, self._clock() - begin

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
