from io import BytesIO

from markupsafe import Markup
from PyPDF2 import PdfReader, PdfWriter
from PyPDF2.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
)

from odoo import models

from ..tools import wording
from ..tools.report_html import make_chart, show

REPORT = "pakn_1022_reports.report_action_pdf"
POINTS_PER_MM = 72 / 25.4
# Of the page number
FONT, FONT_SIZE, TOP_MM = "PaknNumber", 13, 12


class PaknReport(models.Model):
    """The paper: the report upright, its appendices across, numbered on top.

    wkhtmltopdf of the distributions knows no headers and footers, so the page numbers
    of Decree 30/2020 are stamped on afterwards. The page needs no address of the
    server: everything it is made of stands in it.
    """

    _inherit = "pakn.report"

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
        return _join(files)

    def _render_part(self, template, values, landscape):
        html = self.env["ir.qweb"]._render(f"pakn_1022_reports.{template}", values)
        # sudo: ir.actions.report - the format of the paper, which everybody prints on
        return (
            self.env["ir.actions.report"]
            .sudo()
            ._run_wkhtmltopdf(
                [f"<!DOCTYPE html>{html}"], report_ref=REPORT, landscape=landscape
            )
        )


def _join(files):
    """Return PDFs as one, with the number of each page but the first on top.

    The number is a stream of its own beside what is on the page, which need not be
    read for it.
    """
    writer, number = PdfWriter(), 0
    for content in files:
        for page in PdfReader(BytesIO(content)).pages:
            number += 1
            if number > 1:
                _stamp(page, number)
            writer.add_page(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _stamp(page, number):
    """Write a number at the middle of the top of a page (ISO 32000-1, 7.8.2, 9.4)."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    # A digit of Times is half as wide as the font is high.
    left = (width - len(str(number)) * FONT_SIZE / 2) / 2
    top = height - TOP_MM * POINTS_PER_MM
    text = f"Q BT /{FONT} {FONT_SIZE} Tf {left:.2f} {top:.2f} Td ({number}) Tj ET"
    before, after = DecodedStreamObject(), DecodedStreamObject()
    # What the page does to its coordinates ends before the number.
    before.set_data(b"q\n")
    after.set_data(f"\n{text}".encode())
    contents = page["/Contents"].get_object()
    if not isinstance(contents, ArrayObject):
        contents = [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject([before, *contents, after])
    resources = page["/Resources"].get_object()
    fonts = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    fonts[NameObject(f"/{FONT}")] = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Times-Roman"),
        }
    )
