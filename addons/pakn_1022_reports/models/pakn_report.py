from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import periods, wording
from .pakn_report_counting import BASIS


class PaknReport(models.Model):
    """A periodic report (Art. 12.2, 18.3, 21): its figures, and how it goes out.

    ``draft``: counted anew whenever asked, in the background where that takes longer
    than one would wait. ``confirmed``: the figures are frozen as they were seen, with
    the ids that each counts, and so is what stands around them. ``sent``: every mail
    to the recipients and units has left. The manager makes, confirms and sends; the
    heads and focal points of a unit make reports of their own unit; operators,
    monitors and the provincial office read all of the province's.
    """

    _name = "pakn.report"
    _description = "Periodic report"
    _inherit = [
        "pakn.report.facts",
        "pakn.report.content",
        "pakn.report.counting",
        "pakn.report.letter",
        "pakn.report.schedule",
        "pakn.report.mailing",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_to desc, date_from, id desc"

    name = fields.Char(string="Title", compute="_compute_name", store=True)
    number = fields.Char(
        string="Number of the document",
        copy=False,
        help="Of the document, as registered: 12. The symbol is a setting.",
    )
    kind = fields.Selection(
        [
            ("week", "Week"),
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half", "Half-year"),
            ("year", "Year"),
            ("free", "Free period"),
        ],
        string="Period",
        required=True,
        default="month",
    )
    date_from = fields.Date(
        string="First day",
        required=True,
        default=lambda self: self._default_period()[0],
    )
    date_to = fields.Date(
        string="Last day",
        required=True,
        default=lambda self: self._default_period()[1],
        help="Until midnight of Gia Lai.",
    )
    scope = fields.Selection(
        [
            ("province", "Whole province"),
            ("unit", "Unit and those below"),
            ("category", "Field"),
        ],
        required=True,
        default="province",
    )
    unit_id = fields.Many2one("pakn.unit", index="btree_not_null", ondelete="restrict")
    category_id = fields.Many2one(
        "pakn.category", string="Field", index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed"), ("sent", "Sent")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    content = fields.Json(readonly=True, copy=False)
    letter = fields.Json(
        readonly=True,
        copy=False,
        help="What a confirmed report says around its figures.",
    )
    is_to_count = fields.Boolean(string="To be counted", readonly=True, copy=False)
    remarks = fields.Text(
        string="Assessment and proposals",
        copy=False,
        help="Stands in the report before the signature; one paragraph a line.",
    )
    line_ids = fields.One2many("pakn.report.line", "report_id", readonly=True)
    confirm_warning = fields.Char(
        string="Before it is confirmed", compute="_compute_confirm_warning"
    )
    is_to_confirm = fields.Boolean(compute="_compute_is_to_confirm")
    date_computed = fields.Datetime(string="Counted on", readonly=True, copy=False)
    date_confirmed = fields.Datetime(string="Confirmed on", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        "res.users", string="Confirmed by", readonly=True, copy=False
    )
    parent_id = fields.Many2one(
        "pakn.report",
        string="Part of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        help="The report of the province that this unit's part was made of.",
    )
    child_ids = fields.One2many(
        "pakn.report", "parent_id", string="Parts of the units", readonly=True
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A period cannot end before it begins."
    )
    _scope_complete = models.Constraint(
        """CHECK((scope = 'unit') = (unit_id IS NOT NULL)
             AND (scope = 'category') = (category_id IS NOT NULL))""",
        "Choose the unit or the field that the report is of.",
    )
    _one_of_province = models.UniqueIndex(
        "(kind, date_from) WHERE scope = 'province' AND kind <> 'free'",
        "There is a report of the province for this period already.",
    )

    # ------------------------------------------------------------
    # PERIOD AND TITLE
    # ------------------------------------------------------------

    @api.model
    def _get_close_day(self):
        return self._get_setting("close_day", 0)

    @api.model
    def _get_setting(self, name, default=""):
        """Return a setting of the reports as the type of ``default``."""
        parameters = self.env["ir.config_parameter"]
        return parameters._get_typed(f"pakn_1022_reports.{name}", default)

    @api.model
    def _get_today(self):
        return periods.to_local_day(fields.Datetime.now())

    @api.model
    def _default_period(self):
        """Return the last month that is over and of which there is no report yet.

        Where there are reports of a whole year, the last month.
        """
        close = self._get_close_day()
        period = periods.get_period("month", self._get_today(), close)
        months = []
        for _number in range(12):
            period = periods.get_previous("month", *period, close)
            months.append(period)
        # sudo: pakn.report - which months have one, that nobody makes it twice
        reports_sudo = self.sudo().search_fetch(
            [
                ("kind", "=", "month"),
                ("scope", "=", "province"),
                ("date_from", "in", [first for first, _last in months]),
            ],
            ["date_from"],
        )
        made = set(reports_sudo.mapped("date_from"))
        free = [month for month in months if month[0] not in made]
        return (free or months)[0]

    @api.onchange("kind", "date_from")
    def _onchange_period(self):
        if self.kind != "free" and self.date_from and periods.is_known(self.date_from):
            self.date_from, self.date_to = periods.get_period(
                self.kind, self.date_from, self._get_close_day()
            )

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope != "unit":
            self.unit_id = False
        if self.scope != "category":
            self.category_id = False

    @api.constrains("kind", "date_from", "date_to")
    def _check_period(self):
        for report in self:
            if not all(map(periods.is_known, (report.date_from, report.date_to))):
                raise ValidationError(self.env._("Choose days between 2000 and 2099."))
            if report.kind == "free":
                continue
            period = periods.get_period(
                report.kind, report.date_from, report._get_close_day()
            )
            # A change of the closing day later leaves old reports as they are
            if report.state == "draft" and period != (
                report.date_from,
                report.date_to,
            ):
                raise ValidationError(
                    self.env._(
                        "The period goes from %(first)s to %(last)s; choose “Free "
                        "period” for other days.",
                        first=period[0].strftime("%d/%m/%Y"),
                        last=period[1].strftime("%d/%m/%Y"),
                    )
                )

    def _get_bounds(self):
        """Return ``{"now", "previous", "last_year": (start, end)}``, UTC, end out."""
        self.ensure_one()
        close = self._get_close_day()
        first, last = self.date_from, self.date_to
        spans = {
            "now": (first, last),
            "previous": periods.get_previous(self.kind, first, last, close),
            "last_year": periods.get_last_year(self.kind, first, last, close),
        }
        return {
            name: (periods.to_utc(begin), periods.to_utc(end + periods.DAY))
            for name, (begin, end) in spans.items()
        }

    def _get_period_text(self):
        """Return the period in the words of the document."""
        self.ensure_one()
        day = periods.get_name_day(self.kind, self.date_from, self._get_close_day())
        year, week, _weekday = self.date_from.isocalendar()
        return wording.KINDS[self.kind].format(
            week=week,
            week_year=year,
            month=day.month,
            year=day.year,
            quarter=wording.QUARTERS[(day.month - 1) // 3],
            half=wording.HALVES[(day.month - 1) // 6],
            first=self.date_from.strftime("%d/%m/%Y"),
            last=self.date_to.strftime("%d/%m/%Y"),
        )

    def _get_span_text(self):
        return wording.SPAN.format(
            first=self.date_from.strftime("%d/%m/%Y"),
            last=self.date_to.strftime("%d/%m/%Y"),
        )

    @api.depends("kind", "date_from", "date_to", "scope", "unit_id", "category_id")
    def _compute_name(self):
        for report in self:
            if not report.date_from or not report.date_to:
                report.name = False
                continue
            of = report.unit_id.name or report.category_id.name
            text = report._get_period_text()
            report.name = f"Báo cáo {text}" + (f": {of}" if of else "")

    @api.depends("state", "is_to_count")
    @api.depends_context("uid")
    def _compute_is_to_confirm(self):
        """Offer to confirm and to count anew to who may: others only read it."""
        drafts = self.filtered(lambda report: report.state == "draft")
        drafts = drafts.filtered(lambda report: not report.is_to_count)
        own = drafts._origin._filtered_access("write")
        for report in self:
            report.is_to_confirm = report._origin in own

    @api.depends("state", "scope", "date_to", "date_computed")
    @api.depends_context("lang")
    def _compute_confirm_warning(self):
        """Say beforehand what confirming would refuse, or do for nobody."""
        today = self._get_today()
        # sudo: pakn.report.recipient - whether there is any
        nobody = not self.env["pakn.report.recipient"].sudo().search_count([], limit=1)
        sends = self._get_setting("send_on_confirm", True)
        for report in self:
            counted = report.date_computed
            sentences = []
            if report.state != "draft" or not report.date_to:
                pass
            elif report.date_to >= today:
                sentences.append(
                    self.env._(
                        "The period ends on %(day)s; until then the report cannot be "
                        "confirmed.",
                        day=report.date_to.strftime("%d/%m/%Y"),
                    )
                )
            elif counted and periods.to_local_day(counted) <= report.date_to:
                sentences.append(
                    self.env._(
                        "The figures are of before the period's end: count them anew."
                    )
                )
            whole = report.state == "draft" and report.scope == "province"
            if whole and sends and nobody:
                sentences.append(
                    self.env._(
                        "No recipient is on record: confirmed, it goes to nobody."
                    )
                )
            report.confirm_warning = " ".join(sentences)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_no_procedure_fields(vals)
        reports = super().create(vals_list)
        reports._count_soon()
        return reports

    def write(self, vals):
        if not self.env.su:
            self._check_no_procedure_fields(vals)
            if {*BASIS, "remarks"} & vals.keys():
                self._check_draft()
        result = super().write(vals)
        if not self.env.su:
            # Odoo asks before alone: nobody makes of the own a report of others
            self.check_access("write")
        if vals.keys() & set(BASIS):
            self._count_soon()
        return result

    def _check_no_procedure_fields(self, vals):
        if self._get_procedure_fields() & vals.keys():
            raise AccessError(
                self.env._("What a report counts and its state are not set by hand.")
            )

    def _get_procedure_fields(self):
        """Return the fields that only the acts of a report write."""
        return {
            "state",
            "content",
            "letter",
            "is_to_count",
            "date_computed",
            "date_confirmed",
            "confirmed_by_id",
            "date_sent",
            "is_to_send",
            "dispatch_ids",
            "line_ids",
            "parent_id",
            "child_ids",
            "name",
        }

    def _check_draft(self):
        if any(report.state != "draft" for report in self):
            raise UserError(
                self.env._("A confirmed report is frozen; its figures do not change.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_draft()

    # ------------------------------------------------------------
    # THE WAY OUT
    # ------------------------------------------------------------

    def confirm(self):
        """Freeze the figures as they were seen, and the letter around them (Art. 12).

        :raises UserError: if the period is not over, or was not when it was counted
        """
        self.check_access("write")
        self._check_draft()
        today = self._get_today()
        for report in self:
            if report.date_to >= today:
                raise UserError(
                    self.env._(
                        "%(name)s is not over yet, so it cannot be confirmed.",
                        name=report.name,
                    )
                )
            if report.is_to_count:
                raise UserError(
                    self.env._("The figures are still being counted; wait for them.")
                )
            counted = report.date_computed
            if not counted or periods.to_local_day(counted) <= report.date_to:
                raise UserError(
                    self.env._(
                        "The figures were counted before the period was over; count "
                        "them anew and check them."
                    )
                )
        reports_sudo = self.sudo()  # sudo: the right was checked above
        reports_sudo.write(
            {
                "state": "confirmed",
                "date_confirmed": fields.Datetime.now(),
                "confirmed_by_id": self.env.uid,
            }
        )
        for report in reports_sudo:
            report.letter = report._make_letter()
        reports_sudo.activity_ids.unlink()  # the other managers' to-dos
        return True

    def action_confirm(self):
        self.confirm()
        if self._get_setting("send_on_confirm", True):
            whole = self.filtered(lambda report: report.scope == "province")
            if whole and self.env["pakn.report.recipient"].search_count([], limit=1):
                whole.send()
        return True
