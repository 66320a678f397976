import json

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..tools import acts
from .common import TAGS, PaknCase, local

# Stored fields that are no part of the procedure and nobody's words: Odoo's own, and
# what is worked out from the others
NEITHER = {
    # Where it stands on the board, and words worked out of what it says
    "pakn.ticket": {"stage_id", "search_all", "search_text"},
    "pakn.transfer": set(),
}


@tagged(*TAGS)
class TestActs(PaknCase):
    """The table of acts is the one place that says who may do what, and when."""

    # ------------------------------------------------------------
    # THE TABLE
    # ------------------------------------------------------------

    def test_the_table_holds_together(self):
        self.assertEqual(len(acts.BY_KEY), len(acts.ACTS), "keys are used once")
        ticket_states = set(dict(self.env["pakn.ticket"]._fields["state"].selection))
        slip_states = set(dict(self.env["pakn.transfer"]._fields["state"].selection))
        for act in acts.ACTS:
            with self.subTest(act.key):
                states = ticket_states if act.model == acts.TICKET else slip_states
                self.assertLessEqual({*act.states, *act.by_office}, states)
                self.assertLessEqual(set(act.levels), set(acts.LEVELS))
                self.assertLessEqual(set(act.needs), set(acts.NEEDS))
                self.assertLessEqual(set(act.told), {"citizen", *acts.STAFF})
                self.assertLessEqual(set(act.work), set(act.told) | {"manager"})
                self.assertIn(act.recorded, acts.BY_KEY)
                if act.name:
                    self.assertTrue(callable(getattr(self.env[act.model], act.name)))
        kinds = dict(
            self.env["pakn.event"]._fields["kind"]._description_selection(self.env)
        )
        self.assertEqual(set(kinds), {act.recorded for act in acts.ACTS})

    def test_each_dialog_asks_for_what_its_act_keeps(self):
        """One box for words, whose hint is the act's own; none says it is for ever."""
        hints = {}
        for model in ("pakn.ticket.reason", "pakn.transfer.respond"):
            arch = etree.fromstring(self.env[model].get_view()["arch"])
            for operation, _label in self.env[model]._fields["operation"].selection:
                values = {"operation": operation}
                hints[operation] = [
                    node.get("placeholder")
                    for node in arch.xpath("//field[@name='reason']")
                    if not safe_eval(node.get("invisible") or "False", values)
                ]
        for operation in ("answer", "delegate"):
            self.assertFalse(hints.pop(operation))
        self.assertEqual({len(shown) for shown in hints.values()}, {1}, hints)
        # A unit that needs longer is not asked whose matter it is, nor who called, why
        shared = hints["cancel"]
        for operation in ("urge", "note_call", "extend", "give_back", "schedule"):
            self.assertNotEqual(hints[operation], shared, operation)
        self.assertNotEqual(hints["extend"], hints["give_back"])
        # It can be taken back for a moment, as the toast says
        self.assertIn("cancelled", acts.REVOCABLE)
        text = self.env["pakn.ticket.reason"].get_view()["arch"]
        self.assertNotIn("cannot be undone", text)

    def test_why_not(self):
        extend = acts.get_act(acts.SLIP, "extend")
        right = acts.Facts("scheduled", {acts.RESPONDER}, {"extension_left"}, "focal")
        for facts, reason in (
            (right, None),
            (right._replace(roles={acts.OPERATOR}), "who"),
            (right._replace(state="sent"), "state"),
            (right._replace(holds=()), "extension_left"),
        ):
            self.assertEqual(acts.why_not(extend, facts), reason)
        transfer = acts.get_act(acts.TICKET, "transfer")
        for state, roles, reason in (
            ("new", {acts.OPERATOR}, None),
            ("transferred", {acts.OPERATOR}, "state"),
            ("escalated_province", {acts.OFFICE}, None),
            ("new", {acts.OFFICE}, "state"),
            ("new", set(), "who"),
        ):
            self.assertEqual(acts.why_not(transfer, acts.Facts(state, roles)), reason)

    # ------------------------------------------------------------
    # WHAT IT SAYS TO WHOM
    # ------------------------------------------------------------

    def test_get_acts_says_what_may_be_done_and_why_not(self):
        ticket = self.new_ticket()
        [found] = ticket.get_acts().values()
        for name in ("reject", "answer", "transfer", "refer_to_province", "cancel"):
            self.assertIs(found[name], True, name)
        self.assertIn("new", found["send_result"].lower())
        self.assertEqual(
            set(found), {act.name for act in acts.get_operations("pakn.ticket")}
        )
        self.assertEqual(
            set(ticket.acts) - {"read"},
            {name for name, value in found.items() if value is True},
        )
        monitor = ticket.with_user(self.monitor)
        [found] = monitor.get_acts().values()
        self.assertFalse([name for name, value in found.items() if value is True])
        with self.assertRaises(AccessError):
            ticket.with_user(self.employee).get_acts()

    def test_art20_1_who_was_faster_is_said(self):
        """Two have the same request open; the second one is told by whom it is done."""
        self.set_clock("2026-03-02 08:00")
        ticket = self.new_ticket()
        self.set_clock("2026-03-02 08:05")
        ticket.with_user(self.manager).reject(self.reason.id)
        said = f"{self.manager.name} has done this at 08:05 02/03/2026: Rejected"
        for act in (lambda: ticket.answer("<p>Rõ</p>"), lambda: ticket.cancel("Thử")):
            with self.assertRaisesRegex(UserError, said):
                act()
        # Not to oneself, and to nobody from outside
        with self.assertRaises(UserError) as refused:
            ticket.with_user(self.manager).answer("<p>Rõ</p>")
        self.assertNotIn("has done this", str(refused.exception))
        with self.assertRaises(UserError) as refused:
            ticket.sudo().answer("<p>Rõ</p>")
        self.assertNotIn("has done this", str(refused.exception))

    def test_every_offer_works_and_every_refusal_refuses(self):
        """What ``acts`` offers on a slip is done; what it does not is refused."""
        arguments = {
            "answer": ["<p>Xong</p>"],
            "add_files": [[]],
            "schedule": [local("2026-03-10 10:00")],
            "extend": [local("2026-03-20 10:00"), "Chờ vật tư"],
            "give_back": ["Nhầm"],
            "delegate": [self.focal.ids],
            "recall": ["Nhầm"],
        }

        def sent():
            return self.transferred().open_transfer_id

        def scheduled():
            slip = sent()
            slip.with_user(self.focal).schedule(local("2026-03-09 10:00"))
            return slip

        def extended():
            slip = scheduled()
            slip.with_user(self.focal).extend(local("2026-03-11 10:00"), "Chờ")
            return slip

        def escalated():
            return sent().sudo()._escalate()

        def delegated():
            slip = escalated()
            slip.with_user(self.head).delegate(self.focal.ids)
            return slip

        for make in (sent, scheduled, extended, escalated, delegated):
            refused = make()
            for user in (self.focal, self.head, self.operator, self.other_focal):
                slip = refused.with_user(user)
                if not slip.has_access("read"):
                    continue
                slip.invalidate_recordset(["acts"])
                offered = slip.acts
                for act in acts.get_operations("pakn.transfer"):
                    values = arguments.get(act.name, [])
                    with self.subTest(make.__name__, user=user.login, act=act.name):
                        if act.name in offered:
                            with self.env.cr.savepoint() as savepoint:
                                getattr(slip, act.name)(*values)
                                self.env.flush_all()
                                savepoint.rollback()
                            self.env.invalidate_all()
                        else:
                            with self.assertRaises(UserError):
                                getattr(slip, act.name)(*values)

    def test_art11_3_after_the_only_extension_none_is_offered(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        slip.schedule(local("2026-03-05 10:00"))
        self.assertIn("extend", slip.acts)
        slip.extend(local("2026-03-09 10:00"), "Chờ vật tư")
        slip.invalidate_recordset(["acts"])
        self.assertNotIn("extend", slip.acts)
        self.assertIn("11.3", slip.get_acts()[slip.id]["extend"])

    def test_art10_3_a_delegate_is_not_offered_to_delegate(self):
        ticket = self.transferred()
        self.lead_slip(ticket, self.focal).sudo()._escalate()
        head_slip = self.lead_slip(ticket, self.head)
        self.assertIn("delegate", head_slip.acts)
        head_slip.delegate(self.focal.ids)
        slip = self.lead_slip(ticket, self.focal)
        self.assertNotIn("delegate", slip.acts)
        self.assertIn("answer", slip.acts)

    def test_acts_of_many_take_no_more_queries_than_of_few(self):
        def count(size):
            tickets = self.env["pakn.ticket"].browse()
            for _i in range(size):
                tickets |= self.transferred()
            slip_ids = tickets.open_transfer_id.ids
            slips = self.env["pakn.transfer"].with_user(self.focal).browse(slip_ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            slips.mapped("acts")
            tickets.mapped("acts")
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(5), count(20))

    # ------------------------------------------------------------
    # WHO WRITES WHAT
    # ------------------------------------------------------------

    def test_every_field_is_the_procedures_or_somebodys_words(self):
        """Of every addon that is installed: a new field must say whose it is."""
        for name, neither in NEITHER.items():
            model = self.env[name]
            known = model._get_procedure_fields() | model._get_content_fields()
            odoo = {
                field
                for parent in ("portal.mixin", "rating.mixin", "mail.activity.mixin")
                if parent in self.env
                for field in self.env[parent]._fields
            }
            found = {
                field.name
                for field in model._fields.values()
                if field.store and field.name not in {*odoo, *MAGIC_COLUMNS}
            }
            self.assertEqual(found - known - neither, set(), name)

    def test_art09_nobody_writes_the_procedure_by_hand(self):
        ticket = self.transferred()
        values = {"char": "x", "selection": "done", "boolean": True, "datetime": False}
        for record in (ticket, ticket.open_transfer_id):
            for name in sorted(record._get_procedure_fields()):
                field = record._fields[name]
                value = values.get(field.type, 1)
                for writer in (self.operator, self.manager, self.env.user):
                    target = record.with_user(writer)
                    if writer == self.env.user:
                        target = record.sudo()
                    with (
                        self.subTest(name, writer=writer.login),
                        self.assertRaises(AccessError),
                    ):
                        target.write({name: value})

    def test_art09_the_key_to_the_procedure_cannot_be_sent(self):
        """Whatever a context over RPC says, it is JSON and not our object."""
        ticket = self.new_ticket()
        for value in (True, 1, "x", {}, [], "<object object>"):
            context = json.loads(json.dumps({"pakn_acting": value}))
            with self.assertRaises(AccessError):
                ticket.with_context(**context).write({"state": "done"})
            with self.assertRaises(AccessError):
                ticket.sudo().with_context(**context).write({"state": "done"})
            with self.assertRaises(AccessError):
                self.env["pakn.ticket"].with_user(self.operator).with_context(
                    **context
                ).create(
                    {"title": "x", "description": "<p>y</p>", "is_published": True}
                )

    def test_art09_what_is_counted_is_written_by_acts_alone(self):
        """Seen: an operator could write what reports and the public site count."""
        ticket = self.done()
        for name, value in (
            ("outcome", "focal"),
            ("date_ended", "2026-01-01 00:00:00"),
            ("date_first", "2026-01-01 00:00:00"),
            ("rating_last_value", 5),
            ("was_overdue", False),
            ("access_token", "x"),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.write({name: value})
            with self.subTest(name), self.assertRaises(AccessError):
                self.env["pakn.ticket"].with_user(self.operator).create(
                    {"title": "x", "description": "<p>y</p>", name: value}
                )

    def test_art09_a_correction_is_an_act_of_its_own(self):
        ticket = self.new_ticket()
        ticket.write({"latitude": 13.98, "check_scope": False, "title": "Đèn tắt"})
        [event] = ticket.event_ids.filtered(lambda e: e.kind == "updated")
        self.assertEqual(
            event.payload,
            {
                "latitude": [0.0, 13.98],
                "check_scope": [True, False],
                "title": ["Đèn đường hỏng", "Đèn tắt"],
            },
        )

    def test_somebody_elses_upload_cannot_be_attached(self):
        theirs = (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create({"name": "x.txt", "raw": b"x"})
        )
        with self.assertRaises(AccessError):
            self.new_ticket(attachment_ids=[(4, theirs.id)])
