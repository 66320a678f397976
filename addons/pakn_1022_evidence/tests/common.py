import json

from odoo import fields
from odoo.tools import SQL

from odoo.addons.pakn_1022.tests.common import PaknCase

from ..tools import seals


class EvidenceCase(PaknCase):
    """Requests with all that is under the record, and an owner of the database."""

    def seal(self):
        """Seal what has been written, as it is before each commit."""
        self.env["pakn.seal"]._seal_pending()

    def whole(self, **values):
        """Return a sealed request with files, words and a rating."""
        photo = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "anh.jpg", "raw": b"photo of the lamp"})
        )
        ticket = self.transferred(
            self.unit,
            self.other_unit,
            attachment_ids=[fields.Command.set(photo.ids)],
            **values,
        )
        slip = self.lead_slip(ticket, self.focal)
        slip.acknowledge()
        paper = (
            self.env["ir.attachment"]
            .with_user(self.focal)
            .create({"name": "bien-ban.txt", "raw": b"the lamp was replaced"})
        )
        slip.add_files(paper.ids)
        slip.message_post(body="Đã cử thợ.", message_type="comment")
        slip.answer("<p>Đã thay bóng đèn.</p>")
        ticket.send_result()
        ticket.publish()
        ticket.rate(1, "Chưa sáng")
        self.seal()
        self.assertEqual(ticket._find_faults(), {})
        return ticket

    def execute(self, statement, *parameters):
        """Change the database as its owner could, past the triggers."""
        cr = self.env.cr
        tables = ("pakn_event", "pakn_seal", "pakn_anchor", "pakn_anchor_leaf")
        tables += ("pakn_document",)
        for table in (*tables, "pakn_ticket", "pakn_transfer"):
            cr.execute(
                SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table))
            )
        # The tests' own statements, some for each of their tables
        cr.execute(statement, parameters)  # pylint: disable=sql-injection
        self.env.invalidate_all(flush=False)

    def rewrite_seals(self, ticket, forge):
        """Write the chain of states of a request anew, each hash right.

        :param forge: is given each :class:`Seal` and returns it as it shall be;
            ``None`` leaves it out
        """
        self.env.cr.execute(
            """SELECT code, sequence, to_char(date, 'YYYY-MM-DD HH24:MI:SS'), acts,
                      acts_hash, changes FROM pakn_seal WHERE ticket_id = %s
                ORDER BY sequence""",
            [ticket.id],
        )
        previous, count = seals.START, 0
        rows = [forge(seals.Seal(*row)) for row in self.env.cr.fetchall()]
        self.execute("DELETE FROM pakn_seal WHERE ticket_id = %s", ticket.id)
        for seal in filter(None, rows):
            count += 1
            seal = seal._replace(sequence=count)
            previous = seals.get_hash(previous, seal)
            self.env.cr.execute(
                """INSERT INTO pakn_seal (ticket_id, code, sequence, date, acts,
                          acts_hash, changes, hash)
                   VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s)""",
                [ticket.id, *seal[:5], self.as_json(seal.changes), previous],
            )
        self.execute(
            "UPDATE pakn_seal_end SET length = %s, hash = %s WHERE ticket_id = %s",
            count,
            previous,
            ticket.id,
        )

    @staticmethod
    def as_json(value):
        return json.dumps(value)
