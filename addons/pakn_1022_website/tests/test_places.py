import base64
import io
import json
import random
import re
import unittest
import zipfile
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import boundaries
from ..tools.boundaries import Boundaries, pack, read_features, simplify, unpack
from ..tools.streets import find_streets, gather_streets
from .map_tiles import make_pmtiles
from .site import SiteCase


def make_line(start, end, seed, corners=200):
    """Return a wild line between two corners, without its end, in degrees."""
    wild = random.Random(seed)
    return [
        [
            start[0] + (end[0] - start[0]) * i / corners + wild.uniform(-1, 1) * 2e-4,
            start[1] + (end[1] - start[1]) * i / corners + wild.uniform(-1, 1) * 2e-4,
        ]
        if i
        else list(start)
        for i in range(corners)
    ]


# Two areas around Pleiku, west and east of a wild line
SOUTH, NORTH, WEST, EAST = (108.0, 13.9), (108.0, 14.1), (107.9, 14.0), (108.1, 14.0)
BETWEEN = make_line(SOUTH, NORTH, 1)
LEFT = [*BETWEEN, list(NORTH), list(WEST), list(SOUTH)]
RIGHT = [list(NORTH), *reversed(BETWEEN), list(EAST), list(NORTH)]


def make_feature(ring, code, **properties):
    return {
        "type": "Feature",
        "id": code,
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def make_file(*features):
    found = {"type": "FeatureCollection", "features": features}
    return json.dumps(found).encode()


def make_zip(*files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(files):
            archive.writestr(f"{number}.geojson", content)
    return out.getvalue()


class TestBoundaries(unittest.TestCase):
    """Boundaries; nothing of Odoo."""

    def setUp(self):
        super().setUp()
        content = make_file(make_feature(LEFT, "1"), make_feature(RIGHT, "2"))
        self.areas = [feature.rings for feature in read_features(content)]

    def test_what_two_areas_share_they_go_on_sharing(self):
        left, right = simplify(self.areas)
        self.assertLess(len(left[0]), len(self.areas[0][0]) / 5)
        shared = set(left[0]) & set(right[0])
        # All of both but the far corner of each
        self.assertEqual(len(shared), len(left[0]) - 1)
        self.assertEqual(len(shared), len(right[0]) - 1)

    def test_packed_it_is_the_same(self):
        for rings in self.areas:
            self.assertEqual(unpack(pack(rings)), rings)

    def test_a_place_is_in_one_area(self):
        whole = Boundaries(enumerate(self.areas, 1))
        simpler = Boundaries(enumerate(simplify(self.areas), 1))
        for place, expected in (
            ((14.0, 107.95), 1),
            ((14.0, 108.05), 2),
            ((14.0, 108.2), 0),
            ((13.0, 108.0), 0),
            ((14.0, 107.8985), 1),  # 160 m beyond, as far as a boat
        ):
            with self.subTest(place):
                self.assertEqual(whole.find(*place), expected)
                self.assertEqual(simpler.find(*place), expected)
        self.assertFalse(Boundaries([]))

    def test_an_island_and_a_hole(self):
        square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
        hole = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6], [0.4, 0.4]]
        dot = [[2.0, 0.0], [2.0001, 0.0], [2.0001, 0.0001], [2.0, 0.0]]
        feature = make_feature(square, "1")
        shape = {"type": "MultiPolygon", "coordinates": [[square, hole], [dot]]}
        feature["geometry"] = shape
        [rings] = simplify([read_features(make_file(feature))[0].rings])
        self.assertEqual(len(rings), 2, "the dot is too small")
        found = Boundaries([(1, rings)])
        self.assertEqual((found.find(0.2, 0.2), found.find(0.5, 0.5)), (1, 0))

    def test_hostile_files(self):
        nothing = make_feature(LEFT, "1")
        nothing["geometry"] = None
        for content in (
            b"",
            b"\xff\xfe",
            b"[1, 2]",
            b"[" * 100_000,
            b"PK\x03\x04 no zip",
            make_zip(b"no json"),
            make_file(make_feature([["a", "b"], [1, 2], [3, 4]], "1")),
            make_file(make_feature([[1e9, 2], [1, 2], [3, 4]], "1")),
            make_file(make_feature([[float("nan"), 2], [1, 2], [3, 4]], "1")),
            make_file(make_feature(7, "1")),
            make_zip(b" " * (boundaries.MOST_OF_ONE + 1)),
        ):
            with self.subTest(content[:20]), self.assertRaises(ValueError):
                read_features(content)
        self.assertFalse(read_features(make_file(nothing, 1, None, {"type": "x"})))
        self.assertFalse(read_features(b"{}"))


class TestStreets(unittest.TestCase):
    """What an address says of streets, and of no house."""

    def test_names_of_streets(self):
        for text, names in (
            ("12/3 Hùng Vương, phường Pleiku", ["Hùng Vương"]),
            ("hẻm 12 Hùng Vương giao đường Trần Phú", ["Hùng Vương", "Trần Phú"]),
            ("Số nhà 5 Lê Lợi Phường Hội Phú", ["Lê Lợi"]),
            ("đường Nguyễn Thị Minh Khai Pleiku", ["Nguyễn Thị Minh Khai"]),
            ("đối diện nhà ông Nguyễn Văn Tám", []),
            ("thôn 5 Xã Ia Băng", []),
            ("đường vào nghĩa trang", []),
            ("1 " * 400, []),
        ):
            with self.subTest(text):
                self.assertEqual(find_streets(text), names)

    def test_a_place_far_away_does_not_count(self):
        rows = [("1 Lê Lợi", 7, str(n), 13.9 + n / 1000, 108.0) for n in range(3)]
        far = ("2 Lê Lợi", 7, "x", 14.9, 109.0)
        [street] = gather_streets([*rows, far])
        self.assertLess(street.latitude, 13.91)
        self.assertEqual(gather_streets([*rows[:2], far]), [])
        self.assertEqual(gather_streets(rows)[0][:2], ("Lê Lợi", 7))


@tagged(*TAGS)
class TestPlaces(SiteCase):
    """Where a place is, what it is called, and whether it is ours (Art. 1, 8)."""

    def setUp(self):
        super().setUp()
        self.areas = self.env["pakn.area"]
        # Whatever the province has loaded, here it begins without
        self.areas.search([("boundary", "!=", False)]).boundary = False
        offered = self.areas.search(self.areas._get_offered_domain())
        self.pleiku = offered.filtered(lambda area: area.name == "Phường Pleiku")
        self.other = (offered - self.pleiku)[0]

    def load(self, content, user=None, **values):
        dialogs = self.env["pakn.area.load"].with_user(user or self.manager)
        values["data"] = base64.b64encode(content)
        return dialogs.create(values).action_load()

    def suggest(self, latitude, longitude):
        params = {"latitude": latitude, "longitude": longitude}
        reply = self.url_open(
            "/phan-anh/goi-y",
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return reply.json()["result"]

    def find(self, name):
        return self.get(f"/phan-anh/dia-diem?q={name}").json()["places"]

    def test_places_are_found_without_accents_those_of_today_first(self):
        found = self.find("quy nhon")
        self.assertEqual(found[0]["name"], "Phường Quy Nhơn")
        self.assertEqual(found[0]["now"], "")
        self.assertLessEqual(len(found), 8)
        for query in ("QUY NHƠN bac", "nhon quy bắc"):
            self.assertEqual(self.find(query)[0]["name"], "Phường Quy Nhơn Bắc")
        # Of before July 2025: in Gia Lai and in Bình Định, with what they are in now
        for query, name in (("hoi phu", "Phường Hội Phú"), ("nhon binh", "Nhơn Bình")):
            found = [row for row in self.find(query) if row["now"]]
            self.assertTrue(found, query)
            self.assertIn(name, found[0]["name"])
            now = self.areas.browse(found[0]["area"])
            self.assertEqual(now.name, found[0]["now"])
            self.assertTrue(now.active)

    def name_street(self, address, phones, place, **values):
        """Have people of some phones report a matter at an address."""
        for phone in phones:
            self.env["pakn.ticket"].create(
                {
                    "title": "Cống nghẹt",
                    "description": "<p>Cống nghẹt đã ba ngày.</p>",
                    "citizen_phone": phone,
                    "address": address,
                    "latitude": place[0],
                    "longitude": place[1],
                    **values,
                }
            )

    def test_streets_that_several_have_named_are_found(self):
        place, phones = (13.98, 108.0), ("0905000001", "0905000002", "0905000003")
        self.name_street(
            "12/3 Ngõ Vắng Lặng, Pleiku", phones, place, area_id=self.pleiku.id
        )
        # One who writes thrice, and secrets, betray no street
        self.name_street("5 Một Mình Ở", phones[:1] * 3, place)
        self.name_street("đường Kín Như Bưng", phones, place, secrecy="secret")
        self.env["pakn.street"]._cron_gather()
        street = self.find("vang lang")[0]
        self.assertEqual(street["name"], "Ngõ Vắng Lặng")
        self.assertEqual(street["ward"], "Phường Pleiku")
        self.assertEqual(street["area"], self.pleiku.id)
        self.assertAlmostEqual(street["latitude"], place[0], 4)
        for words in ("mot minh", "kin nhu bung"):
            self.assertFalse(self.find(words), words)
        # The next night the same once
        self.env["pakn.street"]._gather()
        self.assertEqual(len(self.find("vang lang")), 1)

    def test_streets_are_found_within_the_hour_not_after_the_night(self):
        cron = self.env.ref("pakn_1022_website.ir_cron_streets")
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "hours"))
        streets, phones = self.env["pakn.street"], ("0905000004", "0905000005")
        self.set_clock("2026-03-02 09:00")
        now = fields.Datetime.now()
        self.name_street("3 Lối Mới Mở", (*phones, "0905000006"), (13.98, 108.0))
        streets = streets.with_context(lastcall=now - timedelta(minutes=55))
        streets._cron_gather()
        self.assertTrue(self.find("loi moi mo"))
        # Where nothing came, nothing is read; what is the same stays the same row
        street = streets.search([("name", "=", "Lối Mới Mở")])
        streets._gather()
        self.assertTrue(street.exists())
        street.unlink()
        self.env["pakn.ticket"].search([]).flush_recordset()
        self.cr.execute("UPDATE pakn_ticket SET create_date = %s", [now])
        self.env.invalidate_all()
        self.set_clock("2026-03-02 13:00")
        later = fields.Datetime.now() - timedelta(minutes=60)
        streets.with_context(lastcall=later)._cron_gather()
        self.assertFalse(streets.search([("name", "=", "Lối Mới Mở")]))
        # Once a day it is, for what was corrected
        streets.with_context(lastcall=later - timedelta(days=1))._cron_gather()
        self.assertTrue(streets.search([("name", "=", "Lối Mới Mở")]))

    def test_hostile_names(self):
        for query in ("", "a", "%25", "' OR 1=1 --", "x" * 500, "%F0%9F%98%80", "%00"):
            with self.subTest(query):
                reply = self.get(f"/phan-anh/dia-diem?q={query}")
                self.assertIn(reply.status_code, (200, 400))
                if reply.status_code == 200:
                    self.assertEqual(reply.json(), {"places": []})

    def test_a_place_outside_is_told_with_the_neighbours_hotline(self):
        self.assertIsNone(self.suggest(13.98, 108.0)["outside"])
        # Buôn Ma Thuột is far away; Ea H'leo is beyond the border; Kon Tum
        for place, province in (
            ((13.22, 108.2), "Đắk Lắk"),
            ((14.35, 108.0), "Quảng Ngãi"),
        ):
            outside = self.suggest(*place)["outside"]
            self.assertIn(province, outside["text"])
        self.assertEqual(outside["phone"], "")
        param = "pakn_1022_website.hotline_quang_ngai"
        self.env["ir.config_parameter"].set_param(param, "0255 1022")
        self.assertEqual(self.suggest(*place)["outside"]["phone"], "0255 1022")
        self.assertEqual(self.suggest(13.22, 108.2)["outside"]["phone"], "(0262) 1022")
        far = self.suggest(21.03, 105.85)["outside"]
        self.assertNotIn("Đắk Lắk", far["text"])
        self.assertEqual(far["phone"], "")

    def test_boundaries_are_loaded_drawn_and_asked(self):
        left = make_feature(LEFT, self.pleiku.code)
        right = make_feature(RIGHT, "", fullName=self.other.name.upper())
        elsewhere = make_feature(RIGHT, "99999")
        content = make_zip(make_file(left, elsewhere), make_file(right))
        message = self.load(content, source="© Sở X")["params"]
        self.assertEqual(message["type"], "warning", "most areas have none")
        self.assertTrue(message["message"].startswith("2 areas"))
        self.assertEqual(self.suggest(14.0, 107.95)["area"]["id"], self.pleiku.id)
        self.assertEqual(self.suggest(14.0, 108.05)["area"]["id"], self.other.id)
        self.assertIsNone(self.suggest(14.0, 107.95)["outside"])
        far = self.suggest(14.5, 107.95)
        self.assertTrue(far["outside"])
        self.assertIsNone(far["area"])
        shown = self.get("/ban-do/dia-ban.json").json()
        drawn = {row[0]: row[4] for row in shown if row[4]}
        self.assertEqual(set(drawn), {self.pleiku.name, self.other.name})
        self.assertIn("© Sở X", self.url_open("/ban-do").text)
        settings = self.env["res.config.settings"].new({})
        self.assertEqual(settings.pakn_boundary_count, 2)
        # Loaded anew they are replaced, all of them
        self.load(make_file(left))
        self.assertFalse(self.other.boundary)

    def load_map(self, content, user=None):
        dialogs = self.env["pakn.map.load"].with_user(user or self.manager)
        values = {"data": base64.b64encode(content), "source": "© Sở Y"}
        return dialogs.create(values).action_load()

    def test_roads_are_loaded_and_read_piece_by_piece(self):
        content = make_pmtiles()
        self.load_map(content)
        page = self.url_open("/ban-do").text
        self.assertIn("© Sở Y", page)
        [url] = re.findall(r'data-tiles="([^"]+)"', page)
        piece = self.url_open(url, headers={"Range": "bytes=0-126"})
        self.assertEqual(piece.status_code, 206)
        self.assertEqual(piece.content, content[:127])
        self.assertEqual(
            self.get("/ban-do/nen/0123456789abcdef-0.pmtiles").status_code, 404
        )
        # Who has a map service wins; without either there are the wards
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_website.tile_url", "https://t.example/{z}/{x}/{y}")
        self.assertIn("https://t.example", self.url_open("/ban-do").text)
        params.set_param("pakn_1022_website.tile_url", "")
        files = self.env["ir.attachment"].search_count([("name", "=", "1022.pmtiles")])
        self.load_map(content)
        again = self.env["ir.attachment"].search_count([("name", "=", "1022.pmtiles")])
        self.assertEqual(again, files, "the file of before is gone")
        self.env["pakn.map.load"].with_user(self.manager).create({}).action_remove()
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertNotIn("pmtiles", self.url_open("/ban-do").text)

    def test_what_is_no_map_is_refused_in_a_sentence(self):
        content = make_pmtiles()
        for broken, words in (
            (b"", "PMTiles"),
            (b"PMTiles\x02" + content[8:], "PMTiles"),
            (make_pmtiles(kind=2), "vectors"),
            (content[:-1], "missing"),
            (b"PMTiles\x03" + b"\xff" * 130, "pictures"),
        ):
            with self.subTest(broken[:9]), self.assertRaisesRegex(UserError, words):
                self.load_map(broken)
        with self.assertRaises(AccessError):
            self.load_map(content, user=self.operator)
        with self.assertRaises(AccessError):
            dialog = self.env["pakn.map.load"].with_user(self.operator).new({})
            dialog.action_remove()

    def test_a_file_that_is_none_changes_nothing(self):
        self.load(make_file(make_feature(LEFT, self.pleiku.code)))
        before = self.pleiku.boundary
        for content in (b"x", make_file(make_feature(RIGHT, "99999")), make_file()):
            with self.assertRaises(UserError):
                self.load(content)
        self.assertEqual(self.pleiku.boundary, before)
        with self.assertRaises(AccessError):
            self.load(make_file(), user=self.operator)
