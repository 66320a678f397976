import json

from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022_website.tests.site import SiteCase


@tagged(*TAGS)
class TestPushApp(SiteCase, HttpCase):
    """Art. 3.2.5: what the app on the home screen can do beside."""

    def test_share_to_1022(self):
        manifest = json.loads(self.url_open("/manifest.webmanifest").text)
        target = manifest["share_target"]
        self.assertEqual(target["method"], "POST")
        self.assertEqual(len(manifest["shortcuts"]), 3)
        # Without the service worker the form opens all the same
        reply = self.url_open(
            target["action"],
            data={"text": "x"},
            files=[("files", ("a.jpg", b"x", "image/jpeg"))],
            allow_redirects=False,
        )
        self.assertEqual(reply.status_code, 303)
        self.assertTrue(reply.headers["Location"].endswith("/phan-anh"))

    def test_the_worker_shows_messages(self):
        worker = self.url_open("/1022-service-worker.js")
        self.assertIn('addEventListener("push"', worker.text)
        self.assertIn('addEventListener("install"', worker.text)
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/")

    def test_the_page_of_a_request_offers_it(self):
        ticket = self.new_ticket().sudo()
        ticket._portal_ensure_token()
        text = self.url_open(self.follow_url(ticket)).text
        self.assertIn(self.env["pakn.push.key"]._get().public, text)
        self.assertIn("/pakn_1022_push/static/src/push.js", text)
        for topic, _words in self.env["pakn.push.device"]._get_topics():
            self.assertIn(f'value="{topic}"', text)
