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

    def test_art9_1_two_queries_seal_whatever_was_written(self):
        """Read the rows of all kinds, then write seals and ends of the chains."""
        self.seal()
        # Request, act, slip and file: all that one act may write
        files = self.env["ir.attachment"].with_user(self.operator)
        photo = files.create({"name": "anh.jpg", "raw": b"photo"})
        one = self.transferred(attachment_ids=photo.ids)
        self.assertEqual(self.count_queries(one), 2)
        many = one.browse().union(*(self.transferred() for _number in range(10)))
        self.assertEqual(self.count_queries(many), 2)
        self.assertEqual(
            set(many.mapped("seal_length")), {1}, "one seal for a transaction"
        )
