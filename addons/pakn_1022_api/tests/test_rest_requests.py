import json

from odoo.tests import tagged

from odoo.addons.pakn_1022_website.controllers.follow import REPLIES
from odoo.addons.pakn_1022_website.tests.site import make_photo

from .common import TAGS
from .rest import PHONE, V1, RestCase


@tagged(*TAGS)
class TestRestRequests(RestCase):
    """A request by an app: handed in, followed, answered, graded (Art. 8, 10.1, 14)."""

    def setUp(self):
        super().setUp()
        self.texts = self.deliver_codes()

    def test_what_is_handed_in_meanwhile_moves_no_page_of_ones_own(self):
        """None comes twice, and none is left out, while more are handed in."""
        first = [self.handed_in(description=f"Việc {n} hỏng rồi")[0] for n in range(4)]
        citizen, seen, cursor = self.sign_in(), [], ""
        while cursor is not None:
            page = self.get_json(
                f"/requests?limit=2&cursor={cursor}", "/requests", headers=citizen
            )
            seen += [item["code"] for item in page["items"]]
            cursor = page["next"]
            self.handed_in(description=f"Việc khác hẳn {len(seen)}")
        self.assertEqual(seen, [ticket.name for ticket in reversed(first)])
        for cursor in ("2", "x", "20261328000000-1"):
            reply = self.call(
                "GET", f"/requests?cursor={cursor}", "/requests", headers=citizen
            )
            self.assertEqual(reply.status_code, 422)
            self.assertEqual(reply.json()["errors"][0]["name"], "cursor")

    def test_art8_a_request_is_handed_in(self):
        reply = self.hand_in()
        self.assertEqual(reply.status_code, 201, reply.text)
        ticket = self.find(reply.json()["code"])
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "new",
                    "title": "Đèn đường hỏng đã ba ngày",
                    "category_id": self.category.id,
                    "citizen_name": "Nguyễn Văn A",
                    "citizen_phone": PHONE,
                    "citizen_address": "12 Hùng Vương, Pleiku",
                    "address": "Trước số 12 Hùng Vương, Pleiku",
                    "latitude": 13.98765,
                    "secrecy": "public",
                    "is_phone_verified": False,
                    "api_client_id": self.client.id,
                    "channel_id": self.client.channel_id.id,
                }
            ],
        )
        self.assertEqual(reply.json()["token"], ticket.sudo().access_token)

    def test_only_an_app_of_the_citizens_gets_the_citizens_token(self):
        reply = self.hand_in(key=self.issue(self.other))
        self.assertEqual(reply.status_code, 201)
        self.assertIsNone(reply.json()["token"])

    def test_photos_go_along_without_their_secrets(self):
        photo = make_photo(place=(13.9, 108.1))
        files = [("files", ("a.jpg", photo, "image/jpeg"))] * 2
        ticket, _own = self.handed_in(files=files, latitude=None, longitude=None)
        kept = ticket.sudo().site_attachment_ids
        self.assertEqual(len(kept), 2)
        self.assertNotIn(b"Secret Camera", kept[0].raw)
        self.assertAlmostEqual(ticket.latitude, 13.9, 3)
        wrong = [("files", ("a.exe", b"MZ" * 50, "image/jpeg"))]
        reply = self.hand_in(files=wrong)
        self.assertEqual(reply.status_code, 422)
        self.assertEqual(reply.json()["errors"][0]["name"], "files")

    def test_art8_all_that_is_wrong_is_said_at_once(self):
        before = self.count()
        reply = self.hand_in(
            phone="12", email="x", field="NONE", area="0", latitude=37.7, name=None
        )
        self.assertEqual(reply.status_code, 422)
        names = {error["name"] for error in reply.json()["errors"]}
        self.assertEqual(names, {"phone", "email", "field", "area", "latitude", "name"})
        reply = self.hand_in(device="x")
        self.assertEqual(reply.json()["errors"][0]["name"], "device")
        self.assertEqual(self.count(), before)

    def test_what_is_of_another_kind_is_refused_and_not_lost(self):
        before = self.count()
        for name, value in {
            "is_confidential": "true",
            "description": ["Đèn hỏng"],
            "email": ["a@example.com"],
            "latitude": [13.9],
            "longitude": None,
            "answers": [],
            "answers.so": "1",
            "uploads": "x",
            "home_address": "x" * 251,
        }.items():
            values = {name.partition(".")[0]: value}
            if name == "answers.so":
                values = {"answers": {"so": value}}
            reply = self.hand_in(**values)
            names = {error["name"] for error in reply.json()["errors"]}
            name = {"longitude": "latitude"}.get(name, name)
            self.assertEqual((reply.status_code, names), (422, {name}))
        long = "Đèn hỏng. " * 600
        reply = self.hand_in(description=long)
        self.assertEqual(reply.json()["errors"][0]["name"], "description")
        self.assertEqual(self.count(), before)
        ticket, own = self.handed_in(is_confidential=True, field=None, answers=None)
        self.assertEqual(ticket.secrecy, "confidential")
        for content in ({"text": ["Vẫn tối"]}, {"text": long}):
            reply = self.act(ticket, "messages", own, content)
            self.assertEqual(reply.json()["errors"][0]["name"], "text")

    def test_answers_that_are_none_are_refused(self):
        self.env["pakn.category.question"].create(
            {"category_id": self.category.id, "code": "so", "name": "Ở đâu?"}
        )
        for value in ({"a": 1}, [["x"]], True, "x" * 2001):
            reply = self.hand_in(answers={"so": value})
            self.assertEqual(reply.status_code, 422, value)
            self.assertEqual(reply.json()["errors"][0]["name"], "answers.so")
        self.handed_in(answers={"so": None})

    def test_questions_of_the_field_are_answered(self):
        self.env["pakn.category.question"].create(
            {
                "category_id": self.category.id,
                "code": "so",
                "name": "Bao nhiêu?",
                "datatype": "number",
                "is_required": True,
            }
        )
        reply = self.hand_in()
        self.assertEqual(reply.json()["errors"][0]["name"], "answers.so")
        ticket, _own = self.handed_in(answers={"so": 3})
        self.assertEqual(ticket.sudo().answer_ids.value, "3")

    def test_the_same_name_is_the_same_request(self):
        named = {"Idempotency-Key": "a-1"}
        first, again = self.hand_in(headers=named), self.hand_in(headers=named)
        self.assertEqual((first.status_code, again.status_code), (201, 200))
        self.assertEqual(first.json(), again.json())
        other = self.hand_in(headers=named, description="Cây đổ chắn đường rồi")
        self.assertEqual(other.status_code, 409)
        foreign = self.hand_in(headers=named, key=self.issue(self.other))
        self.assertEqual(foreign.status_code, 201)

    def test_art10_1_it_is_followed(self):
        ticket, own = self.handed_in()
        ticket.with_user(self.operator).transfer(self.unit.ids)
        self.env.flush_all()
        shown = self.follow(ticket, own).json()
        self.assertEqual(shown["state"], "transferred")
        self.assertEqual(shown["unit"]["name"], self.unit.name)
        self.assertTrue(shown["date_due"].endswith("+07:00"))
        self.assertIn("received", [step["kind"] for step in shown["steps"]])
        self.assertNotIn(self.operator.name, json.dumps(shown, ensure_ascii=False))

    def test_art14_it_is_graded_once(self):
        ticket, own = self.handed_in()
        self.settle(ticket)
        shown = self.follow(ticket, own).json()
        self.assertEqual(shown["result"].strip(), "Đã thay bóng đèn.")
        self.assertTrue(shown["may_rate"])
        for content in ({"rating": 2}, {"rating": "x"}, {}, {"rating": 1}):
            reply = self.act(ticket, "rating", own, content)
            self.assertEqual(reply.status_code, 409, content)
        reply = self.act(ticket, "rating", own, {"rating": 5})
        self.assertEqual((reply.status_code, reply.json()["rating"]), (201, 5))
        self.assertFalse(reply.json()["may_rate"])
        again = self.act(ticket, "rating", own, {"rating": 3})
        self.assertEqual(again.status_code, 409)
        self.assertEqual(self.kinds(ticket).count("rated"), 1)

    def test_art14_3_not_fixed(self):
        ticket, own = self.handed_in()
        early = self.act(ticket, "not-fixed", own, {"text": "Vẫn tối"})
        self.assertEqual(early.status_code, 409)
        self.settle(ticket)
        empty = self.act(ticket, "not-fixed", own, {"text": " "})
        self.assertEqual(empty.status_code, 422)
        reply = self.act(ticket, "not-fixed", own, {"text": "Vẫn tối"})
        self.assertEqual(reply.json()["rating"], 1)
        self.assertEqual(self.kinds(ticket)[-1], "rated")
        self.act(ticket, "not-fixed", own, {"text": "Vẫn tối lắm"})
        self.assertEqual(self.kinds(ticket)[-1], "replied")

    def test_art14_a_message_is_taken_once_for_its_name(self):
        ticket, own = self.handed_in()
        named = own | {"Idempotency-Key": "tin-1"}
        for _time in range(2):
            reply = self.act(ticket, "messages", named, {"text": "Nay tối hơn"})
            self.assertEqual(reply.status_code, 201)
        self.assertEqual(self.kinds(ticket).count("replied"), 1)
        other = self.act(ticket, "messages", named, {"text": "Tin khác"})
        self.assertEqual(other.status_code, 409)
        photo = [("files", ("a.jpg", make_photo(), "image/jpeg"))]
        reply = self.act(ticket, "messages", own, data={"message": "{}"}, files=photo)
        self.assertEqual(reply.status_code, 201, reply.text)
        number = reply.json()["files"][0]["id"]
        file = self.call(
            "GET",
            f"/requests/{ticket.name}/files/{number}",
            "/requests/{code}/files/{id}",
            headers=own,
        )
        self.assertEqual(file.headers["Content-Type"], "image/jpeg")
        # Gone on behind its end: no error of ours
        behind = self.call(
            "GET",
            f"/requests/{ticket.name}/files/{number}",
            "/requests/{code}/files/{id}",
            headers=own | {"Range": "bytes=99999999-"},
        )
        self.assertEqual(behind.status_code, 416, behind.text)
        self.assertEqual(behind.json()["status"], 416)

    def test_art14_what_was_refused_is_taken_when_it_comes_again(self):
        ticket, own = self.handed_in()
        named = own | {"Idempotency-Key": "tin-2"}
        limits = self.env["pakn.rate.limit"]
        for _time in range(REPLIES):
            limits._hit("site_reply", ticket.name, REPLIES, 3600)
        reply = self.act(ticket, "messages", named, {"text": "Nay tối hơn"})
        self.assertEqual(reply.status_code, 429)
        self.forget_limits()
        reply = self.act(ticket, "messages", named, {"text": "Nay tối hơn"})
        self.assertEqual(reply.status_code, 201)
        self.assertEqual(self.kinds(ticket).count("replied"), 1)
        # A grade likewise: before there is a result it is refused
        for what, content in (
            ("rating", {"rating": 5}),
            ("not-fixed", {"text": "Vẫn tối"}),
        ):
            with self.subTest(what):
                ticket, own = self.handed_in(description=f"Đèn hỏng nữa: {what}")
                named = own | {"Idempotency-Key": f"diem-{what}"}
                early = self.act(ticket, what, named, content)
                self.assertEqual(early.status_code, 409)
                self.settle(ticket)
                reply = self.act(ticket, what, named, content)
                self.assertEqual(reply.status_code, 201)
                self.assertIn("rated", self.kinds(ticket))

    def test_art14_3_a_refused_complaint_leaves_no_grade(self):
        ticket, own = self.handed_in()
        self.settle(ticket)
        limits = self.env["pakn.rate.limit"]
        for _time in range(REPLIES):
            limits._hit("site_reply", ticket.name, REPLIES, 3600)
        photo = [("files", ("a.jpg", make_photo(), "image/jpeg"))]
        data = {"message": json.dumps({"text": "Vẫn tối"})}
        reply = self.act(ticket, "not-fixed", own, data=data, files=photo)
        self.assertEqual(reply.status_code, 429)
        self.assertNotIn("rated", self.kinds(ticket))

    def test_the_code_and_phone_give_the_token(self):
        ticket, own = self.handed_in()

        def prove(code, phone, **more):
            return self.call(
                "POST",
                f"/requests/{code}/proof",
                "/requests/{code}/proof",
                json={"phone": phone, **more},
            )

        reply = prove(ticket.name, "0905123456")
        self.assertEqual(reply.json()["token"], own["Request-Token"])
        wrong = [
            prove(ticket.name, "0905123457"),
            prove("GL99-999999-9", "0905123456"),
            prove("x", "0905123456"),
        ]
        self.assertEqual({reply.status_code for reply in wrong}, {404})
        self.assertEqual(len({reply.text for reply in wrong}), 1)
        for _time in range(20):
            prove(ticket.name, "0905000000")
        # Whoever guesses: now a code goes to the phone
        self.assertEqual(prove(ticket.name, "0905123456").status_code, 422)
        code = self.texts[-1].split(":")[1].split()[0]
        reply = prove(ticket.name, "0905123456", one_time_code=code)
        self.assertEqual(reply.json()["token"], own["Request-Token"])

    def test_a_citizen_signs_in_by_a_code(self):
        mine, _own = self.handed_in()
        theirs, _own = self.handed_in(phone="0905 999 999")
        citizen = self.sign_in()
        listed = self.get_json("/requests", headers=citizen)["items"]
        self.assertEqual([line["code"] for line in listed], [mine.name])
        self.assertEqual(self.follow(mine, citizen).status_code, 200)
        self.assertEqual(self.follow(theirs, citizen).status_code, 404)
        proved, _own = self.handed_in(headers=citizen, phone=None)
        self.assertRecordValues(
            proved, [{"citizen_phone": PHONE, "is_phone_verified": True}]
        )
        out = self.call("DELETE", "/sign-in", headers=citizen)
        self.assertEqual(out.status_code, 204)
        self.assertEqual(self.follow(mine, citizen).status_code, 401)

    def test_a_wrong_code_signs_nobody_in(self):
        self.call("POST", "/sign-in", json={"phone": "0905 123 456"})
        code = self.texts[-1].split(":")[1].split()[0]
        for _time in range(5):
            wrong = f"{(int(code) + 1) % 10**6:06d}"
            reply = self.call(
                "POST", "/sign-in", json={"phone": PHONE, "one_time_code": wrong}
            )
            self.assertEqual(reply.json()["errors"][0]["name"], "one_time_code")
        right = {"phone": PHONE, "one_time_code": code}
        self.assertEqual(self.call("POST", "/sign-in", json=right).status_code, 422)
        reply = self.call("POST", "/sign-in", json={"phone": "12"})
        self.assertEqual(reply.json()["errors"][0]["name"], "phone")

    def test_a_sign_in_ends_by_itself_and_is_one_programs(self):
        ticket, _own = self.handed_in()
        citizen = self.sign_in()
        self.other.may_act = True
        reply = self.follow(ticket, citizen, key=self.issue(self.other))
        self.assertEqual(reply.status_code, 401)
        self.set_clock("2026-04-02 08:00")
        reply = self.follow(ticket, citizen, key=self.issue(self.client))
        self.assertEqual(reply.status_code, 401)

    def test_art16_2_a_units_program_is_told_how_far_it_is(self):
        key, other = self.issue(self.other), self.issue(self.client)
        ticket = self.find(self.hand_in(key=key).json()["code"])
        path, operation = f"/requests/{ticket.name}/updates", "/requests/{code}/updates"
        updates = self.get_json(path, operation, key=key)
        self.assertEqual(updates["state"], "new")
        self.assertEqual(len(updates["items"]), 1)
        for brought in (other, False):
            reply = self.call("GET", path, operation, key=brought)
            self.assertEqual(reply.status_code, 404)
        self.settle(ticket)
        ticket.publish()
        self.env.flush_all()
        reply = self.call("GET", path, operation, key=False)
        self.assertEqual(reply.json()["state"], "done")

    def settle(self, ticket):
        """Have the unit and the hotline bring a request to its result."""
        ticket.with_user(self.operator).transfer(self.unit.ids)
        self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        ticket.with_user(self.operator).send_result()
        self.env.flush_all()

    def test_who_is_signed_in_on_this_browser_is_nobody_here(self):
        ticket, own = self.handed_in()
        self.authenticate(self.operator.login, self.operator.login)
        self.assertEqual(self.follow(ticket, {}).status_code, 404)
        reply = self.url_open(f"{V1}/requests", data="{}", method="POST")
        self.assertEqual(reply.status_code, 401)
        self.act(ticket, "messages", own, {"text": "Tối"})
        self.assertEqual(ticket.sudo().event_ids[-1:].user_id.login, "public")
