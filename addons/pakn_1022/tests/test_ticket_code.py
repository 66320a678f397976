from odoo.tests import tagged

from odoo.addons.pakn_1022.tools.ticket_code import normalize_code

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestTicketCode(PaknCase):
    def test_codes_of_a_batch_are_valid_unique_and_cost_no_query_each(self):
        Ticket = self.env["pakn.ticket"]
        Ticket._next_numbers(2026, 1)
        vals_list = [{} for _i in range(50)]
        with self.assertQueryCount(2):  # the sequence, and its numbers
            Ticket._set_codes(vals_list)
        codes = [vals["name"] for vals in vals_list]
        self.assertEqual(len(set(codes)), 50)
        self.assertEqual([normalize_code(code) for code in codes], codes)
