"""Which lines of Odoo's log are findings: warnings and errors that are not known."""

import re
import sys
from pathlib import Path

KNOWN = [
    re.compile(line)
    for line in (Path(__file__).parent / "known_odoo_warnings.txt")
    .read_text("utf-8")
    .splitlines()
    if line and not line.startswith("#")
]
_LEVEL = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (.*)$")


def is_known(text):
    """Return whether ``logger: message`` is a warning of Odoo itself."""
    return any(pattern.search(text) for pattern in KNOWN)


def findings(lines):
    """Return the log lines that are neither information nor known."""
    return [
        line.rstrip()
        for line in lines
        if (match := _LEVEL.match(line)) and not is_known(match[2])
    ]


if __name__ == "__main__":
    found = []
    for name in sys.argv[1:]:
        found += findings(Path(name).read_text("utf-8").splitlines())
    print(*found, sep="\n")
    sys.exit(bool(found))
