import re
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.pakn_1022.tools.ticket_code import make_code

from ..controllers.open311 import Open311
from ..controllers.open311_submit import Open311Submit
from .common import TAGS, V2, ApiCase

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
REQUEST = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "expected_datetime", "address", "address_id", "zipcode"),
    *("lat", "long", "media_url"),
}
SECRETS = ("Văn A", "0905", "123 456", "nguyenvana", "12 Hùng Vương, Pleiku")


@tagged(*TAGS)
class TestOpen311Read(ApiCase):
    """What GeoReport v2 says of reading; docs/open311.md names each of its rules."""

    def check_types(self, path):
        """Check both formats of an address; return ``(XML, JSON)``."""
        xml, data = self.fetch(f"{path}.xml"), self.fetch(f"{path}.json")
        self.assertEqual((xml.status_code, data.status_code), (200, 200), xml.text)
        self.assertEqual(xml.headers["Content-Type"], "text/xml; charset=utf-8")
        self.assertEqual(
            data.headers["Content-Type"], "application/json; charset=utf-8"
        )
        self.assertRegex(xml.content, rb"^<\?xml version='1.0' encoding='utf-8'\?>")
        root = etree.fromstring(xml.content)
        self.assertFalse(root.nsmap, "no namespace")
        return root, data.json()

    def as_json(self, element):
        """Return XML as the Spark convention makes JSON of it, all values as texts."""
        if element.tag in ("services", "service_requests", "attributes", "values") + (
            "errors",
            "endpoints",
            "formats",
            "service_request_updates",
        ):
            return [self.as_json(child) for child in element]
        if len(element):
            return {child.tag: self.as_json(child) for child in element}
        return element.text or ""

    def as_texts(self, content):
        """Return JSON with all values as the texts that XML has for them."""
        if isinstance(content, list):
            return [self.as_texts(part) for part in content]
        if isinstance(content, dict):
            return {key: self.as_texts(value) for key, value in content.items()}
        if isinstance(content, bool):
            return str(content).lower()
        return "" if content is None else str(content)

    def ask_question(self, **values):
        return self.env["pakn.category.question"].create(
            {
                "category_id": self.category.id,
                "code": "loai",
                "name": "Loại đèn nào?",
                "datatype": "singlevaluelist",
                "is_required": True,
                "value_ids": [
                    (0, 0, {"key": "led", "name": "Đèn LED"}),
                    (0, 0, {"key": "cu", "name": "Đèn cũ"}),
                ],
                **values,
            }
        )

    # ------------------------------------------------------------
    # DISCOVERY AND SERVICES
    # ------------------------------------------------------------

    def test_discovery(self):
        for path in ("/open311/discovery", f"{V2}/discovery"):
            data = self.get(f"{path}.json").json()
            root = etree.fromstring(self.get(f"{path}.xml").content)
            self.assertEqual(root.tag, "discovery")
            self.assertEqual(
                set(data), {"changeset", "contact", "key_service", "endpoints"}
            )
            [endpoint] = data["endpoints"]
            self.assertEqual(
                set(endpoint), {"specification", "url", "changeset", "type", "formats"}
            )
            self.assertEqual(
                endpoint["specification"], "http://wiki.open311.org/GeoReport_v2"
            )
            self.assertEqual(endpoint["formats"], ["text/xml", "application/json"])
            self.assertEqual(endpoint["type"], "production")
            self.assertTrue(endpoint["url"].endswith(V2))
            self.assertRegex(endpoint["changeset"], MOMENT)
            self.assertEqual(
                [format.text for format in root.iter("format")], endpoint["formats"]
            )

    def test_services(self):
        root, data = self.check_types("services")
        self.assertEqual(self.as_json(root), self.as_texts(data))
        rows = {row["service_code"]: row for row in data}
        self.assertEqual(len(rows), len(data), "codes are unique")
        row = rows["TEST"]
        self.assertEqual(
            set(row),
            {"service_code", "service_name", "description", "metadata"}
            | {"type", "keywords", "group"},
        )
        self.assertEqual((row["metadata"], row["type"]), (False, "realtime"))
        self.assertEqual(row["service_name"], "Lĩnh vực thử")
        # What requests are not handed in for: groups, and what the hotline has not
        self.assertNotIn("1", rows)
        self.category.site_stop = True
        codes = [row["service_code"] for row in self.fetch_json("services.json")]
        self.assertNotIn("TEST", codes)

    def test_service_definition(self):
        self.ask_question()
        self.ask_question(code="ghi_chu", datatype="text", value_ids=[], sequence=99)
        root, data = self.check_types("services/TEST")
        self.assertEqual(root.tag, "service_definition")
        self.assertEqual(self.as_json(root), self.as_texts(data))
        self.assertEqual(data["service_code"], "TEST")
        first, second = data["attributes"]
        self.assertEqual(
            first,
            {
                "variable": True,
                "code": "loai",
                "datatype": "singlevaluelist",
                "required": True,
                "datatype_description": None,
                "order": 1,
                "description": "Loại đèn nào?",
                "values": [
                    {"key": "led", "name": "Đèn LED"},
                    {"key": "cu", "name": "Đèn cũ"},
                ],
            },
        )
        self.assertEqual((second["order"], second["values"]), (2, []))
        rows = self.fetch_json("services.json")
        [row] = [row for row in rows if row["service_code"] == "TEST"]
        self.assertTrue(row["metadata"])

    def test_a_code_with_a_dot(self):
        codes = [row["service_code"] for row in self.fetch_json("services.json")]
        dotted = next(code for code in codes if "." in code)
        self.assertEqual(
            self.fetch_json(f"services/{dotted}.json")["service_code"], dotted
        )

    # ------------------------------------------------------------
    # REQUESTS
    # ------------------------------------------------------------

    def test_a_request(self):
        ticket = self.published()
        root, data = self.check_types(f"requests/{ticket.name}")
        self.assertEqual(root.tag, "service_requests")
        self.assertEqual([child.tag for child in root], ["request"])
        self.assertEqual(self.as_json(root), self.as_texts(data))
        [row] = data
        self.assertEqual(set(row), REQUEST)
        self.assertEqual(row["service_request_id"], ticket.name)
        self.assertEqual(row["status"], "closed")
        self.assertEqual(row["service_code"], "TEST")
        self.assertEqual(row["agency_responsible"], "Sở Thử nghiệm")
        self.assertEqual(row["status_notes"], "Đã thay bóng đèn.")
        self.assertEqual(
            (row["address"], row["address_id"]), ("Phường Thử", "TESTAREA")
        )
        self.assertEqual(row["requested_datetime"], "2026-03-02T08:00:00+07:00")
        for name in ("requested_datetime", "updated_datetime"):
            self.assertRegex(row[name], MOMENT)

    def test_art13_1_nothing_personal(self):
        ticket = self.published(
            description="<p>Tôi là Nguyễn Văn A, số 0905 123 456.</p>"
        )
        for path in ("requests.json", f"requests/{ticket.name}.xml", "requests.xml"):
            text = self.fetch(path).text
            self.assertIn(ticket.name, text)
            for secret in SECRETS:
                self.assertNotIn(secret, text)
        [row] = self.fetch_json(f"requests/{ticket.name}.json")
        # No more exact than the site shows it
        self.assertEqual((row["lat"], row["long"]), (13.988, 108.012))

    def test_art13_1_what_is_not_published_is_as_what_is_not(self):
        hidden = {
            "new": self.new_ticket(),
            "done, not published": self.published(),
            "confidential": self.published(secrecy="confidential"),
            "handed in by the program itself": self.sent(),
        }
        hidden["done, not published"].unpublish()
        hidden["secret"] = self.published()
        hidden["secret"].sudo()._acting().write({"secrecy": "secret"})
        hidden = {name: ticket.sudo() for name, ticket in hidden.items()}
        unknown = self.fetch(f"requests/{make_code(26, 999_999)}.json")
        self.check_error(unknown, 404)
        for name, ticket in hidden.items():
            for key in (None, self.key):
                headers = self.bearer(key) if key else {}
                with self.subTest(name, key=bool(key)):
                    one = self.fetch(f"requests/{ticket.name}.json", headers=headers)
                    self.assertEqual(one.content, unknown.content)
                    self.assertEqual(one.status_code, 404)
                    path = f"requests.json?service_request_id={ticket.name}"
                    self.assertEqual(self.fetch_json(path, headers=headers), [])
        listed = self.fetch("requests.json", headers=self.bearer()).text
        for ticket in hidden.values():
            self.assertNotIn(ticket.name, listed)

    def test_the_same_is_asked_of_the_database_for_what_is_hidden_and_what_is_not(self):
        """So that the time of an answer tells nothing."""
        tickets = self.env["pakn.ticket"]
        secret, foreign = self.new_ticket().sudo(), self.sent()
        secret._acting().write({"secrecy": "secret"})

        def get_queries(code):
            self.env.invalidate_all()
            with _Recorder(self.env.cr) as recorder:
                self.assertFalse(tickets._find_for_open311([code]))
                self.assertFalse(tickets._get_open311_updates([code], self.other))
            return recorder.queries

        unknown = get_queries(make_code(26, 999_999))
        self.assertTrue(unknown)
        self.assertEqual(get_queries(secret.name), unknown)
        self.assertEqual(get_queries(foreign.name), unknown)

    def test_a_list_of_ids_overrides_the_rest(self):
        first, second, third = (self.published() for _number in range(3))
        path = (
            f"requests.json?service_request_id={first.name},{second.name}"
            "&service_code=NONE&status=open&start_date=1&end_date=2"
        )
        self.assertEqual(self.codes(path), {first.name, second.name})
        path = (
            f"requests.json?service_request_id={first.name}"
            f"&service_request_id={third.name},,{third.name}"
        )
        self.assertEqual(self.codes(path), {first.name, third.name})

    def codes(self, path):
        found = self.fetch_json(path)
        codes = {row["service_request_id"] for row in found}
        self.assertEqual(len(codes), len(found))
        return codes

    def test_by_service(self):
        other = self.env["pakn.category"].create({"name": "Khác", "code": "OTHER"})
        first, second = self.published(), self.published(category_id=other.id)
        found = self.codes("requests.json?service_code=TEST")
        self.assertIn(first.name, found)
        self.assertNotIn(second.name, found)
        for query in ("TEST,OTHER", "TEST&service_code=OTHER"):
            found = self.codes(f"requests.json?service_code={query}")
            self.assertLessEqual({first.name, second.name}, found)
        self.check_error(self.fetch("requests.json?service_code=TEST,NONE"), 404)

    def test_results_of_what_is_not_handed_in_any_more_are_found(self):
        ticket = self.published()
        self.category.site_stop = True
        for archive in (False, True):
            self.category.active = not archive
            [row] = self.fetch_json("requests.json?service_code=TEST,1.1")
            self.assertEqual(row["service_request_id"], ticket.name)
        reply = self.fetch("requests.json?service_code=TEST,KHONG")
        self.check_error(reply, 404)

    def test_by_status(self):
        ticket = self.published()
        self.assertIn(ticket.name, self.codes("requests.json?status=closed"))
        self.assertIn(ticket.name, self.codes("requests.json?status=open,closed"))
        self.assertNotIn(ticket.name, self.codes("requests.json?status=open"))
        self.check_error(self.fetch("requests.json?status=done"), 400)

    def test_by_moments_and_90_days_by_default(self):
        old = self.published()
        self.set_clock("2026-07-01 08:00")
        new = self.published()
        found = self.codes("requests.json")
        self.assertIn(new.name, found)
        self.assertNotIn(old.name, found, "the last 90 days alone")
        for query, expected in (
            ("start_date=2026-03-02T01:00:00Z", {old.name}),
            ("start_date=2026-03-02T01:00:01Z&end_date=2026-03-03T00:00:00Z", set()),
            ("end_date=2026-03-02T08:00:00%2B07:00", {old.name}),
            ("end_date=2026-03-02T08:00:00+07:00", {old.name}),
            ("end_date=2026-03-02T07:59:59%2B07:00", set()),
            ("start_date=2026-07-01T00:00:00Z", {new.name}),
            ("start_date=&end_date=", {new.name}),
        ):
            with self.subTest(query):
                found = self.codes(f"requests.json?service_code=TEST&{query}")
                self.assertEqual(found & {old.name, new.name}, expected)

    def test_ranges_that_make_no_sense(self):
        for query in (
            "start_date=2026-01-01",
            "start_date=2026-01-01T00:00:00",
            "start_date=x",
            "start_date=9999-12-31T23:59:59-12:00",
            "start_date=2026-02-30T00:00:00Z",
            "start_date=٢٠٢٦-01-01T00:00:00Z",
            "start_date=2026-03-01T00:00:00Z&end_date=2026-02-01T00:00:00Z",
            "start_date=2026-01-01T00:00:00Z&end_date=2026-04-02T00:00:00Z",
        ):
            with self.subTest(query):
                self.check_error(self.fetch(f"requests.xml?{query}"), 400)

    def test_no_more_queries_for_more_requests(self):
        tickets = self.env["pakn.ticket"]

        def show(count):
            self.env.invalidate_all()
            with _Recorder(self.env.cr) as recorder:
                found = tickets._find_for_open311(names[:count])
                self.assertEqual(len(found), count)
                for ticket in found:
                    ticket._get_open311_request("https://x")
            self.seen = recorder.queries
            return len(recorder.queries)

        names = [self.published().name for _number in range(5)]
        self.assertEqual(show(1), show(5), "\n".join(self.seen))
        self.assertLessEqual(show(5), 6)

    def test_the_list_reads_by_its_index(self):
        self.published()
        self.env.flush_all()
        domain = self.env["pakn.ticket"]._get_published_domain()
        query = (
            self.env["pakn.ticket"]
            .sudo()
            ._search(
                domain & Domain("date_received", ">=", "2026-01-01"),
                order="date_received desc, id desc",
                limit=1000,
            )
        )
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        # Of one row any index would do, and sorting it costs nothing
        self.env.cr.execute("SET LOCAL enable_sort = off")
        self.env.cr.execute("EXPLAIN " + query.select().code, query.select().params)
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("published_received_idx", plan)

    def test_what_was_read_is_not_sent_again(self):
        self.published()
        reply = self.fetch("requests.json")
        again = self.fetch(
            "requests.json", headers={"If-None-Match": reply.headers["ETag"]}
        )
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.assertEqual(reply.headers["Access-Control-Allow-Origin"], "*")
        self.published()
        changed = self.fetch(
            "requests.json", headers={"If-None-Match": reply.headers["ETag"]}
        )
        self.assertEqual(changed.status_code, 200)

    # ------------------------------------------------------------
    # UPDATES, TOKENS, ERRORS
    # ------------------------------------------------------------

    def updates(self, ticket, key=None):
        headers = self.bearer(key) if key else {}
        path = f"servicerequestupdates.json?service_request_id={ticket.name}"
        return self.fetch_json(path, headers=headers)

    def test_updates_of_what_is_published(self):
        ticket = self.published()
        rows = self.updates(ticket)
        root = etree.fromstring(
            self.fetch(
                f"servicerequestupdates.xml?service_request_id={ticket.name}"
            ).content
        )
        self.assertEqual(root.tag, "service_request_updates")
        self.assertEqual(self.as_json(root), self.as_texts(rows))
        self.assertEqual({row["service_request_id"] for row in rows}, {ticket.name})
        self.assertEqual(len({row["update_id"] for row in rows}), len(rows))
        self.assertEqual([row["status"] for row in rows], ["open"] * 3 + ["closed"] * 2)
        for row in rows:
            self.assertRegex(row["updated_datetime"], MOMENT)
            for secret in SECRETS:
                self.assertNotIn(secret, str(row))

    def test_art10_1_what_was_taken_back_is_no_update(self):
        ticket = self.sent()
        before = self.updates(ticket, self.key)
        operated = ticket.with_user(self.operator)
        operated._act_by_hand("rejected", [["reject", [self.reason.id]]])
        self.assertNotEqual(self.updates(ticket, self.key), before)
        self.set_moment(fields.Datetime.now() + timedelta(seconds=5))
        operated.take_back()
        self.assertEqual(self.updates(ticket, self.key), before)
        # Nor of the moment before it was taken back
        path = f"servicerequestupdates.json?service_request_id={ticket.name}"
        for moment in ("2026-03-02T01:00:02Z", "2026-03-02T01:00:05Z"):
            found = self.fetch_json(
                f"{path}&end_date={moment}", headers=self.bearer(self.key)
            )
            self.assertEqual(found, before, moment)

    def test_a_program_follows_what_it_handed_in_and_no_others(self):
        ticket = self.sent()
        ticket.with_user(self.operator).transfer(self.unit.ids)
        self.assertEqual(
            [row["agency_responsible"] for row in self.updates(ticket, self.key)],
            [None, "Sở Thử nghiệm"],
        )
        self.assertEqual(self.updates(ticket), [])
        self.assertEqual(self.updates(ticket, self.issue(self.other)), [])
        for secrecy in ("confidential", "secret"):
            ticket.sudo()._acting().write({"secrecy": secrecy})
            self.assertEqual(self.updates(ticket, self.key), [], secrecy)

    def test_updates_by_moment(self):
        ticket = self.published()
        path = f"servicerequestupdates.json?service_request_id={ticket.name}"
        self.assertTrue(self.fetch_json(f"{path}&start_date=2026-03-02T01:00:00Z"))
        self.assertEqual(self.fetch_json(f"{path}&start_date=2026-03-02T01:00:01Z"), [])
        self.assertEqual(self.fetch_json(f"{path}&end_date=2026-03-02T00:00:00Z"), [])
        self.check_error(self.fetch(f"{path}&end_date=x"), 400)
        self.check_error(self.fetch("servicerequestupdates.json"), 400)

    def test_there_are_no_tokens(self):
        for ext in ("xml", "json"):
            self.check_error(self.fetch(f"tokens/123456.{ext}"), 404)

    def test_jurisdictions(self):
        self.env["ir.config_parameter"].set_param(
            "pakn_1022_api.jurisdiction_id", "gialai.gov.vn"
        )
        for path in ("discovery", "services", "services/TEST", "requests"):
            for given in ("", "gialai.gov.vn", "GiaLai.gov.vn"):
                with self.subTest(path, given=given):
                    reply = self.fetch(f"{path}.json?jurisdiction_id={given}")
                    self.assertEqual(reply.status_code, 200)
            self.check_error(self.fetch(f"{path}.xml?jurisdiction_id=city.gov"), 404)
        self.check_error(self.send(jurisdiction_id="city.gov"), 404)

    def test_what_there_is_not(self):
        for path in ("services/NONE", "services/1", "requests/x", "requests/GL26-1"):
            for ext in ("xml", "json"):
                with self.subTest(path, ext=ext):
                    self.check_error(self.fetch(f"{path}.{ext}"), 404)
        for path in ("services", "services.csv", "requests/x", "nothing.json"):
            with self.subTest(path):
                self.check_error(self.fetch(path), 404)
        reply = self.url_open(f"{V2}/services.json", data={"x": "1"}, method="POST")
        self.check_error(reply, 405)

    def test_errors_speak_the_readers_language(self):
        vi = self.check_error(self.fetch("services/NONE.json"), 404)
        self.assertIn("Không có", vi)
        headers = {"Accept-Language": "en"}
        en = self.check_error(self.fetch("services/NONE.json", headers=headers), 404)
        self.assertIn("no such service_code", en)

    def test_every_address_has_a_limit(self):
        reply = None
        for controller in (Open311, Open311Submit):
            for name, method in vars(controller).items():
                if hasattr(method, "original_routing"):
                    self.assertTrue(hasattr(method, "rate_limit"), name)
        for _number in range(400):
            reply = self.fetch("discovery.json")
            if reply.status_code != 200:
                break
        self.check_error(reply, 429)
        headers = self.bearer()
        reply = self.fetch("discovery.json", headers=headers)
        self.assertEqual(reply.status_code, 200, "a program has a pace of its own")
        self.assertNotIn("Set-Cookie", reply.headers)


class _Recorder:
    """What is asked of the database, without what is asked about."""

    def __init__(self, cursor):
        self.cursor, self.queries = cursor, []

    def __enter__(self):
        self.execute = self.cursor.execute

        def execute(query, params=None, log_exceptions=True):
            text = getattr(query, "code", query)
            self.queries.append(str(text))
            return self.execute(query, params, log_exceptions)

        self.cursor.execute = execute
        return self

    def __exit__(self, *_error):
        del self.cursor.execute
