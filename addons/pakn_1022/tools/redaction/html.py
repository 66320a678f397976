"""Texts in HTML: read as plain lines, rebuilt in plain formatting, redacted."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter

from lxml import etree
from lxml import html as lxml_html
from markupsafe import Markup, escape

from ..accents import compose
from .hiding import find, replace
from .known import Known
from .spans import Span

_KEPT_TAGS = {"p", "br", "ul", "ol", "li", "b", "strong", "i", "em", "u"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {"p", "div", "li", "ul", "ol", "table", "tr"}
_BLOCKS |= {"blockquote", "section", "pre"}
_DROPPED = {"script", "style", "head", "title", "template"}
_DROPPED |= {"iframe", "object", "svg", "math"}

# ``("text", str)``, ``("open", tag)``, ``("close", tag)``
Pieces = list[tuple[str, str]]
# Of each text piece by its number: where it begins in the text of all, and itself
Starts = dict[int, tuple[int, str]]


def _parse(source: str | None) -> Pieces:
    """Return the pieces of an HTML text."""
    if not source or not source.strip():
        return []
    root = lxml_html.fragment_fromstring(source, create_parent="div")
    pieces: Pieces = []

    def walk(element: etree._Element) -> None:
        tag = element.tag if isinstance(element.tag, str) else None
        if tag is None or tag in _DROPPED:
            return
        if tag in _BLOCKS - _KEPT_TAGS:
            # A paragraph holds no other
            tag = "div" if any(child.tag in _BLOCKS for child in element) else "p"
        pieces.append(("open", tag))
        if element.text:
            pieces.append(("text", element.text))
        for child in element:
            walk(child)
            if child.tail:
                pieces.append(("text", child.tail))
        pieces.append(("close", tag))

    walk(root)
    return pieces[1:-1]


def _flatten(pieces: Pieces) -> tuple[str, Starts]:
    """Return the text of the pieces and where in it each text piece begins."""
    flat, starts, length = [], {}, 0
    for number, (kind, value) in enumerate(pieces):
        if kind == "text":
            value = re.sub(r"\s+", " ", compose(value))
            starts[number] = length, value
        else:
            value = "\n" if value in _BLOCKS or value == "br" else ""
        flat.append(value)
        length += len(value)
    return "".join(flat), starts


def html_to_text(source: str | None) -> str:
    """Return an HTML text as plain lines."""
    text, _starts = _flatten(_parse(source))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line))


def redact_html(
    source: str | None, known: Known | None = None, allowed: Iterable[str] = ()
) -> Markup:
    """Return an HTML text in plain formatting, with what is personal hidden.

    Built anew of paragraphs, lists and emphasis without any attribute, so nothing of
    the source but its words and their order comes through. What goes over several
    elements (``0905 <b>123 456</b>``) is found as well.
    """
    pieces = _parse(source)
    text, starts = _flatten(pieces)
    return _build(pieces, text, starts, find(text, known, allowed))


def plain_html(source: str | None) -> Markup:
    """Return an HTML text in plain formatting, all its words as they are."""
    pieces = _parse(source)
    return _build(pieces, *_flatten(pieces), [])


def _build(pieces: Pieces, text: str, starts: Starts, spans: list[Span]) -> Markup:
    """Return the pieces as HTML, without the spans of the text."""
    result = []
    for number, (kind, value) in enumerate(pieces):
        if kind == "text":
            start, value = starts[number]
            result.append(escape(_cut(text, value, start, spans)))
            continue
        tag = value if value in _KEPT_TAGS else None
        if value == "br":
            result.append(Markup("<br>") if kind == "open" else "")
        elif tag:
            result.append(Markup("<%s>" if kind == "open" else "</%s>") % tag)
    return Markup("").join(result)


def _cut(text: str, value: str, start: int, spans: list[Span]) -> str:
    """Return a piece of the text without its part of the spans (sorted, disjoint)."""
    parts, position, end = [], start, start + len(value)
    first = bisect_right(spans, start, key=attrgetter("end"))
    for index in range(first, len(spans)):
        span = spans[index]
        if span.start >= end:
            break
        parts.append(text[position : max(position, span.start)])
        if span.start >= start:
            parts.append(replace(text, span))
        position = min(end, span.end)
    return "".join([*parts, text[position:end]])
