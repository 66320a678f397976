"""What a citizen's message is, by its words alone. Nothing of Odoo.

People write to a chat without accents, in pieces and in slang; so texts are compared
folded: small letters without accents. Where accents alone tell words apart (cháy burns,
chảy flows) they are asked for, or the words beside.
"""

import re

from odoo.addons.pakn_1022.tools.accents import compose, strip_accents
from odoo.addons.pakn_1022.tools.phone import find_phones
from odoo.addons.pakn_1022.tools.ticket_code import (
    find_codes,
    has_wrong_digit,
    normalize_code,
)


def _any(*patterns: str) -> re.Pattern[str]:
    """Return what finds any of some patterns, as whole words."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


def _list(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CODE_LIKE = re.compile(r"(?<![A-Za-z0-9])GL[\s.\-]*\d(?:[\s.\-]*[\dOoIl]){4,12}", re.I)
# Somebody of the hotline; _SOMEBODY only after "gặp", "nói chuyện với"
_STAFF = (
    r"(?:nhan ?vi[a-z]{1,2}|nv|tu van vien|dieu hanh vien|(?:tong dai|dien thoai) vien|"
    r"nguoi (?:that|truc|ho tro|tu van)|(?:can bo|ban) truc|truc ban|con nguoi)"
)
_SOMEBODY = (
    rf"(?:{_STAFF}|nguoi|can bo|lanh dao|tong dai|admin|ad|tu van|truc tiep|ai do)"
)
_ME = r"(?:toi|tui|em|e|minh|m|chau|con|phep|duoc)"
# What may follow in one breath: more is about somebody else ("gặp nhân viên điện lực")
_PLEASE = (
    r"(?:\s+(?:di|voi|a|ah|nhe|nha|nhen|gap|ngay|luon|lien|ad|oi|dum|giup|ho|cai|that|"
    r"duoc|khong|ko|k|hong|kg|toi|tui|em|e|minh|truc tiep|ho tro|tu van|tong dai|1022|"
    r"cac|ban|anh|chi|bao gio|may gio|dau|roi|nao|de hoi|lai|da|nhanh|len|o|day|gium))*"
    r"\s*(?=$|[,.;:!?\n])"
)
_PERSON = re.compile(
    rf"(?<!\bda )(?<!\bmoi )(?<!\btung )"
    rf"\b(?:(?:cho|muon|can|xin|yeu cau|de)\s+(?:{_ME}\s+)*)*"
    rf"(?:gap ?|(?:noi chuyen|tro chuyen|chat|nhan tin|lien he|ket noi|noi may|chuyen|"
    rf"noi)\s+)(?:(?:truc tiep|voi|cho|den|toi|may|duoc)\s+)*{_SOMEBODY}{_PLEASE}|"
    rf"(?:^|[,.;!?\n]\s*)(?:(?:cho|can|muon|co|goi|tim|xin)\s+(?:{_ME}\s+)*)?"
    rf"{_STAFF}{_PLEASE}|"
    rf"^co nguoi (?:truc )?(?:khong|ko|k|hong)\b{_PLEASE}|"
    r"\b(?:khong|ko|k|dung|chan) (?:muon |thich )?(?:noi chuyen|noi|chat|tro chuyen)"
    rf" voi (?:cai )?(?:may|robot|bot|chatbot|ai|chuong trinh){_PLEASE}|"
    rf"\b(?:speak|talk|chat) (?:to|with) (?:an? )?(?:real )?(?:human|person|agent|"
    rf"staff|operator|someone)\b|^(?:human|agent|operator)\W*$|"
    rf"\bgoi (?:dien )?(?:lai )?(?:cho |giup )?{_ME}{_PLEASE}|\bgap truc tiep{_PLEASE}"
)
_NEG = r"(?:khong|ko|k|kh|kg|khg|hong|hok|hem|hog|khum|chua|chang)"
_ASKED_FOR = (
    r"(?:co|can|chup|nho|biet|ro|noi|neu|cho|muon|duoc|ten|sdt|so|dien thoai|dia chi|"
    r"hinh|anh|gi|het|dau|nua|noi ra|tien|thich)"
)
_SKIP = re.compile(
    rf"^(?:(?:da|vang|a|u|thoi)\W+)*(?:(?:thoi )?bo (?:qua|wa)|bq|skip|next|thoi|"
    rf"(?:thoi )?khoi|mien|ke|tiep|tiep tuc|de sau|{_NEG}(?: {_ASKED_FOR})*|an danh|"
    rf"(?:xin |muon |cho toi )?giau ten|ngai noi|toi {_NEG}(?: {_ASKED_FOR})+)"
    r"(?: (?:a|nhe|nha|ad|di|dau|luon|nua|oi|ban))*$"
)
# Names that read like "hông" and "khỏi"
_SKIP_NAMES = ("Hồng", "hồng", "Hong", "Khôi", "khôi", "Khoi", "Kế", "Tiệp", "Miên")
_CANCEL = re.compile(
    r"^(?:(?:thoi|da|a|ad|cho|toi|em|minh|muon|xin)\W+)*"
    r"(?:(?:huy|huy bo|rut|xoa)(?: (?:bo|phan anh|yeu cau|don|ho so|lai|di|giup|dum|ho|"
    r"tin|nay|ad|nhe|nha|a|toi|em|minh|cho|luon|voi|do|kien nghi))*|"
    r"(?:khong|ko|k|khoi) (?:can|phan anh|gui|bao|kien nghi)(?: gi)?"
    r"(?: phan anh| gui| bao)? nua(?: a| nhe| nha| ad| dau)*|"
    r"(?:gui|nhan|bao|phan anh) nham(?: roi| so| a| ad| nhe)*)$"
)
# "Huy" is a name, "huỷ" and "hủy" are not
_CANCEL_MARKED = ("huỷ", "hủy")
_WHY = re.compile(
    r"\b(?:hoi|can|lay|xin)\b.{0,20}\b(?:lam gi|chi vay|de lam gi|lam chi)\b|"
    r"^(?:de )?lam (?:gi|chi)\b|\bhoi (?:lam|nhieu|mai|hoai|gi|chi|lam the)\b|"
    r"\bsao (?:phai |lai )?(?:hoi|can|cung cap|cho)\b|^tai sao\b|"
    r"\bphien (?:qua|the|phuc)\b|\bmat thoi gian\b|\brac roi (?:qua|the)\b|"
    r"^(?:dcm|dkm|dmm|dm|vcl|vl|vkl|clm|cmm|cc|deo|do dien|do ngu|ngu|bo lao)\b"
)
_WHO = re.compile(
    r"\b(?:nguoi|nguoi that|nhan vien) hay (?:la )?(?:may|robot|bot|ai|chatbot)\b|"
    r"\b(?:may|robot|bot|ai|chatbot) hay (?:la )?nguoi\b|"
    r"\b(?:co )?phai (?:la )?(?:nguoi|nguoi that|may|robot|bot|chatbot|ai)"
    r"(?: that)?(?: tra loi)?(?: khong| ko| k| hong| a| ha| vay| dang tra loi)|"
    r"^(?:ban|ad|em|anh|chi|day) (?:la|ten) (?:ai|gi)\b.{0,8}$|"
    r"^(?:robot|bot|chatbot|may tra loi|tra loi tu dong)\W*(?:a|ha|ah|phai khong)?\W*$"
)
_SEND_AGAIN = re.compile(
    r"\bgui lai\b|\bgui ma\b|\b(?:khong|ko|k|chua|hong|hok|chang) "
    r"(?:nhan|thay|co|duoc|ve|den|toi)\b|\b(?:doi|cho) (?:mai|hoai|lau)\b|"
    r"\bma moi\b|\blai ma\b"
)
_YES = re.compile(r"^(?:1|co|dung|phai|cung|u|uh|vang|da|ok)\b")
_NO = re.compile(r"^(?:2|khong|ko|k|khac|viec khac|chuyen khac|moi|viec moi)\b")
_SAID = {
    **{"khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4"},
    **{"nam": "5", "lam": "5", "sau": "6", "bay": "7", "bẩy": "7", "tam": "8"},
    **{"chin": "9", **{str(digit): str(digit) for digit in range(10)}},
}
# A number that calls, cheats, or hangs on a board is not that of who writes
_OTHERS_PHONE = _any(
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
_NOT_WHO = _list(
    """
    quan duong ty hang ong ba thang no nguoi truong cho nha nghi karaoke san tiem ho
    con cua cho chu
    """
)
_AFTER_NAME = _list(
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
_NO_PLACE = _list(
    """
    hoi nay kia do oi a tui minh cu toi em anh va co khong bi hu be xau nhieu qua
    vao ra truoc dang dien ong nuoc cua nha ad chi lam ai may
    """
)

# Said before an answer, or in its stead
_NOD = _list(
    """
    ok oke okie oki okey okela da vang u uh um uhm uk a ah nhe nha ad cam on roi thanks
    thank you tks tk alo hello helo hi hey oi xin chao 1022
    """
)
_GREETING = _list(
    """
    alo hello helo hi hey chao xin ad admin oi a ah anh chi em ban 1022 tong dai co
    ai khong ko k cho hoi minh toi voi nhe nha da vang e shop duoc chut ti tin gi
    the day truc may bac chu u ơi o vay muon can giup hallo lo he hu hu do rep di tra
    loi kinh quy quan buoi sang trua chieu toi test thu ib inbox ty xiu sao nguoi
    """
)
_GREETING_CORE = _list(
    """
    alo hello helo hi hey chao oi ai hoi ad admin 1022 hallo lo hu rep test ib inbox
    """
)
_THANKS = _list(
    """
    cam on thanks thank you tks ok oke okie okla vang da duoc roi ro nhe nha ad
    nhieu a hieu biet tot qua em anh chi ban minh u uh um 👍 lam oki okey okela uk uhm
    tuyet voi hihi haha hehe bye tam rat hai long khong co gi tong dai ty cac
    """
)
_THANKS_CORE = _list(
    """
    on thanks thank tks ok oke okie vang da roi ro hieu 👍 u uh um oki okey okela uk uhm
    tuyet hihi haha hehe bye tot biet
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
_HEARTS = re.compile("[👍👌🙏❤♥🥰😍💯]")
# By their accents, or without them by the words beside
_EMERGENCY = re.compile(
    r"\bcháy\b(?! (?:hàng|túi|vé|phòng|phố))|\bhỏa hoạn\b|\bhoả hoạn\b|\bcướp\b|"
    r"\bđâm (?:chém|nhau|chết|người)\b|\bđuối nước\b|\bgiết\b|\bsúng\b|\bngất\b|"
    r"\bbạo hành\b|\btự tử\b|\bđiện giật\b|\bsập nhà\b|^cứu\b|\bđột quỵ\b|"
    r"\bchảy máu\b"
)
_EMERGENCY_FOLDED = _any(
    # hurt, ill
    "tai ?nan|tngt|cap cuu|bat tinh|ngat xiu|ngo doc|dot quy|tai bien|kho tho|chay mau",
    "co giat(?! minh)|bi thuong|ran can|ran doc|chet (?:nguoi|duoi|chay|dien)",
    "nguoi (?:bi )?chet|va cham|tong (?:xe|nguoi|vao|trung|chet)",
    "(?:xe|tau) .{0,15}(?:tong|can (?:chet|nguoi|qua)|dam (?:vao|nhau|trung|chet))",
    r"lat (?:xe|tau|ghe|thuyen)|(?:xe|tau|ghe|thuyen)(?: \w+)?(?: bi)? lat",
    # water, earth, electricity
    "duoi nuoc|(?:nuoc|lu) cuon|cuon troi|vui lap|(?:de|vui|lap) (?:trung )?nguoi",
    "dien giat|giat dien|sap (?:nha|cau|ham|tuong|gian giao)",
    "day (?:dien|cao the) (?:.{0,30} )?(?:dut|roi|nam (?:duoi|giua|tren))",
    "(?:dut|roi) day (?:dien|cao the)",
    # violence
    "(?:danh|oanh|uynh|quanh|dam) (?:nhau|lon)|au da|hanh hung|dam chem",
    "chem (?:nhau|nguoi|lon)|cuop|giat (?:do|tui|xe|vang|day chuyen|dien thoai)",
    "bao hanh|bao luc|hiep dam|cuong hiep|xam hai|dam o|bat coc",
    "(?:chong|cha|bo|ba|me)(?: (?:toi|em|con|chau|minh))? (?:hay )?(?:danh|dap) "
    "(?:dap )?(?:vo|con|me|toi|em)",
    r"bi (?:\w+ )?(?:danh|dam|chem|bat coc|khong che)"
    "(?! (?:gia|thue|dau|mat|sap|cap|dong|trung|rot))",
    "giet nguoi|doa (?:giet|chem)|cam (?:dao|hung khi|ma tau|sung)|ngao da",
    "(?:no|ban|co) sung|phong hoa|khung bo|(?:bom|qua) min|(?:qua|co|hien) bom|vat no",
    "luu dan|trom (?:vao|dot nhap)|dua xe",
    # life
    "tu tu (?:o|tai|roi)|(?:toi|em|minh|chau|con) (?:chi )?muon chet|^muon chet",
    "khong (?:muon|thiet) song|nhay (?:cau|lau|song)|mat tich",
    r"(?:tre|be|nguoi gia|ong cu|ba cu)(?: \w+)?(?: bi)?(?: di)? lac",
    "(?<!nghien )cuu (?:toi|em|voi|nguoi|chau|hoa)|cau cuu|keu cuu|^cuu$",
    # fire; "chảy" and "chạy" are taken out before
    "hoa hoan|dot nha|bao chay|no (?:binh|khi) ga[sz]?",
    "(?:ro ri|xi|ro) (?:khi )?ga[sz]?",
    "(?:dam|vu|boc|phat|bi) chay|chay (?:xe|cho) (?:roi|lon|o)(?! to)",
    "(?<!xe )(?<!nuoc )(?<!tai )chay (?:nha|rung|no|lon|kho|quan|ray)"
    "(?! (?:ao|qua toc|lan|am|nhanh|khan))",
    r"nha (?:\w+ ){0,3}dang chay|^chay(?: (?:roi|qua|lon|to|oi|nha))*$",
)
_FLOWS_OR_RUNS = re.compile(r"\bch[ảạ]y\b")


def fold(text: str) -> str:
    """Return a text in small letters, without accents, with single blanks."""
    return " ".join(strip_accents(compose(text)).lower().split())


def _calm(text: str) -> str:
    """Return a text with letters that are drawn out (``alooo``) once."""
    return re.sub(r"([^\W\d])\1{2,}", r"\1", text)


def count_words(text: str) -> int:
    return len(re.findall(r"\w+", text))


def _are_all(
    text: str, known: frozenset[str], core: frozenset[str], limit: int
) -> bool:
    words = re.findall(r"\w+|👍", _calm(fold(text)))
    if not words:
        return not re.search(r"\w", text)
    return len(words) <= limit and set(words) <= known and bool(set(words) & core)


def is_greeting(text: str) -> bool:
    """Return whether a message says no more than "hello, anybody there"."""
    return _are_all(text, _GREETING, _GREETING_CORE, 9)


def is_thanks(text: str) -> bool:
    """Return whether a message says no more than "thank you" or "all right"."""
    text = _HEARTS.sub("👍", text)
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
    composed = _calm(" ".join(compose(text).lower().split()))
    folded = fold(_FLOWS_OR_RUNS.sub("_", composed))
    return bool(
        _EMERGENCY.search(composed) or _EMERGENCY_FOLDED.search(folded.strip(" .,!?…"))
    )


def wants_person(text: str) -> bool:
    """Return whether somebody asks for a person."""
    return any(_PERSON.search(fold(line)) for line in text.splitlines())


def cut_person(text: str) -> str:
    """Return a text without the words that ask for a person."""
    lines = []
    for line in text.splitlines():
        words = line.split()
        for match in reversed(list(_PERSON.finditer(fold(line)))):
            # A folded text has its words at the same places
            start = len(fold(line)[: match.start()].split())
            del words[start : start + len(match[0].split())]
        lines.append(" ".join(words))
    rest = "\n".join(filter(None, lines)).strip(" ,.;:!?\n")
    return rest if re.search(r"\w", rest) else ""


def is_skip(text: str) -> bool:
    """Return whether somebody passes over a question: ``bỏ qua``, ``không có``."""
    is_name = any(one in compose(text) for one in _SKIP_NAMES)
    return not is_name and bool(_SKIP.match(fold(text).strip(" .!,")))


def is_cancel(text: str) -> bool:
    """Return whether somebody takes back what was written: ``huỷ``, ``gửi nhầm``."""
    return bool(_CANCEL.match(fold(text).strip(" .!,"))) and (
        fold(text).strip(" .!,") != "huy"
        or any(one in compose(text).lower() for one in _CANCEL_MARKED)
    )


def is_nod(text: str) -> bool:
    """Return whether a message answers nothing: ``dạ``, ``ok``, ``alo``."""
    words = re.findall(r"\w+", _calm(fold(text)))
    return set(words) <= _NOD or text.isascii() is False and not words


def asks_why(text: str) -> bool:
    """Return whether a short message asks why it is asked, or loses its patience."""
    return count_words(text) <= 8 and bool(_WHY.search(fold(text)))


def asks_who(text: str) -> bool:
    """Return whether somebody asks whether a person or a machine answers."""
    return bool(_WHO.search(fold(text)))


def wants_code_again(text: str) -> bool:
    """Return whether a one-time code did not arrive, or is asked for anew."""
    return bool(_SEND_AGAIN.search(fold(text)))


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
