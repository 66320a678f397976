from datetime import timedelta

from odoo import api, fields, models

# Law 91/2025/QH15, Art. 23: hours within which the authority is told
NOTICE_HOURS = 72


class PaknBreach(models.Model):
    """A breach of the rules on people's data, and its notice to the authority.

    What happened, to how many, what may come of it and what is done; printed as the
    notice that goes to the authority on personal data (Law 91/2025/QH15, Art. 23).
    """

    _name = "pakn.breach"
    _description = "Breach of personal data"
    _order = "date_found desc, id desc"

    name = fields.Char(string="What happened, in short", required=True)
    date_found = fields.Datetime(
        string="Found on", required=True, default=fields.Datetime.now
    )
    date_due = fields.Datetime(
        string="To be notified by", compute="_compute_date_due", store=True
    )
    date_notified = fields.Datetime(string="Notified on")
    state = fields.Selection(
        [
            ("open", "To be notified"),
            ("late", "Notice overdue"),
            ("notified", "Notified"),
        ],
        compute="_compute_state",
    )
    place = fields.Char(string="Where and when it happened")
    description = fields.Text(string="What happened", required=True)
    processing_ids = fields.Many2many(
        "pakn.processing",
        string="Which processing",
        required=True,
        help="From the register: which data, of whom, and who gets them.",
    )
    count_people = fields.Integer(string="People concerned (about)")
    consequences = fields.Text(string="What may come of it", required=True)
    measures = fields.Text(string="What was and is done", required=True)
    contact_id = fields.Many2one(
        "res.users", string="Who answers for it", default=lambda self: self.env.user
    )

    @api.depends("date_found")
    def _compute_date_due(self):
        for breach in self:
            found = breach.date_found
            breach.date_due = found and found + timedelta(hours=NOTICE_HOURS)

    @api.depends("date_due", "date_notified")
    def _compute_state(self):
        now = fields.Datetime.now()
        for breach in self:
            if breach.date_notified:
                breach.state = "notified"
            else:
                is_late = breach.date_due and breach.date_due < now
                breach.state = "late" if is_late else "open"
