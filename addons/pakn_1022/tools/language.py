"""Does a text look Vietnamese (Art. 8.1)? Advice for the operator, never a gate."""

import re

from .accents import compose

# The commonest words of Vietnamese, with and without accents: many citizens type
# without, and an unaccented text is Vietnamese all the same.
_COMMON = frozenset(
    [
        "toi",
        "tôi",
        "chung",
        "chúng",
        "khong",
        "không",
        "nguoi",
        "người",
        "duong",
        "đường",
        "nuoc",
        "nước",
        "dien",
        "điện",
        "xin",
        "kinh",
        "kính",
        "de",
        "nghi",
        "đề",
        "nghị",
        "va",
        "và",
        "cua",
        "của",
        "la",
        "là",
        "co",
        "có",
        "bi",
        "bị",
        "cho",
        "duoc",
        "được",
        "tai",
        "tại",
        "nha",
        "nhà",
        "dan",
        "dân",
        "xa",
        "xã",
        "phuong",
        "phường",
        "thon",
        "thôn",
        "lang",
        "làng",
        "da",
        "đã",
        "chua",
        "chưa",
        "nay",
        "này",
        "o",
        "ở",
        "voi",
        "với",
        "trong",
        "ngay",
        "ngày",
        "may",
        "mấy",
        "nhieu",
        "nhiều",
        "lam",
        "làm",
        "gi",
        "gì",
        "nao",
        "nào",
        "hoi",
        "hỏi",
        "phan",
        "anh",
        "phản",
        "ánh",
        "kien",
        "kiến",
        "ho",
        "hộ",
        "rac",
        "rác",
        "den",
        "đèn",
    ]
)
_VIETNAMESE_ONLY = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")


def looks_vietnamese(text: str | None) -> bool:
    """Return whether ``text`` (plain text) is likely Vietnamese.

    One in fifty letters that only Vietnamese has, or one word in six among the
    commonest Vietnamese words, is taken for enough.
    """
    text = compose(text or "").lower()
    words = re.findall(r"[^\W\d_]+", text)
    if not words:
        return False
    letters = sum(map(len, words))
    if len(_VIETNAMESE_ONLY.findall(text)) * 50 >= letters:
        return True
    return sum(word in _COMMON for word in words) * 6 >= len(words)
