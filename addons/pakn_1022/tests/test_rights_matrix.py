from contextlib import suppress
from inspect import signature
from itertools import product

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import TAGS, PaknCase

ROLES = (
    "public",
    "citizen",
    "employee",
    "focal",
    "other_focal",
    "head",
    "office_user",
    "monitor",
    "operator",
    "cleared",
    "manager",
)

# Design, section 7: what each role may do with a model at all. Letters: read, create,
# write, unlink; roles that are not named may nothing.
STAFF = "focal other_focal head office_user monitor operator cleared manager"
CONFIGURATION = {f"employee {STAFF}": "r", "manager": "rcwu"}
OPERATORS_DIALOG = {"operator cleared manager": "rcw"}
MODELS = {
    "pakn.ticket": {STAFF: "r", "operator cleared manager": "rcw"},
    "pakn.transfer": {STAFF: "r"},
    "pakn.event": {STAFF: "r"},
    "pakn.phone.code": {},
    "pakn.rate.limit": {},
    "pakn.undo": {},
    "pakn.search.word": {},
    "pakn.mail": {"operator cleared manager": "r"},
    "pakn.mail.sent": {"manager": "r"},
    "pakn.notice": {"monitor operator cleared manager": "r"},
    "pakn.unit": CONFIGURATION,
    "pakn.area": CONFIGURATION,
    "pakn.routing.rule": CONFIGURATION,
    "pakn.unit.end": {"manager": "rcw"},
    "pakn.person.new": {"manager": "rcw"},
    "pakn.people.import": {"manager": "rcw"},
    "pakn.category": CONFIGURATION,
    "pakn.channel": CONFIGURATION,
    "pakn.stage": CONFIGURATION,
    "pakn.reject.reason": CONFIGURATION,
    "pakn.working.day": CONFIGURATION,
    "pakn.article": {
        f"employee {STAFF}": "r",
        "focal other_focal head office_user operator cleared": "rcw",
        "manager": "rcwu",
    },
    "pakn.ticket.answer": OPERATORS_DIALOG,
    "pakn.ticket.hand.out": {"manager": "rcw"},
    "pakn.ticket.rate": OPERATORS_DIALOG,
    "pakn.ticket.reason": OPERATORS_DIALOG,
    "pakn.ticket.reject": OPERATORS_DIALOG,
    "pakn.ticket.write": OPERATORS_DIALOG,
    "pakn.ticket.transfer": {"office_user operator cleared manager": "rcw"},
    "pakn.transfer.respond": {
        "focal other_focal head office_user": "rcw",
        "manager": "rcw",
    },
    "pakn.transfer.recount": {"manager": "rcwu"},
    "pakn.transfer.recount.line": {"manager": "rcwu"},
}

# Who reads which requests, and their slips: by secrecy, of those that lie with the
# unit of ``focal`` and ``head``, and of those that lie with another one.
READ = {
    ("public", "own"): "focal head monitor operator cleared manager",
    ("public", "other"): "other_focal monitor operator cleared manager",
    ("public", "province"): "office_user monitor operator cleared manager",
    ("confidential", "own"): "focal head monitor operator cleared manager",
    ("confidential", "other"): "other_focal monitor operator cleared manager",
    ("secret", "own"): "focal head cleared manager",
    ("secret", "other"): "other_focal cleared manager",
    ("secret", "province"): "office_user cleared manager",
}
# Who is told the citizen's name, phone, address and email of them
KNOW = {
    ("public", "own"): "focal head operator cleared manager",
    ("public", "other"): "other_focal operator cleared manager",
    ("public", "province"): "office_user operator cleared manager",
    ("confidential", "own"): "operator cleared manager",
    ("confidential", "other"): "operator cleared manager",
    ("secret", "own"): "focal head cleared manager",
    ("secret", "other"): "other_focal cleared manager",
    ("secret", "province"): "office_user cleared manager",
}

# Operation -> (how the request is made ready, its arguments, who may)
HOTLINE = "operator cleared manager"
UNIT = "focal head manager"
OPERATIONS = {
    ("pakn.ticket", "reject"): ("new", lambda case: [case.reason.id], HOTLINE),
    ("pakn.ticket", "answer"): ("new", lambda case: ["<p>Xong.</p>"], HOTLINE),
    ("pakn.ticket", "transfer"): ("new", lambda case: [case.unit.ids], HOTLINE),
    ("pakn.ticket", "refer_to_province"): ("new", lambda case: ["Chưa rõ"], HOTLINE),
    ("pakn.ticket", "cancel"): ("new", lambda case: ["Trùng"], HOTLINE),
    ("pakn.ticket", "send_result"): ("answered", lambda case: [], HOTLINE),
    ("pakn.ticket", "publish"): ("unpublished", lambda case: [], HOTLINE),
    ("pakn.ticket", "unpublish"): ("done", lambda case: [], HOTLINE),
    ("pakn.ticket", "reopen"): ("done", lambda case: ["Chưa xong"], HOTLINE),
    ("pakn.ticket", "rate"): ("done", lambda case: [5], HOTLINE),
    ("pakn.ticket", "action_reply_read"): ("new", lambda case: [], HOTLINE),
    ("pakn.ticket", "add_units"): (
        "transferred",
        lambda case: [case.other_unit.ids],
        HOTLINE,
    ),
    ("pakn.ticket", "return_result"): ("answered", lambda case: ["Thiếu"], HOTLINE),
    ("pakn.ticket", "note_call"): ("unreached", lambda case: [], HOTLINE),
    ("pakn.ticket", "renew_link"): ("new", lambda case: [], HOTLINE),
    # A shift leader's, as the manager is one
    ("pakn.ticket", "hand_out"): ("new", lambda case: [case.cleared.id], "manager"),
    # Of who did it alone
    ("pakn.ticket", "take_back"): ("by_hand", lambda case: [], "operator"),
    ("pakn.ticket", "act_on_part"): (
        "new",
        lambda case: [[["reject", [case.reason.id]]], "part"],
        HOTLINE,
    ),
    ("pakn.ticket", "drop_on_stage"): (
        "answered",
        lambda case: [case.env["pakn.stage"]._get_default_stages()["done"].id],
        HOTLINE,
    ),
    ("pakn.transfer", "recall"): ("transferred", lambda case: ["Nhầm"], HOTLINE),
    ("pakn.transfer", "urge"): ("transferred", lambda case: [], HOTLINE),
    ("pakn.transfer", "escalate"): ("late", lambda case: [], HOTLINE),
    ("pakn.transfer", "acknowledge"): ("transferred", lambda case: [], UNIT),
    ("pakn.transfer", "answer"): ("transferred", lambda case: ["<p>Xong.</p>"], UNIT),
    ("pakn.transfer", "add_files"): ("transferred", lambda case: [[]], UNIT),
    ("pakn.transfer", "schedule"): (
        "transferred",
        lambda case: ["2026-03-05 01:00:00"],
        UNIT,
    ),
    ("pakn.transfer", "extend"): (
        "scheduled",
        lambda case: ["2026-03-09 01:00:00", "Chờ vật tư"],
        UNIT,
    ),
    ("pakn.transfer", "give_back"): ("transferred", lambda case: ["Nhầm"], UNIT),
    ("pakn.transfer", "delegate"): (
        "escalated",
        lambda case: [case.focal.ids],
        "head manager",
    ),
    ("pakn.unit", "end"): ("new", lambda case: ["2030-01-01"], "manager"),
    ("pakn.transfer", "action_escalate"): ("late", lambda case: [], HOTLINE),
    ("pakn.first.steps", "get_steps"): ("new", lambda case: [], "manager"),
    ("pakn.transfer", "get_clock_board"): (
        "transferred",
        lambda case: [],
        "monitor manager",
    ),
}
# Public, but neither an operation nor anything that tells or changes something by
# itself: dialogs, Odoo's own methods with our rules in them (tested where they are),
# and what tells the manager alone how the clock is.
GATEWAY = {"message_process", "message_route", "message_parse", "message_new"} | {
    *("message_update", "message_notify", "message_mail_with_source"),
    *("message_post_with_source", "message_change_thread"),
    *("rating_send_request", "rating_apply"),
}
NO_OPERATIONS = {
    "pakn.unit": {"get_import_templates", "write"} | GATEWAY,
    "pakn.first.steps": set(),
    "pakn.ticket": {"init", "create", "write", "copy_data", "message_post", "web_save"}
    | {"read_progress_bar", "formatted_read_group", "get_acts", "message_subscribe"}
    | {"message_get_followers", "get_portal_url", "search_count"}
    # The operators' desk and conversations: test_desk.py and test_talks.py say who may
    | {"get_desk", "get_talks", "look", "take"}
    # Tells of no request: how a number is written (test_desk.py)
    | {"say_phones"}
    | GATEWAY,
    "pakn.transfer": {"init", "create", "write", "get_clock_status", "get_acts"}
    | {"message_subscribe", "message_get_followers", "message_post"}
    | GATEWAY,
}
# Buttons that do what the operation of that name does, or read the request
BUTTONS_LIKE_OPERATIONS = {"action_escalate", "action_reply_read"}


WATCHED = ["state", "result", "is_overdue", "record_length", "record_hash", "unit_id"]


def named(text):
    return set(text.split())


@tagged(*TAGS)
class TestRightsMatrix(PaknCase):
    """Design, section 7: each role against each model, request and operation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cleared = new_test_user(
            cls.env,
            login="test_cleared",
            groups="pakn_1022.group_secrecy_clearance",
            lang="en_US",
        )
        cls.citizen = new_test_user(
            cls.env, login="test_citizen", groups="base.group_portal"
        )
        cls.users = {role: getattr(cls, role) for role in ROLES}

    def test_every_model_and_role(self):
        self.check_rights("pakn_1022", MODELS, ROLES)

    def make(self, secrecy, where):
        """Return a request of that secrecy that lies with that unit."""
        unit = self.other_unit if where == "other" else self.unit
        ticket = self.transferred(unit).sudo()
        ticket.secrecy = secrecy
        if where == "province":
            slip = ticket.open_transfer_id
            for _level in ("head", "province"):
                slip = slip._escalate()
        return ticket

    def test_every_request_and_role(self):
        for (secrecy, where), roles in READ.items():
            ticket = self.make(secrecy, where)
            records = {"request": ticket, "slip": ticket.transfer_ids}
            if where == "province":
                del records["slip"]  # each level reads its own
            self.env.flush_all()
            for role, user in self.users.items():
                for name, record in records.items():
                    with self.subTest(role, secrecy=secrecy, where=where, of=name):
                        record = record.with_user(user)
                        may = role in named(roles)
                        self.assertEqual(record.has_access("read"), may)
                        for operation in ("create", "write", "unlink"):
                            works = (
                                name == "request"
                                and operation != "unlink"
                                and may
                                and role in named(HOTLINE)
                            )
                            self.assertEqual(record.has_access(operation), works)
                        if record.browse().has_access("read"):
                            found = record.search([("id", "in", record.ids)])
                            self.assertEqual(bool(found), may)

    def test_art13_1_who_is_told_of_the_citizen(self):
        given = {
            "citizen_name": "Nguyễn Văn A",
            "citizen_phone": "+84905123456",
            "citizen_address": "12 Hùng Vương, Pleiku",
            "citizen_email": "nguyenvana@example.com",
        }
        masked = {
            "citizen_name": "Nguyễn ***",
            "citizen_phone": "***456",
            "citizen_address": "***",
            "citizen_email": "***",
        }
        for (secrecy, where), roles in KNOW.items():
            ticket = self.make(secrecy, where)
            self.env.flush_all()
            for role in named(READ[secrecy, where]):
                with self.subTest(role, secrecy=secrecy, where=where):
                    known = role in named(roles)
                    [values] = ticket.with_user(self.users[role]).read(list(given))
                    values.pop("id")
                    if known:
                        self.assertEqual(values, given)
                    elif secrecy == "public":
                        self.assertEqual(values, masked)
                    else:
                        self.assertEqual(values, dict.fromkeys(given, False))
                    slip = ticket.transfer_ids[:1].with_user(self.users[role])
                    self.assertEqual(slip.citizen_phone, values["citizen_phone"])
                    search = self.env["pakn.ticket"].with_user(self.users[role])
                    for name, value in given.items():
                        for operator in ("=", "ilike"):
                            found = search.search(
                                [(name, operator, value), ("id", "=", ticket.id)]
                            )
                            self.assertEqual(bool(found), known, (name, operator))

    def ready(self, how):
        """Return a request at the state in which an operation is possible."""
        if how == "new":
            return self.new_ticket()
        if how == "by_hand":
            ticket = self.new_ticket()
            ticket._act_by_hand("rejected", [["reject", [self.reason.id]]])
            return ticket
        if how == "unreached":
            ticket = self.transferred(citizen_email=False)
            self.deliver()
            return ticket
        if how in ("done", "unpublished"):
            ticket = self.done()
            if how == "unpublished":
                ticket.unpublish()
            return ticket
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        if how == "answered":
            slip.answer("<p>Đã thay bóng đèn.</p>")
        elif how == "scheduled":
            slip.schedule("2026-03-05 01:00:00")
        elif how == "escalated":
            slip.sudo()._escalate()
        elif how == "late":
            self.set_clock("2026-03-20 08:00")
            self.addCleanup(self.set_clock, "2026-03-02 08:00")
        return ticket

    def test_every_operation_is_in_the_table(self):
        for name, others in NO_OPERATIONS.items():
            public = {
                attribute
                for parent in self.registry[name].mro()
                if parent.__module__.startswith("odoo.addons.pakn_1022.")
                for attribute, value in vars(parent).items()
                if callable(value)
                and not attribute.startswith("_")
                and not isinstance(value, type)
            }
            buttons = {
                attribute for attribute in public if attribute.startswith("action_")
            } - BUTTONS_LIKE_OPERATIONS
            listed = {operation for model, operation in OPERATIONS if model == name}
            self.assertEqual(public - buttons - others, listed, name)

    def test_every_operation_and_role(self):
        for (model, operation), (how, arguments, roles) in OPERATIONS.items():
            for role, user in self.users.items():
                with self.subTest(role, model=model, operation=operation):
                    self.set_clock("2026-03-02 08:00")
                    ticket = self.ready(how)
                    record = ticket.sudo()
                    if model == "pakn.transfer":
                        record = record.open_transfer_id
                    elif model == "pakn.unit":
                        record = self.unit
                    elif model == "pakn.first.steps":
                        record = self.env[model]
                    record = record.with_user(user)
                    self.env.flush_all()
                    before = len(ticket.sudo().event_ids)
                    if role in named(roles):
                        getattr(record, operation)(*arguments(self))
                        continue
                    with (
                        mute_logger("odoo.addons.base.models.ir_rule"),
                        self.assertRaises(AccessError),
                    ):
                        getattr(record, operation)(*arguments(self))
                    self.env.invalidate_all()
                    self.assertEqual(len(ticket.sudo().event_ids), before)

    def test_what_makes_no_sense_is_answered_with_a_sentence(self):
        """Programs send anything; nobody is told of the program itself."""
        ticket = self.transferred().sudo()
        records = (
            (self.new_ticket(), self.operator),
            (ticket, self.operator),
            (ticket.open_transfer_id, self.focal),
            (ticket.open_transfer_id, self.operator),
            (self.unit, self.manager),
        )
        nonsense = (True, 1.5, "x", "\0", "\ud800", [[1]], {"a": 1}, [2**70], 2**70)
        nonsense += ("9999-12-31 23:59:59", "0001-01-01 00:00:00")
        self.env.flush_all()
        for record, user in records:
            for model, operation in OPERATIONS:
                if model != record._name or operation.startswith("get_"):
                    continue
                method = getattr(record.with_user(user), operation)
                names = list(signature(method).parameters)
                for name, value in product(names, nonsense):
                    given = dict.fromkeys(names, "Lý do") | {name: value}
                    with (
                        self.subTest(model, operation=operation, **{name: value}),
                        mute_logger("odoo.addons.base.models.ir_rule"),
                        suppress(UserError),
                        self.env.cr.savepoint() as savepoint,
                    ):
                        method(**given)
                        self.env.flush_all()
                        savepoint.rollback()
                    self.env.invalidate_all()

    def test_buttons_of_others_do_nothing(self):
        """What a button opens is of no use to who may not do it."""
        ticket = self.transferred().sudo()
        for name in ("pakn.ticket", "pakn.transfer"):
            record = ticket
            if name == "pakn.transfer":
                record = record.open_transfer_id
            for parent in self.registry[name].mro():
                for attribute in vars(parent):
                    if not attribute.startswith("action_"):
                        continue
                    if not parent.__module__.startswith("odoo.addons.pakn_1022."):
                        continue
                    state = ticket.read(WATCHED)
                    for role in ("citizen", "employee", "other_focal", "monitor"):
                        user = self.users[role]
                        with mute_logger("odoo.addons.base.models.ir_rule"):
                            try:
                                with self.env.cr.savepoint():
                                    getattr(record.with_user(user), attribute)()
                            except Exception as error:  # noqa: BLE001
                                self.assertNotIsInstance(
                                    error, (AttributeError, TypeError), attribute
                                )
                    self.env.invalidate_all()
                    self.assertEqual(ticket.read(WATCHED), state, attribute)

    def test_nobody_writes_the_private_columns(self):
        ticket = self.new_ticket()
        for name in ("private_name", "private_phone", "citizen_id", "record_hash"):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.with_user(self.manager).write({name: False})

    def test_citizens_are_told_to_none_of_the_staff_through_their_contacts(self):
        ticket = self.new_ticket()
        contact = ticket.sudo().citizen_id
        for role in ("public", "citizen", "employee", "focal", "head", "monitor"):
            with self.subTest(role):
                user = self.users[role]
                self.assertFalse(contact.with_user(user).has_access("read"))
                found = (
                    self.env["res.partner"].with_user(user).name_search("Nguyễn Văn A")
                )
                self.assertNotIn(contact.id, [partner_id for partner_id, _n in found])
                own = user.partner_id.with_user(user)
                self.assertTrue(own.has_access("read"))
        self.assertTrue(contact.with_user(self.operator).has_access("read"))


TREE = {
    "title": {},
    "citizen_name": {},
    "transfer_ids": {"fields": {"result": {}, "citizen_name": {}}},
    "event_ids": {"fields": {"note": {}}},
    "attachment_ids": {"fields": {"name": {}}},
}
TEXTUAL = ("char", "text", "html", "json", "many2one", "reference")
SECRETS = ("Bí Mật Văn Lộ", "0978111222", "978111222", "bimat.vanlo", "Ngõ Kín 77")


class SecretsCase(PaknCase):
    """A confidential and a secret request that have left every trace there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.citizen = new_test_user(
            cls.env, login="test_citizen", groups="base.group_portal"
        )

    def setUp(self):
        super().setUp()
        self.words = {}
        self.tickets = {}
        for secrecy in ("confidential", "secret"):
            ticket = (
                self.transferred(
                    secrecy=secrecy,
                    title=f"Việc {secrecy}zz",
                    citizen_name=SECRETS[0],
                    citizen_phone=SECRETS[1],
                    citizen_email=f"{SECRETS[3]}@example.com",
                    citizen_address=SECRETS[4],
                    attachment_ids=[
                        (
                            0,
                            0,
                            {
                                "name": f"{secrecy}zz.txt",
                                "raw": f"{secrecy}zz".encode(),
                            },
                        )
                    ],
                )
                if secrecy == "confidential"
                else self.secret()
            )
            # Everything that leaves traces: correction, mail, chatter, rating, to-do
            ticket.with_user(self.manager).write({"citizen_name": SECRETS[0] + " B"})
            ticket.with_user(self.manager).write({"citizen_name": SECRETS[0]})
            ticket.sudo().message_post(
                body=f"Kính gửi {SECRETS[0]}, {SECRETS[1]}: {secrecy}zz",
                author_id=ticket.sudo().citizen_id.id,
                partner_ids=ticket.sudo().citizen_id.ids,
                subtype_xmlid="mail.mt_comment",
                attachments=[(f"{secrecy}zz2.txt", SECRETS[0].encode())],
            )
            ticket.sudo().message_subscribe(ticket.sudo().citizen_id.ids)
            ticket.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=f"Gọi {SECRETS[0]} {secrecy}zz",
                user_id=self.manager.id,
            )
            self.lead_slip(ticket, self.focal).answer(f"<p>{secrecy}zz xong</p>")
            ticket.with_user(self.manager).send_result()
            ticket.with_user(self.manager).rate(1, f"Chưa xong {secrecy}zz")
            self.tickets[secrecy] = ticket
        self.env.flush_all()

    def secret(self):
        """Return a request taken in by the manager, secret from its first moment."""
        ticket = (
            self.env["pakn.ticket"]
            .with_user(self.manager)
            .create(
                {
                    "title": "Việc secretzz",
                    "description": "<p>Nội dung secretzz thật dài.</p>",
                    "citizen_name": SECRETS[0],
                    "citizen_phone": SECRETS[1],
                    "citizen_address": SECRETS[4],
                    "citizen_email": f"{SECRETS[3]}@example.com",
                    "category_id": self.category.id,
                    "secrecy": "secret",
                    "attachment_ids": [
                        (0, 0, {"name": "secretzz.txt", "raw": b"secretzz"})
                    ],
                }
            )
        )
        ticket.transfer(self.unit.ids)
        return ticket


@tagged(*TAGS)
class TestEveryRoad(SecretsCase):
    """Art. 13.1, 15.4: no road leads to a citizen who asked for confidentiality, or to
    a state secret, for those who may not know: each stored text of each model is read
    as each of them."""

    def read_everything(self, user):
        """Yield ``(model, field, text)`` of all that ``user`` can read by the ORM."""
        self.env.invalidate_all()
        for name in sorted(self.registry):
            model = self.env[name].with_user(user).with_context(active_test=False)
            if model._abstract or not model._auto or not model.has_access("read"):
                continue
            records = model.search([], order="id desc", limit=300)
            names = [
                field.name
                for field in model._fields.values()
                if field.type in TEXTUAL
                and field.name != "arch_base"
                and model._has_field_access(field, "read")
                and (field.store or name.startswith(("pakn.", "mail.", "rating.")))
            ]
            for field in names:
                try:
                    values = records.read([field])
                except AccessError:
                    continue
                for value in values:
                    yield name, field, str(value[field])
            try:
                found = model.name_search(SECRETS[0], limit=20)
            except AccessError:
                continue
            for _id, text in found:
                yield name, "name_search", text

    def test_nothing_is_read_of_the_citizen_or_the_secret(self):
        roads = {
            self.monitor: (*SECRETS, "secretzz"),
            self.other_focal: (*SECRETS, "secretzz", "confidentialzz"),
            self.employee: (*SECRETS, "secretzz", "confidentialzz"),
            self.citizen: (*SECRETS, "secretzz", "confidentialzz"),
            # Whose unit has the slips, but who shall not know of the citizen
            self.focal: (),
            self.operator: ("secretzz",),
        }
        for user, words in roads.items():
            with mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"):
                found = {
                    (model, field, word)
                    for model, field, text in self.read_everything(user)
                    for word in words
                    if word in text
                }
            self.assertFalse(found, user.login)

    def test_units_read_their_slips_without_the_confidential_citizen(self):
        # A secret is told to who holds its slip, with the citizen's name
        secret = self.tickets["secret"].sudo()
        found = {
            (model, field)
            for model, field, text in self.read_everything(self.focal)
            for word in SECRETS
            if word in text and not (model.startswith("pakn.") and secret.name in text)
        }
        self.assertFalse(
            found
            - {
                ("pakn.ticket", name)
                for name in (
                    "citizen_name",
                    "citizen_phone",
                    "citizen_address",
                    "citizen_email",
                )
            }
            - {("pakn.transfer", "citizen_name"), ("pakn.transfer", "citizen_phone")}
        )
        slip = self.tickets["confidential"].sudo().transfer_ids.with_user(self.focal)
        self.assertFalse(slip.citizen_name or slip.ticket_id.citizen_name)

    def test_export_grouping_and_order_tell_nothing(self):
        columns = ["name", "title", "citizen_name", "citizen_phone", "citizen_email"]
        for user in (self.monitor, self.other_focal):
            user.group_ids += self.env.ref("base.group_allow_export")
            model = self.env["pakn.ticket"].with_user(user)
            tickets = model.search([])
            exported = str(tickets.export_data(columns)["datas"])
            self.assertNotIn(SECRETS[0], exported)
            self.assertNotIn("secretzz", exported)
            for name in ("private_name", "citizen_id", "private_phone"):
                with self.assertRaises(AccessError):
                    model._read_group([], [name], ["__count"])
                with self.assertRaises(AccessError):
                    model.search([(name, "!=", False)])
                with self.assertRaises(AccessError):
                    model.search([], order=name)
                if tickets:
                    with self.assertRaises(AccessError):
                        tickets.export_data([name])
            groups = model.formatted_read_group([], ["title"], ["__count"])
            self.assertNotIn("secretzz", str(groups))
            slips = self.env["pakn.transfer"].with_user(user)
            with self.assertRaises(AccessError):
                slips.search([("ticket_id.private_name", "ilike", "Bí")])
            self.assertFalse(slips.search([("ticket_id.citizen_name", "ilike", "Bí")]))


@tagged(*TAGS)
class TestEveryRoadOverHttp(SecretsCase, HttpCase):
    """The same by the roads of HTTP: files, pages, chatter, JSON-2."""

    def setUp(self):
        super().setUp()
        # sudo: the test itself knows all
        self.files = self.env["ir.attachment"].sudo().search([("name", "ilike", "zz")])
        self.assertEqual(len(self.files), 4)
        self.ids = [ticket.id for ticket in self.tickets.values()]

    def roads(self, user):
        """Yield what each road answers."""
        self.authenticate(user.login, user.login)
        for file in self.files:
            for address in (
                f"/web/content/{file.id}",
                f"/web/content/{file.id}?access_token=x",
                f"/web/content/ir.attachment/{file.id}/raw",
                f"/web/image/{file.id}",
            ):
                yield address, self.url_open(address).text
        for ticket_id in self.ids:
            for address in (
                f"/web/content/pakn.ticket/{ticket_id}/description",
                f"/mail/view?model=pakn.ticket&res_id={ticket_id}",
                f"/odoo/pakn.ticket/{ticket_id}",
                f"/my/pakn.ticket/{ticket_id}",
            ):
                yield address, self.url_open(address).text
            for thread in ("pakn.ticket", "res.partner"):
                yield (
                    f"chatter of {thread}",
                    self.url_open(
                        "/mail/thread/messages",
                        json={
                            "jsonrpc": "2.0",
                            "params": {"thread_model": thread, "thread_id": ticket_id},
                        },
                    ).text,
                )
        key = self.env["res.users.apikeys"].with_user(user).sudo()
        key = key._generate("rpc", "test", None)
        everything = {"domain": [], "fields": []}
        calls = [
            (model, "search_read", everything)
            for model in (
                "pakn.ticket",
                "pakn.transfer",
                "pakn.event",
                "mail.message",
                "mail.activity",
                "mail.followers",
                "ir.attachment",
                "rating.rating",
            )
        ]
        calls += [
            ("pakn.ticket", "read", {"ids": self.ids, "fields": []}),
            ("pakn.ticket", "web_read", {"ids": self.ids, "specification": TREE}),
            ("pakn.ticket", "name_search", {"name": "zz"}),
            ("pakn.ticket", "name_search", {"name": SECRETS[1]}),
            (
                "pakn.ticket",
                "export_data",
                {"ids": self.ids, "fields_to_export": ["title"]},
            ),
            ("res.partner", "name_search", {"name": SECRETS[0]}),
            (
                "pakn.ticket",
                "formatted_read_group",
                {"domain": [], "groupby": ["title"], "aggregates": ["__count"]},
            ),
            ("pakn.ticket", "message_get_suggested_recipients", {"ids": self.ids[:1]}),
        ]
        for model, method, arguments in calls:
            reply = self.url_open(
                f"/json/2/{model}/{method}",
                json=arguments,
                headers={"Authorization": f"bearer {key}"},
            )
            yield f"/json/2/{model}/{method}", reply.text

    def test_no_road_of_http_leads_there(self):
        for user, words in (
            (self.citizen, (*SECRETS, "secretzz", "confidentialzz")),
            (self.other_focal, (*SECRETS, "secretzz", "confidentialzz")),
            (self.monitor, (*SECRETS, "secretzz")),
        ):
            with mute_logger(
                "odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule"
            ):
                for road, text in self.roads(user):
                    for word in words:
                        self.assertNotIn(word, text, f"{user.login}: {road}")

    def test_the_roads_are_there_for_who_may(self):
        """The test above would see something if there were something to be seen."""
        with mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule"):
            seen = [
                road for road, text in self.roads(self.manager) if "secretzz" in text
            ]
        self.assertGreater(len(seen), 12)
        self.assertIn("/json/2/pakn.ticket/web_read", seen)
        self.assertIn("chatter of pakn.ticket", seen)
        self.assertTrue(any(road.startswith("/web/content/") for road in seen))
