"""What must not stand in a server's log: keys in addresses, lines made by visitors."""

import logging
import re
import traceback

# Keys that open a request or a rating to whoever has them
_KEYS = re.compile(r"((?:access_token|api_key|token|hash)=|/rate/)[^&\s\"/#]+")
# Keys of gateways and exchanges, which stand in the path: “/pakn_sms/receipt/1/…/…”
_PATHS = re.compile(r"(/pakn_\w+/(?:[\w.-]{1,23}/)*)[\w-]{24,}(?:/[\w-]{24,})*")
# What a provider of sign-ins sends a browser back with: “/dang-nhap/1/tra-ve?code=…”
_ANSWERS = re.compile(r"(/dang-nhap/\d+/tra-ve\?)[^\s\"]+")
_BREAK = re.compile(r"\r\n?|\n")
# What moves a terminal's cursor, or what a reader's eye
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")
# Lines after the first are set in: none looks like a line of the log's own
INDENT = "\n    "


class KeyFilter(logging.Filter):
    """Hide keys in each line, and let no visitor begin a line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line; none is left out."""
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - logging itself says what is wrong with it
            return True
        record.msg, record.args = clean(message), ()
        if record.exc_info and record.exc_info[0]:
            # The words of an error may be a visitor's too; made anew, for another
            # handler may have kept them as they were
            course = "".join(traceback.format_exception(*record.exc_info))
            record.exc_text = clean(course.rstrip("\n"))
        return True


def clean(text: str) -> str:
    """Return a text of a log without keys, and without line breaks of its own."""
    for keys in (_KEYS, _PATHS, _ANSWERS):
        text = keys.sub(r"\1***", text)
    lines = _BREAK.split(text)
    return INDENT.join(_CONTROL.sub(" ", line) for line in lines)


def install() -> None:
    """Watch over all that this process writes into its log, once."""
    root = logging.getLogger()
    # Requests themselves too where a handler is added later
    for place in (*root.handlers, logging.getLogger("werkzeug")):
        if not any(isinstance(known, KeyFilter) for known in place.filters):
            place.addFilter(KeyFilter())
