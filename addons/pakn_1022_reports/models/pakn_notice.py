from odoo import api, fields, models

ACT = "reported"


class PaknNotice(models.Model):
    """Reports go out by the outbox too (Art. 12.2, 21).

    Their notices have a line of the report's sending where others have a request, and
    mail as their door from the beginning: a report is a paper, and nobody's to-do.
    """

    _inherit = "pakn.notice"

    audience = fields.Selection(
        selection_add=[("recipient", "Recipient")],
        ondelete={"recipient": "cascade"},
    )
    dispatch_id = fields.Many2one(
        "pakn.report.dispatch",
        string="Sending of a report",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups="pakn_1022.group_manager",
    )

    _dispatch_unique = models.UniqueIndex(
        "(dispatch_id) WHERE dispatch_id IS NOT NULL",
        "This line of the sending has its notice already.",
    )
    _subject_check = models.Constraint(
        "CHECK (num_nonnulls(ticket_id, dispatch_id) = 1)",
        "A notice tells of a request or of a report.",
    )

    def _selection_act(self):
        return [*super()._selection_act(), (ACT, self.env._("Periodic report"))]

    def _compute_display_name(self):
        # sudo: pakn.report.dispatch - what a notice is about, whoever may read it
        reports_sudo = self.sudo().filtered("dispatch_id")
        for notice in reports_sudo:
            notice.display_name = notice.dispatch_id.display_name
        others = self.browse(set(self._ids) - set(reports_sudo._ids))
        return super(PaknNotice, others)._compute_display_name()

    @api.depends("dispatch_id")
    def _compute_addressee(self):
        # sudo: pakn.report.dispatch - as above
        reports_sudo = self.sudo().filtered("dispatch_id")
        for notice in reports_sudo:
            notice.addressee = notice.dispatch_id.display_name
        others = self.browse(set(self._ids) - set(reports_sudo._ids))
        return super(PaknNotice, others)._compute_addressee()

    def _get_record(self):
        if self.dispatch_id:
            return self.dispatch_id.mailed_id
        return super()._get_record()

    def _get_mail_to(self):
        if self.dispatch_id:
            return self.dispatch_id.email
        return super()._get_mail_to()

    def _prepare_mails(self, template):
        """Enclose the files of a report, which its own job has made."""
        vals_list = super()._prepare_mails(template)
        for notice, vals in zip(self, vals_list, strict=True):
            vals["attachment_ids"] += [
                fields.Command.link(file.id) for file in notice.dispatch_id.file_ids
            ]
        return vals_list

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.dispatch_id._settle()
        return result
