from contextlib import contextmanager

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..tools import acts, province

DOORS = [
    ("app", "In the program"),
    ("mail", "Mail"),
    ("sms", "SMS"),
    ("zalo", "Zalo"),
    ("facebook", "Facebook"),
    ("livechat", "Chat box"),
    ("push", "App"),
    ("phone", "Telephone"),
]
# Key in the transaction's cache of what an act is queueing
GATHERED = "pakn_gathered_notices"


class PaknNotice(models.Model):
    """The outbox (Art. 10.1): who is told of which act, how, and whether it arrived.

    An act inserts one row for each person, and nothing else: no text is made and
    nothing is sent within the act. ``_cron_deliver``, woken at commit, chooses the
    door, has it make the message (``mail.mail``, ``sms.sms``, a to-do) and writes what
    became of it. Staff are told in the program at once and by each further door that
    is open (mail, SMS); a citizen by one door, the next one when it fails, and by the
    telephone when none is left: a to-do "call the citizen". Of an act that can be taken
    back nobody is told until that time is over (``pakn.undo``).

    Another addon adds a door by adding to :meth:`_get_doors` and giving
    ``_hand_over_<door>``; the door reports with :meth:`_settle`. What is told of
    something that is no request has none, and its door is chosen by its addon, which
    gives :meth:`_get_record` and :meth:`_get_mail_to`.
    """

    _name = "pakn.notice"
    _description = "Notice"
    _inherit = ["pakn.notice.mail", "pakn.notice.delivery", "pakn.notice.news"]
    _order = "id desc"
    _rec_name = "act"
    # An act has the row made, a job changes it: nobody looks for who did
    _log_access = False

    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    transfer_id = fields.Many2one(
        "pakn.transfer",
        string="Slip",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    act = fields.Selection(
        selection=lambda self: self._selection_act(), required=True, readonly=True
    )
    audience = fields.Selection(
        [
            ("citizen", "Citizen"),
            ("unit", "Focal point"),
            ("head", "Head"),
            ("office", "Provincial office"),
            ("operator", "Operator"),
            ("manager", "Administrator"),
        ],
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="pakn_1022.group_operator",
    )
    addressee = fields.Char(
        string="Told to",
        compute="_compute_addressee",
        groups="pakn_1022.group_operator",
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    note = fields.Text(readonly=True)
    door = fields.Selection(DOORS, readonly=True)
    tried = fields.Char(
        string="Doors tried", readonly=True, help="Names of doors, with blanks between."
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("read", "Read"),
            ("failed", "Failed"),
            ("unreachable", "Not reachable"),
            ("withdrawn", "Not told: the act was taken back"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    is_handed = fields.Boolean(
        string="With the door", readonly=True, help="The door has it and reports."
    )
    reason = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)
    date = fields.Datetime(
        string="Act on", required=True, readonly=True, default=fields.Datetime.now
    )
    date_next = fields.Datetime(string="Not before", readonly=True)
    date_sent = fields.Datetime(string="Sent on", readonly=True)

    # The bell of each of staff
    _news_idx = models.Index("(user_id, id DESC) WHERE door = 'app' AND state = 'sent'")
    # What the job looks for at each run
    _waiting_idx = models.Index(
        "(id) WHERE state = 'waiting' AND is_handed IS NOT TRUE"
    )
    _unreachable_idx = models.Index("(ticket_id) WHERE state = 'unreachable'")
    # What jobs of the night go through, one day after another
    _date_idx = models.Index("(date, id)")

    @api.model
    def _selection_act(self):
        # The labels are marked for translation in the table itself
        translate = self.env._
        return [(act.key, translate(act.label)) for act in acts.ACTS]

    @api.depends("act", "audience", "ticket_id.name")
    def _compute_display_name(self):
        labels = dict(self._selection_act())
        for notice in self:
            notice.display_name = f"{notice.ticket_id.name} · {labels[notice.act]}"

    @api.depends("partner_id")
    def _compute_addressee(self):
        for notice in self:
            notice.addressee = notice.partner_id.display_name

    # ------------------------------------------------------------
    # INTO THE OUTBOX
    # ------------------------------------------------------------

    @api.model
    def _queue(self, act, audience, people):
        """Insert one notice for each person, and wake the job at commit.

        In SQL: an act of the clock may tell thousands, and nothing hangs on the rows.
        Who acts is not told of the own act. For which acts citizens have a text, and
        by which doors, is asked by the job.

        :param str act: of the table of acts
        :param str audience: of :data:`acts.AUDIENCES`
        :param people: ``(request or slip, res.users or None, note or None)``; without a
            user it is the citizen of the request
        """
        rows = []
        for record, user, note in people:
            if user and user.id == self.env.uid:
                continue
            is_slip = record._name == "pakn.transfer"
            # sudo: whom to tell, whoever acts
            ticket_sudo = record.sudo().ticket_id if is_slip else record.sudo()
            partner_sudo = user.sudo().partner_id if user else ticket_sudo.citizen_id
            rows.append(
                (
                    ticket_sudo.id,
                    record.id if is_slip else None,
                    partner_sudo.id or None,
                    user.id if user else None,
                    note,
                    act,
                    audience,
                )
            )
        gathered = self.env.cr.cache.get(GATHERED)
        if gathered is None:
            self._insert(rows)
        else:
            gathered += rows

    @api.model
    @contextmanager
    def _gathering(self):
        """Insert in one statement what an act queues for several audiences."""
        cache = self.env.cr.cache
        if GATHERED in cache:
            yield
            return
        rows = cache[GATHERED] = []
        try:
            yield
        finally:
            del cache[GATHERED]
        self._insert(rows)

    @api.model
    def _insert(self, rows):
        if not rows:
            return
        now = fields.Datetime.now()
        undos = self.env["pakn.undo"]
        hold = undos._get_hold()
        waking = self._prepare_wake(hold)
        self.env.cr.execute(
            SQL(
                """%s
                   INSERT INTO pakn_notice (ticket_id, transfer_id, partner_id,
                       user_id, note, act, audience, state, date, date_next)
                   SELECT told.ticket_id, told.transfer_id, told.partner_id,
                          told.user_id, told.note, told.act, told.audience,
                          'waiting', %s, %s::timestamp
                     FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[],
                                 %s::text[], %s::text[], %s::text[])
                          WITH ORDINALITY AS told
                          (ticket_id, transfer_id, partner_id, user_id, note, act,
                           audience, nth)
                 ORDER BY told.nth
                RETURNING id, ticket_id""",
                SQL("WITH waking AS (%s)", waking) if waking else SQL(),
                *(now, hold),
                *map(list, zip(*rows, strict=True)),
            )
        )
        if hold:
            undos._keep_notices(self.env.cr.fetchall())
        self.env["pakn.ticket"].invalidate_model(["notice_ids"], flush=False)

    @api.model
    def _wake(self, date=None):
        """Have the job run, once for a transaction, as soon as it is committed.

        :param datetime date: UTC; later than now
        """
        waking = self._prepare_wake(date)
        if waking:
            self.env.cr.execute(waking)

    @api.model
    def _prepare_wake(self, date=None):
        """Return the statement for :meth:`_wake`; ``None`` where it was carried out."""
        woken = self.env.cr.precommit.data.setdefault("pakn_notice_woken", set())
        if date in woken:
            return None
        woken.add(date)
        cron = self.env["ir.model.data"]._xmlid_to_res_id("pakn_1022.ir_cron_deliver")
        return self.env["ir.cron"].browse(cron)._prepare_wake(date)

    @api.model
    @tools.ormcache("act", "audience")
    def _get_text_doors(self, act, audience):
        """Return the names of the doors that have a text for this act and audience."""
        # sudo: who acts need not read templates
        template = self.env["mail.template"].sudo()._get_pakn(act, audience)
        return ("mail",) if template else ()

    @api.model
    def _get_managers(self):
        """Return the administrators of the hotline who are there."""
        # sudo: res.groups - whoever acts
        group_sudo = self.env.ref("pakn_1022.group_manager").sudo()
        return group_sudo.all_user_ids.filtered("active").with_env(self.env)

    # ------------------------------------------------------------
    # TO-DOS
    # ------------------------------------------------------------

    @api.model
    def _add_todos(self, todos, is_call=False):
        """Put to-dos into people's lists, without a mail of their own.

        :param list todos: ``(record, res.users, UTC moment it is due, summary)``; the
            summary as a text, or as a function of the environment that translates it.
            Who causes a to-do may speak another language than who has to do it, and
            those who see it in the list of others: a citizen on the site, a program
        :param bool is_call: to call a citizen
        """
        if not todos:
            return
        local = self.with_context(lang=self.env["pakn.ticket"]._get_citizen_lang()).env
        activity_type = self.env.ref("pakn_1022.mail_activity_type_slip")
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(  # sudo: whoever acts may tell others without reading their to-dos
            [
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": self.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                    "user_id": user.id,
                    "date_deadline": province.to_local(date_due).date(),
                    "summary": summary(local) if callable(summary) else summary,
                    "pakn_is_call": is_call,
                }
                for record, user, date_due, summary in todos
            ]
        )

    @api.model
    def _ask_to_call(self, tickets, summary=None):
        """Have the operator call citizens whom no door reaches; one to-do a request.

        :param summary: as :meth:`_add_todos` takes it; the usual one when ``None``
        """
        now = fields.Datetime.now()
        summary = summary or (
            lambda env: env._("Call the citizen: no message reaches them")
        )
        # One call for a request, however many messages did not arrive
        known = {
            (todo.res_id, todo.user_id)
            for todo in self.env["mail.activity"]
            .sudo()  # sudo: whoever told
            .search(
                [
                    ("res_model", "=", "pakn.ticket"),
                    ("res_id", "in", tickets.ids),
                    ("pakn_is_call", "=", True),
                ]
            )
        }
        self._add_todos(
            [
                (ticket, user, now, summary)
                for ticket in tickets
                for user in ticket._get_caretakers()
                if (ticket.id, user) not in known
            ],
            is_call=True,
        )
