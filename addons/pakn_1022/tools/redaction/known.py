"""What is known beforehand: of the citizen, to be hidden, and of offices, to stay."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from ..accents import compose
from .numbers import SEP
from .places import NUMBER
from .spans import Span
from .words import strip_accents

# ``name``, ``phone``, ``email``, ``address`` of the citizen, as given
Known = Mapping[str, str | None]
_HOUSE = re.compile(
    rf"(?:số\s+nhà|nhà\s+số|số|nhà|sn)?\s*{NUMBER}\s+(?P<street>[^,]+)",
    re.IGNORECASE,
)


def find_known(text: str, known: Known) -> Iterator[Span]:
    """Find the citizen's own data, however they are written."""
    plain = strip_accents(text)
    spaced = " ".join(plain.split())
    for kind in ("name", "email"):
        value = compose(known.get(kind) or "")
        words = strip_accents(value).split()
        joined = " ".join(words)
        # A pattern takes longer to make than to look whether it can be there at all
        if len(joined) < 3 or joined not in spaced:
            continue
        pattern = r"\s+".join(map(re.escape, words))
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", plain):
            yield Span(*match.span(), kind)
    digits = _get_digits(known.get("phone") or "")[-9:]
    if len(digits) >= 8 and digits in _get_digits(text):
        pattern = rf"{SEP}{{0,3}}".join(digits)
        lead = rf"(?:\+?84{SEP}{{0,3}}|0{SEP}{{0,3}})?"
        for match in re.finditer(rf"(?<!\d){lead}{pattern}(?!\d)", text):
            yield Span(*match.span(), "phone")
    house = _HOUSE.match(known.get("address") or "")
    if house and house["number"].lower() in plain:
        number = re.escape(house["number"])
        street = r"\s+".join(map(re.escape, strip_accents(house["street"]).split()))
        pattern = rf"(?<![\w/])({number.lower()})\s+(?:duong\s+)?{street}"
        for match in re.finditer(pattern, plain):
            yield Span(*match.span(1), "house")


def _get_digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@lru_cache(2048)
def _compile_allowed(value: str) -> tuple[str, re.Pattern[str]]:
    """Return what must be in a text for ``value`` to be, and the pattern of it."""
    if "@" in value:
        return value.lower(), re.compile(re.escape(value), re.IGNORECASE)
    digits = _get_digits(value)
    return digits, re.compile(rf"{SEP}{{0,3}}".join(digits))


def find_allowed(text: str, allowed: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Find the numbers and addresses of offices: hundreds, and rarely one of them.

    :return: ``(start, end)`` of each
    """
    digits, lower = _get_digits(text), text.lower()
    for value in allowed if digits or "@" in text else ():
        needle, pattern = _compile_allowed(value)
        if needle and needle in (lower if "@" in value else digits):
            for match in pattern.finditer(text):
                yield match.span()
