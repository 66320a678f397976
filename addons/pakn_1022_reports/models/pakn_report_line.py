from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class PaknReportLine(models.Model):
    """One figure of a report, and which requests or slips it counts.

    Their ids stand in the column ``record_ids``, an array that PostgreSQL compresses:
    a year's report counts each request about ten times, which as rows of a relation
    would be millions a year. Read through the field ``pakn_report_line_id`` of what
    is counted, so that everybody finds among them what they may read.
    """

    _name = "pakn.report.line"
    _description = "Figure of a report"
    _order = "report_id, id"
    _rec_name = "name"

    report_id = fields.Many2one(
        "pakn.report", required=True, index=True, ondelete="cascade", readonly=True
    )
    section = fields.Char(required=True, readonly=True)
    row = fields.Char(required=True, readonly=True)
    column = fields.Char(required=True, readonly=True)
    name = fields.Char(readonly=True)
    value = fields.Float(readonly=True, digits=(16, 4))
    counted_model = fields.Selection(
        [("pakn.ticket", "Requests"), ("pakn.transfer", "Slips")],
        required=True,
        default="pakn.ticket",
        readonly=True,
    )
    counted = fields.Integer(
        readonly=True, help="How many requests or slips the figure is made of."
    )

    _figure_unique = models.UniqueIndex(
        '(report_id, section, row, "column")', "This figure is there already."
    )

    def init(self):
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS record_ids integer[]",
                SQL.identifier(self._table),
            )
        )

    def action_open(self):
        """Open the requests or slips that this figure counts."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.counted_model,
            "views": [[False, "list"], [False, "form"]],
            "domain": [("pakn_report_line_id", "=", self.id)],
            "context": {"create": False},
        }


class PaknReportCounted(models.AbstractModel):
    """What figures of reports count: found by the figure that counts it."""

    _name = "pakn.report.counted"
    _description = "Counted by reports"

    pakn_report_line_id = fields.Many2one(
        "pakn.report.line",
        string="Counted by the figure",
        compute="_compute_pakn_report_line_id",
        search="_search_pakn_report_line_id",
        compute_sudo=False,
    )

    def _compute_pakn_report_line_id(self):
        self.pakn_report_line_id = False

    @api.model
    def _search_pakn_report_line_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = [number for number in value if isinstance(number, int) and number]
        # With the rights of who asks: nobody finds by a figure they may not read
        lines = self.env["pakn.report.line"].search(
            [("id", "in", ids), ("counted_model", "=", self._name)]
        )
        return Domain(
            "id",
            "in",
            SQL(
                "(SELECT unnest(record_ids) FROM pakn_report_line WHERE id = ANY(%s))",
                lines.ids,
            ),
        )
