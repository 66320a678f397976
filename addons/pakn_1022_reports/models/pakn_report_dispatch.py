from odoo import api, fields, models


class PaknReportDispatch(models.Model):
    """One line of a report's sending: to whom it goes, and what became of the mail.

    One for each recipient of the whole and for each unit that gets its part.
    ``waiting``: not mailed yet, or the mail waits in the queue; ``sent``: a mail server
    took it; ``failed``: with the reason; ``unreachable``: there is no address. Written
    by the sending alone; the manager reads it.
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
    mail_id = fields.Many2one(
        "mail.mail", index="btree_not_null", ondelete="set null", readonly=True
    )
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("waiting", "Waiting"),
            ("failed", "Failed"),
            ("unreachable", "No address"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    reason = fields.Char(string="Why it failed", readonly=True)
    date_sent = fields.Datetime(string="Sent on", readonly=True)

    _recipient_unique = models.UniqueIndex(
        "(report_id, recipient_id) WHERE recipient_id IS NOT NULL",
        "This recipient stands there already.",
    )
    _unit_unique = models.UniqueIndex(
        "(report_id, unit_id) WHERE unit_id IS NOT NULL",
        "This unit stands there already.",
    )

    @api.model
    def _prepare_address(self, unit):
        """Return the address of a unit as values: its office, head and focal points."""
        people = unit.head_user_id | unit.focal_user_ids
        emails = [unit.email, *people.mapped("email")]
        emails = ",".join(dict.fromkeys(email for email in emails if email))
        return {"email": emails, "state": "waiting" if emails else "unreachable"}

    def _mail(self, files):
        """Make the mail of this line and note it, both in one transaction.

        :param dict files: report -> its attachments, of this run; those that are made
            here are added
        """
        self.ensure_one()
        report = self.report_id
        if self.unit_id and report.unit_id != self.unit_id:
            report = report._get_part(self.unit_id)
        if report not in files:
            attachments = report._make_files()
            # Kept at once: others of the run use them, whatever comes of this line
            self.env["ir.cron"]._commit_progress()
            files[report] = attachments
        mail = report._make_mail(self.email, files[report])
        self.write({"mailed_id": report.id, "mail_id": mail.id})

    def _try_again(self):
        """Have what did not arrive mailed anew, to the address of now."""
        for dispatch in self:
            if dispatch.state not in ("failed", "unreachable"):
                continue
            # Nobody sends the old one from the list of mails
            dispatch.mail_id.filtered(lambda mail: mail.state == "exception").cancel()
            values = {"mail_id": False, "state": "waiting", "reason": False}
            if dispatch.unit_id:
                values |= self._prepare_address(dispatch.unit_id)
            elif dispatch.recipient_id.email:
                values["email"] = dispatch.recipient_id.email
            dispatch.write(values)

    def _fail(self, reason):
        self.write({"state": "failed", "reason": reason})

    @api.model
    def _follow(self, mails):
        """Take over what became of mails, and settle their reports."""
        dispatches = self.search([("mail_id", "in", mails.ids)])
        for dispatch in dispatches:
            mail = dispatch.mail_id
            if mail.state == "sent":
                dispatch.write(
                    {
                        "state": "sent",
                        "reason": False,
                        "date_sent": fields.Datetime.now(),
                    }
                )
            elif mail.state in ("exception", "cancel"):
                dispatch._fail(mail.failure_reason or self.env._("It was cancelled."))
            else:
                dispatch.write({"state": "waiting", "reason": False})
        (dispatches.report_id | dispatches.mailed_id)._settle()
