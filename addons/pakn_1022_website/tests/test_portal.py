import re

from odoo.tests import new_test_user, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .site import SiteCase


@tagged(*TAGS)
class TestPortal(SiteCase):
    """A citizen with an account sees all of his or her requests, and no others."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env,
            login="site_citizen",
            password="site_citizen_1022",
            groups="base.group_portal",
            lang="vi_VN",
        )
        self.foreign = self.submitted(
            description="Việc của người khác, không liên quan"
        )
        self.authenticate("site_citizen", "site_citizen_1022")

    def page(self, query=""):
        reply = self.url_open(f"/my/requests{query}")
        self.assertEqual(reply.status_code, 200)
        return reply.text

    def test_own_requests_are_listed_and_opened_without_a_token(self):
        ticket = self.submitted(
            description="Cây đổ trước nhà tôi tối qua", account=self.get_account()
        )
        text = self.page()
        self.assertIn(ticket.name, text)
        self.assertNotIn(self.foreign.name, text)
        self.assertIn("Cây đổ", self.url_open(ticket.access_url).text)
        self.assertNotIn("người khác", self.url_open(self.foreign.access_url).text)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["pakn_ticket_count"]}
        )
        self.assertEqual(counters["pakn_ticket_count"], 1)
        self.assertIn("/my/requests", self.url_open("/my").text)

    def test_search_sort_filter_and_pages(self):
        account = self.get_account()
        tickets = [
            self.submitted(
                description=f"Việc số {number} cần giải quyết", account=account
            )
            for number in range(3)
        ]
        text = self.page("?search=viec+so+1")
        self.assertIn(tickets[1].name, text)
        self.assertNotIn(tickets[0].name, text)
        text = self.page(f"?search={tickets[2].name.lower()}")
        self.assertIn(tickets[2].name, text)
        self.assertNotIn(tickets[1].name, text)
        codes = re.findall(r">(GL\d\d-\d{6}-\d)<", self.page("?sortby=name"))
        self.assertEqual(codes, sorted(codes))
        self.assertNotIn(tickets[0].name, self.page("?filterby=ended"))
        tickets[0].with_user(self.operator).reject(self.reason.id)
        self.assertIn(tickets[0].name, self.page("?filterby=ended"))
        for query in ("?sortby=x&filterby=y&search=%25&page=x", "/page/99"):
            self.page(query)

    def test_a_contact_s_own_phone_proves_nothing(self):
        """Who has an account writes there what he or she likes."""
        partner = self.user.partner_id
        partner.write({"phone": "0905 123 456", "email": "nguyenvana@example.com"})
        self.assertNotIn(self.foreign.name, self.page())
        self.assertNotIn("người khác", self.url_open(self.foreign.access_url).text)

    def test_a_proved_phone_shows_its_requests(self):
        texts = self.deliver_codes()
        self.page()
        self.post("/my/requests/phone", {"phone": "0905 123 456"})
        code = re.search(r"\b\d{6}\b", texts[-1])[0]
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        data = {"phone": "0905 123 456"}
        self.post("/my/requests/phone", data | {"code": wrong})
        self.assertNotIn(self.foreign.name, self.page())
        reply = self.post("/my/requests/phone", data | {"code": code})
        self.assertEqual(reply.status_code, 303)
        self.assertIn(self.foreign.name, self.page())
        self.foreign.secrecy = "secret"
        self.assertNotIn(self.foreign.name, self.page())

    def test_nobody_reads_requests_through_the_orm(self):
        for model in ("pakn.ticket", "pakn.question.answer", "pakn.event"):
            self.assertFalse(self.env[model].with_user(self.user).has_access("read"))

    def test_staff_have_no_requests_of_their_own_here(self):
        self.focal.password = "test_focal_1022"
        self.authenticate("test_focal", "test_focal_1022")
        self.assertNotIn(self.foreign.name, self.page())
        data = {"phone": "0905 123 456"}
        self.assertEqual(self.post("/my/requests/phone", data).status_code, 404)
