"""Counts of people as they may be published: nothing small can be told from them.

Nothing of Odoo. The rule: a count below 5 stands as "<5" (nought too), any other as it
is, or it is left out. Left out is what would betray a small count by subtraction in any
of the tables that it belongs to: another part of the same sum, or at last the sum,
until each small count can still be anything from 0 to 4 for whoever knows all that is
published. No number is changed: what is shown is true.

Shares are made of the true numbers too, and say no more than the counts do.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping

LIMIT = 5
# Of a whole that is smaller a share says nothing
LEAST_WHOLE = 20
SMALL, SHOWN, HIDDEN = 0, 1, -1
INFINITE = 10**12
# Key of the total, keys of its parts
Sum = tuple[Hashable, list[Hashable]]


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
        self.sums: list[Sum] = [(total, list(parts)) for total, parts in sums if parts]
        self.kind = {
            key: SMALL if count < LIMIT else SHOWN for key, count in self.counts.items()
        }
        self._protect()

    def shown(self, key: Hashable) -> int | bool | None:
        """Return what is published: a number, None for "<5", False for left out."""
        kind = self.kind[key]
        if kind == HIDDEN:
            return False
        return None if kind == SMALL else self.counts[key]

    def get(self) -> dict[Hashable, int | bool | None]:
        """Return ``{key: what is published of it}``, see :meth:`shown`."""
        return {key: self.shown(key) for key in self.counts}

    def _interval(self, key: Hashable) -> tuple[int, int]:
        """Return the least and the greatest number that look like this one."""
        kind = self.kind[key]
        if kind == HIDDEN:
            return 0, INFINITE
        if kind == SMALL:
            return 0, LIMIT - 1
        return self.counts[key], self.counts[key]

    def _protect(self) -> None:
        for sums in self._get_connected():
            keys = {key for total, parts in sums for key in (total, *parts)}
            while True:
                bounds = {key: self._interval(key) for key in keys}
                betrayer = self._tighten(bounds, sums)
                if betrayer is None:
                    break
                self.kind[betrayer] = HIDDEN

    def _get_connected(self) -> Iterator[list[Sum]]:
        """Yield the sums that hang together: others say nothing of their numbers."""
        numbers_of = defaultdict(list)
        for number, (total, parts) in enumerate(self.sums):
            for key in (total, *parts):
                numbers_of[key].append(number)
        left = set(range(len(self.sums)))
        while left:
            waiting, found = [left.pop()], []
            while waiting:
                found.append(waiting.pop())
                total, parts = self.sums[found[-1]]
                for key in (total, *parts):
                    beside = left.intersection(numbers_of[key])
                    left -= beside
                    waiting += beside
            yield [self.sums[number] for number in sorted(found)]

    def _tighten(
        self, bounds: dict[Hashable, tuple[int, int]], sums: list[Sum]
    ) -> Hashable | None:
        """Draw all conclusions on what the numbers of sums can be.

        :return: what is to be left out, for it betrays a small count; None for nothing
        """
        changed = True
        while changed:
            changed = False
            for total, parts in sums:
                low = sum(bounds[key][0] for key in parts)
                high = sum(bounds[key][1] for key in parts)
                first, last = bounds[total]
                if low > first or high < last:
                    bounds[total] = max(low, first), min(high, last)
                    if self.kind[total] == SMALL:
                        return self._choose(total, parts)
                    changed = True
                first, last = bounds[total]
                for key in parts:
                    own_low, own_high = bounds[key]
                    new_low = max(own_low, first - (high - own_high))
                    new_high = min(own_high, last - (low - own_low))
                    if (new_low, new_high) == (own_low, own_high):
                        continue
                    if self.kind[key] == SMALL:
                        return self._choose(total, parts)
                    bounds[key] = new_low, new_high
                    low += new_low - own_low
                    high += new_high - own_high
                    changed = True
        return None

    def _choose(self, total: Hashable, parts: list[Hashable]) -> Hashable | None:
        """Return what of a sum is left out: another part before the total.

        The least that hides a small count wholly, for who knows that only what is not
        small is left out; where there is none, the largest.
        """
        shown = [key for key in parts if self.kind[key] == SHOWN]
        enough = [key for key in shown if self.counts[key] >= 2 * LIMIT - 1]
        if enough:
            return min(enough, key=self.counts.__getitem__)
        if shown:
            return max(shown, key=self.counts.__getitem__)
        if self.kind[total] == SHOWN:
            return total
        # What is left out here is known by other sums
        near = {total, *parts}
        others = [
            key
            for other, members in self.sums
            if not near.isdisjoint((other, *members))
            for key in (*members, other)
            if self.kind[key] == SHOWN
        ]
        return min(others, key=self.counts.__getitem__, default=None)


def get_share(part: int, whole: int) -> tuple[str, int] | None:
    """Return a share of true numbers in whole per cent, ``(sign, number)``.

    The sign is empty; where either side is smaller than :data:`LIMIT` it is ``>`` or
    ``<``, with the share that a count of just that limit would have. None where the
    whole is too small for a share to say anything.
    """
    if whole < LEAST_WHOLE:
        return None
    if part < LIMIT:
        return "<", -(-100 * LIMIT // whole)
    if whole - part < LIMIT:
        return ">", 100 * (whole - LIMIT) // whole
    # Halves upward, without the floating point's doubts
    return "", (200 * part + whole) // (2 * whole)
