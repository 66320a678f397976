from odoo import fields, models
from odoo.tools import SQL


class PaknReportTransfer(models.Model):
    """Slips as they are analysed: what each unit got and how it answered.

    In time and late are those of the slip (Art. 11.4), by the day that decided it; what
    is open counts as late if its time has passed or if it came by escalation.

    Read by who may read the slip, so that a unit finds its own figures and those of
    units below.
    """

    _name = "pakn.report.transfer"
    _description = "Analysis of slips"
    _inherit = "pakn.report.analysis"
    _auto = False
    _indexed = ("date_sent", "unit_id")
    _moments = ("date_sent", "date_closed", "date_judged")
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
    date_judged = fields.Datetime(
        string="Due on",
        readonly=True,
        help="Of what was in time the deadline of its level, of what is late the "
        "moment it became so.",
    )
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
    timeliness = fields.Selection(
        [("in_time", "In time"), ("late", "Late")], string="Deadline", readonly=True
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
    due_count = fields.Integer(string="Due", readonly=True)
    in_time_count = fields.Integer(string="In time", readonly=True)
    late_count = fields.Integer(string="Late", readonly=True)
    on_time_share = fields.Float(
        string="Share in time",
        readonly=True,
        aggregator="avg",
        help="In %, of the slips that were due, answered or not.",
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
                   s.timeliness, s.date_judged,
                   CASE WHEN s.state = 'answered' AND s.is_overdue
                        THEN 'answered_late'
                        WHEN s.state = 'answered' THEN 'answered_in_time'
                        WHEN s.is_open AND (s.is_overdue
                             OR s.previous_id IS NOT NULL AND s.is_rework IS NOT TRUE)
                        THEN 'open_late'
                        WHEN s.is_open THEN 'open_in_time'
                        ELSE s.state END AS outcome,
                   1 AS slip_count,
                   s.is_first::int AS received_count,
                   (s.state = 'answered')::int AS answered_count,
                   (s.timeliness IS NOT NULL)::int AS due_count,
                   COALESCE(s.timeliness = 'in_time', FALSE)::int AS in_time_count,
                   COALESCE(s.timeliness = 'late', FALSE)::int AS late_count,
                   CASE s.timeliness WHEN 'in_time' THEN 100.0
                        WHEN 'late' THEN 0.0 END AS on_time_share,
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
