"""XML that is made of what people wrote. Nothing of Odoo."""

import re

from lxml import etree

# What XML 1.0 cannot hold
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent, tag, text=None, **attributes):
    """Append an XML element with a text and return it."""
    element = etree.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = _NO_XML.sub("", str(text))
    return element


def to_bytes(root) -> bytes:
    """Return a document with its declaration, in UTF-8."""
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
