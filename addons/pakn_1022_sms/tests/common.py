import json
from functools import partial
from unittest.mock import patch

from odoo.addons.pakn_1022.tests.common import PaknCase

from .smsc import HttpPeer


class SmsCase(PaknCase):
    """Phones for the people, one account at an HTTP gateway on loopback."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number, user in enumerate(
            (cls.operator, cls.focal, cls.other_focal, cls.head, cls.office_user)
        ):
            user.partner_id.phone = f"0911 000 00{number}"
        cls.env.company.sms_provider = "brandname"
        cls.env["pakn.sms.account"].search([], limit=100).active = False

    def setUp(self):
        super().setUp()
        self.peer = HttpPeer(self.answer)
        self.enterContext(self.peer)
        self.refuse = None
        self.account = self.make_account("Thử", self.peer.url)
        # A test keeps its transaction: claims are not committed, receipts not apart
        self.startPatcher(
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1000
            )
        )
        self.startPatcher(
            patch.object(
                type(self.account),
                "_get_keeper",
                lambda account: partial(account._keep_receipt, before=[]),
            )
        )

    def make_account(self, name, url, **values):
        return self.env["pakn.sms.account"].create(
            {
                "name": name,
                "gateway": "http",
                "url": url,
                "password": "secret",
                "price": 300,
                "reference_path": "id",
                "receipt_reference_path": "id",
                "receipt_status_path": "s",
                "receipt_delivered": "2",
                "receipt_failed": "3",
                **values,
            }
        )

    def answer(self, path, body):
        if self.refuse:
            return self.refuse
        message = json.loads(body)
        return 200, json.dumps({"code": "0", "id": message["id"][:8]}).encode()

    def sms(self, ticket, event=None, audience=None):
        """Return the messages of a request, oldest first."""
        self.deliver()
        domain = [("pakn_ticket_id", "=", ticket.id)]
        if event:
            domain.append(("pakn_act", "=", event))
        if audience:
            domain.append(("pakn_audience", "=", audience))
        return self.env["sms.sms"].search(domain, order="id")

    def work_off(self):
        self.deliver()
        self.env["sms.sms"]._process_queue()

    def people(self, ticket, event):
        """Return who was told of an event: ``{(audience, end of the number)}``."""
        return {(s.pakn_audience, s.number[-1:]) for s in self.sms(ticket, event)}
