from odoo import models


class MailTemplate(models.Model):
    """The files of a result go to the citizen with it (Art. 10.1)."""

    _inherit = "mail.template"

    def _generate_template_attachments(
        self, res_ids, render_fields, render_results=None
    ):
        results = super()._generate_template_attachments(
            res_ids, render_fields, render_results
        )
        if "attachment_ids" in render_fields and self == self.env.ref(
            "pakn_1022.mail_template_citizen_result", raise_if_not_found=False
        ):
            for ticket in self.env["pakn.ticket"].browse(res_ids):
                # sudo: ir.attachment - the result is sent as a whole
                results[ticket.id]["attachment_ids"] = [
                    *results[ticket.id]["attachment_ids"],
                    *ticket.sudo().result_attachment_ids.ids,
                ]
        return results
