"""A thousand mails to the hotline as they come: made for the test, always the same."""

import base64
from email.message import EmailMessage
from email.policy import SMTP

HOTLINE = "1022@gialai.example"
TEXT = "Kính gửi tổng đài, đèn đường trước nhà số {n} đường Hùng Vương hỏng đã lâu."
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
TNEF = base64.b64decode("eJ8+IgEBkAgABAAAAAAAAQABAAEHkAYACAAAAOQEAAAAAADoAAE=")

# Kind -> (how many, what becomes of each)
KINDS = {
    "plain": (260, "ticket"),
    "html": (120, "ticket"),
    "latin": (60, "ticket"),
    "base64": (60, "ticket"),
    "unknown_charset": (20, "ticket"),
    "no_subject": (40, "ticket"),
    "no_name": (30, "ticket"),
    "empty": (10, "ticket"),
    "pictures": (60, "ticket"),
    "tnef": (20, "ticket"),
    "huge": (2, "ticket"),
    "forward": (40, "ticket"),
    "no_headers": (8, "ticket"),
    "truncated": (10, "ticket"),
    "reference": (60, "joined"),
    # A code alone proves nothing: from another address it is a request of its own
    "code": (40, "ticket"),
    "code_elsewhere": (20, "ticket"),
    "out_of_office": (40, "automatic"),
    "bounce": (20, "automatic"),
    "bulk": (20, "ticket"),
    "twice": (20, "twice"),
    "poison": (10, "error"),
    "flood": (30, "flood"),
}
assert sum(count for count, _outcome in KINDS.values()) == 1000


def get_message_id(kind, number):
    """Return the Message-ID by which a mail of the corpus is found again."""
    return f"<{kind}-{number}@corpus.example>"


def _mail(kind, number, text=True, **headers):
    message = EmailMessage(policy=SMTP)
    values = {
        "Message_Id": get_message_id(kind, number),
        "Date": "Mon, 02 Mar 2026 08:00:00 +0700",
        "From": f"Người Dân {number} <{kind}{number}@dan.example>",
        "To": HOTLINE,
        "Subject": f"Đèn đường hỏng {kind} {number}",
    }
    for name, value in {**values, **headers}.items():
        if value is not None:
            message[name.replace("_", "-")] = value
    if text is True:
        text = TEXT.format(n=number)
    if text is not None:
        message.set_content(text)
    return message


def _html(number):
    message = _mail("html", number, text=None)
    message.set_content(
        f"<html><body><p>{TEXT.format(n=number)}</p><script>x()</script></body>",
        subtype="html",
        charset=("utf-8", "utf-16")[number % 2],
    )
    return message


def _latin(number):
    message = _mail("latin", number, text=None)
    charset = ("iso-8859-1", "cp1258")[number % 2]
    message.set_content("Den duong hong, caf\xe9 so 5", charset=charset)
    return message


def _base64(number):
    message = _mail("base64", number, text=None)
    message.set_content(TEXT.format(n=number), cte="base64")
    return message


def _unknown_charset(number):
    raw = _mail("unknown_charset", number).as_bytes()
    return raw.replace(b'charset="utf-8"', b'charset="x-vps-vni"')


def _no_name(number):
    return _mail("no_name", number, From=f"no_name{number}@dan.example")


def _with_files(kind, number, size):
    message = _mail(kind, number)
    message.add_alternative("<p>Ảnh: <img src='cid:a'></p>", subtype="html")
    message.get_payload()[1].add_related(
        PICTURE, "image", "png", cid="<a>", filename="anh.png"
    )
    message.add_attachment(b"x" * size, "application", "pdf", filename="đơn.pdf")
    return message


def _tnef(number):
    message = _mail("tnef", number, text=(None, True)[number % 2])
    message.make_mixed()
    message.add_attachment(TNEF, "application", "ms-tnef", filename="winmail.dat")
    return message


def _forward(number):
    message = _mail("forward", number, Subject=f"Fwd: Fw: Chuyển đơn {number}")
    message.add_attachment(_mail("inner", number))
    return message


def _no_headers(number):
    head = f"Message-Id: {get_message_id('no_headers', number)}\r\nTo: {HOTLINE}"
    return f"{head}\r\n\r\n{TEXT.format(n=number)}".encode()


def _truncated(number):
    raw = _with_files("truncated", number, 5000).as_bytes()
    return raw[: len(raw) * 2 // 3]


def _out_of_office(number, reference):
    header = (
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Subject": "Trả lời tự động: nghỉ phép"},
    )[number % 3]
    return _mail("out_of_office", number, In_Reply_To=reference, **header)


def make_mail(kind, number, ours):
    """Return the bytes of one mail.

    :param list ours: ``(Message-ID, code)`` of mails that the hotline has sent
    """
    reference, code = ours[number % len(ours)]
    make = {
        "plain": lambda: _mail(kind, number),
        "html": lambda: _html(number),
        "latin": lambda: _latin(number),
        "base64": lambda: _base64(number),
        "unknown_charset": lambda: _unknown_charset(number),
        "no_subject": lambda: _mail(kind, number, Subject=(None, "")[number % 2]),
        "no_name": lambda: _no_name(number),
        "empty": lambda: _mail(kind, number, text="", Subject=None),
        "pictures": lambda: _with_files(kind, number, 5000),
        "huge": lambda: _with_files(kind, number, 20 * 1024 * 1024),
        "tnef": lambda: _tnef(number),
        "forward": lambda: _forward(number),
        "no_headers": lambda: _no_headers(number),
        "truncated": lambda: _truncated(number),
        "reference": lambda: _mail(
            kind, number, In_Reply_To=reference, Subject="Chuyện khác"
        ),
        "code": lambda: _mail(kind, number, Subject=f"Re: hỏi về {code.lower()}"),
        "code_elsewhere": lambda: _mail(
            kind, number, text=f"Mã {code}: sao lâu thế?", Subject="Hỏi"
        ),
        "out_of_office": lambda: _out_of_office(number, reference),
        "bounce": lambda: _mail(
            kind, number, From="MAILER-DAEMON@dan.example", References=reference
        ),
        "bulk": lambda: _mail(kind, number, Precedence="bulk"),
        "twice": lambda: _mail(kind, number // 2),
        "poison": lambda: _mail(kind, number, Subject=f"Thuốc độc {number}"),
        "flood": lambda: _mail(kind, number, From="Máy Gửi <flood@dan.example>"),
    }[kind]
    mail = make()
    return mail if isinstance(mail, bytes) else mail.as_bytes()


def make_corpus(ours):
    """Yield ``(kind, number, bytes)`` of all mails, the kinds mixed.

    :param list ours: see :func:`make_mail`
    """
    mails = [
        (number / count, kind, number)
        for kind, (count, _outcome) in KINDS.items()
        for number in range(count)
    ]
    for _place, kind, number in sorted(mails):
        yield kind, number, make_mail(kind, number, ours)
