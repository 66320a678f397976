import json
import logging

from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..tools import periods, wording

_logger = logging.getLogger(__name__)

# What is filled in by hand: spaces that neither HTML nor a spreadsheet drops
BLANK = "\u00a0" * 6
# Requests of a period that are counted while somebody waits, about half a second;
# the system parameter counted_at_once says otherwise
COUNTED_AT_ONCE = 5000
# What the figures depend on
BASIS = ("kind", "date_from", "date_to", "scope", "unit_id", "category_id")


class PaknReport(models.Model):
    """A periodic report (Art. 12.2, 18.3, 21): its figures, and how it goes out.

    ``draft``: counted anew whenever asked, in the background where that takes longer
    than one would wait. ``confirmed``: the figures are frozen as they were seen, with
    the ids that each counts, and so is what stands around them. ``sent``: mailed to
    the recipients. The manager makes, confirms and sends; the heads and focal points
    of a unit make reports of their own unit; operators, monitors and the provincial
    office read all of the province's.
    """

    _name = "pakn.report"
    _description = "Periodic report"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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
    date_computed = fields.Datetime(string="Counted on", readonly=True, copy=False)
    date_confirmed = fields.Datetime(string="Confirmed on", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        "res.users", string="Confirmed by", readonly=True, copy=False
    )
    date_sent = fields.Datetime(string="Sent on", readonly=True, copy=False)
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
    has_unit_parts = fields.Boolean(
        string="Send the units their part",
        default=True,
        help="Each unit that had a slip gets the report of its own figures.",
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
        return int(self._get_setting("close_day", "0"))

    @api.model
    def _get_setting(self, name, default=""):
        # sudo: ir.config_parameter - how reports look binds everybody
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(f"pakn_1022_reports.{name}", default)

    @api.model
    def _get_today(self):
        return periods.to_local_day(fields.Datetime.now())

    @api.model
    def _default_period(self):
        """Return the last month that is over."""
        close = self._get_close_day()
        first, last = periods.get_period("month", self._get_today(), close)
        return periods.get_previous("month", first, last, close)

    @api.onchange("kind", "date_from")
    def _onchange_period(self):
        if self.kind != "free" and self.date_from:
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

    @api.depends("kind", "date_from", "date_to", "scope", "unit_id", "category_id")
    def _compute_name(self):
        for report in self:
            if not report.date_from or not report.date_to:
                report.name = False
                continue
            of = report.unit_id.name or report.category_id.name
            text = report._get_period_text()
            report.name = f"Báo cáo {text}" + (f": {of}" if of else "")

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
    # COUNTING
    # ------------------------------------------------------------

    def action_count(self):
        """Count the figures of drafts anew.

        :return: the screen where one sees it done, if it takes a while
        """
        self.check_access("write")
        self._check_draft()
        self._count_soon()
        if len(self) == 1 and self.is_to_count:
            return self.action_open_screen()
        return True

    def _count_soon(self):
        """Count at once what is small, and the rest in the background."""
        for report in self:
            if report._is_large():
                # sudo: who may write the report was checked; it stands in line
                report.sudo().is_to_count = True
                # sudo: ir.cron - whoever makes reports starts the counting
                cron = self.env.ref("pakn_1022_reports.ir_cron_count_reports").sudo()
                cron._trigger()
            else:
                report._count()

    def _is_large(self):
        """Return whether more came in the period than is counted while one waits."""
        start, end = self._get_bounds()["now"]
        limit = int(self._get_setting("counted_at_once", str(COUNTED_AT_ONCE)))
        [[count]] = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM (
                       SELECT FROM pakn_ticket
                        WHERE date_received >= %s AND date_received < %s
                        LIMIT %s) AS received""",
                start,
                end,
                limit + 1,
            )
        )
        return count > limit

    @api.model
    def _cron_count(self):
        """Count what stands in line.

        The figures are kept in a transaction of their own, so that who writes on the
        report meanwhile neither waits nor makes the counting begin anew.
        """
        cron = self.env["ir.cron"]
        reports = self.search([("is_to_count", "=", True)], order="id")
        cron._commit_progress(remaining=len(reports))
        for report in reports:
            try:
                basis = report._get_basis()
                counted = report._make_content()
                cron._commit_progress()
                report.invalidate_recordset()
                # It may be gone or changed since; then it is counted again
                if report.try_lock_for_update() and report._get_basis() == basis:
                    report._keep(*counted)
            except Exception:
                # One that cannot be counted stops no other
                self.env.cr.rollback()
                _logger.exception("report %s cannot be counted", report.id)
                report.exists()._give_up_counting()
            if not cron._commit_progress(1):
                return

    def _get_basis(self):
        return self.read(BASIS, load=None)

    def _give_up_counting(self):
        for report in self:
            report.is_to_count = False
            report = report.with_context(lang=report.create_uid.lang)
            report.message_post(
                body=report.env._(
                    "The figures could not be counted; the server's log says why. "
                    "Please count them anew."
                )
            )

    def _count(self):
        """Count this report and keep each figure with the ids it counts."""
        self.ensure_one()
        self._keep(*self._make_content())

    def _keep(self, content, cells):
        """Keep what :meth:`_make_content` returned."""
        self.ensure_one()
        # sudo: the right was checked by who had it counted
        self.sudo().write(
            {
                "content": content,
                "date_computed": fields.Datetime.now(),
                "is_to_count": False,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM pakn_report_line WHERE report_id = %s", [self.id]
        )
        labels = {
            (section["key"], row["key"]): f"{section['title']}: {row['label']}"
            for section in content["sections"]
            for row in section["rows"]
        }
        rows = [
            (
                self.id,
                section,
                row,
                column,
                labels[section, row],
                value,
                model,
                len(distinct),
                # As PostgreSQL writes an array: adapted one by one, a hundred
                # thousand numbers take seconds
                "{" + ",".join(map(str, distinct)) + "}",
            )
            for (section, row, column), (value, ids, model) in cells.items()
            for distinct in [sorted(set(ids))]
        ]
        execute_values(
            self.env.cr._obj,
            """INSERT INTO pakn_report_line (report_id, section, row, "column", name,
                   value, counted_model, counted, record_ids) VALUES %s""",
            rows,
            template="(%s, %s, %s, %s, %s, %s, %s, %s, %s::integer[])",
            page_size=500,
        )
        self.env["pakn.report.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])

    @api.readonly
    def get_screen(self):
        """Return what the report's screen shows.

        :return: ``{"name", "period", "state", "counting", "can_count", "computed",
            "content"}``; ``content`` is ``None`` before it was counted first
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "counting": self.is_to_count,
            "can_count": self.state == "draft" and self.has_access("write"),
            "name": self.name,
            "period": self._get_span_text(),
            "state": self.state,
            "computed": fields.Datetime.to_string(self.date_computed),
            "content": self.content or None,
        }

    def open_figure(self, section, row, column):
        """Open the requests or slips that one figure counts.

        :param str section: key of the section, as are ``row`` and ``column``
        :return: an action
        """
        self.ensure_one()
        line = self.env["pakn.report.line"].search(
            [
                ("report_id", "=", self.id),
                ("section", "=", section),
                ("row", "=", row),
                ("column", "=", column),
            ]
        )
        if not line:
            raise UserError(
                self.env._("This figure counts nothing that can be opened.")
            )
        return line.action_open()

    def _get_span_text(self):
        return wording.SPAN.format(
            first=self.date_from.strftime("%d/%m/%Y"),
            last=self.date_to.strftime("%d/%m/%Y"),
        )

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
        if self._get_setting("send_on_confirm", "True") == "True":
            whole = self.filtered(lambda report: report.scope == "province")
            if whole and self.env["pakn.report.recipient"].search_count([], limit=1):
                whole.send()
        return True

    def action_print_xlsx(self):
        return self._download("xlsx")

    def action_print_pdf(self):
        return self._download("pdf")

    def _download(self, kind):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/pakn_1022_reports/report/{self.id}.{kind}",
            "target": "download",
        }

    def action_open_screen(self):
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "pakn_1022_reports.report_screen",
            "name": self.name,
            "params": {"report_id": self.id},
            "context": {"active_id": self.id},
        }

    def _get_file_name(self, extension):
        self.ensure_one()
        first = self.date_from.strftime("%Y%m%d")
        code = self.unit_id.code or self.category_id.code or ""
        parts = ["bao-cao-1022", self.kind, first, code]
        return "-".join(part for part in parts if part) + f".{extension}"

    def _get_letter(self):
        """Return what the document says around its figures (Decree 30/2020).

        Frozen when it was confirmed, but for the number it is registered under.

        :return: dictionary of strings, ``receivers`` a list of them
        """
        self.ensure_one()
        # sudo: who may read the report may read its letter
        letter = self.sudo().letter or self._make_letter()
        return letter | {"number": f"Số: {self.number or BLANK}/BC-{letter['symbol']}"}

    def _make_letter(self):
        day = fields.Datetime.context_timestamp(
            self.with_context(tz="Asia/Ho_Chi_Minh"),
            self.date_confirmed or fields.Datetime.now(),
        )
        office = self._get_setting("office") or self.env.company.name
        # sudo: pakn.report.recipient - their names stand on the paper
        receivers = (
            self.env["pakn.report.recipient"].sudo().search([("active", "=", True)])
        )
        confirmed = self.state != "draft"
        date = (
            f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
            if confirmed
            else f"ngày {BLANK} tháng {day.month:02d} năm {day.year}"
        )
        return {
            "parent_office": self._get_setting("parent_office").upper(),
            "office": office.upper(),
            "symbol": self._get_setting("symbol", "1022"),
            "place": f"{self._get_setting('place', 'Gia Lai')}, {date}",
            "draft": "" if confirmed else wording.DRAFT,
            "subject": f"{wording.SUBJECT} {self._get_period_text()}",
            "of": self.unit_id.name or self.category_id.name or "",
            "span": self._get_span_text(),
            "basis": wording.BASIS.format(
                office=office, period=self._get_period_text()
            ),
            "addressee": self._get_setting("addressee", "Ủy ban nhân dân tỉnh Gia Lai"),
            "receivers": [f"{name};" for name in receivers.mapped("name")]
            + ["Lưu: VT, 1022."],
            "signer_title": self._get_setting(
                "signer_title", "THỦ TRƯỞNG ĐƠN VỊ"
            ).upper(),
            "signer_name": self._get_setting("signer_name"),
            "remarks": [
                text.strip()
                for text in (self.remarks or "").split("\n")
                if text.strip()
            ],
        }

    def _get_xlsx(self):
        """Return the report as a workbook, bytes."""
        from ..tools.report_xlsx import make_xlsx

        self.ensure_one()
        return make_xlsx(self._get_letter(), self._get_content())

    def _get_content(self):
        """Return the content as JSON gives it, for drafts and frozen ones alike."""
        return json.loads(json.dumps(self.sudo().content or {"sections": []}))
