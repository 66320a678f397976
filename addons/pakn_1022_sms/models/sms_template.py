from odoo import api, fields, models

from ..tools.segments import count_segments, remove_accents


class SmsTemplate(models.Model):
    """The text of an act for an audience; switched off, nobody is told by SMS."""

    _inherit = "sms.template"

    pakn_act = fields.Selection(
        selection=lambda self: self.env["pakn.notice"]._selection_act(), string="Act"
    )
    pakn_audience = fields.Selection(
        selection=lambda self: (
            self.env["pakn.notice"]._fields["audience"]._description_selection(self.env)
        ),
        string="Audience",
    )
    pakn_is_on = fields.Boolean(string="Is sent", default=True)
    pakn_preview = fields.Text(string="Preview", compute="_compute_pakn_preview")
    pakn_segments = fields.Integer(
        string="SMS of the preview", compute="_compute_pakn_preview"
    )
    pakn_segments_plain = fields.Integer(
        string="… without accents", compute="_compute_pakn_preview"
    )

    _pakn_act_audience_unique = models.UniqueIndex(
        "(pakn_act, pakn_audience) WHERE pakn_act IS NOT NULL",
        "This act has a text for this audience already.",
    )

    @api.depends("body", "model")
    def _compute_pakn_preview(self):
        for template in self:
            text = False
            if template.model in ("pakn.ticket", "pakn.transfer"):
                record = self.env[template.model].search([], limit=1, order="id desc")
                if record:
                    text = template._render_field("body", record.ids)[record.id]
            template.pakn_preview = text
            template.pakn_segments = count_segments(text) if text else 0
            template.pakn_segments_plain = (
                count_segments(remove_accents(text)) if text else 0
            )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.cr.cache.pop("pakn_sms_texts", None)  # whether SMS has a text
        return super().create(vals_list)

    def write(self, vals):
        self.env.cr.cache.pop("pakn_sms_texts", None)
        return super().write(vals)

    @api.model
    def _get_pakn_template(self, act, audience):
        """Return the text of an act for an audience, empty if it is switched off."""
        # sudo: who acts need not read templates
        return self.sudo().search(
            [
                ("pakn_act", "=", act),
                ("pakn_audience", "=", audience),
                ("pakn_is_on", "=", True),
            ],
            limit=1,
        )
