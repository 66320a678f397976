"""Where somebody lives: the number of a house."""

import re
from collections.abc import Iterator

from . import words as lists
from .spans import Span
from .tokens import MIDDLE_NAMES, Word, get_surname_size, get_words, is_no_name
from .words import strip_accents

# Of a house, with what stands behind a stroke
NUMBER = r"(?P<number>[Kk]?\d+[A-Za-z]?(?:\s?[/\-.]\s?\d+[A-Za-z]?)*)"
_ALLEY = r"(?:h[ẻe]m|ng[õo]|ki[ệe]t|ngách)"
# Letters that stand behind a number of a measure: “nhà số 5 m2”
_NO_MEASURE = r"(?!\s*(?:m2|m²|mét|đồng|triệu|người|hộ|tầng|tháng|năm|ngày))"
_OWNER = (
    r"(?:tôi|tui|em|cháu|mình|chúng\s+tôi|toi|chau|minh|riêng|bà|ông|anh|chị|cô|chú|bác"
    r"|ba\s+mẹ|cha\s+mẹ)"
)
_HOUSE = re.compile(
    r"(?<!\w)(?:số\s+nhà|nhà\s+số|so\s+nha|nha\s+so|căn\s+hộ(?:\s+số)?|phòng\s+trọ"
    r"(?:\s+số)?)(?:\s+(?:của\s+)?(?:tôi|em|cháu|mình|là|gia\s+đình)){0,3}\s*(?:[:.]\s*)?"
    rf"(?P<block>[A-Z]\d{{0,3}}[\-.]?)?{NUMBER}{_NO_MEASURE}",
    re.IGNORECASE,
)
# “căn B12-03”, “phòng 12, nhà trọ …”, “nhà anh Tài số 11”
_FLAT = re.compile(
    r"(?<!\w)(?:(?:căn|phòng)\s+(?P<flat>[A-Z]\d{0,3}[\-.]\d{1,4})"
    r"|phòng\s+(?P<room>\d{1,4}),?\s+nhà\s+trọ"
    r"|nh[àa]\s+(?:[ôo]ng|b[àa]|anh|ch[ịi]|c[ôo]|ch[úu]|b[áa]c)\s+[^\W\d_]{1,10}\s+"
    r"(?:[^\W\d_]{1,10}\s+){0,3}?s[ốo]"
    rf"\s+(?P<home>\d{{1,4}}[A-Za-z]?){_NO_MEASURE})(?!\w)",
    re.IGNORECASE,
)
# What stands between a word for living and the number
_TO_NUMBER = (
    rf"\s*(?:(?:tại|tai|ở|o|là|la|đến|nhà|nha|trọ|một\s+mình|{_ALLEY})(?!\w)\s*){{0,4}}"
    rf"(?::\s*)?(?:(?:số|so|nhà\s+số|nha\s+so)\s+)?{NUMBER}(?!\w)"
)
_LIVES = re.compile(
    rf"(?<!\w)(?P<word>(?:nhà|nha|chỗ)(?:\s+{_OWNER}){{0,2}}"
    r"|(?:ở|o)\s+tr[ọo]|(?:thường|tạm|cư|hiện\s+đang|hiện|thuong|tam|cu|hien)\s+(?:trú|ngụ|ở|sống|tru|ngu)"
    rf"|{_OWNER}\s+(?:đang\s+|hiện\s+)?(?:ở|sống|trú|ngụ|trọ|o)|ngụ|trú|sinh\s+sống"
    r"|giao\s+hàng|ship|(?:địa\s+chỉ|đ/c|đc|dia\s+chi)"
    r"(?:\s+(?:nhà|nha|liên\s+hệ|thường\s+trú|tạm\s+trú|hiện\s+tại|cụ\s+thể|của"
    rf"|giao\s+hàng|{_OWNER}|em)){{0,3}})"
    rf"{_TO_NUMBER}",
    re.IGNORECASE,
)
# “nhà tôi, 203 Nguyễn Thái Học”, “nhà tâm số 88/2 nguyễn du”
_HOME = re.compile(
    rf"(?<!\w)nh[àa]\s+(?:{_OWNER}\s?,\s|[^\W\d_]{{1,10}}(?:\s[^\W\d_]{{1,10}})?\s+s[ốo]\s+)"
    rf"{NUMBER}(?!\w)",
    re.IGNORECASE,
)
# Of anybody: whose it is must be said in the same sentence
_STAYS = re.compile(
    rf"(?<!\w)(?P<word>ở|o|tại|trú|ngụ|sống){_TO_NUMBER}", re.IGNORECASE
)
_PERSON = re.compile(
    r"(?<!\w)(?:ông|bà|anh|chị|cô|chú|bác|dì|em|cháu|mẹ|cha|ba|bố|vợ|chồng|tôi|gia\s+đình"
    r"|hộ|sinh|binh|nhà\s+(?:ông|bà|anh|chị|cô|chú)|Nguyễn|Trần|Lê|Phạm|Huỳnh|Võ|Đỗ|tên)"
    r"\s+(?!ninh\b)[^\W\d_]",
    re.IGNORECASE,
)
# A house behind an alley: “hẻm 45/3 Lê Lợi”, while “hẻm 45 Lê Lợi” is the alley
_BEHIND = re.compile(
    rf"(?<!\w){_ALLEY}\s+(?:số\s+)?(?P<number>[Kk]?\d+[A-Za-z]?(?:/\d+[A-Za-z]?)+)(?!\w)",
    re.IGNORECASE,
)
# An address alone, behind a comma, in brackets or at the beginning
_LISTED = re.compile(
    r"(?:(?<=[,;(])|(?<=[,;(–-]\s))"
    r"(?P<number>[Kk]?\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?)*)(?=\s+[^\W\d_])"
)
_ROAD = re.compile(
    rf"\s+(?:(?:đường|duong|phố|pho|{_ALLEY})\s+(?:số\s+)?(?P<road>\w+)|(?=[^\W\d_]))",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?:\bsở\b|ubnd|ủy ban|uỷ ban|trung tâm|bưu điện|công an|trụ sở|bệnh viện|trạm"
    r"|văn phòng|bộ phận|chi nhánh|điện lực|công ty|cơ quan|trường|phòng|ngân hàng"
    r"|nhà văn hóa|cửa hàng|điểm)",
    re.IGNORECASE,
)
# Words of a street that are looked at
LONGEST_STREET = 4
_PUBLIC = ("địa", "đ/c", "đc", "dia")
# Words that end a sentence for what is said of it
REACH = 120


def _get_sentence(text: str, end: int) -> int:
    """Return where the sentence begins that goes on at ``end``, if it is near."""
    start = max(0, end - REACH)
    # The address of an office may stand in a line of its own
    last = end - 1 if text[end - 1 : end] == "\n" else end
    return max(start, *(text.rfind(char, start, last) + 1 for char in ".!?\n"))


def _is_office(text: str, end: int) -> bool:
    """Return whether an office is spoken of before ``end``, in the same sentence."""
    return bool(_OFFICE.search(text, _get_sentence(text, end), end))


def _is_known_street(words: list[Word]) -> bool:
    """Return whether a street begins with these words, in whatever letters."""
    plain = [strip_accents(word.text) for word in words]
    return any(
        " ".join(plain[:count]) in lists.PLAIN_FAMOUS
        for count in range(2, len(plain) + 1)
    )


def _is_small_full(words: list[Word]) -> bool:
    """Return whether a street in small letters has a family name: “trần văn ơn”."""
    return (
        len(words) > 2
        and not words[0].is_capital
        and words[0].lower in lists.STRONG_SURNAMES | lists.SURE_SMALL
        and words[1].lower in MIDDLE_NAMES
    )


def _is_before_street(text: str, end: int) -> bool:
    """Return whether the name of a street follows the number that ends at ``end``."""
    road = _ROAD.match(text, end)
    if not road:
        return False
    if road["road"]:
        return True
    words = get_words(text[road.end() : road.end() + 40])[:LONGEST_STREET]
    if not words or words[0].start:
        return False
    if _is_small_full(words):
        return True
    if words[0].is_capital:
        is_acronym = len(words[0].text) > 1 and words[0].text.isupper()
        return not is_acronym or _is_known_street(words)
    return _is_known_street(words)


def _is_listed(text: str, match: re.Match[str]) -> bool:
    """Return whether a number that stands alone is one of a house somebody lives in.

    A street of two words must follow; one that is not known, or bears no family name,
    only where somebody is spoken of.
    """
    road = _ROAD.match(text, match.end())
    if not road or _is_office(text, match.start()):
        return False
    words = get_words(text[road.start() : road.end() + 40])[:LONGEST_STREET]
    words = [word for word in words if word.lower not in ("đường", "phố")]
    if len(words) < 2 or not (words[0].is_capital and words[1].is_capital):
        return False
    if get_surname_size(words, 0) or _is_known_street(words):
        return True
    start = _get_sentence(text, match.start())
    return (
        words[0].lower not in lists.PLACES
        and not is_no_name(words, 0)
        and bool(_PERSON.search(text, start, match.start()))
    )


def find_houses(text: str) -> Iterator[Span]:
    """Find the numbers of houses where somebody says to live."""
    for match in _HOUSE.finditer(text):
        start = match.start("block") if match["block"] else match.start("number")
        yield Span(start, match.end("number"), "house")
    for match in _HOME.finditer(text):
        if _is_before_street(text, match.end("number")):
            yield Span(*match.span("number"), "house")
    for match in _FLAT.finditer(text):
        yield Span(*match.span(match.lastgroup or 0), "house")
    for match in _LIVES.finditer(text):
        if not _is_before_street(text, match.end("number")):
            continue
        is_public = match["word"].lower().startswith(_PUBLIC)
        if is_public and _is_office(text, match.start()):
            continue
        yield Span(*match.span("number"), "house")
    for match in _STAYS.finditer(text):
        start = _get_sentence(text, match.start())
        if (
            _is_before_street(text, match.end("number"))
            and ("/" in match["number"] or _PERSON.search(text, start, match.start()))
            and not _is_office(text, match.start())
        ):
            yield Span(*match.span("number"), "house")
    for match in _BEHIND.finditer(text):
        if _is_before_street(text, match.end()):
            yield Span(*match.span("number"), "house")
    for match in _LISTED.finditer(text):
        if _is_listed(text, match):
            yield Span(*match.span("number"), "house")
