"""Personal data in Vietnamese texts, found and hidden before they are published.

Art. 13.1 makes results public, not the people who asked, and reports go to people who
need not know them either. Nothing of Odoo. What is found are numbers, addresses and
names in the forms in which people here write them; how much of it is measured on the
texts in ``tests/redaction``. Of what is published, an operator sees what was hidden and
confirms it.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from lxml import html as lxml_html
from markupsafe import Markup, escape

from .masking import HIDDEN
from .vietnamese_names import (
    DOUBLE_SURNAMES,
    FAMOUS,
    GIVEN_NAMES,
    MIDDLE_NAMES,
    PLAIN_MIDDLE_NAMES,
    PLAIN_SURNAMES,
    SURNAMES,
    WEAK_SURNAMES,
    strip_accents,
)
from .vietnamese_names import words as get_words

KINDS = ("phone", "id", "email", "account", "plate", "name", "house", "birth")


class Span(NamedTuple):
    """Characters ``start`` to ``end`` of a text (NFC) that say something personal."""

    start: int
    end: int
    kind: str


# ----------------------------------------------------------------
# NUMBERS
# ----------------------------------------------------------------

# Between the digits of one number; the last ones take no room on the screen
SEP = "[\\s.\\-–—_()/,;:|*·•~=\u200b\u200c\u200d\u2060\ufeff]"
_DATE = re.compile(
    r"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\s?[/.\-]\s?(?:0?[1-9]|1[0-2])\s?[/.\-]\s?"
    r"(?:19|20)\d{2}(?!\d|[.\-]\d)"
)
_MONEY = re.compile(
    r"(?<![\d.,])\d+(?:[.,]\d{3})*(?:,\d+)?\s?"
    r"(?:đồng|đ\b|vnđ|vnd|k\b|nghìn|ngàn|triệu|tỷ|tỉ|usd)",
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
_PHONE = re.compile(
    rf"(?<![\w+])(?P<number>[(\[]?(?:(?:\+|00)\s?84{SEP}{{0,3}}(?:\(?0\)?{SEP}{{0,2}})?"
    rf"|84{SEP}{{0,2}}(?=[35789])|[0oO])(?:{SEP}{{0,3}}[\doO]){{8,10}})(?![\dA-Za-z])"
)
_MOBILE = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}$")
_OTHER_PHONE = re.compile(r"0(?:2\d{9}|1[2689]\d{8})$")
_PHONE_WORD = (
    r"(?:s[đd]t|đt|dt|điện\s+thoại|dien\s+thoai|số\s+máy|máy\s+bàn|hotline|zalo|gọi"
    r"|goi|liên\s+hệ|lh|alo|tel|phone|di\s+động)"
)
_SHORT_PHONE = re.compile(
    rf"{_PHONE_WORD}\W{{0,3}}(?:\w+\W+){{0,2}}?(?P<number>(?<!\d)[2-9]\d{{2}}"
    r"[\s.\-]?\d{3}[\s.\-]?\d{3}|[2-9]\d{2,3}[\s.\-]?\d{3,4})(?!\d|[.,/\-]\d)",
    re.IGNORECASE,
)
DIGIT_WORDS = (
    "không|khong|một|mốt|mot|hai|ba|bốn|bon|tư|tu|năm|lăm|nam|sáu|sau|bảy|bẩy|bay"
    "|tám|tam|chín|chin|linh|lẻ"
)
_SPOKEN = re.compile(
    rf"(?<!\w)(?:không|khong|0|o)(?:[\s.,\-–/]{{1,3}}(?:{DIGIT_WORDS}|\d+)(?!\w))"
    r"{3,10}",
    re.IGNORECASE,
)
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
    r"(?<!\w)[A-Z]{2}[\s\-]?\d[\s\-]?\d{2}(?:[\s\-]?\d){10}(?!\d)"
)
_CARD_BY_WORD = re.compile(
    r"(?:bhyt|bảo\s+hiểm\s+y\s+tế|bhxh|bảo\s+hiểm\s+xã\s+hội|giấy\s+phép\s+lái\s+xe"
    r"|gplx|bằng\s+lái(?:\s+xe)?)(?:\W+(?:số|mã|thẻ|sổ|của|tôi|là|em)){0,4}\W{0,3}"
    r"(?P<number>\d(?:[ .]?\d){8,14})(?!\d)",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"(?<![\w/.\-])(?P<number>[1-9]\d[\s.\-]{0,2}(?:[A-ZĐ]\d|[A-ZĐ]{1,2}\d?|[a-zđ]\d?)"
    r"[\s.\-]{0,3}(?:\d{3}[.\s]?\d{2}|\d{4}))(?!\w|[./\-]\w)"
)
_PLATE_WORD = re.compile(
    r"(?:biển|bks|bsx|bs|xe|ô\s*tô|tải|khách|mô\s*tô|máy|kiểm\s+soát|số)\W*(?:\w+\W+)"
    r"{0,4}$",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]+\s?(?:@|\[\s?(?:at|a còng)\s?\]|\(\s?(?:at|a|a còng|@)\s?\)"
    r"|\{at\}|\s(?:a\s?còng|at|@)\s)\s?[\w\-]+(?:\s?(?:\.|\[\s?(?:dot|chấm)\s?\]"
    r"|\(\s?(?:dot|chấm|\.)\s?\)|\s(?:chấm|dot)\s)\s?[a-z][\w\-]*)+",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|zalo|tiktok|instagram)\.(?:com|me)/"
    r"[^\s<>()]+",
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
_DIGITS = r"(?P<number>\d(?:[ .\-]?\d){5,18})(?!\d)"
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
_BIRTH = re.compile(
    r"(?<!học )(?<!tuyển )(?<!khai )(?<!thí )(?<!phát )(?<!vệ )(?<!\w)"
    r"(?:sinh\s+ngày|ngày\s+sinh|sinh\s+năm|năm\s+sinh|sn)\W{0,3}(?P<number>\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?"
    r"\d{4}|(?:19|20[01])\d{2})(?!\w|[-/]\d)",
    re.IGNORECASE,
)


def _plain_digits(text):
    """Return the digits of a text, ``o`` read as 0."""
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() else "0"
        for char in text
        if char.isdigit() or char in "oO"
    )


def _is_phone(text):
    if sum(char.isdigit() for char in text) < 7:
        return False
    digits = _plain_digits(text)
    digits = re.sub(r"^(?:00)?840?(?=[235789])", "0", digits)
    if digits.startswith("00") and not text.strip().startswith("00"):
        return False
    return bool(_MOBILE.match(digits) or _OTHER_PHONE.match(digits))


def _trim(text, start, end):
    """Return the bounds without what stands around the first and last digit."""
    while start < end and not (text[start].isalnum() or text[start] == "+"):
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _find_phones(text):
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
        count = 0
        for word in re.findall(r"\w+", match[0]):
            count += len(word) if word.isdigit() else 1
        if count >= 8:
            yield Span(*match.span(), "phone")


def _shorter(match):
    """Give the ends at which a run of numbers may end its first number."""
    text, start = match.string, match.start()
    return [
        end
        for end in range(match.end() - 1, start + 9, -1)
        if text[end - 1].isdigit() and not text[end].isalnum()
    ]


def _find_ids(text):
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


def _find_plates(text):
    for match in _PLATE.finditer(text):
        number = match["number"]
        compact = re.sub(r"[\s.\-]", "", number)
        tail = re.search(r"\d+$", compact)[0]
        by_word = _PLATE_WORD.search(text, max(0, match.start() - 30), match.start())
        series = compact[2:-5] if len(compact) >= 8 else compact[2:-4]
        if number[2:].lstrip(" .-")[0].islower() and not by_word:
            continue
        if " " in number.strip()[:4] and not by_word:
            continue
        # Four digits, or two and two letters, are a plate where one is spoken of
        if len(tail) < 5 and not series[-1:].isdigit() and not by_word:
            continue
        yield Span(*match.span("number"), "plate")


def _find_emails(text):
    for match in _EMAIL.finditer(text):
        yield Span(*match.span(), "email")
    for match in _LINK.finditer(text):
        yield Span(*match.span(), "account")


def _find_accounts(text):
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


def _find_births(text):
    for match in _BIRTH.finditer(text):
        yield Span(*match.span("number"), "birth")


# ----------------------------------------------------------------
# WHERE SOMEBODY LIVES
# ----------------------------------------------------------------

_NUMBER = r"(?P<number>\d+[A-Za-z]?(?:\s?[/\-.]\s?\d+[A-Za-z]?)*)"
_HOUSE = re.compile(
    rf"(?<!\w)(?:số\s+nhà|nhà\s+số|so\s+nha|nha\s+so|căn\s+hộ(?:\s+số)?|phòng\s+trọ"
    rf"(?:\s+số)?)(?:\s+(?:của\s+)?(?:tôi|em|cháu|mình|là|gia\s+đình)){{0,3}}\s*[:.]?\s*"
    rf"{_NUMBER}(?!\s*(?:m2|m²|mét|đồng|triệu|người|hộ))",
    re.IGNORECASE,
)
_LIVES = re.compile(
    rf"(?<!\w)(?P<word>nhà\s+(?:tôi|em|cháu|mình|chúng\s+tôi|bà|ông|anh|chị|ba\s+mẹ)"
    rf"(?:\s+(?:ở|tại))?|(?:thường|tạm|cư|hiện\s+đang|hiện)\s+(?:trú|ngụ|ở|sống)"
    rf"|(?:tôi|em|cháu|mình)\s+(?:đang\s+)?(?:ở|sống|trú|ngụ)|ngụ|trú|sinh\s+sống"
    rf"|địa\s+chỉ(?:\s+nhà)?|đ/c|dia\s+chi)\s*(?:tại|ở|là)?\s*:?\s*(?:số\s+)?{_NUMBER}"
    r"(?=\s+(?:[Đđ]ường\s+|phố\s+|[Hh]ẻm\s+)?[^\W\d_])",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(r"\s+(?:[Đđ]ường\s+|phố\s+|[Hh]ẻm\s+)?(\w+)")
_OFFICE = re.compile(
    r"(?:\bsở\b|ubnd|ủy ban|uỷ ban|trung tâm|bưu điện|công an|trụ sở|bệnh viện|trạm"
    r"|văn phòng|bộ phận|chi nhánh|điện lực|công ty|cơ quan|trường|phòng|ngân hàng"
    r"|nhà văn hóa|cửa hàng|điểm)[^.!?\n]*$",
    re.IGNORECASE,
)


def _find_houses(text):
    for match in _HOUSE.finditer(text):
        yield Span(*match.span("number"), "house")
    for match in _LIVES.finditer(text):
        following = _AFTER_NUMBER.match(text, match.end("number"))
        if not following or not following[1][0].isupper():
            continue
        word = match["word"].lower()
        public = word.startswith(("địa", "đ/c", "dia"))
        if public and _OFFICE.search(text, max(0, match.start() - 120), match.start()):
            continue
        yield Span(*match.span("number"), "house")


# ----------------------------------------------------------------
# NAMES
# ----------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|\d[\w/.\-]*\d|\d\w*")
TITLES = get_words(
    "ông bà anh chị cô chú bác cậu dì mợ thím cụ cháu em thầy bạn tên vợ chồng con mẹ "
    "bố ba má cha tôi mình hộ gặp gã nạn chủ đồng sĩ"
)
PLAIN_TITLES = get_words("ong ba anh chi co chu bac em chau toi ten")
# Between a word of address and the name
LINKS = get_words(
    "tôi em mình tên là họ giáo gái trai bé ruột rể dâu sĩ nhân hộ chí trẻ út cả "
    "hai nhỏ đẻ cháu ten la ông bà anh chị cô chú bác nhà"
)
# Written with a capital after a word of address, and no name
NO_NAMES = get_words(
    "sở ubnd hđnd ủy uỷ chủ giám trưởng phó bí tổ thôn làng khu xã phường huyện tỉnh "
    "thành công cán bộ nhân viên đảng ban phòng trung bệnh trạm đội sinh học giáo "
    "bảo cảnh mầm tiểu thpt thcs đại cao ts ths gs pgs bs ks nsưt csgt bhyt bhxh cccd "
    "facebook zalo google youtube tiktok ở tại đang đã sẽ bị có và là ở khi rất kính "
    "nhờ mong đề xin cho tôi em không cũng vẫn thì mà với nếu nhưng vì do để"
)
SCHOOL_WORDS = get_words("tiểu trung mầm thpt thcs đại cao ptdtnt ptth th mẫu")
PLACES = get_words(
    "đường phố trường thpt thcs ptdtnt viên cầu tư ngã hẻm kiệt ngõ chợ viện "
    "đài phường xã thôn làng khu giải đền chùa tuyến đoạn quỹ hồ án quận huyện tỉnh "
    "tp đèo suối sông núi dốc vòng xoay nút giao học non sở ty tnhh phần cp đoàn hàng "
    "quán tiệm thị sạn xe nghiệp dntn htx nhánh hiệu khám garage bến đảo đập cống hội "
    "nhạc dãy lý cư tđc kđt kcn chung chủng đại lộ quốc tỉnh bia mộ lăng nhà miếu "
    "thờ duong pho truong cau hem ql tl"
)
# Words of address that also mean something else
ALONE = get_words("tôi mình chủ đồng sĩ nạn tên")
NO_PERSONS = {
    ("Bà", "Trưng"),
    ("Bà", "Triệu"),
    ("Bà", "Rịa"),
    ("Bà", "Nà"),
    ("Bác", "Hồ"),
    ("Bác", "Tôn"),
}
# Words that close a name written without capitals
STOPS = get_words(
    "ở o sinh hiện là trú ngụ số sđt sdt điện có muốn xin báo phản kiến nhà tại hộ cư "
    "thường và với đang đã bị cho thì mà này kia đó ạ gửi đề nói làm trong ngoài tổ "
    "thôn làng phường xã mới vừa cũng vẫn sẽ không chưa được hay rất để khi nên người "
    "bán mua chạy lái đổ xây thuê đòi đánh chửi nuôi trồng đứng lấn chiếm của năm tuổi "
    "quê dân nói về đến từ theo như vì do nhưng mong nhờ"
)
_GLUE = re.compile(r"[ \u00a0]{1,2}")


class _Word(NamedTuple):
    text: str
    lower: str
    start: int
    end: int

    @property
    def is_capital(self):
        return self.text[0].isupper()


def _get_words(text):
    return [
        _Word(match[0], match[0].lower(), match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


def _is_glued(text, first, second):
    return bool(_GLUE.fullmatch(text, first.end, second.start))


def _take_capitals(text, words, index, limit=5):
    """Return the index after the capitalised words that begin at ``index``."""
    end = index
    while (
        end < len(words)
        and end - index < limit
        and words[end].is_capital
        and words[end].lower not in NO_NAMES - MIDDLE_NAMES
        and (end == index or _is_glued(text, words[end - 1], words[end]))
    ):
        end += 1
    return end


def _surname_size(words, index):
    """Return how many words of a family name begin at ``index``."""
    lower = words[index].lower
    following = words[index + 1].lower if index + 1 < len(words) else ""
    if (lower, following) in DOUBLE_SURNAMES:
        return 2
    return int(lower in SURNAMES or lower in PLAIN_SURNAMES)


def _take_shouted(text, words, index):
    """Return the index after a name where everything is written in capitals."""
    size = _surname_size(words, index)
    if not size:
        return index
    end = index + size
    while end < len(words) and _is_glued(text, words[end - 1], words[end]):
        end += 1
        if words[end - 1].lower not in MIDDLE_NAMES | PLAIN_MIDDLE_NAMES:
            break
    return end if end > index + size else index


def _take_lower(text, words, index, after_name_word):
    """Return the index after a name written without capitals."""
    if words[index].lower in GIVEN_NAMES and not after_name_word:
        return index + 1
    size = _surname_size(words, index)
    if not size or words[index].lower in WEAK_SURNAMES and not after_name_word:
        return index
    if words[index].lower not in SURNAMES and not after_name_word:
        return index
    end = index + size
    while (
        end < len(words)
        and end - index - size < 3
        and words[end].lower not in STOPS
        and words[end].text[0].isalpha()
        and _is_glued(text, words[end - 1], words[end])
    ):
        end += 1
        if words[end - 1].lower not in MIDDLE_NAMES | PLAIN_MIDDLE_NAMES:
            break
    return end if end > index + size else index


def _is_sentence_start(text, word):
    before = text[: word.start].rstrip()
    return not before or before[-1] in '.!?:;\n("“-–,/'


def _after_place(text, words, index):
    """Return whether the words at ``index`` are the name of a place or a firm."""
    if not index:
        return False
    before, word = words[index - 1], words[index]
    between = text[before.end : word.start]
    if between.strip(' "“”‘’') or "\n" in between:
        return False
    if before.text[0].isdigit():
        # “12 Lê Lợi”, “hẻm 45 Lê Lợi”, but “lớp 9 ...” is no street either
        return True
    return before.lower in PLACES


def _is_address(text, words, index, shouting):
    """Return whether the word at ``index`` addresses a person."""
    word = words[index]
    if word.lower not in TITLES | PLAIN_TITLES:
        return False
    if not index:
        return True
    previous = words[index - 1]
    if word.lower == "ba" and previous.lower == "ngã":
        return False
    return (
        shouting
        or not word.is_capital
        or _is_sentence_start(text, word)
        or not (previous.lower in PLACES or previous.is_capital)
    )


def _skip_links(text, words, index, shouting):
    """Return the index of what follows a word of address, None when it is no name."""
    start = index + 1
    while (
        start < len(words)
        and start - index <= 4
        and words[start].lower in LINKS
        and (shouting or not words[start].is_capital)
    ):
        start += 1
    if start >= len(words):
        return None
    between = text[words[start - 1].end : words[start].start]
    if between.strip(" \u00a0:(“\"'/–-") or len(between) > 4 or "\n" in between:
        return None
    word = words[index].lower
    # Alone they say little; a family name must follow
    alone = start == index + 1 and word in ALONE
    if (alone or word not in TITLES) and not _surname_size(words, start):
        return None
    return start


def _take_titled(text, words, start):
    """Return the index after the capitalised name that follows a word of address."""
    following = words[start + 1] if start + 1 < len(words) else None
    if following and (
        following.text == "trưởng"  # “cô Hiệu trưởng”
        or words[start].lower == "trường"
        and following.lower in SCHOOL_WORDS
        or (words[start - 1].text, words[start].text) in NO_PERSONS
    ):
        return start
    end = _take_capitals(text, words, start)
    if (
        end < len(words)
        and end - start == _surname_size(words, start)
        and words[end].lower in MIDDLE_NAMES
        and _is_glued(text, words[end - 1], words[end])
    ):
        # “ông Nguyễn văn Bình”: the middle name without its capital
        end = max(end, _take_capitals(text, words, end + 1))
    return end


def _find_titled_names(text, words, shouting):
    for index in range(len(words)):
        if not _is_address(text, words, index, shouting):
            continue
        start = _skip_links(text, words, index, shouting)
        if start is None:
            continue
        if shouting:
            end = _take_shouted(text, words, start)
        elif words[start].is_capital:
            end = _take_titled(text, words, start)
        else:
            named = {"tên", "ten"} & {word.lower for word in words[index:start]}
            end = _take_lower(text, words, start, named)
        if end > start:
            yield start, end


def _find_bare_names(text, words, shouting, taken):
    """Find names that no word of address announces, by their family name."""
    index = 0
    place_end = None
    while index < len(words):
        word = words[index]
        if index in taken or not word.is_capital:
            index += 1
            continue
        size = _surname_size(words, index)
        if shouting:
            end = _take_shouted(text, words, index)
            known = (
                end - index >= 3
                and words[index + size].lower in MIDDLE_NAMES | PLAIN_MIDDLE_NAMES
            )
            if known and not _after_place(text, words, index):
                yield index, end
            index = max(end, index + 1)
            continue
        end = _take_capitals(text, words, index)
        if "'" in word.text.replace("’", "'") and word.lower[0] == "h":
            yield index, end
            index = end
            continue
        if not size or end - index <= size:
            index += 1
            continue
        name = " ".join(w.lower for w in words[index:end])
        famous = next(
            (n for n in FAMOUS if name == n or name.startswith(n + " ")), None
        )
        joined = place_end is not None and re.fullmatch(
            r"\s*[-–/]\s*(?:[Đđ]ường\s+)?", text[place_end : word.start]
        )
        if famous or joined or _after_place(text, words, index):
            place_end = words[end - 1].end
            index = end
            continue
        middle = words[index + size].lower
        certain = end - index >= 3 and (
            middle in MIDDLE_NAMES
            or middle in PLAIN_MIDDLE_NAMES
            or word.lower not in WEAK_SURNAMES
        )
        if word.lower in SURNAMES:
            certain |= word.lower not in WEAK_SURNAMES
        if certain:
            yield index, end
        index = max(end, index + 1)


def _find_names(text):
    words = _get_words(text)
    letters = [char for char in text if char.isalpha()]
    shouting = len(letters) > 15 and sum(
        char.isupper() for char in letters
    ) > 0.7 * len(letters)
    taken = set()
    for start, end in _find_titled_names(text, words, shouting):
        if not taken & set(range(start, end)):
            taken.update(range(start, end))
            yield Span(words[start].start, words[end - 1].end, "name")
    for start, end in _find_bare_names(text, words, shouting, taken):
        yield Span(words[start].start, words[end - 1].end, "name")


# ----------------------------------------------------------------
# WHAT IS KNOWN OF THE CITIZEN
# ----------------------------------------------------------------


def _find_known(text, known):
    """Find the citizen's own data, however they are written.

    :param dict known: ``name``, ``phone``, ``email``, ``address`` as given
    """
    plain = strip_accents(text)
    for key, kind in (("name", "name"), ("email", "email")):
        value = unicodedata.normalize("NFC", known.get(key) or "")
        words = strip_accents(value).split()
        # A pattern takes longer to make than to look whether it can be there at all
        if len(" ".join(words)) < 3 or not all(word in plain for word in words):
            continue
        pattern = r"\s+".join(map(re.escape, words))
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", plain):
            yield Span(*match.span(), kind)
    digits = re.sub(r"\D", "", known.get("phone") or "")[-9:]
    if len(digits) >= 8 and digits in re.sub(r"\D", "", text):
        pattern = rf"{SEP}{{0,3}}".join(digits)
        lead = rf"(?:\+?84{SEP}{{0,3}}|0{SEP}{{0,3}})?"
        for match in re.finditer(rf"(?<!\d){lead}{pattern}(?!\d)", text):
            yield Span(*match.span(), "phone")
    house = re.match(
        rf"(?:số\s+nhà|nhà\s+số|số|nhà|sn)?\s*{_NUMBER}\s+(?P<street>[^,]+)",
        known.get("address") or "",
        re.IGNORECASE,
    )
    if house and house["number"].lower() in plain:
        number = re.escape(house["number"])
        street = r"\s+".join(map(re.escape, strip_accents(house["street"]).split()))
        pattern = rf"(?<![\w/])({number.lower()})\s+(?:duong\s+)?{street}"
        for match in re.finditer(pattern, plain):
            yield Span(*match.span(1), "house")


# ----------------------------------------------------------------
# HIDING
# ----------------------------------------------------------------

_FINDERS = (
    _find_emails,
    _find_ids,
    _find_accounts,
    _find_phones,
    _find_plates,
    _find_births,
    _find_houses,
    _find_names,
)


@lru_cache(2048)
def _get_digits(value):
    return re.sub(r"\D", "", value)


def _find_allowed(text, allowed):
    """Find the numbers and addresses of offices: hundreds, and rarely one of them."""
    digits, lower = re.sub(r"\D", "", text), text.lower()
    for value in allowed if digits or "@" in text else ():
        if "@" in value:
            if value.lower() not in lower:
                continue
            pattern = re.escape(value)
        else:
            number = _get_digits(value)
            if not number or number not in digits:
                continue
            pattern = rf"{SEP}{{0,3}}".join(number)
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield match.span()


def find(text, known=None, allowed=()):
    """Return the spans of ``text`` (NFC) that say something personal, in order.

    :param dict known: what is known of the citizen, see :func:`_find_known`
    :param allowed: phone numbers and email addresses of offices, which stay
    """
    kept = [match.span() for match in _DATE.finditer(text)]
    kept += [match.span() for match in _MONEY.finditer(text)]
    kept += _find_allowed(text, allowed)
    found = list(_find_known(text, known)) if known else []
    for finder in _FINDERS:
        for span in finder(text):
            if span.kind != "birth" and any(
                span.start < end and start < span.end for start, end in kept
            ):
                continue
            found.append(span)
    spans = []
    for span in found:
        if not any(
            span.start < other.end and other.start < span.end for other in spans
        ):
            spans.append(span)
            continue
        # Two kinds of the same characters: the first one names the whole
        for position, other in enumerate(spans):
            if span.start < other.end and other.start < span.end:
                spans[position] = Span(
                    min(span.start, other.start), max(span.end, other.end), other.kind
                )
                break
    return _merge(spans)


def _merge(spans):
    """Return spans in order, those that overlap as one."""
    merged = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            last = merged.pop()
            span = Span(last.start, max(last.end, span.end), last.kind)
        merged.append(span)
    return merged


def _replace(text, span):
    """Return what stands in the place of a span; a name keeps its family name."""
    if span.kind == "name":
        words = _get_words(text[span.start : span.end])
        size = _surname_size(words, 0) if words else 0
        if size and len(words) > size:
            return text[span.start : span.start + words[size - 1].end] + " " + HIDDEN
    return HIDDEN


def redact(text, known=None, allowed=()):
    """Return ``(text with what is personal hidden, its spans)``.

    The spans are those of the text in NFC. Arguments as for :func:`find`.
    """
    text = unicodedata.normalize("NFC", text or "")
    spans = find(text, known, allowed)
    return _apply(text, spans), spans


def _apply(text, spans):
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span.start], _replace(text, span)]
        position = span.end
    return "".join([*parts, text[position:]])


def mark(text, known=None, allowed=()):
    """Return the text as HTML with what will be hidden in ``<mark>``."""
    text = unicodedata.normalize("NFC", text or "")
    parts, position = [], 0
    for span in find(text, known, allowed):
        parts.append(escape(text[position : span.start]))
        parts.append(
            Markup('<mark title="%s">%s</mark>')
            % (span.kind, text[span.start : span.end])
        )
        position = span.end
    parts.append(escape(text[position:]))
    return Markup("<br>").join(Markup("").join(parts).split("\n"))


def redact_filename(name, known=None):
    """Hide what is personal in the name of a file; its ending stays."""
    name = unicodedata.normalize("NFC", name or "")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    spaced = re.sub(r"(?<=[^\W\d_])_|_(?=[^\W\d_])|_", " ", stem)
    return _apply(spaced, find(spaced, known)) + dot + ending


# ----------------------------------------------------------------
# HTML
# ----------------------------------------------------------------

_KEPT_TAGS = get_words("p br ul ol li b strong i em u")
_BLOCKS = get_words("p div li ul ol table tr h1 h2 h3 h4 h5 h6 blockquote section pre")
_DROPPED = get_words("script style head title template iframe object svg math")


def _parse(source):
    """Return pieces of an HTML text: ``("text", str)``, ``("open"/"close", tag)``."""
    if not source or not source.strip():
        return []
    root = lxml_html.fragment_fromstring(source, create_parent="div")
    pieces = []

    def walk(element):
        tag = element.tag if isinstance(element.tag, str) else None
        if tag is None or tag in _DROPPED:
            return
        if tag in _BLOCKS - _KEPT_TAGS:
            # A paragraph holds no other
            tag = "div" if any(child.tag in _BLOCKS for child in element) else "p"
        pieces.append(("open", tag))
        if element.text:
            pieces.append(("text", element.text))
        for child in element:
            walk(child)
            if child.tail:
                pieces.append(("text", child.tail))
        pieces.append(("close", tag))

    walk(root)
    return pieces[1:-1]


def _flatten(pieces):
    """Return the text of the pieces and where in it each text piece begins."""
    flat, starts, length = [], {}, 0
    for number, (kind, value) in enumerate(pieces):
        if kind == "text":
            value = re.sub(r"\s+", " ", unicodedata.normalize("NFC", value))
            starts[number] = length, value
        else:
            value = "\n" if value in _BLOCKS or value == "br" else ""
        flat.append(value)
        length += len(value)
    return "".join(flat), starts


def html_to_text(source):
    """Return an HTML text as plain lines."""
    text, _starts = _flatten(_parse(source))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line))


def redact_html(source, known=None, allowed=()):
    """Return an HTML text in plain formatting, with what is personal hidden.

    Built anew of paragraphs, lists and emphasis without any attribute, so nothing of
    the source but its words and their order comes through. What goes over several
    elements (``0905 <b>123 456</b>``) is found as well.
    """
    pieces = _parse(source)
    text, starts = _flatten(pieces)
    return _build(pieces, text, starts, find(text, known, allowed))


def plain_html(source):
    """Return an HTML text in plain formatting, all its words as they are."""
    pieces = _parse(source)
    return _build(pieces, *_flatten(pieces), [])


def _build(pieces, text, starts, spans):
    result = []
    for number, (kind, value) in enumerate(pieces):
        if kind == "text":
            start, value = starts[number]
            result.append(escape(_cut(text, value, start, spans)))
            continue
        tag = value if value in _KEPT_TAGS else None
        if value == "br":
            result.append(Markup("<br>") if kind == "open" else "")
        elif tag:
            result.append(Markup("<%s>" if kind == "open" else "</%s>") % tag)
    return Markup("").join(result)


def _cut(text, value, start, spans):
    """Return a piece of the text without its part of the spans."""
    parts, position, end = [], start, start + len(value)
    for span in spans:
        if span.end <= start or span.start >= end:
            continue
        parts.append(text[position : max(position, span.start)])
        if span.start >= start:
            parts.append(_replace(text, span))
        position = min(end, span.end)
    return "".join([*parts, text[position:end]])
