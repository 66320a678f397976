"""Personal data in Vietnamese texts, found and hidden before they are published.

Art. 13.1 makes results public, not the people who asked, and reports go to people who
need not know them either. Nothing of Odoo. What is found are numbers, addresses and
names in the forms in which people here write them; how much of it is measured on the
texts in ``tests/redaction``. Of what is published, an operator sees what was hidden and
confirms it.

The texts are strangers': the time they take grows with their length, not faster.
"""

from ..masking import HIDDEN
from .doubtful import find_doubtful
from .hiding import find, mark, redact, redact_filename
from .html import html_to_text, plain_html, redact_html
from .spans import Span

__all__ = [
    "HIDDEN",
    "Span",
    "find",
    "find_doubtful",
    "html_to_text",
    "mark",
    "plain_html",
    "redact",
    "redact_filename",
    "redact_html",
]
