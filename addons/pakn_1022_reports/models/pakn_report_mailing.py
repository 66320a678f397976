import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

# States of a notice that a mail server has taken
ARRIVED = {"sent", "delivered", "read"}


class PaknReportMailing(models.AbstractModel):
    """How a confirmed report goes out: the whole to its recipients, parts to units.

    Needs the scope, ``state``, ``line_ids``, ``child_ids`` and the files of the
    report. Gives ``send`` and the scheduled action ``_cron_send``, which makes what is
    sent and puts it into the outbox. To whom it goes and what became of it stands in
    ``pakn.report.dispatch``; the report is ``sent`` when mail servers took all of it.
    """

    _name = "pakn.report.mailing"
    _description = "Mailing of a report"

    is_to_send = fields.Boolean(readonly=True, copy=False)
    date_sent = fields.Datetime(string="Sent on", readonly=True, copy=False)
    has_unit_parts = fields.Boolean(
        string="Send the units their part",
        default=True,
        help="Each unit that had a slip gets the report of its own figures.",
    )
    dispatch_ids = fields.One2many(
        "pakn.report.dispatch",
        "report_id",
        string="Sending",
        readonly=True,
        groups="pakn_1022.group_manager",
    )
    sending_state = fields.Selection(
        [("waiting", "On its way"), ("failed", "Not all could be sent")],
        compute="_compute_sending",
        groups="pakn_1022.group_manager",
    )
    sending_text = fields.Char(
        string="How far it is sent",
        compute="_compute_sending",
        groups="pakn_1022.group_manager",
    )

    @api.depends("dispatch_ids.state", "is_to_send")
    def _compute_sending(self):
        labels = self.env["pakn.report.dispatch"]._selection_state()
        for report in self:
            states = report.dispatch_ids.mapped("state")
            report.sending_text = ", ".join(
                f"{label}: {states.count(state)}"
                for state, label in labels
                if state in states
            )
            if report.is_to_send or "waiting" in states:
                report.sending_state = "waiting"
            elif {"failed", "unreachable"} & set(states):
                report.sending_state = "failed"
            else:
                report.sending_state = False

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def send(self):
        """Have confirmed reports mailed to whom they have not reached yet.

        In the background: a hundred units' parts take minutes. A part goes with the
        whole that it was made of.
        """
        self.check_access("write")
        for report in self:
            if report.state == "draft":
                raise UserError(
                    self.env._("Confirm the report first; a draft is not sent.")
                )
        # sudo: pakn.report - the right was checked above
        parts = self.sudo().filtered("parent_id")
        reports_sudo = self.sudo() - parts | parts.parent_id
        reports_sudo.dispatch_ids._try_again()
        reports_sudo.is_to_send = True
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
        """Put what is to be sent into the outbox: the whole, then each unit's part.

        Each part and its files are made together with its notice, in one transaction,
        so that who stops the server between two of them makes nobody get one twice.
        It is a job of its own: files take seconds, and citizens' notices do not wait
        for them. What cannot be made stops no other.
        """
        cron = self.env["ir.cron"]
        reports = self.search([("is_to_send", "=", True)], order="id")
        reports._make_dispatches()
        dispatches = self.env["pakn.report.dispatch"].search(
            [
                ("report_id", "in", reports.ids),
                ("notice_ids", "=", False),
            ],
            order="report_id, id",
        )
        cron._commit_progress(remaining=len(dispatches))
        files = {}
        for dispatch in dispatches:
            try:
                dispatch._hand_over(files)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("%s cannot be mailed", dispatch)
                dispatch._notify("failed", self.env._("The files could not be made."))
            if not cron._commit_progress(1):
                return
        reports.is_to_send = False
        # Of some nothing was left to be sent
        reports._settle()
        cron._commit_progress()

    # ------------------------------------------------------------
    # TO WHOM
    # ------------------------------------------------------------

    def _make_dispatches(self):
        """Note to whom these reports go who does not stand there yet."""
        recipients = self.env["pakn.report.recipient"].search([("email", "!=", False)])
        vals_list = []
        for report in self:
            known = report.dispatch_ids
            units = report.unit_id
            if report.scope != "unit":
                units = report._get_units_of_parts()
                vals_list += [
                    {
                        "report_id": report.id,
                        "recipient_id": recipient.id,
                        "name": recipient.name,
                        "email": recipient.email,
                    }
                    for recipient in recipients - known.recipient_id
                ]
            vals_list += [
                {
                    "report_id": report.id,
                    "unit_id": unit.id,
                    "name": unit.name,
                    "email": self.env["pakn.report.dispatch"]._prepare_address(unit),
                }
                for unit in units - known.unit_id
            ]
        self.env["pakn.report.dispatch"].create(vals_list)

    def _get_units_of_parts(self):
        """Return the units that get a part of this report.

        Not those that got theirs before it was noted who got what.
        """
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
        sent = self.child_ids.filtered(lambda part: part.state == "sent").unit_id
        return self.env["pakn.unit"].browse(sorted(ids)) - sent

    def _get_part(self, unit):
        """Return the part of one unit, frozen as the whole is; made if need be."""
        self.ensure_one()
        part = self.child_ids.filtered(lambda part: part.unit_id == unit)
        if part:
            return part
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
        return part

    # ------------------------------------------------------------
    # WHAT IS SENT
    # ------------------------------------------------------------

    def _make_files(self):
        """Return this report as attachments, XLSX and PDF."""
        self.ensure_one()
        return self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content in (
                    (self._get_file_name("xlsx"), self._get_xlsx()),
                    (self._get_file_name("pdf"), self._get_pdf()),
                )
            ]
        )

    def _settle(self):
        """Set whether these reports are sent: when mail servers took all of it."""
        now = fields.Datetime.now()
        for report in self:
            dispatches = report.dispatch_ids
            if report.parent_id:
                dispatches = report.parent_id.dispatch_ids.filtered(
                    lambda dispatch, part=report: dispatch.mailed_id == part
                )
            states = set(dispatches.mapped("state")) - {"unreachable"}
            sent = bool(states) and states <= ARRIVED and not report.is_to_send
            if sent and report.state == "confirmed":
                report.write({"state": "sent", "date_sent": now})
            elif states and not sent and report.state == "sent":
                report.write({"state": "confirmed", "date_sent": False})
