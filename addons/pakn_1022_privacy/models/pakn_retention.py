from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

MANAGER = "pakn_1022.group_manager"
# Days for which a dry run is good
FRESH = 30
BATCH = 100
TARGETS = [
    ("ticket", "Requests: words, persons and files (facts stay)"),
    ("call", "Calls without a request: numbers and names"),
    ("sms", "SMS: numbers and texts"),
    ("conversation", "Conversations without a request: words and names"),
    ("access", "Log of who opened whose data"),
    ("privacy", "Citizens' requests about their data: phone and words"),
]
# Target -> table, what is old, and the columns that are emptied (None: the row goes)
ROWS = {
    "call": (
        "pakn_call",
        """state IN ('done', 'missed', 'abandoned') AND private_number IS NOT NULL
           AND date_ring < %(limit)s AND NOT EXISTS (SELECT FROM pakn_call_ticket_rel
               WHERE call_id = pakn_call.id)""",
        ("private_number", "private_caller", "private_called", "private_name")
        + ("note", "facts"),
    ),
    "sms": (
        "sms_sms",
        "state NOT IN ('outgoing', 'process') AND create_date < %(limit)s"
        " AND (number IS NOT NULL OR body IS NOT NULL)",
        ("number", "body"),
    ),
    "conversation": (
        "discuss_channel",
        "channel_type = 'pakn_chat' AND pakn_ticket_id IS NULL"
        " AND last_interest_dt < %(limit)s AND pakn_outside_id IS NOT NULL",
        ("pakn_phone", "pakn_last_text", "pakn_helper", "pakn_outside_id")
        + ("description",),
    ),
    "access": ("pakn_access_log", "hour < %(limit)s", None),
    "privacy": (
        "pakn_privacy_request",
        "state IN ('done', 'refused') AND date_done < %(limit)s AND phone IS NOT NULL",
        ("phone", "words"),
    ),
}


class PaknRetention(models.Model):
    """How long one kind of data is kept, and its removal afterwards.

    Off until the administrator has made a dry run, which counts what would be removed
    and removes nothing, and then turned it on; whoever changes the days begins anew. A
    nightly job then works batch by batch.
    """

    _name = "pakn.retention"
    _description = "Removal of data after their time"
    _order = "sequence, id"
    _rec_name = "target"

    sequence = fields.Integer(default=10)
    target = fields.Selection(TARGETS, string="Data", required=True, readonly=True)
    processing_id = fields.Many2one(
        "pakn.processing", string="In the register", index="btree_not_null"
    )
    days = fields.Integer(string="Kept for (days)", required=True, default=3650)
    is_on = fields.Boolean(string="On", readonly=True)
    date_tried = fields.Datetime(string="Dry run on", readonly=True)
    count_tried = fields.Integer(string="Would be removed", readonly=True)
    date_run = fields.Datetime(string="Last run on", readonly=True)
    count_run = fields.Integer(string="Removed in all", readonly=True)

    _target_unique = models.UniqueIndex("(target)", "This has a row already.")

    @api.constrains("days")
    def _check_days(self):
        for rule in self:
            if rule.days < 30:
                raise ValidationError(
                    self.env._("Nothing is removed before 30 days have passed.")
                )

    def write(self, vals):
        if not self.env.su and vals.keys() - {"days", "sequence", "processing_id"}:
            raise AccessError(self.env._("Use the buttons: a dry run comes first."))
        if "days" in vals:
            # What was tried was another number
            vals = vals | {"is_on": False, "date_tried": False, "count_tried": 0}
        return super().write(vals)

    def _check_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator does this."))

    def action_try(self):
        """Count what would be removed now, and remove nothing."""
        self._check_manager()
        for rule in self.sudo():  # sudo: counts alone, the right is checked above
            rule.write(
                {"date_tried": fields.Datetime.now(), "count_tried": rule._count()}
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Dry run: %s would be removed. Nothing was removed.",
                    sum(self.mapped("count_tried")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_turn_on(self):
        """Have it removed each night from now on.

        :raise UserError: there was no dry run lately
        """
        self._check_manager()
        since = fields.Datetime.now() - timedelta(days=FRESH)
        for rule in self.sudo():  # sudo: the right is checked above
            if not rule.date_tried or rule.date_tried < since:
                raise UserError(
                    self.env._(
                        "Make a dry run first: it says how much would be removed."
                    )
                )
            rule.is_on = True

    def action_turn_off(self):
        """Remove nothing more."""
        self._check_manager()
        self.sudo().write({"is_on": False})  # sudo: the right is checked above

    def _get_limit(self):
        return fields.Datetime.now() - timedelta(days=self.days)

    def _get_ticket_domain(self):
        return [("date_closed", "<", self._get_limit()), ("date_erased", "=", False)]

    def _is_here(self):
        """Return whether the addon that keeps these data is installed."""
        if self.target == "ticket":
            return True
        table, _where, columns = ROWS[self.target]
        column = columns[0] if columns else None
        return self.env["pakn.ticket"]._has_table(table, column)

    def _count(self):
        self.ensure_one()
        if not self._is_here():
            return 0
        if self.target == "ticket":
            return self.env["pakn.ticket"].search_count(self._get_ticket_domain())
        table, where, _columns = ROWS[self.target]
        self.env.flush_all()
        # Tables and conditions are our own, above
        self.env.cr.execute(
            f'SELECT count(*) FROM "{table}" WHERE {where}',
            {"limit": self._get_limit()},
        )
        return self.env.cr.fetchone()[0]

    def _run_batch(self, limit=BATCH):
        """Remove some of what is old; return how many."""
        self.ensure_one()
        if not self._is_here():
            return 0
        if self.target == "ticket":
            tickets = self.env["pakn.ticket"].search(
                self._get_ticket_domain(), order="date_closed", limit=limit
            )
            tickets._remove_personal_data(
                self.env._("Kept for %s days after it was closed", self.days)
            )
            return len(tickets)
        table, where, columns = ROWS[self.target]
        self.env.flush_all()
        cr = self.env.cr
        rows = f'SELECT id FROM "{table}" WHERE {where} LIMIT %(size)s'
        values = {"limit": self._get_limit(), "size": limit * 10}
        if self.target == "conversation":
            cr.execute(
                f"""UPDATE mail_message SET body = '', subject = NULL,
                           email_from = NULL
                     WHERE model = 'discuss.channel' AND res_id IN ({rows})""",
                values,
            )
        if columns is None:
            cr.execute(f'DELETE FROM "{table}" WHERE id IN ({rows})', values)
        else:
            emptied = ", ".join(f'"{name}" = NULL' for name in columns)
            cr.execute(f'UPDATE "{table}" SET {emptied} WHERE id IN ({rows})', values)
        count = cr.rowcount
        self.env.invalidate_all(flush=False)
        return count

    @api.model
    def _cron_remove(self):
        """Remove what is older than it is kept, batch by batch, each committed."""
        cron = self.env["ir.cron"]
        rules = self.search([("is_on", "=", True)])
        cron._commit_progress(remaining=sum(rule._count() for rule in rules))
        for rule in rules:
            while count := rule._run_batch():
                rule.count_run += count
                rule.date_run = fields.Datetime.now()
                if not cron._commit_progress(count):
                    return
            rule.date_run = fields.Datetime.now()
