"""What vendors of telephone exchanges send to our address, as events of calls.

Nothing of Odoo. Each function takes what came as ``{name: value}`` and gives events;
what it does not know gives none. Vendors mix seconds with milliseconds, repeat what
was not answered at once, and send in any order.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from .call_facts import (
    ANSWERED,
    ENDED,
    GONE,
    GUESS,
    LIVE,
    OFFERED,
    RINGING,
    SUMMARY,
    TOLD,
    CallEvent,
)

# Vietnam has had no other time since 1975
VIETNAM = timezone(timedelta(hours=7))
# A moment outside of this is a mistake of the sender's clock
PAST, FUTURE = timedelta(days=30), timedelta(minutes=10)
# A number of seconds since 1970 that is greater counts milliseconds
MILLISECONDS = 100_000_000_000
_CALL_ID = re.compile(r"[\x21-\x7e]{1,128}")

Values = Mapping[str, Any]


class Unreadable(ValueError):
    """What came names no call."""


def parse_moment(value: Any, now: datetime) -> datetime | None:
    """Return a moment in seconds or milliseconds since 1970, or written in Vietnam.

    >>> now = datetime(2026, 3, 2, 1, tzinfo=timezone.utc)
    >>> parse_moment(1772413200000, now) == parse_moment("1772413200", now)
    True
    """
    if value in (None, "", 0, "0") or isinstance(value, (bool, list, dict)):
        return None
    try:
        moment = _read_moment(value).astimezone(timezone.utc)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment if now - PAST <= moment <= now + FUTURE else None


def _read_moment(value: Any) -> datetime:
    try:
        number = float(value)
    except ValueError:
        moment = datetime.fromisoformat(str(value).strip())
        return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    if number > MILLISECONDS:
        number /= 1000
    return datetime.fromtimestamp(number, timezone.utc)


def parse_seconds(value: Any) -> int | None:
    """Return a whole number of seconds of a call, ``None`` for what is none."""
    try:
        seconds = round(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds if 0 <= seconds < 7 * 86400 else None


def _text(values: Values, *names: str) -> str:
    """Return the first of some values that says anything, as a text."""
    for name in names:
        value = values.get(name)
        is_text = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        if is_text and (text := str(value).strip()):
            return text
    return ""


def _get_call_id(values: Values, *names: str) -> str:
    call_id = _text(values, *names)
    if not _CALL_ID.fullmatch(call_id):
        raise Unreadable("no id of a call")
    return call_id


# ------------------------------------------------------------
# OMICALL
# ------------------------------------------------------------


def parse_omicall(values: Values, now: datetime, what: str = "") -> list[CallEvent]:
    """Read a webhook of OMICall (https://api.omicall.com).

    While it goes on: ``state`` ringing, answered or hangup; afterwards all of it once
    more, ``state`` cdr.
    """
    call_id = _get_call_id(values, "call_uuid", "transaction_id")
    state = _text(values, "state").lower()
    direction = {"inbound": "in", "outbound": "out"}.get(
        _text(values, "direction").lower()
    )
    if direction is None and _text(values, "direction"):
        return []  # between two telephones of ours
    source = _text(values, "from_number", "source_number")
    target = _text(values, "to_number", "destination_number")
    outside = _text(values, "phone_number")
    hotline = _text(values, "hotline")
    extension = _text(values, "sip_user", "sip_number")
    texts = {"direction": direction or ""}
    if direction == "out":
        texts |= {"called": outside or target}
        extension = extension or source
    else:
        texts |= {"caller": outside or source, "called": hotline}
        extension = extension or (target if target != hotline else "")
    packed = tuple(texts.items())
    if state != "cdr":
        told = parse_moment(values.get("date_time"), now) or parse_moment(
            values.get("created_time"), now
        )
        # Of a call out it is not the operator's telephone that rings
        offer = [OFFERED] if direction != "out" and extension else []
        kinds = {
            "ringing": [RINGING, *offer],
            "answered": [ANSWERED],
            "hangup": [ENDED],
        }.get(state, [])
        return [
            CallEvent(
                call_id,
                kind,
                told or now,
                extension,
                texts=packed,
                came=now,
                is_told=bool(told),
            )
            for kind in kinds
        ]
    start = parse_moment(values.get("time_start_call"), now)
    answered = parse_moment(values.get("time_start_to_answer"), now)
    end = parse_moment(values.get("time_end_call"), now)
    talked = parse_seconds(values.get("bill_sec"))
    is_answered = bool(talked) or _text(values, "disposition").lower() == "answered"
    details = {
        "cause": _text(values, "disposition", "endby_name"),
        "recording": _text(values, "recording_file_url"),
    }
    return _summarize(
        call_id,
        start,
        answered if is_answered else None,
        end,
        extension if is_answered else "",
        waited=parse_seconds(values.get("answer_sec")) if is_answered else None,
        talked=talked if is_answered else None,
        texts=(*packed, *details.items()),
        now=now,
    )


# ------------------------------------------------------------
# STRINGEE
# ------------------------------------------------------------


def parse_stringee(values: Values, now: datetime, what: str = "") -> list[CallEvent]:
    """Read an event of Stringee: the state of a call, or where its recording is."""
    call_id = _get_call_id(values, "call_id", "callId")
    told = parse_moment(values.get("timestamp_ms"), now)
    date = told or now
    recording = _text(values, "recording_url")
    status = _text(values, "call_status").lower()
    if recording and not status:
        texts = (("recording", recording),)
        return [CallEvent(call_id, TOLD, date, texts=texts, rank=SUMMARY)]
    source, target = _side(values, "from"), _side(values, "to")
    reason = _text(values, "callCreatedReason").upper()
    if reason in ("CLIENT_MAKE_CALL", "SERVER_CALL_OUT") or reason.startswith(
        "SERVER_CALL_OUT"
    ):
        direction = "out"
    elif source.get("type") == "internal" and target.get("type") == "internal":
        return []
    else:
        direction = "out" if source.get("type") == "internal" else "in"
    extension = ""
    texts = {"direction": direction, "recording": recording}
    if direction == "in":
        texts |= {"caller": _text(source, "number")}
        if target.get("type") == "internal":
            extension = _text(target, "alias", "number")
        else:
            texts |= {"called": _text(target, "number", "alias")}
    else:
        texts |= {"called": _text(target, "number")}
        extension = _text(values, "request_from_user_id") or _text(source, "alias")
    kinds = {
        "created": [RINGING],
        "started": [RINGING],
        "ringing": [RINGING, OFFERED] if direction == "in" else [RINGING],
        "answered": [ANSWERED],
        "ended": [ENDED],
    }.get(status, [])
    talked = None
    if status == "ended":
        texts["cause"] = _text(values, "endCallCause")
        talked = parse_seconds(values.get("answerDuration"))
        extension = ""
    return [
        CallEvent(
            call_id,
            kind,
            date,
            extension if kind != RINGING else "",
            talked=talked,
            texts=tuple(texts.items()),
            came=now,
            is_told=bool(told),
        )
        for kind in kinds
    ]


def _side(values: Values, name: str) -> Values:
    side = values.get(name)
    return side if isinstance(side, Mapping) else {}


# ------------------------------------------------------------
# VOICECLOUD
# ------------------------------------------------------------


def parse_voicecloud(values: Values, now: datetime, what: str = "") -> list[CallEvent]:
    """Read a call of ``call_in``, ``hangup`` or ``calldata`` in VoiceCloud's style.

    Many local vendors built on Asterisk do the same.

    :param what: the last part of the address
    """
    call_id = _get_call_id(values, "callid", "callId")
    extension = _text(values, "extension")
    is_out = _text(values, "direction").lower() in ("out", "outbound", "outgoing")
    texts = {
        "direction": "out" if is_out else "in",
        "called" if is_out else "caller": _text(values, "phone"),
        "queue": _text(values, "queue"),
    }
    if not is_out:
        texts["called"] = _text(values, "did")
    if what == "call_in":
        kinds = {"RING": [RINGING, OFFERED], "ANSWER": [ANSWERED]}.get(
            _text(values, "event").upper(), []
        )
        packed = tuple(texts.items())
        # Without a moment of its own: told again, the first time counts
        return [
            CallEvent(
                call_id,
                kind,
                now,
                extension if kind != RINGING else "",
                texts=packed,
                rank=GUESS,
                came=now,
                is_told=False,
            )
            for kind in kinds
        ]
    if what == "hangup":
        return [CallEvent(call_id, ENDED, now, came=now, is_told=False)]
    if what != "calldata":
        return []
    status = _text(values, "status").upper()
    start = parse_moment(values.get("calldate"), now)
    duration = parse_seconds(values.get("duration"))
    held = parse_seconds(values.get("holdtime"))
    talked = parse_seconds(values.get("billsec"))
    is_answered = status in ("ANSWER", "ANSWERED") and bool(talked or talked is None)
    length = duration if duration is not None else held
    end = start + timedelta(seconds=length) if start and length is not None else None
    texts |= {"cause": status, "recording": _text(values, "recordingfile")}
    answered = end - timedelta(seconds=talked or 0) if end and is_answered else None
    events = _summarize(
        call_id,
        start,
        answered,
        end,
        extension if is_answered else "",
        waited=held,
        talked=talked if is_answered else None,
        texts=tuple(texts.items()),
        now=now,
    )
    if status == "ABANDON":
        events.append(
            CallEvent(call_id, GONE, end or now, rank=SUMMARY, is_told=bool(end))
        )
    return events


def _summarize(call_id, start, answered, end, extension, waited, talked, texts, now):
    """Return the events of a call that is told of when it is over.

    :param end: nothing where it is not told: then it was before it came to us
    """
    rank, at = (SUMMARY, end) if end else (LIVE, now)
    events = [
        CallEvent(
            call_id,
            ENDED,
            at,
            waited=waited,
            talked=talked,
            texts=texts,
            rank=rank,
            came=now,
            is_told=bool(end),
        )
    ]
    if start:
        events.append(CallEvent(call_id, RINGING, start, rank=SUMMARY))
    if answered or extension:
        # When it was answered may not be told, but that and by whom
        moment = answered or at - timedelta(seconds=talked or 0)
        is_told = bool(answered or end)
        events.append(
            CallEvent(
                call_id,
                ANSWERED,
                moment,
                extension,
                rank=rank,
                is_told=is_told,
                came=None if is_told else moment,
            )
        )
    return events


PARSERS: dict[str, Callable[[Values, datetime, str], list[CallEvent]]] = {
    "omicall": parse_omicall,
    "stringee": parse_stringee,
    "voicecloud": parse_voicecloud,
}
