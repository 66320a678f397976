import json

from lxml import etree

from odoo.tests import new_test_user, tagged

from odoo.addons.pakn_1022_website.tests.site import make_photo

from .common import FORM, TAGS, V2, ApiCase


@tagged(*TAGS)
class TestOpen311Submit(ApiCase):
    """What GeoReport v2 says of handing in; docs/open311.md names each of its rules."""

    def ask(self, code="q", datatype="string", required=False, values=()):
        return self.env["pakn.category.question"].create(
            {
                "category_id": self.category.id,
                "code": code,
                "name": f"Câu hỏi {code}",
                "datatype": datatype,
                "is_required": required,
                "value_ids": [(0, 0, {"key": key, "name": key}) for key in values],
            }
        )

    def test_a_request_is_handed_in(self):
        reply = self.send()
        self.assertEqual(reply.status_code, 201)
        self.assertEqual(
            reply.headers["Content-Type"], "application/json; charset=utf-8"
        )
        [row] = reply.json()
        self.assertNotIn("token", row, "an id or a token, never both")
        self.assertIn(row["service_request_id"], row["service_notice"])
        ticket = self.find(row["service_request_id"])
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "new",
                    "title": "Đèn đường hỏng đã ba ngày",
                    "category_id": self.category.id,
                    "citizen_name": "Nguyễn Văn A",
                    "citizen_phone": "+84905123456",
                    "citizen_email": "nguyenvana@example.com",
                    "address": "Trước số 12 Hùng Vương, Pleiku",
                    "latitude": 13.98765,
                    "longitude": 108.01234,
                    "secrecy": "public",
                    "is_published": False,
                    "is_phone_verified": False,
                    "api_client_id": self.client.id,
                    "channel_id": self.client.channel_id.id,
                }
            ],
        )
        self.assertIn("Tối lắm.", ticket.description)
        self.assertEqual(self.kinds(ticket), ["received"])

    def test_xml(self):
        reply = self.send("xml")
        self.assertEqual(reply.status_code, 201)
        self.assertEqual(reply.headers["Content-Type"], "text/xml; charset=utf-8")
        root = etree.fromstring(reply.content)
        self.assertEqual(root.tag, "service_requests")
        [[code, _notice, account]] = root
        self.assertEqual((code.tag, account.tag), ("service_request_id", "account_id"))
        self.assertTrue(self.find(code.text))

    def test_what_is_required(self):
        before = self.count()
        self.check_error(self.send(key=" "), 403)
        self.check_error(self.send(service_code=None), 400, "service_code")
        self.check_error(self.send(service_code="NONE"), 404, "service_code")
        place = dict.fromkeys(("lat", "long", "address_string"))
        self.check_error(self.send(**place), 400, "address_string")
        self.check_error(self.send(lat=None), 400, "lat")
        self.check_error(self.send(long=""), 400, "long")
        self.assertEqual(self.count(), before)

    def test_one_way_to_name_the_place_is_enough(self):
        none = dict.fromkeys(("lat", "long", "address_string"))
        by_address = self.sent(**none | {"address_string": "12 Hùng Vương"})
        self.assertEqual(by_address.address, "12 Hùng Vương")
        by_point = self.sent(address_string=None)
        self.assertTrue(by_point.latitude)
        by_id = self.sent(**none, address_id="TESTAREA")
        self.assertEqual(by_id.area_id, self.area)
        self.check_error(self.send(**none, address_id="0"), 400, "address_id")

    def test_what_is_optional(self):
        optional = ("email", "first_name", "last_name", "phone", "description")
        for empty in (None, ""):
            ticket = self.sent(
                **dict.fromkeys(optional, empty), address_string=f"Ở đâu {empty}"
            )
            self.assertEqual(ticket.title, "Lĩnh vực thử")
            self.assertFalse(ticket.citizen_phone)
            self.assertEqual(ticket.state, "new")
        ticket = self.sent(device_id="tt222111", account_id="1", zip="600000")
        self.assertNotIn("tt222111", str(ticket.sudo().read()))

    def test_numbers_and_addresses_that_are_none(self):
        before = self.count()
        for values in (
            {"lat": "abc"},
            {"lat": "NaN"},
            {"lat": "1e999"},
            {"lat": "37.76", "long": "-122.42"},
            {"phone": "12"},
            {"email": "x"},
            {"media_url": "javascript:alert(1)"},
            {"media_url": "http://["},
            {"media_url": "https://x/" + "y" * 500},
            {"description": "x" * 4001},
        ):
            with self.subTest(str(values)[:40]):
                self.check_error(self.send(**values), 400)
        self.assertEqual(self.count(), before)

    def test_all_that_is_wrong_is_said_at_once(self):
        self.ask(required=True)
        reply = self.send(lat="x", phone="12", email="x")
        self.check_error(reply, 400, "attribute[q]")
        self.assertEqual(len(reply.json()), 4)

    def test_attributes(self):
        self.ask("loai", "singlevaluelist", True, ("led", "cu"))
        self.ask("mau", "multivaluelist", False, ("do", "xanh", "vang"))
        self.ask("so", "number")
        self.ask("luc", "datetime")
        ticket = self.sent(
            **{
                "attribute[loai]": "led",
                "attribute[mau][]": ["do", "vang"],
                "attribute[so]": "3",
                "attribute[luc]": "2026-03-01T20:30:00Z",
            }
        )
        answers = {answer.code: answer.value for answer in ticket.sudo().answer_ids}
        self.assertEqual(
            answers,
            {
                "loai": "led",
                "mau": "do, vang",
                "so": "3",
                "luc": "03:30 02/03/2026",
            },
        )

    def test_attributes_that_are_wrong(self):
        self.ask("loai", "singlevaluelist", True, ("led", "cu"))
        self.ask("so", "number")
        self.ask("luc", "datetime")
        right = {"attribute[loai]": "led"}
        for values in (
            {},
            {"attribute[loai]": "nothing"},
            {"attribute[loai][]": ["led", "cu"]},
            {**right, "attribute[so]": "ba"},
            {**right, "attribute[luc]": "hôm qua"},
            {**right, "attribute[other]": "x"},
            {**right, "attribute": "x"},
            {**right, "attribute[so": "1"},
        ):
            with self.subTest(str(values)):
                self.check_error(self.send(**values), 400)

    def test_utf_8(self):
        text = "Đường hẻm ngập 🌧 — Ƀ, ƀơi Jrai"
        self.assertIn(text, self.sent(description=text).description)

    def test_the_same_is_taken_in_once(self):
        first, again = self.send(), self.send()
        self.assertEqual((first.status_code, again.status_code), (201, 200))
        self.assertEqual(first.json(), again.json())
        other = self.send(description="Hỏng thêm một cái")
        self.assertNotEqual(first.json(), other.json())
        foreign = self.send(key=self.issue(self.other))
        self.assertEqual(foreign.status_code, 201, "of another program")
        self.set_clock("2026-03-03 08:00")
        self.assertEqual(self.send().status_code, 201, "on another day")

    def test_a_name_for_each_hand_in(self):
        named = {"Idempotency-Key": "yêu cầu 1".encode().decode("latin-1")}
        first, again = self.send(headers=named), self.send(headers=named)
        self.assertEqual((first.status_code, again.status_code), (201, 200))
        self.assertEqual(first.json(), again.json())
        self.check_error(self.send(headers=named, description="Khác rồi"), 400)
        second = self.send(headers={"Idempotency-Key": "2"})
        self.assertEqual(second.status_code, 201)
        self.set_clock("2026-03-20 08:00")
        self.assertEqual(self.send(headers=named).json(), first.json())
        foreign = self.send(headers=named, key=self.issue(self.other))
        self.assertEqual(foreign.status_code, 201)

    def test_photos(self):
        place = (13.98, 108.0)
        files = [("media", ("a.jpg", make_photo(place=place), "image/jpeg"))]
        ticket = self.sent(files=files, media_url="https://example.com/a.jpg")
        self.assertEqual(len(ticket.site_attachment_ids), 1)
        self.assertNotIn(b"Secret Camera", ticket.site_attachment_ids.raw)
        self.assertEqual(ticket.api_media_url, "https://example.com/a.jpg")
        again = self.send(files=files, media_url="https://example.com/a.jpg")
        self.assertEqual(again.status_code, 200)
        bad = [("media", ("a.jpg", b"<svg/>", "image/jpeg"))]
        self.check_error(self.send(files=bad, description="Tệp lạ"), 400)

    def test_nobody_sets_more_than_the_specification_has(self):
        ticket = self.sent(
            state="done",
            secrecy="secret",
            is_published="1",
            unit_id=str(self.unit.id),
            api_client_id=str(self.other.id),
            channel_id="1",
            account_id="1",
        )
        self.assertEqual(
            (ticket.state, ticket.secrecy, ticket.is_published, ticket.unit_id.id),
            ("new", "public", False, False),
        )
        self.assertEqual(ticket.api_client_id, self.client)
        self.assertFalse(ticket.sudo().account_id)

    def test_who_is_signed_in_on_this_browser_hands_in_nothing(self):
        user = new_test_user(self.env, "api_portal", groups="base.group_portal")
        self.authenticate("api_portal", "api_portal")
        ticket = self.sent().sudo()
        self.assertFalse(ticket.account_id)
        self.assertNotEqual(ticket.citizen_id, user.partner_id)
        self.check_error(self.send(key="x"), 403)

    def test_only_forms_are_read(self):
        for kind, body in (
            ("application/json", json.dumps({"api_key": self.key, **FORM})),
            ("text/xml", f"<r><api_key>{self.key}</api_key></r>"),
            ("text/plain", f"api_key={self.key}"),
        ):
            for headers in ({}, self.bearer()):
                reply = self.url_open(
                    f"{V2}/requests.json",
                    data=body,
                    headers={"Content-Type": kind, **headers},
                    method="POST",
                )
                self.check_error(reply, 400 if headers else 403)

    def test_what_the_hotline_has_not_is_refused_with_its_notice(self):
        self.category.site_stop = True
        self.check_error(self.send(), 404)
