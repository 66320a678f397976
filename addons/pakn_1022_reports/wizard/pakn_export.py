import ast
import time

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.pakn_export_making import BAD_FILTER
from ..models.pakn_export_rows import CITIZEN_GROUPS
from ..tools.report_html import number

# Seconds for which the dialog makes the file itself; the rest is made behind it
AT_ONCE = 1
# Rows above which no XLSX is made: spreadsheets open larger ones slowly or not at all
XLSX_ROWS = 200_000
# Characters of a filter; as many ids as are marked in a list fit in
FILTER_LENGTH = 200_000


class PaknExport(models.TransientModel):
    """Take the records themselves out (Art. 12.1): which, as what, and what for."""

    _name = "pakn.export"
    _description = "Export of records"
    _inherit = "pakn.dialog"

    domain = fields.Char(string="Which requests", required=True, default="[]")
    count = fields.Integer(string="Requests", compute="_compute_count")
    file_type = fields.Selection(
        [("xlsx", "XLSX"), ("csv", "CSV")],
        string="File",
        required=True,
        default="xlsx",
    )
    purpose = fields.Char(
        required=True, help="Kept in the log, with who exported what and when."
    )
    is_personal = fields.Boolean(
        string="With personal data", compute="_compute_is_personal"
    )

    @api.model
    def default_get(self, fields):
        """Take up what was selected in the list that the dialog is opened from."""
        values = super().default_get(fields)
        context = self.env.context
        if "domain" in fields and context.get("active_model") == "pakn.ticket":
            ids = context.get("active_ids")
            domain = context.get("active_domain")
            values["domain"] = str(domain or [("id", "in", ids or [])])
        return values

    @api.depends("domain")
    def _compute_count(self):
        for export in self:
            export.count = self._get_tickets().search_count(export._parse())

    def _compute_is_personal(self):
        groups = (self.env.user.has_group(group) for group in CITIZEN_GROUPS)
        self.is_personal = any(groups)

    @api.model
    def _get_tickets(self):
        return self.env["pakn.export.log"]._get_reader(self.env.user)

    def _parse(self):
        self.ensure_one()
        text = self.domain or "[]"
        try:
            if len(text) > FILTER_LENGTH:
                raise ValueError(len(text))
            # Data, never a program; days that move are texts: "today -7d"
            domain = ast.literal_eval(text)
            self._get_tickets()._search(domain, limit=1)
        except BAD_FILTER as error:
            raise ValidationError(
                self.env._("This is no filter of requests; please choose it anew.")
            ) from error
        return domain

    def action_export(self):
        """Note the export, make what a second makes of it, and show how far it is.

        :raise UserError: nothing is found, or too much for the kind of file
        """
        self.ensure_one()
        end = time.monotonic() + AT_ONCE
        domain = self._parse()
        tickets = self._get_tickets()
        count = tickets.search_count(domain)
        if not count:
            raise UserError(self.env._("There is no request like that."))
        if self.file_type == "xlsx" and count > XLSX_ROWS:
            raise UserError(
                self.env._(
                    "%(count)s requests are too many for XLSX, which takes "
                    "%(limit)s; please choose CSV, or a narrower filter.",
                    count=number(count),
                    limit=number(XLSX_ROWS),
                )
            )
        # sudo: pakn.ticket - only how far the ids reach at this moment
        newest = self.env["pakn.ticket"].sudo().search([], order="id desc", limit=1)
        # sudo: pakn.export.log - everybody's exports are noted, nobody writes it
        log_sudo = (
            self.env["pakn.export.log"]
            .sudo()
            .create(
                {
                    "user_id": self.env.uid,
                    "domain": str(domain),
                    "count": count,
                    "top_id": newest.id,
                    "file_type": self.file_type,
                    "purpose": self.purpose.strip(),
                    "is_personal": self.is_personal,
                }
            )
        )
        log_sudo._advance(end - time.monotonic())
        if log_sudo.state == "making":
            # sudo: ir.cron - the rest is made without the user
            self.env.ref("pakn_1022_reports.ir_cron_make_exports").sudo()._trigger()
        return log_sudo.sudo(False).action_open()
