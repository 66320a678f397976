"""Of which SMS a text is made (3GPP TS 23.038, 23.040), and a text without accents.

No Odoo.
"""

from odoo.addons.pakn_1022.tools.accents import strip_accents

from .gsm import count_places, is_gsm

# (alone, as a part of several): places of GSM, units of UCS-2
GSM_LENGTHS = (160, 153)
UCS2_LENGTHS = (70, 67)

# What is typed for these by whoever types without accents
PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "…": "..."})


def split_segments(text: str) -> list[str]:
    """Return the texts of the SMS that a text is sent as: at least one.

    No character is cut: not one of GSM with its escape, nor one that UCS-2 writes as a
    pair of surrogates. So a part may have a place left over.
    """
    if is_gsm(text):
        measure, (alone, part) = count_places, GSM_LENGTHS
    else:
        measure, (alone, part) = _count_units, UCS2_LENGTHS
    sizes = [measure(char) for char in text]
    if sum(sizes) <= alone:
        return [text]
    segments, start, length = [], 0, 0
    for place, size in enumerate(sizes):
        if length + size > part:
            segments.append(text[start:place])
            start, length = place, 0
        length += size
    return [*segments, text[start:]]


def count_segments(text: str) -> int:
    """Return of how many SMS a text is: at least one."""
    return len(split_segments(text))


def remove_accents(text: str) -> str:
    """Return a text as Vietnamese is typed without accents: ``Đã gửi`` → ``Da gui``."""
    return strip_accents(text.translate(PLAIN))


def _count_units(char: str) -> int:
    return 2 if char > "\uffff" else 1
