from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import EvidenceCase


@tagged(*TAGS)
class TestSeals(EvidenceCase):
    """Art. 9.1: what a transaction wrote is sealed before it is committed."""

    def count_queries(self, tickets):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.seal()
        counted = self.env.cr.sql_log_count - before
        self.assertEqual(tickets._find_faults(), {})
        return counted

    def test_art9_1_three_queries_seal_whatever_was_written(self):
        """Read the rows of all kinds, and the ends of the chains, then write both."""
        self.seal()
        # Request, act, slip and file: all that one act may write
        files = self.env["ir.attachment"].with_user(self.operator)
        photo = files.create({"name": "anh.jpg", "raw": b"photo"})
        one = self.transferred(attachment_ids=photo.ids)
        self.assertEqual(self.count_queries(one), 3)
        many = one.browse().union(*(self.transferred() for _number in range(10)))
        self.assertEqual(self.count_queries(many), 3)
        self.assertEqual(
            set(many.mapped("seal_length")), {1}, "one seal for a transaction"
        )

    def test_art9_1_what_is_said_elsewhere_is_sealed_with_no_request(self):
        """Conversations are kept, too; their numbers are not those of requests."""
        ticket = self.whole()
        seals = ticket.seal_length
        people = self.env["res.partner"].search([], limit=1000)
        messages = self.env["mail.message"].create(
            [
                {"model": "res.partner", "res_id": person.id, "body": "Alo"}
                for person in people
            ]
        )
        messages._touch_all()
        self.seal()
        self.assertEqual((ticket.seal_length, ticket._find_faults()), (seals, {}))

    def test_art9_1_what_a_version_brings_under_seal_is_sealed_as_it_is(self):
        """Of a database of before: nothing is found that nobody changed."""
        further = {"slip": ("is_open",), "file": ("place", "type"), "act": ()}
        ticket = self.whole()

        def forget(seal):
            changes = {
                kind: {
                    row: values
                    and {
                        name: value
                        for name, value in values.items()
                        if name not in further.get(kind, ())
                    }
                    for row, values in rows.items()
                }
                for kind, rows in seal.changes.items()
            }
            return seal._replace(changes=changes)

        self.rewrite_seals(ticket, forget)
        [found] = ticket._find_faults().values()
        self.assertIn("whose file it is", " ".join(found))
        seals = ticket.seal_length
        self.env["pakn.seal"]._seal_further(further)
        self.assertEqual(ticket._find_faults(), {})
        self.assertEqual(ticket.seal_length, seals + 1)
