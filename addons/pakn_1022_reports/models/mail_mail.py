from odoo import models


class MailMail(models.Model):
    """What becomes of a report's mail is what its line of the sending says."""

    _inherit = "mail.mail"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            mails = self.filtered(lambda mail: mail.model == "pakn.report")
            if mails:
                # sudo: pakn.report.dispatch - whoever has the queue sent
                self.env["pakn.report.dispatch"].sudo()._follow(mails)
        return result
