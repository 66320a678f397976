"""What a citizen's SMS says, in one piece or in several. No Odoo.

A long message comes in pieces that are told by a header in the text (3GPP TS 23.040,
9.2.3.24: 8 or 16 bits of reference), or by fields beside it (SMPP 3.4, 5.3.2.22 to
24), or whole in ``message_payload``. A letter may be cut in two, so pieces are joined
as bytes.
"""

import contextlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from . import gsm

# For what did not come
GAP = "[…]"
_CONCAT_8, _CONCAT_16 = 0x00, 0x08
_UDHI = 0x40
_LATIN_1, _UCS2 = "latin-1", "utf-16-be"
# Codings of SMPP 3.4, 5.2.19; what is missing is told by the bits of 3GPP TS 23.038
_CODINGS = {
    0x00: "gsm",
    0x01: _LATIN_1,
    0x02: "binary",
    0x03: _LATIN_1,
    0x04: "binary",
    0x05: "shift_jis",
    0x06: "iso-8859-5",
    0x07: "iso-8859-8",
    0x08: _UCS2,
    0x0D: "euc_jp",
    0x0E: "euc_kr",
}


class Piece(NamedTuple):
    """One piece of a message as it came.

    :ivar coding: SMPP's ``data_coding``
    :ivar key: tells the pieces of one message from those of others, empty if alone
    """

    data: bytes
    coding: int
    key: str = ""
    number: int = 1
    count: int = 1


class Message(NamedTuple):
    """A message that was put together.

    :ivar indexes: which of the pieces it was made of
    :ivar missing: numbers of the pieces that did not come
    """

    text: str
    indexes: tuple[int, ...]
    missing: tuple[int, ...] = ()


def read_piece(
    data: bytes,
    coding: int,
    esm_class: int = 0,
    sar: tuple[int | None, int | None, int | None] = (None, None, None),
) -> Piece:
    """Return the piece that a ``deliver_sm`` holds.

    :param data: ``short_message`` or, where that is empty, ``message_payload``
    :param sar: reference, number of all pieces and of this one, of the fields beside
    """
    key, count, number = "", 1, 1
    if esm_class & _UDHI and data and data[0] < len(data):
        header, body = data[1 : data[0] + 1], data[data[0] + 1 :]
        found = _read_header(header)
        if found:
            key, count, number = found
        if _get_name(coding) == "gsm" and any(byte > 0x7F for byte in body):
            # Packed: the header is filled up to a whole number of places.
            body = gsm.unpack(body, -(len(header) + 1) * 8 % 7)
        data = body
    elif None not in sar:
        key, count, number = f"s{sar[0]}", sar[1], sar[2]
    if count < 2 or not 1 <= number <= count:
        key, count, number = "", 1, 1
    return Piece(data, coding, key and f"{key}/{count}", number, count)


def decode_sms(data: bytes, coding: int) -> str:
    """Return the text of bytes in one of SMPP's codings."""
    name = _get_name(coding)
    if name == "gsm":
        text = _decode_default(data)
    elif name == "binary":
        text = _decode_unknown(data)
    elif name == _UCS2:
        text = _decode_ucs2(data)
    else:
        text = data.decode(name, "replace")
    return text.replace("\0", "")


def join_pieces(pieces: Sequence[Piece], is_late: Iterable[bool] = ()) -> list[Message]:
    """Return the messages that pieces of one sender make, in the order they came.

    A piece that came twice counts once. Of a message that is not whole nothing is
    returned, unless it is late: then what is there is the message.

    :param pieces: in the order they came
    :param is_late: of each piece, whether it has waited long enough
    """
    late = [*is_late] or [False] * len(pieces)
    groups: list[dict[int, list[int]]] = []
    open_groups: dict[str, dict[int, list[int]]] = {}
    for index, piece in enumerate(pieces):
        group = open_groups.get(piece.key) if piece.key else None
        if group is not None and piece.number in group:
            first = pieces[group[piece.number][0]]
            if first.data == piece.data:
                group[piece.number].append(index)
                continue
            # Another message to which its phone gave the same number
            group = None
        if group is None:
            group = {}
            groups.append(group)
            if piece.key:
                open_groups[piece.key] = group
        group[piece.number] = [index]
    messages = []
    for group in groups:
        indexes = tuple(index for found in group.values() for index in found)
        count = pieces[indexes[0]].count
        if len(group) == count or any(late[index] for index in indexes):
            messages.append(_join(pieces, group, count, indexes))
    return messages


def _join(
    pieces: Sequence[Piece],
    group: dict[int, list[int]],
    count: int,
    indexes: tuple[int, ...],
) -> Message:
    texts, missing, run, coding = [], [], b"", None
    for number in range(1, count + 1):
        piece = pieces[group[number][0]] if number in group else None
        if run and (piece is None or piece.coding != coding):
            texts.append(decode_sms(run, coding))
            run = b""
        if piece is None:
            if not missing or missing[-1] != number - 1:
                texts.append(GAP)
            missing.append(number)
        else:
            run, coding = run + piece.data, piece.coding
    if run:
        texts.append(decode_sms(run, coding))
    return Message("".join(texts), indexes, tuple(missing))


def _read_header(header: bytes) -> tuple[str, int, int] | None:
    """Return ``(key, count, number)`` of a header, ``None`` if it tells no pieces."""
    place = 0
    while place + 2 <= len(header):
        kind, length = header[place], header[place + 1]
        value = header[place + 2 : place + 2 + length]
        if kind == _CONCAT_8 and len(value) == 3:
            return f"a{value[0]}", value[1], value[2]
        if kind == _CONCAT_16 and len(value) == 4:
            return f"b{int.from_bytes(value[:2], 'big')}", value[2], value[3]
        place += 2 + length
    return None


def _get_name(coding: int) -> str:
    """Return the alphabet of a coding (3GPP TS 23.038, 4 where SMPP has no name)."""
    if coding in _CODINGS:
        return _CODINGS[coding]
    if coding >= 0xF0:
        return "binary" if coding & 0x04 else "gsm"
    if coding >= 0xE0:
        return _UCS2
    if coding >= 0xC0:
        return "gsm"
    return ("gsm", "binary", _UCS2, "gsm")[coding >> 2 & 3]


def _decode_default(data: bytes) -> str:
    """Return the text of the default alphabet, which each centre takes as its own.

    As the standard has it, it is GSM's, one byte a place; bytes of eight bits are
    packed places, UTF-8 or Latin-1.
    """
    if all(byte < 0x80 for byte in data):
        return gsm.decode(data)
    packed = gsm.decode(gsm.unpack(data))
    plain = _decode_unknown(data)
    return packed if _is_like_text(packed) and not _is_like_text(plain) else plain


def _decode_unknown(data: bytes) -> str:
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode()
    if len(data) % 2 == 0 and sum(byte < 0x20 for byte in data[::2]) * 2 > len(
        data[::2]
    ):
        return _decode_ucs2(data)
    return data.decode(_LATIN_1)


def _decode_ucs2(data: bytes) -> str:
    if data[:2] == b"\xff\xfe":
        return data[2:].decode("utf-16-le", "replace")
    return data.removeprefix(b"\xfe\xff").decode(_UCS2, "replace")


def _is_like_text(text: str) -> bool:
    """Return whether a text is one that people write without accents."""
    plain = sum(char.isascii() and (char.isalnum() or char in " .,\n") for char in text)
    return plain * 10 >= len(text) * 9
