from odoo import fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError

from .pakn_ticket import OPEN_STATES

RATINGS = (5, 3, 1)


class PaknTicket(models.Model):
    """The operations of a request: Art. 10, 13 and 14, one method each.

    Each works on a batch, checks the caller's right and the state, locks the rows,
    and either does the whole of it or raises a sentence the user can act on.
    """

    _inherit = "pakn.ticket"

    # ------------------------------------------------------------
    # OPERATIONS OF THE OPERATOR
    # ------------------------------------------------------------

    def reject(self, reason_id, guidance=None):
        """Refuse requests that do not meet Art. 8 and say why (Art. 10.1.2a).

        :param int reason_id: of ``pakn.reject.reason``
        :param str guidance: HTML; the reason's own guidance when ``None``
        """
        self._start_operator_act(("new",))
        reason = self.env["pakn.reject.reason"].browse(reason_id).exists()
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
        self.sudo().write(  # sudo: the right was checked above
            {
                "state": "rejected",
                "reject_reason_id": reason.id,
                "reject_guidance": guidance,
                "date_done": fields.Datetime.now(),
            }
        )
        self._notify_citizen("rejected")
        return True

    def answer(self, result, attachment_ids=None):
        """Answer at once from what is known (Art. 10.1.2 b1).

        :param str result: HTML
        :param list attachment_ids: ids of ``ir.attachment`` that the caller has just
            uploaded; they go to the citizen with the answer
        """
        self._start_operator_act(("new",))
        if not self._has_text(result):
            raise ValidationError(self.env._("The answer is empty."))
        files = self.env["ir.attachment"].browse(attachment_ids or ())
        self._log_event(
            "answered",
            to_state="answered",
            payload={"files": files._describe_files()} if files else None,
        )
        if files:
            self._set_result_files(files._attach_to(self))
        self.sudo().write(  # sudo: the right was checked above
            {
                "state": "answered",
                "result": result,
                "date_result": fields.Datetime.now(),
                "is_instant": True,
            }
        )
        return True

    def transfer(self, unit_ids, note=None, date_due=None, attachment_ids=None):
        """Hand requests to their units, one slip each (Art. 10.1.2 b2 step 1).

        The operator transfers new requests; the provincial office assigns those that
        lie with it (Art. 10.4.2).

        :param list unit_ids: ids of ``pakn.unit``; the first one leads
        :param str note: what the units should know
        :param datetime date_due: UTC; the day by which the provincial office directs
            the units to answer, instead of their usual hours
        :param list attachment_ids: ids of ``ir.attachment`` that the caller has just
            uploaded for the units
        """
        units = self.env["pakn.unit"].browse(dict.fromkeys(unit_ids or ())).exists()
        if not units:
            raise ValidationError(self.env._("Choose the unit that shall handle it."))
        for unit in units:
            if not unit.active:
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” exists no longer; choose another unit.",
                        unit=unit.display_name,
                    )
                )
        by_office = self._is_act_of_provincial_office()
        if by_office:
            office_slips = self.open_transfer_id
            office_slips._start_act(("sent", "acknowledged", "scheduled", "extended"))
        else:
            self._start_operator_act(("new",))
            self._check_ready_to_transfer()
        if date_due:
            if not by_office:
                raise AccessError(
                    self.env._(
                        "Only the provincial office directs a unit to answer by a date."
                    )
                )
            date_due = self.env["pakn.transfer"]._parse_future(date_due)
        files = self.env["ir.attachment"].browse(attachment_ids or ())
        if files:
            self._log_event("attached", payload={"files": files._describe_files()})
            for ticket, attachments in files._attach_to(self).items():
                # sudo: the right was checked above
                ticket.sudo().attachment_ids |= attachments
        tickets = self.sudo()  # sudo: the right was checked above
        if by_office:
            assignment = note or self.env._(
                "Assigned to %(units)s.", units=", ".join(units.mapped("name"))
            )
            # sudo: the right was checked above
            office_slips.sudo()._close("answered", result=assignment)
        slips = tickets._send_slips(units, "focal", note=note, date_deadline=date_due)
        tickets.write({"state": "transferred", "unit_id": units[0].id})
        slips._notify_unit("transferred")
        self._notify_citizen("transferred")
        return True

    def refer_to_province(self, note):
        """Refer unclear or shared authority to the provincial office (Art. 10.4.2).

        :param str note: what is unclear
        """
        self._start_operator_act(("new",))
        self._check_ready_to_transfer()
        if not (note or "").strip():
            raise ValidationError(
                self.env._("Tell the provincial office what is to be decided.")
            )
        office = self.env["pakn.unit"]._get_provincial_office()
        self._log_event("referred", note=note, to_state="escalated_province")
        tickets = self.sudo()  # sudo: the right was checked above
        slips = tickets._send_slips(office, "province", note=note)
        tickets.write({"state": "escalated_province", "unit_id": office.id})
        slips._notify_unit("referred")
        self._notify_citizen("transferred")
        return True

    def send_result(self):
        """Send the result to the citizen and publish it if it may be (Art. 13.1)."""
        self._start_operator_act(("answered",))
        self._send_result()
        return True

    def publish(self):
        """Make the result public (Art. 13.1).

        :raise UserError: secret, or the citizen asked for confidentiality
        """
        self._start_operator_act(("done",))
        hidden = self.filtered(lambda ticket: ticket.secrecy != "public")
        if hidden:
            raise UserError(
                self.env._(
                    "%(codes)s is confidential or secret and is not published "
                    "(Art. 13.1).",
                    codes=hidden._get_codes(),
                )
            )
        self.filtered(lambda ticket: not ticket.is_published)._publish()
        return True

    def unpublish(self):
        """Withdraw the result from the public."""
        self._start_operator_act(("done", "new"))
        self._unpublish()
        return True

    def reopen(self, reason):
        """Take up a request again that its citizen is not satisfied with (Art. 14).

        A new round begins: the request is new, what was done stays on its slips and
        in its record.
        """
        self._start_operator_act(("done", "rejected"))
        reason = self._check_reason(reason)
        for ticket in self:
            ticket._log_event(
                "reopened",
                note=reason,
                to_state="new",
                payload={"round": ticket.round + 1, "result": ticket.result or ""},
            )
            # sudo: the right was checked above
            ticket.sudo().write(
                {
                    "state": "new",
                    "round": ticket.round + 1,
                    "unit_id": False,
                    "result": False,
                    "result_attachment_ids": [fields.Command.clear()],
                    "date_result": False,
                    "date_done": False,
                    "is_instant": False,
                    "is_published": False,
                    "date_published": False,
                    "reject_reason_id": False,
                    "reject_guidance": False,
                }
            )
        # sudo: rating.rating - a question about the old result is void now
        self.sudo().rating_ids.filtered(lambda r: not r.consumed).unlink()
        return True

    def cancel(self, reason):
        """End requests that are none: withdrawn, test call, duplicate.

        :param str reason: kept in the record
        """
        self._start_operator_act(OPEN_STATES)
        reason = self._check_reason(reason)
        self._log_event("cancelled", note=reason, to_state="cancelled")
        tickets = self.sudo()  # sudo: the right was checked above
        tickets.transfer_ids.filtered("is_open")._close("cancelled")
        tickets.write({"state": "cancelled"})
        return True

    def rate(self, rating, feedback=None):
        """Write down the grade that the citizen gives on the phone (Art. 14).

        :param int rating: 5 satisfied, 3 acceptable, 1 not satisfied
        :param str feedback: why; compulsory when not satisfied
        """
        self._start_operator_act(("done",))
        for ticket in self.sudo():  # sudo: the right was checked above
            ticket._rating_get_access_token()
            ticket.rating_apply(
                rating, rating=ticket._get_round_rating(), feedback=feedback
            )
        return True

    # ------------------------------------------------------------
    # RATING (ART. 14)
    # ------------------------------------------------------------

    def _get_round_rating(self):
        """Return the rating, asked or given, of the present result."""
        self.ensure_one()
        # sudo: rating.rating - one result has one rating, whoever looks
        return self.sudo().rating_ids.filtered(
            lambda rating: rating.pakn_round == self.round
        )[:1]

    def _rating_get_access_token(self, partner=None):
        """One result, one rating: the token of a given grade is not replaced."""
        rating = self._get_round_rating()
        if rating:
            return rating.access_token
        return super()._rating_get_access_token(partner)

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        """Take the citizen's grade, once per result, with its reason (Art. 14).

        :raise ValidationError: no such grade, or the reason is missing
        :raise UserError: rated already, or there is no result to rate now
        """
        self.ensure_one()
        if token and not rating:
            rating = self.env["rating.rating"].search(
                [("access_token", "=", token)], limit=1
            )
        self._lock()
        if self.state != "done" or not rating:
            raise UserError(self.env._("There is no result to be rated now."))
        if rating.consumed:
            raise UserError(
                self.env._("This result has been rated already. Thank you.")
            )
        try:
            rate = int(rate)
        except (TypeError, ValueError):
            rate = None
        if rate not in RATINGS:
            raise ValidationError(self.env._("Please choose one of the three grades."))
        feedback = (feedback or "").strip()
        if rate == 1 and not feedback:
            raise ValidationError(self.env._("Please say why you are not satisfied."))
        result = super().rating_apply(
            rate,
            rating=rating,
            feedback=feedback,
            subtype_xmlid="mail.mt_note",
            notify_delay_send=notify_delay_send,
        )
        self._log_event("rated", note=feedback, payload={"rating": rate})
        return result

    def message_post(self, **kwargs):
        """A grade is given through ``rating_apply`` alone, which checks it."""
        if kwargs.get("rating_value"):
            raise AccessError(
                self.env._("A result is rated through the link sent to the citizen.")
            )
        return super().message_post(**kwargs)

    def _get_rating_url(self, rate):
        """Return the absolute address at which the citizen gives grade ``rate``."""
        self.ensure_one()
        token = self._rating_get_access_token()
        return f"{self.get_base_url()}/rate/{token}/{rate}"

    # ------------------------------------------------------------
    # STEPS THAT OPERATIONS SHARE
    # ------------------------------------------------------------

    def _send_result(self):
        """Send the result; the caller has checked right and state."""
        self._log_event("sent", to_state="done")
        tickets = self.sudo()  # sudo: a unit's answer may send it (setting)
        # Supporting units never hold up the result.
        tickets.transfer_ids.filtered("is_open")._close("cancelled")
        tickets.write({"state": "done", "date_done": fields.Datetime.now()})
        tickets.filtered(lambda ticket: ticket.secrecy == "public")._publish()
        self._notify_citizen("result")
        self._notify_citizen("rating")

    def _set_result_files(self, files):
        """Make ``{request: attachments}`` part of the results."""
        for ticket, attachments in files.items():
            # sudo: the caller has checked the right
            ticket.sudo().result_attachment_ids = attachments

    def _publish(self):
        self._log_event("published")
        self.sudo().write(  # sudo: the caller has checked the right
            {"is_published": True, "date_published": fields.Datetime.now()}
        )

    def _unpublish(self):
        published = self.filtered("is_published")
        published._log_event("unpublished")
        # sudo: the caller has checked the right
        published.sudo().write({"is_published": False, "date_published": False})

    def _send_slips(self, units, level, note=None, date_deadline=None):
        """Create a slip of each request for each unit; the first one leads.

        A unit that still holds an open slip of this round keeps that one.

        :return: the new ``pakn.transfer`` records
        """
        now = fields.Datetime.now()
        Transfer = self.env["pakn.transfer"]
        deadlines = {
            unit: date_deadline or Transfer._get_deadline(unit, level, now)
            for unit in units
        }
        vals_list = []
        for ticket in self:
            held = {slip.unit_id: slip for slip in ticket.transfer_ids if slip.is_open}
            for position, unit in enumerate(units):
                role = "support" if position else "lead"
                if unit in held:
                    held[unit].role = role
                    continue
                vals_list.append(
                    {
                        "ticket_id": ticket.id,
                        "unit_id": unit.id,
                        "level": level,
                        "role": role,
                        "round": ticket.round,
                        "note": note,
                        "date_sent": now,
                        "date_deadline": deadlines[unit],
                        "is_date_directed": bool(date_deadline),
                    }
                )
        return Transfer.create(vals_list)

    def _start_operator_act(self, states):
        """Check that the caller is an operator and the state allows it, and lock.

        :param tuple states: of which each request must be in one
        """
        self._check_operator()
        self._lock()
        self._check_state(states)

    def _check_operator(self):
        if self.env.su:
            return
        if not self.env.user.has_group("pakn_1022.group_operator"):
            raise AccessError(
                self.env._("Only an operator of the hotline may do this.")
            )
        self.check_access("write")

    def _check_state(self, states):
        wrong = self.filtered(lambda ticket: ticket.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(code)s is in the state “%(state)s”, so this cannot be done. "
                    "Somebody may have been faster; reload the page.",
                    code=wrong[0].name,
                    state=labels[wrong[0].state],
                )
            )

    def _lock(self):
        """Lock the rows until the end of the transaction: one acts at a time.

        A row that changed since the transaction began makes PostgreSQL refuse, and
        Odoo does the request over, which then meets the new state.
        """
        try:
            self.sudo().lock_for_update(allow_referencing=True)  # sudo: lock only
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is handling %(codes)s at this moment. "
                    "Please reload the page.",
                    codes=self._get_codes(),
                )
            ) from error

    def _check_ready_to_transfer(self):
        """Art. 8: what a unit needs in order to act."""
        for ticket in self:
            missing = [
                label
                for label, given in (
                    (self.env._("the field"), ticket.category_id),
                    (self.env._("the content"), self._has_text(ticket.description)),
                    (self.env._("the citizen's name"), ticket.citizen_name),
                    (
                        self.env._("a phone number or email address"),
                        ticket.citizen_phone or ticket.citizen_email,
                    ),
                )
                if not given
            ]
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(code)s cannot be handed on yet; still missing: %(missing)s.",
                        code=ticket.name,
                        missing=", ".join(missing),
                    )
                )

    def _check_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise ValidationError(self.env._("Please give the reason."))
        return reason

    def _is_act_of_provincial_office(self):
        """Return whether all of these lie with the caller at level ``province``."""
        slips = self.open_transfer_id
        return (
            len(slips) == len(self)
            and set(slips.mapped("level")) == {"province"}
            and all(slips.mapped("can_respond"))
        )

    def _move_to_stage(self, stage):
        """Run the transition that dragging a card to ``stage`` means.

        :raise UserError: that transition needs something a drag cannot give
        """
        moved = self.filtered(lambda ticket: ticket.state != stage.state)
        for ticket in moved:
            step = (ticket.state, stage.state)
            if step == ("answered", "done"):
                ticket.send_result()
            elif step == ("new", "transferred") and ticket.suggested_unit_id:
                ticket.transfer(ticket.suggested_unit_id.ids)
            else:
                hints = {
                    "rejected": self.env._("press “Reject” and give the reason"),
                    "transferred": self.env._("press “Transfer” and choose the unit"),
                    "answered": self.env._("press “Answer” and write the answer"),
                    "cancelled": self.env._("press “Cancel” and give the reason"),
                    "new": self.env._("press “Reopen” and give the reason"),
                    "done": self.env._("it needs a result first"),
                }
                raise UserError(
                    self.env._(
                        "%(code)s was not moved to “%(stage)s”: %(hint)s.",
                        code=ticket.name,
                        stage=stage.name,
                        hint=hints.get(
                            stage.state,
                            self.env._("only the unit or the clock moves it there"),
                        ),
                    )
                )

    def _get_codes(self):
        return ", ".join(self.mapped("name"))
