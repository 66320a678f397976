"""Forms without scripts: Back and Reload never ask whether to send one again."""

import threading
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import new_test_user, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .site import SiteCase
from .test_art13_results import ResultsCase

OLD = "0" * 40 + "o1"
TYPED = "Còn tối lắm & chưa xong"
# Forms that keep Odoo's own check of the session, and why nothing is lost by it
KEEP_CSRF = {
    "/my/lien-ket/<int:provider_id>": "a button, to another site",
    "/my/lien-ket/bo": "a button",
    "/phan-anh/tep": "parts of files, by a script that begins them anew",
    "/tra-cuu/<string:code>/thiet-bi": "by a script, which says so",
    "/tro-chuyen/da-xem": "by a script, which does so again",
}


@tagged(*TAGS)
class TestArt03ShownAgain(ResultsCase, SiteCase):
    def setUp(self):
        super().setUp()
        self.deliver_codes()
        self.result = self.published(title="Ổ gà")
        self.env.flush_all()

    def send(self, path, data, **options):
        """Post a form; return the answer itself, as a browser gets it."""
        data = {"csrf_token": self.get_csrf(), **data}
        return self.url_open(
            path, data=data, method="POST", allow_redirects=False, **options
        )

    def check(self, path, data, *shown, back=None):
        """Assert that a form is answered by the way to a page that shows it again."""
        reply = self.send(path, data)
        self.assertEqual(reply.status_code, 303, reply.text[:500])
        url = urlsplit(reply.headers["Location"])
        self.assertEqual(url.path, back or urlsplit(path).path)
        self.assertIn("lai=", url.query)
        for value in data.values():
            if value not in ("csrf_token", OLD) and len(value) > 5:
                self.assertNotIn(value, url.query.split("access_token")[0])
        pages = [self.get(f"{url.path}?{url.query}") for _open in "ab"]
        for page in pages:
            for text in shown:
                self.assertIn(text, page.text)
            self.assertIn("no-store", page.headers["Cache-Control"])
        return pages[-1]

    def get_forms(self):
        """Yield ``(path, data, what the page shows again, its page)``."""
        code = self.result.name
        follow = f"/tra-cuu/{code}"
        token = self.result.sudo()._portal_ensure_token()
        self.env.flush_all()
        typed = "Còn tối lắm &amp; chưa xong"
        phone = {"phone": "0905 12"}
        yield (
            "/tra-cuu",
            {"code": "GL26-000123-1", **phone},
            ("0905 12", "GL26-000123-1"),
            None,
        )
        key = {"access_token": token}
        yield f"{follow}/tra-loi", {**key, "text": TYPED}, (typed,), follow
        rated = {**key, "rate": "7", "feedback": TYPED}
        yield f"{follow}/danh-gia", rated, (typed,), follow
        yield "/tra-cuu/quen-ma", phone, ("0905 12",), None
        result = f"/ket-qua/{code}"
        yield f"{result}/toi-cung-vay", {**phone, "tell": "1"}, ("0905 12",), None
        wrong = {"reason": "", "note": TYPED}
        yield f"{result}/bao-sai", wrong, (typed,), None
        yield "/theo-doi-ket-qua", {"email": "a@b@c"}, ("a@b@c",), None

    def test_a_refused_form_is_shown_by_its_page(self):
        for path, data, shown, back in self.get_forms():
            if path.endswith("tra-loi"):
                continue  # right as it is
            with self.subTest(path):
                page = self.check(path, data, *shown, back=back)
                self.assertEqual(page.status_code, 422)

    def test_a_form_that_was_open_for_too_long_is_shown_by_its_page(self):
        for path, data, shown, back in self.get_forms():
            with self.subTest(path):
                data = {**data, "csrf_token": OLD}
                page = self.check(path, data, "quá lâu", *shown, back=back)
                self.assertEqual(page.status_code, 422)

    def test_a_form_that_comes_too_often_is_shown_by_its_page(self):
        self.patch(type(self.env["pakn.rate.limit"]), "_hit", lambda *args: 60)
        for path, data, shown, back in self.get_forms():
            if path.endswith("danh-gia"):
                continue  # once, so that nothing is counted
            data = {name: value for name, value in data.items() if name != "reason"}
            data |= {"phone": "0905 123 457"} if "phone" in data else {}
            data |= {"code": "GL26-000123-7"} if "code" in data else {}
            shown = [text for text in shown if text.startswith("Còn")]
            with (
                self.subTest(path),
                patch.object(
                    type(self.env["pakn.phone.code"]), "_can_deliver", lambda *_: True
                ),
            ):
                self.check(path, data, *shown, back=back)

    def test_the_next_step_and_the_end_are_pages_too(self):
        texts = self.deliver_codes()
        path = f"/ket-qua/{self.result.name}/toi-cung-vay"
        phone = {"phone": "0905 123 456", "tell": "1"}
        asked = self.check(path, phone, "0905 123 456", 'name="number"')
        self.assertEqual(asked.status_code, 200)
        number = texts[-1].split(":")[-1]
        number = "".join(filter(str.isdigit, number))[:6]
        self.check(path, {**phone, "number": "000000"}, 'name="number"', "không đúng")
        self.check(path, {**phone, "number": number}, "Cảm ơn")
        self.env.invalidate_all()
        self.assertEqual(self.result.sudo().supporter_count, 1)
        path = f"/ket-qua/{self.result.name}/bao-sai"
        self.check(path, {"reason": "false", "note": "Một\nHai"}, "Cảm ơn")
        [abuse] = self.env["pakn.abuse"].search([("ticket_id", "=", self.result.id)])
        self.assertEqual(abuse.note, "Một\nHai")
        self.check("/theo-doi-ket-qua", {"email": "dan@example.com"}, "thư")
        subscription = self.env["pakn.subscription"].search(
            [("email", "=", "dan@example.com")]
        )
        for act in ("xac-nhan", "huy"):
            path = f"/theo-doi-ket-qua/{act}/{subscription.token}"
            stale = self.check(path, {"csrf_token": OLD}, "quá lâu", "<button")
            self.assertEqual(stale.status_code, 422)
            self.check(path, {}, "fa-check-circle")
        self.env.invalidate_all()
        self.assertFalse(subscription.exists())

    def test_what_was_typed_is_shown_to_nobody_else(self):
        data = {"reason": "", "note": TYPED}
        path = f"/ket-qua/{self.result.name}/bao-sai"
        url = self.send(path, data).headers["Location"]
        self.assertIn("Còn tối lắm", self.url_open(url).text)
        other = self.published(title="Đèn")
        self.env.flush_all()
        elsewhere = url.replace(self.result.name, other.name)
        self.assertNotIn("Còn tối lắm", self.url_open(elsewhere).text)
        self.opener.cookies.clear()
        self.assertNotIn("Còn tối lắm", self.url_open(url).text)

    def test_in_another_language_too(self):
        path = f"/ket-qua/{self.result.name}/bao-sai"
        reply = self.send(f"/en{path}", {"reason": "", "note": TYPED})
        query = urlsplit(reply.headers["Location"]).query
        # The browser's cookie says which language its page is in
        way = self.get(f"{path}?{query}").headers["Location"]
        self.assertURLEqual(way, f"/en{path}?{query}")
        page = self.get(f"/en{path}?{query}")
        self.assertEqual(page.status_code, 422)
        self.assertIn("Còn tối lắm", page.text)

    def test_a_browser_without_cookies_reads_it_in_the_answer(self):
        path = f"/ket-qua/{self.result.name}/bao-sai"
        self.opener.cookies.clear()
        reply = self.url_open(
            path, data={"note": TYPED}, method="POST", allow_redirects=False
        )
        self.assertEqual(reply.status_code, 422)
        self.assertIn("Còn tối lắm", reply.text)

    def test_an_opinion_of_an_old_page_leads_back_to_the_article(self):
        article = self.env["pakn.article"].create(
            {"name": "Đèn hỏng", "answer": "<p>Báo.</p>", "is_published": True}
        )
        self.env.flush_all()
        path = f"/hoi-dap/{article.id}/huu-ich"
        reply = self.send(path, {"helpful": "yes", "csrf_token": OLD})
        self.assertEqual(reply.status_code, 303)
        self.assertURLEqual(reply.headers["Location"], f"{article.site_url}#helpful")

    def test_an_account_proves_its_phone(self):
        user = new_test_user(
            self.env, "again_portal", "base.group_portal", password="again_1022_pw"
        )
        self.env.flush_all()
        self.authenticate("again_portal", "again_1022_pw")
        path, back = "/my/requests/phone", "/my/requests"
        csrf = self.get_csrf("/my/requests")
        phone = {"csrf_token": csrf, "phone": "0905 12"}
        self.check(path, phone, "0905 12", back=back)
        self.check(path, phone | {"csrf_token": OLD}, "quá lâu", "0905 12", back=back)
        self.assertURLEqual(self.get(path).headers["Location"], back)
        self.assertFalse(user.partner_id.pakn_verified_phone)

    def test_each_form_of_ours_is_ready_for_an_old_page(self):
        http = self.env["ir.http"]
        with patch.object(
            threading.current_thread(), "dbname", self.env.cr.dbname, create=True
        ):
            rules = list(http.routing_map().iter_rules())
        kept = {
            rule.rule
            for rule in rules
            if "POST" in (rule.methods or ())
            and rule.endpoint.routing["type"] == "http"
            and rule.endpoint.routing.get("csrf", True)
            and rule.endpoint.routing.get("website")
            and http._is_own_route(rule.endpoint)
        }
        self.assertFalse(kept - set(KEEP_CSRF))
