"""No address that a citizen was given opens a request that is a state secret now."""

import re
import threading
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

# An argument of a rule: ``<name>`` or ``<converter(...):name>``
ARGUMENT = re.compile(r"<(?:([a-z_]+)(?:\([^>]*\))?:)?([a-z_]+)>")
WORDS = ("Daudezz", "Loikezz", "Ketquazz", "Trongtepzz")


@tagged(*TAGS)
class TestLinks(PaknCase, HttpCase):
    """Art. 13.1: every page that anybody may open, with every key there is.

    Whatever addon has brought it, and whatever it calls the key.
    """

    def setUp(self):
        super().setUp()
        self.run_clock()
        file = {"name": "anh.txt", "raw": WORDS[3].encode()}
        self.ticket = self.transferred(
            title=WORDS[0],
            description=f"<p>{WORDS[1]}, dài dòng mà kể.</p>",
            attachment_ids=[Command.create(file)],
        ).sudo()
        self.lead_slip(self.ticket, self.focal).answer(f"<p>{WORDS[2]}</p>")
        self.ticket.with_user(self.operator).send_result()
        self.deliver()
        self.keys = {
            self.ticket.name,
            self.ticket.access_token,
            self.ticket._rating_get_access_token(),
        }
        if "pakn.short.link" in self.env:
            links = self.env["pakn.short.link"].sudo()
            self.keys |= set(links.search([], order="id desc", limit=5).mapped("code"))
        if "pakn.document" in self.env:
            papers = self.env["pakn.document"].sudo()
            found = papers.search([("ticket_id", "=", self.ticket.id)])
            self.keys |= {one for one in found.mapped("token") if one}
        self.env.flush_all()

    def addresses(self):
        """Yield the addresses of all pages, with each key in each place."""
        numbers = (self.ticket.id, self.ticket.attachment_ids.id)
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        for rule in rules:
            routing = rule.endpoint.routing
            if routing["type"] != "http" or "GET" not in (rule.methods or {"GET"}):
                continue
            if routing["auth"] not in ("public", "none"):
                continue
            kinds = [one[0] for one in ARGUMENT.findall(rule.rule)]
            if not set(kinds) <= {"", "string", "int"}:
                continue
            for key in sorted(self.keys) if set(kinds) - {"int"} else [""]:
                for number in numbers if "int" in kinds else [5]:
                    yield ARGUMENT.sub(
                        lambda one, key=key, number=number: str(
                            (5 if one[2] == "rate" else number)
                            if one[1] == "int"
                            else key
                        ),
                        rule.rule,
                    )

    def told(self):
        """Return which addresses tell of the request."""
        found = set()
        key = self.ticket.access_token
        for address in sorted(set(self.addresses())):
            page = self.url_open(f"{address}?access_token={key}&token={key}")
            if any(word in page.text for word in WORDS):
                found.add(address)
        return found

    def test_art13_1_no_link_opens_a_state_secret(self):
        muted = ("odoo.http", "odoo.addons", "werkzeug", "odoo.sql_db")
        self.enterContext(mute_logger(*muted))
        code = self.ticket.name
        rating = self.ticket._rating_get_access_token()
        before = self.told()
        self.assertLessEqual({f"/tra-cuu/{code}", f"/rate/{rating}/5"}, before)
        self.ticket.secrecy = "secret"
        self.env.flush_all()
        self.assertFalse(self.told())
