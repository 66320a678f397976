import base64
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.pakn_1022.tools.province import to_local, to_utc

from ..tools import portal_file

HEADER = (
    *("Mã PAKN", "Mã 1022", "Trạng thái", "Đơn vị xử lý", "Ngày trả lời", "Kết quả"),
)


class PaknExchangeExport(models.TransientModel):
    """Gives out what was answered here to requests of the national portal.

    Of the days that are chosen; the same days give the same lines. What is confidential
    or secret stays here. Operators and administrators, each what they may read.
    """

    _name = "pakn.exchange.export"
    _description = "Results for the national portal"
    _inherit = "pakn.dialog"

    date_from = fields.Date(
        string="Answered from", required=True, default=lambda self: self._default_from()
    )
    date_to = fields.Date(
        string="Until", required=True, default=fields.Date.context_today
    )
    kind = fields.Selection(
        [("xlsx", "XLSX"), ("json", "JSON")],
        string="File as",
        required=True,
        default="xlsx",
    )
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)
    summary = fields.Char(readonly=True)

    @api.model
    def _default_from(self):
        """Return the day of the last time, a week ago where there was none."""
        last = self.env["pakn.exchange"].search([("direction", "=", "out")], limit=1)
        today = fields.Date.context_today(self)
        return to_local(last.date).date() if last else today - timedelta(days=7)

    def action_confirm(self):
        """Make the file, and offer it in this dialog.

        :raise UserError: nothing was answered in these days
        """
        self.check_access("write")
        self.ensure_one()
        self.env["pakn.ticket"].check_access("create")
        if not all(2000 <= day.year < 2100 for day in (self.date_from, self.date_to)):
            raise UserError(self.env._("Choose days between 2000 and 2099."))
        start = fields.Datetime.to_datetime(self.date_from)
        end = fields.Datetime.to_datetime(self.date_to) + timedelta(days=1)
        tickets = self.env["pakn.ticket"].search(
            [
                ("national_code", "!=", False),
                ("state", "in", ("done", "rejected")),
                ("secrecy", "=", "public"),
                ("date_closed", ">=", to_utc(start)),
                ("date_closed", "<", to_utc(end)),
            ],
            order="date_closed, id",
            limit=portal_file.MOST_LINES + 1,
        )
        if not tickets:
            raise UserError(
                self.env._(
                    "No request of the national portal was closed in these days."
                )
            )
        if len(tickets) > portal_file.MOST_LINES:
            raise UserError(
                self.env._(
                    "More than %s requests: please choose fewer days.",
                    portal_file.MOST_LINES,
                )
            )
        rows = [self._get_row(ticket) for ticket in tickets]
        write = (
            portal_file.write_json if self.kind == "json" else portal_file.write_xlsx
        )
        content = write(HEADER, rows)
        name = f"ket-qua-1022-{self.date_from}-{self.date_to}.{self.kind}"
        self.write(
            {
                "file": base64.b64encode(content),
                "file_name": name,
                "summary": self.env._("%s results are in the file.", len(rows)),
            }
        )
        # sudo: exchanges are written by these dialogs alone
        self.env["pakn.exchange"].sudo().create(
            {
                "direction": "out",
                "user_id": self.env.uid,
                "file_name": name,
                "digest": hashlib.sha256(content).hexdigest(),
                "same_count": len(rows),
                "line_ids": [
                    fields.Command.create(
                        {
                            "code": ticket.national_code,
                            "ticket_id": ticket.id,
                            "outcome": "given",
                        }
                    )
                    for ticket in tickets
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Results for the national portal"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _get_row(self, ticket):
        is_rejected = ticket.state == "rejected"
        text = ticket.reject_guidance if is_rejected else ticket.result
        return (
            ticket.national_code,
            ticket.name,
            "Không tiếp nhận" if is_rejected else "Đã trả lời",
            ticket.unit_id.name or "",
            to_local(ticket.date_closed).strftime("%d/%m/%Y %H:%M"),
            html2plaintext(text or "").strip()[:32_000],
        )
