import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.bus.models.bus import channel_with_db, json_dump

from .common import TAGS, PaknCase

MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-ID: <{subject}@example.com>
Content-Type: text/plain; charset=utf-8

Đèn đường trước nhà tôi hỏng đã ba ngày nay rồi.
"""


class DoorsCase(PaknCase):
    """Requests of a citizen, and calls as they come over RPC."""

    def call(self, user, model, method, *args, **kwargs):
        """Call a method as over RPC: arguments and context are JSON."""
        args, kwargs = json.loads(json.dumps([args, kwargs]))
        return call_kw(self.env[model].with_user(user), method, args, kwargs)

    def refused(self):
        muted = mute_logger("odoo.models", "odoo.addons.base.models.ir_rule")
        self.enterContext(muted)
        return self.assertRaises(AccessError)


@tagged(*TAGS)
class TestGateway(DoorsCase):
    """Odoo's mail gateway works as superuser; it is a program's, and nobody else's."""

    def mail(self, user, model, custom_values=None, sender="nguoila@example.com"):
        text = MAIL.format(sender=sender, to="x@example.org", subject=f"thu-{model}")
        with mute_logger("odoo.addons.pakn_1022.models.pakn_mail"):
            return self.call(
                user, "mail.thread", "message_process", model, text, custom_values
            )

    def test_no_employee_hands_over_a_mail(self):
        values = {"name": "x", "code": "x", "focal_user_ids": [[6, 0, [1]]]}
        for user in (self.employee, self.focal, self.monitor, self.operator):
            for model in ("pakn.unit", "pakn.ticket", "pakn.transfer", "res.partner"):
                with self.subTest(user.login, model=model), self.refused():
                    self.mail(user, model, values)

    def test_the_mail_script_makes_requests_and_nothing_else_of_ours(self):
        values = {
            "state": "done",
            "is_published": True,
            "result": "<p>Xong</p>",
            "attachment_ids": [[6, 0, [1]]],
            "category_id": self.category.id,
        }
        ticket = self.env["pakn.ticket"].browse(
            self.mail(self.manager, "pakn.ticket", values)
        )
        self.assertRecordValues(
            ticket,
            [{"state": "new", "is_published": False, "result": False}],
        )
        self.assertFalse(ticket.attachment_ids)
        self.assertEqual(ticket.category_id, self.category)
        with self.refused():
            self.mail(self.manager, "pakn.unit", {"name": "x", "code": "x"})

    def test_what_programs_call_is_not_called_over_rpc(self):
        ticket = self.new_ticket()
        for method, args in (
            ("message_route", ["x", {}]),
            ("message_parse", ["x"]),
            ("message_new", [{"subject": "x", "body": "x"}]),
            ("message_update", [{"body": "x"}]),
            ("message_mail_with_source", ["mail.x"]),
            ("message_post_with_source", ["mail.x"]),
            ("message_change_thread", [1]),
            ("rating_send_request", [1]),
            ("rating_apply", [5]),
        ):
            for model in ("pakn.ticket", "pakn.transfer", "pakn.unit", "mail.thread"):
                with self.subTest(method, model=model), self.refused():
                    self.call(self.manager, model, method, ticket.ids, *args)
        with self.refused():
            self.call(
                self.employee,
                "mail.thread",
                "message_notify",
                [],
                partner_ids=self.operator.partner_id.ids,
                author_id=self.manager.partner_id.id,
                body="x",
            )

    def test_no_context_makes_a_message_the_first_mail(self):
        ticket = self.new_ticket()
        before = ticket.description
        for value in (True, 1, "x", {}):
            ticket.sudo().with_context(pakn_first_mail=value).message_post(
                body="Khác", message_type="email"
            )
        self.assertEqual(ticket.description, before)


@tagged(*TAGS)
class TestWhoHears(DoorsCase):
    """Art. 13.1: what is said to the citizen is heard by operators alone."""

    def test_others_do_not_follow_a_request(self):
        ticket = self.transferred(secrecy="confidential")
        for user in (self.monitor, self.focal, self.head, self.employee):
            own = user.partner_id.ids
            with self.subTest(user.login), self.refused():
                self.call(user, "pakn.ticket", "message_subscribe", ticket.ids, own)
        ticket.message_subscribe(self.monitor.partner_id.ids)
        ticket.activity_schedule(user_id=self.focal.id, summary="Xem")
        followers = ticket.sudo().message_partner_ids
        self.assertFalse(followers & (self.monitor | self.focal).partner_id)
        self.call(
            self.operator,
            "pakn.ticket",
            "message_subscribe",
            ticket.ids,
            self.operator.partner_id.ids,
        )
        self.assertIn(self.operator.partner_id, ticket.sudo().message_partner_ids)

    def test_a_slip_is_opened_by_who_may_not_know_its_followers(self):
        """Its chatter asks whom to tell: nobody is proposed, and nothing refused."""
        ticket = self.transferred()
        slip = ticket.transfer_ids
        slip.sudo().message_subscribe(self.operator.partner_id.ids)
        for user in (self.focal, self.head, self.monitor):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                seen = slip.with_user(user)
                self.assertEqual(seen._message_get_suggested_recipients(), [])

    def test_units_follow_their_slip(self):
        slip = self.transferred().open_transfer_id
        own = self.focal.partner_id
        self.call(self.focal, "pakn.transfer", "message_subscribe", slip.ids, own.ids)
        self.assertIn(own, slip.sudo().message_partner_ids)
        with self.refused():
            self.call(
                self.other_focal,
                "pakn.transfer",
                "message_subscribe",
                slip.ids,
                self.other_focal.partner_id.ids,
            )

    def test_who_may_not_read_any_more_is_told_no_more(self):
        ticket = self.new_ticket()
        colleague = new_test_user(
            self.env, "test_colleague", groups="pakn_1022.group_operator"
        )
        ticket.message_subscribe(colleague.partner_id.ids)
        comment = {"body": "Xong", "subtype_xmlid": "mail.mt_comment"}
        told = ticket.message_post(**comment).sudo().notified_partner_ids
        self.assertIn(colleague.partner_id, told)
        ticket.sudo().secrecy = "secret"
        manager = ticket.with_user(self.manager)
        told = manager.message_post(**comment).sudo().notified_partner_ids
        self.assertNotIn(colleague.partner_id, told)


@tagged(*TAGS)
class TestOpenPages(DoorsCase):
    """Art. 18.4: a page that was opened with a role hears nothing more without it."""

    def poll(self, user, *channels):
        """Return what a page is told that subscribed to these when it was opened."""
        bus = self.env["bus.bus"].with_user(user)
        named = [channel_with_db(self.env.cr.dbname, one) for one in channels]
        return [one["message"] for one in bus._poll(named, self.last)]

    def test_art18_4_the_news_of_a_role_end_with_it(self):
        group = self.env.ref("pakn_1022.group_operator")
        user = new_test_user(
            self.env, "test_page", groups="base.group_user,pakn_1022.group_operator"
        )
        own = user.partner_id
        bus = self.env["bus.bus"].sudo()
        self.last = bus._bus_last_id()
        for channel, word in ((group, "role"), (own, "own"), ("broadcast", "all")):
            name = json_dump(channel_with_db(self.env.cr.dbname, channel))
            bus.create({"channel": name, "message": json.dumps(word)})
        heard = (group, own, "broadcast")
        self.assertEqual(self.poll(user, *heard), ["role", "own", "all"])
        user.group_ids -= group
        self.assertEqual(self.poll(user, *heard), ["own", "all"])
        # Made a citizen's account: what staff hear it hears as little
        citizens = self.env.ref("base.group_portal")
        user.group_ids = [Command.set(citizens.ids)]
        self.assertEqual(self.poll(user, *heard), ["own", "all"])
        user.active = False
        self.assertEqual(self.poll(user, *heard), [])
        # Visitors of the site are told what is theirs as before
        self.assertEqual(self.poll(self.public, "broadcast"), ["all"])


@tagged(*TAGS)
class TestNames(DoorsCase):
    """Odoo tells the name of a record as superuser wherever one points to it."""

    def test_no_name_of_a_citizen_through_any_record(self):
        ticket = self.transferred()
        citizen = ticket.sudo().citizen_id
        for user in (self.employee, self.focal, self.monitor):
            with self.subTest(user.login), self.refused():
                self.call(
                    user,
                    "mail.compose.message",
                    "create",
                    {"author_id": citizen.id, "model": "res.partner"},
                )
            seen = citizen.with_user(user).sudo()
            seen = seen.with_context(show_address=True, show_email=True)
            self.assertEqual(seen.display_name, "Citizen")
            own = user.partner_id.with_user(user)
            self.assertEqual(own.display_name, user.name)
            staff = self.operator.partner_id.with_user(user)
            self.assertEqual(staff.display_name, "operator")
        seen = citizen.with_user(self.operator)
        self.assertEqual(seen.display_name, "Nguyễn Văn A")

    def test_an_archived_citizen_is_still_one(self):
        citizen = self.new_ticket().sudo().citizen_id
        citizen.active = False
        for user in (self.employee, self.focal, self.monitor):
            self.assertFalse(citizen.with_user(user).has_access("read"), user.login)

    def test_accounts_of_citizens_are_named_to_operators_alone(self):
        account = new_test_user(self.env, "0905123456", groups="base.group_portal")
        for user in (self.employee, self.focal, self.monitor):
            seen = account.with_user(user)
            self.assertFalse(seen.has_access("read"), user.login)
            self.assertEqual(seen.sudo().display_name, "Citizen")
        self.assertTrue(account.with_user(self.operator).has_access("read"))
        self.assertTrue(account.with_user(account).has_access("read"))

    def test_requests_are_named_by_code_to_who_may_not_read_them(self):
        ticket = self.transferred(title="Việc kín")
        for user in (self.employee, self.other_focal):
            self.assertEqual(ticket.with_user(user).sudo().display_name, ticket.name)
        for user in (self.operator, self.focal, self.monitor):
            self.assertIn("Việc kín", ticket.with_user(user).sudo().display_name)
        ticket.sudo().secrecy = "secret"
        for user in (self.operator, self.monitor):
            self.assertEqual(ticket.with_user(user).sudo().display_name, ticket.name)
        self.assertIn("Việc kín", ticket.with_user(self.focal).sudo().display_name)


@tagged(*TAGS)
class TestOfOthers(DoorsCase):
    def test_art14_nobody_rates_a_unit(self):
        ratings = self.env["rating.rating"].with_user(self.employee)
        model_id = self.env["ir.model"]._get_id("res.partner")
        own = self.employee.partner_id.id
        rating = ratings.create({"res_model_id": model_id, "res_id": own, "rating": 5})
        unit_id = self.env["ir.model"]._get_id("pakn.unit")
        for values in (
            {"parent_res_model_id": unit_id, "parent_res_id": self.unit.id},
            {"res_model_id": unit_id, "res_id": self.unit.id},
        ):
            with self.subTest(str(values)), self.refused():
                rating.write(values)

    def test_filters_for_others_are_the_managers(self):
        values = {
            "name": "Trống",
            "model_id": "pakn.ticket",
            "domain": "[('id', '=', 0)]",
            "is_default": True,
        }
        others = {"user_ids": [Command.set((self.monitor | self.operator).ids)]}
        own = {"user_ids": [Command.set(self.monitor.ids)]}
        filters = self.env["ir.filters"].with_user(self.monitor)
        for further in ({}, others, {"user_ids": []}):
            with self.subTest(str(further)), self.refused():
                filters.create(values | further)
        mine = filters.create(values | own)
        for further in (others, {"user_ids": [Command.clear()]}):
            with self.subTest(str(further)), self.refused():
                mine.write(further)
        elsewhere = filters.create({"name": "x", "model_id": "res.partner"})
        with self.refused():
            elsewhere.write({"model_id": "pakn.ticket"})
        # To-dos and contacts would be hidden just so
        for model in ("mail.activity", "res.partner"):
            with self.subTest(model), self.refused():
                filters.create(values | {"model_id": model})
            filters.create(values | {"model_id": model, **own})
        for_all = self.env["ir.filters"].with_user(self.manager).create(values)
        for change in ({"domain": "[]"}, {"active": False}):
            with self.refused():
                for_all.with_user(self.monitor).write(change)
        with self.refused():
            for_all.with_user(self.monitor).unlink()

    def test_buttons_for_others_are_the_managers(self):
        """A shared one would have an operator cancel requests under another name."""
        action = self.env["ir.actions.act_window"].search(
            [("res_model", "=", "pakn.ticket")], limit=1
        )
        values = {
            "name": "Xem thêm",
            "parent_action_id": action.id,
            "parent_res_model": "pakn.ticket",
        }
        call = {"python_method": "action_cancel"}
        buttons = self.env["ir.embedded.actions"].with_user(self.monitor)
        for further in (
            {},
            {"user_id": self.operator.id},
            {"parent_res_model": "res.partner"},  # above the same list all the same
        ):
            with self.subTest(str(further)), self.refused():
                buttons.create(values | call | further)
        mine = buttons.create(
            values | {"user_id": self.monitor.id, "action_id": action.id}
        )
        for user_id in (False, self.operator.id):
            with self.refused():
                mine.write({"user_id": user_id})
        shared = buttons.with_user(self.manager).create(values | call)
        with self.refused():
            shared.with_user(self.monitor).write({"name": "x"})
        with self.refused():
            shared.with_user(self.monitor).unlink()
        mine.unlink()

    def test_art09_no_default_of_ones_own_opens_a_door(self):
        """Each field of a request and slip, given as a default: acts alone set them."""
        defaults = self.env["ir.default"].with_user(self.operator)
        usual = self._tell_facts(self.transferred())
        for model in ("pakn.ticket", "pakn.transfer"):
            content = self.env[model]._get_content_fields()
            for name, field in self.env[model]._fields.items():
                value = self._get_other_value(field)
                if value and name not in content:
                    defaults.set(model, name, value, user_id=True)
        self.assertEqual(self._tell_facts(self.transferred()), usual)
        # What one may write by hand one may begin with
        defaults.set("pakn.ticket", "address", "12 Hùng Vương", user_id=True)
        self.assertEqual(self.new_ticket().address, "12 Hùng Vương")

    def test_art09_no_default_gets_into_what_acts_make(self):
        defaults = self.env["ir.default"].with_user(self.operator)
        for model, name, value in (
            ("pakn.notice", "state", "sent"),
            ("pakn.event", "note", "x"),
            ("ir.attachment", "public", True),
            ("mail.message", "is_internal", True),
        ):
            defaults.set(model, name, value, user_id=True)
            made = self.env[model].with_user(self.operator).sudo()
            with self.subTest(model):
                self.assertNotEqual(made.default_get([name]).get(name), value)

    def _get_other_value(self, field):
        """Return a value of a stored field that it has not by itself; None for none."""
        if not field.store or field.name in (*MAGIC_COLUMNS, "name"):
            return None
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        values = {"boolean": True, "char": "x", "text": "x", "html": "<p>x</p>"}
        values |= {"integer": 77, "datetime": "2020-01-01 00:00:00"}
        return values.get(field.type)

    def _tell_facts(self, ticket):
        """Return what is stored of a request and its slip, but for what is its own."""
        self.env.flush_all()
        self.env.invalidate_all()
        own = {"name", "record_hash", "seal_salt", "search_text", "search_all"}
        own |= {"access_token"}
        return [
            {
                name: value
                for name, value in record.sudo().read(load=None)[0].items()
                if self._get_other_value(record._fields[name]) and name not in own
            }
            for record in (ticket, ticket.sudo().transfer_ids)
        ]


@tagged(*TAGS)
class TestHeld(DoorsCase):
    """Design, section 7: a unit reads what it holds, and of the rest what it saw."""

    def lost(self, slip, user=None):
        """Check that who lost the request reads the slip, as it was, and no more."""
        self.env.flush_all()
        self.env.invalidate_all()
        ticket = slip.sudo().ticket_id
        ticket.with_user(self.operator).write(
            {"title": "Sửa sau", "address": "Nơi khác"}
        )
        user = user or self.focal
        slip, ticket = slip.with_user(user), ticket.with_user(user)
        self.env.invalidate_all()
        self.assertFalse(ticket.has_access("read"))
        self.assertFalse(ticket.search([("id", "=", ticket.id)]))
        with self.refused():
            ticket.read(["result"])
        [values] = slip.web_read(
            {
                "display_name": {},
                "ticket_title": {},
                "description": {},
                "address": {},
                "citizen_name": {},
                "attachment_ids": {"fields": {"name": {}}},
                "ticket_id": {"fields": {"display_name": {}}},
                "acts": {},
            }
        )
        self.assertEqual(values["ticket_title"], "Đèn đường hỏng")
        self.assertIn("hỏng đã ba ngày", values["description"])
        self.assertFalse(values["address"])
        self.assertEqual(values["citizen_name"], "Nguyễn Văn A")
        self.assertNotIn("Sửa sau", str(values))
        self.assertEqual(values["acts"], ["read"])
        events = self.env["pakn.event"].with_user(user)
        found = events.search([("ticket_id", "=", ticket.id)])
        self.assertIn(slip, found.transfer_id)
        self.assertEqual(found.unit_id, slip.unit_id)

    def test_a_slip_given_back(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        self.assertTrue(slip.is_held)
        slip.give_back("Không phải của chúng tôi")
        ticket = slip.sudo().ticket_id.with_user(self.operator)
        self.set_clock("2026-03-02 09:00")
        ticket.transfer(self.other_unit.ids)
        self.lead_slip(ticket, self.other_focal).answer("<p>Kết quả kín</p>")
        self.lost(slip)

    def test_what_is_corrected_in_the_same_second_comes_after(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        slip.sudo().ticket_id.with_user(self.operator).title = "Sửa trước"
        slip.give_back("Không phải của chúng tôi")
        slip.sudo().ticket_id.with_user(self.operator).title = "Sửa sau"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(slip.ticket_title, "Sửa trước")

    def test_a_slip_taken_back(self):
        ticket = self.transferred()
        slip = ticket.open_transfer_id
        slip.recall("Nhầm đơn vị")
        self.set_clock("2026-03-02 09:00")
        self.lost(slip)

    def test_a_slip_expired_to_the_province(self):
        slip = self.transferred().open_transfer_id
        head = slip.sudo()._escalate()
        # The head's slip is the same unit's
        self.assertTrue(slip.ticket_id.with_user(self.focal).has_access("read"))
        head._escalate()
        self.set_clock("2026-03-02 09:00")
        self.lost(slip)
        self.lost(head)

    def test_a_request_assigned_anew_after_its_result(self):
        ticket = self.done()
        slip = ticket.transfer_ids
        self.assertTrue(ticket.with_user(self.focal).has_access("read"))
        self.set_clock("2026-03-02 09:00")
        ticket.reopen("Chưa xong")
        ticket.transfer(self.other_unit.ids)
        self.set_clock("2026-03-02 10:00")
        self.lost(slip)

    def test_a_result_given_back_and_not_given_again(self):
        ticket = self.transferred()
        self.lead_slip(ticket, self.focal).answer("<p>Xong</p>")
        first = ticket.transfer_ids
        ticket.return_result("Thiếu")
        self.assertTrue(ticket.with_user(self.focal).has_access("read"))
        self.assertFalse(first.is_held)
        ticket.open_transfer_id.recall("Giao nơi khác")
        self.assertFalse(ticket.with_user(self.focal).has_access("read"))


@tagged(*TAGS)
class TestWords(DoorsCase):
    """Art. 9: what was said and sent stays; what is wrong is corrected on record."""

    def setUp(self):
        super().setUp()
        self.ticket = self.new_ticket(
            attachment_ids=[Command.create({"name": "anh.txt", "raw": b"anh"})]
        )
        self.file = self.ticket.attachment_ids
        citizen = self.ticket.sudo().citizen_id
        self.theirs = self.ticket.sudo().message_post(
            body="Lời của dân",
            author_id=citizen.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            attachments=[("thu.txt", b"thu")],
        )
        self.ours = self.ticket.message_post(
            body="Kính gửi", subtype_xmlid="mail.mt_comment", message_type="comment"
        )

    def test_messages_stay(self):
        for message in (self.theirs, self.ours):
            for user in (self.operator, self.manager):
                seen = message.with_user(user)
                for values in (
                    {"body": "Khác"},
                    {"date": "2026-01-01 00:00:00"},
                    {"author_id": self.manager.partner_id.id},
                    {"attachment_ids": [Command.clear()]},
                    {"model": "res.partner", "res_id": 1},
                ):
                    with self.subTest(user.login, values=values), self.refused():
                        seen.write(values)
                with self.subTest(user.login), self.refused():
                    seen.unlink()
                with self.subTest(user.login), self.assertRaises(UserError):
                    ticket = self.ticket.with_user(user)
                    ticket._message_update_content(seen, body="")
        for command in ([2, self.ours.id], [1, self.ours.id, {"body": "x"}], [5]):
            with self.refused():
                self.ticket.write({"message_ids": [command]})

    def test_files_stay(self):
        files = self.file | self.theirs.attachment_ids
        self.assertEqual(len(files), 2)
        for user in (self.operator, self.manager):
            for file in files.with_user(user):
                for values in ({"raw": b"x"}, {"name": "x"}, {"res_id": False}):
                    with self.subTest(user.login, values=values), self.refused():
                        file.write(values)
                with self.subTest(user.login), self.refused():
                    file.unlink()
                with self.refused():
                    self.call(user, "ir.attachment", "generate_access_token", file.ids)
                # As Odoo's route for it does, with a right to write or a key
                with self.subTest(user.login, by="a route"), self.refused():
                    file.sudo()._delete_and_notify()
            for command in ([2, self.file.id], [1, self.file.id, {"raw": "eA=="}]):
                with self.subTest(user.login, command=command), self.refused():
                    self.ticket.with_user(user).write({"attachment_ids": [command]})

    def test_a_file_taken_off_is_named_and_stays(self):
        file = self.file
        self.ticket.write({"attachment_ids": [Command.unlink(file.id)]})
        self.assertNotIn(file, self.ticket.attachment_ids)
        self.assertEqual(file.raw, b"anh")
        event = self.ticket.event_ids.sorted("id")[-1]
        before, _after = event.payload["attachment_ids"]
        self.assertIn(["anh.txt", file.checksum], before)
        with self.refused():
            file.unlink()

    def test_a_file_not_put_to_anything_yet_can_go(self):
        files = self.env["ir.attachment"].with_user(self.operator)
        file = files.create({"name": "x.txt", "raw": b"x"})
        file.write({"name": "y.txt"})
        file.unlink()
        self.assertFalse(file.exists())

    def test_nobody_speaks_for_another(self):
        citizen = self.ticket.sudo().citizen_id.id
        say = {"body": "x", "subtype_xmlid": "mail.mt_comment"}
        for further in (
            {"author_id": citizen},
            {"author_id": self.manager.partner_id.id},
            {"email_from": "nguyenvana@example.com"},
            {"message_type": "email"},
            {"date": "2026-01-01 00:00:00"},
        ):
            with self.subTest(str(further)), self.refused():
                self.call(
                    self.operator,
                    "pakn.ticket",
                    "message_post",
                    self.ticket.ids,
                    **say,
                    **further,
                )
        message = {"model": "pakn.ticket", "res_id": self.ticket.id, "body": "x"}
        for further in ({"author_id": citizen}, {"message_type": "email"}):
            with self.subTest(str(further)), self.refused():
                self.call(self.operator, "mail.message", "create", message | further)
        posted = self.call(
            self.operator, "pakn.ticket", "message_post", self.ticket.ids, **say
        )
        posted = self.env["mail.message"].browse(posted)
        self.assertEqual(posted.author_id, self.operator.partner_id)
