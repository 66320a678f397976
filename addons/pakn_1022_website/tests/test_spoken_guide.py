import base64

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from .site import SiteCase

SOUND = b"ID3\x04" + bytes(2000)


@tagged(*TAGS)
class TestSpokenGuide(SiteCase):
    """Instructions that one hears, in three languages (Art. 3.2.1)."""

    def add(self, content=SOUND, user=None, **values):
        guides = self.env["pakn.spoken.guide"].with_user(user or self.manager)
        values["data"] = base64.b64encode(content)
        return guides.create(values)

    def test_art3_2_1_a_page_has_its_recordings(self):
        self.assertNotIn("<audio", self.url_open("/phan-anh").text)
        submit = self.add(language="jra")
        follow = self.add(b"OggS" + bytes(100), page="follow", language="bdq")
        text = self.url_open("/phan-anh").text
        self.assertIn(f'src="/huong-dan/{submit.id}"', text)
        self.assertIn("Jrai", text)
        self.assertNotIn("Bahnar", text)
        self.assertIn('preload="none"', text, "loaded when somebody plays it")
        self.assertIn(f"/huong-dan/{follow.id}", self.url_open("/tra-cuu").text)
        ticket = self.submitted()
        text = self.url_open(self.follow_url(ticket)).text
        self.assertIn(f'src="/huong-dan/{follow.id}"', text)
        reply = self.get(f"/huong-dan/{submit.id}")
        self.assertEqual(reply.content, SOUND)
        self.assertEqual(reply.headers["Content-Type"], "audio/mpeg")
        self.assertEqual(reply.headers["X-Content-Type-Options"], "nosniff")
        reply = self.get(f"/huong-dan/{follow.id}")
        self.assertEqual(reply.headers["Content-Type"], "audio/ogg")
        submit.active = False
        self.assertEqual(self.get(f"/huong-dan/{submit.id}").status_code, 404)

    def test_nothing_else_is_taken(self):
        for content in (
            b"<html><script>alert(1)</script>",
            b"MZ",
            b"ID3" + bytes(6 * 2**20),
        ):
            with self.subTest(content[:8]), self.assertRaises(ValidationError):
                self.add(content)
        with self.assertRaises(AccessError):
            self.add(user=self.operator)

    @mute_logger("odoo.http")
    def test_hostile_addresses(self):
        for path in ("0", "999999999", "99999999999999999999", "-1", "x"):
            with self.subTest(path):
                self.assertEqual(self.get(f"/huong-dan/{path}").status_code, 404)
