from urllib.parse import quote

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..controllers import statistics as figures
from .test_art13_results import ResultsCase


@tagged(*TAGS)
class TestStatistics(ResultsCase, HttpCase):
    def test_counts_all_but_secrets_and_shows_no_small_number(self):
        for _number in range(3):
            self.published()
        statistics = self.env["pakn.statistics"]
        before = statistics._count().data
        unit = next(u for u in before["units"] if u["id"] == self.unit.id)
        self.assertIsNone(unit["received"], "3 stand as <5")
        for _number in range(5):
            self.published()
        self.operator.group_ids += self.env.ref("pakn_1022.group_secrecy_clearance")
        for _number in range(5):
            self.done(secrecy="secret")
        record = statistics._count()
        unit = next(u for u in record.data["units"] if u["id"] == self.unit.id)
        self.assertIs(unit["received"], False, "8 would betray the few without a unit")
        counted = [("secrecy", "!=", "secret"), ("state", "!=", "cancelled")]
        tickets = self.env["pakn.ticket"].sudo().search_count(counted)
        total = record.data["total"]
        self.assertEqual(total["received"], tickets, "the true number")
        self.assertEqual(total["answered"], 8)
        self.assertEqual(total["on_time_share"], None, "8 are too few for a share")
        self.assertEqual(statistics._get_last(), record)
        self.assertEqual(statistics.search_count([]), 1, "no year has ended")
        self.assertEqual(len(record.data["months"]), 12)

    def test_wards_and_years_stand_beside_the_months(self):
        other = self.area.copy({"name": "Xã Thử", "code": "TESTAREA2"})
        for _number in range(6):
            self.published()
            self.published(area_id=other.id)
        last_year = self.env["pakn.ticket"].sudo()
        for _number in range(7):
            last_year |= self.published().sudo()
        last_year._acting().date_received = "2024-06-10 02:00:00"
        data = self.env["pakn.statistics"]._count().data
        areas = {area["code"]: area for area in data["areas"]}
        self.assertEqual(areas["TESTAREA2"]["received"], 6)
        self.assertGreaterEqual(len(areas), 135, "those without a request too")
        self.assertEqual([year["id"] for year in data["years"]][:2], ["2026", "2024"])
        years = {year["id"]: year for year in data["years"]}
        self.assertEqual(years["2024"]["received"], 7)
        # What stands in the months of the year is the year's
        shown = [month for month in data["months"] if month["id"][:4] == "2026"]
        self.assertGreaterEqual(years["2026"]["received"], 12)
        self.assertTrue(shown)

    def test_a_year_betrays_no_small_month(self):
        statistics = self.env["pakn.statistics"]
        months = [fields.Date.to_date(f"2026-{month:02d}-01") for month in (1, 2)]
        zero = dict.fromkeys(
            ("answered", "refused", "on_time", "late_answered", "late_open")
            + ("satisfied", "acceptable", "unsatisfied"),
            0,
        )

        def row(count, **keys):
            return {"category": None, "unit": None, "received": count, **zero, **keys}

        data = statistics._prepare_pages(
            [row(3, month="2026-01"), row(20, month="2026-02")],
            [row(23, area=None)],
            [row(23, year="2026"), row(900, year="2025")],
            [row(23, area=None, year="2026"), row(900, area=None, year="2025")],
            months,
        )[None]
        january, february = (month["received"] for month in data["months"])
        self.assertIsNone(january, "<5")
        year = next(one["received"] for one in data["years"] if one["id"] == "2026")
        known = [number for number in (february, year, data["total"]["received"])]
        self.assertFalse(
            isinstance(known[0], int) and known[0] is not False and any(known[1:]),
            "23 - 20 would be told",
        )
        self.assertEqual(data["years"][1]["received"], 900)

    def test_open_data_says_what_its_columns_are(self):
        self.published()
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        table = self.url_open("/thong-ke.csv")
        self.assertIn("csv-metadata.json", table.headers["Link"])
        header = table.content.decode("utf-8-sig").split("\r\n")[0].split(",")
        described = self.url_open("/thong-ke.csv-metadata.json").json()
        columns = described["tableSchema"]["columns"]
        self.assertEqual([column["name"] for column in columns], header)
        self.assertTrue(all(column["dc:description"] for column in columns))
        self.assertIn("creativecommons", described["dc:license"]["@id"])
        lines = table.text.split("\r\n")
        for axis in ("total", "years", "months", "categories", "units", "areas"):
            self.assertTrue(any(line.startswith(f"{axis},") for line in lines), axis)
        places = self.url_open("/thong-ke.geojson").json()
        self.assertIn("creativecommons", places["licence"])
        self.assertEqual(list(places["columns"]), header)
        feature = next(one for one in places["features"] if one["geometry"])
        longitude, latitude = feature["geometry"]["coordinates"]
        self.assertTrue(107 < longitude < 110 and 12 < latitude < 15)
        self.assertEqual(feature["properties"]["received"], "<5")
        page = self.url_open("/thong-ke").text
        for path in ("/thong-ke.geojson", "/ket-qua.geojson"):
            self.assertIn(path, page)

    def test_one_query_counts_whatever_their_number(self):
        for _number in range(3):
            self.published()
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        with self.assertQueryCount(18):
            self.env["pakn.statistics"]._count()
            self.env.flush_all()

    def receive_in(self, moment, count, **values):
        tickets = self.env["pakn.ticket"].sudo()
        for _number in range(count):
            tickets |= self.published(**values).sudo()
        tickets._acting().date_received = moment
        return tickets

    def test_tables_are_made_once_for_all_visitors(self):
        made, make = [], figures.get_charts

        def count(data):
            made.append(data)
            return make(data)

        self.patch(figures, "get_charts", count)
        self.published()
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        texts = []
        for lang in ("", "", "/en", "/en"):
            self.opener.cookies.clear()
            texts.append(self.url_open(f"{lang}/thong-ke").text)
        self.assertIn("Theo tháng", texts[0])
        self.assertIn("By month", texts[2])
        for text in texts:
            self.assertIn('class="table table-hover align-middle o_pakn_numbers"', text)
        self.assertEqual(len(made), 2, "once in each language")
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        self.url_open("/thong-ke")
        self.assertEqual(len(made), 3, "anew when they are counted")
        # Who may edit the site has the marks of its editor
        self.authenticate("admin", "admin")
        for number in (4, 5):
            self.url_open("/thong-ke")
            self.assertEqual(len(made), number)

    def test_nobody_makes_the_tables_of_others_with_the_marks_of_the_editor(self):
        self.published()
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        asked = ("edit_translations", "editable", "translatable")
        for lang in ("", "/en"):
            for query in (*(f"?{name}=1" for name in asked), ""):
                text = self.url_open(f"{lang}/thong-ke{query}").text
                for mark in ("data-oe-translation", "data-oe-model", "data-oe-field"):
                    self.assertFalse(mark in text, f"{lang}{query}: {mark}")

    def test_a_year_that_has_ended_has_tables_of_its_own(self):
        other = self.area.copy({"name": "Xã Thử", "code": "TESTAREA2"})
        third = self.area.copy({"name": "Xã Ba", "code": "TESTAREA3"})
        self.receive_in("2024-06-10 02:00:00", 6)
        self.receive_in("2024-12-31 16:00:00", 9, area_id=third.id)
        # The province's year begins seven hours before that of UTC
        self.receive_in("2023-12-31 18:00:00", 5, area_id=other.id)
        self.receive_in("2023-12-31 16:00:00", 7)
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        first = self.url_open("/thong-ke.json").json()
        self.assertEqual(first["ended_years"], ["2024", "2023"])
        year = self.url_open("/thong-ke.json?nam=2024").json()
        self.assertEqual((year["year"], year["total"]["received"]), ("2024", 20))
        areas = {area["code"]: area["received"] for area in year["areas"]}
        self.assertEqual((areas["TESTAREA"], areas["TESTAREA2"]), (6, 5))
        self.assertIs(areas["TESTAREA3"], False, "it would tell of the other wards")
        self.assertEqual([unit["id"] for unit in year["units"]], self.unit.ids)
        self.assertTrue(year["categories"])
        table = self.url_open("/thong-ke.csv?nam=2023")
        self.assertIn("thong-ke-1022-2023.csv", table.headers["Content-Disposition"])
        self.assertIn("csv-metadata.json?nam=2023", table.headers["Link"])
        self.assertIn("total,,,7,7,", table.text)
        self.assertIn(f"units,{self.unit.code},", table.text)
        described = self.url_open("/thong-ke.csv-metadata.json?nam=2023").json()
        self.assertEqual(described["url"], "thong-ke.csv?nam=2023")
        places = self.url_open("/thong-ke.geojson?nam=2024").json()["features"]
        counts = {one["properties"]["code"]: one["properties"] for one in places}
        self.assertEqual(counts["TESTAREA2"]["received"], 5)
        page = self.url_open("/thong-ke?nam=2024").text
        self.assertIn('href="/thong-ke?nam=2023"', page)
        self.assertIn('href="/thong-ke.csv?nam=2024"', page)
        self.assertIn("TESTAREA2", page)

    def test_there_is_no_year_but_those_that_have_ended(self):
        self.receive_in("2024-06-10 02:00:00", 6)
        self.env["pakn.statistics"]._count()
        self.env.flush_all()
        for year in ("2026", "2019", "24", "2024x", "２０２４", "2024'", "2024\n"):
            for kind in ("", ".json", ".csv", ".geojson", ".csv-metadata.json"):
                with self.subTest(year=year, kind=kind):
                    path = f"/thong-ke{kind}?nam={quote(year)}"
                    self.assertEqual(self.url_open(path).status_code, 404)
        self.assertEqual(self.url_open("/thong-ke?nam=").status_code, 200)

    def test_a_year_and_its_tables_betray_no_small_number(self):
        """What the first page says of a year is protected with the year's tables."""
        zero = dict.fromkeys(
            ("refused", "on_time", "late_answered", "late_open")
            + ("satisfied", "acceptable", "unsatisfied"),
            0,
        )
        unit, other = self.unit, self.unit.copy({"code": "TESTUNIT2"})

        def row(count, **keys):
            keys = {"category": None, "unit": None, **keys}
            return {"received": count, "answered": count, **zero, **keys}

        pages = self.env["pakn.statistics"]._prepare_pages(
            [row(50, month="2026-01")],
            [row(50, area=None)],
            [
                row(3, year="2025", unit=unit.id),
                row(20, year="2025", unit=other.id),
                row(50, year="2026"),
            ],
            [row(23, year="2025", area=None), row(50, year="2026", area=None)],
            [fields.Date.to_date(f"2026-0{month}-01") for month in (1, 2)],
        )
        units = {line["id"]: line for line in pages["2025"]["units"]}
        [year] = [line for line in pages[None]["years"] if line["id"] == "2025"]
        for measure in ("received", "answered"):
            self.assertIsNone(units[unit.id][measure])
            self.assertIs(units[other.id][measure], False, "23 - 20 would be told")
            self.assertEqual(year[measure], 23)
            self.assertEqual(pages["2025"]["total"][measure], 23)
        self.assertNotIn("2026", pages, "it has not ended")

    def test_a_year_is_told_from_february_on(self):
        """In January, without the twelve months it is the January before."""
        self.receive_in("2025-03-10 02:00:00", 6)
        for day, is_told in (("2026-01-31", False), ("2026-02-01", True)):
            with self.subTest(day):
                self.set_clock(f"{day} 12:00")
                data = self.env["pakn.statistics"]._count().data
                self.assertEqual(data["ended_years"], ["2025"] if is_told else [])
