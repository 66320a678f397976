"""What must not stand in a server's log: keys in addresses, lines made by visitors."""

import logging
import re

# Keys that open a request or a rating to whoever has them
_KEYS = re.compile(r"((?:access_token|token|hash)=|/rate/)[^&\s\"/#]+")
# A line break in an address would begin a line of the visitor's own making
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class KeyFilter(logging.Filter):
    """Hide keys in the lines of a logger."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line; none is left out."""
        record.msg, record.args = clean(record.getMessage()), ()
        return True


def clean(line: str) -> str:
    """Return one line of a log without keys and control characters."""
    return _CONTROL.sub(" ", _KEYS.sub(r"\1***", line))


def install() -> None:
    """Hide keys in the log of requests, once for this process."""
    logger = logging.getLogger("werkzeug")
    if not any(isinstance(known, KeyFilter) for known in logger.filters):
        logger.addFilter(KeyFilter())
