"""How long a text is as SMS (3GPP TS 23.038), and a text without accents. No Odoo."""

import unicodedata

GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Two places each
GSM_EXTENDED = set("^{}\\[~]|€")
# (alone, as a part of several)
GSM_LENGTHS = (160, 153)
UCS2_LENGTHS = (70, 67)

PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "…": "..."}
)


def is_gsm(text):
    """Return whether a text fits the alphabet of GSM, 7 bits a character."""
    return all(char in GSM or char in GSM_EXTENDED for char in text)


def count_segments(text):
    """Return of how many SMS a text is: at least one."""
    if is_gsm(text):
        length = sum(2 if char in GSM_EXTENDED else 1 for char in text)
        alone, part = GSM_LENGTHS
    else:
        length = len(text.encode("utf-16-be")) // 2
        alone, part = UCS2_LENGTHS
    return 1 if length <= alone else -(-length // part)


def remove_accents(text):
    """Return a text as Vietnamese is typed without accents: ``Đã gửi`` → ``Da gui``."""
    decomposed = unicodedata.normalize("NFD", text.translate(PLAIN))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
