"""Counts of people as they may be published: nothing small can be told from them.

Nothing of Odoo. The rule: a count below 5 stands as "<5" (nought too), any other is
rounded to the nearest 5. A total that would betray one of its small parts, by
subtraction in any of the tables that it belongs to, is rounded further: to 10, 20, 50
and so on, at last left out, until each small part can still be anything from 0 to 4
for whoever knows all that is published.
"""

from collections.abc import Hashable, Iterable, Mapping

LIMIT = 5
BASES = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000, 1000000)
# Left out
HIDDEN = -1
INFINITE = 10**12


class Protected:
    """Counts by key, and sums that hold among them.

    :param counts: ``{key: number}``
    :param sums: ``[(key of the total, [keys of its parts])]``
    """

    def __init__(
        self,
        counts: Mapping[Hashable, int],
        sums: Iterable[tuple[Hashable, Iterable[Hashable]]],
    ) -> None:
        self.counts = dict(counts)
        self.sums = [(total, list(parts)) for total, parts in sums if parts]
        self.base = {
            key: 0 if count < LIMIT else BASES[0] for key, count in self.counts.items()
        }
        self._protect()

    def shown(self, key: Hashable) -> int | bool | None:
        """Return what is published: a number, None for "<5", False for left out."""
        base = self.base[key]
        if base == HIDDEN:
            return False
        return None if not base else max(LIMIT, _round(self.counts[key], base))

    def get(self) -> dict[Hashable, int | bool | None]:
        """Return ``{key: what is published of it}``, see :meth:`shown`."""
        return {key: self.shown(key) for key in self.counts}

    def _interval(self, key: Hashable) -> tuple[int, int]:
        """Return the least and the greatest number that look like this one."""
        base = self.base[key]
        if base == HIDDEN:
            return 0, INFINITE
        if not base:
            return 0, LIMIT - 1
        middle = _round(self.counts[key], base)
        half = base // 2
        low = middle - half
        high = middle + (half if base % 2 else half - 1)
        return max(LIMIT, low), high

    def _protect(self) -> None:
        while True:
            bounds = {key: self._interval(key) for key in self.counts}
            worst = self._tighten(bounds)
            if worst is None:
                return
            wider = [base for base in BASES if base > self.base[worst]]
            fits = wider and wider[0] <= self.counts[worst]
            self.base[worst] = wider[0] if fits else HIDDEN

    def _tighten(self, bounds: dict[Hashable, tuple[int, int]]) -> Hashable | None:
        """Draw all conclusions on what the numbers can be.

        :return: the total that betrays a small part, None when none does
        """
        changed = True
        while changed:
            changed = False
            for total, parts in self.sums:
                low = sum(bounds[key][0] for key in parts)
                high = sum(bounds[key][1] for key in parts)
                first, last = bounds[total]
                if low > first or high < last:
                    bounds[total] = max(low, first), min(high, last)
                    if not self.base[total]:
                        return self._widest(parts) or self._other_total(total)
                    changed = True
                first, last = bounds[total]
                for key in parts:
                    own_low, own_high = bounds[key]
                    new_low = max(own_low, first - (high - own_high))
                    new_high = min(own_high, last - (low - own_low))
                    if (new_low, new_high) == (own_low, own_high):
                        continue
                    if not self.base[key]:
                        return total if self._can_widen(total) else self._widest(parts)
                    bounds[key] = new_low, new_high
                    low += new_low - own_low
                    high += new_high - own_high
                    changed = True
        return None

    def _can_widen(self, key: Hashable) -> bool:
        return self.base[key] > 0

    def _widest(self, keys: Iterable[Hashable]) -> Hashable | None:
        """Return the largest of the counts that can be rounded further."""
        return max(
            filter(self._can_widen, keys), key=self.counts.__getitem__, default=None
        )

    def _other_total(self, key: Hashable) -> Hashable | None:
        for total, parts in self.sums:
            if key in parts and self._can_widen(total):
                return total
        return None


def _round(number: int, base: int) -> int:
    return (number + base // 2) // base * base
