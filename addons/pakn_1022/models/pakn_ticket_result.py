from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..tools import acts


class PaknTicketResult(models.AbstractModel):
    """How a request ends, and what the public reads of it (Art. 10.1.2, 13).

    A room of ``pakn.ticket``: the operations that refuse, answer, give back, send and
    publish, as those of ``pakn.ticket.acts``.
    """

    _name = "pakn.ticket.result"
    _description = "Results of requests"
    _inherit = "pakn.act.mixin"

    # How it ended
    reject_reason_id = fields.Many2one(
        "pakn.reject.reason",
        string="Reason for rejection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        procedure=True,
    )
    reject_guidance = fields.Html(
        string="Guidance",
        readonly=True,
        copy=False,
        procedure=True,
    )
    result = fields.Html(
        readonly=True,
        copy=False,
        procedure=True,
    )
    result_attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_ticket_result_attachment_rel",
        string="Files of the result",
        readonly=True,
        copy=False,
        procedure=True,
    )
    date_result = fields.Datetime(
        string="Result on",
        readonly=True,
        copy=False,
        procedure=True,
    )
    date_done = fields.Datetime(
        string="Sent on",
        readonly=True,
        copy=False,
        procedure=True,
    )
    is_instant = fields.Boolean(
        string="Answered at once",
        readonly=True,
        copy=False,
        help="Answered by the operator from the knowledge base (Art. 10.1.2 b1).",
        procedure=True,
    )
    outcome = fields.Selection(
        [
            ("open", "Open"),
            ("rejected", "Rejected"),
            ("instant", "Answered at once"),
            ("focal", "Result of the focal point"),
            ("head", "Result of the head"),
            ("province", "Result of the province"),
            ("cancelled", "Cancelled"),
        ],
        default="open",
        readonly=True,
        copy=False,
        procedure=True,
        help="How the present round ended, and at which level.",
    )
    date_first = fields.Datetime(
        string="First response on",
        readonly=True,
        copy=False,
        procedure=True,
        help="When the citizen first heard more than that the request was taken in: "
        "an appointment, a rejection or a result.",
    )
    date_ended = fields.Datetime(
        string="Ended on",
        readonly=True,
        copy=False,
        procedure=True,
        help="When the request was rejected or cancelled, or had its result.",
    )
    date_closed = fields.Datetime(
        string="Closed on",
        readonly=True,
        copy=False,
        index=True,
        procedure=True,
        help="When the request was sent, rejected or cancelled; empty while open.",
    )
    is_published = fields.Boolean(
        string="Published",
        readonly=True,
        copy=False,
        procedure=True,
    )
    date_published = fields.Datetime(
        string="Published on",
        readonly=True,
        copy=False,
        procedure=True,
    )

    # ------------------------------------------------------------
    # REFUSED, ANSWERED, SENT
    # ------------------------------------------------------------

    def reject(self, reason_id, guidance=None):
        """Refuse requests that do not meet Art. 8 and say why (Art. 10.1.2a).

        :param int reason_id: of ``pakn.reject.reason``
        :param str guidance: HTML; the reason's own guidance when ``None``
        """
        self._start("reject")
        reason = self._browse_given("pakn.reject.reason", reason_id)[:1].exists()
        if not reason:
            raise ValidationError(
                self.env._("Choose the reason why the request is not taken in.")
            )
        guidance = reason.guidance if guidance is None else guidance
        if not self._has_text(guidance):
            raise ValidationError(
                self.env._(
                    "The guidance is empty: tell the citizen what to do instead."
                )
            )
        self._log_event("rejected", note=reason.name, to_state="rejected")
        self._set_state(
            "rejected",
            "rejected",
            reject_reason_id=reason.id,
            reject_guidance=guidance,
            date_done=fields.Datetime.now(),
        )
        self._tell("rejected")
        return True

    def answer(self, result, attachment_ids=None):
        """Answer at once from what is known (Art. 10.1.2 b1).

        :param str result: HTML
        :param list attachment_ids: ids of ``ir.attachment`` that the caller has just
            uploaded; they go to the citizen with the answer
        """
        self._start("answer")
        if not self._has_text(result):
            raise ValidationError(self.env._("The answer is empty."))
        files = self._browse_given("ir.attachment", attachment_ids)
        self._log_event(
            "answered",
            to_state="answered",
            payload={"files": files._describe_files()} if files else None,
        )
        if files:
            self._set_result_files(files._attach_to(self))
        self._set_state(
            "answered",
            "instant",
            result=result,
            date_result=fields.Datetime.now(),
            is_instant=True,
        )
        return True

    def return_result(self, reason):
        """Give a poor result back to the unit before it is sent (Art. 10.1, 10.2).

        The lead unit gets a further slip at the level that answered. Its time is what
        was left of the slip when it answered, at least the setting
        ``pakn_1022.return_hours`` of working hours.

        :param str reason: what is missing; told to the unit
        """
        self._start("return_result")
        reason = self._check_reason(reason)
        now = fields.Datetime.now()
        Transfer = self.env["pakn.transfer"]
        hours = self._get_setting("return_hours", 4.0)
        vals_list, files = [], {}
        for ticket in self._acting():
            answered = ticket.transfer_ids.filtered(
                lambda slip, ticket=ticket: (
                    slip.role == "lead"
                    and slip.state == "answered"
                    and slip.round == ticket.round
                )
            ).sorted("id")[-1]
            clock = answered.unit_id._get_calendar()._get_working_time()
            left = 0
            if answered.date_responded < answered.date_due:
                left = clock.between(answered.date_responded, answered.date_due)
            vals_list.append(
                {
                    "ticket_id": ticket.id,
                    "unit_id": answered.unit_id.id,
                    "level": answered.level,
                    "role": "lead",
                    "round": ticket.round,
                    "note": reason,
                    "previous_id": answered.id,
                    "delegate_user_ids": [Command.set(answered.delegate_user_ids.ids)],
                    "date_sent": now,
                    "date_deadline": clock.add(now, max(left, hours)),
                    "is_rework": True,
                }
            )
            files[answered] = ticket
        self._log_event("result_returned", note=reason)
        slips = Transfer.with_env(self._acting().env)._hand_out(vals_list)
        for level, group in slips.grouped("level").items():
            group.ticket_id._set_state(
                acts.STATE_OF_LEVEL[level],
                "open",
                result=False,
                date_result=False,
                result_attachment_ids=[Command.clear()],
            )
        self._tell("result_returned", slips)
        return True

    def send_result(self):
        """Send the result to the citizen (Art. 13.1); publishing is its own act."""
        self._start("send_result")
        self._send_result()
        return True

    def _send_result(self):
        """Send the result; the caller has checked right and state."""
        self._log_event("sent", to_state="done")
        tickets = self._acting()
        # Supporting units never hold up the result.
        tickets.transfer_ids.filtered("is_open")._close("cancelled")
        self._set_state("done", date_done=fields.Datetime.now())
        tickets._filter_published_unseen()._publish()
        self._tell("sent")
        self._tell("rating_asked")

    def _set_result_files(self, files):
        """Make ``{request: attachments}`` part of the results."""
        for ticket, attachments in files.items():
            ticket._acting().result_attachment_ids = attachments

    # ------------------------------------------------------------
    # PUBLIC
    # ------------------------------------------------------------

    def publish(self):
        """Make the result public (Art. 13.1).

        :raise UserError: secret, or the citizen asked for confidentiality
        """
        self._start("publish", idle=("unpublished",))
        self.filtered(lambda ticket: not ticket.is_published)._publish()
        return True

    def unpublish(self):
        """Withdraw the result from the public."""
        self._start("unpublish", idle=("published",))
        self._unpublish()
        return True

    def _publish(self):
        self._log_event("published")
        self._acting().write(
            {"is_published": True, "date_published": fields.Datetime.now()}
        )

    def _unpublish(self):
        published = self.filtered("is_published")
        published._log_event("unpublished")
        published._acting().write({"is_published": False, "date_published": False})

    def _filter_published_unseen(self):
        """Return those that are published without that an operator looks (13.1).

        Of the fields for which the administrator has switched it on. Who hides what is
        personal for the public narrows them further.
        """
        return self.filtered(
            lambda ticket: (
                ticket.secrecy == "public" and ticket.category_id.is_published_unseen
            )
        )
