"""The counting rules of the reports (docs/reports.md). Nothing of Odoo.

A period is ``[start, end)`` in naive UTC. Everything is counted as it stood at
``end``: what happened later is not looked at, so a report made late says the same.

A request is counted round by round: taking in opens the first round, reopening a
further one; a rejection, a result or a cancellation ends it.

A slip is judged on its own: in time or late, in the period in which that is decided.
What a unit had to do is counted in chains: the slips that one unit had of one request
without a break, its focal point's and then its head's, are one matter of that unit.

Every figure is a list of ids, of requests or of slips, so that it can be opened.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil
from typing import NamedTuple

PAST = datetime.min
LEVELS = ("focal", "head", "province")
# How a round ends; a result is named by the level that gave it
OUTCOMES = ("rejected", "instant", *LEVELS, "cancelled")
ANSWERED = ("instant", *LEVELS)
# What became of a unit's matters: brought forward and received are all of the others
# together
UNIT_COLUMNS = (
    "carried",
    "received",
    "answered",
    "open_in_time",
    "open_late",
    "returned",
    "passed_on",
    "withdrawn",
)

# Ids by what they are counted as
Found = dict[str, list[int]]


class Round(NamedTuple):
    """One round of a request; ``ended`` and ``outcome`` are ``None`` while open."""

    ticket: int
    number: int
    opened: datetime
    ended: datetime | None
    outcome: str | None


class Slip(NamedTuple):
    """One slip; ``closed`` is ``None`` while open, ``late_since`` while in time.

    ``previous`` is the slip of the same unit that this one carries on; ``escalated``
    one came because a level below let its time pass, ``rework`` because the operator
    gave a result back. ``first`` is the moment of the first response: an appointment,
    a result or a return; ``deadline`` is that of the level, before any appointment.
    ``first_hours`` and ``result_hours`` are working hours.
    """

    id: int
    ticket: int
    unit: int
    level: str
    role: str
    previous: int | None
    escalated: bool
    rework: bool
    sent: datetime
    deadline: datetime
    first: datetime | None
    closed: datetime | None
    state: str
    late_since: datetime | None
    first_hours: float | None
    result_hours: float | None


class Matter(NamedTuple):
    """A chain of slips as it stood at the end of a period.

    ``state`` is ``open``, ``answered``, ``returned``, ``expired`` or ``cancelled``;
    ``late_since`` is ``None`` if it was in time then.
    """

    slip: Slip
    received: datetime
    late_since: datetime | None
    state: str


class Timeliness(NamedTuple):
    """The slips judged in a period; their number is what was due."""

    in_time: list[int]
    late: list[int]

    @property
    def due(self) -> list[int]:
        return self.in_time + self.late

    @property
    def share(self) -> float | None:
        """Between 0 and 1; ``None`` if nothing was due."""
        return share(len(self.in_time), len(self.due))


def get_rounds(rounds: Iterable[Round], start: datetime, end: datetime) -> Found:
    """Return ``{key: ids of requests}`` of a period: what came, ended and stayed.

    ``carried`` + ``received`` + ``reopened`` = the outcomes + ``open``.
    """
    found = {key: [] for key in ("carried", "received", "reopened", *OUTCOMES, "open")}
    for item in rounds:
        if item.opened >= end or (item.ended and item.ended < start):
            continue
        if item.opened < start:
            found["carried"].append(item.ticket)
        else:
            found["received" if item.number == 1 else "reopened"].append(item.ticket)
        ended = item.ended and item.ended < end
        found[item.outcome if ended else "open"].append(item.ticket)
    return found


def get_received(rounds: Sequence[Round], start: datetime, end: datetime) -> Found:
    """Return ``{outcome or "open": ids}`` of the requests received in the period.

    A request is counted once, by where it stood at the end: its last round.
    """
    last: dict[int, Round] = {}
    for item in rounds:
        if item.opened < end:
            known = last.get(item.ticket)
            if not known or known.number < item.number:
                last[item.ticket] = item
    found = {key: [] for key in (*OUTCOMES, "open")}
    for item in rounds:
        if item.number == 1 and start <= item.opened < end:
            stood = last[item.ticket]
            ended = stood.ended and stood.ended < end
            found[stood.outcome if ended else "open"].append(item.ticket)
    return found


def get_matters(slips: Sequence[Slip], end: datetime) -> list[Matter]:
    """Return the chains of ``slips`` as they stood at ``end``, oldest first."""
    by_id = {slip.id: slip for slip in slips}
    followed = {slip.previous for slip in slips if slip.sent < end}
    matters = []
    for slip in sorted(slips, key=lambda item: (item.sent, item.id)):
        if slip.sent >= end or slip.id in followed:
            continue
        received, late, link = slip.sent, [], slip
        while True:
            if link.late_since and link.late_since < end:
                late.append(link.late_since)
            received = link.sent
            if not link.previous:
                break
            if link.previous not in by_id:
                # It ended before the slips looked at: long ago, and being late
                # unless it was answered
                received = PAST
                if not link.rework:
                    late.append(PAST)
                break
            link = by_id[link.previous]
        closed = slip.closed and slip.closed < end
        matters.append(
            Matter(
                slip,
                received,
                min(late, default=None),
                slip.state if closed else "open",
            )
        )
    return matters


def get_unit_column(matter: Matter) -> str:
    """Return in which column of its unit a matter ends up.

    What is open counts as late if its time has passed or if it came by escalation: the
    request is late then, whoever's time runs (Art. 11.4).
    """
    late = matter.late_since is not None or matter.slip.escalated
    return {
        "open": "open_late" if late else "open_in_time",
        "answered": "answered",
        "returned": "returned",
        "expired": "passed_on",
        "cancelled": "withdrawn",
    }[matter.state]


def get_units(
    matters: Iterable[Matter], start: datetime, end: datetime
) -> dict[int, Found]:
    """Return ``{unit: {column: ids of slips}}`` of a period."""
    units = defaultdict(lambda: {column: [] for column in UNIT_COLUMNS})
    for matter in matters:
        slip = matter.slip
        if matter.state != "open" and slip.closed < start:
            continue
        columns = units[slip.unit]
        columns["carried" if matter.received < start else "received"].append(slip.id)
        columns[get_unit_column(matter)].append(slip.id)
    return dict(units)


def judge(slip: Slip, end: datetime) -> tuple[bool, datetime] | None:
    """Return whether a slip was in time as it stood at ``end``, and since when.

    Late (Art. 11.4) from the moment that its level's time, its appointment or its
    extension passed without a result. In time, judged at the deadline of its level, if
    the unit answered or gave an appointment by then and it has not become late since.
    What was returned, or cancelled before any response, without being late is not
    judged, and what can still be in time not yet.
    """
    if slip.late_since and slip.late_since < end:
        return False, slip.late_since
    responded = slip.first and slip.first <= slip.deadline and slip.state != "returned"
    if responded and slip.deadline < end:
        return True, slip.deadline
    return None


def get_timeliness(
    slips: Iterable[Slip], start: datetime, end: datetime, by: str
) -> dict[int | str, Timeliness]:
    """Return what was judged in the period, by ``unit`` or by ``level``."""
    found: dict[int | str, Timeliness] = {}
    for slip in slips:
        judged = judge(slip, end)
        if judged and start <= judged[1] < end:
            group = found.setdefault(getattr(slip, by), Timeliness([], []))
            group[0 if judged[0] else 1].append(slip.id)
    return found


def get_total(groups: Iterable[Timeliness]) -> Timeliness:
    """Return what was judged in all groups together."""
    total = Timeliness([], [])
    for group in groups:
        total.in_time.extend(group.in_time)
        total.late.extend(group.late)
    return total


def get_hours(
    slips: Iterable[Slip], start: datetime, end: datetime
) -> dict[str, dict[str, list[tuple[float, int]]]]:
    """Return ``{level: {"first" or "result": [(hours, slip id)]}}`` of a period.

    Working hours from the sending of a slip to the first response to it (appointment,
    result or return) and to its result, each of the slips where that moment lies in
    the period.
    """
    found = {level: {"first": [], "result": []} for level in LEVELS}
    for slip in slips:
        if slip.first_hours is not None and slip.first and start <= slip.first < end:
            found[slip.level]["first"].append((slip.first_hours, slip.id))
        if (
            slip.result_hours is not None
            and slip.state == "answered"
            and start <= slip.closed < end
        ):
            found[slip.level]["result"].append((slip.result_hours, slip.id))
    return found


def get_escalations(
    slips: Iterable[Slip], referred: set[int], start: datetime, end: datetime
) -> Found:
    """Return ``{key: ids of slips}``: what came to a head or the province, and how.

    :param set referred: ids of slips of level ``province`` that an operator referred
        there (Art. 10.4.2), nobody having been late
    """
    found = {"head": [], "province": [], "referred": []}
    for slip in slips:
        if not start <= slip.sent < end or slip.level == "focal":
            continue
        key = "referred" if slip.id in referred else slip.level
        found[key].append(slip.id)
    return found


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, or ``None`` of nothing."""
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], share: float = 0.9) -> float | None:
    """Return the least value that so many of the values do not exceed; or ``None``.

    The nearest rank, which is always one of the values: of ten values the ninth.
    """
    if not values:
        return None
    return sorted(values)[max(ceil(round(share * len(values), 9)) - 1, 0)]


def share(part: float, whole: float) -> float | None:
    """Return ``part`` of ``whole`` between 0 and 1, or ``None`` of nothing."""
    return part / whole if whole else None


def change(now: float, before: float) -> float | None:
    """Return by which share ``now`` is more than ``before``; ``None`` if it was 0."""
    return (now - before) / before if before else None
