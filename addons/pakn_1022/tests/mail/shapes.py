"""Mails that are built in odd ways, and what must be found in them."""

import base64
from collections.abc import Iterator

from .letters import TEXTS, Letter, make_head, make_text

PLAIN = "Content-Type: text/plain; charset=utf-8\r\n"
PAGE = "Content-Type: text/html; charset=utf-8\r\n"
PICTURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    b"AABJRU5ErkJggg=="
)
TNEF = b"eJ8+IgEBkAgABAAAAAAAAQABAAEHkAYACAAAAOQEAAAAAADoAAE="


def join(number: int | str, kind: str, *parts: bytes, more: str = "") -> bytes:
    """Return a mail of parts."""
    head = make_head(number, more=more)
    head += (
        f'MIME-Version: 1.0\r\nContent-Type: {kind}; boundary="b{number}"\r\n'.encode()
    )
    line = f"\r\n--b{number}".encode()
    return head + b"".join(line + b"\r\n" + part for part in parts) + line + b"--\r\n"


def part(text: str, head: str = PLAIN) -> bytes:
    return head.encode() + b"\r\n" + text.encode()


def file(kind: str, name: str, data: bytes, more: str = "") -> bytes:
    """Return a part that is a file; ``data`` in base64."""
    return (
        f'Content-Type: {kind}; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n{more}'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode() + data


def iterate_shapes() -> Iterator[Letter]:
    yield from _deep()
    yield from _alternatives()
    yield from _elsewhere()
    yield from _damaged()
    yield from _lies()
    yield from _pages()


def _deep() -> Iterator[Letter]:
    """Elements and parts within each other."""
    text = TEXTS[0]
    for depth in (20, 90, 150, 300, 1000, 5000):
        for tag in ("div", "blockquote", "span", "table><tr><td"):
            close = "</td></tr></table>" if "table" in tag else f"</{tag}>"
            page = f"<{tag}>" * depth + text + close * depth
            deep = depth * (3 if "table" in tag else 1) > 100
            yield Letter(
                f"{depth} {tag[:5]} within each other",
                make_text(f"d{depth}{tag[:4]}", page.encode(), PAGE[14:-2], "base64"),
                text,
                fate="kept" if deep else "read",
            )
    yield Letter(
        "1000 elements that are never closed",
        make_text(
            "d-open", ("<div><font>" * 500 + text).encode(), PAGE[14:-2], "base64"
        ),
        text,
        fate="kept",
    )
    for depth in (5, 30, 120, 400):
        inner = part(text)
        for number in range(depth):
            line = f"n{number}"
            inner = (
                (
                    f"Content-Type: multipart/mixed; boundary={line}\r\n"
                    f"\r\n--{line}\r\n"
                ).encode()
                + inner
                + f"\r\n--{line}--\r\n".encode()
            )
        yield Letter(
            f"{depth} parts within each other",
            make_head(f"n-{depth}") + inner,
            text,
            fate="read",
        )


def _alternatives() -> Iterator[Letter]:
    """The same said twice, one of them badly."""
    text = TEXTS[1]
    page = f"<html><body><p>{text}</p></body></html>"
    cases = {
        "both": (part(text), part(page, PAGE)),
        "empty page": (part(text), part("<html><body></body></html>", PAGE)),
        "page of styles alone": (part(text), part("<style>p{}</style>", PAGE)),
        "empty text": (part(""), part(page, PAGE)),
        "text that begs": (part("This mail needs HTML."), part(page, PAGE)),
        "page first": (part(page, PAGE), part(text)),
        "page cut short": (part(text), part("<p>Đèn", PAGE)),
        "page misread": (
            part(text),
            PAGE.encode()
            + b"\r\n<p>"
            + "Đèn đường".encode()[:-3]
            + b"\xff\xfe\xfd</p>",
        ),
        "watch and page": (
            part(text),
            part(text, "Content-Type: text/watch-html; charset=utf-8\r\n"),
            part(page, PAGE),
        ),
        "calendar beside": (
            part(text),
            part("BEGIN:VCALENDAR\r\nEND:VCALENDAR", "Content-Type: text/calendar\r\n"),
        ),
        "enriched": (
            part(
                text.replace("3", "<bold>3</bold>"),
                "Content-Type: text/enriched; charset=utf-8\r\n",
            ),
        ),
    }
    for number, (name, parts) in enumerate(cases.items()):
        yield Letter(
            f"alternatives: {name}",
            join(f"a{number}", "multipart/alternative", *parts),
            text,
        )
    related = join("rel", "multipart/related", part(page, PAGE)).partition(b"MIME-V")[2]
    related = b"MIME-V" + related
    yield Letter(
        "page within related within alternative",
        join("a-rel", "multipart/alternative", part(text), related),
        text,
    )
    mixed = join(
        "mix",
        "multipart/mixed",
        part("<p>Phần một.</p>", PAGE),
        file("image/png", "anh.png", PICTURE),
        part(f"<p>{text}</p>", PAGE),
    ).partition(b"MIME-V")[2]
    for name, first in (("", f"Phần một. {text}"), (", plain one empty", "")):
        yield Letter(
            f"page, picture, page within alternative{name}",
            join(
                f"a-mix{len(first)}",
                "multipart/alternative",
                part(first),
                b"MIME-V" + mixed,
            ),
            f"Phần một. {text}",
        )
    yield Letter(
        "two texts one after the other",
        join("a-two", "multipart/mixed", part("Phần một."), part(text)),
        f"Phần một. {text}",
    )
    yield Letter(
        "text, picture, text",
        join(
            "a-tpt",
            "multipart/mixed",
            part("Phần một."),
            file("image/png", "anh.png", PICTURE),
            part(text),
        ),
        f"Phần một. {text}",
    )


def _elsewhere() -> Iterator[Letter]:
    """Words in a file or in a part of another type; or nothing but files."""
    text = TEXTS[2]
    data = base64.b64encode(text.encode())
    kinds = {
        "text file": file("text/plain", "don.txt", data),
        "octets named .txt": file("application/octet-stream", "don.txt", data),
        "page as a file": file(
            "text/html", "don.html", base64.b64encode(f"<p>{text}</p>".encode())
        ),
        "octets without a name": part(
            text, "Content-Type: application/octet-stream\r\n"
        ),
        "octets said binary": part(text, "Content-Type: binary/octet-stream\r\n"),
        "any type": part(text, "Content-Type: */*\r\n"),
        "type of nobody": part(text, "Content-Type: application/x-letter\r\n"),
        "a page of octets": part(
            f"<html><body>{text}</body></html>",
            "Content-Type: application/octet-stream\r\n",
        ),
        "attachment without a name": part(
            text, PLAIN + "Content-Disposition: attachment\r\n"
        ),
        "a mail within": part(
            f"Subject: x\r\n{PLAIN}\r\n{text}", "Content-Type: message/rfc822\r\n"
        ),
        "a page in a mail within": part(
            f"Subject: x\r\n{PAGE}\r\n<p>{text}</p>", "Content-Type: message/rfc822\r\n"
        ),
    }
    for number, (name, found) in enumerate(kinds.items()):
        yield Letter(
            f"words elsewhere: {name}",
            join(f"e{number}", "multipart/mixed", found),
            text,
            fate="kept",
        )
        yield Letter(
            f"words elsewhere: {name}, beside an empty text",
            join(f"f{number}", "multipart/mixed", part(" \r\n"), found),
            text,
            fate="kept",
        )
    for number, kind in enumerate(
        ("application/octet-stream", "application/x-letter", "*/*", "image")
    ):
        yield Letter(
            f"a mail of one part: {kind}",
            make_text(f"g{number}", text.encode(), kind, "8bit"),
            text,
            fate="read" if kind == "image" else "kept",
        )
    # Nothing to read: the request says so and has the files.
    for number, (name, found) in enumerate(
        {
            "a picture": file("image/png", "anh.png", PICTURE),
            "TNEF": file("application/ms-tnef", "winmail.dat", TNEF),
            "signed": file("application/pkcs7-mime", "smime.p7m", TNEF),
            "encrypted": file("application/pgp-encrypted", "msg.asc", TNEF),
        }.items()
    ):
        yield Letter(
            f"nothing but {name}",
            join(f"h{number}", "multipart/mixed", found),
            "",
        )


def _damaged() -> Iterator[Letter]:
    """Mails that were cut off or put together wrongly."""
    text = TEXTS[3]
    whole = join(
        "i", "multipart/mixed", part(text), file("image/png", "anh.png", PICTURE * 40)
    )
    for share in (0.5, 0.7, 0.9):
        yield Letter(
            f"cut off after {share} of it",
            whole[: int(len(whole) * share)].replace(
                b"<letter-i@", b"<letter-i%d@" % (share * 10)
            ),
            text,
            fate="kept",
        )
    cases = {
        "another line between the parts": (
            b"Content-Type: multipart/mixed; boundary=zzz\r\n\r\n--yyy\r\n"
            + part(text)
            + b"\r\n--yyy--\r\n"
        ),
        "no line between the parts named": (
            b"Content-Type: multipart/mixed\r\n\r\n--yyy\r\n"
            + part(text)
            + b"\r\n--yyy--\r\n"
        ),
        "parts without parts": b"Content-Type: multipart/mixed; boundary=z\r\n\r\n"
        + text.encode(),
        "parts without an end": b"Content-Type: multipart/mixed; boundary=z\r\n"
        b"\r\n--z\r\n" + part(text),
    }
    for number, (name, rest) in enumerate(cases.items()):
        yield Letter(
            f"damaged: {name}", make_head(f"j{number}") + rest, text, fate="kept"
        )
    bare = part(text).replace(b"\r\n", b"\n")
    yield Letter(
        "lines end as on Unix", make_head("lf").replace(b"\r\n", b"\n") + bare, text
    )
    yield Letter(
        "no headers but these", make_head("few") + b"\r\n" + text.encode(), text
    )
    yield Letter(
        "NUL among the letters",
        make_text("nul", text.replace("tổ", "\0tổ").encode(), PLAIN[14:-2], "8bit"),
        text,
    )
    yield Letter(
        "controls among the letters",
        make_text(
            "ctl", text.replace("tổ", "\x07\x1btổ").encode(), PLAIN[14:-2], "8bit"
        ),
        text,
    )


def _lies() -> Iterator[Letter]:
    """Encodings that are not what they are said to be."""
    text = TEXTS[6]
    data = text.encode()
    quoted = "".join(
        chr(byte) if byte < 128 and byte != 61 else f"={byte:02X}" for byte in data
    ).encode()
    coded = base64.encodebytes(data)
    plain = PLAIN[14:-2]
    cases = {
        "base64 that is none": (data, "base64"),
        "nothing said of quoted-printable": (quoted, None),
        "quoted-printable said to be 7bit": (quoted, "7bit"),
        "8bit said to be 7bit": (data, "7bit"),
        "an encoding of nobody": (data, "8-bits"),
        "quoted-printable in other words": (quoted, "quoted_printable"),
        "the set as encoding": (data, "utf-8"),
    }
    for number, (name, (body, encoding)) in enumerate(cases.items()):
        raw = make_head(f"k{number}") + f"Content-Type: {plain}\r\n".encode()
        if encoding:
            raw += f"Content-Transfer-Encoding: {encoding}\r\n".encode()
        yield Letter(f"lie: {name}", raw + b"\r\n" + body, text)
    for number, (name, body) in enumerate(
        {
            "with blanks between its lines": coded.replace(b"\n", b"\r\n\r\n"),
            "without its end": coded.rstrip(b"=\n"),
            "in one line": coded.replace(b"\n", b""),
        }.items()
    ):
        raw = make_head(f"l{number}") + f"Content-Type: {plain}\r\n".encode()
        raw += b"Content-Transfer-Encoding: BASE64 \r\n\r\n"
        yield Letter(f"base64 {name}", raw + body, text)


def _pages() -> Iterator[Letter]:
    """Pages that hide their words from a strict reader."""
    text = TEXTS[5]
    pages = {
        "no elements": text,
        "a comment that never ends": f"<!-- <p>{text}</p>",
        "a style that never ends": f"<style>p{{}}<p>{text}</p>",
        "conditions of Word": f"<!--[if mso]><xml>x</xml><![endif]--><p>{text}</p>",
        "a declaration of XML": f'<?xml version="1.0" encoding="utf-8"?><p>{text}</p>',
        "a sign of less": f"<p>a < b</p><p>{text}</p>",
        "attributes without end": f'<p title="a>b">{text}</p>',
        "a frame of tables": f"<table><tr><td><table><tr><td>{text}</td></tr></table>",
        "in <pre>": f"<pre>{text}</pre>",
        "in <title> and after": f"<title>x</title><body>{text}",
        "elements of Word": f"<p class=Mso><o:p></o:p><span lang=VI>{text}</span>",
        "a template": f"<template>{text}</template>",
        "without scripts": f"<noscript>{text}</noscript>",
        "large letters": f"<HTML><BODY><DIV>{text}</DIV></BODY></HTML>",
        "a script before": f"<script>if (a<b) x('</p>')</script><p>{text}</p>",
        "an entity of thousands of digits": f"<p>&#{'9' * 5000};</p><p>{text}</p>",
    }
    for number, (name, page) in enumerate(pages.items()):
        yield Letter(
            f"page: {name}",
            make_text(f"m{number}", page.encode(), PAGE[14:-2], "base64"),
            text,
        )
