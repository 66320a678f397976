"""What happened around one period, as the database gives it. Nothing of Odoo."""

from datetime import datetime
from typing import NamedTuple

from .figures import Round, Slip


class Ticket(NamedTuple):
    """What a request is counted by; ids, ``None`` where it is not known."""

    channel: int | None
    category: int | None
    area: int | None


class Rating(NamedTuple):
    """A grade that a citizen gave; ``unit`` is ``None`` if the hotline answered."""

    ticket: int
    unit: int | None
    grade: float
    reason: str | None
    secret: bool
    code: str


class Facts(NamedTuple):
    """One period, ``[start, end)`` in naive UTC, within the scope of a report."""

    start: datetime
    end: datetime
    tickets: dict[int, Ticket]
    rounds: list[Round]
    slips: list[Slip]
    # Ids of slips by which operators referred requests to the provincial office
    referred: set[int]
    # (slip id, unit id), one for each extension
    extensions: list[tuple[int, int]]
    # What came, ended and stayed: figures.get_rounds
    found: dict[str, list[int]]
    ratings: list[Rating]


class Category(NamedTuple):
    """A field; ``parent`` is the id of its group."""

    name: str
    parent: int | None


class Names(NamedTuple):
    """How what is counted is called, each in the order in which it is listed."""

    # All that are in use or occur
    channels: dict[int, str]
    categories: dict[int, Category]
    areas: dict[int, str]
    units: dict[int, str]
