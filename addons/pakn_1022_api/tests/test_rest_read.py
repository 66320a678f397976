import re
import threading
from unittest.mock import patch
from urllib.parse import quote

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.rest import VERSION
from ..tools import openapi
from .common import TAGS
from .rest import V1, RestCase


@tagged(*TAGS)
class TestRestRead(RestCase):
    """What everybody reads (Art. 13.1, 15.3), with a key or without."""

    def test_the_description_names_each_route_and_no_other(self):
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        routes = set()
        for rule in rules:
            if rule.rule.startswith(f"{VERSION}/"):
                path = re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule[len(VERSION) :])
                path = path.replace("_id}", "}").replace("{file}", "{id}")
                path = path.replace("{article}", "{id}")
                for method in rule.endpoint.routing["methods"]:
                    routes.add((path, method.lower()))
        described = {
            (path, method)
            for path, operations in openapi.PATHS.items()
            for method in operations
        }
        self.assertEqual(routes, described)

    def test_the_description_is_served(self):
        content = self.get_json("/openapi.json", key=False)
        self.assertEqual(content["openapi"], "3.1.0")
        self.assertTrue(content["servers"][0]["url"].endswith(V1))

    def test_fields_with_their_questions(self):
        self.env["pakn.category.question"].create(
            {
                "category_id": self.category.id,
                "code": "loai",
                "name": "Loại đèn?",
                "datatype": "singlevaluelist",
                "is_required": True,
                "value_ids": [(0, 0, {"key": "led", "name": "Đèn LED"})],
            }
        )
        items = self.get_json("/fields", key=False)["items"]
        self.assertTrue(
            next(item for item in items if item["code"] == "TEST")["has_questions"]
        )
        [question] = self.get_json("/fields/TEST", "/fields/{code}")["questions"]
        self.assertEqual(question["choices"], [{"key": "led", "name": "Đèn LED"}])
        self.assertTrue(question["required"])
        reply = self.call("GET", "/fields/NONE", "/fields/{code}")
        self.assertEqual(reply.status_code, 404)

    def test_art13_1_results_by_pages(self):
        tickets = [self.published(title=f"Đèn số {n} hỏng") for n in range(3)]
        hidden = self.published(title="Đèn không công bố")
        hidden.with_user(self.operator).unpublish()
        seen, cursor = [], ""
        while cursor is not None:
            page = self.get_json(f"/results?limit=2&cursor={cursor}", "/results")
            seen += [item["code"] for item in page["items"]]
            cursor = page["next"]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertLessEqual({ticket.name for ticket in tickets}, set(seen))
        self.assertNotIn(hidden.name, seen)

    def test_art13_1_a_result_has_nothing_personal(self):
        ticket = self.published()
        result = self.get_json(f"/results/{ticket.name}", "/results/{code}", key=False)
        self.assertEqual(result["area"], {"code": "TESTAREA", "name": "Phường Thử"})
        text = str(result)
        for secret in ("Nguyễn Văn A", "905123456", "0905", "Hùng Vương"):
            self.assertNotIn(secret, text)

    def test_art13_1_what_is_not_published_is_as_what_is_not(self):
        hidden = [
            self.published(),
            self.published(secrecy="confidential"),
            self.published(),
        ]
        hidden[2].sudo()._acting().write({"secrecy": "secret"})
        hidden[0].with_user(self.operator).unpublish()
        answers = {
            self.call("GET", f"/results/{code}", "/results/{code}").text
            for code in [*(ticket.name for ticket in hidden), "GL99-999999-9", "x"]
        }
        self.assertEqual(len(answers), 1)

    def test_near_a_place(self):
        near = self.published(latitude=13.98, longitude=108.0)
        far = self.published(latitude=14.2, longitude=108.3)

        def codes(radius):
            path = f"/results?near=13.98,108.0&radius={radius}&limit=100"
            return {item["code"] for item in self.get_json(path, "/results")["items"]}

        self.assertIn(near.name, codes(1000))
        self.assertNotIn(far.name, codes(1000))
        # A circle, not its square: 0.006° north and as much east is 930 m
        corner = self.published(latitude=13.986, longitude=108.006)
        self.assertNotIn(corner.name, codes(800))
        self.assertIn(corner.name, codes(1100))

    def test_what_makes_no_sense_is_said(self):
        for query, name in (
            ("near=abc", "near"),
            ("near=10.0,106.0", "near"),
            ("near=13.98,108.0&radius=1", "radius"),
            ("near=13.98,108.0,1", "near"),
            ("outcome=good", "outcome"),
            ("field=NONE", "field"),
            ("from=yesterday", "from"),
            ("limit=0", "limit"),
            ("limit=x", "limit"),
        ):
            with self.subTest(query):
                reply = self.call("GET", f"/results?{query}", "/results")
                self.assertEqual(reply.status_code, 422)
                self.assertEqual(reply.json()["errors"][0]["name"], name)

    def test_it_is_kept_while_it_is_fresh(self):
        self.published()
        first = self.call("GET", "/results", key=False)
        self.assertIn("public", first.headers["Cache-Control"])
        again = self.call(
            "GET", "/results", headers={"If-None-Match": first.headers["ETag"]},
            key=False,
        )  # fmt: skip
        self.assertEqual((again.status_code, again.text), (304, ""))
        self.published()
        changed = self.call(
            "GET", "/results", headers={"If-None-Match": first.headers["ETag"]},
            key=False,
        )  # fmt: skip
        self.assertEqual(changed.status_code, 200)
        with_key = self.call("GET", "/results")
        self.assertIn("private", with_key.headers["Cache-Control"])

    def test_art15_3_articles(self):
        article, hidden = self.env["pakn.article"].create(
            [
                {
                    "name": "Làm lại căn cước ở đâu?",
                    "answer": "<p>Ở công an xã.</p>",
                    "category_id": self.category.id,
                    "is_published": True,
                },
                {"name": "Nội bộ", "answer": "<p>Không công khai.</p>"},
            ]
        )
        items = self.get_json("/articles?q=can cuoc&field=TEST", "/articles")["items"]
        self.assertIn(article.id, [item["id"] for item in items])
        path = "/articles/{id}"
        shown = self.get_json(f"/articles/{article.id}", path)
        self.assertEqual(shown["answer"].strip(), "Ở công an xã.")
        for number in (hidden.id, 10**8):
            reply = self.call("GET", f"/articles/{number}", path)
            self.assertEqual(reply.status_code, 404)

    def test_statistics_and_areas(self):
        self.env["pakn.statistics"]._count()
        self.assertIn("total", self.get_json("/statistics", key=False)["figures"])
        codes = [item["code"] for item in self.get_json("/areas", key=False)["items"]]
        self.assertIn("TESTAREA", codes)

    def count_six_of_2024(self):
        """Have the figures of a year that has ended; return its requests."""
        tickets = self.env["pakn.ticket"].sudo()
        for _number in range(6):
            tickets |= self.published().sudo()
        tickets._acting().date_received = "2024-06-10 02:00:00"
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        return tickets

    def test_statistics_of_a_year_are_those_of_the_page(self):
        """Art. 13.1: the same prepared numbers, and nothing counted beside them."""
        self.published()
        tickets = self.count_six_of_2024()
        months = self.get_json("/statistics", key=False)
        self.assertEqual(months["figures"]["ended_years"], ["2024"])
        for query, site in (("", ""), ("?year=", ""), ("?year=2024", "?nam=2024")):
            with self.subTest(query):
                told = self.get_json(f"/statistics{query}", key=False)
                shown = self.url_open(f"/thong-ke.json{site}").json()
                shown.pop("date")
                self.assertEqual(
                    {
                        "licence": told["licence"],
                        "columns": told["columns"],
                        **told["figures"],
                    },
                    shown,
                )
        year = self.get_json("/statistics?year=2024", key=False)["figures"]
        self.assertEqual((year["year"], year["total"]["received"]), ("2024", 6))
        # A count after that night changes nothing that is told
        tickets._acting().date_received = "2023-06-10 02:00:00"
        self.env.flush_all()
        again = self.get_json("/statistics?year=2024", key=False)["figures"]
        self.assertEqual(again, year)

    def test_years_of_statistics_that_are_not_there(self):
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        for year in ("2026", "2019", "0000", "9999"):
            with self.subTest(year):
                reply = self.call("GET", f"/statistics?year={year}", key=False)
                self.assertEqual(reply.status_code, 404)
                self.assertEqual(reply.headers["Content-Type"], openapi.PROBLEM)
        for year in ("24", "2024x", "２０２４", "2024'", "2024\n", "-202", "False"):
            with self.subTest(year):
                path = f"/statistics?year={quote(year)}"
                reply = self.call("GET", path, key=False)
                self.assertEqual(reply.status_code, 422)
                self.assertEqual(reply.json()["errors"][0]["name"], "year")

    def test_a_year_has_a_tag_of_its_own(self):
        self.count_six_of_2024()
        tags = {}
        for query in ("", "?year=2024"):
            reply = self.call("GET", f"/statistics{query}", key=False)
            tags[query] = reply.headers["ETag"]
            self.assertIn("max-age=3600", reply.headers["Cache-Control"])
        self.assertNotEqual(*tags.values())
        for query, status in (("?year=2024", 304), ("", 200)):
            headers = {"If-None-Match": tags["?year=2024"]}
            reply = self.call("GET", f"/statistics{query}", key=False, headers=headers)
            self.assertEqual(reply.status_code, status)

    def test_errors_are_problems_in_the_readers_language(self):
        headers = {"Accept-Language": "en"}
        reply = self.call("GET", "/fields/X", "/fields/{code}", headers=headers)
        self.assertIn("no such thing", reply.json()["detail"])
        vietnamese = self.call("GET", "/fields/X", "/fields/{code}").json()["detail"]
        self.assertIn("Không có", vietnamese)
        with mute_logger("odoo.http"):
            for path, method, status in (
                ("/api/v1/nothing", "GET", 404),
                ("/api/v2/fields", "GET", 404),
                ("/api/v1/fields", "POST", 405),
                ("/api/v1/articles/x", "GET", 404),
            ):
                with self.subTest(path):
                    reply = self.url_open(path, method=method)
                    self.assertEqual(reply.status_code, status)
                    kind = reply.headers["Content-Type"]
                    self.assertEqual(kind, openapi.PROBLEM)
                    self.assertEqual(reply.json()["status"], status)
