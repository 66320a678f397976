from odoo import fields, models


class PaknWorkingDay(models.Model):
    """A compensatory working day (ngày làm bù), which Odoo's calendar does not know.

    The day is worked by the hours of another day of the week, whatever it would be
    otherwise; a public holiday on it goes before.
    """

    _name = "pakn.working.day"
    _description = "Compensatory working day"
    _inherit = "pakn.calendar.source"
    _order = "date desc"

    name = fields.Char(required=True)
    date = fields.Date(string="Day", required=True)
    dayofweek = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        string="Working hours of",
        required=True,
        default="0",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working hours",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: every calendar.",
    )

    _date_unique = models.UniqueIndex(
        "(date, COALESCE(calendar_id, 0))",
        "Another compensatory working day has this date already.",
    )
