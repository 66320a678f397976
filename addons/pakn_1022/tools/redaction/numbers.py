"""Numbers that lead to a person: phones, papers, plates, accounts, days of birth.

The patterns are tried at each place of a text that a stranger may have written, so each
of them is bounded or unambiguous: none may look over the same characters twice as
often when the text is twice as long.
"""

import re
import unicodedata
from collections.abc import Iterator

from .spans import Span

# Between the digits of one number; the last ones take no room on the screen
SEP = "[\\s.\\-–—_()\\[\\]/,;:|*·•~=\u200b\u200c\u200d\u2060\ufeff]"
DATE = re.compile(
    r"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\s?[/.\-]\s?(?:0?[1-9]|1[0-2])\s?[/.\-]\s?"
    r"(?:19|20)\d{2}(?!\d|[.\-]\d)"
)
MONEY = re.compile(
    r"(?<![\d.,])\d+(?:[.,]\d{3})*(?:,\d+)?\s?"
    r"(?:đồng|đ\b|vnđ|vnd|k\b(?![\s.\-]?\d)|nghìn|ngàn|triệu|tỷ|tỉ|usd)",
    re.IGNORECASE,
)
# Codes that lead to a file, a meter or a plot, not to a person
_CODE_BEFORE = re.compile(
    r"(?:mã\s+(?:số\s+)?(?:hồ\s+sơ|khách\s+hàng|kh|thuế|vận\s+đơn|giao\s+dịch|đơn"
    r"|phản\s+ánh|bưu\s+gửi|công\s+trình|sản\s+phẩm|số)|mst|số\s+hợp\s+đồng"
    r"|số\s+biên\s+nhận|biên\s+nhận(?:\s+số)?|số\s+seri|thửa(?:\s+đất)?(?:\s+số)?"
    r"|tờ\s+bản\s+đồ(?:\s+số)?|công\s+tơ(?:\s+số)?|số\s+hiệu|hồ\s+sơ\s+số"
    r"|đơn\s+hàng|diện\s+tích|dân\s+số|sản\s+lượng)\s*(?:số|là|:)?\s*$",
    re.IGNORECASE,
)
# Letters that are typed for digits, to keep a number from being found
_LETTERS = str.maketrans("oOlILiSsBb", "0011115588")
_DIGIT = "[\\doOlILiSsBb]"
_PHONE = re.compile(
    rf"(?<![\w+])(?P<number>[(\[]?(?:(?:\+|00)\s?84{SEP}{{0,3}}(?:\(?0\)?{SEP}{{0,2}})?"
    rf"|84{SEP}{{0,2}}(?=[35789]|1[2689])|[0oO])(?:{SEP}{{0,3}}{_DIGIT}){{8,10}})(?![\dA-Za-z])"
)
_MOBILE = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}$")
_OTHER_PHONE = re.compile(r"0(?:2\d{9}|1[2689]\d{8})$")
_PHONE_WORD = (
    r"(?:s[đd]t|đt|dt|điện\s+thoại|dien\s+thoai|số\s+máy|máy\s+bàn|hotline|zalo|gọi"
    r"|goi|liên\s+hệ|lh|alo|tel|phone|di\s+động)"
)
_SHORT_PHONE = re.compile(
    rf"{_PHONE_WORD}\W{{0,3}}(?:\w{{1,30}}\W{{1,30}}){{0,2}}?(?P<number>(?<!\d)[2-9]\d{{2}}"
    r"[\s.\-]?\d{3}[\s.\-]?\d{3}|[2-9]\d{2,3}[\s.\-]?\d{3,4}"
    r"|[2-9][\s.\-]\d{3}[\s.\-]\d{3})(?!\d|[.,/\-]\d)",
    re.IGNORECASE,
)
DIGIT_WORDS = (
    "không|khong|một|mốt|mot|hai|ba|bốn|bon|tư|tu|năm|lăm|nam|sáu|sau|bảy|bẩy|bay"
    "|tám|tam|chín|chin|linh|lẻ|lam|mươi|muoi|mười"
)
_SPOKEN = re.compile(
    rf"(?<![\w\-])(?:không|khong|0\d{{0,6}}|o)(?!\w)"
    rf"(?:[\s.,\-–/]{{1,3}}(?:{DIGIT_WORDS}|\d{{1,6}})(?!\w)){{2,11}}",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\w+")
_ID_WORD = (
    r"(?:cccd|cmnd|cmt(?:nd)?|cc\b|căn\s+cước(?:\s+công\s+dân)?|chứng\s+minh"
    r"(?:\s+nhân\s+dân|\s+thư)?|can\s+cuoc|chung\s+minh|số\s+định\s+danh|định\s+danh"
    r"(?:\s+cá\s+nhân)?|giấy\s+tờ\s+tùy\s+thân)"
)
_CITIZEN_ID = re.compile(
    r"(?<![\w.,/+\-])(?:0\d{11}|0\d{2}([ .\-])\d{3}\1\d{6}|0\d{2}([ .\-])\d{3}\2\d{3}\2"
    r"\d{3}|0\d{3}([ .\-])\d{4}\3\d{4})(?!\w|[.,/\-]\d)"
)
_OLD_ID = re.compile(r"(?<![\w.,/+\-])\d{9}(?!\w|[.,/\-]\d)")
_ID_BY_WORD = re.compile(
    rf"{_ID_WORD}(?:\W{{1,3}}(?:số|so|là|la|của|tôi|em|cháu|ông|bà|anh|chị|mới|cũ|gắn"
    r"|chip|mang|em)){0,4}\W{0,3}(?P<number>\d(?:[ .\-]?\d){8,11})(?!\d)",
    re.IGNORECASE,
)
_PASSPORT = re.compile(r"(?<![\w\-/.])[A-Z]\d{7}(?!\w|[\-/]\w)")
_PASSPORT_BY_WORD = re.compile(
    r"(?:hộ\s+chiếu|passport|visa)(?:\W+(?:số|của|tôi|là)){0,3}\W{0,3}"
    r"(?P<number>[A-Za-z]{1,2}\s?\d{6,8})",
    re.IGNORECASE,
)
_HEALTH_CARD = re.compile(
    r"(?<!\w)(?!MB|TP|VP|HD|TK|CK)[A-Z]{2}[\s\-]?\d[\s\-]?\d{2}(?:[\s\-]?\d){10}(?!\d)"
)
_CARD_BY_WORD = re.compile(
    r"(?:bhyt|bảo\s+hiểm\s+y\s+tế|bhxh|bảo\s+hiểm\s+xã\s+hội|giấy\s+phép\s+lái\s+xe"
    r"|gplx|gi[ưữ]\s+b[ằa]ng|bằng\s+lái(?:\s+xe)?)(?:\W+(?:số|mã|thẻ|sổ|của|tôi|là|em)){0,4}\W{0,3}"
    r"(?P<number>(?:[A-Z]{2})?\d(?:[ .]?\d){8,14})(?!\d)",
    re.IGNORECASE,
)
# Of a fishing boat: “BĐ 96123 TS”
_BOAT = re.compile(r"(?<!\w)[A-ZĐ]{2,3}[\s\-.]?\d{4,5}[\s\-.]?TS(?!\w)")
_PLATE = re.compile(
    r"(?<![\w/.\-])(?<!lớp )(?<!Lớp )(?P<number>[1-9]\d[\s.\-]{0,2}(?P<series>[A-ZĐ]\d"
    r"|[A-ZĐ]{1,2}\d?|[a-zđ]\d?)[\s.\-]{0,3}(?P<tail>\d{3}[.\s]?\d{2}|\d{2}[.\s]\d{3}|\d{4}))"
    r"(?!\w|[./\-]\w)"
)
_PLATE_WORD = re.compile(
    r"(?:biển|bien|bks|bsx|bs|xe|ô\s*tô|tải|khách|mô\s*tô|máy|kiểm\s+soát|số|so)\W*(?:\w+\W+)"
    r"{0,4}$",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]+(?:\s?(?:\[\s?(?:at|a còng)\s?\]"
    r"|\(\s?(?:at|a|a còng|@)\s?\)|\{at\})\s?|\s(?:a\s?còng|at|@)\s|@\s?"
    r"|\s@(?=gmail|yahoo|hotmail|outlook|icloud))[\w\-]+(?:\s?(?:\.|\[\s?(?:dot|chấm)\s?\]"
    r"|\(\s?(?:dot|chấm|\.)\s?\)|\s(?:chấm|dot)\s)\s?[a-z][\w\-]*)+",
    re.IGNORECASE,
)
BANKS = (
    r"vietcombank|vcb|agribank|bidv|vietinbank|viettinbank|ctg|mb\s?bank|mb|techcombank"
    r"|tcb|acb|sacombank|stb|vp\s?bank|tp\s?bank|shb|hd\s?bank|vib|lien\s?viet\w*"
    r"|lpbank|ocb|msb|seabank|eximbank|nam\s?a\s?bank|bac\s?a\s?bank|pvcombank|abbank"
    r"|kienlongbank|saigonbank|scb|momo|ngân\s+hàng(?:\s+[\w]+){1,4}"
)
_ACCOUNT_WORD = (
    r"(?:stk|số\s+tk|so\s+tk|s[ôố]\s+t[àa]i\s+kho[ảa]n|t[àa]i\s+kho[ảa]n|tk|account"
    r"|a/c|số\s+thẻ|thẻ\s+atm|chuyển\s+khoản|ck)"
)
_DIGITS = r"(?P<number>\d(?:[ .\-]?\d){2,5}[A-Z]?\d(?:[ .\-]?\d){2,12})(?!\d)"
_ACCOUNT = re.compile(
    rf"(?<!\w){_ACCOUNT_WORD}\b(?:\W{{1,4}}[^\W\d]+){{0,7}}?\W{{1,4}}{_DIGITS}",
    re.IGNORECASE,
)
_BANK_BEFORE = re.compile(
    rf"(?<!\w)(?:{BANKS})\b(?:\W{{1,3}}[^\W\d]+){{0,3}}?\W{{1,4}}{_DIGITS}",
    re.IGNORECASE,
)
_BANK_AFTER = re.compile(
    rf"(?<![\w.,/\-]){_DIGITS}\W{{1,4}}(?:[^\W\d]+\W{{1,3}}){{0,3}}?(?:{BANKS})\b",
    re.IGNORECASE,
)
_CARD_NUMBER = re.compile(r"(?<![\w.\-])\d{4}([ \-])\d{4}\1\d{4}\1\d{4}(?!\w)")
_DAY = r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:19\d|20[012])\d"
_YEAR = r"(?:19[2-9]|20[012])\d"
_BIRTH = re.compile(
    r"(?<!học )(?<!tuyển )(?<!khai )(?<!thí )(?<!phát )(?<!vệ )(?<!hoc )(?<!khai )"
    r"(?<!ve )(?<!tuyen )(?<!\w)(?:sinh\s+ng[àa]y|ng[àa]y\s+sinh|sinh\s+n[ăa]m"
    rf"|n[ăa]m\s+sinh|sinh(?:\s+khoảng)?|sn)\W{{0,3}}(?P<number>{_DAY}|{_YEAR})(?!\w|[-/]\d)",
    re.IGNORECASE,
)
# “ngày sinh, đúng là 02/09/2014”, “năm sinh từ 1992 thành 1993”, “1/2/1990 sinh”
_NEAR_BIRTH = re.compile(
    r"(?<!\w)(?:ng[àa]y|n[ăa]m)\s+sinh(?!\w)(?P<rest>[^.!?\n]{1,60})", re.IGNORECASE
)
_DATE_OR_YEAR = re.compile(rf"(?<![\w/.\-])(?:{_DAY}|{_YEAR})(?!\w|[/-]\d)")
_BEFORE_BORN = re.compile(
    rf"(?<![\w/])(?P<number>{_DAY})\s+(?:l[àa]\s+)?(?:ng[àa]y\s+)?sinh(?!\w)",
    re.IGNORECASE,
)
# “vợ (1955)”, and behind a name: “Nguyễn Bá Tòng (1951)”, “Lê Văn A, 12/12/1995,”
_KIN_YEAR = re.compile(
    r"(?<!\w)(?:vợ|chồng|con|cháu|bà|ông|mẹ|cha|ba|em|anh|chị)\s?"
    rf"\((?P<number>{_YEAR})\)",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    rf"\)?(?:\s?\(|,\s)(?P<year>{_YEAR})(?:\)|(?=[,;]))"
    rf"|[\s,;(\-–]{{1,3}}(?P<day>{_DAY})(?=\s?[,;)\-–])"
)


def _plain_digits(text: str) -> str:
    """Return the digits of a text, letters that are typed for them read as digits."""
    return "".join(
        str(unicodedata.digit(char))
        for char in text.translate(_LETTERS)
        if char.isdigit()
    )


def _is_phone(text: str) -> bool:
    if sum(char.isdigit() for char in text) < 6:
        return False
    digits = _plain_digits(text)
    digits = re.sub(r"^(?:00)?840?(?=[235789]|1[2689]\d{8}$)", "0", digits)
    if digits.startswith("00") and not text.strip().startswith("00"):
        return False
    return bool(_MOBILE.match(digits) or _OTHER_PHONE.match(digits))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds without what stands around the first and last digit."""
    while start < end and not (text[start].isalnum() or text[start] == "+"):
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def find_phones(text: str) -> Iterator[Span]:
    """Find telephone numbers: written in digits, short ones after a word, spoken."""
    for match in _PHONE.finditer(text):
        for length in (match.end(), *_shorter(match)):
            if _is_phone(text[match.start() : length]):
                yield Span(*_trim(text, match.start(), length), "phone")
                break
    for match in _SHORT_PHONE.finditer(text):
        digits = _plain_digits(match["number"])
        if len(digits) == 9 or 6 <= len(digits) <= 7:
            yield Span(*match.span("number"), "phone")
    for match in _SPOKEN.finditer(text):
        end = _get_spoken_end(match)
        if end:
            yield Span(match.start(), end, "phone")


def _get_spoken_end(match: re.Match[str]) -> int | None:
    """Return where a number ends that is written in words, or partly, if it is one.

    What follows a whole number is no part of it: “gọi 0905 123 456 không được”.
    """
    count, spoken = 0, False
    for word in _TOKEN.finditer(match[0]):
        spoken = spoken or not word[0].isdigit()
        count += len(word[0]) if word[0].isdigit() else 1
        if count >= 10:
            break
    if not spoken or not 8 <= count <= 11:
        return None
    return match.start() + word.end()


def _shorter(match: re.Match[str]) -> list[int]:
    """Give the ends at which a run of numbers may end its first number."""
    text, start = match.string, match.start()
    return [
        end
        for end in range(match.end() - 1, start + 9, -1)
        if text[end - 1].isdigit() and not text[end].isalnum()
    ]


def find_ids(text: str) -> Iterator[Span]:
    """Find numbers of identity papers, passports, insurance and licences."""
    for match in _CITIZEN_ID.finditer(text):
        if not _CODE_BEFORE.search(text, max(0, match.start() - 40), match.start()):
            yield Span(*match.span(), "id")
    for match in _OLD_ID.finditer(text):
        number = match[0]
        if number.endswith("0000") or _CODE_BEFORE.search(
            text, max(0, match.start() - 40), match.start()
        ):
            continue
        yield Span(*match.span(), "id")
    for pattern in (_PASSPORT, _HEALTH_CARD):
        for match in pattern.finditer(text):
            if not _CODE_BEFORE.search(text, max(0, match.start() - 40), match.start()):
                yield Span(*match.span(), "id")
    for pattern in (_ID_BY_WORD, _PASSPORT_BY_WORD, _CARD_BY_WORD):
        for match in pattern.finditer(text):
            yield Span(*match.span("number"), "id")


def find_plates(text: str) -> Iterator[Span]:
    """Find plates of vehicles and boats."""
    for match in _BOAT.finditer(text):
        yield Span(*match.span(), "plate")
    for match in _PLATE.finditer(text):
        number, series, tail = match["number"], match["series"], match["tail"]
        by_word = _PLATE_WORD.search(text, max(0, match.start() - 30), match.start())
        is_short = len(tail) == 4
        # “81c1 23456” is no other thing, “20c 1234” may be
        is_doubtful = series[0].islower() and (is_short or not series[-1].isdigit())
        if (is_doubtful or " " in number[:3]) and not by_word:
            continue
        # Four digits, or two and two letters, are a plate where one is spoken of
        if is_short and not series[-1].isdigit() and not by_word:
            continue
        yield Span(*match.span("number"), "plate")


def find_emails(text: str) -> Iterator[Span]:
    """Find mail addresses, also in disguise."""
    for match in _EMAIL.finditer(text):
        yield Span(*match.span(), "email")


def find_accounts(text: str) -> Iterator[Span]:
    """Find numbers of accounts and cards."""
    for pattern in (_ACCOUNT, _BANK_BEFORE, _BANK_AFTER):
        for match in pattern.finditer(text):
            number = match["number"]
            if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number) and not number.startswith(
                "0"
            ):
                continue  # grouped as money is
            yield Span(*match.span("number"), "account")
    for match in _CARD_NUMBER.finditer(text):
        yield Span(*match.span(), "account")


def find_births(text: str) -> Iterator[Span]:
    """Find days and years of birth."""
    for pattern in (_BIRTH, _KIN_YEAR, _BEFORE_BORN):
        for match in pattern.finditer(text):
            yield Span(*match.span("number"), "birth")
    for match in _NEAR_BIRTH.finditer(text):
        for date in _DATE_OR_YEAR.finditer(text, *match.span("rest")):
            yield Span(*date.span(), "birth")


def find_age(text: str, end: int) -> Iterator[Span]:
    """Find the year or day of birth behind a name that ends at ``end``."""
    match = _AFTER_NAME.match(text, end)
    if match:
        yield Span(*match.span("year" if match["year"] else "day"), "birth")
