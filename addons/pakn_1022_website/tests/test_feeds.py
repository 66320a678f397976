import json
from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import etree

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS, local

from ..controllers import feeds
from ..controllers.results import get_sitemap
from .test_art13_results import ResultsCase

ATOM = "{http://www.w3.org/2005/Atom}"


class FormCase(ResultsCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.ticket = self.published(title="Ổ gà & \x0bsâu <i>")
        self.env.flush_all()
        self.env["pakn.rate.limit"].sudo().search([]).unlink()

    def post(self, path, **data):
        self.authenticate(None, None)
        data.setdefault("csrf_token", Request.csrf_token(self))
        return self.url_open(path, data=data)


@tagged(*TAGS)
class TestArt13Feeds(FormCase):
    def test_art13_2_each_format_says_the_same(self):
        query = "?don-vi=TEST1&dia-ban=TESTAREA"
        rss = etree.fromstring(self.url_open("/ket-qua.rss" + query).content)
        [item] = rss.findall("channel/item")
        self.assertEqual(item.findtext("title"), "Ổ gà & sâu <i>")
        self.assertTrue(item.findtext("link").endswith(f"/ket-qua/{self.ticket.name}"))
        atom = etree.fromstring(self.url_open("/ket-qua.atom" + query).content)
        [entry] = atom.findall(f"{ATOM}entry")
        self.assertEqual(entry.findtext(f"{ATOM}title"), "Ổ gà & sâu <i>")
        self.assertEqual(entry.findtext(f"{ATOM}author/{ATOM}name"), "Sở Thử nghiệm")
        response = self.url_open("/ket-qua.json" + query)
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        [item] = json.loads(response.text)["items"]
        self.assertEqual(item["_pakn"]["code"], self.ticket.name)
        for secret in ("Văn A", "0905", "gmail"):
            self.assertNotIn(secret, response.text)

    def test_art13_2_a_feed_ends_when_it_is_withdrawn_and_follows_filters(self):
        for kind in ("rss", "atom", "json"):
            path = f"/ket-qua.{kind}?dia-ban=TESTAREA"
            response = self.url_open(path)
            self.assertIn(self.ticket.name, response.text)
            etag = response.headers["ETag"]
            again = self.url_open(path, headers={"If-None-Match": etag})
            self.assertEqual(again.status_code, 304)
            other = self.url_open(f"/ket-qua.{kind}?don-vi=TEST2")
            self.assertNotIn(self.ticket.name, other.text)
            self.assertEqual(
                self.url_open(f"/ket-qua.{kind}?don-vi=NO").status_code, 404
            )
        self.ticket.unpublish()
        self.env.flush_all()
        for kind in ("rss", "atom", "json"):
            path = f"/ket-qua.{kind}?dia-ban=TESTAREA"
            self.assertNotIn(self.ticket.name, self.url_open(path).text)

    def test_art13_2_each_feed_leads_to_all_results_page_by_page(self):
        codes = {self.ticket.name}
        for number in range(4):
            codes.add(self.published(title=f"Cống tắc {number}").name)
        self.env.flush_all()

        def read(kind, text):
            if kind == "rss":
                channel = etree.fromstring(text).find("channel")
                links = channel.findall(f"{ATOM}link[@rel='next']")
                found = [item.findtext("link") for item in channel.findall("item")]
            elif kind == "atom":
                root = etree.fromstring(text)
                links = root.findall(f"{ATOM}link[@rel='next']")
                found = [one.findtext(f"{ATOM}id") for one in root.iter(f"{ATOM}entry")]
            else:
                feed = json.loads(text)
                found = [one["id"] for one in feed.get("items") or feed["features"]]
                return feed.get("next_url") or next(
                    (x["href"] for x in feed.get("links", ()) if x["rel"] == "next"),
                    None,
                ), found
            return links[0].get("href") if links else None, found

        with patch.object(feeds, "ENTRIES", 2):
            for kind in ("rss", "atom", "json", "geojson"):
                address, pages, found = f"/ket-qua.{kind}?dia-ban=TESTAREA", 0, []
                while address:
                    parts = urlsplit(address)
                    text = self.url_open(f"{parts.path}?{parts.query}").content
                    address, more = read(kind, text)
                    found += [link.rsplit("/", 1)[1] for link in more]
                    pages += 1
                self.assertEqual(pages, 3, kind)
                self.assertEqual(len(found), 5, "each once")
                self.assertEqual(set(found), codes)

    def test_art13_2_results_as_a_map_for_programs(self):
        response = self.url_open("/ket-qua.geojson?dia-ban=TESTAREA")
        self.assertIn("application/geo+json", response.headers["Content-Type"])
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        collection = response.json()
        self.assertIn("creativecommons.org/licenses/by/4.0", collection["licence"])
        [feature] = collection["features"]
        self.assertEqual(
            feature["geometry"], {"type": "Point", "coordinates": [108.012, 13.988]}
        )
        self.assertEqual(feature["properties"]["code"], self.ticket.name)
        for secret in ("Văn A", "0905", "gmail", "108.0123"):
            self.assertNotIn(secret, response.text)

    def test_art13_2_the_sitemap_names_what_is_published(self):
        def locations():
            return {page["loc"] for page in get_sitemap(self.env, None, "")}

        self.assertIn(f"/ket-qua/{self.ticket.name}", locations())
        self.ticket.unpublish()
        self.assertNotIn(f"/ket-qua/{self.ticket.name}", locations())
        self.assertIn("/thong-ke", self.url_open("/sitemap.xml").text)


@tagged(*TAGS)
class TestArt13Widget(FormCase):
    def test_art13_2_the_cards_alone_may_stand_in_a_frame(self):
        response = self.url_open("/nhung/the?don-vi=TEST1&so=3")
        self.assertIn(self.ticket.name, response.text)
        self.assertNotIn("<i>", response.text)
        policy = response.headers["Content-Security-Policy"]
        self.assertIn("frame-ancestors *", policy)
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("csrf_token", response.text)
        for so in ("0", "999", "x", "-1", "１"):
            self.assertEqual(self.url_open(f"/nhung/the?so={so}").status_code, 200)

    def test_the_script_and_how_to_use_it(self):
        response = self.url_open("/nhung.js")
        self.assertIn("javascript", response.headers["Content-Type"])
        page = self.url_open("/nhung?don-vi=TEST1").text
        self.assertIn('data-don-vi="TEST1"', page.replace("&#34;", '"'))


@tagged(*TAGS)
class TestSubscription(FormCase):
    def follow(self, **data):
        return self.post("/theo-doi-ket-qua", email="Dan@Example.com", **data)

    def tell(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("pakn_1022_website.ir_cron_subscriptions")
            cron.method_direct_trigger()

    def test_it_counts_when_the_address_is_confirmed(self):
        self.assertEqual(self.follow(**{"don-vi": "TEST1"}).status_code, 200)
        subscription = self.env["pakn.subscription"].search(
            [("email", "=", "dan@example.com")]
        )
        self.assertEqual(subscription.unit_id, self.unit)
        self.assertFalse(subscription.date_confirmed)
        [mail] = self.mails_to("dan@example.com")
        path = f"/theo-doi-ket-qua/xac-nhan/{subscription.token}"
        self.assertIn(path, mail.body_html)
        self.assertEqual(self.url_open(path).status_code, 200)
        self.env.invalidate_all()
        self.assertFalse(subscription.date_confirmed, "a look changes nothing")
        self.assertEqual(self.post(path).status_code, 200)
        self.env.invalidate_all()
        self.assertTrue(subscription.date_confirmed)

    def test_the_answer_does_not_tell_who_follows(self):
        pages = {self.follow(**{"don-vi": "TEST1"}).text.count("<p") for _try in "ab"}
        self.assertEqual(len(pages), 1)
        self.assertEqual(
            self.env["pakn.subscription"].search_count(
                [("email", "=", "dan@example.com")]
            ),
            1,
        )

    def test_art13_1_what_was_published_while_others_were_told_is_told_too(self):
        self.env["pakn.subscription"].create({"email": "dan@example.com"})._confirm()
        self.set_clock("2026-03-03 08:00")
        self.tell()
        # Begun to be published before, and there only now
        ticket = self.published(title="Mới xong")
        ticket.sudo()._acting().date_published = local("2026-03-03 07:59")
        self.set_clock("2026-03-03 09:00")
        self.tell()
        self.tell()
        [mail] = self.mails_to("dan@example.com")
        self.assertIn(f"/ket-qua/{ticket.name}", mail.body_html)

    def test_the_new_is_told_once_and_can_be_ended_with_one_click(self):
        subscription = self.env["pakn.subscription"].create(
            {"email": "dan@example.com", "category_id": self.category.id}
        )
        subscription._confirm()
        self.set_clock("2026-03-03 08:00")
        ticket = self.published(title="Mới xong")
        self.done(secrecy="confidential", title="Việc kín")
        self.set_clock("2026-03-04 07:00")
        self.tell()
        [mail] = self.mails_to("dan@example.com")
        self.assertIn(f"/ket-qua/{ticket.name}", mail.body_html)
        self.assertNotIn("Việc kín", mail.body_html)
        self.assertNotIn(self.ticket.name, mail.body_html, "from before")
        self.assertIn("List-Unsubscribe=One-Click", mail.headers)
        self.set_clock("2026-03-05 07:00")
        self.tell()
        self.assertEqual(len(self.mails_to("dan@example.com")), 1)
        self.env.flush_all()
        path = f"/theo-doi-ket-qua/huy-ngay/{subscription.token}"
        self.authenticate(None, None)
        response = self.url_open(path, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        self.assertFalse(subscription.exists())

    def test_telling_many_reads_the_results_once(self):
        subscriptions = self.env["pakn.subscription"].create(
            [
                {"email": f"dan{number}@example.com", "unit_id": self.unit.id}
                for number in range(20)
            ]
        )
        subscriptions._confirm()
        self.set_clock("2026-03-03 08:00")
        self.env.flush_all()
        with self.assertQueryCount(12):
            news = subscriptions._get_news(subscriptions[0].date_told)
        self.assertEqual(len(news), 20)

    @mute_logger("odoo.http")
    def test_bad_input_changes_nothing(self):
        count = self.env["pakn.subscription"].search_count([])
        for email in ("", "x", "a@b@c", "<script>", "a@b.c\nBcc: d@e.f", "0" * 5000):
            response = self.post("/theo-doi-ket-qua", email=email)
            self.assertEqual(response.status_code, 422)
        response = self.post("/theo-doi-ket-qua", email="a@example.com", website="x")
        self.assertEqual(response.status_code, 200, "a program learns nothing")
        response = self.post("/theo-doi-ket-qua", email="a@example.com", csrf_token="x")
        self.assertEqual(response.status_code, 422)
        self.assertIn("quá lâu", response.text)
        self.assertEqual(self.env["pakn.subscription"].search_count([]), count)
        for token in ("x", "a" * 32, "%00", "'" * 30, "é" * 30):
            for act in ("xac-nhan", "huy"):
                path = f"/theo-doi-ket-qua/{act}/{token}"
                if token != "%00":
                    self.assertEqual(self.url_open(path).status_code, 404)

    def test_one_address_gets_few_mails(self):
        self.patch(type(self.env["pakn.rate.limit"]), "_hit", lambda *args: 60)
        self.assertRegex(self.follow().text, r"chờ \d+ phút")

    def test_a_request_that_is_not_published_cannot_be_followed(self):
        hidden = self.new_ticket()
        self.env.flush_all()
        self.assertEqual(self.follow(ma=hidden.name).status_code, 404)
        self.assertEqual(self.follow(ma=self.ticket.name).status_code, 200)


@tagged(*TAGS)
class TestSoDoIAndAbuse(FormCase):
    def test_each_phone_counts_once_when_it_is_proved(self):
        codes = self.env["pakn.phone.code"]
        path = f"/ket-qua/{self.ticket.name}/toi-cung-vay"
        if not codes._can_deliver():
            self.assertEqual(self.url_open(path).status_code, 404)
        sent = {}
        self.patch(type(codes), "_can_deliver", lambda model: True)
        self.patch(
            type(codes), "_deliver", lambda model, to, text: sent.update({to: text})
        )
        self.assertEqual(self.post(path, phone="123").status_code, 422)
        for _try in range(2):
            self.post(path, phone="0905 777 111")
            [text] = sent.values()
            code = next(
                word for word in text.split() if word.isdigit() and len(word) == 6
            )
            wrong = f"{(int(code) + 1) % 10**6:06d}"
            response = self.post(path, phone="0905777111", number=wrong)
            self.assertEqual(response.status_code, 422)
            response = self.post(path, phone="0905777111", number=code)
            self.assertEqual(response.status_code, 200)
            self.env.invalidate_all()
            self.assertEqual(self.ticket.supporter_count, 1)
        digest = self.env["pakn.supporter"].sudo().search([], limit=1).digest
        self.assertNotIn("905777111", digest)

    def test_what_is_wrong_reaches_the_operators(self):
        path = f"/ket-qua/{self.ticket.name}/bao-sai"
        self.assertEqual(self.post(path, reason="x").status_code, 422)
        response = self.post(path, reason="personal", note="<script>số nhà tôi")
        self.assertEqual(response.status_code, 200)
        report = (
            self.env["pakn.abuse"]
            .with_user(self.operator)
            .search([("ticket_id", "=", self.ticket.id)])
        )
        self.assertEqual(report.note, "<script>số nhà tôi")
        self.assertEqual(report.action_open()["res_id"], self.ticket.id)
        report.action_close()
        self.assertTrue(report.is_closed)
