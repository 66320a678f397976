import json
import re
import unittest

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

from ..controllers.knowledge import PaknKnowledge
from ..tools.text import split_words

HOSTILE = (
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%00",
    "%",
    "_",
    "\\",
    "a" * 5000,
    "%e0%80%af",
    "%ed%a0%80",
    "\u202egpj",
    "{{7*7}}",
    "../../etc/passwd",
    "-1",
    "0",
    "99999999999999999999",
    "1e9",
    "²",
)


class TestWords(unittest.TestCase):
    """What is typed into a search box; nothing of Odoo."""

    def test_words_are_few_and_each_once(self):
        self.assertEqual(split_words("Thẻ, thẻ BHYT?"), ["thẻ", "bhyt"])
        self.assertEqual(len(split_words(" ".join(map(str, range(50))), 8)), 8)
        self.assertEqual(split_words("%_ ..."), [])


class KnowledgeCase(PaknCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parent_category = cls.env["pakn.category"].create(
            {"name": "Nhóm thử", "code": "TESTG"}
        )
        cls.category.parent_id = cls.parent_category
        cls.env["pakn.article"].search([], limit=1000).is_published = False
        cls.public = cls.env["pakn.article"].create(
            {
                "name": "Xin cấp lại Zingiberaceae ở đâu?",
                "answer": "<p>Tại bộ phận <b>một cửa</b> của phường.</p>",
                "category_id": cls.category.id,
                "unit_id": cls.unit.id,
                "reference": "Quyết định 12/2026/QĐ-UBND",
                "is_published": True,
            }
        )

    def setUp(self):
        super().setUp()
        for name in ("index", "article", "file"):
            limit = getattr(PaknKnowledge, name).rate_limit
            limit._windows.clear()


@tagged(*TAGS)
class TestKnowledge(KnowledgeCase):
    def search(self, query="", category=None):
        return self.env["pakn.article"]._search_public(query, category)[0]

    def test_art10_1_2_b1_public_articles_are_found_with_and_without_accents(self):
        for query in (
            "Zingiberaceae",
            "zingiberaceae một cửa",
            "ZINGIBERACEAE mot cua",
            "12/2026/qd-ubnd",
            "zingiberaceae nonesuch",
        ):
            with self.subTest(query):
                self.assertIn(self.public, self.search(query))
        self.assertNotIn(self.public, self.search("nonesuch"))
        self.assertFalse(self.search("strong bold div"), "mark-up is not searched")

    def test_what_the_question_says_comes_first(self):
        other = self.public.copy(
            {"name": "Việc khác", "answer": "<p>Như Zingiberaceae.</p>"}
        )
        other.is_published = True
        self.assertEqual(self.search("zingiberaceae"), self.public | other)

    def test_not_public_and_not_valid_today_are_not_found(self):
        today = fields.Date.to_date("2026-03-02")
        # 22:00 of the day before in UTC: it is the second in Gia Lai already
        self.set_clock("2026-03-02 05:00")
        for vals, found in (
            ({"date_from": "2026-03-02", "date_to": "2026-03-02"}, True),
            ({"date_from": "2026-03-03", "date_to": False}, False),
            ({"date_from": False, "date_to": "2026-03-01"}, False),
            ({"date_from": today, "date_to": False, "is_published": False}, False),
            ({"is_published": True, "active": False}, False),
        ):
            with self.subTest(vals):
                self.public.write(vals)
                self.assertEqual(self.public in self.search("zingiberaceae"), found)

    def test_a_field_holds_the_articles_of_those_below(self):
        self.assertIn(self.public, self.search(category=self.parent_category))
        other = self.env["pakn.category"].create({"name": "Khác", "code": "TESTO"})
        self.assertNotIn(self.public, self.search(category=other))

    def test_related_are_public_ones_of_the_field(self):
        self.assertFalse(self.public._get_related())
        near = self.public.copy({"name": "Gần"})
        self.assertFalse(self.public._get_related(), "not public yet")
        near.is_published = True
        self.assertEqual(self.public._get_related(), near)

    def test_search_takes_the_same_queries_whatever_it_finds(self):
        for number in range(30):
            self.public.copy({"name": f"Zingiberaceae {number}"}).is_published = True
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            found, count = self.env["pakn.article"]._search_public("zingiberaceae")
            found.mapped("name")
        self.assertEqual((len(found), count), (20, 31))


@tagged(*TAGS)
class TestKnowledgePages(HttpCase, KnowledgeCase):
    def get(self, path, **options):
        return self.url_open(path, allow_redirects=False, **options)

    def test_list_search_and_field(self):
        for path in (
            "/hoi-dap",
            "/hoi-dap?q=zingiberaceae+mot+cua",
            f"/hoi-dap?category={self.parent_category.id}",
            "/en/hoi-dap",
        ):
            with self.subTest(path):
                reply = self.get(path)
                self.assertEqual(reply.status_code, 200)
                self.assertIn(self.public.name, reply.text)
        self.assertNotIn(self.article.name, self.get("/hoi-dap").text)

    def test_an_article_has_one_address(self):
        reply = self.get(f"/hoi-dap/x-{self.public.id}")
        self.assertEqual(reply.status_code, 301)
        self.assertURLEqual(reply.headers["Location"], self.public.site_url)
        page = self.get(self.public.site_url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("<b>một cửa</b>", page.text)
        self.assertIn(
            f"/phan-anh?article={self.public.id}&amp;category={self.category.id}",
            page.text,
        )

    def test_what_is_not_public_is_not_there(self):
        for article in (self.article, self.env["pakn.article"].browse(2**31 - 1)):
            self.assertEqual(self.get(f"/hoi-dap/x-{article.id}").status_code, 404)
        self.public.date_to = "2020-01-01"
        self.assertEqual(self.get(self.public.site_url).status_code, 404)

    def test_structured_data_hold_what_is_written_and_end_no_script(self):
        self.public.name = "</script><script>alert(1)</script> & co"
        text = self.get(self.public.site_url).text
        self.assertNotIn("<script>alert(1)", text)
        [data] = re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL
        )
        data = json.loads(data)
        self.assertEqual(data["@type"], "FAQPage")
        self.assertEqual(data["mainEntity"][0]["name"], self.public.name)

    def test_unchanged_pages_are_not_sent_again(self):
        for path in ("/hoi-dap", self.public.site_url):
            with self.subTest(path):
                self.get(path)  # the visitor has a session now
                tag = self.get(path).headers["ETag"]
                again = self.get(path, headers={"If-None-Match": tag})
                self.assertEqual((again.status_code, again.content), (304, b""))
        self.public.answer = "<p>Khác</p>"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pakn_article SET write_date = write_date + interval '1 second' "
            "WHERE id = %s",
            [self.public.id],
        )
        changed = self.get(self.public.site_url, headers={"If-None-Match": tag})
        self.assertEqual(changed.status_code, 200)

    def test_pages_take_few_queries(self):
        self.get("/hoi-dap")
        self.get(self.public.site_url)
        for number in range(15):
            self.public.copy({"name": f"Zingiberaceae {number}"}).is_published = True
        self.env.flush_all()
        for path, count in (("/hoi-dap", 30), (self.public.site_url, 30)):
            self.get(path)
            with self.subTest(path), self.assertQueryCount(count):
                self.get(path)

    def vote(self, helpful="yes", **data):
        token = re.search(
            r'name="csrf_token" value="(\w+)"', self.get(self.public.site_url).text
        )
        return self.url_open(
            f"/hoi-dap/{self.public.id}/huu-ich",
            data={"csrf_token": token and token[1], "helpful": helpful, **data},
            allow_redirects=False,
        )

    def test_a_visitor_says_once_whether_it_helped(self):
        before = self.public.write_date
        self.assertEqual(self.vote().status_code, 303)
        self.assertNotIn('name="helpful"', self.get(self.public.site_url).text)
        self.public.invalidate_recordset()
        self.assertEqual((self.public.helpful_yes, self.public.helpful_no), (1, 0))
        self.assertEqual(self.public.write_date, before)
        # Once more, with the token of another page
        text = self.get("/tra-cuu").text
        token = re.search(r'name="csrf_token" value="(\w+)"', text)[1]
        self.vote("no", csrf_token=token)
        self.public.invalidate_recordset()
        self.assertEqual((self.public.helpful_yes, self.public.helpful_no), (1, 0))

    def test_no_vote_without_token_by_get_or_of_another_kind(self):
        path = f"/hoi-dap/{self.public.id}/huu-ich"
        for token in ({}, {"csrf_token": "0o1"}):
            self.url_open(path, data={"helpful": "yes", **token})
        self.assertEqual(self.get(path + "?helpful=yes").status_code, 405)
        self.assertEqual(self.vote("maybe").status_code, 303)
        self.public.invalidate_recordset()
        self.assertEqual((self.public.helpful_yes, self.public.helpful_no), (0, 0))

    def test_files_of_public_articles_are_read_and_no_others(self):
        def make(name, **vals):
            return self.env["ir.attachment"].create(
                {"name": name, "raw": b"<script>1</script>", **vals}
            )

        own = make("mau.html", mimetype="text/html")
        foreign = make("rieng.txt", res_model="res.partner", res_id=1)
        self.public.attachment_ids = own | foreign
        self.assertEqual(own.res_id, self.public.id)
        reply = self.get(f"/hoi-dap/{self.public.id}/tep/{own.id}")
        self.assertEqual(reply.status_code, 200)
        self.assertIn("attachment", reply.headers["Content-Disposition"])
        for article, file in (
            (self.public, foreign),
            (self.article, own),
            (self.public, self.env["ir.attachment"].browse(2**31 - 1)),
        ):
            path = f"/hoi-dap/{article.id}/tep/{file.id}"
            self.assertEqual(self.get(path).status_code, 404)
        self.assertNotIn("rieng.txt", self.get(self.public.site_url).text)

    def test_who_asks_too_often_is_asked_to_wait(self):
        for name, path in (
            ("index", "/hoi-dap"),
            ("article", self.public.site_url),
            ("file", f"/hoi-dap/{self.public.id}/tep/1"),
        ):
            self.patch(getattr(PaknKnowledge, name).rate_limit, "count", 0)
            with self.subTest(path):
                self.assertEqual(self.get(path).status_code, 429)

    def test_hostile_input_is_answered_calmly(self):
        for text in HOSTILE:
            for path in (
                f"/hoi-dap?q={text}",
                f"/hoi-dap?category={text}",
                f"/hoi-dap?page={text}",
                f"/hoi-dap/{text}",
                f"/hoi-dap/{text}/huu-ich",
                f"/hoi-dap/{text}/tep/{text}",
            ):
                with self.subTest(path[:80]):
                    reply = self.get(path)
                    self.assertLess(reply.status_code, 500)
                    self.assertNotIn("<script>alert(1)", reply.text)

    def test_articles_stand_in_the_sitemap(self):
        self.env["ir.attachment"].search([("url", "=like", "/sitemap%")]).unlink()
        found = re.findall(
            r"<loc>[^<]*(/hoi-dap[^<]*)</loc>", self.get("/sitemap.xml").text
        )
        self.assertIn("/hoi-dap", found)
        self.assertIn(self.public.site_url, found)
        self.assertEqual(len(found), 2, "what is not public is not told of")
