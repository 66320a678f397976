from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.safe_eval import safe_eval

from ..models.pakn_export_rows import CITIZEN_GROUPS

BAD_FILTER = (
    AttributeError,
    KeyError,
    NameError,
    SyntaxError,
    TypeError,
    ValueError,
)


class PaknExport(models.TransientModel):
    """Take the records themselves out (Art. 12.1): which, as what, and what for."""

    _name = "pakn.export"
    _description = "Export of records"

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
    def default_get(self, fields_list):
        """Take up what was selected in the list that the dialog is opened from."""
        values = super().default_get(fields_list)
        context = self.env.context
        if "domain" in fields_list and context.get("active_model") == "pakn.ticket":
            ids = context.get("active_ids")
            domain = context.get("active_domain")
            values["domain"] = str(domain or [("id", "in", ids or [])])
        return values

    @api.depends("domain")
    def _compute_count(self):
        for export in self:
            export.count = self.env["pakn.ticket"].search_count(export._parse())

    def _compute_is_personal(self):
        groups = (self.env.user.has_group(group) for group in CITIZEN_GROUPS)
        self.is_personal = any(groups)

    def _parse(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        try:
            domain = safe_eval(
                self.domain or "[]",
                {
                    "uid": self.env.uid,
                    "context_today": lambda: today,
                    "relativedelta": timedelta,
                },
            )
            self.env["pakn.ticket"]._search(domain, limit=1)
        except BAD_FILTER as error:
            raise ValidationError(
                self.env._("This is no filter of requests; please choose it anew.")
            ) from error
        return domain

    def action_export(self):
        """Note the export, then have the file fetched."""
        self.ensure_one()
        domain = self._parse()
        count = self.env["pakn.ticket"].search_count(domain)
        if not count:
            raise UserError(self.env._("There is no request like that."))
        # sudo: pakn.export.log - everybody's exports are noted, nobody writes it
        log_sudo = (
            self.env["pakn.export.log"]
            .sudo()
            .create(
                {
                    "user_id": self.env.uid,
                    "domain": str(domain),
                    "count": count,
                    "file_type": self.file_type,
                    "purpose": self.purpose.strip(),
                    "is_personal": self.is_personal,
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/pakn_1022_reports/export/{log_sudo.token}",
            "target": "download",
        }
