import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import periods

_logger = logging.getLogger(__name__)

SCHEDULED = ("week", "month", "quarter", "half", "year")


class PaknReport(models.Model):
    """Reports that make themselves, and go out when they are confirmed (Art. 21)."""

    _inherit = "pakn.report"

    is_to_send = fields.Boolean(readonly=True, copy=False)

    def _get_procedure_fields(self):
        return super()._get_procedure_fields() | {"is_to_send"}

    # ------------------------------------------------------------
    # MADE BY ITSELF
    # ------------------------------------------------------------

    @api.model
    def _cron_make(self):
        """Make the drafts of the periods that are over, on the first working day.

        Runs every morning and makes what is missing, so that a day on which the
        server stood still is made up for.
        """
        for kind in SCHEDULED:
            if self._get_setting(f"make_{kind}", "True") != "True":
                continue
            first, last = self._get_due_period(kind)
            if not first:
                continue
            if self.search_count(
                [
                    ("kind", "=", kind),
                    ("scope", "=", "province"),
                    ("date_from", "=", first),
                ],
                limit=1,
            ):
                continue
            report = self.create(
                {
                    "kind": kind,
                    "date_from": first,
                    "date_to": last,
                    "has_unit_parts": kind != "week",
                }
            )
            report._ask_for_confirmation()

    @api.model
    def _get_due_period(self, kind):
        """Return the last period that is over, if a working day has begun since.

        :return: ``(first, last)``, or ``(None, None)``
        """
        today, close = self._get_today(), self._get_close_day()
        period = periods.get_period(kind, today, close)
        first, last = periods.get_previous(kind, *period, close)
        clock = self.env["pakn.unit"]._get_default_calendar()._get_working_time()
        begins = clock.add(periods.to_utc(last + periods.DAY), 0)
        if periods.to_local_day(begins) > today:
            return None, None
        return first, last

    def _ask_for_confirmation(self):
        """Put the draft into the managers' lists of what is to be done."""
        self.ensure_one()
        managers = self.env.ref("pakn_1022.group_manager").user_ids
        for manager in managers.filtered(lambda user: user.active and not user.share):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self._get_today(),
                user_id=manager.id,
                summary=self.env._("Check the report and confirm it"),
            )

    # ------------------------------------------------------------
    # ON ITS WAY
    # ------------------------------------------------------------

    def send(self):
        """Have confirmed reports mailed to the recipients, the units' parts to them.

        In the background: a hundred units' parts take minutes.
        """
        self.check_access("write")
        for report in self:
            if report.state == "draft":
                raise UserError(
                    self.env._("Confirm the report first; a draft is not sent.")
                )
        self.sudo().is_to_send = True  # sudo: the right was checked above
        # sudo: ir.cron - the managers start the sending
        self.env.ref("pakn_1022_reports.ir_cron_send_reports").sudo()._trigger()
        return True

    def action_send(self):
        self.send()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The report is on its way to the recipients."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _cron_send(self):
        """Mail what is to be sent: first the whole, then each unit's part."""
        cron = self.env["ir.cron"]
        reports = self.search([("is_to_send", "=", True)], order="id")
        cron._commit_progress(remaining=len(reports))
        for report in reports:
            report._mail_to(report._get_recipient_emails())
            report.write(
                {
                    "is_to_send": False,
                    "state": "sent",
                    "date_sent": fields.Datetime.now(),
                }
            )
            parts = report._get_units_of_parts()
            if not cron._commit_progress(1, remaining=len(parts) + len(reports)):
                return
            for unit in parts:
                report._send_part(unit)
                if not cron._commit_progress(1):
                    return

    def _get_recipient_emails(self):
        """Return to whom this report goes, as a mail's ``To``."""
        self.ensure_one()
        if self.scope == "unit":
            unit = self.unit_id
            people = unit.head_user_id | unit.focal_user_ids
            emails = [unit.email, *people.mapped("email")]
        else:
            emails = (
                self.env["pakn.report.recipient"]
                .search([("active", "=", True)])
                .mapped("email")
            )
        return ",".join(dict.fromkeys(email for email in emails if email))

    def _get_units_of_parts(self):
        """Return the units that get a part of this report and have none yet."""
        self.ensure_one()
        if self.scope != "province" or not self.has_unit_parts:
            return self.env["pakn.unit"]
        lines = self.line_ids.search(
            [
                ("report_id", "=", self.id),
                ("section", "=", "units"),
                ("row", "!=", "total"),
                ("column", "in", ("carried", "received")),
                ("value", ">", 0),
            ]
        )
        ids = {int(row) for row in lines.mapped("row")}
        return self.env["pakn.unit"].browse(sorted(ids)) - self.child_ids.unit_id

    def _send_part(self, unit):
        """Make the part of one unit, frozen as the whole is, and mail it there."""
        self.ensure_one()
        part = self.create(
            {
                "kind": self.kind,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "scope": "unit",
                "unit_id": unit.id,
                "parent_id": self.id,
                "state": "confirmed",
                "date_confirmed": self.date_confirmed,
                "confirmed_by_id": self.confirmed_by_id.id,
            }
        )
        if part.is_to_count:
            part._count()
        part.letter = part._make_letter()
        emails = part._get_recipient_emails()
        if emails:
            part._mail_to(emails)
            part.write({"state": "sent", "date_sent": fields.Datetime.now()})
        return part

    def _mail_to(self, emails):
        """Mail this report as XLSX and PDF.

        :param str emails: the mail's ``To``; nothing is mailed to nobody
        """
        self.ensure_one()
        if not emails:
            return
        template = self.env.ref("pakn_1022_reports.mail_template_report")
        files = [
            (self._get_file_name("xlsx"), self._get_xlsx()),
            (self._get_file_name("pdf"), self._get_pdf()),
        ]
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content in files
            ]
        )
        template.send_mail(
            self.id,
            email_values={
                "email_to": emails,
                "recipient_ids": [],
                "attachment_ids": [fields.Command.set(attachments.ids)],
            },
        )
        _logger.info("report %s mailed", self.id)
