from odoo import http
from odoo.http import content_disposition, request

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}


class PaknReportsController(http.Controller):
    @http.route(
        "/pakn_1022_reports/report/<int:report_id>.<any(xlsx,pdf):kind>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def report(self, report_id, kind):
        """Give a report as a file, to who may read it."""
        report = request.env["pakn.report"].browse(report_id).exists()
        if not report or not report.has_access("read"):
            raise request.not_found()
        content = report._get_xlsx() if kind == "xlsx" else report._get_pdf()
        return request.make_response(
            content, _headers(kind, report._get_file_name(kind))
        )

    @http.route(
        "/pakn_1022_reports/export/<string:token>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def export(self, token):
        """Give the file of an export to who asked for it, while it is kept."""
        log_sudo = request.env["pakn.export.log"]._find_file(token)
        if not log_sudo:
            raise request.not_found()
        kind = log_sudo.file_type
        size, chunks = log_sudo._get_file()
        return request.make_response(
            chunks,
            [
                *_headers(kind, f"{log_sudo.file_name or 'ho-so-1022'}.{kind}"),
                ("Content-Length", str(size)),
            ],
        )


def _headers(kind, name):
    return [
        ("Content-Type", TYPES[kind]),
        ("Content-Disposition", content_disposition(name)),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ]
