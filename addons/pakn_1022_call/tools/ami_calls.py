"""What Asterisk tells over AMI, as events of calls. Nothing of Odoo.

A call is all channels of one ``Linkedid``: the citizen's, those of the telephones that
ring, and those it is transferred to. It ends when its last channel does. An operator's
telephone is a channel whose endpoint has the form of an extension
(``PJSIP/101-00000a1f``); every other is the world outside. Calls between two extensions
are no calls of citizens and are left out.

``Cdr`` is not read here: it counts from when a queue or a voice menu picked up, and its
moments are local time without a zone. It serves for what was missed (``tools/cdr.py``).
"""

import re
from datetime import datetime, timedelta, timezone

from .ami import Block
from .call_facts import (
    ANSWERED,
    ENDED,
    GONE,
    GUESS,
    LIVE,
    OFFERED,
    RINGING,
    TOLD,
    WITHDRAWN,
    CallEvent,
)

_ENDPOINT = re.compile(
    r"^(?:PJSIP|SIP|IAX2|SCCP|Local|Agent)/([^@/;-]+)", re.IGNORECASE
)
# How Asterisk writes that there is no number
_NOTHING = ("", "<unknown>", "unknown", "anonymous", "s", "<none>")
# Channels and calls that are followed at most, should ends be missed for long
FOLLOWED = 20_000


class Tracker:
    """Follows the channels of one exchange; :meth:`feed` makes events of blocks.

    :param extension_pattern: a regular expression that an extension matches whole
    """

    def __init__(self, extension_pattern: str = r"\d{2,5}") -> None:
        self._is_extension = re.compile(extension_pattern).fullmatch
        # Uniqueid of each channel -> its Linkedid
        self._channels: dict[str, str] = {}
        # Linkedid -> 'in', 'out' or 'local'
        self._directions: dict[str, str] = {}
        # Calls that wait, or waited, in a queue
        self._queued: set[str] = set()

    # ------------------------------------------------------------
    # AFTER A CONNECTION
    # ------------------------------------------------------------

    def restart(self, rows: list[Block], now: datetime) -> tuple[list[CallEvent], set]:
        """Begin anew with the channels that ``CoreShowChannels`` lists.

        :param now: aware
        :return: events of what is known of them, and the ids of all calls there are
        """
        self._channels = {
            row["Uniqueid"]: row.get("Linkedid") or row["Uniqueid"]
            for row in rows
            if row.get("Uniqueid")
        }
        calls: dict[str, list[Block]] = {}
        for row in rows:
            if row.get("Uniqueid"):
                calls.setdefault(self._channels[row["Uniqueid"]], []).append(row)
        self._queued &= calls.keys()
        self._directions = {
            call_id: direction
            for call_id, direction in self._directions.items()
            if call_id in calls
        }
        events: list[CallEvent] = []
        for call_id, channels in calls.items():
            channels.sort(key=lambda row: row["Uniqueid"] != call_id)
            events += self._describe_channels(call_id, channels, now)
        return events, set(calls)

    def _describe_channels(self, call_id, channels, now):
        first = channels[0]
        ours = [self.get_extension(row.get("Channel")) for row in channels]
        if len(ours) > 1 and all(ours):
            # Two telephones of ours, whatever they have dialled
            self._directions.setdefault(call_id, "local")
        if self._begin(call_id, first) == "local":
            return []
        begun = now - _parse_duration(first.get("Duration", ""))
        events = [
            CallEvent(call_id, RINGING, begun, texts=self._get_texts(call_id, first),
                      rank=GUESS)
        ]  # fmt: skip
        bridges = [row.get("BridgeId") for row in channels if row.get("BridgeId")]
        for row in channels:
            extension = self.get_extension(row.get("Channel"))
            if not extension:
                continue
            if bridges.count(row.get("BridgeId")) > 1:
                events.append(CallEvent(call_id, ANSWERED, now, extension, rank=GUESS))
            elif row.get("ChannelStateDesc") == "Ringing" and row is not first:
                events.append(CallEvent(call_id, OFFERED, now, extension, rank=GUESS))
        return events

    # ------------------------------------------------------------
    # EVENTS
    # ------------------------------------------------------------

    def feed(self, block: Block, now: datetime) -> list[CallEvent]:
        """Return what an event of AMI says of a call.

        :param now: when it came, aware; an event with a ``Timestamp`` says it itself
        """
        handler = getattr(self, f"_on_{block.get('Event', '').lower()}", None)
        call_id = block.get("Linkedid") or block.get("DestLinkedid")
        if not call_id:
            return []
        date = _parse_timestamp(block.get("Timestamp"), now)
        events = self._note_channels(block, date)
        return [*events, *(handler(block, call_id, date) if handler else ())]

    def _note_channels(self, block: Block, date: datetime) -> list[CallEvent]:
        """A transfer moves channels from one call to another.

        A call that has none left is over: whom the operator asked by it speaks in the
        other call now, and no ``Hangup`` will name it.
        """
        events = []
        for prefix in ("", "Dest"):
            unique, linked = (
                block.get(f"{prefix}Uniqueid"),
                block.get(f"{prefix}Linkedid"),
            )
            former = self._channels.get(unique) if unique and linked else None
            if not former or former == linked:
                continue
            self._channels[unique] = linked
            if former not in self._channels.values():
                self._queued.discard(former)
                if self._directions.pop(former, "local") != "local":
                    events.append(CallEvent(former, ENDED, date))
        return events

    def _on_newchannel(self, block, call_id, date):
        if len(self._channels) >= FOLLOWED:
            # The oldest are long gone: their ends were missed
            self._channels.pop(next(iter(self._channels)))
        self._channels[block.get("Uniqueid", call_id)] = call_id
        if call_id != block.get("Uniqueid"):
            return []
        if self._begin(call_id, block) == "local":
            return []
        texts = self._get_texts(call_id, block)
        return [CallEvent(call_id, RINGING, date, texts=texts)]

    def _on_dialbegin(self, block, call_id, date):
        extension = self.get_extension(block.get("DestChannel"))
        direction = self._directions.get(call_id)
        if direction == "local":
            return []
        if extension:
            return [CallEvent(call_id, OFFERED, date, extension)]
        if direction != "out":
            return []
        dialled = block.get("DialString", "").partition("@")[0].rpartition("/")[2]
        texts = (("called", dialled),) if _is_number(dialled) else ()
        # A number out of the dial string is the one that was dialled
        return [CallEvent(call_id, TOLD, date, texts=texts, rank=LIVE)]

    def _on_dialend(self, block, call_id, date):
        direction = self._directions.get(call_id)
        if direction == "local":
            return []
        extension = self.get_extension(block.get("DestChannel"))
        status = block.get("DialStatus", "")
        if direction == "out" and extension and block.get("DestUniqueid") == call_id:
            # The operator's own telephone, which the exchange rings before it dials:
            # nobody speaks yet, and its refusal is not the citizen's
            if status == "ANSWER":
                return []
            return [CallEvent(call_id, WITHDRAWN, date, extension)]
        if status == "ANSWER":
            if extension:
                return [CallEvent(call_id, ANSWERED, date, extension)]
            if direction == "out":
                caller = self.get_extension(block.get("Channel"))
                return [CallEvent(call_id, ANSWERED, date, caller)]
            dialled = block.get("DestChannel", "")
            if dialled and not dialled.lower().startswith("local/"):
                # Sent on to a number outside, as an operator's mobile
                return [CallEvent(call_id, ANSWERED, date)]
            return []
        events = []
        if extension:
            events.append(CallEvent(call_id, WITHDRAWN, date, extension))
        if status == "CANCEL" and direction == "in" and call_id not in self._queued:
            events.append(CallEvent(call_id, GONE, date))
        if direction == "out":
            texts = (("cause", status),)
            events.append(CallEvent(call_id, TOLD, date, texts=texts))
        return events

    def _on_queuecallerjoin(self, block, call_id, date):
        self._queued.add(call_id)
        texts = (("queue", block.get("Queue", "")),)
        return self._tell(call_id, TOLD, date, texts=texts)

    def _on_queuecallerabandon(self, block, call_id, date):
        return self._tell(call_id, GONE, date)

    def _on_agentcalled(self, block, call_id, date):
        return self._tell(call_id, OFFERED, date, self._get_agent(block))

    def _on_agentringnoanswer(self, block, call_id, date):
        return self._tell(call_id, WITHDRAWN, date, self._get_agent(block))

    def _on_agentconnect(self, block, call_id, date):
        return self._tell(call_id, ANSWERED, date, self._get_agent(block))

    def _on_bridgeenter(self, block, call_id, date):
        extension = self.get_extension(block.get("Channel"))
        # One's own channel enters too when one calls out
        if not extension or self._directions.get(call_id) != "in":
            return []
        return [CallEvent(call_id, ANSWERED, date, extension)]

    def _on_varset(self, block, call_id, date):
        if block.get("Variable") != "MIXMONITOR_FILENAME":
            return []
        texts = (("recording", block.get("Value", "")),)
        return self._tell(call_id, TOLD, date, texts=texts)

    def _on_hangup(self, block, call_id, date):
        unique = block.get("Uniqueid", "")
        known = self._channels.pop(unique, None)
        direction = self._directions.get(call_id)
        if call_id in self._channels.values():
            extension = self.get_extension(block.get("Channel"))
            if direction == "in" and extension:
                return [CallEvent(call_id, WITHDRAWN, date, extension)]
            return []
        self._queued.discard(call_id)
        self._directions.pop(call_id, None)
        if direction == "local" or (direction is None and known is None):
            return []
        texts = (("cause", block.get("Cause-txt", "")),)
        return [CallEvent(call_id, ENDED, date, texts=texts)]

    # ------------------------------------------------------------
    # HELP
    # ------------------------------------------------------------

    def _tell(self, call_id, kind, date, extension="", texts=()):
        if self._directions.get(call_id) == "local":
            return []
        return [CallEvent(call_id, kind, date, extension, texts=texts)]

    def _begin(self, call_id: str, block: Block) -> str:
        """Return the direction of a call by its first channel, and remember it."""
        if call_id not in self._directions:
            if len(self._directions) >= FOLLOWED:
                self._directions.pop(next(iter(self._directions)))
            is_ours = self.get_extension(block.get("Channel"))
            to_ours = self._is_extension(block.get("Exten", ""))
            direction = "in"
            if is_ours:
                direction = "local" if to_ours else "out"
            self._directions[call_id] = direction
        return self._directions[call_id]

    def _get_texts(self, call_id, block):
        direction = self._directions[call_id]
        texts = [("direction", direction)]
        number, called = block.get("CallerIDNum", ""), block.get("Exten", "")
        if direction == "in":
            if _is_number(number):
                texts.append(("caller", number))
            name = block.get("CallerIDName", "")
            if name.lower() not in _NOTHING and name != number:
                texts.append(("caller_name", name))
        if _is_number(called):
            texts.append(("called", called))
        return tuple(texts)

    def get_extension(self, channel: str | None) -> str:
        """Return the extension whose channel it is, or an empty text."""
        match = _ENDPOINT.match(channel or "")
        return match[1] if match and self._is_extension(match[1]) else ""

    def _get_agent(self, block: Block) -> str:
        return self.get_extension(block.get("DestChannel")) or self.get_extension(
            block.get("Interface")
        )


def _is_number(text: str) -> bool:
    return text.lower() not in _NOTHING and any(char.isdigit() for char in text)


def _parse_timestamp(text: str | None, now: datetime) -> datetime:
    """Return the moment an event carries (``timestampevents=yes``), else ``now``."""
    try:
        return datetime.fromtimestamp(float(text or ""), timezone.utc)
    except (ValueError, OverflowError, OSError):
        return now


def _parse_duration(text: str) -> timedelta:
    """Return ``HH:MM:SS`` as a span; nothing for what is none."""
    try:
        hours, minutes, seconds = map(int, text.split(":"))
    except ValueError:
        return timedelta()
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
