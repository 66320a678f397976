import re

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import ROLES, TAGS

from .common import SmsCase

MODELS = {
    "pakn.sms.account": {"manager": "rcwu"},
    "pakn.sms.registration": {"manager": "rcwu"},
    "pakn.sms.receipt": {"operator cleared manager": "r"},
    "pakn.sms.part": {"manager": "r"},
    "pakn.short.link": {},
}


@tagged(*TAGS)
class TestRights(SmsCase):
    def test_every_model_and_role(self):
        self.check_rights("pakn_1022_sms", MODELS)

    def test_art18_4_nobody_but_the_hotline_texts_in_its_name(self):
        """Odoo lets every account send any words to any number."""
        values = {"composition_mode": "numbers", "numbers": "0905123123", "body": "x"}
        for role in ROLES:
            composers = self.env["sms.composer"].with_user(getattr(self, role))
            if role in ("operator", "manager"):
                composers.create(values).action_send_sms()
                continue
            with self.subTest(role), self.assertRaises(AccessError):
                composers.create(values).action_send_sms()

    def test_art18_4_nobody_reads_the_citizens_link(self):
        """Whoever has it rates and writes in the citizen's place."""
        ticket = self.done()
        ticket._rating_get_access_token()
        self.deliver()
        token = ticket.sudo().access_token
        links = self.env["pakn.short.link"].sudo().search([("path", "ilike", token)])
        sms_sudo = (
            self.env["sms.sms"].sudo().search([("pakn_ticket_id", "=", ticket.id)])
        )
        self.assertTrue(links and set(links.mapped("code")) & self.get_codes(sms_sudo))
        for role in ("operator", "focal", "head", "monitor", "employee"):
            user = getattr(self, role)
            for name, field in (("sms.sms", "pakn_text"), ("mail.message", "body")):
                model = self.env[name].with_user(user)
                if not model.has_access("read"):
                    continue
                told = str(model.search_read([], [field], order="id desc", limit=200))
                with self.subTest(role, model=name):
                    self.assertNotIn(token, told)
                    for code in links.mapped("code"):
                        self.assertNotIn(code, told)
            if role == "operator":
                seen = sms_sudo.with_user(user).sudo(False)
                self.assertIn("/t/…", str(seen.mapped("pakn_text")))
                self.assertTrue(seen.search([("pakn_text", "ilike", "/t/")]))
                for code in links.mapped("code"):
                    self.assertFalse(seen.search([("pakn_text", "ilike", code)]))
            texts = self.env["sms.sms"].with_user(user)
            for call in (
                lambda texts=texts: texts.search_read([], ["body"]),
                lambda texts=texts: texts.search([("body", "ilike", "/t/")]),
            ):
                with self.subTest(role), self.assertRaises(AccessError):
                    call()

    def get_codes(self, texts):
        """Return the codes of the short links in these."""
        return set(re.findall(r"/t/(\w+)", " ".join(texts.mapped("body"))))
