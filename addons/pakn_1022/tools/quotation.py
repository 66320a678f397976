"""What a citizen's answer says, without the mail that it quotes. Nothing of Odoo.

A mail program puts the older mail below the answer or around it, marked by ``>``, by
a line such as *Vào … đã viết:* or by a head of *Từ: … Đã gửi: …*. Where the mark is a
head alone, nothing tells where the older mail ends: there a line is a quotation if it
stands in what was written before, which the caller knows. What is not surely a
quotation stays.
"""

import re
from typing import NamedTuple

# Between two pieces of an answer, for what was left out
GAP = "[…]"

_MARKED = re.compile(r"^\s*[>›|]")
_MARKS = re.compile(r"^[\s>›|]+")
_WORD = re.compile(r"\w+")

# "On …, X wrote:", "Vào …, X đã viết:": perhaps broken into several lines
_WROTE = re.compile(
    r"(?:\bwrote|\bđã viết|\bda viet|\bviết|\bschrieb|\ba écrit)\s*:?\s*$", re.I
)
_ON = re.compile(
    r"^\W*(?:on|vào|vao|lúc|ngày|ngay|am|le|thứ|th \d|t\d|cn,|\d{1,2}[:h/.-]\d{1,2})\b",
    re.I,
)
_WHEN = re.compile(
    r"\d{1,2}[:h]\d{2}|\b(?:19|20)\d{2}\b|<[^<>\s]+@[^<>\s]+>|\d+/\d+/\d+"
)
_WROTE_LINES = 4

# What stands before the words is looked at apart (``_is_separator``): a line of 100,000
# dashes can be divided in too many ways.
_ORIGINAL = re.compile(
    r"^([\W_]*)(?:original message|thư gốc|tin nhắn gốc|tin gốc|"
    r"thông điệp gốc|thông báo gốc|email gốc|trích dẫn|reply message|nội dung thư gốc)",
    re.I,
)
_DASHES = frozenset("-_=*")
_RULE = re.compile(r"^\s*[-_=]{5,}\s*$")
# What was sent on belongs to what the citizen says.
_FORWARDED = re.compile(
    r"^\W*(?:forwarded message|begin forwarded message|thư đã chuyển tiếp|"
    r"thư chuyển tiếp|tin nhắn được chuyển tiếp|tin nhắn chuyển tiếp|"
    r"bắt đầu thư được chuyển tiếp|bắt đầu tin nhắn được chuyển tiếp|"
    r"thư được chuyển tiếp)",
    re.I,
)
_LABELS = {
    "from": "from|từ|người gửi|gửi từ|tu|nguoi gui|von|de",
    "sent": "sent|date|đã gửi|ngày gửi|ngày|gửi lúc|thời gian|gửi vào|da gui|ngay gui|"
    "gesendet|ngay",
    "to": "to|đến|tới|người nhận|gửi đến|gửi tới|den|nguoi nhan|an",
    "cc": "cc|bcc|đồng gửi|đồng kính gửi",
    "subject": "subject|chủ đề|tiêu đề|chủ đề thư|chu de|tieu de|về việc|betreff",
}
_LABEL = re.compile(
    r"^[\s>›|*_]*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items())
    + r")[\s*_]*:",
    re.I,
)
_HEAD_LINES = 12
# What share of a region's words the caller must know to take it for what was written
_SHARE = 0.6
_LINE_SHARE = 0.7


class Answer(NamedTuple):
    """What somebody says anew.

    :ivar text: without quotations; with all of them if nothing else is there
    :ivar left_out: the lines that were taken for quotations
    """

    text: str
    left_out: str


def split_answer(text: str, known: str | None = None) -> Answer:
    """Return what an answer says and what it quotes.

    :param text: the words of a mail; quotations in pages begin with ``>``
    :param known: all that was written before, of both sides; ``None``: not known
    """
    lines = text.replace("\r\n", "\n").split("\n")
    kinds = _mark(lines)
    grams = None if known is None else _Grams(known)
    answers = _decide(lines, kinds, grams)
    kept, cut, gap = [], [], False
    for line, is_answer in zip(lines, answers, strict=True):
        if is_answer:
            if line.strip():
                if gap and any(map(str.strip, kept)):
                    kept.append(GAP)
                gap = False
            kept.append(_MARKS.sub("", line) if _MARKED.match(line) else line)
        else:
            cut.append(line)
            gap = True
    answer = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    left_out = "\n".join(cut).strip()
    if not _WORD.search(answer):
        # Nothing but quotations: better too much than nothing
        return Answer(text.strip(), "")
    return Answer(answer, left_out)


# What a line is
_OWN, _HEAD, _QUOTED, _OPEN = range(4)


def _mark(lines: list[str]) -> list[int]:
    """Return what each line is: own, head of a quotation, marked, or after a head."""
    kinds = [_OWN] * len(lines)
    number, is_open = 0, False
    while number < len(lines):
        line = lines[number]
        if _FORWARDED.match(line) and not _MARKED.match(line):
            break
        length = _measure_head(lines, number)
        if length:
            kinds[number : number + length] = [_HEAD] * length
            number += length
            marked = next(
                (lines[n] for n in range(number, len(lines)) if lines[n].strip()), ""
            )
            is_open = is_open or not _MARKED.match(marked)
            continue
        if _MARKED.match(line):
            kinds[number] = _QUOTED
        elif is_open:
            kinds[number] = _OPEN
        number += 1
    return kinds


def _measure_head(lines: list[str], number: int) -> int:
    """Return of how many lines the head of a quotation that begins here is."""
    line = lines[number]
    if not line.strip():
        return 0
    start = number
    if _is_separator(_MARKS.sub("", line)):
        return 1 + _measure_labels(lines, number + 1, need=1)
    if _RULE.match(line):
        length = _measure_labels(lines, number + 1, need=3)
        return length and length + 1
    length = _measure_labels(lines, start, need=3)
    return length or _measure_wrote(lines, start)


def _is_separator(line: str) -> bool:
    """Return whether a line says *original message* behind two dashes or more."""
    match = _ORIGINAL.match(line)
    before = match[1].rstrip()[-2:] if match else ""
    return len(before) == 2 and _DASHES.issuperset(before)


def _measure_labels(lines: list[str], start: int, need: int) -> int:
    """Return how many lines of ``From: … Sent: … Subject: …`` stand here."""
    found, last, number = set(), start, start
    while number < len(lines) and number - start < _HEAD_LINES:
        line = lines[number]
        match = _LABEL.match(line)
        if match:
            if match.lastgroup in found:
                break
            found.add(match.lastgroup)
            last = number + 1
        elif line.strip() and (number - last >= 1 or not found):
            # A long list of recipients goes on in the next line, no more.
            break
        number += 1
    if len(found) < need or (found and "from" not in found):
        return 0
    if need > 1 and not found & {"sent", "subject"}:
        return 0
    return last - start


def _measure_wrote(lines: list[str], start: int) -> int:
    """Return of how many lines ``On …, X wrote:`` is that begins here."""
    first = _MARKS.sub("", lines[start])
    if not _ON.match(first):
        return 0
    joined = ""
    for length, line in enumerate(lines[start : start + _WROTE_LINES], start=1):
        if not line.strip() and length > 1:
            return 0
        joined = f"{joined} {_MARKS.sub('', line).strip()}"
        if len(joined) > 400:
            return 0
        if _WROTE.search(joined):
            return length if _WHEN.search(joined) else 0
    return 0


def _decide(lines: list[str], kinds: list[int], grams: "_Grams | None") -> list[bool]:
    """Return of each line whether it is the answer's."""
    answers = [kind == _OWN for kind in kinds]
    above = any(
        line.strip() for line, kind in zip(lines, kinds, strict=True) if kind == _OWN
    )
    for kind in (_QUOTED, _OPEN):
        places = [number for number, found in enumerate(kinds) if found == kind]
        if not places:
            continue
        if grams is None:
            if kind == _OPEN and not above:
                for number in places:
                    answers[number] = True
            continue
        words = {
            number: _WORD.findall(_MARKS.sub("", lines[number]).lower())
            for number in places
        }
        old = {number for number in places if grams.has(words[number])}
        count = sum(map(len, words.values()))
        share = sum(len(words[number]) for number in old) / count if count else 1
        if share >= _SHARE:
            new = [n for n in places if words[n] and n not in old]
        else:
            new = places if kind == _OPEN else []
        for number in new:
            answers[number] = True
    return answers


class _Grams:
    """The sequences of one, two and three words in what was written before."""

    def __init__(self, text: str) -> None:
        words = _WORD.findall(text.lower())
        self.known: set[tuple[str, ...]] = set()
        for size in (1, 2, 3):
            self.known.update(zip(*(words[n:] for n in range(size)), strict=False))

    def has(self, words: list[str]) -> bool:
        """Return whether a line stands there; lines are broken elsewhere in it."""
        if not words:
            return True
        size = min(3, len(words))
        grams = list(zip(*(words[n:] for n in range(size)), strict=False))
        return sum(gram in self.known for gram in grams) >= _LINE_SHARE * len(grams)


# ----------------------------------------------------------------
# KEYS
# ----------------------------------------------------------------

# Keys of ours in addresses, also in those that a mail filter wrapped
_KEYS = re.compile(
    r"((?<![a-z])(?:access_)?token(?:=3D|=|%3D|&#61;)|(?:/|%2F)rate(?:/|%2F)|"
    r"(?:/|%2F)t(?:/|%2F)(?=[A-Za-z0-9]{10}\b))[A-Za-z0-9._~-]{5,}",
    re.I,
)
HIDDEN = "***"


def hide_keys(text: str) -> str:
    """Return a text whose links open nothing: who reads an answer is not its writer."""
    return _KEYS.sub(lambda match: match[1] + HIDDEN, text)
