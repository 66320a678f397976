"""Translations of other addons' code out of one file. Nothing of Odoo."""

import polib


def read_code_terms(path: str) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Return ``{addon: (terms of its Python, terms of its JavaScript)}`` of a PO file.

    Each entry names its addons (``#. module: web, mail``) and where its code is
    (``#. odoo-python``, ``#. odoo-javascript``), as Odoo's own files do.
    """
    terms: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
    for entry in polib.pofile(path):
        if not entry.translated():
            continue
        notes = entry.comment.splitlines()
        for note in notes:
            kind, _colon, names = note.partition(":")
            if kind not in ("module", "modules"):
                continue
            for name in names.split(","):
                python, web = terms.setdefault(name.strip(), ({}, {}))
                if "odoo-python" in notes:
                    python[entry.msgid] = entry.msgstr
                if "odoo-javascript" in notes:
                    web[entry.msgid] = entry.msgstr
    return terms
