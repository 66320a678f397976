import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# How long a file is kept after it was ready
KEPT_HOURS = 24


class PaknExportLog(models.Model):
    """Who took records out, which and how many (Art. 12.1, 20.4).

    Written before the file is made; kept, changed by nobody. The manager and the
    monitor read all, everybody else their own. The file (``pakn.export.making``) is
    for who asked for it alone, and goes when its time is over.
    """

    _name = "pakn.export.log"
    _description = "Log of exports"
    _inherit = ["pakn.export.making"]
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
    # What was looked for may be a citizen's name or number
    domain = fields.Char(
        string="Filter",
        required=True,
        readonly=True,
        groups="pakn_1022.group_operator",
    )
    count = fields.Integer(
        string="Requests",
        readonly=True,
        help="Those that were found; when the file is ready, those that are in it.",
    )
    file_type = fields.Selection(
        [("xlsx", "XLSX"), ("csv", "CSV")], required=True, readonly=True
    )
    file_name = fields.Char(
        readonly=True, help="Without its ending; says which period it is of."
    )
    purpose = fields.Char(required=True, readonly=True)
    is_personal = fields.Boolean(
        string="With personal data",
        readonly=True,
        help="Whoever exported may know the citizens; otherwise names and numbers "
        "were masked.",
    )
    state = fields.Selection(
        [
            ("making", "Being made"),
            ("ready", "Ready"),
            ("failed", "Failed"),
            ("expired", "No longer kept"),
        ],
        required=True,
        readonly=True,
        default="making",
    )
    done = fields.Integer(string="Requests in the file", readonly=True)
    date_ready = fields.Datetime(string="Ready on", readonly=True)
    date_expiry = fields.Datetime(string="Kept until", compute="_compute_date_expiry")
    error = fields.Char(string="Why it failed", readonly=True)
    is_own = fields.Boolean(compute="_compute_is_own")
    is_downloadable = fields.Boolean(compute="_compute_is_downloadable")
    token = fields.Char(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: secrets.token_urlsafe(16),
    )
    last_id = fields.Integer(
        readonly=True,
        groups="base.group_system",
        help="Database id of the last request in the file.",
    )
    top_id = fields.Integer(
        readonly=True,
        groups="base.group_system",
        help="Database id of the newest request when the export was asked for.",
    )
    attempts = fields.Integer(
        readonly=True,
        groups="base.group_system",
        help="Attempts since a row was last made.",
    )

    _making_idx = models.Index("(id) WHERE state IN ('making', 'ready')")

    @api.depends("user_id.name", "date")
    def _compute_display_name(self):
        for log in self:
            log.display_name = f"{log.user_id.name} · {log.date}"

    @api.depends("date_ready")
    def _compute_date_expiry(self):
        for log in self:
            log.date_expiry = log.date_ready and (
                log.date_ready + timedelta(hours=KEPT_HOURS)
            )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        for log in self:
            log.is_own = log.user_id == self.env.user

    @api.depends("state", "date_expiry", "is_own")
    @api.depends_context("uid")
    def _compute_is_downloadable(self):
        now = fields.Datetime.now()
        for log in self:
            log.is_downloadable = (
                log.is_own and log.state == "ready" and log.date_expiry > now
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("What was exported stays on record."))

    def action_open(self):
        """Show how far this export is, and fetch its file as soon as it is ready."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export of records"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"pakn_export_download": True},
        }

    def action_download(self):
        """Fetch the file of one's own export.

        :raise UserError: it is somebody else's, or is not kept (any more)
        """
        self.ensure_one()
        self.check_access("read")
        if not self.is_own:
            raise UserError(
                self.env._("The file is for who asked for it; please export anew.")
            )
        if not self.is_downloadable:
            raise UserError(
                self.env._(
                    "This file is not there: it is kept for %s hours after it is "
                    "ready. Please export anew.",
                    KEPT_HOURS,
                )
            )
        # sudo: pakn.export.log - one's own, as was checked
        token = self.sudo().token
        return {
            "type": "ir.actions.act_url",
            "url": f"/pakn_1022_reports/export/{token}",
            "target": "download",
        }

    @api.model
    def _find_file(self, token):
        """Return, in sudo, the log whose file the user may fetch now, or none."""
        # sudo: pakn.export.log - found by a secret, and only by who got it
        log_sudo = self.sudo().search([("token", "=", token)], limit=1)
        # Who was taken all roles gets nothing any more
        is_theirs = log_sudo.is_downloadable and self.has_access("read")
        return log_sudo if is_theirs else log_sudo.browse()

    @api.autovacuum
    def _gc_files(self):
        """Remove the files whose time is over.

        An hour later than they can be fetched, for somebody may be at it.
        """
        before = fields.Datetime.now() - timedelta(hours=KEPT_HOURS + 1)
        old = self.search([("state", "=", "ready"), ("date_ready", "<", before)])
        self.env["pakn.export.part"].search([("log_id", "in", old.ids)]).unlink()
        old.state = "expired"
