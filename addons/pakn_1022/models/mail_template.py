from odoo import api, fields, models

from ..tools import acts

# Texts for whoever a slip is addressed to, at any level
STAFF = "staff"


class MailTemplate(models.Model):
    """The texts of the outbox by mail: which act, told to whom (Art. 10.1)."""

    _inherit = "mail.template"

    pakn_act = fields.Selection(
        selection=lambda self: self.env["pakn.notice"]._selection_act(),
        string="Act",
        help="Empty: whatever hands a slip to somebody.",
    )
    pakn_audience = fields.Selection(
        [
            ("citizen", "Citizen"),
            ("staff", "Focal point, head, provincial office"),
            ("operator", "Operator"),
            ("manager", "Administrator"),
        ],
        string="Audience",
    )

    _pakn_unique = models.UniqueIndex(
        "(COALESCE(pakn_act, ''), pakn_audience) WHERE pakn_audience IS NOT NULL",
        "This act has a text for this audience already.",
    )

    @api.model
    def _get_pakn(self, act, audience):
        """Return the text of an act for an audience; empty if there is none."""
        is_staff = audience in acts.AUDIENCE_OF_LEVEL.values()
        audience = STAFF if is_staff else audience
        texts = self.search([("pakn_audience", "=", audience)], limit=100)
        found = texts.filtered(lambda text: text.pakn_act == act)
        if not found and is_staff and act not in acts.SLIP_GONE:
            found = texts.filtered(lambda text: not text.pakn_act)
        return found[:1]

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()  # which doors have a text
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def _generate_template_attachments(
        self, res_ids, render_fields, render_results=None
    ):
        results = super()._generate_template_attachments(
            res_ids, render_fields, render_results
        )
        if "attachment_ids" in render_fields and (
            self.pakn_act == "sent" and self.pakn_audience == "citizen"
        ):
            # The files of a result go to the citizen with it.
            for ticket in self.env["pakn.ticket"].browse(res_ids):
                # sudo: ir.attachment - the result is sent as a whole
                results[ticket.id]["attachment_ids"] = [
                    *results[ticket.id]["attachment_ids"],
                    *ticket.sudo().result_attachment_ids.ids,
                ]
        return results
