import json
import re

from odoo import fields, http
from odoo.http import content_disposition, request

from odoo.addons.pakn_1022.tools import province
from odoo.addons.pakn_1022.tools.accents import strip_accents
from odoo.addons.web.controllers.export import CSVExport, ExcelExport
from odoo.addons.web.controllers.pivot import TableExporter

# What a spreadsheet takes as the name of a sheet
SHEET_LENGTH = 31


def name_file(model):
    """Return what a file of records is called: ``phan-anh-28-11-2026``.

    In Vietnamese without accents, as the reports are, which every system keeps and
    finds; and of which day it is.
    """
    name = strip_accents(request.env["ir.model"]._get(model).name or model).lower()
    today = province.to_local(fields.Datetime.now())
    return f"{re.sub(r'[^a-z0-9]+', '-', name).strip('-')}-{today:%d-%m-%Y}"


class PaknCSVExport(CSVExport):
    def filename(self, base):
        return name_file(base) if base in request.env else super().filename(base)


class PaknExcelExport(ExcelExport):
    def filename(self, base):
        return name_file(base) if base in request.env else super().filename(base)


class PaknTableExporter(TableExporter):
    @http.route()
    def export_xlsx(self, data, **kw):
        """Name file and sheet by what is analysed, not “Pivot Untitled (the model)”."""
        asked = json.loads(data if isinstance(data, str) else data.read())
        model = asked.get("model") if asked else None
        if model not in request.env:
            return super().export_xlsx(json.dumps(asked), **kw)
        name = request.env["ir.model"]._get(model).name or model
        asked["title"] = re.sub(r"[\[\]:*?/\\]", " ", name)[:SHEET_LENGTH].strip(" '")
        response = super().export_xlsx(json.dumps(asked), **kw)
        response.headers["Content-Disposition"] = content_disposition(
            f"{name_file(model)}.xlsx"
        )
        return response
