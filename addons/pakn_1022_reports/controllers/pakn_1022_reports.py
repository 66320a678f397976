import contextlib
import os
import tempfile
from datetime import timedelta

from odoo import fields, http
from odoo.http import content_disposition, request

# How long after it was asked for a file can be fetched
EXPORT_MINUTES = 10
CHUNK = 65536
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
        """Give the records of an export that its user has just asked for."""
        since = fields.Datetime.now() - timedelta(minutes=EXPORT_MINUTES)
        # sudo: pakn.export.log - found by a secret, and only by who got it
        log_sudo = (
            request.env["pakn.export.log"]
            .sudo()
            .search([("token", "=", token), ("date", ">=", since)], limit=1)
        )
        if not log_sudo or log_sudo.user_id != request.env.user:
            raise request.not_found()
        log = log_sudo.with_user(log_sudo.user_id)
        name = f"ho-so-1022-{log.id}.{log.file_type}"
        with contextlib.ExitStack() as stack:
            # On disk, so that neither the rows nor the file stand in memory
            file = stack.enter_context(tempfile.TemporaryFile())
            if log.file_type == "csv":
                file.writelines(log._iter_csv())
            else:
                log._write_xlsx(file)
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            response = request.make_response(
                iter(lambda: file.read(CHUNK), b""),
                [*_headers(log.file_type, name), ("Content-Length", str(size))],
            )
            response.call_on_close(stack.pop_all().close)
        return response


def _headers(kind, name):
    return [
        ("Content-Type", TYPES[kind]),
        ("Content-Disposition", content_disposition(name)),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ]
