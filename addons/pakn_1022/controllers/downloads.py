import json

from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.http import request

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


WAYS = ("html", "pdf", "text")


class PaknReports(ReportController):
    @http.route()
    def report_routes(self, reportname, docids=None, converter=None, **data):
        """Print a paper; of what is none there is no page, and nothing has failed."""
        try:
            request.env["ir.actions.report"]._get_report(reportname)
        except ValueError as error:
            raise request.not_found() from error
        if converter not in WAYS:
            raise request.not_found()
        for name in ("options", "context"):
            try:
                json.loads(data.get(name) or "{}")
            except (TypeError, ValueError) as error:
                raise BadRequest from error
        return super().report_routes(reportname, docids, converter, **data)

    @http.route()
    def report_download(self, data, context=None, token=None, readonly=True):
        with hidden():
            return super().report_download(data, context, token, readonly)
