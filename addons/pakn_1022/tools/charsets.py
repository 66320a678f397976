"""What bytes say: character sets of Vietnamese mail. Nothing of Odoo.

Old programs of offices still write TCVN3 (fonts .Vn…), VNI and VISCII, and many mails
name a set that is not theirs. Python knows windows-1258 alone of them, and the
libraries that find out sets know none, so the tables stand here:

* TCVN 5712:1993 (VN1), as in the charmap ``TCVN5712-1`` of the GNU C library;
* VISCII, RFC 1456;
* VNI Windows: a mark is a letter of windows-1252 after its vowel.
"""

import codecs
import re
import unicodedata
from typing import NamedTuple

import chardet

from .accents import compose
from .syllables import is_syllable

# Bytes 0x80 to 0xFF; what precedes them, but for some controls, is ASCII
_TCVN = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN_CONTROLS = dict(
    zip(
        b"\x01\x02\x04\x05\x06\x11\x12\x13\x14\x15\x16\x17", "ÚỤỪỬỮỨỰỲỶỸÝỴ", strict=True
    )
)
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_CONTROLS = dict(zip(b"\x02\x05\x06\x14\x19\x1e", "ẲẴẪỶỸỴ", strict=True))
# The mark that a letter of windows-1252 is after a vowel: circumflex, breve, tones
_VNI_MARKS = {
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_VOWELS = "aeiouyAEIOUY"
_VNI = re.compile(
    "([{}])([{}])|([ôöÔÖ])([ùøûõïÙØÛÕÏ])|([{}])".format(
        _VNI_VOWELS,
        "".join(_VNI_MARKS) + "".join(_VNI_MARKS).upper(),
        "".join(_VNI_ALONE) + "".join(_VNI_ALONE).upper(),
    )
)

# Names by which the sets are declared
_ALIASES = {
    "viscii": "viscii",
    "viscii1.1-1": "viscii",
    "csviscii": "viscii",
    "tcvn": "tcvn",
    "tcvn3": "tcvn",
    "tcvn-5712": "tcvn",
    "tcvn5712-1": "tcvn",
    "tcvn-5712-1": "tcvn",
    "abc": "tcvn",
    "vni": "vni",
    "vni-windows": "vni",
    "vni-win": "vni",
}
# Single bytes that every sequence is good for: declared, they say little
_WESTERN = {"iso8859-1", "cp1252", "iso8859-15", "latin-1", "ascii", "cp1258"}
_DOUBLE_BYTE = re.compile(
    r"gb|big5|shift_jis|cp932|euc|cp949|johab|iso2022|hz|utf-(?:7|16|32)"
)
_LEGACY = ("cp1258", "tcvn3", "tcvn", "viscii", "vni")

_SAMPLE = 60_000
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_TELLING = re.compile(rb"[^\n\x80-\xff]{0,200}[\x80-\xff][^\n]{0,2000}")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_WORDS = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
# What stands beside a letter where a set is read wrongly: signs, no punctuation
_SIGN = "[¢-ª¬-º¼-¿×÷†‡ˆ‰ƒ„™˜]"
_BROKEN = re.compile(rf"[^\W\d_]{_SIGN}|{_SIGN}[^\W\d_]")
_CASE = re.compile(r"[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ]|[^\W\d_]\ufffd|\ufffd[^\W\d_]")


class Decoded(NamedTuple):
    """A text and how it was found.

    :ivar charset: the set by which it was read
    :ivar is_sure: all of it could be read
    """

    text: str
    charset: str
    is_sure: bool


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Return what bytes say, composed (NFC) and without characters that are none.

    What is declared counts where the bytes fit it and it is not a set that fits
    everything; then UTF-8 where they are that; then what gives the most syllables of
    Vietnamese; then what is known of other languages.

    :param data: of any length; time grows with it and no faster
    :param declared: the name of the set as it came
    """
    name = _find_name(declared)
    if _is_ascii(data) and not (name and _DOUBLE_BYTE.search(name)):
        return _finish(data.decode("ascii"), "us-ascii")
    if name and _DOUBLE_BYTE.search(name):
        text = _try(data, name)
        if text is not None:
            other = _try(data, "utf-8")
            if other is None or other.isascii() or score(other) <= score(text):
                return _finish(text, name)
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _finish(data.decode("utf-16", "replace"), "utf-16")
    text = _try(data, "utf-8-sig")
    if text is not None and "\0" not in text:
        meant = repair(text)
        return _finish(meant, "utf-8" if meant is text else "repaired")
    if data[:_SAMPLE].count(0) * 5 > len(data[:_SAMPLE]):
        little = data[1:_SAMPLE:2].count(0) > data[0:_SAMPLE:2].count(0)
        charset = "utf-16-le" if little else "utf-16-be"
        return _finish(data.decode(charset, "replace"), charset)
    return _detect(data, name)


def score(text: str) -> float:
    """Return how many words of a text with marks are Vietnamese, less those not."""
    words = [word for word in _WORDS.findall(text[:_SAMPLE]) if not word.isascii()]
    good = sum(map(is_syllable, words[:2000]))
    bad = len(words[:2000]) - good
    bad += len(_BROKEN.findall(text[:_SAMPLE]))
    bad += len(_CONTROLS.findall(text[:_SAMPLE])) + text[:_SAMPLE].count("\ufffd")
    return good - 1.5 * bad


def _detect(data: bytes, name: str | None) -> Decoded:
    """Return the best reading of bytes that are neither as declared nor UTF-8."""
    # A break within UTF-8 leaves the rest of it whole.
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * 8 <= len(_NOT_ASCII.findall(text[:_SAMPLE])):
        return _finish(text, "utf-8")
    sample = _take_sample(data)
    charsets = ["cp1252", *_LEGACY]
    if name and name not in charsets:
        charsets.insert(0, "cp1252" if name == "ascii" else name)
    # The first of equals: as declared, then as the West writes
    scores = {
        charset: score(_read(sample, charset)) + (0.5 if charset == name else 0)
        for charset in charsets
    }
    best = max(scores, key=scores.get)
    if scores[best] <= 0 and best != name:
        guess = chardet.detect(sample[:4096])
        found = guess["encoding"] and _find_name(guess["encoding"])
        if found and guess["confidence"] > 0.8 and found not in scores:
            text = _try(data, found)
            if text is not None:
                return _finish(text, found)
    return _finish(_read(data, best), best)


def _take_sample(data: bytes) -> bytes:
    """Return the lines that tell something, up to a length."""
    lines, length = [], 0
    for match in _TELLING.finditer(data):
        lines.append(match[0])
        length += len(match[0])
        if length > _SAMPLE:
            break
    return b"\n".join(lines)[:_SAMPLE]


def repair(text: str) -> str:
    """Return a text typed in a font of TCVN3 or VNI, or read wrongly, as it was meant.

    Such a text is good Unicode of the wrong letters: ``§Ìn ®­êng``, ``Kính göûi``,
    ``KÃ­nh gá»­i``.
    """
    if text.isascii():
        return text
    before = score(text)
    if before > 0:
        return text
    try:
        data = text.translate(_TO_BYTES).encode("latin-1")
    except UnicodeEncodeError:
        return text
    readings = [_try(data, "utf-8")]
    readings += [_read(data, charset) for charset in ("tcvn3", "vni", "viscii")]
    best = max((found for found in readings if found), key=score, default=text)
    # Several words must say so: a name from abroad is no font.
    return best if score(best) >= 3 and score(best) > before + 3 else text


def _finish(text: str, charset: str) -> Decoded:
    """Return a :class:`Decoded` whose text can be stored, and whether it is sure."""
    text = _SURROGATES.sub("\ufffd", text.removeprefix("\ufeff"))
    if charset not in ("us-ascii", "utf-8") or not text.isprintable():
        text = _CONTROLS.sub("", text)
    text = compose(text)
    return Decoded(text, charset, not _is_garbled(text))


def _is_garbled(text: str) -> bool:
    """Return whether a reader would stumble: signs within words, letters missing."""
    if text.isascii():
        return False
    if "\ufffd" in text:
        return True
    sample = text[:_SAMPLE]
    words = [word for word in _WORDS.findall(sample) if not word.isascii()]
    broken = len(_BROKEN.findall(sample))
    broken += sum(bool(_CASE.search(word)) for word in words)
    return broken >= 2 and broken * 5 > len(words)


def _find_name(declared: str | None) -> str | None:
    """Return Python's or our own name of a set, ``None`` for one nobody knows."""
    text = (declared or "").strip("\"' ").lower()
    text = re.sub(r"[\s_]+", "-", text)
    known = _ALIASES.get(text.removeprefix("x-")) or _ALIASES.get(text)
    if known:
        return known
    try:
        info = codecs.lookup(text)
    except (LookupError, ValueError, UnicodeError):
        return None
    # Codecs such as rot13 and zlib make no text of bytes.
    return info.name if getattr(info, "_is_text_encoding", True) else None


def _is_ascii(data: bytes) -> bool:
    return data.isascii() and not any(byte in data for byte in b"\0\x1b")


def _try(data: bytes, charset: str) -> str | None:
    """Return the text, ``None`` if the bytes do not fit."""
    try:
        return data.decode(charset)
    except (UnicodeError, LookupError, ValueError):
        return None


def _read(data: bytes, charset: str) -> str:
    """Return the text in a set of ours or of Python's."""
    if charset == "vni":
        return _read_vni(data.decode("cp1252", "replace"))
    if charset in _TABLES:
        return unicodedata.normalize(
            "NFC", data.decode("latin-1").translate(_TABLES[charset])
        )
    if charset == "cp1258":
        return unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    return data.decode(charset, "replace")


def _read_vni(text: str) -> str:
    def place(match: re.Match) -> str:
        vowel, mark, horned, tone, alone = match.groups()
        if vowel:
            return vowel + _VNI_MARKS[mark.lower()]
        letter = (horned or alone).lower()
        found = _VNI_ALONE[letter] + (_VNI_MARKS[tone.lower()] if tone else "")
        return found.upper() if (horned or alone).isupper() else found

    return unicodedata.normalize("NFC", _VNI.sub(place, text))


def _make_table(letters: str, controls: dict[int, str]) -> dict[int, str]:
    return {**controls, **dict(enumerate(letters, start=0x80))}


# The fonts leave 0x80 to 0x9F to the quotation marks and dashes of windows-1252.
_PUNCTUATION = bytes(range(0x80, 0xA0)).decode("cp1252", "replace")
# What a letter of windows-1252 was as a byte
_TO_BYTES = {
    ord(char): byte
    for byte, char in enumerate(_PUNCTUATION, start=0x80)
    if char != "\ufffd"
}
_TABLES = {
    "tcvn": _make_table(_TCVN, _TCVN_CONTROLS),
    "tcvn3": _make_table(_PUNCTUATION + _TCVN[32:], {}),
    "viscii": _make_table(_VISCII, _VISCII_CONTROLS),
}
