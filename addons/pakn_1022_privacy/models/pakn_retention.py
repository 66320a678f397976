from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

MANAGER = "pakn_1022.group_manager"
# Days for which a dry run is good
FRESH = 30
BATCH = 100
# Of requests, which go by an act of their own; all else is told by pakn.held
TICKET, TICKET_DAYS, TICKET_SEQUENCE = "ticket", 3650, 10


class PaknRetention(models.Model):
    """How long one kind of data is kept, and its removal afterwards.

    Off until the administrator has made a dry run, which counts what would be removed
    and removes nothing, and then turned it on; whoever changes the days begins anew. A
    nightly job then works batch by batch. There is a row for requests, and one for each
    kind of data that an installed addon says it keeps (``pakn.held``).
    """

    _name = "pakn.retention"
    _description = "Removal of data after their time"
    _order = "sequence, id"
    _rec_name = "target"

    sequence = fields.Integer(default=10)
    target = fields.Selection(
        lambda self: self._get_targets(), string="Data", required=True, readonly=True
    )
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

    @api.model
    def _get_targets(self):
        kept = self.env["pakn.held"]._get_kept()
        return [
            (TICKET, self.env._("Requests: words, persons and files (facts stay)")),
            *((key, kind.title) for key, kind in kept.items()),
        ]

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

    @api.model
    def _renew_rows(self):
        """Add the rows of addons that came, delete those of addons that went.

        Called when the register has its rows. A row that is added is off.
        """
        kept = self.env["pakn.held"]._get_kept()
        rows = self.search([], limit=1000)
        rows.filtered(lambda rule: rule.target not in {TICKET, *kept}).unlink()
        wanted = {TICKET: (TICKET_DAYS, TICKET_SEQUENCE, "request")} | {
            key: (kind.days, kind.sequence, kind.processing)
            for key, kind in kept.items()
        }
        missing = sorted(wanted.keys() - set(rows.exists().mapped("target")))
        if not missing:
            return
        register = self.env["pakn.processing"].with_context(active_test=False)
        found = register.search([("key", "in", [row[2] for row in wanted.values()])])
        processing = {row.key: row.id for row in found}
        self.create(
            [
                {
                    "target": key,
                    "days": wanted[key][0],
                    "sequence": wanted[key][1],
                    "processing_id": processing.get(wanted[key][2]),
                }
                for key in missing
            ]
        )

    def _get_kept(self):
        """Return the :class:`~odoo.addons.pakn_1022.tools.held.Kept` of this row.

        None where its addon is gone.
        """
        return self.env["pakn.held"]._get_kept().get(self.target)

    def _count(self):
        self.ensure_one()
        if self.target == TICKET:
            return self.env["pakn.ticket"].search_count(self._get_ticket_domain())
        kept = self._get_kept()
        if not kept:
            return 0
        self.env.flush_all()
        # Tables and conditions are those of code, see Kept
        self.env.cr.execute(
            f'SELECT count(*) FROM "{kept.table}" WHERE {kept.where}',
            {"limit": self._get_limit()},
        )
        return self.env.cr.fetchone()[0]

    def _run_batch(self, limit=BATCH):
        """Remove some of what is old; return how many."""
        self.ensure_one()
        if self.target == TICKET:
            tickets = self.env["pakn.ticket"].search(
                self._get_ticket_domain(), order="date_closed", limit=limit
            )
            tickets._remove_personal_data(
                self.env._("Kept for %s days after it was closed", self.days)
            )
            return len(tickets)
        kept = self._get_kept()
        if not kept:
            return 0
        self.env.flush_all()
        cr = self.env.cr
        # Tables, columns and conditions are those of code, see Kept
        cr.execute(
            f'SELECT id FROM "{kept.table}" WHERE {kept.where} LIMIT %(size)s',
            {"limit": self._get_limit(), "size": limit * 10},
        )
        ids = [number for [number] in cr.fetchall()]
        files = self._find_files(kept, ids)
        for rows in kept.beside:
            self._empty(rows.table, rows.where, rows.empty, {"ids": ids})
        # Past Odoo they would stay on the disk
        files.unlink()
        self._empty(kept.table, "id = ANY(%(ids)s)", kept.empty, {"ids": ids})
        self.env.invalidate_all(flush=False)
        return len(ids)

    @api.model
    def _find_files(self, kept, ids):
        """Return the files that go with rows of :class:`Kept`, in sudo."""
        files_sudo = self.env["ir.attachment"].sudo()  # sudo: they go by a rule
        if not kept.files or not ids:
            return files_sudo
        # The condition is that of code, see Kept
        self.env.cr.execute(
            f"SELECT id FROM ir_attachment WHERE {kept.files}", {"ids": ids}
        )
        return files_sudo.browse([number for [number] in self.env.cr.fetchall()])

    @api.model
    def _empty(self, table, where, empty, values):
        """Empty, or delete, rows, as ``Place`` in ``tools/held.py`` of the core says.

        :param str where: SQL over ``values``; it, ``table`` and the columns are those
            of code
        """
        cr = self.env.cr
        # What is under seal is sealed as it is left
        self.env["pakn.seal"]._touch_table(table, where, values)
        if empty is None:
            cr.execute(f'DELETE FROM "{table}" WHERE {where}', values)
            return
        words = self.env._("Removed")
        columns = ", ".join(f'"{name}" = %(to_{name})s' for name in empty)
        cr.execute(
            f'UPDATE "{table}" SET {columns} WHERE {where}',
            values
            | {
                f"to_{name}": text and text.format(words=words)
                for name, text in empty.items()
            },
        )

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
