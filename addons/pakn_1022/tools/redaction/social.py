"""Names on social networks: pages, accounts and what people are called there."""

import re
from collections.abc import Iterator

from . import words as lists
from .spans import Span
from .tokens import get_words, is_glued

_LINK = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|zalo|tiktok|instagram)\.(?:com|me)/"
    r"[^\s<>()]+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.+\-\])])@[A-Za-z]\w{1,30}(?:\.\w{1,30}){0,3}")
_NETWORK = re.compile(
    r"(?<!\w)(?<!nhóm )(?<!group )(?<!hội )(?:facebook|fb|face|zalo|telegram|tele"
    r"|instagram|insta|tiktok|tik\s?tok|viber|nick(?:name)?|bạn\s+đọc"
    r"|(?:bình\s+luận|comment|bài\s+đăng)\s+của)"
    r"(?:\s(?:cá\s+nhân|facebook|fb|zalo|name|nick|của|tôi|mình|em|tên|là|ten|la|có"
    r"|mang|chủ)(?!\w)){0,4}"
    r"\s?:?\s?[\"“]?",
    re.IGNORECASE,
)
# “boss_trung”, “tramanh_cute09”
_WRITTEN = re.compile(r"[A-Za-z][\w.]{2,30}")
# Words of what somebody is called there
LONGEST = 6


def find_socials(text: str) -> Iterator[Span]:
    """Find pages, accounts and names of people on social networks."""
    for match in _LINK.finditer(text):
        yield Span(*match.span(), "account")
    for match in _HANDLE.finditer(text):
        yield Span(*match.span(), "account")
    for match in _NETWORK.finditer(text):
        end = _take_name(text, match.end())
        written = _WRITTEN.match(text, match.end())
        if not end and written and re.search(r"[\d_]", written[0]):
            end = written.end()
        if end:
            yield Span(match.end(), end, "account")


def _take_name(text: str, start: int) -> int | None:
    """Return where the capitalised name that begins at ``start`` ends, if it is one."""
    words = get_words(text[start : start + 80])
    if not words or not words[0].is_capital or words[0].start:
        return None
    first = words[0].lower
    following = words[1].lower if len(words) > 1 else ""
    if (
        first in lists.NO_NAMES - lists.NICK_STARTS
        or (first, following) in lists.NO_NAME_PAIRS
        or first in lists.NETWORKS
    ):
        return None
    end = 1
    while (
        end < min(len(words), LONGEST)
        and (words[end].is_capital or words[end].text.isdigit())
        and is_glued(text[start : start + 80], words[end - 1], words[end])
    ):
        end += 1
    return start + words[end - 1].end
