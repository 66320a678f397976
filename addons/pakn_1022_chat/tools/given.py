"""What a citizen's message gives: a grade, a code, a name, an address, numbers.

By its words alone, folded as in ``words``. Nothing of Odoo.
"""

import re

from odoo.addons.pakn_1022.tools.accents import compose
from odoo.addons.pakn_1022.tools.phone import find_phones
from odoo.addons.pakn_1022.tools.ticket_code import (
    find_codes,
    has_wrong_digit,
    normalize_code,
)

from .words import find_any, fold, to_set

_CODE_LIKE = re.compile(r"(?<![A-Za-z0-9])GL[\s.\-]*\d(?:[\s.\-]*[\dOoIl]){4,12}", re.I)
_SAID = {
    **{"khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4"},
    **{"nam": "5", "lam": "5", "sau": "6", "bay": "7", "bẩy": "7", "tam": "8"},
    **{"chin": "9", **{str(digit): str(digit) for digit in range(10)}},
}
# A number that calls, cheats, or hangs on a board is not that of who writes
_OTHERS_PHONE = find_any(
    "lua dao|lua tien|quay roi|lam phien|doi no|khung bo|mao danh|gia danh|so la",
    "so may (?:la|nay)|goi (?:den|toi|dien|lien tuc|hoai|cho (?:toi|em|minh))|nhan tin",
    "chu (?:quan|nha|tro|xe)|quang cao|to roi|rao vat|tin dung den|cho vay|dan tren",
    "ghi tren|bien hieu|so cua (?:no|ong|ba|anh|thang)",
)
_GRADE = re.compile(
    r"^(?:(?:so|số|chọn|chon|mức|muc)\s+)?([123])(?:[\s.,:;!)-]+(.*))?$", re.DOTALL
)
# "3 ngày nay mất nước" counts days, and grades nothing
_COUNTED = re.compile(
    r"^(?:ngay|hom|dem|buoi|gio|tieng|tuan|thang|nam|lan|cai|cay|con|nguoi|em|chau|xe|"
    r"nha|ho|den|bong|cot|chiec|o|doan|thang|dua|vu|viec|bao|dong|met|m|km|thon|lang|"
    r"can|quan|hang|thua|dam|ao|tram|truong|nga|cho|day|duong|to|khu|toi|co|bien)\s+\w"
)
_GRADE_WORDS = (
    re.compile(r"^(?:rat |qua )?hai long(?: roi| lam| a| nhe| ad| cam on)*$"),
    re.compile(
        r"^(?:chap nhan duoc|tam duoc|tam on|binh thuong|cung duoc)(?: thoi| a| ad)*$"
    ),
    re.compile(
        r"^(?:khong|ko|k|chua|hong|rat khong|hoan toan khong) hai long"
        r"(?: lam| a| ad| chut nao)*$"
    ),
)
_OTP = re.compile(r"^\D{0,30}?(\d(?:[\s.-]?\d){5})(?:[^\d]{0,15})$")
_NAME = re.compile(
    r"(?:^|\b)(?:(?:tên|ten)\s+(?:tôi|toi|mình|minh|em|cháu|chau)\s+(?:là|la)?|"
    r"(?:tôi|toi|mình|minh|em|cháu|chau)\s+(?:tên|ten)(?:\s+(?:là|la))?|"
    r"(?:họ\s+(?:và\s+)?tên|ho\s+(?:va\s+)?ten|tên|ten)\s*(?::|là\b|la\b))\s*"
    r"(?P<name>[^\W\d_][\w']*(?:\s+[^\W\d_][\w']*){0,5})",
    re.I,
)
# "tôi là Rơ Châm Hyui": a name by its capitals
_AM = re.compile(
    r"\b(?:tôi|toi|mình|em|cháu)\s+(?:là|la)\s+"
    r"(?P<name>(?-i:[A-ZĐÀ-Ỹ])[\w']*(?:\s+(?-i:[A-ZĐÀ-Ỹ])[\w']*){1,5})",
    re.I,
)
# "quán tên là Hương Quê": not the name of who writes
_NOT_WHO = to_set(
    """
    quan duong ty hang ong ba thang no nguoi truong cho nha nghi karaoke san tiem ho
    con cua cho chu
    """
)
_AFTER_NAME = to_set(
    """
    o so dia sdt dt dien nha va thuong song tru hien dang sinh ngu tuoi nhe ad ah
    """
)
# A hamlet, commune or lane with its name or number; by capitals where accents show that
# the writer takes care, by the words alone in a text without any
_PLACE_NAMED = re.compile(
    r"\b(?:thôn|làng|buôn|bon|xã|phường|tổ|tổ dân phố|hẻm|kiệt|quốc lộ|ql|tỉnh lộ|"
    r"đường|cầu|chợ|trường|ngã tư|ngã ba|công viên|bệnh viện|trạm y tế|số|số nhà)\s+"
    r"(?:(?-i:[A-ZĐÀ-Ỹ])\w*|\d{1,4}\b)",
    re.I,
)
_PLACE_FOLDED = re.compile(
    r"\b(?:(?:thon|lang|buon|xa|phuong|to|hem|kiet|quoc lo|ql|so nha)\s+\d+|"
    r"(?:thon|lang|buon|xa|phuong|duong|nga tu|nga ba|cho)\s+(?P<what>\w+)\s+\w+)"
)
# Words after which "xa" or "duong" is no place
_NO_PLACE = to_set(
    """
    hoi nay kia do oi a tui minh cu toi em anh va co khong bi hu be xau nhieu qua
    vao ra truoc dang dien ong nuoc cua nha ad chi lam ai may
    """
)


def read_grade(text: str) -> tuple[int, str] | None:
    """Return ``(place of the grade from 1 to 3, reason)`` of a rating by answer."""
    text = text.replace("\ufe0f", "").replace("\u20e3", "").strip()
    match = _GRADE.match(text)
    if not match:
        folded = fold(text).strip(" .!,")
        for grade, known in enumerate(_GRADE_WORDS, 1):
            if known.match(folded):
                return grade, ""
        return None
    reason = (match[2] or "").strip()
    if match[0][match.end(1) - match.start() :][:1].isspace() and _COUNTED.match(
        fold(reason)
    ):
        return None
    if any(known.match(fold(reason).strip(" .!,")) for known in _GRADE_WORDS):
        reason = ""
    return int(match[1]), reason


def read_one_time_code(text: str) -> str | None:
    """Return the six digits of a one-time code."""
    match = _OTP.match(text.strip())
    return re.sub(r"\D", "", match[1]) if match else None


def find_code(text: str) -> str | None:
    """Return the code of a request that a message names, its check digit right."""
    whole = normalize_code(text)
    if whole:
        return whole
    codes = find_codes(text)
    return codes[0] if codes else None


def has_mistyped_code(text: str) -> bool:
    """Return whether a message names a code whose check digit is wrong."""
    if find_code(text):
        return False
    return any(has_wrong_digit(match[0]) for match in _CODE_LIKE.finditer(text)) or (
        has_wrong_digit(text) and "-" in text
    )


def read_name(text: str, is_asked: bool) -> str | None:
    """Return the name in a message; the whole of a short one if it was asked for."""
    match = _NAME.search(compose(text)) or _AM.search(compose(text))
    if not match and is_asked:
        match = re.match(
            r"(?:tên|ten)\s+(?P<name>[^\W\d_].*)", compose(text).strip(), re.I
        )
    before = fold(compose(text)[: match.start()]).split()[-1:] if match else []
    if before and before[0] in _NOT_WHO and not is_asked:
        return None
    if match:
        words = []
        for word in match["name"].split()[:6]:
            if fold(word) in _AFTER_NAME or not word[0].isalpha():
                break
            words.append(word)
        while len(words) > 1 and words[-1] in ("ạ", "nha"):
            words.pop()
        return " ".join(words) or None
    if not is_asked:
        return None
    # "em là Hoa ạ", "Nguyễn Văn A, thôn 3": the name comes first
    first = re.split(r"[,;\n(]", compose(text).strip(" .,!"))[0]
    words = re.sub(
        r"^(?:dạ |da |vâng )?(?:em|tôi|toi|mình|cháu|tui) (?:là|la) ",
        "",
        first,
        flags=re.I,
    ).split()
    places = [n for n, word in enumerate(words) if n and fold(word) in _AFTER_NAME]
    words = words[: places[0]] if places else words
    while len(words) > 1 and (words[-1] in ("ạ", "nha") or not words[-1][0].isalpha()):
        words.pop()
    if 1 <= len(words) <= 6 and not re.search(r"\d", " ".join(words)):
        return " ".join(words)
    return None


def read_address(text: str) -> str:
    """Return the address among the answers of one message; empty where is none."""
    parts = [part.strip(" .:") for part in re.split(r"[,;\n]| - ", compose(text))]
    parts = [part for part in parts if part and not find_phones(part)]
    places = [number for number, part in enumerate(parts) if names_place(part)]
    if not places:
        return ""
    address = ", ".join(parts[places[0] :])
    return re.sub(r"^(?:địa chỉ|dia chi|đ/c|dc)\s*:?\s*", "", address, flags=re.I)


def find_phones_typed(text: str) -> list[str]:
    """Return the numbers in an answer, with letters for digits or written in words."""
    found = find_phones(text)
    if found:
        return found
    typed = re.sub(r"(?<=\d)[oO]|[oO](?=\d)", "0", text)
    typed = re.sub(r"(?<=\d)[lI]|[lI](?=\d)", "1", typed)
    found = find_phones(typed)
    if found:
        return found
    said = "".join(_SAID.get(word, " ") for word in re.findall(r"\w+", fold(text)))
    return find_phones(said)


def find_own_phones(text: str) -> list[str]:
    """Return the numbers in a text where they are not of who is complained of."""
    return [] if _OTHERS_PHONE.search(fold(text)) else find_phones(text)


def names_place(text: str) -> bool:
    """Return whether a message says where: a hamlet, a commune, a named street."""
    if _PLACE_NAMED.search(compose(text)):
        return True
    return text.isascii() and any(
        match["what"] not in _NO_PLACE for match in _PLACE_FOLDED.finditer(fold(text))
    )


def show_end(phone: str) -> str:
    """Return an E.164 number with all but its end hidden."""
    return f"…{phone[-3:]}"
