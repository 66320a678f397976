"""Read what a database of others answers: find, word and shape its values. No Odoo.

An answer is what JSON gives: dicts, lists and scalars. A path names a value of it, as
``data.items.0.status``; of a list without a number the first one is meant.
"""

import json
import re
from datetime import datetime, timedelta, timezone

from odoo.addons.pakn_1022.tools.province import ZONE
from odoo.addons.pakn_1022.tools.storable import make_storable

# Of a code that is looked up
MOST_LETTERS = 60
_CODE = re.compile(rf"[\w./-]{{3,{MOST_LETTERS}}}")
_DAY_FIRST = re.compile(
    r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ T](\d{1,2}):(\d{2})(?::\d{2})?)?"
)
_TICKS = re.compile(r"/Date\((-?\d{1,16})(?:[+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Levels of an answer that are looked into
DEEPEST = 40


def parse_json(body: bytes):
    """Return what a body of JSON says.

    :raise ValueError: it is none, or one that is nested to do harm
    """
    try:
        return json.loads(body)
    except RecursionError as error:
        raise ValueError("too deep") from error


def find(answer, path: str | None):
    """Return the value at a path, None where there is none."""
    for part in re.split(r"[.\[\]]+", path or ""):
        if not part:
            continue
        if isinstance(answer, list):
            number = int(part) if part.isdecimal() and len(part) < 6 else 0
            answer = answer[number] if number < len(answer) else None
            if part.isdecimal():
                continue
        answer = answer.get(part) if isinstance(answer, dict) else None
    return answer


def find_record(answer, path: str | None):
    """Return the record an answer holds, None where it says that there is none."""
    found = find(answer, path)
    if isinstance(found, list):
        found = found[0] if found else None
    if isinstance(found, str):
        # A record packed as text, as services of .NET give it
        try:
            found = parse_json(found.encode())
        except ValueError:
            return None
        return find_record(found, None)
    return found if isinstance(found, dict) and found else None


def read_words(text: str | None) -> dict[str, str]:
    """Return ``{value: words}`` of lines such as ``1 = Đang xử lý``."""
    pairs = (line.partition("=") for line in (text or "").splitlines() if "=" in line)
    return {value.strip(): words.strip() for value, _sign, words in pairs}


def to_text(value, kind: str = "text", words: dict[str, str] | None = None) -> str:
    """Return a value as people read it, empty for none.

    :param kind: ``text``, ``date``, ``datetime`` or ``money``; a value that is not of
        its kind is shown as it came
    :param words: what stands for its values
    """
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        texts = [to_text(one, kind, words) for one in value[:20]]
        return ", ".join(filter(None, texts))
    if isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = " ".join(make_storable(str(value)).split())[:500]
    if words and text in words:
        return words[text]
    if kind in ("date", "datetime"):
        moment = parse_moment(value)
        form = "%d/%m/%Y" if kind == "date" else "%H:%M %d/%m/%Y"
        return moment.strftime(form) if moment else text
    if kind == "money" and re.fullmatch(r"-?\d{1,15}(\.\d+)?", text):
        return f"{round(float(text)):,}".replace(",", ".") + " đ"
    return text


def parse_moment(value) -> datetime | None:
    """Return a date or moment, as the clock of Gia Lai has it, None for no such.

    Reads ISO 8601, ``31/12/2026``, ``31/12/2026 08:00``, ``/Date(ms)/``, and numbers:
    milliseconds since 1970.
    """
    text = str(value).strip()
    ticks = _TICKS.fullmatch(text) or re.fullmatch(r"(\d{12,14})", text)
    try:
        if isinstance(value, datetime):
            moment = value
        elif ticks:
            moment = _EPOCH + timedelta(milliseconds=int(ticks[1]))
        elif day_first := _DAY_FIRST.fullmatch(text):
            day, month, year, hour, minute = (int(n or 0) for n in day_first.groups())
            moment = datetime(year, month, day, hour, minute)
        else:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        # The first or last moment there is, by which others say "none" or "never", may
        # lie beyond time here
        return moment.astimezone(ZONE).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def fill(arguments, code: str):
    """Return what is sent, with ``{code}`` replaced in each of its texts."""
    if isinstance(arguments, str):
        return arguments.replace("{code}", code)
    if isinstance(arguments, list):
        return [fill(one, code) for one in arguments]
    if isinstance(arguments, dict):
        return {name: fill(one, code) for name, one in arguments.items()}
    return arguments


# ------------------------------------------------------------
# CODES
# ------------------------------------------------------------


def normalize(code: str | None) -> str:
    """Return a code as it is looked up: without blanks, in capitals."""
    return "".join((code or "").split()).upper()[: MOST_LETTERS + 1]


def get_shape(code: str) -> str:
    """Return the shape of a code: ``9`` for digits that follow each other, ``A`` for
    letters, other signs as they are."""
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", normalize(code)))


def fits(code: str, examples: str | None) -> bool:
    """Return whether a code looks as one of the examples, which stand a line each.

    Without examples whatever may be a code fits.
    """
    if not _CODE.fullmatch(normalize(code)):
        return False
    shapes = {get_shape(line) for line in (examples or "").splitlines() if line.strip()}
    return not shapes or get_shape(code) in shapes


def find_code(text: str, examples: str | None) -> str:
    """Return the first code of a text that looks as an example, empty for none.

    Without examples nothing is taken for a code.
    """
    if not (examples or "").strip():
        return ""
    for word in re.findall(r"[\w./-]+", text or ""):
        word = word.strip("./-")
        if len(word) >= 6 and any(c.isdigit() for c in word) and fits(word, examples):
            return normalize(word)
    return ""
