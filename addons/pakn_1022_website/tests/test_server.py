"""To whom the server answers, whom it believes, and what it tells of itself."""

import json
from unittest.mock import patch
from urllib.parse import urlsplit
from xmlrpc.client import Fault, dumps, loads

from odoo.exceptions import AccessDenied
from odoo.tests import new_test_user, tagged
from odoo.tools import config, mute_logger

from odoo.addons.pakn_1022.hooks import close_doors
from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022.tools import visitor

from ..controllers.common import LIMITS
from .site import SiteCase

PASSWORD = "site_server_1022"
HOME = "https://1022.gialai.gov.vn"
# Addresses that end with a number
NUMBERED = (
    *("/ket-qua/GL26-000001-1/anh/", "/tra-cuu/GL26-000001-1/tep/", "/hoi-dap/a-"),
    *("/phan-anh/linh-vuc/", "/huong-dan/", "/api/v1/articles/", "/dang-nhap/"),
    *("/tro-chuyen/tep/", "/pakn_facebook/webhook/", "/bang-chung/", "/my/requests/"),
)


@tagged(*TAGS)
class ServerCase(SiteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.params = cls.env["ir.config_parameter"]

    def setUp(self):
        super().setUp()
        # Behind a proxy, which the tests say to be or not to be one of ours
        patcher = patch.dict(config.options, {"proxy_mode": True})
        patcher.start()
        self.addCleanup(patcher.stop)

    def by_proxy(self, visitor="203.0.113.7", scheme="http", host=None):
        host = host or self.base_url().partition("//")[2]
        return {
            "X-Forwarded-For": visitor,
            "X-Forwarded-Host": host,
            "X-Forwarded-Proto": scheme,
        }


@tagged(*TAGS)
class TestWhoIsBelieved(ServerCase):
    def test_a_forged_address_resets_no_limit(self):
        limits = self.env["pakn.rate.limit"]
        for _number in range(100):
            limits._hit("site_find", "127.0.0.1", 100, 900)
        wrong = {"code": "GL26-000001-5", "phone": "0905 123 456"}
        for known, waits in (("192.0.2.1", True), ("127.0.0.1, 192.0.2.1", False)):
            self.params.set_param("pakn_1022.trusted_proxies", known)
            reply = self.post("/tra-cuu", wrong, headers=self.by_proxy())
            self.assertEqual("Xin chờ" in reply.text, waits, known)

    def test_limits_of_pages_follow_no_forged_address_either(self):
        self.params.set_param("pakn_1022.trusted_proxies", "192.0.2.1")
        answers = {
            self.get(
                "/ban-do/dia-ban.json", headers=self.by_proxy(f"203.0.113.{number}")
            ).status_code
            for number in range(5)
        }
        self.assertEqual(answers, {200})
        counted = [
            key
            for limit in LIMITS
            for key in limit._windows
            if key.startswith("203.0.113.")
        ]
        self.assertFalse(counted)

    def test_networks_and_addresses(self):
        known = ["127.0.0.1", "172.16.0.0/12", "2001:db8::/32", "x", ""]
        for address in ("127.0.0.1", "::ffff:127.0.0.1", "172.18.0.1", "2001:db8::1"):
            self.assertTrue(visitor.is_among(address, known), address)
        for address in ("127.0.0.2", "172.32.0.1", "::1", "", None, "x"):
            self.assertFalse(visitor.is_among(address, known), address)
        neighbours = {visitor.get_origin(f"2001:db8:1:2::{end}") for end in "12f"}
        self.assertEqual(len(neighbours), 1, "one visitor has all of them")


@tagged(*TAGS)
class TestUnderWhichName(ServerCase):
    def test_other_hosts_are_refused_once_there_is_an_address(self):
        forged = {"Host": "evil.example"}
        self.assertEqual(self.get("/tra-cuu", headers=forged).status_code, 200)
        self.params.set_param("web.base.url", HOME)
        for path in ("/tra-cuu", "/robots.txt", "/web/login", "/xyz"):
            reply = self.get(path, headers=forged)
            self.assertEqual(reply.status_code, 421, path)
            self.assertNotIn("evil.example", reply.text)
            reply = self.get(path, headers=forged | {"Accept": "text/html"})
            self.assertEqual(reply.status_code, 421, path)
            self.assertIn("Tổng đài ở địa chỉ khác", reply.text)
            self.assertIn(f'href="{HOME}"', reply.text)
            self.assertNotIn("evil.example", reply.text)
        for host in ("1022.gialai.gov.vn", "127.0.0.1:8069", "localhost"):
            reply = self.get("/tra-cuu", headers={"Host": host})
            self.assertEqual(reply.status_code, 200, host)
        self.params.set_param("pakn_1022.hosts", "10.1.2.3, evil.example")
        self.assertEqual(self.get("/tra-cuu", headers=forged).status_code, 200)

    def test_no_sign_in_changes_the_address(self):
        new_test_user(
            self.env,
            login="site_server",
            password=PASSWORD,
            groups="base.group_system",
        )
        before = self.params.get_param("web.base.url")
        data = {"login": "site_server", "password": PASSWORD}
        data["csrf_token"] = self.get_csrf()
        # Kept for the host as it is really reached: sent to the other one too
        session = self.opener.cookies["session_id"]
        self.opener.cookies.clear()
        self.opener.cookies.set("session_id", session)
        headers = {"Host": "evil.example"}
        self.assertEqual(self.get("/web/login", headers=headers).status_code, 200)
        reply = self.url_open(
            "/web/login", data=data, headers=headers, allow_redirects=False
        )
        self.assertEqual(reply.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.params.get_param("web.base.url"), before)
        self.assertEqual(self.params.get_param("web.base.url.freeze"), "True")

    def test_links_are_made_of_the_address_alone(self):
        self.params.set_param("web.base.url", HOME)
        headers = {"Host": "localhost"}
        for path in ("/ket-qua.rss", "/nhung"):
            self.assertIn(HOME, self.get(path, headers=headers).text, path)

    def test_nobody_signs_in_as_odoo_begins(self):
        admin = self.env.ref("base.user_admin")
        credential = {"login": admin.login, "password": "admin", "type": "password"}
        for wanted in ("", "kurz", "một mật khẩu dài"):
            # As Odoo makes it, before there is a policy of passwords
            self.env.cr.execute(
                "UPDATE res_users SET password = %s WHERE id = %s",
                [admin._crypt_context().hash("admin"), admin.id],
            )
            with patch.dict("os.environ", {"ADMIN_PASSWORD": wanted}):
                close_doors(self.env)
            with self.subTest(wanted), self.assertRaises(AccessDenied):
                self.env["res.users"].authenticate(credential, {"interactive": False})
        right = {**credential, "password": wanted}
        self.env["res.users"].authenticate(right, {"interactive": False})
        # What somebody has chosen is left alone
        close_doors(self.env)
        self.env["res.users"].authenticate(right, {"interactive": False})


@tagged(*TAGS)
class TestWhatABrowserIsTold(ServerCase):
    def test_each_page_is_told_of_safely(self):
        for path in ("/", "/tra-cuu", "/web/login", "/ket-qua", "/khong-co", "/en"):
            headers = self.get(path).headers
            with self.subTest(path):
                self.assertEqual(headers["X-Frame-Options"], "SAMEORIGIN")
                self.assertIn("frame-ancestors 'self'", self.policy(headers))
                self.assertIn("img-src 'self' data: blob:", self.policy(headers))
                self.assertIn("object-src 'none'", self.policy(headers))
                self.assertIn("origin", headers["Referrer-Policy"])
                self.assertIn("geolocation=(self)", headers["Permissions-Policy"])
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertNotIn("Strict-Transport-Security", headers)

    def policy(self, headers):
        return headers["Content-Security-Policy"]

    def test_the_cards_alone_may_be_framed(self):
        headers = self.get("/nhung/the").headers
        self.assertNotIn("X-Frame-Options", headers)
        self.assertIn("frame-ancestors *", self.policy(headers))

    def test_what_a_visitor_has_already_keeps_what_it_said(self):
        # A browser, or a proxy for all, writes the headers of a 304 over those it kept
        for path in ("/nhung/the", "/nhung.js", "/ket-qua.rss", "/ket-qua", "/ban-do"):
            with self.subTest(path):
                first = self.get(path)
                tag = {"If-None-Match": first.headers["ETag"]}
                again = self.get(path, headers=tag)
                self.assertEqual((first.status_code, again.status_code), (200, 304))
                for name in (
                    "Access-Control-Allow-Origin",
                    "Content-Security-Policy",
                    "X-Frame-Options",
                ):
                    first_says = first.headers.get(name)
                    self.assertIn(again.headers.get(name), (None, first_says), name)
                is_open = "Access-Control-Allow-Origin" in first.headers
                # Who asks by a script of another site, whether it is still the same
                self.assertEqual(
                    "Access-Control-Allow-Origin" in again.headers, is_open
                )

    def test_staff_load_no_pictures_of_elsewhere(self):
        self.authenticate(self.operator.login, self.operator.login)
        policy = self.policy(self.get("/odoo").headers)
        pictures = next(part for part in policy.split("; ") if "img-src" in part)
        self.assertNotIn("*", pictures)
        self.assertNotIn("http", pictures)

    def test_the_pictures_of_the_map_are_let_in(self):
        tiles = "https://{s}.tile.example:8080/{z}/{x}/{y}.png"
        self.params.set_param("pakn_1022_website.tile_url", tiles)
        self.assertIn("https://*.tile.example:8080", self.policy(self.get("/").headers))
        self.params.set_param("pakn_1022_website.tile_url", "x; script-src *")
        self.assertNotIn("script-src *", self.policy(self.get("/").headers))

    def test_cookies_are_for_this_site_alone_and_behind_tls_for_tls(self):
        self.params.set_param("pakn_1022.trusted_proxies", "127.0.0.1")
        for scheme in ("http", "https"):
            for path in ("/", "/web/login", "/en/tra-cuu", "/odoo", "/khong-co"):
                self.opener.cookies.clear()
                reply = self.get(path, headers=self.by_proxy(scheme=scheme))
                with self.subTest(path, scheme=scheme):
                    cookies = reply.raw.headers.getlist("Set-Cookie")
                    self.assertTrue(cookies)
                    for cookie in cookies:
                        self.assertIn("SameSite=Lax", cookie)
                        self.assertEqual("Secure" in cookie, scheme == "https")
                        if cookie.startswith("session_id="):
                            self.assertIn("HttpOnly", cookie)
            is_told = "Strict-Transport-Security" in reply.headers
            self.assertEqual(is_told, scheme == "https")

    def test_no_language_gets_what_caches_keep_for_another(self):
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        told = {}
        for path in (
            *("/thong-ke.json", "/thong-ke.geojson", "/thong-ke.csv-metadata.json"),
            *("/nhung/the", "/ket-qua.rss", "/ban-do.json", "/manifest.webmanifest"),
            *("/open311/v2/discovery.json", "/api/v1/statistics"),
        ):
            for lang in ("vi", "en"):
                self.opener.cookies.clear()
                reply = self.get(path, headers={"Accept-Language": lang})
                told.setdefault(path, set()).add(reply.content)
                self.assertIn("public", reply.headers["Cache-Control"], path)
                tag = {"If-None-Match": reply.headers.get("ETag", "")}
                again = self.get(path, headers={"Accept-Language": lang, **tag})
                for answer in (reply, again):
                    named = answer.headers["Vary"].replace(" ", "").split(",")
                    self.assertLessEqual({"Accept-Language", "Cookie"}, {*named}, path)
        self.assertGreater(len(told["/thong-ke.json"]), 1, "there is something to keep")

    def test_what_caches_keep_sets_no_cookie(self):
        for path in ("/ket-qua.rss", "/nhung.js", "/manifest.webmanifest"):
            self.opener.cookies.clear()
            headers = self.get(path).headers
            self.assertIn("public", headers["Cache-Control"], path)
            self.assertNotIn("Set-Cookie", headers, path)

    def test_pages_with_a_key_in_their_address_tell_it_nobody(self):
        ticket = self.submitted()
        reply = self.get(self.follow_url(ticket))
        self.assertEqual(reply.headers["Referrer-Policy"], "no-referrer")
        # From all others a browser tells other sites the host, never the path
        told = {
            self.get(path).headers["Referrer-Policy"] for path in ("/", "/web/login")
        }
        self.assertEqual(told, {"strict-origin-when-cross-origin"})


@tagged(*TAGS)
class TestWhatErrorsTell(ServerCase):
    def test_odd_addresses_are_no_error_of_ours(self):
        for path in (
            "/ban-do.json?bbox=-1e308,-1e308,1e308,1e308",
            "/ban-do.json?bbox=1e308,1e308,-1e308,-1e308&z=19",
            "/ban-do.json?bbox=5e-324,5e-324,1e-323,1e-323",
            "//host/%2e%2e",
            *(f"{path}{'9' * 4400}" for path in NUMBERED),
            "//evil.example/%2e%2e/%2f..",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/..%2fx",
            "/%25ff",
            "/a/%252e%252e/b",
            "/%0d%0aSet-Cookie:%20x=1",
            "/tra-cuu/%0aINFO%20forged",
        ):
            with self.subTest(path):
                reply = self.opener.get(
                    self.base_url() + path, allow_redirects=False, timeout=20
                )
                self.assertLess(reply.status_code, 500)
                led_to = urlsplit(reply.headers.get("Location", "")).netloc
                self.assertIn(led_to, ("", self.base_url().partition("//")[2]))

    def call(self, *params):
        reply = self.url_open(
            "/jsonrpc",
            data=json.dumps({"jsonrpc": "2.0", "params": params and params[0]}),
            headers={"Content-Type": "application/json"},
        )
        return reply.json()["error"]["data"]

    def test_nobody_sees_how_the_program_runs(self):
        new_test_user(
            self.env,
            login="site_server",
            password=PASSWORD,
            groups="pakn_1022.group_operator",
        )
        with mute_logger(
            "odoo.http", "odoo.addons.rpc.controllers", "odoo.sql_db", "odoo.service"
        ):
            # Staff of the backend
            self.authenticate("site_server", PASSWORD)
            reply = self.url_open(
                "/web/dataset/call_kw/pakn.ticket/read",
                data=json.dumps(
                    {
                        "params": {
                            "model": "pakn.ticket",
                            "method": "search_count",
                            "args": [[["id", "=", {"a": 1}]]],
                            "kwargs": {},
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            )
            self.check_told(reply.json()["error"]["data"])
            # A stranger at the interface for programs
            self.authenticate(None, None)
            for params in (
                {"service": "object", "method": "execute", "args": []},
                {"service": "common", "method": "authenticate", "args": [1]},
                {"service": "db", "method": "list", "args": []},
                {"service": "x"},
            ):
                with self.subTest(params):
                    self.check_told(self.call(params))
            call = dumps((self.env.cr.dbname,), "execute_kw")
            reply = self.url_open("/xmlrpc/2/object", data=call.encode())
            with self.assertRaises(Fault) as raised:
                loads(reply.text)
        self.assertNotIn("Traceback", raised.exception.faultString)
        self.assertNotIn(".py", raised.exception.faultString)

    def check_told(self, data):
        self.assertEqual(data["debug"], "")
        told = f"{data['message']} {data['arguments']}"
        if not data["name"].startswith(("odoo.", "werkzeug.")):
            self.assertRegex(told, "its log says why|nhật ký")
        self.assertNotIn(".py", told)

    def test_no_page_shows_it_either(self):
        website = type(self.env["website"])
        with (
            patch.object(website, "_get_pakn_figures", side_effect=KeyError("secret")),
            mute_logger("odoo.http"),
        ):
            for path in ("/?debug=1", "/?debug=assets"):
                text = self.get(path).text
                self.assertNotIn("Traceback", text)
                self.assertNotIn("_get_pakn_figures", text)
