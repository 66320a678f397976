import json

from markupsafe import Markup

from odoo import fields, models

from odoo.addons.pakn_1022.tools.pdf_pages import join_numbered
from odoo.addons.pakn_1022.tools.province import TIMEZONE

from ..tools import periods, wording
from ..tools.report_html import make_chart, show
from ..tools.report_xlsx import make_xlsx

# What is filled in by hand: spaces that neither HTML nor a spreadsheet drops
BLANK = "\u00a0" * 6
REPORT = "pakn_1022_reports.report_action_pdf"


class PaknReportLetter(models.AbstractModel):
    """The paper of a report: the letter around its figures, as XLSX and as PDF.

    Needs the period and the scope of the report, ``content``, ``letter``, ``number``,
    ``remarks``, ``state`` and ``date_confirmed``, and its ``_get_setting``,
    ``_get_period_text`` and ``_get_span_text``. Gives ``_make_letter``, which a
    confirmed report keeps, and the files: ``_get_xlsx``, ``_get_pdf`` and
    ``_get_file_name``.
    """

    _name = "pakn.report.letter"
    _description = "Paper of a report"

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

    # ------------------------------------------------------------
    # THE LETTER
    # ------------------------------------------------------------

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
            self.with_context(tz=TIMEZONE),
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
            # The days stand in the subject of a free period already
            "span": "" if self.kind == "free" else self._get_span_text(),
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

    # ------------------------------------------------------------
    # THE FILES
    # ------------------------------------------------------------

    def _get_file_name(self, extension):
        self.ensure_one()
        day = periods.get_name_day(self.kind, self.date_from, self._get_close_day())
        period = wording.name_period(self.kind, day, self.date_from, self.date_to)
        code = self.unit_id.code or self.category_id.code or ""
        parts = ["bao-cao-1022", period, code]
        return "-".join(part for part in parts if part) + f".{extension}"

    def _get_xlsx(self):
        """Return the report as a workbook, bytes."""
        self.ensure_one()
        return make_xlsx(self._get_letter(), self._get_content())

    def _get_pdf(self):
        """Return the report as PDF, bytes."""
        self.ensure_one()
        content = self._get_content()
        main = [s for s in content["sections"] if not s["appendix"]]
        appendices = [s for s in content["sections"] if s["appendix"] and s.get("rows")]
        values = {
            "letter": self._get_letter(),
            "summary": content.get("summary", []),
            "words": {
                name: text
                for name, text in vars(wording).items()
                if isinstance(text, str)
            },
            "show": show,
            # Labels are escaped where the bars are drawn
            "chart": lambda section: Markup(make_chart(section)),
        }
        files = [
            self._render_part("report_main", {**values, "sections": main}, False),
        ]
        if appendices:
            files.append(
                self._render_part(
                    "report_appendices", {**values, "sections": appendices}, True
                )
            )
        return join_numbered(files)

    def _render_part(self, template, values, landscape):
        html = self.env["ir.qweb"]._render(f"pakn_1022_reports.{template}", values)
        # sudo: ir.actions.report - the format of the paper, which everybody prints on
        reports_sudo = self.env["ir.actions.report"].sudo()
        return reports_sudo._print_page(html, REPORT, landscape)

    def _get_content(self):
        """Return the content as JSON gives it, for drafts and frozen ones alike."""
        return json.loads(json.dumps(self.sudo().content or {"sections": []}))
