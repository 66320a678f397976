"""What means harm: mail part by part, and requests route by route (``hostile_routes``).

The longest time and the memory that one takes.

The same inputs each time: real parts of mails that are cut, repeated, nested, mixed and
broken at random, one in fifty of them repeated up to 200,000 characters. The time is
the processor's. Whatever is wrong with one, it must be read as something; an error ends
the measurement.
"""

import random
import time

from odoo.addons.pakn_1022.tools import (
    charsets,
    html_text,
    incoming_mail,
    mail_content,
    mail_headers,
    phone,
    quotation,
    redaction,
    remote_pictures,
    ticket_code,
)

from bench import hostile_routes
from bench.hostile_routes import get_peak
from bench.measuring import OURS, QUICK, Row, show

COUNT = 500 if QUICK else 10_000
LONG, EVERY = 200_000, 50
# Goals of one input: seconds, and megabytes of the whole measurement
SECONDS, MEGABYTES = 2, 200

PIECES = {
    "HTML": (
        *("<div>", "</div>", "<b", "<!--", "-->", "<![CDATA[", "<svg/onload=x>", "&#x"),
        *("&amp;lt;", "<table><tr><td>", "<img src=//x.example/a.png>", "\x00", "đèn"),
        *("<blockquote>", '<a href="/s/abcd?access_token=1">', "<style>", "<br>"),
    ),
    "quotation": (
        *("> ", "\n", ">>>> ", "Vào T2, 02/03/2026, X đã viết:", "On Mon, X wrote:"),
        *("-----Original Message-----", "Từ: ", "From: ", "Gửi: ", "---", "\r\n"),
        *("access_token=abc", "https://1022.example/my/requests/1?", " ", "đã nhận"),
    ),
    "header": (
        *("=?utf-8?B?", "?=", "=?x?Q?", "=E1=BB", "\t", " ", "<a@b.vn>", '"', "\\"),
        *("(", ")", ",", ";", "re: ", "Fwd:", "\udc80", "=?utf-7?B?+ADw?=", "đ"),
    ),
    "words": (
        *(
            "0905 123 456",
            "GL26-000123-7",
            "a@a.a ",
            "ông ",
            "Nguyễn Văn ",
            "81C-123.45",
        ),
        *("không chín ", "064190012345", ".", "-", "số ", "đường ", "\u202e", "\u0301"),
    ),
}
MAIL = (
    *(b"Content-Type: multipart/mixed; boundary=b\r\n", b"\r\n\r\n", b"--b\r\n"),
    *(b"--b--", b"Content-Type: text/html; charset=utf-7\r\n", b"\xff\xfe", b"=3D"),
    *(b"Content-Type: message/rfc822\r\n", b"Content-Transfer-Encoding: base64\r\n"),
    *(b"Content-Type: text/plain; charset=windows-1258\r\n", b"From: a@b.vn\r\n"),
    *(b"Subject: =?utf-8?B?4bqh?=\r\n", b"<p>\xc4\x91\xc3\xa8n", b"QUJD\r\n", b"\x00"),
    *(
        b"Content-Disposition: attachment; filename*=utf-8''%E1%BA\r\n",
        b"Received: x\r\n",
    ),
)


def make_inputs(pieces):
    """Yield :data:`COUNT` inputs of random pieces, the same at each call."""
    generator = random.Random(1022)  # noqa: S311 - the same each time, no secret
    empty = pieces[0][:0]
    for number in range(COUNT):
        some = generator.choices(pieces, k=generator.randint(1, 40))
        text = empty.join(some)
        if number % EVERY == 0:
            repeated = generator.choice(pieces)
            text += repeated * (generator.randint(1, LONG) // len(repeated))
        cut = generator.randint(0, len(text))
        yield text[cut:] + text[:cut] if generator.random() < 0.3 else text


def read_raw(raw):
    message = mail_content.parse_mail(raw)
    content = mail_content.read_mail(message)
    incoming_mail.make_digest(message, content)
    incoming_mail.get_recipients(message)
    incoming_mail.get_references(message)
    mail_headers.get_writer(message)
    mail_content.build_mail(message, content)
    mail_content.hide_keys_of_mail(raw)


def read_words(text):
    phone.find_phones(text)
    ticket_code.find_codes(text)
    list(redaction.find(text))


def read_header(value):
    mail_headers.decode_header(value)
    incoming_mail.strip_subject(value)


def read_page(page):
    html_text.read_html(page)
    remote_pictures.keep_out(page, "[a picture of %s]")


PARTS = {
    "whole mail": (MAIL, read_raw),
    "letters": (MAIL, charsets.decode),
    "header": (PIECES["header"], read_header),
    "HTML": (PIECES["HTML"], read_page),
    "quotation": (PIECES["quotation"], quotation.split_answer),
    "names and numbers": (PIECES["words"], read_words),
}


def run(env):
    """Return a row for each part and route: milliseconds, megabytes more.

    :param env: of Odoo's shell, of a scratch database
    """
    return [*run_parts(), *hostile_routes.run(env)]


def run_parts():
    """Return a row for each part: median and greatest milliseconds, megabytes more."""
    rows = []
    for part, (pieces, read) in PARTS.items():
        before, times = get_peak(), []
        for one in make_inputs(pieces):
            start = time.process_time()
            read(one)
            times.append((time.process_time() - start) * 1000)
        times.sort()
        middle, low, high = times[len(times) // 2], times[0], times[-1]
        grown = get_peak() - before
        rows.append(
            show(
                Row(
                    *(OURS, f"hostile {part}", COUNT, "ms"),
                    *(round(middle, 3), round(low, 3), round(high, 1)),
                    *(None, 1, round(grown)),
                )
            )
        )
        if high > SECONDS * 1000 or grown > MEGABYTES:
            raise SystemExit(f"{part}: {high:.0f} ms, {grown:.0f} MB more")
    return rows
