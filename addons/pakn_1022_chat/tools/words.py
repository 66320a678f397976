"""What a citizen's message is, by its words alone. Nothing of Odoo.

People write to a chat without accents, in pieces and in slang; so texts are compared
folded: small letters without accents. Where accents alone tell words apart (cháy burns,
chảy flows) they are asked for, or the words beside.
"""

import re

from odoo.addons.pakn_1022.tools.accents import compose, strip_accents


def find_any(*patterns: str) -> re.Pattern[str]:
    """Return what finds any of some patterns, as whole words."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


def to_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


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

# Said before an answer, or in its stead
_NOD = to_set(
    """
    ok oke okie oki okey okela da vang u uh um uhm uk a ah nhe nha ad cam on roi thanks
    thank you tks tk alo hello helo hi hey oi xin chao 1022
    """
)
_GREETING = to_set(
    """
    alo hello helo hi hey chao xin ad admin oi a ah anh chi em ban 1022 tong dai co
    ai khong ko k cho hoi minh toi voi nhe nha da vang e shop duoc chut ti tin gi
    the day truc may bac chu u ơi o vay muon can giup hallo lo he hu hu do rep di tra
    loi kinh quy quan buoi sang trua chieu toi test thu ib inbox ty xiu sao nguoi
    """
)
_GREETING_CORE = to_set(
    """
    alo hello helo hi hey chao oi ai hoi ad admin 1022 hallo lo hu rep test ib inbox
    """
)
_THANKS = to_set(
    """
    cam on thanks thank you tks ok oke okie okla vang da duoc roi ro nhe nha ad
    nhieu a hieu biet tot qua em anh chi ban minh u uh um 👍 lam oki okey okela uk uhm
    tuyet voi hihi haha hehe bye tam rat hai long khong co gi tong dai ty cac
    """
)
_THANKS_CORE = to_set(
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
_EMERGENCY_FOLDED = find_any(
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
