from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

TAGS = ("post_install", "-at_install", "pakn_1022")
ROLES = (
    *("public", "employee", "focal", "other_focal", "head", "office_user"),
    *("monitor", "operator", "manager"),
)


def local(text):
    """Return a moment of Gia Lai (UTC+7), ``YYYY-MM-DD HH:MM``, as naive UTC."""
    return fields.Datetime.to_datetime(text + ":00") - timedelta(hours=7)


class PaknCase(TransactionCase):
    """One user per role, two departments, and a clock that can be set.

    Works on an empty database as on one full of data: nothing is counted that
    the test did not make.
    """

    # What stops the clock, how it stands, and at which moment
    _clock = _stopped = _moment = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                lang="en_US",
                tz="Asia/Ho_Chi_Minh",
                no_reset_password=True,
            )
        )

        # In one go, which takes a third of the time
        users = cls.env["res.users"].create(
            [
                {
                    "login": f"test_{login}",
                    "password": f"test_{login}",
                    "name": login,
                    "group_ids": [
                        fields.Command.set(cls.env.ref(f"pakn_1022.group_{group}").ids)
                    ],
                    "email": f"{login}@example.com",
                    "lang": "en_US",
                    "tz": "Asia/Ho_Chi_Minh",
                    "notification_type": "inbox",
                }
                for login, group in (
                    ("operator", "operator"),
                    ("focal", "unit_focal"),
                    ("other_focal", "unit_focal"),
                    ("head", "unit_head"),
                    ("office", "provincial_office"),
                    ("monitor", "monitor"),
                    ("manager", "manager"),
                )
            ]
        )
        cls.operator, cls.focal, cls.other_focal, cls.head = users[:4]
        cls.office_user, cls.monitor, cls.manager = users[4:]
        # What everybody inside may use, but no role of the hotline.
        cls.employee = new_test_user(
            cls.env, login="test_employee", groups="base.group_user"
        )
        cls.public = cls.env.ref("base.public_user")

        # Nobody set these on the database the test runs in.
        params = cls.env["ir.config_parameter"]
        for name, value in (
            ("focal_hours", "8"),
            ("head_hours", "8"),
            ("province_hours", "8"),
            ("extension_limit", "1"),
            ("reminder_hours", "24"),
            ("reminder_share", "75"),
            ("notify_in_hours", "True"),
            ("auto_send_result", "False"),
        ):
            params.set_param(f"pakn_1022.{name}", value)

        cls.unit = cls.env["pakn.unit"].create(
            {
                "name": "Sở Thử nghiệm",
                "code": "TEST1",
                "kind": "department",
                "focal_user_ids": [fields.Command.set(cls.focal.ids)],
                "head_user_id": cls.head.id,
            }
        )
        cls.other_unit = cls.env["pakn.unit"].create(
            {
                "name": "Sở Khác",
                "code": "TEST2",
                "kind": "department",
                "focal_user_ids": [fields.Command.set(cls.other_focal.ids)],
            }
        )
        cls.office = cls.env["pakn.unit"]._get_provincial_office()
        cls.office.focal_user_ids = [fields.Command.link(cls.office_user.id)]
        cls.category = cls.env["pakn.category"].create(
            {"name": "Lĩnh vực thử", "code": "TEST", "default_unit_id": cls.unit.id}
        )
        cls.reason = cls.env["pakn.reject.reason"].create(
            {"name": "Ngoài phạm vi", "guidance": "<p>Xin gửi đến Tòa án.</p>"}
        )
        cls.article = cls.env["pakn.article"].create(
            {"name": "Làm thẻ ở đâu?", "answer": "<p>Tại bộ phận một cửa.</p>"}
        )

    def setUp(self):
        super().setUp()
        # A Monday morning, in the middle of the first half of a working day.
        self.set_clock("2026-03-02 08:00")

    def set_clock(self, moment):
        """Stop the clock at a moment of Gia Lai, ``YYYY-MM-DD HH:MM``."""
        self.set_moment(local(moment))

    def set_moment(self, moment):
        """Stop the clock at a moment of UTC, a datetime or its text."""
        case = type(self)
        if not case._clock:
            # To stop it changes all that knows the time, in some thousand modules: once
            # for the tests of a class
            case._clock = freeze_time(moment)
            case._stopped = case._clock.start()
            case.addClassCleanup(case._free_clock)
        case._moment = moment
        case._stopped.move_to(moment)

    @contextmanager
    def running_clock(self):
        """Let the clock run within, at the time that it really is."""
        case = type(self)
        case._clock.stop()
        try:
            yield
        finally:
            case._stopped = case._clock.start()
            case._stopped.move_to(case._moment)

    def run_clock(self):
        """Let the clock run until this test ends."""
        self.enterContext(self.running_clock())

    @classmethod
    def _free_clock(cls):
        cls._clock.stop()
        cls._clock = cls._stopped = None

    def new_ticket(self, **values):
        """Take in a request as the operator does."""
        return (
            self.env["pakn.ticket"]
            .with_user(self.operator)
            .create(
                {
                    "title": "Đèn đường hỏng",
                    "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày.</p>",
                    "citizen_name": "Nguyễn Văn A",
                    "citizen_phone": "0905 123 456",
                    "citizen_address": "12 Hùng Vương, Pleiku",
                    "citizen_email": "nguyenvana@example.com",
                    "category_id": self.category.id,
                    **values,
                }
            )
        )

    def transferred(self, *units, **values):
        """Return a request that lies with ``units`` (the test unit if none)."""
        ticket = self.new_ticket(**values)
        units = units or (self.unit,)
        ticket.transfer([unit.id for unit in units])
        return ticket

    def lead_slip(self, ticket, user):
        """Return the open lead slip as ``user`` sees it."""
        return ticket.sudo().open_transfer_id.with_user(user)

    def done(self, **values):
        """Return a request whose result has been sent."""
        ticket = self.transferred(**values)
        self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        ticket.send_result()
        if ticket.secrecy == "public":
            ticket.publish()
        return ticket

    def kinds(self, ticket):
        """Return the kinds of the recorded acts in their order."""
        return ticket.sudo().event_ids.sorted("id").mapped("kind")

    def deliver(self):
        """Hand over what waits in the outbox, as its job does after each commit."""
        notices = self.env["pakn.notice"].sudo()
        # The moment in which an act can be taken back is over
        self.env["pakn.undo"].sudo().search([])._release()
        self.env.flush_all()
        for _round in range(10):
            waiting = notices.search(notices._get_ready_domain(), order="id")
            if not waiting:
                break
            waiting._deliver()
            self.env.flush_all()
        else:
            self.fail("the outbox never ends")
        self.env.invalidate_all()

    def todos(self, record):
        """Return the to-dos of a request or slip after the outbox has been worked."""
        self.deliver()
        return record.sudo().activity_ids

    @contextmanager
    def slower_than_others(self, model, method):
        """Have others write the same rows as a method is called for the first time.

        PostgreSQL refuses it then, and what called it is done over.
        """
        model = type(self.env[model])
        call, met = getattr(model, method), []

        def meet(records, *args, **options):
            if not met:
                met.append(records)
                records.env.cr.execute(
                    "DO $$BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END$$",
                    log_exceptions=False,
                )
            return call(records, *args, **options)

        with patch.object(model, method, meet), patch("odoo.service.model.time.sleep"):
            yield
        self.assertTrue(met, "it was not called")

    def mails_to(self, email):
        """Return the mails queued for an address, oldest first."""
        self.deliver()
        return self.env["mail.mail"].search([("email_to", "ilike", email)], order="id")

    @contextmanager
    def committed_beside_others(self, meets):
        """Commit to savepoints, as a job would; refused where others were faster.

        :param meets: called at each commit; true if PostgreSQL refuses it
        """
        cursor = self.env.cr
        points = [cursor.savepoint()]

        def commit(_crons, *_args, **_options):
            cursor.flush()
            if meets():
                raise SerializationFailure
            points.append(cursor.savepoint())
            return 60

        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", commit),
            patch.object(cursor, "rollback", lambda: points[-1].rollback()),
        ):
            yield

    def explain_by(self, index, query):
        """Return how PostgreSQL would answer a query by this index of its table alone.

        On a table with a few rows all ways cost alike, and which it takes is chance.

        :param SQL query: of one table
        """
        self.env.cr.execute(
            """SELECT other.indexrelid::regclass::text
                 FROM pg_index this JOIN pg_index other USING (indrelid)
                WHERE this.indexrelid = %s::regclass
                  AND other.indexrelid <> this.indexrelid
                  AND NOT EXISTS (SELECT FROM pg_constraint
                                   WHERE conindid = other.indexrelid)""",
            (index,),
        )
        others = SQL(", ").join(
            SQL.identifier(name) for [name] in self.env.cr.fetchall()
        )
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute(SQL("DROP INDEX %s", others))
            for scan in ("seqscan", "bitmapscan"):
                self.env.cr.execute(SQL(f"SET LOCAL enable_{scan} = off"))
            self.env.cr.execute(SQL("EXPLAIN %s", query))
            plan = "\n".join(line for [line] in self.env.cr.fetchall())
            savepoint.rollback()
        return plan

    def check_rights(self, addon, models, roles=ROLES):
        """Check what each role may do with each model of an addon, and no more.

        :param dict models: all models of the addon, transient ones too:
            ``{model: {"role role": letters}}`` of read, create, write and unlink;
            who is not named may nothing
        :param roles: users of this case by their names
        """
        ours = {
            name
            for name, model in self.registry.items()
            if model._original_module == addon and not model._abstract
        }
        self.assertEqual(ours, set(models), "rows and models differ")
        letters = {"r": "read", "c": "create", "w": "write", "u": "unlink"}
        for name, rows in models.items():
            may = dict.fromkeys(roles, "")
            for named, rights in rows.items():
                may |= dict.fromkeys(named.split(), rights)
            for role in roles:
                model = self.env[name].with_user(getattr(self, role))
                found = "".join(
                    letter
                    for letter, operation in letters.items()
                    if model.has_access(operation)
                )
                with self.subTest(name, role=role):
                    self.assertEqual(found, may[role])
