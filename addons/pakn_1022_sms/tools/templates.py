"""Texts registered with a gateway (CSKH templates): does a message fit one? No Odoo.

A registered text has numbered places: ``1022 Gia Lai: phan anh {1} da duoc tiep nhan``.
"""

import re

_PLACE = re.compile(r"\{(\d+)\}")


def compile_template(text: str) -> re.Pattern[str]:
    """Return a pattern of a registered text, with a group for each place."""
    parts, last = [], 0
    for match in _PLACE.finditer(text):
        parts += [re.escape(text[last : match.start()]), "(.+?)"]
        last = match.end()
    parts.append(re.escape(text[last:]))
    return re.compile("".join(parts), re.DOTALL)


def match_template(text: str, message: str) -> list[str] | None:
    """Return the contents of the places of ``text`` in their order, or ``None``."""
    match = compile_template(text).fullmatch(message)
    if not match:
        return None
    order = [int(number) for number in _PLACE.findall(text)]
    return [value for _number, value in sorted(zip(order, match.groups(), strict=True))]
