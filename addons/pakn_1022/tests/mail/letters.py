"""Mails in all character sets and wrappings, and the words that they say.

The bytes of the old Vietnamese sets stand in ``legacy.json``, written as Latin-1. They
were made by ``iconv`` of the GNU C library (TCVN, VISCII, WINDOWS-1258) and, for VNI,
by the table of the library viparse: by none of the tables that are tested.
"""

import base64
import json
import quopri
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LEGACY = json.loads(Path(__file__).with_name("legacy.json").read_text("utf-8"))
TEXTS = [row["text"] for row in LEGACY]
SUBJECT = "Đèn đường hỏng"


class Letter(NamedTuple):
    """A mail and what is right.

    :ivar name: says what is odd about it
    :ivar raw: the mail
    :ivar words: what must be found in it
    :ivar subject: its subject
    :ivar fate: ``read``: taken in with its words; ``kept``: taken in, and a person is
        told and has the file; else one of ``tools/mail_origin.py``
    """

    name: str
    raw: bytes
    words: str
    subject: str = SUBJECT
    fate: str = "read"


def make_head(number: int | str, subject: bytes | None = None, more: str = "") -> bytes:
    """Return the headers of a mail, without the empty line."""
    subject = subject or (b"=?utf-8?B?" + base64.b64encode(SUBJECT.encode()) + b"?=")
    return (
        (
            f"Message-Id: <letter-{number}@corpus.example>\r\n"
            f"Date: Mon, 02 Mar 2026 08:00:00 +0700\r\n"
            f"From: =?utf-8?B?VHLhuqduIFRo4buLIELGsOG7n2k=?= "
            f"<dan.{number}@corpus.example>\r\n"
            f"To: 1022@gialai.example\r\n"
        ).encode()
        + b"Subject: "
        + subject
        + b"\r\n"
        + more.encode()
    )


def encode_body(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(data).replace(b"\n", b"\r\n")
    return data


def make_text(
    number: int | str,
    data: bytes,
    content_type: str | None,
    encoding: str | None,
    more: str = "",
) -> bytes:
    """Return a mail of one part."""
    head = make_head(number, more=more)
    if content_type is not None:
        head += f"Content-Type: {content_type}\r\n".encode()
    if encoding is not None:
        head += f"Content-Transfer-Encoding: {encoding}\r\n".encode()
    return head + b"\r\n" + encode_body(data, encoding or "8bit")


def iterate_letters() -> Iterator[Letter]:
    """Yield mails whose difficulty are their letters."""
    yield from _unicode()
    yield from _legacy()
    yield from _pages()
    yield from _subjects()


def _unicode() -> Iterator[Letter]:
    """UTF-8 under every name, and Unicode in its other forms."""
    names = {
        "no type": None,
        "type text": "text",
        "no charset": "text/plain",
        "us-ascii": "text/plain; charset=us-ascii",
        "ascii in quotes": 'text/plain; charset="US-ASCII"',
        "latin1": "text/plain; charset=iso-8859-1",
        "cp1252": "text/plain; charset=windows-1252",
        "cp1258": "text/plain; charset=windows-1258",
        "unknown": "text/plain; charset=x-unknown",
        "empty": 'text/plain; charset=""',
        "unicode": "text/plain; charset=unicode-1-1-utf-8",
        "utf8": "text/plain; charset=utf8",
        "gb2312": "text/plain; charset=gb2312",
        "doubled": "text/plain; charset=utf-8; charset=iso-8859-1",
        "text with charset": "text; charset=utf-8",
        "no slash": "plain; charset=us-ascii",
        "broken": "text/plain; charset",
        "codec of no text": "text/plain; charset=rot13",
    }
    for place, (name, content_type) in enumerate(names.items()):
        for turn, encoding in enumerate(("8bit", "base64", "quoted-printable")):
            text = TEXTS[(place + turn) % len(TEXTS)]
            yield Letter(
                f"utf-8 as {name}, {encoding}",
                make_text(f"u{place}-{turn}", text.encode(), content_type, encoding),
                text,
            )
    for place, (charset, declared) in enumerate(
        (
            ("utf-16", "utf-16"),
            ("utf-16-le", "utf-16le"),
            ("utf-16-be", "utf-16be"),
            ("utf-16", "utf-8"),
            ("utf-16-le", "us-ascii"),
            ("utf-8-sig", "utf-8"),
            ("utf-8-sig", "us-ascii"),
            ("utf-7", "utf-7"),
            ("utf-32", "utf-32"),
        )
    ):
        text = TEXTS[place % len(TEXTS)]
        yield Letter(
            f"{charset} as {declared}",
            make_text(
                f"w{place}",
                text.encode(charset),
                f"text/plain; charset={declared}",
                "base64",
            ),
            text,
        )
    twice = TEXTS[0].encode().decode("latin-1").encode()
    yield Letter(
        "UTF-8 taken for Latin-1 on its way",
        make_text("twice", twice, "text/plain; charset=utf-8", "base64"),
        TEXTS[0],
    )
    yield Letter(
        "letters and marks apart (NFD), as macOS writes",
        make_text(
            "nfd",
            unicodedata.normalize("NFD", TEXTS[3]).encode(),
            "text/plain; charset=utf-8",
            "8bit",
        ),
        TEXTS[3],
    )
    yield Letter(
        "one byte lost in UTF-8",
        make_text(
            "lost",
            TEXTS[0].encode().replace("gửi".encode(), "gửi".encode()[:-2] + b"i"),
            "text/plain; charset=utf-8",
            "8bit",
        ),
        "Tổng đài 1022 tỉnh Gia Lai",
        fate="kept",
    )


def _legacy() -> Iterator[Letter]:
    """The old Vietnamese sets under their own name, a wrong one and none."""
    declared = {
        "tcvn": ("x-tcvn", None, "iso-8859-1", "utf-8", "windows-1252"),
        "viscii": ("viscii", None, "iso-8859-1", "us-ascii", "utf-8"),
        "vni": ("x-vni", None, "iso-8859-1", "utf-8", "windows-1252"),
        "windows-1258": ("windows-1258", None, "iso-8859-1", "utf-8", "us-ascii"),
    }
    for charset, names in declared.items():
        for row_number, row in enumerate(LEGACY):
            data = row[charset].encode("latin-1")
            for turn in (0, 1, 2):
                name = names[(row_number + turn) % len(names)]
                content_type = "text/plain" + (f"; charset={name}" if name else "")
                encoding = ("8bit", "base64", "quoted-printable")[
                    (row_number + turn) % 3
                ]
                yield Letter(
                    f"{charset} as {name}, {encoding}, text {row_number}",
                    make_text(
                        f"{charset}{row_number}-{turn}", data, content_type, encoding
                    ),
                    row["text"],
                )
    for charset, declared_as in (
        ("koi8-r", "koi8-r"),
        ("cp1251", None),
        ("gb18030", "gb2312"),
        ("shift_jis", "shift_jis"),
        ("latin-1", None),
        ("latin-1", "iso-8859-1"),
    ):
        text = {
            "koi8-r": "Здравствуйте, на улице не горит фонарь",
            "cp1251": "Здравствуйте, на нашей улице не горит фонарь",
            "gb18030": "您好，路灯坏了，请修理",
            "shift_jis": "こんにちは、街灯が壊れています",
            "latin-1": "Bonjour, le réverbère est cassé près de l'hôtel",
        }[charset]
        content_type = "text/plain" + (
            f"; charset={declared_as}" if declared_as else ""
        )
        yield Letter(
            f"a visitor's {charset} as {declared_as}",
            make_text(
                f"v{charset}{declared_as}", text.encode(charset), content_type, "base64"
            ),
            text,
        )


def _pages() -> Iterator[Letter]:
    """Pages whose set stands in them, in the header, or nowhere."""
    for number, row in enumerate(LEGACY):
        page = (
            "<html><head><meta http-equiv=Content-Type content='text/html; "
            "charset={}'></head><body><p>{}</p></body></html>"
        )
        yield Letter(
            f"page in UTF-8, set in the page alone, text {number}",
            make_text(
                f"p{number}",
                page.format("utf-8", row["text"]).encode(),
                "text/html",
                "8bit",
            ),
            row["text"],
        )
        yield Letter(
            f"page in windows-1258, set in the page alone, text {number}",
            make_text(
                f"q{number}",
                page.format("windows-1258", row["windows-1258"]).encode("latin-1"),
                "text/html",
                "base64",
            ),
            row["text"],
        )
        yield Letter(
            f"page in the font .VnTime, text {number}",
            make_text(
                f"r{number}",
                page.format("x-user-defined", row["tcvn"]).encode("latin-1"),
                "text/html; charset=windows-1252",
                "quoted-printable",
            ),
            row["text"],
        )
        entities = "".join(
            char if char < "\x80" else f"&#{ord(char)};" for char in row["text"]
        )
        yield Letter(
            f"page of numbers, text {number}",
            make_text(
                f"e{number}", f"<div>{entities}</div>".encode(), "text/html", "7bit"
            ),
            row["text"],
        )


def _subjects() -> Iterator[Letter]:
    """Subjects as they are written against the rules."""
    text = "Nước máy đục ở phường Hội Phú"
    legacy = {row["text"]: row for row in LEGACY}["Nước máy đục"]
    data = text.encode()
    encoded = base64.b64encode(data)
    q_encoded = b"".join(b"=%02X" % byte for byte in data)
    subjects = {
        "raw UTF-8": data,
        "B, us-ascii": b"=?us-ascii?B?" + encoded + b"?=",
        "B, latin1": b"=?iso-8859-1?B?" + encoded + b"?=",
        "B, unknown": b"=?x-unknown?B?" + encoded + b"?=",
        "Q, us-ascii": b"=?us-ascii?Q?" + q_encoded + b"?=",
        "B without end": b"=?utf-8?B?" + encoded.rstrip(b"=") + b"?=",
        "cut within a letter": b"=?utf-8?Q?"
        + q_encoded[:12]
        + b"?=\r\n =?utf-8?Q?"
        + q_encoded[12:]
        + b"?=",
        "B cut within a letter": b"=?utf-8?B?"
        + base64.b64encode(data[:4])
        + b"?= =?utf-8?B?"
        + base64.b64encode(data[4:])
        + b"?=",
        "Q with blanks": b"=?utf-8?Q?" + data.replace(b" ", b" ") + b"?=",
        "with a language": b"=?utf-8*vi?B?" + encoded + b"?=",
        "utf-16": b"=?utf-16?B?" + base64.b64encode(text.encode("utf-16")) + b"?=",
        "folded": data[:10] + b"\r\n " + data[10:] if data[9:10] == b" " else data,
    }
    for number, (name, subject) in enumerate(subjects.items()):
        raw = make_head(f"s{number}", subject)
        raw += b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXTS[1].encode()
        yield Letter(f"subject: {name}", raw, TEXTS[1], subject=text)
    for number, charset in enumerate(("tcvn", "viscii", "vni", "windows-1258")):
        for turn, declared in enumerate((b"iso-8859-1", None)):
            bits = legacy[charset].encode("latin-1")
            subject = bits
            if declared:
                subject = b"=?" + declared + b"?B?" + base64.b64encode(bits) + b"?="
            raw = make_head(f"t{number}-{turn}", subject)
            raw += b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
            yield Letter(
                f"subject: {charset} as {declared}",
                raw + TEXTS[5].encode(),
                TEXTS[5],
                subject="Nước máy đục",
            )
