"""What of Odoo a stranger reaches, and what of the server a browser is told."""

import json
import threading
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022.tools import public_routes

from .site import SiteCase

PASSWORD = "site_routes_1022"
# What reached out, told, wrote or passed by our limits, with what it was asked
CLOSED = (
    ("/html_editor/link_preview_external", {"preview_url": "http://127.0.0.1:1/"}),
    ("/mail/link_preview", {"message_id": 1}),
    ("/mail/message/post", {"thread_model": "pakn.ticket", "thread_id": 1}),
    ("/mail/message/reaction", {"message_id": 1, "content": "x", "action": "add"}),
    ("/mail/message/update_content", {"message_id": 1, "body": "x"}),
    ("/mail/chatter_fetch", {"thread_model": "pakn.ticket", "thread_id": 1}),
    ("/mail/data", {"fetch_params": []}),
    ("/mail/action", {"fetch_params": []}),
    ("/portal/chatter_init", {"thread_model": "pakn.ticket", "thread_id": 1}),
    ("/portal/attachment/remove", {"attachment_id": 1}),
    ("/web_unsplash/get_app_id", {}),
    ("/website/google_maps_api_key", {}),
    ("/website/snippet/filters", {"filter_id": 1}),
    ("/website/snippet/autocomplete", {"search_type": "all", "term": "a"}),
    ("/web/webclient/version_info", {}),
    ("/website_mail/follow", {"id": 1, "object": "pakn.ticket", "email": "a@b.vn"}),
    ("/sms/status", {"message_statuses": []}),
)
CLOSED_PAGES = (
    "/website/info",
    "/website/search",
    "/pages",
    "/@/x",
    "/chat/abcdef",
    "/meet/abcdef",
    "/discuss/channel/1",
    "/web/version",
    "/json/version",
    "/web/database/manager",
    "/web/set_profiling?profile=1",
    "/report/barcode/QR/x",
    "/mail/attachment/pdf_first_page/1",
)
OPEN_PAGES = (
    "/",
    "/en",
    "/phan-anh",
    "/web/login",
    "/web/health",
    "/robots.txt",
    "/sitemap.xml",
    "/web/image/website/1/logo",
    "/logo.png",
    "/web/manifest.webmanifest",
)


@tagged(*TAGS)
class TestPublicRoutes(SiteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = new_test_user(
            cls.env,
            login="site_routes",
            password=PASSWORD,
            groups="base.group_portal",
        )

    def get_routes(self):
        """Return ``{rule: endpoint}`` of all routes that are not ours alone."""
        http = self.env["ir.http"]
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            rules = list(http.routing_map().iter_rules())
        return {
            rule.rule: rule.endpoint
            for rule in rules
            if not http._is_own_route(rule.endpoint)
        }

    def ask(self, path, params):
        """Call a JSON-RPC route; return the code of its error, 0 for none."""
        reply = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        if reply.status_code != 200:
            return reply.status_code
        return reply.json().get("error", {}).get("code", 0)

    def test_each_public_route_of_odoo_has_a_row(self):
        anybody, accounts = self.env["ir.http"]._get_open_routes()
        rows = {
            **anybody,
            **accounts,
            **public_routes.STAFF,
            **public_routes.NOBODY,
        }
        self.assertTrue(all(rows.values()), "each row says why")
        routes, used, unknown = self.get_routes(), set(), []
        for rule, endpoint in routes.items():
            row = public_routes.find_row(rows, rule)
            used.add(row)
            if not row and endpoint.routing["auth"] != "user":
                unknown.append(rule)
        # For programs with a key of their own, who is checked before anything else
        unknown = [rule for rule in unknown if routes[rule].routing["auth"] != "bearer"]
        self.assertFalse(unknown, "open (with the reason) or known to be closed?")
        self.assertFalse(set(rows) - used, "rows of routes that there are not")

    def test_strangers_find_nothing_behind_what_is_closed(self):
        for login in (None, "site_routes"):
            self.authenticate(login, login and PASSWORD)
            with mute_logger("odoo.http"):
                for path, params in CLOSED:
                    with self.subTest(path, login=login):
                        self.assertEqual(self.ask(path, params), 404)
            for path in CLOSED_PAGES:
                with self.subTest(path, login=login):
                    self.assertEqual(self.get(path).status_code, 404)

    def test_what_is_open_answers(self):
        for path in OPEN_PAGES:
            with self.subTest(path):
                self.assertIn(self.get(path).status_code, (200, 301, 303))

    def test_a_citizen_uses_the_own_account_and_nothing_of_staff(self):
        self.authenticate("site_routes", PASSWORD)
        for path in ("/my", "/my/requests", "/my/security", "/my/account"):
            with self.subTest(path):
                self.assertEqual(self.url_open(path).status_code, 200)
        country = self.env.ref("base.vn").id
        self.assertEqual(self.ask(f"/my/address/country_info/{country}", {}), 0)
        for path in ("/doc", "/web/tests", "/web/export/formats", "/web/become"):
            with self.subTest(path), mute_logger("odoo.http"):
                self.assertIn(self.get(path).status_code, (404, 415))
        self.assertEqual(self.ask("/mail/thread/messages", {}), 404)

    def test_staff_reach_what_staff_need_but_send_the_server_nowhere(self):
        self.authenticate(self.operator.login, self.operator.login)
        data = {"fetch_params": ["init_messaging"]}
        self.assertEqual(self.ask("/mail/data", data), 0)
        with mute_logger("odoo.http"):
            for path in public_routes.NOBODY:
                self.assertEqual(self.ask(path, {}), 404)
            # They tell of Odoo, in English
            for path in ("/website/info", "/web/database/manager"):
                self.assertEqual(self.url_open(path).status_code, 404)

    def test_the_citizens_key_opens_none_of_odoos_own_doors(self):
        ticket_sudo = self.submitted().sudo()
        partner = self.operator.partner_id
        keys = {
            "token": ticket_sudo.access_token,
            "pid": partner.id,
            "hash": ticket_sudo._sign_token(partner.id),
        }
        before = ticket_sudo.message_ids
        thread = {"thread_model": "pakn.ticket", "thread_id": ticket_sudo.id}
        post = {**thread, "post_data": {"body": "<p>Chen vào</p>"}, **keys}
        # A stranger finds no such route; staff of another unit find no such request
        for user in (None, self.focal):
            login = user and user.login
            self.authenticate(login, login)
            with mute_logger("odoo.http", "odoo.addons.mail.models.mail_thread"):
                for path, params in (
                    ("/mail/message/post", post),
                    ("/mail/chatter_fetch", {**thread, **keys}),
                    ("/mail/message/update_content", {"message_id": before[-1:].id}),
                ):
                    with self.subTest(path, login=login):
                        self.assertTrue(self.ask(path, params) or login)
                upload = {**thread, **keys, "csrf_token": self.get_csrf()}
                file = ("a.html", b"<script>alert(1)</script>", "text/html")
                reply = self.url_open(
                    "/mail/attachment/upload", data=upload, files={"ufile": file}
                )
            self.assertIn(reply.status_code, (200, 404), login)
            self.env.invalidate_all()
            self.assertEqual(ticket_sudo.message_ids, before, login)
            files = self.env["ir.attachment"].search_count([("name", "=", "a.html")])
            self.assertFalse(files, login)
        thread = self.env["pakn.ticket"].with_user(self.focal)
        self.assertFalse(thread._get_thread_with_access(ticket_sudo.id, **keys))
        # The page that is made for it serves
        self.authenticate(None, None)
        self.post(
            f"{ticket_sudo.access_url}/tra-loi",
            {"access_token": ticket_sudo.access_token, "text": "Vẫn chưa sửa"},
        )
        self.assertIn("replied", self.kinds(ticket_sudo))
