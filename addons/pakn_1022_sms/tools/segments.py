"""How long a text is as SMS (3GPP TS 23.038), and a text without accents. No Odoo."""

from odoo.addons.pakn_1022.tools.accents import strip_accents

GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Two places each
GSM_EXTENDED = set("^{}\\[~]|€")
# (alone, as a part of several)
GSM_LENGTHS = (160, 153)
UCS2_LENGTHS = (70, 67)

# What is typed for these by whoever types without accents
PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "…": "..."})


def is_gsm(text: str) -> bool:
    """Return whether a text fits the alphabet of GSM, 7 bits a character."""
    return all(char in GSM or char in GSM_EXTENDED for char in text)


def count_segments(text: str) -> int:
    """Return of how many SMS a text is: at least one."""
    if is_gsm(text):
        length = sum(2 if char in GSM_EXTENDED else 1 for char in text)
        alone, part = GSM_LENGTHS
    else:
        length = len(text.encode("utf-16-be")) // 2
        alone, part = UCS2_LENGTHS
    return 1 if length <= alone else -(-length // part)


def remove_accents(text: str) -> str:
    """Return a text as Vietnamese is typed without accents: ``Đã gửi`` → ``Da gui``."""
    return strip_accents(text.translate(PLAIN))
