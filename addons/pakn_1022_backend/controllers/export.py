import re

from odoo import fields
from odoo.http import request

from odoo.addons.pakn_1022.tools import province
from odoo.addons.pakn_1022.tools.accents import strip_accents
from odoo.addons.web.controllers.export import CSVExport, ExcelExport


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
