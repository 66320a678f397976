from odoo import api, fields, models

from .pakn_notice import ACT


class PaknReportDispatch(models.Model):
    """One line of a report's sending: to whom it goes, and what became of it.

    One for each recipient of the whole and for each unit that gets its part. As soon as
    its files are made it has a notice in the outbox, which hands it over by mail and
    says what became of it: ``sent`` means that a mail server took it. Written by the
    sending alone; the manager reads it.
    """

    _name = "pakn.report.dispatch"
    _description = "Sending of a report"
    _order = "report_id, recipient_id, id"

    report_id = fields.Many2one(
        "pakn.report", required=True, index=True, ondelete="cascade", readonly=True
    )
    mailed_id = fields.Many2one(
        "pakn.report",
        string="What was mailed",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        help="The report itself, or the part of the unit.",
    )
    file_ids = fields.Many2many(
        "ir.attachment",
        "pakn_report_dispatch_file_rel",
        readonly=True,
        copy=False,
    )
    recipient_id = fields.Many2one(
        "pakn.report.recipient",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    unit_id = fields.Many2one(
        "pakn.unit", index="btree_not_null", ondelete="restrict", readonly=True
    )
    name = fields.Char(string="To", required=True, readonly=True)
    email = fields.Char(readonly=True)
    # One, by its index
    notice_ids = fields.One2many("pakn.notice", "dispatch_id", readonly=True)
    state = fields.Selection(
        selection="_selection_state",
        compute="_compute_state",
        compute_sudo=True,  # whoever reads the line reads what its notice says
    )
    reason = fields.Char(
        string="Why it failed", compute="_compute_state", compute_sudo=True
    )
    date_sent = fields.Datetime(
        string="Sent on", compute="_compute_state", compute_sudo=True
    )

    _recipient_unique = models.UniqueIndex(
        "(report_id, recipient_id) WHERE recipient_id IS NOT NULL",
        "This recipient stands there already.",
    )
    _unit_unique = models.UniqueIndex(
        "(report_id, unit_id) WHERE unit_id IS NOT NULL",
        "This unit stands there already.",
    )

    @api.model
    def _selection_state(self):
        state = self.env["pakn.notice"]._fields["state"]
        return state._description_selection(self.env)

    @api.depends("report_id.name", "name")
    def _compute_display_name(self):
        for dispatch in self:
            dispatch.display_name = f"{dispatch.name} · {dispatch.report_id.name}"

    @api.depends("notice_ids.state", "notice_ids.reason", "notice_ids.date_sent")
    def _compute_state(self):
        for dispatch in self:
            notice = dispatch.notice_ids
            # Its files are still being made
            dispatch.state = notice.state or "waiting"
            dispatch.reason = notice.reason
            dispatch.date_sent = notice.date_sent

    @api.model
    def _prepare_address(self, unit):
        """Return the addresses of a unit: its office, head and focal points."""
        people = unit.head_user_id | unit.focal_user_ids
        emails = [unit.email, *people.mapped("email")]
        return ",".join(dict.fromkeys(email for email in emails if email))

    def _hand_over(self, files):
        """Make the files of this line and put it into the outbox, in one transaction.

        :param dict files: report -> its attachments, of this run; those that are made
            here are added
        """
        self.ensure_one()
        if not self.email:
            self._notify("unreachable")
            return
        report = self.report_id
        if self.unit_id and report.unit_id != self.unit_id:
            report = report._get_part(self.unit_id)
        if report not in files:
            attachments = report._make_files()
            # Kept at once: others of the run use them, whatever comes of this line
            self.env["ir.cron"]._commit_progress()
            files[report] = attachments
        self.write({"mailed_id": report.id, "file_ids": files[report].ids})
        self._notify("waiting")

    def _notify(self, state, reason=False):
        """Put one notice for this line into the outbox."""
        self.ensure_one()
        notices = self.env["pakn.notice"]
        notices.create(
            {
                "dispatch_id": self.id,
                "act": ACT,
                "audience": "recipient",
                "door": "mail",
                "state": state,
                "reason": reason,
            }
        )
        if state == "waiting":
            notices._wake()

    def _try_again(self):
        """Have what did not arrive mailed anew, to the address of now.

        The files are made anew as well where that is what failed.
        """
        for dispatch in self:
            if dispatch.state not in ("failed", "unreachable"):
                continue
            notice = dispatch.notice_ids
            # Nobody sends the old one from the list of mails
            mails = self.env["mail.mail"].search(
                [("pakn_notice_ids", "in", notice.ids), ("state", "=", "exception")]
            )
            mails.cancel()
            notice.unlink()
            if dispatch.unit_id:
                dispatch.email = self._prepare_address(dispatch.unit_id)
            elif dispatch.recipient_id.email:
                dispatch.email = dispatch.recipient_id.email

    def _settle(self):
        """Settle the reports of these lines: the whole, and the part that went."""
        (self.report_id | self.mailed_id)._settle()
