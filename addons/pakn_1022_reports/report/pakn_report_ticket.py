from odoo import fields, models
from odoo.tools import SQL


class PaknReportTicket(models.Model):
    """Requests as they are analysed: pivots, graphs, ages. No citizen in it.

    Read by who may read the request.
    """

    _name = "pakn.report.ticket"
    _description = "Analysis of requests"
    _inherit = "pakn.report.analysis"
    _auto = False
    _indexed = ("date_received", "unit_id")
    _moments = ("date_received", "date_ended")
    _order = "date_received desc, id desc"
    _rec_name = "name"

    name = fields.Char(string="Code", readonly=True)
    # It bears the title, in which citizens name themselves; others have the code
    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        readonly=True,
        groups="pakn_1022.group_operator",
    )
    date_received = fields.Datetime(string="Received on", readonly=True)
    date_ended = fields.Datetime(string="Ended on", readonly=True)
    channel_id = fields.Many2one("pakn.channel", readonly=True)
    category_id = fields.Many2one("pakn.category", string="Field", readonly=True)
    group_id = fields.Many2one("pakn.category", string="Group of fields", readonly=True)
    area_id = fields.Many2one("pakn.area", readonly=True)
    unit_id = fields.Many2one("pakn.unit", string="Lead unit", readonly=True)
    superior_id = fields.Many2one("pakn.unit", string="Superior unit", readonly=True)
    user_id = fields.Many2one("res.users", string="Operator", readonly=True)
    secrecy = fields.Selection(
        [("public", "Public"), ("confidential", "Confidential"), ("secret", "Secret")],
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["pakn.ticket"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["pakn.ticket"]._fields["outcome"]._description_selection(self.env)
        ),
        readonly=True,
    )
    age = fields.Selection(
        [
            ("0", "Less than a day"),
            ("1", "1 to 3 days"),
            ("3", "3 to 7 days"),
            ("7", "7 to 30 days"),
            ("30", "30 days and more"),
        ],
        string="Age of what is open",
        readonly=True,
    )
    timeliness = fields.Selection(
        [("in_time", "In time"), ("late", "Late")], string="Deadline", readonly=True
    )
    # Odoo's own count is called one of records, which says little to an official
    ticket_count = fields.Integer(string="Number of requests", readonly=True)
    late_count = fields.Integer(
        string="Were late", readonly=True, help="Art. 11.4: once late, always late."
    )
    late_now_count = fields.Integer(
        string="Late now", readonly=True, help="Late, and without a result yet."
    )
    late_share = fields.Float(
        string="Share of late ones", readonly=True, aggregator="avg"
    )
    reopened_count = fields.Integer(string="Reopenings", readonly=True)
    first_hours = fields.Float(
        string="Working hours to the first response", readonly=True, aggregator="avg"
    )
    result_hours = fields.Float(
        string="Working hours to the result", readonly=True, aggregator="avg"
    )
    rating = fields.Float(readonly=True, aggregator="avg")
    rated_count = fields.Integer(string="Rated", readonly=True)
    satisfied_count = fields.Integer(string="Satisfied", readonly=True)
    acceptable_count = fields.Integer(string="Acceptable", readonly=True)

    def _select(self):
        """Return the view; addons extend it."""
        return SQL(
            """
            SELECT t.id, t.id AS ticket_id, t.name, t.date_received, t.date_ended,
                   t.channel_id, t.category_id, t.area_id, t.unit_id, t.user_id,
                   t.secrecy, t.state, t.outcome,
                   COALESCE(c.parent_id, c.id) AS group_id,
                   u.parent_id AS superior_id,
                   CASE WHEN t.date_ended IS NOT NULL THEN NULL
                        WHEN t.date_received > now() AT TIME ZONE 'UTC'
                             - interval '1 day' THEN '0'
                        WHEN t.date_received > now() AT TIME ZONE 'UTC'
                             - interval '3 days' THEN '1'
                        WHEN t.date_received > now() AT TIME ZONE 'UTC'
                             - interval '7 days' THEN '3'
                        WHEN t.date_received > now() AT TIME ZONE 'UTC'
                             - interval '30 days' THEN '7'
                        ELSE '30' END AS age,
                   CASE WHEN t.was_overdue THEN 'late' ELSE 'in_time' END AS timeliness,
                   1 AS ticket_count,
                   COALESCE(t.was_overdue, FALSE)::int AS late_count,
                   (t.date_ended IS NULL AND (t.is_overdue
                        OR t.date_due <= now() AT TIME ZONE 'UTC'))::int
                        AS late_now_count,
                   100.0 * COALESCE(t.was_overdue, FALSE)::int AS late_share,
                   t.round - 1 AS reopened_count,
                   CASE WHEN t.date_first IS NOT NULL THEN t.first_hours
                        END AS first_hours,
                   CASE WHEN t.outcome IN ('instant', 'focal', 'head', 'province')
                        THEN t.result_hours END AS result_hours,
                   NULLIF(t.rating_last_value, 0) AS rating,
                   (t.rating_last_value > 0)::int AS rated_count,
                   (t.rating_last_value = 5)::int AS satisfied_count,
                   (t.rating_last_value = 3)::int AS acceptable_count
              FROM pakn_ticket t
              LEFT JOIN pakn_category c ON c.id = t.category_id
              LEFT JOIN pakn_unit u ON u.id = t.unit_id
            """
        )

    def action_open_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.ticket",
            "res_id": self.id,
            "view_mode": "form",
        }
