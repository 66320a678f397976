"""Words that ask for the police, the fire brigade or an ambulance. No Odoo.

The hotline is none of them (Art. 6): who hears such words tells the caller at once to
call 113, 114 or 115. A list of words only advises; the operator decides.
"""

import re

from .accents import compose, strip_accents

POLICE, FIRE, AMBULANCE = "113", "114", "115"

# Number -> phrases as people say them. Short ones count with their accents alone.
_PHRASES: dict[str, tuple[str, ...]] = {
    POLICE: (
        *("đánh nhau", "chém nhau", "đâm chém", "hành hung", "bạo hành", "đánh đập"),
        *("cướp giật", "bị cướp", "bị giết", "dọa giết", "đe dọa giết", "giết người"),
        *("bắt cóc", "hiếp dâm", "xâm hại", "đang trộm", "kẻ trộm đang", "cầm dao"),
        *("có súng", "nổ súng", "gây rối"),
    ),
    FIRE: (
        *("cháy nhà", "đang cháy", "bốc cháy", "cháy lớn", "cháy rừng", "cháy xe"),
        *("hỏa hoạn", "hoả hoạn", "đám cháy", "rò rỉ gas", "xì gas", "nổ bình gas"),
        *("mắc kẹt", "sập nhà", "sập cầu", "vùi lấp", "đuối nước", "chết đuối"),
        *("lũ cuốn", "nước cuốn"),
    ),
    AMBULANCE: (
        *("cấp cứu", "bất tỉnh", "ngừng thở", "khó thở", "co giật", "đột quỵ"),
        *("tai nạn giao thông", "bị tai nạn", "chảy máu", "ngộ độc", "điện giật"),
        *("bị thương", "ngất xỉu", "rắn cắn", "tự tử", "tự sát", "đuối nước"),
    ),
}
# What sounds alike and is daily business: a bulb that burnt out, a former fire
_HARMLESS = (
    *("bóng đèn đang cháy", "phòng cháy", "chống cháy", "khoa cấp cứu"),
    *("phòng cấp cứu", "xe cấp cứu", "đường cấp cứu", "bảng cấp cứu"),
)


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    found = "|".join(re.escape(phrase) for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)")


_FIND = {number: _pattern(phrases) for number, phrases in _PHRASES.items()}
_FIND_PLAIN = {
    number: _pattern(
        tuple(strip_accents(phrase) for phrase in phrases if len(phrase) >= 8)
    )
    for number, phrases in _PHRASES.items()
}
_REMOVE = _pattern(_HARMLESS)


def find_emergency(text: str | None) -> list[str]:
    """Return which numbers a text asks for, ``113`` before ``114`` before ``115``.

    Texts typed without accents are read too, by longer phrases alone, which mean one
    thing only.
    """
    text = " ".join(compose(text or "").lower().split())
    patterns = _FIND if not text.isascii() else _FIND_PLAIN
    text = _REMOVE.sub(" ", text)
    return [number for number, pattern in patterns.items() if pattern.search(text)]
