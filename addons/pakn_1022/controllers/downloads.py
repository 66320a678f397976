from odoo import http

from odoo.addons.web.controllers.export import CSVExport, ExcelExport
from odoo.addons.web.controllers.report import ReportController

from .errors import hidden


class PaknCSVExport(CSVExport):
    @http.route()
    def web_export_csv(self, data):
        with hidden():
            return super().web_export_csv(data)


class PaknExcelExport(ExcelExport):
    @http.route()
    def web_export_xlsx(self, data):
        with hidden():
            return super().web_export_xlsx(data)


class PaknReports(ReportController):
    @http.route()
    def report_download(self, data, context=None, token=None, readonly=True):
        with hidden():
            return super().report_download(data, context, token, readonly)
