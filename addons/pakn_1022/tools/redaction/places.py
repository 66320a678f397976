"""Where somebody lives: the number of a house."""

import re
from collections.abc import Iterator

from .spans import Span

# Of a house, with what stands behind a stroke
NUMBER = r"(?P<number>\d+[A-Za-z]?(?:\s?[/\-.]\s?\d+[A-Za-z]?)*)"
_HOUSE = re.compile(
    rf"(?<!\w)(?:số\s+nhà|nhà\s+số|so\s+nha|nha\s+so|căn\s+hộ(?:\s+số)?|phòng\s+trọ"
    rf"(?:\s+số)?)(?:\s+(?:của\s+)?(?:tôi|em|cháu|mình|là|gia\s+đình)){{0,3}}\s*(?:[:.]\s*)?"
    rf"{NUMBER}(?!\s*(?:m2|m²|mét|đồng|triệu|người|hộ))",
    re.IGNORECASE,
)
_LIVES = re.compile(
    rf"(?<!\w)(?P<word>nhà\s+(?:tôi|em|cháu|mình|chúng\s+tôi|bà|ông|anh|chị|ba\s+mẹ)"
    rf"(?:\s+(?:ở|tại))?|(?:thường|tạm|cư|hiện\s+đang|hiện)\s+(?:trú|ngụ|ở|sống)"
    rf"|(?:tôi|em|cháu|mình)\s+(?:đang\s+)?(?:ở|sống|trú|ngụ)|ngụ|trú|sinh\s+sống"
    rf"|địa\s+chỉ(?:\s+nhà)?|đ/c|dia\s+chi)\s*(?:(?:tại|ở|là)\s*)?(?::\s*)?(?:số\s+)?{NUMBER}"
    r"(?=\s+(?:[Đđ]ường\s+|phố\s+|[Hh]ẻm\s+)?[^\W\d_])",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(r"\s+(?:[Đđ]ường\s+|phố\s+|[Hh]ẻm\s+)?(\w+)")
_OFFICE = re.compile(
    r"(?:\bsở\b|ubnd|ủy ban|uỷ ban|trung tâm|bưu điện|công an|trụ sở|bệnh viện|trạm"
    r"|văn phòng|bộ phận|chi nhánh|điện lực|công ty|cơ quan|trường|phòng|ngân hàng"
    r"|nhà văn hóa|cửa hàng|điểm)",
    re.IGNORECASE,
)


def _is_office(text: str, end: int) -> bool:
    """Return whether an office is spoken of before ``end``, in the same sentence."""
    start = max(0, end - 120)
    # The address of an office may stand in a line of its own
    last = end - 1 if text[end - 1 : end] == "\n" else end
    start = max(start, *(text.rfind(char, start, last) + 1 for char in ".!?\n"))
    return bool(_OFFICE.search(text, start, end))


def find_houses(text: str) -> Iterator[Span]:
    """Find the numbers of houses where somebody says to live."""
    for match in _HOUSE.finditer(text):
        yield Span(*match.span("number"), "house")
    for match in _LIVES.finditer(text):
        following = _AFTER_NUMBER.match(text, match.end("number"))
        if not following or not following[1][0].isupper():
            continue
        public = match["word"].lower().startswith(("địa", "đ/c", "dia"))
        if public and _is_office(text, match.start()):
            continue
        yield Span(*match.span("number"), "house")
