"""The site's own scripts and libraries: small files, with a version in the address.

Nothing of Odoo. Modules import each other by relative paths, so the version stands in
the folder; it is a hash of all files, and what lies under it may be kept for ever.
"""

import functools
import hashlib
import mimetypes
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "static"
# Where they lie, and how their names end
FOLDERS = {"src": (".js",), "lib": (".js", ".css", ".png")}
# Served under an address of its own
LEFT_OUT = {"src/pwa/service_worker.js"}


@functools.cache
def get_files() -> dict[str, bytes]:
    """Return what is served, ``{path under static: content}``; read once."""
    files = {}
    for folder, ends in FOLDERS.items():
        for path in sorted((STATIC / folder).rglob("*")):
            name = path.relative_to(STATIC).as_posix()
            if path.suffix in ends and name not in LEFT_OUT:
                files[name] = path.read_bytes()
    return files


@functools.cache
def get_version() -> str:
    """Return the hash of all files, 16 hex digits."""
    digest = hashlib.sha256()
    for name, content in get_files().items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def get_url(name: str) -> str:
    """Return the address of a module of ``static/src``, ``submit/submit.js``."""
    return f"/1022-site/{get_version()}/src/{name}"


def get_type(name: str) -> str:
    """Return the media type of a file, with its charset."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith(".js"):
        kind = "text/javascript"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
