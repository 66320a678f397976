"""The code of a request, ``GL26-000123-7``: made and checked.

``GL``, the last two digits of the year it was received in (Vietnam time), a
running number of at least six digits, and a Luhn check digit (ISO/IEC 7812-1,
annex B) over all that precedes it, letters counted as in an ISIN (ISO 6166:
A is 10, Z is 35), so that a digit misheard on the phone or two swapped ones are
noticed at once.
"""

import re

PREFIX = "GL"
# \d would also take digits of other scripts, which a citizen never types here.
_PATTERN = re.compile(r"^\s*GL\s*([0-9]{2})[-\s]*([0-9]{6,})[-\s]*([0-9])\s*$", re.I)


def check_digit(text: str) -> int:
    """Return the Luhn check digit (0-9) of a string of ASCII letters and digits."""
    digits = "".join(str(int(char, 36)) for char in text)
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char)
        if position % 2 == 0:
            value *= 2
            if value > 9:
                value -= 9
        total += value
    return -total % 10


def make_code(year: int, number: int) -> str:
    """Return the code of the ``number``-th request of ``year``.

    :param year: four digits
    :param number: from 1
    """
    start = f"{PREFIX}{year % 100:02d}"
    return f"{start}-{number:06d}-{check_digit(f'{start}{number:06d}')}"


def normalize_code(text: str | None) -> str | None:
    """Return the code in its one written form, or ``None`` if ``text`` is none.

    Small letters, missing hyphens and blanks around are forgiven, a wrong check
    digit is not.
    """
    match = _PATTERN.match(text or "")
    if not match:
        return None
    year, number, digit = match.groups()
    if check_digit(PREFIX + year + number) != int(digit):
        return None
    return f"{PREFIX}{year}-{number}-{digit}"
