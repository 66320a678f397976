"""The code of a request, ``GL26-000123-7``: made, checked, and found as people type it.

``GL``, the last two digits of the year it was received in (Vietnam time), a
running number of at least six digits, and a Luhn check digit (ISO/IEC 7812-1,
annex B) over all that precedes it, letters counted as in an ISIN (ISO 6166:
A is 10, Z is 35), so that a digit misheard on the phone or two swapped ones are
noticed at once.
"""

import re
from typing import NamedTuple

PREFIX = "GL"
# The year of the first request: what is typed without GL may be another number
FIRST_YEAR = 25
NUMBER_LENGTH = 6

# \d would also take digits of other scripts, which a citizen never types here.
_DIGIT = "[0-9OoIl]"
_LIKE_DIGITS = str.maketrans("OoIl", "0011")
_GAP = r"[\s./_\u2010-\u2015\u2212-]{0,3}"
_BEFORE = (
    r"(?:(?:mã|ma|số|so|code)(?:\s+(?:số|so))?(?:\s+(?:phản ánh|phan anh|hồ sơ|ho so|"
    r"tra cứu|tra cuu|pakn))?(?:\s+(?:là|la))?)"
)
_WHOLE = re.compile(
    rf"\s*[\"'“”(\[]?\s*{_BEFORE}?\s*[:#№]*\s*(?P<prefix>G\s?L)?{_GAP}[:#]?\s*"
    rf"(?P<digits>{_DIGIT}(?:{_GAP}{_DIGIT}){{3,19}})\s*[\"'“”)\].,;:!?…]*\s*",
    re.I,
)
_WITHIN = re.compile(
    rf"(?<![A-Za-z0-9])(?P<prefix>GL)[:#]?{_GAP}(?P<digits>{_DIGIT}(?:{_GAP}{_DIGIT}){{3,14}})"
    rf"(?![A-Za-z0-9])"
    rf"|(?:(?<!\w){_BEFORE}\s*[:#]*|#)\s*(?P<said>{_DIGIT}{{2}}-{_DIGIT}{{1,9}}-{_DIGIT})"
    rf"(?![A-Za-z0-9])"
    rf"|(?<![A-Za-z0-9-])(?P<bare>{_DIGIT}{{2}}-{_DIGIT}{{6}}-{_DIGIT})(?![A-Za-z0-9-])",
    re.I,
)

_END = re.compile(rf"\s*(?P<number>[0-9]{{{NUMBER_LENGTH},9}})-(?P<digit>[0-9])\s*")


class _Typed(NamedTuple):
    code: str
    is_right: bool


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

    Small letters, ``#`` or *Mã:* before it, a dot behind, other gaps or none, the
    letter O for a zero, no ``GL`` and no leading zeros are forgiven, a wrong check
    digit is not.
    """
    typed = _read(text)
    return typed.code if typed and typed.is_right else None


def complete_codes(text: str | None, year: int) -> list[str]:
    """Return the codes meant by one read without ``GL`` and its year: ``000123-7``.

    :param year: four digits; the last one looked at
    :return: those whose check digit is right, newest first
    """
    typed = _END.fullmatch(text or "")
    if not typed:
        return []
    codes = (
        make_code(one, int(typed["number"]))
        for one in range(year, 2000 + FIRST_YEAR - 1, -1)
    )
    return [code for code in codes if code.endswith(f"-{typed['digit']}")]


def has_wrong_digit(text: str | None) -> bool:
    """Return whether ``text`` is a code but for its check digit."""
    typed = _read(text)
    return bool(typed) and not typed.is_right


def find_codes(*texts: str | None) -> list[str]:
    """Return the codes in these texts, each with a right check digit."""
    codes = []
    for text in texts:
        for match in _WITHIN.finditer(text or ""):
            digits = match["digits"] or match["said"] or match["bare"]
            codes.append(_find_right(digits, bool(match["prefix"])))
    return list(dict.fromkeys(code for code in codes if code))


def _read(text: str | None) -> _Typed | None:
    """Return the code that a text is as a whole, right or not."""
    text = (text or "").strip()
    match = _WHOLE.fullmatch(text) if len(text) <= 60 else None
    if not match:
        return None
    return _compose(match["digits"], bool(match["prefix"]))


def _find_right(digits: str, has_prefix: bool) -> str | None:
    """Return the code with which these digits begin: others may follow by chance."""
    pieces = re.findall(rf"{_DIGIT}+", digits)
    lengths = [len(piece) for piece in pieces]
    if lengths[0] >= NUMBER_LENGTH + 3:
        ends = [1]
    elif lengths[0] == 2 and lengths[1] >= NUMBER_LENGTH and lengths[2:3] == [1]:
        ends = [3]
    else:
        ends = range(len(pieces), 0, -1)
    for end in ends:
        typed = _compose("-".join(pieces[:end]), has_prefix)
        if typed and typed.is_right:
            return typed.code
    return None


def _compose(digits: str, has_prefix: bool) -> _Typed | None:
    pieces = re.findall("[0-9]+", digits.translate(_LIKE_DIGITS))
    joined = "".join(pieces)
    year, number, digit = joined[:2], joined[2:-1], joined[-1]
    # "26-000123-7", as opposed to nine digits that may be anything
    is_apart = len(pieces) > 2 and len(pieces[0]) == 2 and len(pieces[-1]) == 1
    is_long = len(joined) == NUMBER_LENGTH + 3
    if not has_prefix and (int(year) < FIRST_YEAR or not (is_apart or is_long)):
        return None
    number = number.lstrip("0").zfill(NUMBER_LENGTH)
    if not int(number):
        return None
    is_right = check_digit(PREFIX + year + number) == int(digit)
    return _Typed(f"{PREFIX}{year}-{number}-{digit}", is_right)
