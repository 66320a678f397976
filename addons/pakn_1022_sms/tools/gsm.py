"""The alphabet of GSM, 7 bits a character (3GPP TS 23.038, 6.2.1). No Odoo."""

ESCAPE = 0x1B
# By code; at the escape's own place stands a blank, as receivers show it
TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_CODES = {char: code for code, char in enumerate(TABLE) if code != ESCAPE}
_EXTENDED_CODES = {char: code for code, char in EXTENSION.items() if char != "\f"}


def is_gsm(text: str) -> bool:
    """Return whether a text fits the alphabet."""
    return all(char in _CODES or char in _EXTENDED_CODES for char in text)


def count_places(char: str) -> int:
    """Return how many places a character of the alphabet takes: two if escaped."""
    return 2 if char in _EXTENDED_CODES else 1


def encode(text: str) -> bytes:
    """Return a text of the alphabet, one byte a place.

    :raise KeyError: a character is not of the alphabet
    """
    codes = []
    for char in text:
        if char in _EXTENDED_CODES:
            codes += [ESCAPE, _EXTENDED_CODES[char]]
        else:
            codes.append(_CODES[char])
    return bytes(codes)


def decode(data: bytes) -> str:
    """Return the text of bytes of 7 bits.

    What follows an escape and is not of the extension is shown as the character of the
    table (6.2.1.1); an escape at the end is a blank.
    """
    chars, escaped = [], False
    for code in data:
        if escaped:
            chars.append(EXTENSION.get(code) or TABLE[code & 0x7F])
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            chars.append(TABLE[code & 0x7F])
    return "".join(chars) + (" " if escaped else "")


def unpack(data: bytes, fill: int = 0) -> bytes:
    """Return packed places of 7 bits (6.1.2.1) as one byte each.

    :param fill: bits between a header and the first place
    """
    codes, bits, length = bytearray(), 0, -fill
    for byte in data:
        bits |= byte << max(length, 0) if length >= 0 else byte >> -length
        length += 8
        while length >= 7:
            codes.append(bits & 0x7F)
            bits >>= 7
            length -= 7
    # Seven bits may be left over; they are zeros, or a carriage return
    if codes and not len(codes) % 8 and codes[-1] in (0x00, 0x0D):
        codes.pop()
    return bytes(codes)
