"""What is known of one call, worked out from events in any order. Nothing of Odoo.

An exchange tells of a call in pieces: some come twice, some late, some never. What is
known is therefore a set of facts that only grows: :func:`merge` of the same event again
changes nothing, and events give the same facts in whatever order they come. What the
call *is* (:func:`describe`) follows from the facts alone.

Moments are aware datetimes in UTC, durations are seconds.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

# Kinds of events
RINGING = "ringing"  # the call is there
OFFERED = "offered"  # a telephone rings
WITHDRAWN = "withdrawn"  # … and rings no more
ANSWERED = "answered"  # somebody speaks with the caller; a transfer answers again
GONE = "gone"  # the caller gave up while waiting
ENDED = "ended"
TOLD = "told"  # nothing happened, but something about the call is told
KINDS = (RINGING, OFFERED, WITHDRAWN, ANSWERED, GONE, ENDED, TOLD)

STATES = ("ringing", "talking", "done", "missed", "abandoned")
OVER = ("done", "missed", "abandoned")

# How much what an event says is worth: of two that differ the better one holds
GUESS, LIVE, SUMMARY = 0, 1, 2

# What is told of a call by text
TEXTS = ("direction", "caller", "caller_name", "called", "queue", "cause", "recording")
# Those that are numbers: see :func:`read_number`
NUMBERS = ("caller", "called")
# How exchanges write that a number is withheld; the last is E.161 for "anonymous"
_WITHHELD = re.compile(
    r"anonym|privat|restrict|unknown|unavail|withheld|hidden|block|no.?number|an ?danh|"
    r"ẩn|khong xac dinh|không xác định|^\D*266696687\D*$",
    re.IGNORECASE,
)
# Seconds of a wait between a moment of the exchange's clock and one of ours that are
# believed, and of a talk
MIXED_WAIT, MIXED_TALK = 900, 4 * 3600
# How exchanges say that who was dialled did not answer. A line that cannot be had is
# not among them: another one is tried then, or the call ends
NOT_REACHED = {"BUSY": "busy", "NOANSWER": "no_answer"}
# Characters of a text from outside that are kept
TEXT_LENGTH = 300
# Telephones that one call is offered to, at most
OFFER_LIMIT = 100


class CallEvent(NamedTuple):
    """One thing that an exchange tells of a call.

    ``call_id`` is the exchange's; ``extension`` the operator's telephone it is about;
    ``waited`` and ``talked`` are seconds as the exchange counted them; ``texts`` are
    some of :data:`TEXTS`; ``rank`` one of :data:`GUESS`, :data:`LIVE`,
    :data:`SUMMARY`. ``came`` is when it reached us where the exchange's clock is not
    ours; with ``is_told`` off, ``date`` is no more than that.
    """

    call_id: str
    kind: str
    date: datetime
    extension: str = ""
    waited: int | None = None
    talked: int | None = None
    texts: tuple[tuple[str, str], ...] = ()
    rank: int = LIVE
    came: datetime | None = None
    is_told: bool = True


@dataclass(frozen=True)
class CallFacts:
    """What is known; ``None`` and empty where nothing is.

    ``offered`` and ``withdrawn`` hold for each telephone when that was last,
    ``answered`` the same with its rank; ``texts`` and ``seconds`` hold for each name
    ``(rank, moment, value)``, the best. A guessed ``end`` was not seen: the call is
    not there any more. ``came`` holds for ``ring``, ``answer`` and ``end`` when we
    first heard of it.
    """

    ring: datetime | None = None
    answer: datetime | None = None
    end: tuple[int, datetime] | None = None
    is_gone: bool = False
    offered: dict[str, datetime] = field(default_factory=dict)
    withdrawn: dict[str, datetime] = field(default_factory=dict)
    answered: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    texts: dict[str, tuple[int, datetime, str]] = field(default_factory=dict)
    seconds: dict[str, tuple[int, datetime, int]] = field(default_factory=dict)
    came: dict[str, datetime] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the facts as JSON holds them."""
        return {
            "ring": _pack(self.ring),
            "answer": _pack(self.answer),
            "end": self.end and [self.end[0], _pack(self.end[1])],
            "is_gone": self.is_gone,
            **{
                name: {key: _pack(date) for key, date in getattr(self, name).items()}
                for name in ("offered", "withdrawn", "came")
            },
            "answered": {
                key: [rank, _pack(date)] for key, (rank, date) in self.answered.items()
            },
            **{
                name: {
                    key: [rank, _pack(date), value]
                    for key, (rank, date, value) in getattr(self, name).items()
                }
                for name in ("texts", "seconds")
            },
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any] | None) -> "CallFacts":
        """Return the facts that :meth:`as_dict` gave."""
        if not values:
            return cls()
        return cls(
            ring=_unpack(values["ring"]),
            answer=_unpack(values["answer"]),
            end=values["end"] and (values["end"][0], _unpack(values["end"][1])),
            is_gone=values["is_gone"],
            **{
                name: {key: _unpack(date) for key, date in values.get(name, {}).items()}
                for name in ("offered", "withdrawn", "came")
            },
            answered={
                key: (rank, _unpack(date))
                for key, (rank, date) in values["answered"].items()
            },
            **{
                name: {
                    key: (rank, _unpack(date), value)
                    for key, (rank, date, value) in values[name].items()
                }
                for name in ("texts", "seconds")
            },
        )


class Call(NamedTuple):
    """What a call is; ``ringing`` are the telephones that ring at this moment.

    ``is_left``: the telephone that answered has hung up, and the caller is still there,
    handed on to another telephone, which may ring yet, or to a number outside.

    ``waited`` is ``None`` while it waits or where nobody told when it began to ring,
    ``talked`` while it is spoken or where the end was not seen.
    """

    state: str
    direction: str
    caller: str
    caller_name: str
    called: str
    queue: str
    cause: str
    recording: str
    extension: str
    ringing: tuple[str, ...]
    date_ring: datetime
    date_answer: datetime | None
    date_end: datetime | None
    waited: int | None
    talked: int | None
    end_is_guess: bool
    is_left: bool = False


def read_number(text: str) -> str:
    """Return the number in what an exchange calls one; empty where it is withheld.

    >>> read_number("sip:+84905123456@10.0.0.1;user=phone")
    '+84905123456'
    >>> read_number("anonymous@10.0.0.1")
    ''
    """
    text = re.sub(r".*<([^>]*)>.*", r"\1", text.strip(), flags=re.DOTALL)
    text = re.sub(r"^(?:sips?|tel):", "", text, flags=re.IGNORECASE)
    text = re.split("[@;]", text)[0].strip()
    return "" if _WITHHELD.search(text) or not re.search("[1-9]", text) else text


def merge(facts: CallFacts, event: CallEvent) -> CallFacts:
    """Return the facts with what an event says; the same event twice says nothing new.

    :raise ValueError: the event is of no kind there is, or its moment has no zone
    """
    if event.kind not in KINDS:
        raise ValueError(event.kind)
    if event.date.tzinfo is None:
        raise ValueError("a moment without a zone")
    changes: dict[str, Any] = {}
    date, extension = event.date, _clean(event.extension)
    changes["came"] = _note_arrival(facts.came, event)
    is_beginning = event.kind == RINGING or (
        event.kind == OFFERED and event.rank != GUESS
    )
    if is_beginning and event.is_told:
        changes["ring"] = _earliest(facts.ring, date)
    if event.kind == ANSWERED:
        if event.is_told:
            changes["answer"] = _earliest(facts.answer, date)
        changes["answered"] = _note_answer(facts.answered, extension, event)
    elif event.kind == GONE:
        changes["is_gone"] = True
    elif event.kind == OFFERED and extension:
        changes["offered"] = _latest_of(facts.offered, extension, date)
    elif event.kind == WITHDRAWN and extension:
        changes["withdrawn"] = _latest_of(facts.withdrawn, extension, date)
    elif event.kind == ENDED and event.is_told:
        # A summary of a later part counts; a hangup that is told again does not
        changes["end"] = _choose_moment(facts.end, (event.rank, date), SUMMARY)
    texts = dict(facts.texts)
    for name, text in event.texts:
        if name not in TEXTS:
            raise ValueError(name)
        text = read_number(_clean(text)) if name in NUMBERS else _clean(text)
        if text:
            _keep_best(texts, name, (event.rank, date, text))
    seconds = dict(facts.seconds)
    for name, value in (("waited", event.waited), ("talked", event.talked)):
        if value is not None and 0 <= value < 7 * 86400:
            _keep_best(seconds, name, (event.rank, date, value))
    return replace(facts, texts=texts, seconds=seconds, **changes)


def merge_all(facts: CallFacts, events: Iterable[CallEvent]) -> CallFacts:
    """Return the facts with what each of some events says."""
    for event in events:
        facts = merge(facts, event)
    return facts


def get_not_reached(facts: CallFacts) -> str:
    """Return why who is dialled is not reached, while the call itself is not over.

    The operator's telephone plays a tone then, for as long as the exchange likes.

    :return: a value of :data:`NOT_REACHED`, empty while it is being dialled
    """
    if "cause" not in facts.texts or facts.end or facts.answer:
        return ""
    return NOT_REACHED.get(facts.texts["cause"][2].upper(), "")


def describe(facts: CallFacts) -> Call:
    """Return what the call is, by all that is known of it."""

    def text(name: str) -> str:
        return facts.texts[name][2] if name in facts.texts else ""

    moments = _read_moments(facts)
    # A moment that was never told is taken from what was
    known = [
        *(moment for moment in moments[:3] if moment),
        *facts.offered.values(),
        *(date for _rank, date, _value in facts.texts.values()),
        *(date for _rank, date, _value in facts.seconds.values()),
    ]
    ring, answer, end, end_is_guess, is_one_clock = moments
    # Exchanges tell that it rings before anything else: where they have not, we were
    # not there to hear it, and for how long it rang is not known. It is not nothing
    is_one_clock = is_one_clock and ring is not None
    ring = ring or min(known, default=datetime.fromtimestamp(0, timezone.utc))
    is_over, talked = end is not None, _get_seconds(facts, "talked")
    direction = text("direction") or "in"
    is_answered = answer is not None or bool(talked)
    if not is_over:
        state = "talking" if is_answered else "ringing"
    elif is_answered:
        state = "done"
    elif facts.is_gone and direction == "in":
        state = "abandoned"
    else:
        state = "missed"
    # Who speaks with the caller now, or did last
    extension = max(
        facts.answered, key=lambda key: (facts.answered[key][1], key), default=""
    )
    answered = facts.answered[extension][1] if extension else None
    waited = _get_seconds(facts, "waited")
    if talked and answer and end and not end_is_guess:
        talked = _fit(talked, _count(answer, end))
    elif talked and not answer and end and not end_is_guess:
        # Nobody told when it was answered, but for how long it was spoken
        begun = end - timedelta(seconds=talked)
        if begun >= ring:
            answer = begun
        else:
            # Nor when it rang; how long it waited is not known
            ring = begun
    if answer:
        wait = _count(ring, answer)
        if waited is not None:
            waited = _fit(waited, wait)
        elif is_one_clock:
            waited = wait
    elif waited is None and is_over and not is_answered and is_one_clock:
        waited = None if end_is_guess else _count(ring, end)
    if talked is None and is_over:
        if not is_answered:
            talked = 0
        elif answer and not end_is_guess:
            talked = _count(answer, end)
    left = facts.withdrawn.get(extension)
    is_left = state == "talking" and bool(left) and left >= facts.answered[extension][1]
    ringing = (
        ()
        if state != "ringing" and not is_left
        else tuple(
            sorted(
                extension
                for extension, date in facts.offered.items()
                if (
                    extension not in facts.withdrawn
                    or facts.withdrawn[extension] < date
                )
                and (not is_left or date >= answered)
            )
        )
    )
    return Call(
        state=state,
        direction=direction,
        caller=text("caller"),
        caller_name=text("caller_name"),
        called=text("called"),
        queue=text("queue"),
        cause=text("cause"),
        recording=text("recording"),
        extension=extension,
        ringing=ringing,
        date_ring=ring,
        date_answer=answer,
        date_end=end,
        waited=waited,
        talked=talked if is_over else None,
        end_is_guess=end_is_guess,
        is_left=is_left,
    )


def _note_answer(
    answered: dict[str, tuple[int, datetime]], extension: str, event: CallEvent
) -> dict[str, tuple[int, datetime]]:
    """Return which telephones answered, and when."""
    known = answered.get(extension)
    if not extension or not known and len(answered) >= OFFER_LIMIT:
        return answered
    best = _choose_moment(known, (event.rank, event.date), LIVE)
    return {**answered, extension: best}


def _note_arrival(came: dict[str, datetime], event: CallEvent) -> dict[str, datetime]:
    """Return when we first heard of what a call goes through."""
    name = {RINGING: "ring", ANSWERED: "answer", ENDED: "end"}.get(event.kind)
    if not event.came or not name:
        return came
    return {**came, name: _earliest(came.get(name), event.came)}


def _read_moments(facts: CallFacts) -> tuple:
    """Return when it rang, was answered and ended, by one clock where that can be.

    An exchange's clock may be minutes or hours off. Where it told all, its moments are
    taken, else those at which we heard of it. Of both clocks at once only what is
    likely counts; what is in the future has happened by now.

    :return: ring, answer, end, whether the end is a guess, whether it is one clock
    """
    told = {"ring": facts.ring, "answer": facts.answer}
    is_guess = bool(facts.end) and facts.end[0] == GUESS and "end" not in facts.came
    if facts.end and (facts.end[0] != GUESS or is_guess):
        told["end"] = facts.end[1]
    told = {name: moment for name, moment in told.items() if moment}
    came = {} if is_guess else facts.came
    names = told.keys() | came.keys()
    gaps = [came[name] - told[name] for name in told.keys() & came.keys()]
    gap, is_one_clock = min(gaps, default=timedelta(0)), True
    if told.keys() == names:
        gap = min(gap, timedelta(0))
        moments = {name: moment + gap for name, moment in told.items()}
    elif came.keys() == names:
        moments = came
    else:
        moments = {**came, **{name: told[name] + gap for name in told}}
        ring, answer, end = (moments.get(name) for name in ("ring", "answer", "end"))
        pairs = ((ring, answer or end, MIXED_WAIT), (answer, end, MIXED_TALK))
        is_one_clock = all(
            0 <= (last - first).total_seconds() <= limit
            for first, last, limit in pairs
            if first and last
        )
        if not is_one_clock:
            moments = came
    return (*map(moments.get, ("ring", "answer", "end")), is_guess, is_one_clock)


def _choose_moment(
    known: tuple[int, datetime] | None, new: tuple[int, datetime], last: int
) -> tuple[int, datetime]:
    """Return the moment of better rank; of one rank the first, from ``last`` the last.

    Where an exchange tells no moments, it is when the event came: told again, later.
    """
    if known is None or known[0] != new[0]:
        return max(known or new, new)
    return (max if new[0] >= last else min)(known, new)


def _earliest(one: datetime | None, other: datetime) -> datetime:
    return min(one, other) if one else other


def _latest_of(
    dates: dict[str, datetime], key: str, date: datetime
) -> dict[str, datetime]:
    if key not in dates and len(dates) >= OFFER_LIMIT:
        return dates
    return {**dates, key: max(dates.get(key, date), date)}


def _keep_best(
    known: dict[str, Any], name: str, new: tuple[int, datetime, Any]
) -> None:
    """Of two that differ keep the worthier, then the earlier, then the greater."""

    def worth(entry: tuple[int, datetime, Any]) -> tuple[int, float, Any]:
        rank, date, value = entry
        return rank, -date.timestamp(), value

    if name not in known or worth(new) > worth(known[name]):
        known[name] = new


def _get_seconds(facts: CallFacts, name: str) -> int | None:
    return facts.seconds[name][2] if name in facts.seconds else None


def _count(start: datetime, end: datetime) -> int:
    return max(0, round((end - start).total_seconds()))


def _fit(told: int, counted: int) -> int:
    """Return a length that was told, in seconds: some exchanges tell milliseconds.

    :param counted: seconds between the moments it lies between

    >>> _fit(60_412, 60), _fit(60, 60), _fit(58, 60)
    (60, 60, 58)
    """
    thousandth = round(told / 1000)
    is_thousand = counted and abs(thousandth - counted) <= max(1, counted // 20)
    return thousandth if told >= 1000 and is_thousand else told


def _clean(text: str) -> str:
    """Return a text as a database can hold it: without zeros and halves of letters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\0", "").strip()[:TEXT_LENGTH]


def _pack(date: datetime | None) -> str | None:
    return date.astimezone(timezone.utc).isoformat() if date else None


def _unpack(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
