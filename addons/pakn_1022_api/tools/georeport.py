"""Open311 GeoReport v2: its shapes, moments and arguments. Nothing of Odoo.

Source: the specification at http://wiki.open311.org/GeoReport_v2 and of its discovery
at http://wiki.open311.org/Service_Discovery. JSON follows from XML by the Spark
convention: a list stands where XML has an element around elements, and the outermost
list has no name.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from lxml import etree

from odoo.addons.pakn_1022_website.tools.xml_text import add, to_bytes

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
# Name of a format in an address -> its type
FORMATS = {"xml": "text/xml", "json": "application/json"}
# Element around elements -> each of them
ITEMS = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_request_updates": "request_update",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
# Days and requests of one list, by the specification; ids that may be asked for at once
SPAN, MOST = timedelta(days=90), 1000
# Characters of a description, and of an answer to an attribute
DESCRIPTION, ANSWER = 4000, 2000

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_ATTRIBUTE = re.compile(r"attribute\[(\w{1,100})\](\[\])?", re.ASCII)


class Wrong(ValueError):
    """An argument that makes no sense; ``reason`` names what, for a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# ------------------------------------------------------------
# WHAT IS ANSWERED
# ------------------------------------------------------------


def dump(kind: str, name: str, content: object) -> bytes:
    """Return an answer.

    :param kind: of :data:`FORMATS`
    :param name: of the outermost element
    :param content: texts, numbers, booleans, None, dicts and lists of them
    """
    if kind == "json":
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    root = etree.Element(name)
    _fill(root, name, content)
    return to_bytes(root)


def _fill(element, name, content):
    if isinstance(content, Mapping):
        for key, value in content.items():
            _fill(add(element, key), key, value)
    elif isinstance(content, list):
        for value in content:
            _fill(add(element, ITEMS[name]), ITEMS[name], value)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        # What XML cannot hold, `add` leaves out
        holder = etree.Element("holder")
        element.text = add(holder, "text", content).text


def format_moment(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """Return a moment (naive UTC) as W3C's note has it, with its zone."""
    if not moment:
        return None
    local = moment.replace(tzinfo=timezone.utc, microsecond=0).astimezone(zone)
    return local.isoformat()


# ------------------------------------------------------------
# WHAT IS ASKED
# ------------------------------------------------------------


def parse_moment(text: str) -> datetime:
    """Return a moment with its zone as naive UTC.

    :raise Wrong: ``moment``
    """
    # A plus sign that was not escaped in an address comes as a blank
    text = text.strip().replace(" ", "+")
    if not _MOMENT.fullmatch(text):
        raise Wrong("moment")
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        moment = moment.astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise Wrong("moment") from error
    if not 2000 <= moment.year <= 2100:
        raise Wrong("moment")
    return moment.replace(tzinfo=None)


def parse_range(start: str, end: str, now: datetime) -> tuple[datetime, datetime]:
    """Return the range of moments that a list is asked for, in naive UTC.

    The last 90 days, or the 90 days from or to the one that is given.

    :raise Wrong: ``moment``, ``order`` (it ends before it begins) or ``span`` (longer
        than 90 days)
    """
    first = parse_moment(start) if start else None
    last = parse_moment(end) if end else None
    if first and last:
        if first > last:
            raise Wrong("order")
        if last - first > SPAN:
            raise Wrong("span")
        return first, last
    if first:
        return first, first + SPAN
    last = last or now
    return last - SPAN, last


def split(texts: Iterable[str]) -> list[str]:
    """Return what is named, parted by commas or by naming the argument again."""
    parts = (part.strip() for text in texts for part in text.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def parse_attributes(fields: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """Return ``{code: values}`` of the arguments ``attribute[code]`` of a form.

    :param fields: names and all of their values
    :raise Wrong: ``attribute``, one that has no such name
    """
    attributes: dict[str, list[str]] = {}
    for name, values in fields:
        if not name.startswith("attribute"):
            continue
        match = _ATTRIBUTE.fullmatch(name)
        if not match:
            raise Wrong("attribute")
        attributes.setdefault(match[1], []).extend(value for value in values if value)
    return {code: values for code, values in attributes.items() if values}


def get_fingerprint(
    fields: Iterable[tuple[str, list[str]]], files: Iterable[bytes]
) -> str:
    """Return a hash of what was sent, the same for the same in any order.

    :param fields: names and all of their values, without the key
    """
    parts = sorted((name, values) for name, values in fields if any(values))
    hashes = [hashlib.sha256(data).hexdigest() for data in files]
    text = json.dumps([parts, hashes])
    return hashlib.sha256(text.encode()).hexdigest()
