"""Pictures of elsewhere, kept out of what people read. Nothing of Odoo.

Who loads a picture from the sender's server tells the sender when, from where and with
which browser a mail was read.
"""

import re
from html import escape
from urllib.parse import urlsplit

from lxml import etree, html

from .html_text import DEEP, is_heavy, read_html

_ATTRIBUTES = ("src", "srcset", "background", "poster", "data", "xlink:href")
_LOADED = re.compile(r"url\s*\(|image-set\s*\(|@import|expression\s*\(", re.I)
# Between the letters of a scheme browsers overlook these
_BLANKS = re.compile(r"[\x00-\x20]+")


def keep_out(page: str, sentence: str) -> str:
    """Return a page that loads nothing from elsewhere when it is shown.

    Pictures within the mail itself (``cid:``, ``data:``) stay.

    :param sentence: stands in the place of a picture; ``%s`` is its host
    """
    # A scheme may be written in entities
    if not any(mark in page for mark in ("//", "&#", "\\\\")):
        return page
    if read_html(page)[1] > DEEP or is_heavy(page):
        # Deeper or heavier than a tree is kept whole: its text alone is shown
        return page
    try:
        root = html.fragment_fromstring(page, create_parent="div")
    except (etree.LxmlError, ValueError):
        # No page: the words of the mail are read from its text
        return page
    for node in list(root.iter(etree.Element)):
        _clean(node, sentence)
    return "".join(
        [escape(root.text or "", quote=False)]
        + [html.tostring(child, encoding="unicode") for child in root]
    )


def _clean(node: html.HtmlElement, sentence: str) -> None:
    host = None
    for name in _ATTRIBUTES:
        value = node.get(name)
        if value and _is_remote(value):
            host = _get_host(value)
            del node.attrib[name]
    if _LOADED.search(node.get("style") or ""):
        del node.attrib["style"]
    if host is not None and node.tag == "img" and not node.get("src"):
        node.tag = "em"
        node.attrib.clear()
        node.text = sentence % host


def _is_remote(value: str) -> bool:
    value = _BLANKS.sub("", value).replace("\\", "/").lower()
    # Of several sources, one of elsewhere is enough
    return "//" in value and not value.startswith("data:")


def _get_host(value: str) -> str:
    try:
        return urlsplit(_BLANKS.sub("", value)).hostname or "?"
    except ValueError:
        return "?"
