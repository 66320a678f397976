"""What a citizen's message is, by its words alone. Nothing of Odoo.

People write to a chat without accents, in pieces and in slang; so texts are compared
folded: small letters without accents. Where accents alone tell words apart (cháy burns,
chảy flows) they are asked for, or the words beside.
"""

import re

from odoo.addons.pakn_1022.tools.accents import compose, strip_accents
from odoo.addons.pakn_1022.tools.ticket_code import (
    find_codes,
    has_wrong_digit,
    normalize_code,
)


def _list(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CODE_LIKE = re.compile(r"(?<![A-Za-z0-9])GL[\s.\-]*\d(?:[\s.\-]*[\dOoIl]){4,12}", re.I)
_PERSON = re.compile(
    r"\b(?:gap|noi chuyen|chat|noi may|lien he|chuyen|cho|ket noi|can)\b.{0,25}"
    r"\b(?:nhan vien|tu van vien|dieu hanh vien|nguoi that|nguoi truc|can bo truc|"
    r"tong dai vien|con nguoi)\b|^(?:nhan vien|nguoi that|gap nguoi|gap nv|nv)\W*$"
)
_SKIP = re.compile(
    r"^(?:(?:thoi )?bo qua|skip|next|thoi|khong co|ko co|k co|khong|ko|kh|hong co|"
    r"khong can|ko can|chua co|khong noi|ko noi|de sau|"
    r"(?:khong|ko) muon(?: noi| cho| neu)?(?: ten| so| biet)*)(?: a| nhe| nha| ad)*$"
)
_YES = re.compile(r"^(?:1|co|dung|phai|cung|u|uh|vang|da|ok)\b")
_NO = re.compile(r"^(?:2|khong|ko|k|khac|viec khac|chuyen khac|moi|viec moi)\b")
_GRADE = re.compile(r"^([123])(?:[\s.,:;-]+(.*))?$", re.DOTALL)
_OTP = re.compile(r"^\D{0,20}?(\d{3})[\s.-]?(\d{3})\D{0,5}$")
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
_CALLED = re.compile(r"(?:tên|ten)\s+(?P<name>[^\W\d_].*)", re.I)
_AFTER_NAME = _list(
    """
    o so dia sdt dt dien nha va thuong song tru hien dang
    """
)
# A hamlet, commune or lane with its name or number; by capitals where accents show that
# the writer takes care, by the words alone in a text without any
_PLACE_NAMED = re.compile(
    r"\b(?:thôn|làng|buôn|bon|xã|phường|tổ|tổ dân phố|hẻm|kiệt|quốc lộ|ql|tỉnh lộ|"
    r"đường|cầu|chợ|trường|ngã tư|ngã ba|công viên|bệnh viện|trạm y tế|số|số nhà)\s+"
    r"(?:(?-i:[A-ZĐÀ-Ỹ])\w*|\d+)",
    re.I,
)
_PLACE_FOLDED = re.compile(
    r"\b(?:(?:thon|lang|buon|xa|phuong|to|hem|kiet|quoc lo|ql|so nha)\s+\d+|"
    r"(?:thon|lang|buon|xa|phuong|duong|nga tu|nga ba|cho)\s+(?P<what>\w+)\s+\w+)"
)
# Words after which "xa" or "duong" is no place
_NO_PLACE = _list(
    """
    hoi nay kia do oi a tui minh cu toi em anh va co khong bi hu be xau nhieu qua
    vao ra truoc dang dien ong nuoc cua nha ad chi lam ai may
    """
)

_GREETING = _list(
    """
    alo hello helo hi hey chao xin ad admin oi a ah anh chi em ban 1022 tong dai co
    ai khong ko k cho hoi minh toi voi nhe nha da vang e shop duoc chut ti tin gi
    the day truc may bac chu u ơi o vay muon can giup
    """
)
_GREETING_CORE = _list(
    """
    alo hello helo hi hey chao oi ai hoi ad admin 1022
    """
)
_THANKS = _list(
    """
    cam on thanks thank you tks ok oke okie okla vang da duoc roi ro nhe nha ad
    nhieu a hieu biet tot qua em anh chi ban minh u uh um 👍 lam
    """
)
_THANKS_CORE = _list(
    """
    on thanks thank tks ok oke okie vang da roi ro hieu 👍 u uh um
    """
)

# Something is wrong: a request, never answered with an article alone
_COMPLAINT = re.compile(
    r"\b(?:hong|hu|gay|nga do|sap do|nghieng|bi be|lun|nut|sut|sat lo|do day|hoi thoi|"
    r"o nhiem|ngap|nghet|nghen|ket xe|on ao|gay on|on qua|karaoke|lan chiem|trai phep|"
    r"mat nuoc|mat dien|cup dien|dien cup|nuoc cup|cup nuoc|khong co dien|chua co dien|"
    r"khong co nuoc|khong sang|tat ngam|nuoc ban|nuoc duc|cham|tre hen|qua han|thai do|"
    r"hach sach|nhung nhieu|vong vinh|voi vinh|doi tien|hoi lo|gian lan|lua dao|"
    r"chat chem|khong giai quyet|khong tra loi|chua giai quyet|chua tra|chua nhan|bi|"
    r"to cao|phan anh|khieu nai|kien nghi|de nghi|yeu cau|do bay|xa thai|nguy hiem|"
    r"tha rong|bui mu|mui|o ga|dut|xuong cap|mat cap|mat nap|vut rac|tai dien|ko ai|"
    r"buc xuc|khong ai|vo trach nhiem|lam an kieu|vi pham|can tro|tu y|dau do|chay au|"
    r"bo khach|mat may ngay|ko thay ai|chua hai long)\b"
)
# Words that without their accents would be others
_COMPLAINT_MARKED = re.compile(
    r"\b(?:bể|vỡ|hôi|thối|lỗ|hố|tràn|bụi|khói|bẩn|rơi|cháy|đốt|tắc|rác|lở|cắn|gãy|hở)\b"
)
_QUESTION = re.compile(
    r"\?|\b(?:o dau|the nao|lam sao|ra sao|bao nhieu|bao lau|khi nao|may gio|"
    r"la gi|can gi|can nhung gi|giay to gi|thu tuc|huong dan|cho hoi|muon hoi|hoi ve|"
    r"cach lam|dang ky|ho so gom|le phi)\b"
)
# By their accents, or without them by the words beside
_EMERGENCY = re.compile(
    r"\bcháy\b|\bhỏa hoạn\b|\bhoả hoạn\b|\bcướp\b|\bđâm chém\b|\bđuối nước\b|\bgiết\b|"
    r"\bbạo hành\b|\btự tử\b|\bđiện giật\b|\bsập nhà\b"
)
_EMERGENCY_FOLDED = re.compile(
    r"\btai nan\b|\bdanh nhau\b|\bcap cuu\b|\bbat tinh\b|\bngat xiu\b|\bdam chem\b|"
    r"\bhoa hoan\b|\bduoi nuoc\b|\bngo doc\b|\bsap nha\b|\bdien giat\b|\bgiat dien\b|"
    r"\bcuop (?:giat|cua|xe|tiem|dien thoai)\b|\bbi cuop\b|\bcuu voi\b|\bchet nguoi\b|"
    r"\bbao hanh\b|\btu tu (?:o|tai|roi)\b|"
    r"\b(?:dam|vu|boc|phat|bi|dang) chay (?:nha|rung|lon|xe|cho|kho|to|roi|o)\b|"
    r"\b(?:dam|vu|boc) chay\b|\bchay (?:nha|rung|no|lon|kho|quan|xe)\b|\bcuu hoa\b|"
    r"\bbao chay\b"
)


def fold(text: str) -> str:
    """Return a text in small letters, without accents, with single blanks."""
    return " ".join(strip_accents(compose(text)).lower().split())


def count_words(text: str) -> int:
    return len(re.findall(r"\w+", text))


def _are_all(
    text: str, known: frozenset[str], core: frozenset[str], limit: int
) -> bool:
    words = re.findall(r"\w+|👍", fold(text))
    if not words:
        return not re.search(r"\w", text)
    return len(words) <= limit and set(words) <= known and bool(set(words) & core)


def is_greeting(text: str) -> bool:
    """Return whether a message says no more than "hello, anybody there"."""
    return _are_all(text, _GREETING, _GREETING_CORE, 9)


def is_thanks(text: str) -> bool:
    """Return whether a message says no more than "thank you" or "all right"."""
    return bool(re.search(r"\w|👍", text)) and _are_all(text, _THANKS, _THANKS_CORE, 8)


def is_complaint(text: str) -> bool:
    """Return whether a message says that something is wrong."""
    composed = compose(text).lower()
    return bool(_COMPLAINT.search(fold(text)) or _COMPLAINT_MARKED.search(composed))


def is_question(text: str) -> bool:
    """Return whether a message asks how something is done, and complains of nothing."""
    return bool(_QUESTION.search(fold(text))) and not is_complaint(text)


def is_content(text: str) -> bool:
    """Return whether a message says enough for a person to begin with."""
    words = count_words(text)
    return words >= 6 or (words >= 2 and is_complaint(text))


def is_emergency(text: str) -> bool:
    """Return whether 113, 114 or 115 may be needed. Rather once too often."""
    composed = " ".join(compose(text).lower().split())
    return bool(_EMERGENCY.search(composed) or _EMERGENCY_FOLDED.search(fold(text)))


def wants_person(text: str) -> bool:
    """Return whether somebody asks for a person."""
    return bool(_PERSON.search(fold(text)))


def is_skip(text: str) -> bool:
    """Return whether somebody passes over a question: ``bỏ qua``, ``không có``."""
    return bool(_SKIP.match(fold(text).strip(" .!,")))


def is_yes(text: str) -> bool:
    return bool(_YES.match(fold(text)))


def is_no(text: str) -> bool:
    return bool(_NO.match(fold(text)))


def read_choice(text: str, count: int) -> int | None:
    """Return the number from 1 to ``count`` that a text is, if it is one."""
    match = re.match(r"^\D{0,8}(\d)\W*$", fold(text))
    number = int(match[1]) if match else 0
    return number if 1 <= number <= count else None


def read_grade(text: str) -> tuple[int, str] | None:
    """Return ``(place of the grade from 1 to 3, reason)`` of a rating by answer."""
    match = _GRADE.match(text.strip())
    return (int(match[1]), (match[2] or "").strip()) if match else None


def read_one_time_code(text: str) -> str | None:
    """Return the six digits of a one-time code."""
    match = _OTP.match(text.strip())
    return match[1] + match[2] if match else None


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
    if match:
        words = []
        for word in match["name"].split()[:6]:
            if fold(word) in _AFTER_NAME or not word[0].isalpha():
                break
            words.append(word)
        return " ".join(words) or None
    words = text.strip(" .,!").split()
    if is_asked and 1 <= len(words) <= 6 and not re.search(r"\d", text):
        return " ".join(words)
    return None


def names_place(text: str) -> bool:
    """Return whether a message says where: a hamlet, a commune, a named street."""
    if _PLACE_NAMED.search(compose(text)):
        return True
    return text.isascii() and any(
        match["what"] not in _NO_PLACE for match in _PLACE_FOLDED.finditer(fold(text))
    )
