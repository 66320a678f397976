"""The words of an HTML page, with what it quotes marked. Nothing of Odoo.

A mail may nest its elements as deep as it likes and close none of them. Here no tree
is kept and nothing is looked at twice, so that time grows with the length and no
faster; the parsers of libxml2 and of the standard library give up or take the square.
"""

import contextlib
import html
import re

# How deep a page of a mail program is; what is deeper is somebody's doing
DEEP = 100
# Attributes of one element; libxml2 takes the square of them: a minute for 40,000
MOST_ATTRIBUTES = 500

_BLOCKS = frozenset(
    [
        *("address", "article", "blockquote", "center", "dd", "div", "dl", "dt"),
        *("fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul"),
    ]
)
_VOID = frozenset(
    [
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
        *("param", "source", "track", "wbr"),
    ]
)
# Their contents are no words
_UNSEEN = {
    name: re.compile(rf"</{name}[^>]{{0,200}}>", re.I)
    for name in ("script", "style", "title")
}
_NAME = re.compile(r"</?([a-z][a-z0-9:_-]{0,40})", re.I)
# One more attribute, as parsers part them: what is quoted may hold anything
_ATTRIBUTE = re.compile(
    r"[\s/]*(?:[\"'][^\s>]*|=|[^\s>=/\"'][^\s>=/]*"
    r"(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?)"
)
_OPENED = re.compile(r"<[a-z!?_:][^\s>/]*", re.I)
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0\u200b]+")


class _Reader:
    """Collects lines; one within quotations begins with a ``>`` for each."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.lines: list[str] = []
        self.words: list[str] = []
        self.depth = self.deepest = self.quotes = self.kept_lines = 0
        # What is looked for in vain is not looked for again.
        self.missing: set[str] = set()

    def walk(self) -> None:
        page, place = self.page, 0
        while True:
            start = page.find("<", place)
            if start < 0:
                break
            self.add(page[place:start])
            if page.startswith("<!--", start):
                place = self.find("-->", start + 4) or start + 4
            elif page[start + 1 : start + 2] in ("!", "?"):
                place = self.find(">", start) or start + 2
            elif match := _NAME.match(page, start):
                place = self.read_tag(match)
            else:
                self.add("<")
                place = start + 1
        self.add(page[place:])
        self.end_line()

    def read_tag(self, match: re.Match) -> int:
        """Take in a tag and return where it ends."""
        start, name = match.start(), match[1].lower()
        end = self.find(">", match.end())
        if end is None:
            # The mail was cut off within it
            self.add(self.page[start:])
            return len(self.page)
        if self.page[start + 1] == "/":
            self.close(name)
        elif name in _UNSEEN:
            return self.find_end(name, end) or end
        else:
            self.open(name)
        return end

    def find(self, mark: str, place: int) -> int | None:
        """Return the place behind the next mark, ``None`` if there is none."""
        if mark in self.missing:
            return None
        found = self.page.find(mark, place)
        if found < 0:
            self.missing.add(mark)
            return None
        return found + len(mark)

    def find_end(self, name: str, place: int) -> int | None:
        """Return the place behind the end of an element without words."""
        if name in self.missing:
            return None
        match = _UNSEEN[name].search(self.page, place)
        if not match:
            self.missing.add(name)
            return None
        return match.end()

    def open(self, name: str) -> None:
        if name in _BLOCKS:
            self.end_line()
        if name == "br":
            self.end_line(keep_empty=True)
        elif name in ("td", "th"):
            self.words.append(" ")
        elif name == "blockquote":
            self.quotes += 1
        elif name == "pre":
            self.kept_lines += 1
        if name not in _VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def close(self, name: str) -> None:
        if name in _BLOCKS:
            self.end_line(keep_empty=name == "p")
        if name == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif name == "pre":
            self.kept_lines = max(0, self.kept_lines - 1)
        self.depth = max(0, self.depth - 1)

    def add(self, text: str) -> None:
        if "&" in text:
            # A number of thousands of digits is no character.
            with contextlib.suppress(ValueError):
                text = html.unescape(text)
        if self.kept_lines and "\n" in text:
            *lines, text = text.split("\n")
            for line in lines:
                self.words.append(line)
                self.end_line(keep_empty=True)
        self.words.append(text)

    def end_line(self, keep_empty: bool = False) -> None:
        line = _SPACES.sub(" ", "".join(self.words)).strip()
        self.words = []
        if line or (keep_empty and self.lines and self.lines[-1].strip("> ")):
            self.lines.append(("> " * min(self.quotes, 9) + line).rstrip())


def read_html(page: str) -> tuple[str, int]:
    """Return the words of a page by lines, and how deep its elements are nested."""
    reader = _Reader(page)
    reader.walk()
    return "\n".join(reader.lines).strip(), reader.deepest


def is_heavy(page: str) -> bool:
    """Return whether an element of a page, or of XML, has attributes without end."""
    place = 0
    while opened := _OPENED.search(page, place):
        place = opened.end()
        count = 0
        while found := _ATTRIBUTE.match(page, place):
            place = found.end()
            count += 1
            if count > MOST_ATTRIBUTES:
                return True
    return False


def has_picture(page: str) -> bool:
    """Return whether a page shows a picture."""
    return re.search(r"<img\b", page, re.I) is not None
