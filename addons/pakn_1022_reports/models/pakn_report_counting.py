import logging

from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Requests of a period that are counted while somebody waits, about half a second;
# the system parameter counted_at_once says otherwise
COUNTED_AT_ONCE = 5000
# What the figures depend on
BASIS = ("kind", "date_from", "date_to", "scope", "unit_id", "category_id")


class PaknReportCounting(models.AbstractModel):
    """How the figures of a report are counted and kept: at once or in the background.

    Needs the fields of :data:`BASIS`, ``content``, ``state``, ``is_to_count``,
    ``date_computed`` and ``line_ids``, and ``_make_content`` of
    ``pakn.report.content``. Gives ``action_count``, ``get_screen`` and
    ``open_figure``, which buttons and screen call, and ``_count_soon``.
    """

    _name = "pakn.report.counting"
    _description = "Counting of a report"

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
        limit = self._get_setting("counted_at_once", COUNTED_AT_ONCE)
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

    # ------------------------------------------------------------
    # ON THE SCREEN
    # ------------------------------------------------------------

    def action_open_screen(self):
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "pakn_1022_reports.report_screen",
            "name": self.name,
            "params": {"report_id": self.id},
            "context": {"active_id": self.id},
        }

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
