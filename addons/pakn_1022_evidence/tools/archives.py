"""Packages of finished requests for an archive. Nothing of Odoo.

A package is a ZIP of folders, one for each request, and a ``manifest.json`` with the
SHA-256 of every file; one manifest over all packages of a year is signed. What stands
in ``thong-tin.xml`` bears the names of the data of archived electronic files (Circular
02/2019/TT-BNV).
"""

import hashlib
import io
import json
import re
import zipfile
from typing import NamedTuple
from xml.etree import ElementTree

MANIFEST = "manifest.json"
PAPER, FACTS, FILES = "ho-so.pdf", "thong-tin.xml", "tep"
# What no file system takes in a name
ODD = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')


class Folder(NamedTuple):
    """A request on its way to the archive.

    ``facts``: name of an element -> its text; ``files``: number, name and content.
    """

    code: str
    paper: bytes
    facts: dict[str, str]
    files: list[tuple[int, str, bytes]]


def pack(folders: list[Folder]) -> bytes:
    """Return folders as one package."""
    out, listed = io.BytesIO(), {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            content = {PAPER: folder.paper}
            for number, name, data in folder.files:
                content[f"{FILES}/{number}-{clean_name(name)}"] = data
            content[FACTS] = write_facts(folder.facts, content)
            for path, data in content.items():
                path = f"{folder.code}/{path}"
                archive.writestr(path, data)
                listed[path] = describe(data)
        archive.writestr(
            MANIFEST,
            dump(
                {
                    "version": 1,
                    "requests": [one.code for one in folders],
                    "files": listed,
                }
            ),
        )
    return out.getvalue()


def describe(data: bytes) -> dict[str, int | str]:
    """Return size and digest of a file, as a manifest has them."""
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def dump(values: dict) -> bytes:
    """Return the bytes that are hashed or signed: JSON, keys sorted, no blanks."""
    return json.dumps(
        values, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()


def clean_name(name: str) -> str:
    """Return a name that can be a file's anywhere, with its ending.

    >>> clean_name("../ảnh 1.jpg")
    '_ảnh 1.jpg'
    """
    name = ODD.sub("_", name or "").strip(" .") or "tep"
    return name if len(name) <= 100 else name[:60] + name[-40:]


def write_facts(facts: dict[str, str], content: dict[str, bytes]) -> bytes:
    """Return what is said of a request, and of each file of it, as XML."""
    root = ElementTree.Element("HoSo", {"version": "1"})
    for name, text in facts.items():
        ElementTree.SubElement(root, name).text = readable(text)
    files = ElementTree.SubElement(root, "Documents")
    for path, data in content.items():
        ElementTree.SubElement(
            files,
            "Document",
            {
                "path": readable(path),
                "size": str(len(data)),
                "sha256": hashlib.sha256(data).hexdigest(),
            },
        )
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def readable(text: str) -> str:
    """Return a text without what no XML may hold (XML 1.0, 2.2)."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
