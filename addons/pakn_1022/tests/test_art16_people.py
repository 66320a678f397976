from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import TAGS, PaknCase, local
from .test_mail_intake import PICTURE


@tagged(*TAGS)
class TestArt16People(PaknCase):
    """Whoever is asked is there (Art. 15.1, 16.1, 20.3)."""

    def test_art16_1_a_slip_never_goes_to_nobody(self):
        parent = self.env["pakn.unit"].create(
            {"name": "Cấp trên", "code": "UP9", "focal_user_ids": self.focal.ids}
        )
        gone = self.env["pakn.unit"].create(
            {
                "name": "Không người",
                "code": "NO9",
                "parent_id": parent.id,
                "focal_user_ids": self.other_focal.ids,
            }
        )
        self.other_focal.active = False
        ticket = self.new_ticket()
        with self.assertRaisesRegex(ValidationError, "Cấp trên"):
            ticket.transfer(gone.ids)
        self.assertEqual(ticket.state, "new")
        # Only children with people
        above = self.env["pakn.unit"].create({"name": "Trống", "code": "NO7"})
        parent.parent_id = above
        with self.assertRaises(ValidationError):
            ticket.transfer(above.ids)
        units = self.env["pakn.unit"].search([("has_people", "=", False)])
        self.assertLessEqual(gone | above, units)
        self.assertNotIn(parent, units)
        # Without people of its own on record: those above are told, and may answer
        small = self.env["pakn.unit"].create(
            {"name": "Tổ", "code": "NO6", "parent_id": parent.id}
        )
        ticket.transfer(small.ids)
        self.assertEqual(ticket.sudo().open_transfer_id._get_recipients(), self.focal)

    def test_art16_1_who_is_away_is_asked_last(self):
        """Slips go to who is there; a unit whose people are all away gets none."""
        unit = self.env["pakn.unit"].create(
            {
                "name": "Đi vắng",
                "code": "NO5",
                "focal_user_ids": (self.focal | self.other_focal).ids,
                "head_user_id": self.head.id,
                "successor_id": self.other_unit.id,
            }
        )
        self.set_clock("2026-03-09 23:30")  # in the province
        self.focal.with_user(self.focal).pakn_away_until = "2026-03-09"
        self.assertEqual(unit._get_people(), self.other_focal)
        self.other_focal.pakn_away_until = "2026-03-12"
        self.assertEqual(unit._get_people(), self.head)
        self.head.pakn_away_until = "2026-03-10"
        self.assertFalse(unit.has_people)
        ticket = self.new_ticket()
        with self.assertRaisesRegex(ValidationError, "09/03/2026|03/09/2026"):
            ticket.transfer(unit.ids)
        # What is on its way all the same is told to them all the same
        self.assertEqual(unit._get_people(), self.focal | self.other_focal)
        self.set_clock("2026-03-10 00:30")
        self.assertEqual(unit._get_people(), self.focal)
        ticket.transfer(unit.ids)
        self.assertEqual(ticket.state, "transferred")

    def test_art16_1_an_archived_head_is_passed_over(self):
        ticket = self.transferred()
        slip = ticket.sudo().open_transfer_id
        self.unit.head_user_id.active = False
        self.set_clock("2026-03-09 08:00")
        slip._escalate()
        self.assertEqual(ticket.sudo().open_transfer_id.level, "province")

    def test_art16_1_units_without_people_are_told_daily(self):
        self.env["pakn.unit"].create({"name": "Vắng mặt", "code": "NO8"})
        self.env["pakn.unit"]._cron_check_people()
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.manager.partner_id.ids)], limit=1
        )
        self.assertIn("Vắng mặt", told.body)

    def test_art20_3_what_an_archived_operator_has_goes_to_another(self):
        ticket = self.new_ticket()
        self.env["pakn.notice"]._ask_to_call(ticket.sudo())
        self.assertTrue(self.todos(ticket))
        self.operator.active = False
        heir = ticket.sudo().user_id
        self.assertTrue(heir.active)
        self.assertNotEqual(heir, self.operator)
        self.assertEqual(self.todos(ticket).user_id, heir)
        event = ticket.sudo().event_ids.sorted("id")[-1]
        self.assertEqual(event.payload["user_id"][1], heir.name)

    def test_art20_3_what_one_has_who_is_an_operator_no_more_goes_too(self):
        """By the account or by a group, whichever: to-dos nobody would open."""
        group = self.env.ref("pakn_1022.group_operator")
        for name, act in {
            "account": lambda user, _crew: user.write({"group_ids": [(3, group.id)]}),
            "group": lambda user, _crew: group.write({"user_ids": [(3, user.id)]}),
            "members": lambda user, _crew: group.write(
                {"all_user_ids": [(3, user.id)]}
            ),
            # Those who were operators by a group of the province's own
            "crew_led": lambda _user, crew: crew.write(
                {"implied_ids": [(3, group.id)]}
            ),
            "crew_leading": lambda _user, crew: group.write(
                {"implied_by_ids": [(3, crew.id)]}
            ),
            "crew_left": lambda user, crew: crew.write({"user_ids": [(3, user.id)]}),
            "crew_gone": lambda _user, crew: crew.unlink(),
        }.items():
            crew = self.env["res.groups"].create({"name": f"Ca trực {name}"})
            crew.implied_ids = group
            user = new_test_user(self.env, f"test_{name}", groups="base.group_user")
            user.group_ids += crew if name.startswith("crew") else group
            ticket = self.new_ticket()
            ticket._acting().user_id = user
            # One role more or less that is none of an operator's changes nothing
            user.group_ids += self.env.ref("pakn_1022.group_monitor")
            self.assertEqual(ticket.sudo().user_id, user)
            act(user, crew)
            with self.subTest(name):
                heir = ticket.sudo().user_id
                self.assertTrue(heir)
                self.assertNotEqual(heir, user)
                # Nor may they still what operators may
                self.assertFalse(user.has_group("pakn_1022.group_operator"))

    def test_art20_3_archiving_by_odoos_button_loses_no_todo(self):
        """Odoo's own deletes the to-dos of who is archived; who gets them is told."""
        ticket = self.new_ticket()
        self.env["pakn.notice"]._ask_to_call(ticket.sudo())
        self.operator.with_user(self.manager).action_archive()
        self.assertFalse(self.operator.active)
        heir = ticket.sudo().user_id
        self.assertEqual(self.todos(ticket).user_id, heir)
        told = self.env["mail.message"].search(
            [("partner_ids", "in", heir.partner_id.ids)], limit=1
        )
        self.assertIn(ticket.name, told.body)

    def test_art20_3_a_state_secret_goes_to_who_is_cleared_for_it(self):
        ticket = self.new_ticket()
        ticket.sudo()._acting().write({"secrecy": "secret"})
        # Of two who have nothing to do, the first is not cleared
        new_test_user(self.env, "plain", groups="pakn_1022.group_operator")
        new_test_user(self.env, "safe", groups="pakn_1022.group_secrecy_clearance")
        own = self.env["res.users"].search([("login", "in", ("plain", "safe"))])
        (self.operator._get_operators() - own - self.operator).active = False
        self.operator.active = False
        heir = ticket.sudo().user_id
        self.assertEqual(heir.login, "safe")
        self.assertTrue(ticket.with_user(heir).has_access("write"))

    def slip_todos(self, slip):
        return slip.sudo().activity_ids

    def test_art16_1_slips_of_the_only_focal_point_go_to_the_head(self):
        """Whether archived or taken out of the unit: the head is told at once."""
        acts = (
            lambda user: user.with_user(self.manager).action_archive(),
            lambda user: self.unit.write({"focal_user_ids": [(3, user.id)]}),
        )
        for nth, act in enumerate(acts):
            user = new_test_user(
                self.env, f"sole{nth}", groups="pakn_1022.group_unit_focal"
            )
            self.unit.focal_user_ids = user
            slip = self.transferred().sudo().open_transfer_id
            self.deliver()
            self.assertEqual(self.slip_todos(slip).user_id, user)
            act(user)
            self.assertIn(self.head, self.slip_todos(slip).user_id)
            self.assertNotIn(user, self.slip_todos(slip).user_id)
            told = self.env["mail.message"].search(
                [("partner_ids", "in", self.head.partner_id.ids)], limit=1
            )
            self.assertIn(slip.ticket_id.name, told.body)

    def test_art16_1_slips_that_are_left_to_nobody_are_said_at_once(self):
        ticket = self.transferred()
        slip = ticket.sudo().open_transfer_id
        self.deliver()
        self.unit.head_user_id = False
        self.unit.focal_user_ids = self.focal
        self.assertNotIn(self.unit.name, "".join(self.todos(ticket).mapped("summary")))
        self.focal.active = False
        said = self.todos(ticket).filtered(lambda todo: self.unit.name in todo.summary)
        self.assertLessEqual(self.operator | self.manager, said.user_id)
        notices = slip.ticket_id.notice_ids.filtered(lambda n: n.act == "unmanned")
        self.assertIn(self.manager, notices.user_id)
        # Whoever comes after gets it
        self.unit.head_user_id = self.other_focal
        self.assertIn(self.other_focal, self.slip_todos(slip).user_id)

    def test_art10_3_a_head_hears_that_a_delegate_left(self):
        ticket = self.transferred()
        self.set_clock("2026-03-09 08:00")
        ticket.sudo().open_transfer_id._escalate()
        slip = ticket.sudo().open_transfer_id
        slip.with_user(self.head).delegate(self.focal.ids)
        self.slip_todos(slip).unlink()
        self.focal.active = False
        self.assertEqual(self.slip_todos(slip).user_id, self.head)

    # ------------------------------------------------------------
    # TALK
    # ------------------------------------------------------------

    def say(self, slip, text):
        return slip.message_post(
            body=text, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def test_art15_1_unit_and_hotline_reach_one_another(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        message = self.say(slip, "Xin cho biết số nhà.")
        self.assertEqual(message.sudo().notified_partner_ids, self.operator.partner_id)
        answer = self.say(slip.with_user(self.operator), "Số 12 Hùng Vương.")
        self.assertEqual(answer.sudo().notified_partner_ids, self.focal.partner_id)
        self.focal.phone = "+84905123456"
        self.env.flush_all()
        self.assertIn(
            f"{self.focal.name} 0905 123 456",
            slip.with_user(self.operator).people_text,
        )
        note = slip.message_post(body="Trong đơn vị")
        self.assertFalse(note.sudo().notified_partner_ids)
        # Who monitors reads all of it and writes nothing (Art. 9)
        watched = slip.with_user(self.monitor)
        self.assertIn("số nhà", "".join(watched.message_ids.mapped("body")))
        for write in (lambda: self.say(watched, "Tôi"), watched.message_post):
            with self.assertRaises(AccessError):
                write()

    # ------------------------------------------------------------
    # NOT SATISFIED
    # ------------------------------------------------------------

    def test_art14_3_who_is_not_satisfied_is_put_before_the_operator(self):
        ticket = self.done()
        self.deliver()
        before = self.todos(ticket)
        ticket.rate(5)
        self.assertEqual(self.todos(ticket), before)
        other = self.done()
        token = other.sudo()._rating_get_access_token()
        other.sudo().with_user(self.env.ref("base.public_user")).sudo().rating_apply(
            1, token=token, feedback="Đèn vẫn tối"
        )
        todo = self.todos(other).filtered(lambda t: "Đèn vẫn tối" in t.summary)
        self.assertEqual(todo.user_id, self.operator)

    # ------------------------------------------------------------
    # CLOCK AND DATES
    # ------------------------------------------------------------

    def test_art11_3_a_date_is_given_in_working_time_and_not_for_ever(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        for moment in ("2026-08-01 03:00:00", "9999-12-31 00:00:00", "2020-01-01"):
            with self.assertRaises(ValidationError):
                slip.schedule(moment)
        # A Saturday evening: on Monday when work begins
        slip.schedule(fields.Datetime.to_string(local("2026-03-07 20:00")))
        self.assertEqual(slip.date_due, local("2026-03-09 07:00"))

    def test_art11_3_the_end_of_a_working_day_is_within_it(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        slip.schedule(fields.Datetime.to_string(local("2026-03-05 17:00")))
        self.assertEqual(slip.date_due, local("2026-03-05 17:00"))

    def test_art9_1_a_request_is_received_in_this_century_and_not_later_than_now(self):
        for moment in (
            fields.Datetime.now() + timedelta(days=1),
            "1999-12-31 10:00:00",
        ):
            with self.assertRaises(ValidationError):
                self.new_ticket(date_received=moment)

    def test_art11_1_hours_in_use_are_neither_deleted_nor_emptied(self):
        calendar = self.env["resource.calendar"].create({"name": "Riêng"})
        self.unit.resource_calendar_id = calendar
        with self.assertRaises(UserError):
            calendar.unlink()
        with self.assertRaises(ValidationError):
            calendar.attendance_ids.unlink()
            calendar._check_has_hours()
        with self.assertRaises(ValidationError):
            calendar.attendance_ids = [(5, 0, 0)]
        self.unit.resource_calendar_id = False
        calendar.unlink()

    def test_art11_1_changed_hours_of_a_unit_or_the_system_ask_for_a_recount(self):
        self.transferred()
        transfers = self.env["pakn.transfer"]
        params = self.env["ir.config_parameter"]
        calendar = self.env["resource.calendar"].create({"name": "Riêng"})
        for change in (
            lambda: self.unit.write({"resource_calendar_id": calendar.id}),
            lambda: self.unit.write({"focal_hours": 4}),
            lambda: params.set_param("pakn_1022.focal_hours", "6"),
        ):
            transfers._forget_recount()
            self.assertFalse(transfers._is_recount_asked())
            change()
            self.assertTrue(transfers._is_recount_asked())

    def test_art11_one_broken_slip_stops_no_other_and_is_told(self):
        broken, whole = self.transferred(), self.transferred()
        slip = broken.sudo().open_transfer_id
        escalate = type(slip)._escalate

        def fail(slips):
            if slip.id in slips.ids:
                raise ValueError("broken")
            return escalate(slips)

        self.patch(type(slip), "_escalate", fail)
        self.set_clock("2026-03-09 08:00")
        self.env.flush_all()
        with (
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
            self.assertLogs("odoo.addons.pakn_1022.models.pakn_transfer_clock"),
        ):
            self.env(cr=cr)["pakn.transfer"]._cron_process_deadlines()
        self.env.invalidate_all()
        self.assertEqual(whole.state, "escalated_head")
        self.assertEqual(broken.state, "transferred")
        self.assertTrue(slip.activity_ids)

    # ------------------------------------------------------------
    # ANSWERS THAT COME BY OTHER ROADS
    # ------------------------------------------------------------

    def test_art10_2_a_units_mail_is_a_message_and_no_result(self):
        ticket = self.transferred()
        self.deliver()
        # The gateway's user puts it there
        slip = self.env["pakn.transfer"].browse(ticket.sudo().open_transfer_id.id)
        self.focal.email = "daumoi@example.com"
        slip.message_update(
            {
                "email_from": "Đầu mối <daumoi@example.com>",
                "body": "<p>Đã sửa xong.</p>",
            }
        )
        self.assertEqual(slip.state, "sent")
        self.assertFalse(slip.result)
        self.assertEqual(self.kinds(ticket)[-1], "unit_wrote")
        self.deliver()
        summaries = " ".join(filter(None, self.todos(ticket).mapped("summary")))
        self.assertIn("no result", summaries)
        mail = self.env["mail.mail"].search([("email_to", "=", "daumoi@example.com")])
        self.assertIn(ticket.name, mail[:1].subject)
        self.assertIn(slip._get_response_path(), str(mail[:1].body_html))
        # A stranger's mail lands there too, and is not answered
        before = self.env["mail.mail"].search_count([])
        slip.message_update({"email_from": "la@example.com", "body": "<p>x</p>"})
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        with self.assertRaises(AccessError):
            slip.with_user(self.focal).message_update({"body": "x"})

    def test_art10_2_a_proved_mail_is_the_result_where_the_setting_says_so(self):
        self.focal.email = "daumoi@example.com"
        ticket = self.transferred()
        self.deliver()
        slip = self.env["pakn.transfer"].browse(ticket.sudo().open_transfer_id.id)
        notice = self.env["mail.mail"].search(
            [("email_to", "like", "daumoi@example.com")], limit=1, order="id desc"
        )
        self.assertEqual(notice.model, "pakn.transfer")
        mail = {
            "email_from": "Đầu mối <daumoi@example.com>",
            "body": "<p>Đã sửa xong, xin cảm ơn.</p>",
            "in_reply_to": notice.message_id,
            "attachments": [("anh.png", PICTURE, {})],
        }

        def update(**changes):
            slip.message_update({**mail, **changes})
            return slip.state

        self.assertEqual(update(), "sent", "off unless it is switched on")
        settings = self.env["res.config.settings"].create(
            {"pakn_unit_mail_is_result": True}
        )
        settings.execute()
        forged = notice.message_id.replace(
            f"-{self.focal.id}-", f"-{self.other_focal.id}-"
        )
        for changes in (
            {"email_from": "ai-do@example.com"},
            {"in_reply_to": ticket.sudo().message_ids[:1].message_id},
            {"in_reply_to": forged, "email_from": self.other_focal.email},
            {"body": "<p> </p>"},
        ):
            self.assertEqual(update(**changes), "sent", changes)
            self.assertEqual(self.kinds(ticket)[-1], "unit_wrote")
        self.assertEqual(update(), "answered")
        self.assertIn("Đã sửa xong", slip.result)
        self.assertEqual(slip.result_attachment_ids.name, "anh.png")
        event = ticket.sudo().event_ids.filtered(lambda e: e.kind == "responded")
        self.assertEqual(event.user_id, self.focal)
        mails = [
            ("email_to", "=", "daumoi@example.com"),
            ("subject", "like", ticket.name),
        ]
        told = self.env["mail.mail"].search_count(mails)
        update()
        count = self.env["mail.mail"].search_count(mails)
        self.assertEqual(count, told + 1, "too late, and said so")

    def test_art14_a_message_unread_for_a_working_hour_is_a_todo(self):
        ticket = self.new_ticket()
        self.set_clock("2026-03-02 10:00")
        ticket.sudo()._note_reply("Bao giờ xong?")
        tickets = self.env["pakn.ticket"]
        self.set_clock("2026-03-02 10:30")
        tickets._cron_urge_replies()
        self.assertFalse(self.todos(ticket))
        self.set_clock("2026-03-02 11:00")
        tickets._cron_urge_replies()
        self.assertEqual(self.todos(ticket).user_id, self.operator)
        tickets._cron_urge_replies()
        self.assertEqual(len(self.todos(ticket)), 1)
        self.assertTrue(ticket.has_new_reply)
