import json
import logging
import re
from pathlib import Path

from odoo import api, fields, models
from odoo.tools import config

from ..tools import anchors

_logger = logging.getLogger(__name__)


class PaknAnchorBook(models.AbstractModel):
    """The anchors, written down outside of the database too (Art. 9).

    A room of ``pakn.anchor``.
    """

    _name = "pakn.anchor.book"
    _description = "Book of the anchors"

    @api.model
    def _get_book(self):
        """Return the file on the server in which all anchors are written down.

        Who owns the database need not be able to write there. One for each database: a
        copy of it has a book of its own.
        """
        # sudo: ir.config_parameter - which database it is
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        name = re.sub(r"[^\w.-]", "_", f"{self.env.cr.dbname}-{uuid}.jsonl")
        return Path(config["data_dir"]) / "pakn_1022_anchors" / name

    def _get_line(self):
        """Return what is written down of an anchor: what was signed, and by whom."""
        self.ensure_one()
        signed = f"{self.signature or ''}\n{self.certificate or ''}"
        return {
            "date": fields.Datetime.to_string(self.date),
            "size": self.size,
            "root": self.root,
            "previous": self.previous,
            "signed": anchors.hash_statement(signed.encode()),
        }

    def _write_down(self):
        """Add this anchor to the book; where that fails, the log says so."""
        self.ensure_one()
        book = self._get_book()
        line = json.dumps(self._get_line(), sort_keys=True)
        try:
            book.parent.mkdir(parents=True, exist_ok=True)
            with book.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            _logger.error("an anchor could not be written down: %s", error)

    @api.model
    def _find_book_faults(self):
        """Yield ``(anchor, sentence)`` of what is not as it was written down.

        So also an anchor is found that was made and signed anew by who owns database
        and certificate. A server that has no book yet begins one.
        """
        book = self._get_book()
        try:
            lines = book.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            _logger.error("the book of anchors cannot be read: %s", error)
            return
        known = {anchor.size: anchor for anchor in self.search([("size", ">", 0)])}
        last = self.search([], limit=1)
        for number, line in enumerate(lines, 1):
            try:
                written = json.loads(line)
                anchor = known.get(written["size"])
            except (ValueError, KeyError, TypeError):
                yield (
                    last,
                    self.env._("Line %s of the book of anchors is broken.", number),
                )
                continue
            if not anchor or anchor._get_line() != written:
                yield (
                    anchor or last,
                    self.env._(
                        "The anchor of %(date)s UTC is not the one that was written "
                        "down on the server (line %(number)s of %(book)s): it was made "
                        "anew, or the database is from before.",
                        date=written.get("date"),
                        number=number,
                        book=book.name,
                    ),
                )
