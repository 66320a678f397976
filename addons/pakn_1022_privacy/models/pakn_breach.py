from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Law 91/2025/QH15, Art. 23: hours within which the authority is told
NOTICE_HOURS = 72


class PaknBreach(models.Model):
    """A breach of the rules on people's data, and its notice to the authority.

    What happened, to how many, what may come of it and what is done; printed as the
    notice that goes to the authority on personal data (Law 91/2025/QH15, Art. 23). A
    to-do of each administrator until it is noted as notified; when which moment was
    noted stands below it. Nobody deletes one.
    """

    _name = "pakn.breach"
    _description = "Breach of personal data"
    _inherit = "pakn.thread"
    _order = "date_found desc, id desc"

    name = fields.Char(string="What happened, in short", required=True, tracking=True)
    date_found = fields.Datetime(
        string="Found on",
        required=True,
        default=fields.Datetime.now,
        tracking=True,
    )
    date_due = fields.Datetime(
        string="To be notified by", compute="_compute_date_due", store=True
    )
    date_notified = fields.Datetime(string="Notified on", tracking=True)
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
    count_people = fields.Integer(string="People concerned (about)", tracking=True)
    consequences = fields.Text(string="What may come of it", required=True)
    measures = fields.Text(string="What was and is done", required=True)
    contact_id = fields.Many2one(
        "res.users", string="Who answers for it", default=lambda self: self.env.user
    )

    _count = models.Constraint(
        "CHECK (count_people >= 0)", "The number of people is 0 or more."
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

    @api.constrains("date_found", "date_notified")
    def _check_dates(self):
        now = fields.Datetime.now()
        for breach in self:
            if max(breach.date_found, breach.date_notified or now) > now:
                raise ValidationError(
                    self.env._("A breach is noted when it was found or notified.")
                )
            if breach.date_notified and breach.date_notified < breach.date_found:
                raise ValidationError(
                    self.env._("The authority is notified after the breach was found.")
                )

    # ------------------------------------------------------------
    # WHO IS TO DO SOMETHING
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        breaches = super().create(vals_list)
        breaches._renew_todos()
        return breaches

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date_found", "date_notified", "name"}:
            self._renew_todos()
        return result

    def _renew_todos(self):
        """Have the administrators notify the authority of what it does not know yet."""
        notices = self.env["pakn.notice"]
        managers = notices._get_managers()
        ours = self.env.ref("pakn_1022.mail_activity_type_slip")
        # sudo: the to-dos of the other administrators too; not what people planned
        self.sudo().activity_ids.filtered(
            lambda todo: todo.activity_type_id == ours
        ).unlink()
        notices._add_todos(
            [
                (
                    breach,
                    manager,
                    breach.date_due,
                    lambda env, breach=breach: env._(
                        "Notify the authority of the breach within 72 hours: %s",
                        breach.name,
                    ),
                )
                for breach in self.filtered(lambda one: not one.date_notified)
                for manager in managers
            ]
        )
