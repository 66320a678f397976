"""A title made of a text, when nobody has written one. No Odoo."""

import re

LONGEST = 80

# How callers begin, which says nothing of the matter
_GREETING = re.compile(
    r"^(?:(?:dạ|alo|a lô|kính gửi[^,.:]*|xin chào"
    r"|chào (?:anh|chị|em|tổng đài|quý cơ quan))"
    r"[\s,.!:]+)+",
    re.IGNORECASE,
)
# A stop ends a sentence; in 1.500 or TP.Pleiku it does not
_END = re.compile(r"(?<=\w\w)[.!?;](?=\s|$)|\n")


def make_title(text: str | None, longest: int = LONGEST) -> str:
    """Return the first sentence of a text, cut at a word where it is too long.

    :param longest: characters, the ellipsis among them
    :return: begins with a capital letter and ends without a stop; empty for no text
    """
    text = _GREETING.sub("", (text or "").strip())
    first = next((part for part in _END.split(text) if part and part.strip()), "")
    title = " ".join(first.split()).rstrip(" ,.:;-")
    if len(title) > longest:
        title = title[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,.:;-") + "…"
    return title[:1].upper() + title[1:]
