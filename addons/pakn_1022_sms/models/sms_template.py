from odoo import api, fields, models

from ..tools.segments import count_segments, remove_accents

EVENTS = [
    ("received", "Received"),
    ("rejected", "Rejected"),
    ("transferred", "Transferred"),
    ("escalated", "Escalated"),
    ("scheduled", "Appointment"),
    ("extended", "Extension"),
    ("reminder", "24 hours before the end"),
    ("nearly_due", "Nearly due"),
    ("overdue", "Overdue"),
    ("delegated", "Delegated"),
    ("result", "Result"),
    ("rating", "Request to rate"),
]
AUDIENCES = [
    ("citizen", "Citizen"),
    ("focal", "Focal point"),
    ("head", "Head"),
    ("province", "Provincial office"),
    ("operator", "Operator"),
]


class SmsTemplate(models.Model):
    """The text of an event for an audience; switched off, nobody is told."""

    _inherit = "sms.template"

    pakn_event = fields.Selection(EVENTS, string="Event")
    pakn_audience = fields.Selection(AUDIENCES, string="Audience")
    pakn_is_on = fields.Boolean(string="Is sent", default=True)
    pakn_preview = fields.Text(string="Preview", compute="_compute_pakn_preview")
    pakn_segments = fields.Integer(
        string="SMS of the preview", compute="_compute_pakn_preview"
    )
    pakn_segments_plain = fields.Integer(
        string="… without accents", compute="_compute_pakn_preview"
    )

    _pakn_event_audience_unique = models.UniqueIndex(
        "(pakn_event, pakn_audience) WHERE pakn_event IS NOT NULL",
        "This event has a text for this audience already.",
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

    @api.model
    def _get_pakn_template(self, event, audience):
        """Return the text of an event for an audience, empty if it is switched off."""
        # sudo: who acts need not read templates
        return self.sudo().search(
            [
                ("pakn_event", "=", event),
                ("pakn_audience", "=", audience),
                ("pakn_is_on", "=", True),
            ],
            limit=1,
        )
