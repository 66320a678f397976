from odoo import fields, models
from odoo.tools import SQL


class PaknReportTransfer(models.Model):
    """Slips as they are analysed: what each unit got and how it answered.

    Read by who may read the slip, so that a unit finds its own figures and those of
    units below.
    """

    _name = "pakn.report.transfer"
    _description = "Analysis of slips"
    _inherit = "pakn.report.analysis"
    _auto = False
    _indexed = ("date_sent", "unit_id")
    _moments = ("date_sent", "date_closed")
    _order = "date_sent desc, id desc"

    transfer_id = fields.Many2one("pakn.transfer", string="Slip", readonly=True)
    name = fields.Char(string="Code", readonly=True)
    # It bears the title, in which citizens name themselves; others have the code
    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        readonly=True,
        groups="pakn_1022.group_operator",
    )
    date_sent = fields.Datetime(string="Sent on", readonly=True)
    date_closed = fields.Datetime(string="Closed on", readonly=True)
    unit_id = fields.Many2one("pakn.unit", readonly=True)
    superior_id = fields.Many2one("pakn.unit", string="Superior unit", readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["pakn.unit"]._fields["kind"]._description_selection(self.env)
        ),
        string="Kind of unit",
        readonly=True,
    )
    level = fields.Selection(
        selection=lambda self: (
            self.env["pakn.transfer"]._fields["level"]._description_selection(self.env)
        ),
        readonly=True,
    )
    role = fields.Selection(
        [("lead", "Lead"), ("support", "Supporting")], readonly=True
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["pakn.transfer"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    outcome = fields.Selection(
        [
            ("answered_in_time", "Answered in time"),
            ("answered_late", "Answered late"),
            ("open_in_time", "Open in time"),
            ("open_late", "Open late"),
            ("returned", "Returned"),
            ("expired", "Passed on to the next level"),
            ("cancelled", "Ended otherwise"),
        ],
        readonly=True,
    )
    channel_id = fields.Many2one("pakn.channel", readonly=True)
    category_id = fields.Many2one("pakn.category", string="Field", readonly=True)
    group_id = fields.Many2one("pakn.category", string="Group of fields", readonly=True)
    area_id = fields.Many2one("pakn.area", readonly=True)
    secrecy = fields.Selection(
        [("public", "Public"), ("confidential", "Confidential"), ("secret", "Secret")],
        readonly=True,
    )
    slip_count = fields.Integer(string="Number of slips", readonly=True)
    received_count = fields.Integer(string="Matters received", readonly=True)
    answered_count = fields.Integer(string="Answered", readonly=True)
    late_count = fields.Integer(string="Late", readonly=True)
    on_time_share = fields.Float(
        string="Share answered in time",
        readonly=True,
        aggregator="avg",
        help="In %, of the slips that were answered or are late.",
    )
    extension_count = fields.Integer(string="Extensions", readonly=True)
    first_hours = fields.Float(
        string="Working hours to the first response", readonly=True, aggregator="avg"
    )
    result_hours = fields.Float(
        string="Working hours to the result", readonly=True, aggregator="avg"
    )

    def _select(self):
        """Return the view; addons extend it."""
        return SQL(
            """
            SELECT s.id, s.id AS transfer_id, s.ticket_id, t.name, s.date_sent,
                   s.date_closed, s.unit_id, u.parent_id AS superior_id, u.kind,
                   s.level, s.role, s.state, t.channel_id, t.category_id, t.area_id,
                   t.secrecy, COALESCE(c.parent_id, c.id) AS group_id,
                   CASE WHEN s.state = 'answered' AND s.is_overdue
                        THEN 'answered_late'
                        WHEN s.state = 'answered' AND s.is_first
                        THEN 'answered_in_time'
                        WHEN s.state = 'answered' THEN 'answered_late'
                        WHEN s.is_open AND (s.is_overdue OR NOT s.is_first)
                        THEN 'open_late'
                        WHEN s.is_open THEN 'open_in_time'
                        ELSE s.state END AS outcome,
                   1 AS slip_count,
                   s.is_first::int AS received_count,
                   (s.state = 'answered')::int AS answered_count,
                   (s.is_overdue OR NOT s.is_first)::int AS late_count,
                   CASE WHEN s.is_overdue OR NOT s.is_first THEN 0.0
                        WHEN s.state = 'answered' THEN 100.0 END AS on_time_share,
                   s.extension_count,
                   CASE WHEN s.date_first IS NOT NULL THEN s.first_hours
                        END AS first_hours,
                   CASE WHEN s.state = 'answered' THEN s.result_hours
                        END AS result_hours
              FROM pakn_transfer s
              JOIN pakn_ticket t ON t.id = s.ticket_id
              JOIN pakn_unit u ON u.id = s.unit_id
              LEFT JOIN pakn_category c ON c.id = t.category_id
            """
        )

    def action_open_ticket(self):
        self.ensure_one()
        return self.transfer_id.action_open_ticket()
