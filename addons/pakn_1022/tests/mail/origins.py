"""Mails of people and of programs, and who wrote each."""

from collections.abc import Iterator

from .letters import SUBJECT, Letter, make_head
from .shapes import PLAIN, part

TEXT = "Xe tải chạy suốt đêm qua thôn, bụi và ồn."
REFERENCE = "<pakn-1@gialai.example>"

# Name -> further headers; a person wrote each
PEOPLE = {
    "subject that begins with Auto": "Subject: Auto: xe tải chạy đêm\r\n",
    "subject about a reply": "Subject: Trả lời tự động của tổng đài không đúng\r\n",
    "subject away, by hand": "Subject: Out of office hours noise\r\n",
    "answer to an away mail": "Subject: Re: Automatic reply: 1022\r\n",
    "bulk": "Precedence: bulk\r\n",
    "list": "Precedence: list\r\nList-Id: <dan-pho.example>\r\n",
    "junk": "Precedence: junk\r\n",
    "not automatic": "Auto-Submitted: no\r\n",
    "a commune's form": "Auto-Submitted: auto-generated\r\n",
    "a form, null path": "Auto-Submitted: auto-generated\r\nReturn-Path: <>\r\n",
    "a filter forwards it": "Auto-Submitted: auto-notified; owner-email=a@b.vn\r\n",
    "no automatic answers wanted": "X-Auto-Response-Suppress: All\r\n",
    "X-Autoreply no": "X-Autoreply: no\r\n",
    "null path": "Return-Path: <>\r\n",
    "a postmaster who writes": "From: Quản trị <postmaster@xa.example>\r\n",
    "no-reply": "From: Cổng xã <noreply@xa.example>\r\nReply-To: d@corpus.example\r\n",
    "spam mark": "X-Spam-Flag: YES\r\n",
    "mailing program": "X-Mailer: PHPMailer 6.9\r\n",
    "low priority": "X-Priority: 5\r\n",
    "subject Failure": "Subject: Failure of the street light\r\n",
    "subject delayed": "Subject: Delayed answer of the commune\r\n",
}
# A program answered by itself
ANSWERS = {
    "RFC 3834": "Auto-Submitted: auto-replied\r\n",
    "RFC 3834 with a word": "Auto-Submitted: auto-replied; owner-email=a@b.example\r\n",
    "RFC 3834, large": "Auto-Submitted: Auto-Replied (vacation)\r\n",
    "Gmail": "Auto-Submitted: auto-replied\r\nPrecedence: bulk\r\nX-Autoreply: yes\r\n",
    "X-Autoreply": "X-Autoreply: yes\r\n",
    "X-Autorespond": "X-Autorespond: Re: 1022\r\n",
    "X-Auto-Reply": "X-Auto-Reply: true\r\n",
    "auto_reply": "Precedence: auto_reply\r\n",
    "Exchange": (
        "Subject: Automatic reply: 1022\r\nAuto-Submitted: auto-generated\r\n"
        "X-Auto-Response-Suppress: All\r\n"
    ),
    "Exchange in Vietnamese": (
        "Subject: Trả lời tự động: 1022\r\nAuto-Submitted: auto-generated\r\n"
    ),
    "an old Outlook": f"Subject: Out of Office: 1022\r\nIn-Reply-To: {REFERENCE}\r\n",
    "Zimbra in Vietnamese": "Subject: Thư trả lời tự động: 1022\r\nReturn-Path: <>\r\n",
    "Lotus": f"Subject: Auto-reply: on leave\r\nIn-Reply-To: {REFERENCE}\r\n",
    "bulk and away": "Subject: Out of the office\r\nPrecedence: bulk\r\n",
    "with an answer before": (
        f"Subject: Re: Automatic reply: x\r\nIn-Reply-To: {REFERENCE}\r\n"
    ),
}
STATUS = (
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.com"
)


def make_report(kind: str, *statuses: str, subject: str = "Report") -> bytes:
    """Return the rest of a report after its headers (RFC 3464)."""
    body = "\r\n\r\n".join((STATUS, *statuses)).encode()
    return (
        (
            f"Subject: {subject}\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: multipart/report; report-type={kind}; boundary=r\r\n"
            "\r\n--r\r\n"
        ).encode()
        + part(TEXT)
        + b"\r\n--r\r\n"
        + body
        + b"\r\n--r--\r\n"
    )


def status(action: str, code: str, number: int = 1) -> str:
    return (
        f"Final-Recipient: rfc822; dan{number}@corpus.example\r\nAction: {action}\r\n"
        f"Status: {code}"
    )


REPORTS = {
    "failed": (make_report("delivery-status", status("failed", "5.1.1")), "failed"),
    "large letters": (
        make_report(
            "delivery-status", status("FAILED", "5.1.1").replace("Action", "action")
        ),
        "failed",
    ),
    "delayed": (make_report("delivery-status", status("delayed", "4.4.7")), "report"),
    "delivered": (
        make_report("delivery-status", status("delivered", "2.0.0")),
        "report",
    ),
    "relayed": (make_report("delivery-status", status("relayed", "2.0.0")), "report"),
    "expanded": (make_report("delivery-status", status("expanded", "2.0.0")), "report"),
    "one of two failed": (
        make_report(
            "delivery-status",
            status("delivered", "2.0.0"),
            status("failed", "5.2.2", 2),
        ),
        "failed",
    ),
    "two delayed": (
        make_report(
            "delivery-status", status("delayed", "4.4.1"), status("delayed", "4.2.2", 2)
        ),
        "report",
    ),
    "read": (make_report("disposition-notification"), "report"),
    "complaint": (make_report("feedback-report"), "report"),
    "status without words, delayed": (
        make_report("delivery-status", subject="Delayed Mail (still being retried)"),
        "report",
    ),
    "status without words": (
        make_report("delivery-status", subject="Undelivered Mail"),
        "failed",
    ),
}
DAEMONS = {
    "qmail": ("failure notice", "failed"),
    "exim": ("Mail delivery failed: returning message to sender", "failed"),
    "exim, delayed": ("Warning: message 1abc delayed 24 hours", "report"),
    "sendmail, delayed": (
        "Warning: could not send message for past 4 hours",
        "report",
    ),
}


def iterate_origins() -> Iterator[Letter]:
    """Yield mails; the words of those of people must be found."""
    for fate, group in (("read", PEOPLE), ("answer", ANSWERS)):
        for number, (name, headers) in enumerate(group.items()):
            raw = _replace(make_head(f"{fate}{number}"), headers)
            raw += PLAIN.encode() + b"\r\n" + TEXT.encode()
            yield Letter(f"{fate}: {name}", raw, TEXT, _get_subject(headers), fate)
    for number, (name, (rest, fate)) in enumerate(REPORTS.items()):
        head = make_head(f"report{number}")
        raw = _drop(head, b"Subject") + rest
        subject = rest.partition(b"\r\n")[0].decode().removeprefix("Subject: ")
        yield Letter(f"report: {name}", raw, TEXT, subject, fate)
    for number, (name, (subject, fate)) in enumerate(DAEMONS.items()):
        headers = f"From: MAILER-DAEMON@mail.example\r\nSubject: {subject}\r\n"
        raw = _replace(make_head(f"daemon{number}"), headers)
        yield Letter(
            f"daemon: {name}", raw + b"\r\n" + TEXT.encode(), TEXT, subject, fate
        )


def _replace(head: bytes, headers: str) -> bytes:
    """Return a head with some headers, those of the same names dropped."""
    for line in headers.encode().split(b"\r\n"):
        name = line.partition(b":")[0]
        if name in (b"From", b"Subject"):
            head = _drop(head, name)
    return head + headers.encode()


def _drop(head: bytes, name: bytes) -> bytes:
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(name + b":"))


def _get_subject(headers: str) -> str:
    for line in headers.split("\r\n"):
        if line.startswith("Subject: "):
            return line.removeprefix("Subject: ")
    return SUBJECT
