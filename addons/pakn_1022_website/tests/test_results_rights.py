from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .test_art13_results import ResultsCase


@tagged(*TAGS)
class TestResultsRights(ResultsCase):
    def test_a_token_is_read_by_nobody_of_the_hotline(self):
        subscription = self.env["pakn.subscription"].create({"email": "a@example.com"})
        with self.assertRaises(AccessError):
            subscription.with_user(self.operator).read(["email"])

    def test_art13_1_the_public_reads_no_request_by_rpc(self):
        ticket = self.published()
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            ticket.with_user(public).read(["public_title"])
        found, _cursor = (
            self.env["pakn.ticket"].with_user(public)._search_results({}, 5)
        )
        self.assertTrue(found, "the site reads what is published")
