"""What an exchange wrote down of its calls: Asterisk's CDR as CSV. Nothing of Odoo.

Asked for after the connection was lost, for the calls that came and went meanwhile.
Asterisk writes ``Master.csv`` (``cdr_csv``) with these columns; ``loguniqueid=yes``
adds ``uniqueid``, ``newcdrcolumns=yes`` in ``cdr.conf`` adds ``linkedid``. Moments are
the exchange's local time, or UTC with ``usegmtime=yes``.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime, timezone, tzinfo

from .call_facts import ANSWERED, ENDED, RINGING, SUMMARY, CallEvent

COLUMNS = ("account", "source", "destination", "context", "name", "channel")
COLUMNS += ("to_channel", "application", "data", "start", "answer", "end", "duration")
COLUMNS += ("billed", "disposition", "flags", "uniqueid", "userfield", "peer")
COLUMNS += ("linkedid", "sequence")
# Rows that are read, the newest ones
ROWS = 20_000


def parse_cdr(
    text: str,
    since: datetime,
    zone: tzinfo,
    get_extension: Callable[[str], str],
) -> list[CallEvent]:
    """Return what the exchange's own rows say of calls that ended since a moment.

    A call has a row for each telephone that rang; what they say of one call is put
    together. Calls between two extensions are no calls of citizens.

    :param since: aware; calls that ended before are left out
    :param zone: in which the exchange writes its moments
    :param get_extension: of a channel's name, empty for the world outside
    """
    calls: dict[str, list[dict[str, str]]] = {}
    for row in _read_rows(text):
        values = dict(zip(COLUMNS, row, strict=False))
        call_id = values.get("linkedid") or values.get("uniqueid")
        if call_id and _parse(values.get("start"), zone):
            calls.setdefault(call_id, []).append(values)
    events: list[CallEvent] = []
    for call_id, rows in calls.items():
        rows.sort(key=lambda row: row["start"])
        ends = [end for row in rows if (end := _parse(row.get("end"), zone))]
        if ends and max(ends) >= since:
            events += _describe(call_id, rows, max(ends), zone, get_extension)
    return events


def _read_rows(text: str) -> Iterator[list[str]]:
    """Yield the newest rows, each by itself: a broken one takes no other with it.

    After a power cut a file holds zeros, and halves of lines.
    """
    for line in text.replace("\0", "").splitlines()[-ROWS:]:
        try:
            yield from csv.reader([line])
        except csv.Error:
            continue


def _describe(call_id, rows, end, zone, get_extension):
    first = rows[0]
    begun = _parse(first["start"], zone)
    ours, theirs = (get_extension(first[name]) for name in ("channel", "to_channel"))
    direction = "out" if ours else "in"
    # A call that another telephone of ours gets, and nobody outside
    if ours and theirs:
        return []
    texts = [("direction", direction)]
    number = first["source"] if direction == "in" else first["destination"]
    side = "caller" if direction == "in" else "called"
    if any(char.isdigit() for char in number):
        texts.append((side, number))
    events = [CallEvent(call_id, RINGING, begun, texts=tuple(texts), rank=SUMMARY)]
    for row in rows:
        answer = _parse(row.get("answer"), zone)
        who = get_extension(row["to_channel" if direction == "in" else "channel"])
        other = row["to_channel"] if direction == "in" else ""
        is_outside = bool(other) and not other.lower().startswith("local/")
        # A queue or a voice menu picks up without anybody speaking
        if answer and row.get("disposition") == "ANSWERED" and (who or is_outside):
            events.append(CallEvent(call_id, ANSWERED, answer, who, rank=SUMMARY))
    events.append(CallEvent(call_id, ENDED, end, rank=SUMMARY))
    return events


def _parse(text, zone):
    """Return ``2026-03-02 08:00:00`` as an aware moment; nothing for what is none."""
    try:
        moment = datetime.strptime(text or "", "%Y-%m-%d %H:%M:%S")
        return moment.replace(tzinfo=zone).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
