import ast
import time

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..models.pakn_export_making import BAD_FILTER
from ..models.pakn_export_rows import CITIZEN_GROUPS
from ..tools import figures, periods, wording
from ..tools.report_html import number

# Seconds for which the dialog makes the file itself; the rest is made behind it
AT_ONCE = 1
# Rows above which no XLSX is made: spreadsheets open larger ones slowly or not at all
XLSX_ROWS = 200_000
# Characters of a filter; as many ids as are marked in a list fit in
FILTER_LENGTH = 200_000
STATUS = {
    "all": [],
    "open": [("date_ended", "=", False)],
    "late": [("is_late", "=", True)],
    "was_late": [("was_overdue", "=", True)],
    "answered": [("outcome", "in", list(figures.ANSWERED))],
    "rejected": [("state", "=", "rejected")],
}


class PaknExport(models.TransientModel):
    """Take the records themselves out (Art. 12.1): which, as what, and what for.

    Which: by simple choices, or by a filter of one's own; both where both are set.
    """

    _name = "pakn.export"
    _description = "Export of records"
    _inherit = "pakn.dialog"

    period = fields.Selection(
        [
            ("all", "All the time"),
            ("month", "This month"),
            ("last_month", "Last month"),
            ("quarter", "This quarter"),
            ("last_quarter", "Last quarter"),
            ("year", "This year"),
            ("last_year", "Last year"),
            ("free", "From … to …"),
        ],
        string="Received in",
        required=True,
        default="all",
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")
    category_id = fields.Many2one("pakn.category", string="Field")
    unit_id = fields.Many2one("pakn.unit")
    status = fields.Selection(
        [
            ("all", "All"),
            ("open", "Without a result"),
            ("late", "Late now"),
            ("was_late", "Late, also if answered since"),
            ("answered", "Answered"),
            ("rejected", "Rejected"),
        ],
        string="State",
        required=True,
        default="all",
    )
    is_own_filter = fields.Boolean(
        string="A filter of my own", help="For conditions that are not among these."
    )
    is_selection = fields.Boolean(help="The requests of a list that were marked.")
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
            values["is_selection"] = True
        return values

    @api.depends(
        *("domain", "period", "date_from", "date_to", "category_id", "unit_id"),
        "status",
    )
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
        """Return the filter of the dialog: data, which the log keeps.

        :raise ValidationError: it is no filter of requests, or its days are in
            disorder
        """
        self.ensure_one()
        text = self.domain or "[]"
        try:
            if len(text) > FILTER_LENGTH:
                raise ValueError(len(text))
            # Data, never a program; days that move are texts: "today -7d"
            domain = ast.literal_eval(text)
            domain = list(Domain(domain) & Domain.AND(self._get_choices()))
            self._get_tickets()._search(domain, limit=1)
        except BAD_FILTER as error:
            raise ValidationError(
                self.env._("This is no filter of requests; please choose it anew.")
            ) from error
        return domain

    def _get_choices(self):
        """Return the simple choices as filters of requests, each a list of data."""
        choices = []
        first, last = self._get_days()
        if first:
            start = fields.Datetime.to_string(periods.to_utc(first))
            choices.append([("date_received", ">=", start)])
        if last:
            end = fields.Datetime.to_string(periods.to_utc(last + periods.DAY))
            choices.append([("date_received", "<", end)])
        if self.category_id:
            choices.append([("category_id", "child_of", self.category_id.id)])
        if self.unit_id:
            choices.append([("unit_id", "child_of", self.unit_id.id)])
        return choices + [STATUS[self.status or "all"]]

    def _get_days(self):
        """Return the first and the last day of the period, ``None`` where it is open.

        :raise ValidationError: it ends before it begins
        """
        if self.period == "free":
            if not all(map(periods.is_known, (self.date_from, self.date_to))):
                raise ValidationError(self.env._("Choose days between 2000 and 2099."))
            if self.date_from and self.date_to and self.date_from > self.date_to:
                raise ValidationError(
                    self.env._("The last day lies before the first one.")
                )
            return self.date_from or None, self.date_to or None
        if not self.period or self.period == "all":
            return None, None
        kind = self.period.removeprefix("last_")
        today = periods.to_local_day(fields.Datetime.now())
        first, last = periods.get_period(kind, today)
        if self.period.startswith("last_"):
            return periods.get_previous(kind, first, last)
        return first, last

    def _get_file_name(self):
        """Return what the file is called, without its ending: by its period."""
        first, last = self._get_days()
        today = periods.to_local_day(fields.Datetime.now())
        if first and last:
            kind = self.period.removeprefix("last_")
            name = wording.name_period(kind, first, first, last)
        elif first:
            name = f"tu-{first:%d-%m-%Y}"
        else:
            name = f"den-{last or today:%d-%m-%Y}"
        return f"ho-so-1022-{name}"

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
                    "file_name": self._get_file_name(),
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
