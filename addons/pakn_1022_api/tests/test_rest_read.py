import gzip
import json
import re
import threading
from datetime import datetime
from unittest.mock import patch
from urllib.parse import quote

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.models.pakn_incident import Incident

from ..controllers.rest import VERSION
from ..tools import openapi
from .common import TAGS
from .rest import REQUEST, V1, RestCase


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

    def test_art6_incidents_that_everybody_is_told_of(self):
        self.assertEqual(self.get_json("/incidents", key=False), {"items": []})
        incident = Incident(
            name="Mất điện tại phường Pleiku",
            text="Đang sửa đường dây.",
            category=self.category,
            area=self.env["pakn.area"],
            date_from=datetime(2026, 11, 28, 1, 0),
            date_to=datetime(2026, 11, 28, 7, 0),
        )
        model = type(self.env["pakn.incident"])
        with patch.object(model, "_get_now", lambda _self: [incident]):
            [item] = self.get_json("/incidents", key=False)["items"]
        self.assertEqual(item["name"], "Mất điện tại phường Pleiku")
        self.assertEqual(item["field"]["code"], "TEST")
        self.assertIsNone(item["area"])
        self.assertEqual(item["date_to"], "2026-11-28T14:00:00+07:00")

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

    def test_what_no_list_has_given_is_no_cursor(self):
        for path in ("/results", "/articles"):
            for cursor in ("x", "20261328000000-1", "-1", "1234567890", "٣"):
                reply = self.call("GET", f"{path}?cursor={cursor}", key=False)
                self.assertEqual(reply.status_code, 422, cursor)
                self.assertEqual(reply.json()["errors"][0]["name"], "cursor")

    def test_each_asks_in_its_language(self):
        """Programs too that Odoo takes for robots, as curl."""
        for asked, is_english in {
            "en": True,
            "en-GB,en;q=0.9": True,
            "fr, en;q=0.5": True,
            "vi;q=0.2, en;q=0.8": True,
            "vi, en;q=0.8": False,
            "en;q=0": False,
            "fr": False,
            "*": False,
            "": False,
        }.items():
            for agent in ("curl/8.5", "Partner/1.0"):
                headers = {"Accept-Language": asked, "User-Agent": agent}
                for path in ("/api/v1/fields/X", "/api/v1/x", "/open311/v2/x.json"):
                    self.opener.cookies.clear()
                    with self.subTest(path, asked=asked, agent=agent):
                        reply = self.url_open(
                            path, headers=headers, allow_redirects=False
                        )
                        self.assertEqual(reply.status_code, 404)
                        self.assertEqual("There is no" in reply.text, is_english)

    def test_addresses_that_there_are_not_lead_to_no_page(self):
        for path in (
            "/api",
            "/api/",
            "/api/v1/",
            "/api/x/",
            "/open311",
            "/open311/v2/",
        ):
            reply = self.url_open(path, allow_redirects=False)
            kind = reply.headers["Content-Type"].partition(";")[0]
            self.assertEqual(reply.status_code, 404, path)
            self.assertIn(kind, (openapi.PROBLEM, "text/xml"))

    def test_a_script_of_another_site_is_told_what_it_may(self):
        for path, methods in {
            "/api/v1/results": {"GET", "HEAD", "OPTIONS"},
            "/api/v1/requests": {"GET", "HEAD", "OPTIONS", "POST"},
            "/api/v1/sign-in": {"DELETE", "OPTIONS", "POST"},
            "/open311/v2/requests.json": {"GET", "HEAD", "OPTIONS", "POST"},
            "/open311/v2/services.xml": {"GET", "HEAD", "OPTIONS"},
        }.items():
            reply = self.url_open(path, method="OPTIONS")
            self.assertEqual((reply.status_code, reply.content), (204, b""))
            self.assertEqual({*reply.headers["Allow"].split(", ")}, methods)
            for name in ("If-None-Match", "Authorization", "Idempotency-Key"):
                self.assertIn(name, reply.headers["Access-Control-Allow-Headers"])
        for path in ("/api/v1/fields", "/open311/v2/services.json"):
            tag = self.url_open(path).headers["ETag"]
            for given in (tag, tag.removeprefix("W/"), "*", f'"x", {tag}'):
                reply = self.url_open(path, headers={"If-None-Match": given})
                self.assertEqual(reply.status_code, 304)
                self.assertEqual(reply.headers["Access-Control-Allow-Origin"], "*")

    def test_a_compressed_body_is_refused_by_its_name(self):
        body = gzip.compress(json.dumps(REQUEST).encode())
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        reply = self.call("POST", "/requests", data=body, headers=headers)
        self.assertEqual(reply.status_code, 415)
        self.assertEqual(reply.headers["Accept-Encoding"], "identity")

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
