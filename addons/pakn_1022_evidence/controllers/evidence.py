from odoo import http
from odoo.http import request


class PaknEvidence(http.Controller):
    """The file of evidence of a request, for who may take it out."""

    @http.route(
        "/pakn/evidence/<int(max=2147483647):number>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
    )
    def download(self, number):
        ticket = request.env["pakn.ticket"].browse(number).exists()
        if not ticket:
            raise request.not_found()
        content = ticket._export_evidence()
        return request.make_response(
            content,
            [
                ("Content-Type", "application/json; charset=utf-8"),
                (
                    "Content-Disposition",
                    http.content_disposition(f"{ticket.name}.json"),
                ),
                ("Cache-Control", "no-store"),
            ],
        )
