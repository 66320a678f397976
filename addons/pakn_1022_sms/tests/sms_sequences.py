# ruff: noqa: E501 - texts as they come are not broken
"""Messages of citizens as a centre hands them over, piece by piece, and their texts.

The bytes are put together here by hand and by smpplib's table of the alphabet of GSM,
not by the code that is tested.
"""

import random
import struct
from collections.abc import Iterator
from typing import NamedTuple

from smpplib.gsm import gsm_encode

UDHI = 0x40
GSM, UCS2 = 0, 8
SAR_REFERENCE, SAR_COUNT, SAR_NUMBER, PAYLOAD = 0x020C, 0x020E, 0x020F, 0x0424
NUMBER = "84905123456"


class Delivered(NamedTuple):
    """One ``deliver_sm``; ``minute``: when it comes."""

    data: bytes
    coding: int = GSM
    esm_class: int = 0
    fields: tuple[tuple[int, bytes], ...] = ()
    number: str = NUMBER
    minute: int = 0


class Sequence(NamedTuple):
    """What comes, and the texts that it says.

    :ivar missing: whether the last text lacks a piece, and must say so
    """

    name: str
    delivered: list[Delivered]
    texts: list[str]
    missing: bool = False


def make_body(item: Delivered) -> bytes:
    """Return the body of the PDU (SMPP 3.4, 4.6.1)."""
    body = b"\0\1\1" + item.number.encode() + b"\0\5\0" + b"1022\0"
    body += bytes([item.esm_class, 0, 0]) + b"\0\0"
    body += bytes([0, 0, item.coding, 0, len(item.data)]) + item.data
    for tag, value in item.fields:
        body += struct.pack(">HH", tag, len(value)) + value
    return body


# Name -> (text, coding, bytes of a piece)
TEXTS = {
    "a grade with its reason": (
        "3 Den duong van hong, da goi ba lan ma khong ai den. Chung toi cho tu thang "
        "truoc, cot so 5 doi dien truong mau giao Hoa Sen. De nghi xu ly lai va tra loi "
        "cho dan biet.",
        GSM,
        153,
    ),
    "signs that are escaped": (
        "Gia 50€ ~ 1.300.000 [mot trieu ba] {khong hoa don} ^ | \\ " * 4,
        GSM,
        153,
    ),
    "the escape at the cut": ("a" * 152 + "€" + "b" * 152 + "{het}", GSM, 153),
    "letters of GSM alone": ("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤ÄÖÑÜ¿äöñüà" * 5, GSM, 153),
    "Vietnamese": (
        "3 Đèn đường trước nhà tôi vẫn hỏng, gọi ba lần không ai đến. Đề nghị xử lý lại "
        "và trả lời cho dân biết, cột số 5 đường Hùng Vương.",
        UCS2,
        134,
    ),
    "a pair at the cut": ("ạ" * 66 + "😀" + "ạ" * 66 + "😀 hết", UCS2, 134),
    "nothing but pairs": ("😀😃😄😁😆" * 20, UCS2, 134),
    "lines": ("Dong mot\nDong hai\nDong ba, " * 12, GSM, 153),
}


def cut(text: str, coding: int, size: int) -> list[bytes]:
    """Return the bytes of a text in pieces, cut where they are full."""
    data = gsm_encode(text) if coding == GSM else text.encode("utf-16-be")
    return [data[start : start + size] for start in range(0, len(data), size)]


def with_header_8(pieces: list[bytes], coding: int, reference: int) -> list[Delivered]:
    count = len(pieces)
    return [
        Delivered(bytes([5, 0, 3, reference & 255, count, n]) + piece, coding, UDHI)
        for n, piece in enumerate(pieces, start=1)
    ]


def with_header_16(pieces: list[bytes], coding: int, reference: int) -> list[Delivered]:
    count = len(pieces)
    return [
        Delivered(
            b"\6\x08\4" + struct.pack(">HBB", reference, count, n) + piece, coding, UDHI
        )
        for n, piece in enumerate(pieces, start=1)
    ]


def with_ports(pieces: list[bytes], coding: int, reference: int) -> list[Delivered]:
    """A header in which something else stands first."""
    count = len(pieces)
    return [
        Delivered(
            bytes([11, 5, 4, 0, 1, 0, 2, 0, 3, reference & 255, count, n]) + piece,
            coding,
            UDHI,
        )
        for n, piece in enumerate(pieces, start=1)
    ]


def with_fields(pieces: list[bytes], coding: int, reference: int) -> list[Delivered]:
    count = len(pieces)
    return [
        Delivered(
            piece,
            coding,
            0,
            (
                (SAR_REFERENCE, struct.pack(">H", reference)),
                (SAR_COUNT, bytes([count])),
                (SAR_NUMBER, bytes([n])),
            ),
        )
        for n, piece in enumerate(pieces, start=1)
    ]


def with_fields_and_payload(
    pieces: list[bytes], coding: int, reference: int
) -> list[Delivered]:
    return [
        item._replace(data=b"", fields=(*item.fields, (PAYLOAD, item.data)))
        for item in with_fields(pieces, coding, reference)
    ]


WAYS = {
    "header of 8 bits": with_header_8,
    "header of 16 bits": with_header_16,
    "header behind ports": with_ports,
    "fields": with_fields,
    "fields and payload": with_fields_and_payload,
}


def pack(septets: bytes, fill: int = 0) -> bytes:
    """Return places of 7 bits packed into bytes (3GPP TS 23.038, 6.1.2.1)."""
    number = sum(code << (7 * place + fill) for place, code in enumerate(septets))
    return number.to_bytes((len(septets) * 7 + fill + 7) // 8, "little")


def iterate_sequences() -> Iterator[Sequence]:
    yield from _whole()
    yield from _in_pieces()
    yield from _mixed()
    yield from _alone()


def _in_pieces() -> Iterator[Sequence]:
    """Each text in each way: in order, backwards, mixed, and with a piece twice."""
    reference = 300
    for name, (text, coding, size) in TEXTS.items():
        for way, make in WAYS.items():
            reference += 1
            items = make(cut(text, coding, size), coding, reference)
            mixed = items[:]
            random.Random(reference).shuffle(mixed)
            yield Sequence(f"{name}, {way}", items, [text])
            yield Sequence(f"{name}, {way}, backwards", items[::-1], [text])
            yield Sequence(
                f"{name}, {way}, mixed, one twice", [*mixed, mixed[0]], [text]
            )


def _whole() -> Iterator[Sequence]:
    """Messages that come at once."""
    for name, (text, coding, _size) in TEXTS.items():
        data = gsm_encode(text) if coding == GSM else text.encode("utf-16-be")
        yield Sequence(
            f"{name}, payload",
            [Delivered(b"", coding, 0, ((PAYLOAD, data),))],
            [text],
        )
    for name, item, text in (
        ("one grade", Delivered(b"1"), "1"),
        ("a grade in UCS-2", Delivered("1".encode("utf-16-be"), UCS2), "1"),
        ("signs of GSM", Delivered(b"\x00\x02\x11\x1b\x65\x1b\x28"), "@$_€{"),
        ("an escape at the end", Delivered(b"abc\x1b"), "abc "),
        ("an escape of nothing", Delivered(b"a\x1bbc"), "abc"),
        ("ASCII by name", Delivered(b"a_b@c{d}", 1), "a_b@c{d}"),
        ("Latin-1 by name", Delivered("café".encode("latin-1"), 3), "café"),
        ("binary that is UTF-8", Delivered("Đèn hỏng".encode(), 4), "Đèn hỏng"),
        ("UTF-8 as default", Delivered("Đèn hỏng".encode(), 0), "Đèn hỏng"),
        ("UCS-2 by class", Delivered("Đèn".encode("utf-16-be"), 0x18), "Đèn"),
        ("UCS-2, little end", Delivered("\ufeffĐèn".encode("utf-16-le"), 8), "Đèn"),
        ("GSM by class", Delivered(b"abc\x1b\x3c", 0xF1), "abc["),
        ("8 bits by class", Delivered(b"abc", 0xF5), "abc"),
        (
            "packed places",
            Delivered(pack(gsm_encode("Den duong hong, cot 5"))),
            "Den duong hong, cot 5",
        ),
        ("nothing", Delivered(b""), ""),
    ):
        yield Sequence(f"whole: {name}", [item], [text])


def _mixed() -> Iterator[Sequence]:
    """Several messages at a time."""
    text, coding, size = TEXTS["Vietnamese"]
    other, other_coding, other_size = TEXTS["signs that are escaped"]
    first = cut(text, coding, size)
    second = cut(other, other_coding, other_size)
    for way, make in WAYS.items():
        a = make(first, coding, 7)
        b = [
            item._replace(number="84905999999")
            for item in make(second, other_coding, 7)
        ]
        yield Sequence(
            f"two senders, one reference, {way}",
            [x for pair in zip(a, b, strict=False) for x in pair]
            + a[len(b) :]
            + b[len(a) :],
            [text, other],
        )
        again = make(cut(text.replace("Đèn", "Cống"), coding, size), coding, 7)
        yield Sequence(
            f"one reference twice, {way}",
            [*a, *again],
            [text, text.replace("Đèn", "Cống")],
        )
        c = make(second, other_coding, 8)
        yield Sequence(
            f"two messages of one sender, {way}",
            [*c[:1], *a, *c[1:]],
            [other, text],
        )
        gone = len(a) // 2
        rest = [item for n, item in enumerate(a) if n != gone]
        present = ["".join(cut_text) for cut_text in _texts_of(first, coding)]
        present[gone] = "[…]"
        yield Sequence(f"one piece missing, {way}", rest, ["".join(present)], True)
        yield Sequence(
            f"one piece missing, backwards, {way}", rest[::-1], ["".join(present)], True
        )
        yield Sequence(
            f"one piece after nine minutes, {way}",
            [*rest, a[gone]._replace(minute=9)],
            [text],
        )
    mixed = [
        *with_header_8([gsm_encode("3 Den hong. ")], GSM, 1),
        *with_header_8(["Đèn hỏng".encode("utf-16-be")], UCS2, 1),
    ]
    joined = [
        mixed[0]._replace(data=b"\5\0\3\1\2\1" + mixed[0].data[6:]),
        mixed[1]._replace(data=b"\5\0\3\1\2\2" + mixed[1].data[6:]),
    ]
    yield Sequence("pieces in two alphabets", joined, ["3 Den hong. Đèn hỏng"])
    packed = [
        b"\5\0\3\x21\2\1" + pack(gsm_encode("Den duong hong "), 1),
        b"\5\0\3\x21\2\2" + pack(gsm_encode("cot so 5 het."), 1),
    ]
    yield Sequence(
        "packed places behind a header",
        [Delivered(data, GSM, UDHI) for data in packed],
        ["Den duong hong cot so 5 het."],
    )


def _texts_of(pieces: list[bytes], coding: int) -> list[str]:
    assert coding == UCS2
    return [piece.decode("utf-16-be") for piece in pieces]


def _alone() -> Iterator[Sequence]:
    """Headers that tell nothing, or nonsense."""
    for name, item, text in (
        ("one of one", Delivered(b"\5\0\3\1\1\1abc", GSM, UDHI), "abc"),
        ("piece 0", Delivered(b"\5\0\3\1\2\0abc", GSM, UDHI), "abc"),
        ("piece 3 of 2", Delivered(b"\5\0\3\1\2\3abc", GSM, UDHI), "abc"),
        ("ports alone", Delivered(b"\6\5\4\0\1\0\2abc", GSM, UDHI), "abc"),
        ("an unknown element", Delivered(b"\3\x70\1\0abc", GSM, UDHI), "abc"),
        ("a header longer than all", Delivered(b"\x7f\0\3\1", GSM, UDHI), "\x7f"),
        (
            "fields of one",
            Delivered(
                b"abc",
                fields=(
                    (SAR_REFERENCE, b"\0\1"),
                    (SAR_COUNT, b"\1"),
                    (SAR_NUMBER, b"\1"),
                ),
            ),
            "abc",
        ),
        (
            "a reference alone",
            Delivered(b"abc", fields=((SAR_REFERENCE, b"\0\1"),)),
            "abc",
        ),
    ):
        expected = gsm_text(item.data) if name.startswith("a header longer") else text
        yield Sequence(f"alone: {name}", [item], [expected])


def gsm_text(data: bytes) -> str:
    """Return bytes below 128 in the table of GSM; those used here stand there."""
    return {b"\x7f\0\3\1": "à@¥£"}[data]
