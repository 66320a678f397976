import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import fetch
from ..tools.gateway import Event, File
from .common import ChatCase
from .test_fetch import PNG

MODEL = "odoo.addons.pakn_1022_chat.models.pakn_chat_file"


@tagged(*TAGS)
class TestIntake(ChatCase):
    """Art. 3, 8, 10.1.1: what is written in a chat becomes one request."""

    def test_art10_1_1_greeting_makes_none_and_content_makes_one(self):
        channel = self.writes("alo")
        self.assertFalse(channel.pakn_ticket_id)
        self.writes("đèn đường trước nhà tôi hỏng đã 3 ngày nay")
        ticket = channel.pakn_ticket_id
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "new",
                    "title": "đèn đường trước nhà tôi hỏng đã 3 ngày nay",
                    "channel_id": self.env.ref("pakn_1022.channel_zalo").id,
                    "pakn_conversation_id": channel.id,
                }
            ],
        )
        self.assertEqual(self.kinds(ticket)[0], "received")

    def test_a_number_that_no_database_keeps_is_kept_without_it(self):
        """Half of a pair of surrogates: else the door would be told of an error."""
        events = self.env["pakn.chat.event"]
        payload = {"text": "Đèn hỏng \ud83d\x00"}
        self.assertTrue(
            events._store(self.account, payload, "k\ud8001", "u\x00\udc001")
        )
        event = events.search([("account_id", "=", self.account.id)], limit=1)
        self.assertEqual((event.key, event.identity), ("k1", "u1"))

    def test_art08_3_what_is_asked_fills_in_the_request(self):
        ticket = self.whole_request().pakn_ticket_id
        self.assertRecordValues(
            ticket,
            [
                {
                    "address": "hẻm 5",
                    "citizen_name": "Nguyễn An",
                    "citizen_address": "5 Hùng Vương",
                    "citizen_phone": "+84905123456",
                }
            ],
        )
        # What somebody says is no identity: no contact is made of it, nor joined
        self.assertFalse(ticket.citizen_id)
        self.assertIn("updated", self.kinds(ticket))
        self.assertFalse(ticket._verify_records())

    def test_art10_what_comes_after_the_end_of_a_request_is_no_answer_to_it(self):
        channel = self.writes("đèn đường trước nhà tôi hỏng đã 3 ngày nay")
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).cancel("Trùng với phản ánh khác")
        self.writes("cống trước chợ bị nghẹt, nước tràn ra đường")
        self.assertFalse(ticket.address)
        self.assertIn(ticket.name, self.out(channel)[-1].text)
        self.writes("2")
        self.assertNotEqual(channel.pakn_ticket_id, ticket)

    def test_art10_who_returns_after_weeks_is_heard_by_the_helper_again(self):
        self.set_moment("2026-03-02 02:00:00")
        channel = self.writes("đèn đường trước nhà tôi hỏng đã 3 ngày nay")
        channel.with_user(self.operator).message_post(
            body="Chúng tôi sẽ xem ngay.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.set_moment("2026-03-06 02:00:00")
        self.writes("cảm ơn ad")
        self.assertTrue(channel.pakn_with_person)
        self.set_moment("2026-03-27 14:00:00")
        self.writes("alo ad ơi")
        self.assertFalse(channel.pakn_with_person)
        self.assertIn("chương trình", self.out(channel)[-1].text)
        # What was written before waits for a person still
        self.assertEqual(str(channel.pakn_waiting_since), "2026-03-06 02:00:00")

    def test_art09_the_record_holds_what_was_said_in_and_out(self):
        channel = self.whole_request()
        self.writes("giờ vẫn chưa sửa ad ơi")
        channel.with_user(self.operator).message_post(
            body="Chúng tôi sẽ xem ngay.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        events = channel.pakn_ticket_id.event_ids.sorted("id")
        replied = events.filtered(lambda event: event.kind == "replied")
        self.assertEqual(
            replied.payload, {"text": "giờ vẫn chưa sửa ad ơi", "door": "zalo"}
        )
        wrote = events.filtered(lambda event: event.kind == "wrote")
        self.assertTrue(wrote[0].payload["helper"])
        self.assertEqual(wrote[-1].payload["text"], "Chúng tôi sẽ xem ngay.")
        self.assertEqual(wrote[-1].user_id, self.operator)

    def test_later_messages_join_the_open_request(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        self.writes("hôm nay lại thêm một bóng hỏng nữa")
        self.assertEqual(channel.pakn_ticket_id, ticket)
        self.assertTrue(ticket.has_new_reply)

    def test_after_the_end_another_matter_is_another_request(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).cancel("Thử")
        self.writes("xe tải chạy làm bụi mù mịt đường Lê Lợi")
        self.assertEqual(channel.pakn_ticket_id, ticket)
        self.writes("2")
        self.assertNotEqual(channel.pakn_ticket_id, ticket)
        self.assertIn("xe tải", channel.pakn_ticket_id.title)

    def test_what_comes_twice_counts_once(self):
        event = self.event("đèn đường hỏng ở thôn 3 xã Ia Ko")
        channel = self.take_in(event, event)
        self.take_in(event)
        said = self.env["pakn.chat.message"].search(
            [("channel_id", "=", channel.id), ("direction", "=", "in")]
        )
        self.assertEqual(len(said), 1)
        self.assertEqual(len(self.env["pakn.ticket"].search(
            [("pakn_conversation_id", "=", channel.id)])), 1)  # fmt: skip

    def test_two_people_of_one_name_are_two_conversations(self):
        one, two = self.writes("alo", who="a"), self.writes("alo", who="b")
        self.assertNotEqual(one, two)
        self.assertNotEqual(one.pakn_guest_id, two.pakn_guest_id)

    def test_photo_first_is_put_to_the_request(self):
        channel = self.take_in(self.photo())
        file = self.env["pakn.chat.file"].search([("channel_id", "=", channel.id)])
        fetched = fetch.Fetched(PNG, "image/png", "png")
        with patch.object(fetch, "fetch", return_value=fetched):
            file._fetch()
        self.assertFalse(channel.pakn_ticket_id)
        # The operators see it in the conversation
        self.assertEqual(channel.message_ids.attachment_ids, file.attachment_id)
        self.assertEqual(file.attachment_id.mimetype, "image/png")
        self.writes("ổ gà to quá, xe máy ngã suốt ở thôn 3")
        ticket = channel.pakn_ticket_id
        self.assertEqual(ticket.attachment_ids.mapped("mimetype"), ["image/png"])
        self.assertEqual(ticket.attachment_ids.res_model, "pakn.ticket")
        self.assertEqual(file.ticket_id, ticket)

    def test_a_file_that_cannot_be_fetched_is_said(self):
        channel = self.take_in(self.photo())
        file = self.env["pakn.chat.file"].search([("channel_id", "=", channel.id)])
        error = fetch.FetchError("type")
        with patch.object(fetch, "fetch", side_effect=error):
            file._fetch()
        self.assertEqual(file.state, "failed")
        notes = channel.message_ids.filtered(
            lambda message: message.message_type == "notification"
        )
        self.assertIn(file.reason, notes[0].preview)

    def lose(self, *kinds):
        """Have pictures come that cannot be fetched; return what is said of them."""
        channel = self.take_in(*(self.photo() for _kind in kinds))
        before = self.out(channel)
        files = self.env["pakn.chat.file"].search(
            [("channel_id", "=", channel.id), ("state", "=", "waiting")], order="id"
        )
        for file, kind in zip(files, kinds, strict=True):
            with patch.object(fetch, "fetch", side_effect=fetch.FetchError(kind)):
                file._fetch()
        return (self.out(channel) - before).mapped("text")

    def test_art08_who_sent_a_file_that_is_lost_is_told(self):
        # The helper has said that it has arrived
        [told] = self.lose("size", "size")
        lang = self.env["pakn.ticket"]._get_citizen_lang()
        reason = self.env["pakn.chat.file"].with_context(lang=lang)._explain("size")
        self.assertIn(reason, told)
        # What is between machines says nothing to them
        [without] = self.lose("address")
        self.assertEqual(without, told.replace(f"{reason} ", ""))

    def test_one_file_that_cannot_be_worked_off_keeps_no_other_waiting(self):
        channel = self.take_in(self.photo(), self.photo(), self.photo())
        files = self.env["pakn.chat.file"].search(
            [("channel_id", "=", channel.id)], order="id"
        )
        files[0].url = False  # its sender's data was removed
        fetched = fetch.Fetched(PNG, "image/png", "png")
        commit = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60
        )
        found = patch.object(fetch, "fetch", side_effect=[KeyError("odd"), fetched])
        with commit, found, mute_logger(MODEL):
            self.env["pakn.chat.file"]._cron_fetch()
        self.assertEqual(files.mapped("state"), ["failed", "waiting", "fetched"])
        self.assertEqual(files.mapped("attempts"), [0, 1, 0])

    def test_files_inside_are_never_fetched(self):
        event = self.event("", files=(File("http://127.0.0.1:80/x.jpg"),))
        channel = self.take_in(event)
        file = self.env["pakn.chat.file"].search([("channel_id", "=", channel.id)])
        file._fetch()
        self.assertEqual(file.state, "failed")
        self.assertFalse(file.attachment_id)

    def test_a_sticker_is_shown_as_such_and_is_no_request(self):
        channel = self.writes("")
        self.assertFalse(channel.pakn_ticket_id)
        said = channel.message_ids.filtered("author_guest_id")
        lang = self.env["pakn.ticket"]._get_citizen_lang()
        words = self.env(context={"lang": lang})._(
            "(A sticker, or what cannot be shown here)"
        )
        self.assertEqual(said.mapped("preview"), [words])
        self.assertEqual(channel.pakn_last_text, words)

    def test_place_message_fills_in_the_map(self):
        event = self.event("ngập nước cả đoạn đường", place=(13.98, 108.0, "Pleiku"))
        ticket = self.take_in(event).pakn_ticket_id
        self.assertAlmostEqual(ticket.latitude, 13.98)
        self.assertAlmostEqual(ticket.longitude, 108.0)
        self.assertEqual(ticket.address, "Pleiku")

    def test_unfollow_shuts_the_door_and_a_message_opens_it(self):
        channel = self.writes("alo")
        self.assertTrue(channel._pakn_is_open())
        self.take_in(Event("unfollow", "unfollow-1", "u1"))
        self.assertFalse(channel._pakn_is_open())
        self.writes("alo")
        self.assertTrue(channel._pakn_is_open())

    def test_without_a_helper_a_person_is_waited_for(self):
        self.account.has_helper = False
        channel = self.writes("đèn đường hỏng")
        self.assertTrue(channel.pakn_waiting_since)
        self.assertTrue(channel.pakn_ticket_id)
        self.assertFalse(self.out(channel))


@tagged(*TAGS)
class TestPerson(ChatCase):
    """A person is reached at any moment, and takes turns with colleagues."""

    def be_there(self, *users):
        presence = self.env["mail.presence"]
        presence.search([]).unlink()
        presence.create([{"user_id": user.id, "status": "online"} for user in users])

    def test_round_robin_over_those_who_are_there(self):
        second = new_test_user(
            self.env, "test_second", groups="pakn_1022.group_operator"
        )
        # Who administers may answer, and is given nothing to answer
        self.be_there(self.operator, self.manager, second)
        taken = []
        for number, who in enumerate("abcd"):
            self.set_clock(f"2026-03-02 08:0{number}")
            taken.append(self.writes("gặp nhân viên", who=who).pakn_user_id)
        self.assertEqual(taken[0], taken[2])
        self.assertEqual(taken[1], taken[3])
        self.assertEqual(set(taken[:2]), {self.operator, second})

    def test_nobody_there_is_said_with_the_hour(self):
        self.be_there()
        self.set_clock("2026-03-02 21:00")
        channel = self.writes("gặp nhân viên")
        self.assertFalse(channel.pakn_user_id)
        self.assertTrue(channel.pakn_waiting_since)
        self.assertIn("07:00 03/03/2026", self.out(channel)[-1].text)

    def test_the_helper_is_silent_while_a_person_answers_and_comes_back(self):
        self.be_there(self.operator)
        channel = self.writes("gặp nhân viên")
        said = len(self.out(channel))
        self.writes("đèn đường hỏng ở thôn 3")
        self.assertEqual(len(self.out(channel)), said)
        mine = channel.with_user(self.operator)
        mine.message_post(
            body="Vâng", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertFalse(channel.pakn_waiting_since)
        self.writes("còn nữa")
        self.assertTrue(channel.pakn_waiting_since)
        mine.action_pakn_to_helper()
        self.writes("rác đổ đầy đường ở thôn 3")
        self.assertGreater(len(self.out(channel)), said + 1)

    def end(self, ticket):
        """Have a request answered, and its result sent."""
        ticket = ticket.with_user(self.operator)
        if ticket.state == "new":
            ticket.category_id = self.category
        ticket.transfer([self.unit.id])
        self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        ticket.send_result()
        self.env.invalidate_all()

    def grades(self, ticket):
        ratings = ticket.sudo().rating_ids.filtered("consumed").sorted("id")
        return [(rating.rating, rating.feedback) for rating in ratings]

    def test_art14_a_grade_counts_while_a_person_answers_and_after_reopening(self):
        self.be_there(self.operator)
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        self.writes("gặp nhân viên")
        self.end(ticket)
        self.assertTrue(channel.pakn_with_person)
        # Words to the person, that begin like a grade
        self.writes("1 bóng vẫn chưa sáng")
        self.assertEqual(self.grades(ticket), [])
        self.writes("1")
        self.assertEqual(self.grades(ticket), [(5, "")])
        # Once for one result
        self.writes("3")
        self.assertEqual(self.grades(ticket), [(5, "")])
        ticket.with_user(self.operator).reopen("Hỏng lại")
        self.writes("2")
        self.assertEqual(self.grades(ticket), [(5, "")])
        self.end(ticket)
        self.writes("3")
        self.assertEqual(self.grades(ticket), [(5, "")])
        self.writes("Thay xong hôm sau lại hỏng")
        self.assertEqual(
            self.grades(ticket), [(5, ""), (1, "Thay xong hôm sau lại hỏng")]
        )

    def test_art14_a_grade_beside_a_person_leaves_nobody_waiting(self):
        self.be_there(self.operator)
        channel = self.whole_request()
        self.writes("gặp nhân viên")
        self.end(channel.pakn_ticket_id)
        channel.with_user(self.operator).action_pakn_answered()
        self.writes("3")
        self.assertFalse(channel.pakn_waiting_since)
        self.writes("Thay xong hôm sau lại hỏng")
        self.assertEqual(len(self.grades(channel.pakn_ticket_id)), 1)
        self.assertFalse(channel.pakn_waiting_since)
        # Other words a person has to answer
        self.writes("cho tôi hỏi thêm việc khác")
        self.assertTrue(channel.pakn_waiting_since)

    def test_art14_a_grade_does_not_end_the_wait_for_a_person(self):
        self.be_there(self.operator)
        channel = self.whole_request()
        self.writes("gặp nhân viên")
        self.end(channel.pakn_ticket_id)
        since = channel.pakn_waiting_since
        self.assertTrue(since)
        self.writes("1")
        self.assertTrue(self.grades(channel.pakn_ticket_id))
        self.assertEqual(channel.pakn_waiting_since, since)

    def test_art14_without_a_helper_a_grade_is_no_request(self):
        self.account.has_helper = False
        channel = self.writes("đèn đường trước nhà tôi hỏng đã 3 ngày")
        ticket = channel.pakn_ticket_id
        known = {"citizen_name": "Nguyễn An", "citizen_phone": "0905 123 456"}
        ticket.with_user(self.operator).write(known)
        self.end(ticket)
        self.writes("1")
        self.assertEqual(self.grades(ticket), [(5, "")])
        self.assertEqual(channel.pakn_ticket_id, ticket)

    def count_news(self, user):
        """Return how often somebody's screen was shown that a conversation came."""
        self.env.cr.precommit.run()
        marker = f'"res.partner",{user.partner_id.id}]'
        shown = self.env["bus.bus"].sudo().search([("channel", "like", marker)])
        told = [json.loads(one.message) for one in shown]
        shown.unlink()
        return len(
            [
                one
                for one in told
                if one["type"] == "pakn_1022.news"
                and "hands a conversation" in one["payload"]["title"]
            ]
        )

    def test_handed_over_with_a_note_that_the_citizen_does_not_get(self):
        self.be_there(self.operator)
        channel = self.writes("gặp nhân viên")
        said = self.out(channel)
        channel.with_user(self.operator).pakn_hand_over(self.manager.id, "Gấp")
        self.assertEqual(channel.pakn_user_id, self.manager)
        self.assertIn(self.manager.partner_id, channel.channel_partner_ids)
        self.assertNotIn(self.operator.partner_id, channel.channel_partner_ids)
        self.assertIn("Gấp", channel.message_ids[0].preview)
        self.assertEqual(self.out(channel), said)
        # Who takes it over is shown that at once
        self.assertEqual(self.count_news(self.manager), 1)
        channel.with_user(self.manager).pakn_hand_over(self.manager.id)
        self.assertEqual(self.count_news(self.manager), 0)
        with self.assertRaises(UserError):
            channel.with_user(self.operator).pakn_hand_over(self.monitor.id)

    def test_the_open_request_goes_with_the_conversation_of_who_has_both(self):
        """Whom the citizen talks to is whom the units ask (Art. 10.1)."""
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        channel.with_user(self.operator).action_pakn_take()
        ticket._acting().user_id = self.operator
        channel.with_user(self.operator).pakn_hand_over(self.manager.id)
        self.assertEqual(ticket.user_id, self.manager)
        event = ticket.event_ids.sorted("id")[-1]
        self.assertEqual(event.user_id, self.operator)
        names = [self.operator.name, self.manager.name]
        self.assertEqual(event.payload["user_id"], names)
        # One that a third cares for stays with that one
        other = new_test_user(
            self.env, "test_third", groups="base.group_user,pakn_1022.group_operator"
        )
        ticket._acting().user_id = other
        channel.with_user(self.manager).pakn_hand_over(self.operator.id)
        self.assertEqual(ticket.user_id, other)
        # And so does one that has ended
        ticket._acting().user_id = self.operator
        ticket.with_user(self.operator).cancel("Thử")
        channel.with_user(self.operator).pakn_hand_over(self.manager.id)
        self.assertEqual(ticket.user_id, self.operator)

    def test_an_operator_links_a_request_by_word(self):
        ticket = self.new_ticket()
        channel = self.writes("alo")
        channel.with_user(self.operator).pakn_link_ticket(ticket.id)
        self.assertEqual(channel.pakn_ticket_id, ticket)
        self.assertEqual(channel.pakn_citizen_id, ticket.citizen_id)
        self.assertEqual(ticket.pakn_conversation_id, channel)
        with self.assertRaises(AccessError):
            channel.with_user(self.monitor).pakn_link_ticket(ticket.id)

    def test_what_is_no_id_is_refused_with_a_sentence(self):
        channel = self.writes("alo").with_user(self.operator)
        for nonsense in (True, 1.5, "x", [[1]], {"a": 1}, 2**70):
            with self.subTest(nonsense), self.assertRaises(UserError):
                channel.pakn_link_ticket(nonsense)
            with self.subTest(nonsense), self.assertRaises(UserError):
                channel.pakn_hand_over(nonsense)
        for nonsense in (True, 1.5, [[1]], {"a": 1}):
            with self.subTest(note=nonsense), self.assertRaises(UserError):
                channel.pakn_hand_over(self.manager.id, nonsense)


@tagged(*TAGS)
class TestCode(ChatCase):
    """The state of a request is told to whoever proves its phone, and nobody else."""

    def setUp(self):
        super().setUp()
        codes = type(self.env["pakn.phone.code"])
        self.delivered = []
        self.startPatcher(patch.object(codes, "_can_deliver", lambda self: True))
        self.startPatcher(
            patch.object(
                codes,
                "_deliver",
                lambda self_, number, text: self.delivered.append((number, text)),
            )
        )
        limits = type(self.env["pakn.rate.limit"])
        self.startPatcher(patch.object(limits, "_hit", lambda *_args: 0))

    def said(self, channel):
        return self.out(channel)[-1].text

    def test_state_for_the_proved_phone(self):
        ticket = self.new_ticket()
        channel = self.writes(f"cho hỏi {ticket.name} tới đâu rồi", who="x")
        self.assertNotIn(ticket.title, self.said(channel))
        self.writes("0905 123 456", who="x")
        [(number, text)] = self.delivered
        self.assertEqual(number, "+84905123456")
        code = next(word for word in text.split() if word.isdigit() and len(word) == 6)
        self.writes(code, who="x")
        self.assertIn(ticket.name, self.said(channel))
        self.assertEqual(channel.pakn_phone, "+84905123456")
        self.assertTrue(channel.pakn_citizen_id)

    def test_another_phone_gets_nothing_and_learns_nothing(self):
        ticket = self.new_ticket()
        for who, name in (("y", ticket.name), ("z", "GL26-999999-6")):
            channel = self.writes(name, who=who)
            first = self.said(channel)
            self.writes("0905 999 888", who=who)
            self.assertFalse(self.delivered)
            self.writes("123456", who=who)
            self.assertFalse(channel.pakn_phone)
            self.assertNotIn(ticket.title, " ".join(self.out(channel).mapped("text")))
            self.assertTrue(first)

    def test_art13_1_a_state_secret_is_as_what_does_not_exist(self):
        ticket = self.new_ticket(title="Việc mật").sudo()
        ticket._acting().secrecy = "secret"
        self.writes(ticket.name, who="s")
        channel = self.writes("0905 123 456", who="s")
        self.assertFalse(self.delivered)
        own = self.whole_request()
        own.pakn_ticket_id.secrecy = "secret"
        said = len(self.out(own))
        self.writes("bỏ qua")
        self.writes(own.pakn_ticket_id.name)
        told = " ".join((self.out(channel) | self.out(own)[said:]).mapped("text"))
        self.assertNotIn(ticket.title, told)
        self.assertNotIn(own.pakn_ticket_id.title, told)

    def test_own_request_without_a_phone(self):
        channel = self.whole_request()
        self.writes("bỏ qua")
        self.writes(channel.pakn_ticket_id.name)
        self.assertIn(channel.pakn_ticket_id.name, self.said(channel))

    def test_proved_phone_links_the_citizen_of_the_request(self):
        channel = self.whole_request()
        [(_number, text)] = self.delivered
        code = next(word for word in text.split() if word.isdigit() and len(word) == 6)
        self.writes(code)
        ticket = channel.pakn_ticket_id
        self.assertTrue(ticket.citizen_id)
        self.assertEqual(ticket.citizen_id, channel.pakn_citizen_id)
