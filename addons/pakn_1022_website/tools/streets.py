"""The streets that addresses name, without the numbers of houses. Nothing of Odoo."""

import re
from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from .boundaries import get_kilometres
from .text import fold

# Words of a street's name
LONGEST = 4
# A street is known when so many people have named it, and lies within kilometres
LEAST_PEOPLE, REACH = 3, 4.0
_WORD = r"[^\W\d_a-zà-ỹđ][^\W\d_]*"
_NAME = rf"(?P<name>{_WORD}(?:\s{_WORD}){{1,{LONGEST - 1}}})"
_STREETS = re.compile(
    rf"(?<!\w)(?:(?:[Đđ]ường|[Pp]hố|[Đđ]\.|[Hh]ẻm\s\d[\w/]*)\s{_NAME}"
    rf"|(?:[Ss]ố\s(?:nhà\s)?)?\d[\w/]*\s{_NAME.replace('name', 'other')})"
)
# Begin what follows a street without a comma
_ENDS = frozenset(
    [
        "phường",
        "xã",
        "thôn",
        "tổ",
        "tp",
        "pleiku",
        "huyện",
        "tỉnh",
        "gia",
        "quy",
        "làng",
        "khu",
    ]
)


class Street(NamedTuple):
    """A street of a ward and its middle, in degrees of WGS 84."""

    name: str
    area: int
    latitude: float
    longitude: float


def find_streets(text: str) -> list[str]:
    """Return the names of streets in an address: ``12/3 Hùng Vương, Pleiku``.

    >>> find_streets("hẻm 12 Hùng Vương giao đường Trần Phú")
    ['Hùng Vương', 'Trần Phú']
    """
    found = []
    for match in _STREETS.finditer(text[:500]):
        words = (match["name"] or match["other"]).split()
        while words and words[-1].lower() in _ENDS:
            words.pop()
        for index, word in enumerate(words):
            if index and word.lower() in _ENDS:
                words = words[:index]
                break
        if len(words) > 1 and words[0].lower() not in _ENDS:
            found.append(" ".join(words))
    return found


def gather_streets(
    rows: Iterable[tuple[str, int, str, float, float]],
) -> list[Street]:
    """Return the streets that several people have named, in the order of their names.

    A place that lies far from the others of its street is left out: somebody chose a
    wrong one. What fewer people have named might lead to them.

    :param rows: ``(address, area, who, latitude, longitude)``
    """
    places: dict[tuple[str, int], list[tuple[str, str, float, float]]]
    places = defaultdict(list)
    for address, area, who, latitude, longitude in rows:
        for name in find_streets(address):
            places[fold(name), area].append((name, who, latitude, longitude))
    streets = []
    for (_key, area), named in places.items():
        middle = median(row[2] for row in named), median(row[3] for row in named)
        near = [row for row in named if get_kilometres(row[2:], middle) <= REACH]
        if len({who for _name, who, *_place in near}) < LEAST_PEOPLE:
            continue
        names = [name for name, *_rest in near]
        streets.append(Street(max(names, key=names.count), area, *middle))
    return sorted(streets)
