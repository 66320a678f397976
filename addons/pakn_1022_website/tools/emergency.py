"""Words that sound like danger to life: whoever writes them should call first.

Nothing of Odoo. "Cháy" without its accents may be "chạy" or "chảy", so single words
count with their accents, and without them in phrases alone.
"""

import re
import unicodedata

# number -> what is said with accents, what is said without
SIGNS = {
    "114": (
        r"\bcháy\b|hỏa hoạn|hoả hoạn|đuối nước|mắc kẹt|sập nhà|rò rỉ ga",
        r"\b(chay nha|chay rung|dam chay|boc chay|dang chay lon|hoa hoan|duoi nuoc)\b",
    ),
    "115": (
        r"bất tỉnh|ngất xỉu|ngừng thở|đột quỵ|điện giật|bị thương nặng|cấp cứu",
        r"\b(bat tinh|ngung tho|dot quy|dien giat|bi thuong nang|cap cuu)\b",
    ),
    "113": (
        r"\bcướp\b|đâm chém|chém nhau|hành hung|bắt cóc|đe dọa giết|\bbạo hành\b",
        r"\b(dam chem|chem nhau|hanh hung|bat coc|bao hanh)\b",
    ),
}
# A lamp that burnt out is no fire
HARMLESS = re.compile(
    r"(bóng|đèn|cầu chì|máy bơm|motor|mô tơ)[^.;,]{0,30}\bcháy\b"
    r"|\bcháy (bóng|đèn|cầu chì|máy|motor|mô tơ)"
)

_SIGNS = {
    number: (re.compile(accented), re.compile(plain))
    for number, (accented, plain) in SIGNS.items()
}


def find_numbers(text: str) -> list[str]:
    """Return the numbers to call before anything is written, most likely one first."""
    text = HARMLESS.sub(" ", unicodedata.normalize("NFC", text).lower())
    return [
        number
        for number, (accented, plain) in _SIGNS.items()
        if accented.search(text) or plain.search(text)
    ]
