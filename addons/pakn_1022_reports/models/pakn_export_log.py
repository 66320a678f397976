import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError


class PaknExportLog(models.Model):
    """Who took records out, which and how many (Art. 12.1, 20.4).

    Written before the file is made; kept, changed by nobody. The manager and the
    monitor read all, everybody else their own.
    """

    _name = "pakn.export.log"
    _description = "Log of exports"
    _order = "id desc"

    user_id = fields.Many2one(
        "res.users",
        string="Exported by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        string="Exported on", required=True, readonly=True, default=fields.Datetime.now
    )
    domain = fields.Char(string="Filter", required=True, readonly=True)
    count = fields.Integer(string="Requests", readonly=True)
    file_type = fields.Selection(
        [("xlsx", "XLSX"), ("csv", "CSV")], required=True, readonly=True
    )
    purpose = fields.Char(required=True, readonly=True)
    is_personal = fields.Boolean(
        string="With personal data",
        readonly=True,
        help="Whoever exported may know the citizens; otherwise names and numbers "
        "were masked.",
    )
    token = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: secrets.token_urlsafe(16),
    )

    @api.depends("user_id.name", "date")
    def _compute_display_name(self):
        for log in self:
            log.display_name = f"{log.user_id.name} · {log.date}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("What was exported stays on record."))
