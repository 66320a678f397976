"""What a mail contains: its words and its files, however built. Nothing of Odoo."""

import email
import email.encoders
import email.policy
import quopri
import re
from email.header import Header
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr
from typing import NamedTuple

from .charsets import Decoded, decode
from .html_text import DEEP, has_picture, is_heavy, read_html
from .mail_headers import (
    decode_header,
    get_header,
    get_raw,
    get_sender,
    is_plain_header,
)
from .quotation import hide_keys

# Parts that are looked at; a mail of more is nobody's letter
PARTS = 500
# How deep parts may lie in each other before Odoo's own reading is not asked
NESTED = 20
_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w:-]{1,40})", re.I
)
_BOUNDARY = re.compile(rb"^--(\S{1,200})\r?\n(?=Content-)", re.M | re.I)
_NOT_BASE64 = re.compile(r"\S +\S|[^A-Za-z0-9+/=\s]")
_TAGS = re.compile(r"<[^<>]{0,200}>")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}", re.ASCII)
_ENCODED = re.compile(rb"(?:=[0-9A-F]{2}){2,}")
_TEXT_NAMES = re.compile(r"\.(?:txt|text|log|md|csv)$", re.I)
_PAGE = re.compile(rb"\s*(?:<!doctype html|<html|<body|<div|<p>|<table)", re.I)
# What is copied where a mail is built anew: by this threads and loops are known.
_KEPT_HEADERS = (
    *("Message-Id", "Date", "In-Reply-To", "References", "Return-Path"),
    *("Auto-Submitted", "Precedence", "X-Odoo-Message-Id"),
)
_ADDRESSES = ("Delivered-To", "To", "Cc", "Resent-To", "Reply-To")


class File(NamedTuple):
    name: str
    kind: str  # MIME type
    data: bytes
    cid: str = ""


class Words(NamedTuple):
    """The words of one part.

    :ivar html: the page itself where it can be shown as it is
    :ivar group: of which ``multipart/alternative`` and which of its ways to say it
    """

    text: str
    html: str
    is_page: bool
    group: tuple[int, int] | None
    is_sure: bool


class Content(NamedTuple):
    """What a mail contains.

    :ivar text: its words by lines, without keys of ours; what a page quotes begins
        with ``>``
    :ivar html: the page, empty where the words came otherwise or it is too odd
    :ivar marks: why a person should look at the original: ``charset`` (letters could
        not be read), ``broken`` (the mail is damaged), ``odd`` (words were found in a
        file or a part of another type), ``deep`` (a page was too deep to be shown)
    :ivar is_plain: an ordinary program reads the mail just so
    """

    text: str
    html: str
    files: list[File]
    marks: frozenset[str]
    is_plain: bool


def parse_mail(raw: bytes) -> EmailMessage:
    """Return the ``EmailMessage`` that these bytes are (RFC 5322), broken or not."""
    try:
        # The standard library takes the square of the number of parts.
        if raw.count(b"\n--") > PARTS * 4:
            raise ValueError("too many parts")
        return email.message_from_bytes(raw, policy=email.policy.SMTP)
    except Exception:  # noqa: BLE001 - the standard library stumbles over broken mails
        head, _blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        message = EmailMessage(policy=email.policy.SMTP)
        for line in re.split(rb"\n(?![ \t])", head)[:200]:
            name, colon, value = line.decode("ascii", "surrogateescape").partition(":")
            if colon and re.fullmatch(r"[\x21-\x39\x3b-\x7e]+", name):
                message.set_raw(name, value.replace("\n", " ").strip())
        message.set_payload(body.decode("ascii", "surrogateescape"))
        message.defects.append(ValueError("not parsed"))
        return message


def read_mail(message: Message) -> Content:
    """Return the words and files of a mail."""
    reader = _Reader(message)
    reader.walk()
    return reader.finish()


class _Reader:
    def __init__(self, message: Message) -> None:
        self.message = message
        self.words: list[Words] = []
        self.spare: list[Words] = []
        self.files: list[File] = []
        self.marks: set[str] = set()
        self.is_plain = not message.defects and all(
            is_plain_header(value)
            for name in ("From", "Subject", "Message-Id", *_ADDRESSES)
            for value in get_raw(message, name)
        )

    def walk(self) -> None:
        """Go through the parts without recursion: they may lie in each other."""
        stack, seen = [(self.message, None, 0, False)], 0
        while stack and seen < PARTS:
            part, group, depth, inside = stack.pop()
            seen += 1
            if depth > NESTED:
                self.is_plain = False
            if part.get_content_maintype() == "multipart":
                parts = self.open_container(part)
                if parts is not None:
                    if part.get_content_subtype() == "alternative" and not group:
                        groups = [(id(part), way) for way in range(len(parts))]
                    else:
                        groups = [group] * len(parts)
                    pairs = [*zip(parts, groups, strict=True)]
                    stack += [(p, g, depth + 1, inside) for p, g in reversed(pairs)]
                    continue
            if part.get_content_type() == "message/rfc822" and part.is_multipart():
                self.add_letter(part, inside)
                stack += [(p, None, depth + 1, True) for p in part.get_payload()[:1]]
                continue
            self.read_part(part, group, inside)
        if stack:
            self.marks.add("broken")
            self.is_plain = False

    def open_container(self, part: Message) -> list[Message] | None:
        """Return the parts in a part; its line between them may be another's."""
        if part.is_multipart():
            return part.get_payload()
        self.is_plain = False
        data = part.get_payload(decode=True) or b""
        match = _BOUNDARY.search(data)
        if not match:
            return None
        head = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n' % match[1]
        found = parse_mail(head + data)
        return found.get_payload() if found.is_multipart() else None

    def add_letter(self, part: Message, inside: bool) -> None:
        """Keep a mail within the mail as a file."""
        if inside:
            return
        try:
            data = part.get_payload(0).as_bytes()
        except Exception:  # noqa: BLE001 - the standard library stumbles over broken mails
            self.marks.add("broken")
            return
        subject = get_header(part.get_payload(0), "Subject")
        name = re.sub(r"[^\w .-]+", " ", subject).strip()[:60] or "mail"
        self.files.append(File(f"{name}.eml", "message/rfc822", data))

    def read_part(
        self, part: Message, group: tuple[int, int] | None, inside: bool
    ) -> None:
        kind = part.get_content_type()
        data = self.get_data(part)
        name = get_file_name(part)
        disposition = "".join(get_raw(part, "Content-Disposition")).lower()
        cid = "".join(get_raw(part, "Content-Id")).strip("<> ")
        is_file = bool(name) or disposition.startswith("attachment")
        is_text = kind.startswith("text/") or kind == "application/xhtml+xml"
        if is_text and kind not in ("text/plain", "text/html"):
            is_text = kind in ("text/", "text/enriched", "text/xhtml")
            self.is_plain = self.is_plain and not is_text
        # Parts that could not be told apart
        is_text = is_text or part.get_content_maintype() == "multipart"
        if is_text and not is_file:
            words = self.read_words(part, data, kind, group)
            (self.spare if inside else self.words).append(words)
            return
        if data and (
            is_text or _TEXT_NAMES.search(name) or (not name and _is_text(data))
        ):
            self.spare.append(self.read_words(part, data, kind, None, spare=True))
        if not inside and (data or name):
            self.files.append(File(name or _make_name(kind), kind, data, cid))

    def get_data(self, part: Message) -> bytes:
        """Return the bytes of a part, its encoding undone."""
        said = get_header(part, "Content-Transfer-Encoding")
        encoding = said.strip(' ";').lower()
        if any(
            name.lower() == "content-transfer-encoding" and value.lower() != encoding
            for name, value in part.raw_items()
        ):
            # A blank behind it is enough for the standard library not to know it.
            self.is_plain = False
            del part["Content-Transfer-Encoding"]
            part["Content-Transfer-Encoding"] = encoding
        data = part.get_payload(decode=True) or b""
        if encoding == "base64":
            is_text = part.get_content_maintype() == "text"
            if is_text and _NOT_BASE64.search(str(part.get_payload())[:100_000]):
                # Said to be base64, and written out
                self.is_plain = False
                del part["Content-Transfer-Encoding"]
                data = part.get_payload(decode=True) or b""
        elif encoding not in ("quoted-printable", "x-uuencode", "uuencode"):
            if encoding not in ("", "7bit", "8bit", "binary"):
                self.is_plain = False
            if len(_ENCODED.findall(data[:20000])) >= 3:
                self.is_plain = False
                data = quopri.decodestring(data)
        return data

    def read_words(
        self,
        part: Message,
        data: bytes,
        kind: str,
        group: tuple[int, int] | None,
        spare: bool = False,
    ) -> Words:
        """Return the words of a part, and note whether others read it so too."""
        declared = part.get_param("charset", failobj=None)
        if isinstance(declared, tuple):
            declared = declared[2]
        is_page = "html" in kind or (kind != "text/plain" and bool(_PAGE.match(data)))
        meta = _META.search(data[:4000]) if is_page else None
        found = decode(data, declared or (meta and meta[1].decode("ascii")))
        if not spare:
            self.is_plain = self.is_plain and _is_as_declared(data, declared, found)
        if not is_page:
            text = _TAGS.sub("", found.text) if kind == "text/enriched" else found.text
            text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
            return Words(text, "", False, group, found.is_sure)
        text, depth = read_html(found.text)
        text = decode(text.encode("utf-8", "replace"), "utf-8").text
        is_odd = depth > DEEP or is_heavy(found.text)
        if is_odd:
            self.is_plain = False
            if not spare:
                self.marks.add("deep")
        page = "" if is_odd else found.text
        return Words(text, page, True, group, found.is_sure)

    def finish(self) -> Content:
        """Choose between the ways in which the same is said."""
        chosen, groups = self.choose()
        if any(w.text.strip() for w in chosen):
            if len(chosen) > 1:
                # An empty page would hide the words beside it.
                self.is_plain = self.is_plain and all(w.text.strip() for w in chosen)
            if any(len(ways) > 1 and not _choose(ways).is_page for ways in groups):
                self.is_plain = False
            chosen = [w for w in chosen if w.text.strip() or has_picture(w.html)]
        elif not any(has_picture(words.html) for words in chosen):
            chosen = [words for words in self.spare if words.text.strip()][:1]
            if chosen:
                self.marks.add("odd")
                self.is_plain = False
        if not all(words.is_sure for words in chosen):
            self.marks.add("charset")
        self.check_defects()
        page = chosen[0].html if len(chosen) == 1 else ""
        text = "\n\n".join(words.text for words in chosen).strip()
        if hide_keys(page) != page or hide_keys(text) != text:
            self.is_plain = False
            page, text = hide_keys(page), hide_keys(text)
        return Content(text, page, self.files, frozenset(self.marks), self.is_plain)

    def choose(self) -> tuple[list[Words], list[list[Words]]]:
        """Return the words in their order, and the ways between which was chosen."""
        found: dict[int, dict[int, list[Words]]] = {}
        order: list[Words | int] = []
        for words in self.words:
            if words.group is None:
                order.append(words)
                continue
            alternative, way = words.group
            if alternative not in found:
                order.append(alternative)
            found.setdefault(alternative, {}).setdefault(way, []).append(words)
        groups = {
            alternative: [_join(parts) for parts in ways.values()]
            for alternative, ways in found.items()
        }
        chosen = [
            _choose(groups[item]) if isinstance(item, int) else item for item in order
        ]
        return chosen, list(groups.values())

    def check_defects(self) -> None:
        """Mark a mail whose end is missing, or whose parts could not be told apart."""
        kinds = {type(defect).__name__ for defect in self.message.defects}
        if kinds & {
            "StartBoundaryNotFoundDefect",
            "CloseBoundaryNotFoundDefect",
            "NoBoundaryInMultipartDefect",
            "ValueError",
        }:
            self.marks.add("broken")


def _join(parts: list[Words]) -> Words:
    """Return the words of one way to say something, of as many parts as it has."""
    if len(parts) == 1:
        return parts[0]
    return Words(
        "\n\n".join(words.text for words in parts if words.text.strip()),
        "",
        any(words.is_page for words in parts),
        parts[0].group,
        all(words.is_sure for words in parts),
    )


def _choose(group: list[Words]) -> Words:
    """Return one of several that say the same: the page, unless it says less."""
    pages = [words for words in group if words.is_page]
    plain = [words for words in group if not words.is_page]
    best = max(plain, key=lambda words: len(words.text), default=None)
    page = max(pages, key=lambda words: len(words.text), default=None)
    if page is None or best is None:
        return page or best
    said, other = (len("".join(w.text.split())) for w in (page, best))
    if (said * 2 < other and not has_picture(page.html)) or (not said and other):
        return best
    if not page.is_sure and best.is_sure and other * 2 > said:
        return best
    return page


def _is_as_declared(data: bytes, declared: str | None, found: Decoded) -> bool:
    """Return whether any program reads these bytes as we do."""
    try:
        return data.decode(declared or "ascii") == found.text
    except (LookupError, ValueError):
        return False


def get_file_name(part: Message) -> str:
    """Return the name of a part as a file, empty if it has none."""
    for header, param in (
        ("Content-Disposition", "filename"),
        ("Content-Type", "name"),
    ):
        try:
            value = part.get_param(param, None, header)
        except Exception:  # noqa: BLE001 - the standard library stumbles over broken headers
            continue
        if isinstance(value, tuple):
            charset, _lang, text = value
            value = decode(text.encode("latin-1", "replace"), charset or "utf-8").text
        if value:
            name = decode_header(str(value)).replace("\\", "/").rpartition("/")[2]
            return re.sub(r"[\x00-\x1f\x7f]+", "", name).strip()[:120]
    return ""


def _make_name(kind: str) -> str:
    ending = re.sub(r"[^a-z0-9]", "", kind.partition("/")[2])[:8] or "bin"
    known = {"plain": "txt", "jpeg": "jpg", "octetstr": "bin"}
    return f"file.{known.get(ending, ending)}"


def _is_text(data: bytes) -> bool:
    """Return whether bytes without a name are somebody's words."""
    sample = data[:2000]
    controls = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    return not controls and decode(sample).is_sure and b" " in sample


# ----------------------------------------------------------------
# ANEW
# ----------------------------------------------------------------


def build_mail(
    message: Message, content: Content, message_id: str | None = None
) -> bytes:
    """Return a plain mail with the same sender, words and files, for Odoo to read.

    :param message: the mail that was read
    :param content: what it contains
    :param message_id: another name than its own
    """
    if content.html:
        body = MIMEText(content.html, "html", "utf-8")
    else:
        body = MIMEText(content.text, "plain", "utf-8")
    built = body
    if content.files:
        built = MIMEMultipart("mixed")
        built.attach(body)
        for file in content.files:
            built.attach(_build_part(file))
    if message_id:
        built["Message-Id"] = message_id
    for name in _KEPT_HEADERS:
        for value in get_raw(message, name)[: 0 if name in built else 1]:
            built[name] = re.sub(r"[^\x20-\x7e]", "?", value[:8000])
    for name in _ADDRESSES:
        addresses = _ADDRESS.findall(", ".join(get_raw(message, name)))[:50]
        if addresses:
            built[name] = ", ".join(addresses)
    name, address = get_sender(message)
    if address:
        built["From"] = formataddr((name[:200], re.sub(r"[^\x21-\x7e]", "?", address)))
    subject = get_header(message, "Subject")[:1000]
    if subject:
        built["Subject"] = Header(subject, "utf-8").encode(maxlinelen=76)
    return built.as_bytes()


def hide_keys_of_mail(raw: bytes) -> bytes:
    """Return a mail as it came, but for the keys of ours in addresses that it quotes.

    Only the parts that hold one are written anew.
    """
    message, found = parse_mail(raw), False
    stack = [message]
    for _part in range(PARTS):
        if not stack:
            break
        part = stack.pop()
        if part.is_multipart():
            stack += part.get_payload()
        elif part.get_content_maintype() == "text":
            data = part.get_payload(decode=True) or b""
            text = data.decode("latin-1")
            hidden = hide_keys(text)
            if hidden != text:
                found = True
                del part["Content-Transfer-Encoding"]
                part.set_payload(hidden.encode("latin-1"))
                email.encoders.encode_base64(part)
    if not found:
        return raw
    try:
        return message.as_bytes()
    except Exception:  # noqa: BLE001 - the standard library stumbles over broken mails
        return hide_keys(raw.decode("latin-1")).encode("latin-1")


def _build_part(file: File) -> MIMEBase:
    main, _slash, sub = file.kind.partition("/")
    if main in ("multipart", "message") or not re.fullmatch(
        r"[\w.+-]+/[\w.+-]+", file.kind
    ):
        main, sub = "application", "octet-stream"
    part = MIMEBase(main, sub)
    part.set_payload(file.data)
    email.encoders.encode_base64(part)
    part.add_header(
        "Content-Disposition", "attachment", filename=("utf-8", "", file.name)
    )
    if file.cid:
        part["Content-Id"] = f"<{re.sub(r'[^ -~]', '?', file.cid)}>"
    return part
