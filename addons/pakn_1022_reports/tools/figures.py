"""The counting rules of the reports (docs/reports.md). Nothing of Odoo.

A period is ``[start, end)`` in naive UTC. Everything is counted as it stood at
``end``: what happened later is not looked at, so a report made late says the same.

A request is counted round by round: taking in opens the first round, reopening a
further one; a rejection, a result or a cancellation ends it. A slip is counted in
chains: the slips that one unit had of one request without a break, its focal point's
and then its head's, are one matter of that unit.

Every figure is a list of ids, of requests or of slips, so that it can be opened.
"""

from collections import defaultdict
from datetime import datetime
from math import ceil
from typing import NamedTuple

PAST = datetime.min
LEVELS = ("focal", "head", "province")
# How a round ends; a result is named by the level that gave it
OUTCOMES = ("rejected", "instant", *LEVELS, "cancelled")
ANSWERED = ("instant", *LEVELS)
# Columns of a unit: brought forward and received are all of the others together
UNIT_COLUMNS = (
    "carried",
    "received",
    "answered_in_time",
    "answered_late",
    "open_in_time",
    "open_late",
    "returned",
    "passed_on",
    "withdrawn",
)


class Round(NamedTuple):
    """One round of a request; ``ended`` and ``outcome`` are ``None`` while open."""

    ticket: int
    number: int
    opened: datetime
    ended: datetime | None
    outcome: str | None


class Slip(NamedTuple):
    """One slip; ``closed`` is ``None`` while open, ``late_since`` while in time.

    ``previous`` is the slip of the same unit that this one carries on; ``responded``
    is the moment of the first response. ``first_hours`` and ``result_hours`` are
    working hours.
    """

    id: int
    ticket: int
    unit: int
    level: str
    role: str
    previous: int | None
    sent: datetime
    responded: datetime | None
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


def get_rounds(rounds, start, end):
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


def get_received(rounds, start, end):
    """Return ``{outcome or "open": ids}`` of the requests received in the period.

    A request is counted once, by where it stood at the end: its last round.
    """
    last = {}
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


def get_matters(slips, end):
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
                received = PAST
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


def get_unit_column(matter):
    """Return in which column of its unit a matter ends up."""
    late = matter.late_since is not None
    return {
        "open": "open_late" if late else "open_in_time",
        "answered": "answered_late" if late else "answered_in_time",
        "returned": "returned",
        "expired": "passed_on",
        "cancelled": "withdrawn",
    }[matter.state]


def get_units(matters, start, end):
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


def get_hours(slips, start, end):
    """Return ``{level: {"first" or "result": [(hours, slip id)]}}`` of a period.

    Working hours from the sending of a slip to the first response to it (appointment,
    result or return) and to its result, each of the slips where that moment lies in
    the period.
    """
    found = {level: {"first": [], "result": []} for level in LEVELS}
    for slip in slips:
        if (
            slip.first_hours is not None
            and slip.responded
            and start <= slip.responded < end
        ):
            found[slip.level]["first"].append((slip.first_hours, slip.id))
        if (
            slip.result_hours is not None
            and slip.state == "answered"
            and start <= slip.closed < end
        ):
            found[slip.level]["result"].append((slip.result_hours, slip.id))
    return found


def get_escalations(slips, referred, start, end):
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


def mean(values):
    """Return the mean, or ``None`` of nothing."""
    return sum(values) / len(values) if values else None


def percentile(values, share=0.9):
    """Return the least value that so many of the values do not exceed; or ``None``.

    The nearest rank, which is always one of the values: of ten values the ninth.
    """
    if not values:
        return None
    return sorted(values)[max(ceil(round(share * len(values), 9)) - 1, 0)]


def share(part, whole):
    """Return ``part`` of ``whole`` between 0 and 1, or ``None`` of nothing."""
    return part / whole if whole else None


def change(now, before):
    """Return by which share ``now`` is more than ``before``; ``None`` if it was 0."""
    return (now - before) / before if before else None


def on_time_share(columns):
    """Return which share of what a unit answered or owes was in time.

    Answered in time, of: answered, open late and passed on. What is open in time is
    not judged yet; what was returned or withdrawn was not the unit's to answer.

    :param dict columns: column -> count, of :data:`UNIT_COLUMNS`
    """
    late = columns["answered_late"] + columns["open_late"] + columns["passed_on"]
    return share(columns["answered_in_time"], columns["answered_in_time"] + late)
