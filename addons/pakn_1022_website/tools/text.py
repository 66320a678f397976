"""What strangers write, made fit to be kept, searched and shown. Nothing of Odoo."""

import json
import re
import unicodedata

from markupsafe import Markup

from odoo.addons.pakn_1022.tools.accents import strip_accents

# Control characters but tab and line break, lone surrogates, and those that turn the
# direction of what follows
_BAD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)


def clean_text(value: object, length: int) -> str:
    """Return text of several lines, composed (NFC) and without control characters.

    :param value: what came in; anything but a string is no text
    :param length: characters kept at most
    """
    if not isinstance(value, str):
        return ""
    value = value[: length * 4].replace("\r\n", "\n").replace("\r", "\n")
    value = unicodedata.normalize("NFC", _BAD.sub("", value))
    return value.strip()[:length]


def clean_line(value: object, length: int) -> str:
    """Return text of one line; see :func:`clean_text`."""
    return " ".join(clean_text(value, length * 2).split())[:length]


def fold(text: str | None) -> str:
    """Return a text as words are compared: in small letters and without accents."""
    return strip_accents((text or "").lower())


def split_words(text: str, most: int | None = None) -> list[str]:
    """Return the different words of a text in lower case, ``most`` of them at most."""
    words = re.findall(r"\w+", text.lower().replace("_", " "))
    return list(dict.fromkeys(words))[:most]


def excerpt(text: str | None, length: int) -> str:
    """Return the beginning of a text in one line, of whole words."""
    text = " ".join((text or "").split())
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"


def first_sentence(text: str, length: int) -> str:
    """Return the first sentence of a text as a title of at most ``length``."""
    line = text.strip().split("\n", 1)[0]
    sentence = re.split(r"(?<=[.!?…;])\s", line, maxsplit=1)[0].strip(" .;,")
    if len(sentence) <= length:
        return sentence
    return sentence[: length - 1].rsplit(" ", 1)[0].rstrip(" ,.;") + "…"


def parse_number(value: object, low: float, high: float) -> float | None:
    """Return a number between two others, or ``None``; ``nan`` is none."""
    try:
        number = float(str(value).strip().replace(",", "."))
    except (TypeError, ValueError, OverflowError):
        return None
    return number if low <= number <= high else None


def parse_id(value: object) -> int:
    """Return a database id given from outside, or 0."""
    text = str(value or "").strip()
    if not re.fullmatch(r"[0-9]{1,9}", text):
        return 0
    return int(text)


def to_json_in_page(content: object) -> Markup:
    """Return data as it may stand in a script element of a page."""
    text = json.dumps(content, ensure_ascii=False)
    # User text may hold "</script>": no mark-up stands in it as such
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)
