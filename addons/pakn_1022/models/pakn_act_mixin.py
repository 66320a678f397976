from datetime import datetime, timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import is_html_empty

from ..tools import acts, province

# Opens the fields of the procedure. Over RPC a context is JSON, so nobody can send it,
# and being superuser is not enough: what changes them is an act.
_ACTING = object()
LAST = datetime.max - timedelta(days=1)


class PaknActMixin(models.AbstractModel):
    """Acts begin here, and the fields of the procedure are guarded here (Art. 9).

    Fields carry ``procedure=True`` (written by acts alone) or ``content=True`` (an
    operator may correct them by hand, which is an act too); others are nobody's to
    write but the program's. A model gives :meth:`_get_act_facts`, which says for each
    record what the table of acts (``tools/acts.py``) asks.
    """

    _name = "pakn.act.mixin"
    _description = "Acts of the procedure"

    acts = fields.Json(
        string="What may be done now",
        compute="_compute_acts",
        help="Names of operations; for the reader of the record.",
    )

    def _valid_field_parameter(self, field, name):
        return name in ("procedure", "content") or super()._valid_field_parameter(
            field, name
        )

    # ------------------------------------------------------------
    # WHAT MAY BE DONE
    # ------------------------------------------------------------

    def _get_act_facts(self):
        """Return ``{record: acts.Facts}`` for the caller."""
        raise NotImplementedError

    def get_acts(self):
        """Return what the caller may do now with each of these records, or why not.

        :return: ``{id: {operation: True or a sentence}}``
        :raise AccessError: the caller may not read them
        """
        self.check_access("read")
        operations = list(acts.get_operations(self._name))
        result = {}
        for record, facts in self._get_act_facts().items():
            reasons = {act: acts.why_not(act, facts) for act in operations}
            result[record.id] = {
                act.name: self._say_why_not(act, reason, record) if reason else True
                for act, reason in reasons.items()
            }
        return result

    @api.depends_context("uid")
    def _compute_acts(self):
        operations = list(acts.get_operations(self._name))
        for record, facts in self._get_act_facts().items():
            # Never empty, which a field of JSON would take for nothing at all
            record.acts = ["read"] + [
                act.name for act in operations if acts.why_not(act, facts) is None
            ]

    def _start(self, name, idle=()):
        """Begin an operation: check the caller's right, lock, check the state.

        :param str name: of the operation, as in the table of acts
        :param idle: needs without which there is nothing to do, which is no error
        :return: its row, :class:`acts.Act`
        :raise AccessError: it is not the caller's to do
        :raise UserError: it cannot be done now
        """
        act = acts.get_act(self._name, name)
        self._check_access_to_act(act)
        self._lock()
        for record, facts in self._get_act_facts().items():
            reason = acts.why_not(act, facts)
            if reason in ("who", "own", "not_delegate"):
                raise AccessError(self._say_why_not(act, reason, record))
            if reason and reason not in idle:
                why = self._say_why_not(act, reason, record)
                faster = record._say_who_acted() if reason == "state" else None
                raise UserError("\n".join(filter(None, (why, faster))))
        return act

    def _say_who_acted(self):
        """Return who of the colleagues has acted on this record last, and what it was.

        ``None`` where it was the caller, a citizen or the program.
        """
        if self.env.su or not self.env.user._is_internal():
            return None
        ticket = self if self._name == acts.TICKET else self.ticket_id
        event = self.env["pakn.event"].search(
            [("ticket_id", "=", ticket.id)], order="sequence desc", limit=1
        )
        user = event.user_id
        if not user or user == self.env.user or not user._is_internal():
            return None
        labels = dict(event._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(name)s has done this at %(time)s: %(act)s.",
            name=user.name,
            time=province.to_local(event.date).strftime("%H:%M %d/%m/%Y"),
            act=labels[event.kind],
        )

    def _check_access_to_act(self, act):
        """Check in the ORM's own rights, before anything is locked."""
        self.check_access("read")

    def _lock(self):
        """Lock the requests concerned until the end of the transaction."""
        raise NotImplementedError

    def _say_why_not(self, act, reason, record):
        """Return a sentence for a reason of :func:`acts.why_not`."""
        sentences = {
            "public": self.env._(
                "%(codes)s is confidential or secret and is not published (Art. 13.1).",
                codes=record._get_codes(),
            ),
            "published": self.env._("%s is not public.", record._get_codes()),
            "unpublished": self.env._("%s is public already.", record._get_codes()),
            "unrated": self.env._("This result has been rated already. Thank you."),
            "by_unit": self.env._("The result was not given by a unit."),
            "lead": self.env._("This is done with the slip of the lead unit."),
            "extension_left": self.env._(
                "%(code)s has been extended already; a unit may put off an "
                "appointment %(limit)s time(s) at most (Art. 11.3).",
                code=record._get_codes(),
                limit=self._get_setting("extension_limit", 1),
            ),
            "not_delegate": self.env._(
                "Who answers for the head cannot delegate further."
            ),
            "expired": self.env._(
                "%(code)s is not due yet, so it is not forwarded.",
                code=record._get_codes(),
            ),
            "forwardable": self.env._("There is no level above this one."),
            "unreached": self.env._("Messages reach the citizen; no call is missing."),
            "recent": self.env._(
                "It is too late to take back what was done with %s.",
                record._get_codes(),
            ),
            "own": self.env._(
                "Only who did it can take back what was done with %s.",
                record._get_codes(),
            ),
            "latest": self.env._(
                "Something more was done with %s since, so the act before is not "
                "taken back.",
                record._get_codes(),
            ),
            "untold": self.env._(
                "Somebody has been told already of what was done with %s, so it is "
                "not taken back.",
                record._get_codes(),
            ),
        }
        return sentences[reason]

    # ------------------------------------------------------------
    # WHO WRITES WHAT
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_procedure_fields(self):
        """Return the names of the fields that acts alone write."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if getattr(field, "procedure", False)
        )

    @api.model
    @tools.ormcache()
    def _get_content_fields(self):
        """Return the names of the fields that may be corrected by hand, on record."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if getattr(field, "content", False)
        )

    def _acting(self):
        """Return these records as an act writes them.

        Whoever calls this has checked the right with :meth:`_start`, or is the clock.
        """
        # sudo: who acts need not have the right to write, the act has been checked
        return self.sudo().with_context(pakn_acting=_ACTING)

    @api.model
    def _is_acting(self):
        return self.env.context.get("pakn_acting") is _ACTING

    def write(self, vals):
        self.env["pakn.undo"]._keep_fields(self, vals)
        return super().write(vals)

    def _check_writable(self, names):
        """Refuse what is not the writer's to write.

        :param names: of fields
        :raise AccessError: a field of the procedure, or one that nobody sets by hand
        """
        if self._is_acting():
            return
        names = set(names)
        if self.env.su:
            refused = names & self._get_procedure_fields()
        else:
            refused = names - self._get_content_fields()
        if refused:
            raise AccessError(
                self.env._(
                    "%(fields)s cannot be changed by hand: use the buttons of the "
                    "request.",
                    fields=", ".join(
                        sorted(
                            self._fields[name]._description_string(self.env)
                            if name in self._fields
                            else name
                            for name in refused
                        )
                    ),
                )
            )

    # ------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------

    def _tell(self, key, slips=None):
        """Queue a notice for everybody whom the table of acts names (Art. 10.1).

        :param str key: of the act
        :param slips: ``pakn.transfer`` it is about, where these are requests
        """
        if not self or self._is_quiet():
            return
        with self.env["pakn.notice"]._gathering():
            for audience in acts.BY_KEY[key].told:
                if audience == "citizen":
                    self._notify_citizen(key)
                elif audience == acts.ADDRESSEES:
                    (self if slips is None else slips)._notify_unit(key)
                elif audience == "operator":
                    self._notify_operator(key)
                else:
                    self._notify_manager(key)

    def _say_done(self, key, undo=None):
        """Return the toast after an act: what was done, and to whom it is told.

        As the table of acts says; whether it arrived is in the outbox.

        :param str key: of the act, done on these records
        :param dict undo: the operation on these records that takes it back, offered for
            a moment: ``{"label", "method", "args", "done"}``, and ``ids`` of those of
            them that it can; without ``done`` it says itself what it did
        """
        act = acts.BY_KEY[key]
        # sudo: codes and those in charge, no secret to who has just acted on it
        records_sudo = self.sudo()
        code = records_sudo._count_or_name()
        told = self._name_told(act, records_sudo)
        label = dict(self.env["pakn.notice"]._selection_act())[key]
        if told and not self._is_quiet():
            said = {"act": label, "code": code, "told": ", ".join(told)}
            # What can be taken back is told when that time is over
            message = (
                self.env._("%(act)s: %(code)s. Will be told: %(told)s.", **said)
                if undo and undo["method"] in ("take_back", "action_take_back")
                else self.env._("%(act)s: %(code)s. Told: %(told)s.", **said)
            )
        else:
            message = self.env._("%(act)s: %(code)s.", act=label, code=code)
        params = {
            "type": "success",
            "message": message,
            "next": {"type": "ir.actions.act_window_close"},
        }
        if undo:
            params["undo"] = {"model": self._name, "ids": self.ids, "args": [], **undo}
        return {
            "type": "ir.actions.client",
            "tag": "pakn_1022.done" if undo else "display_notification",
            "params": params,
        }

    def _count_or_name(self):
        """Return the codes of a few of these records, the number of many."""
        if len(self) <= 3:
            return self._get_codes()
        return self.env._("%s requests", len(self))

    def _name_told(self, act, records_sudo):
        """Return the names or roles of those an act is told to."""
        told = []
        for audience in act.told:
            if audience == acts.ADDRESSEES:
                slips_sudo = (
                    records_sudo
                    if act.model == acts.SLIP
                    else records_sudo.open_transfer_id
                )
                people = self.env["res.users"].sudo()  # sudo: their names
                people = people.union(*(slip._get_recipients() for slip in slips_sudo))
                told += people.mapped("name")[:5] or [self.env._("the unit")]
            elif audience == "citizen":
                told.append(self.env._("the citizen"))
            elif audience == "operator":
                told.append(self.env._("the hotline"))
            elif audience == "manager":
                told.append(self.env._("the administrators"))
        return told

    def _notify_citizen(self, act):
        """Queue what is told to the citizens of these records."""
        raise NotImplementedError

    def _notify_unit(self, act):
        """Queue what is told to those whom these slips are addressed to."""
        raise NotImplementedError

    def _notify_operator(self, act):
        """Queue what is told to the operators who take care of these records."""
        raise NotImplementedError

    def _notify_manager(self, act, note=None):
        """Queue what is told to every manager about these records."""
        if not self or self._is_quiet():
            return
        users = self.env["pakn.notice"]._get_managers()
        self.env["pakn.notice"]._queue(
            act,
            "manager",
            [(record, user, note) for record in self for user in users],
        )

    @api.model
    def _is_quiet(self):
        """Return whether nobody shall be told: imports and data being installed.

        The context key ``pakn_no_notify`` asks for it. Anybody can send a context, so
        it counts for the superuser, the manager and an installation alone.
        """
        return bool(self.env.context.get("pakn_no_notify")) and (
            self.env.su
            or not self.env.registry.ready
            or self.env.user.has_group("pakn_1022.group_manager")
        )

    # ------------------------------------------------------------
    # WHAT OPERATIONS ARE GIVEN
    # ------------------------------------------------------------

    @api.model
    def _browse_given(self, model, ids):
        """Return the records of ids given over any interface, each once.

        :param ids: a list, or one id; nothing for none
        :raise ValidationError: they are no ids
        """
        numbers = ids if isinstance(ids, (list, tuple)) else [ids] if ids else []
        numbers = [number for number in numbers if number]
        if not all(type(number) is int for number in numbers):
            raise ValidationError(self.env._("There is no such record."))
        return self.env[model].browse(dict.fromkeys(numbers))

    @api.model
    def _check_text(self, text):
        """Return a text without blanks around it, as it can be kept; empty for none.

        :raise ValidationError: it is no text
        """
        if text and not isinstance(text, str):
            raise ValidationError(self.env._("This is no text."))
        whole = (text or "").replace("\0", "").encode("utf-8", "ignore")
        return whole.decode().strip()

    def _check_reason(self, reason):
        """Return a reason without blanks around it.

        :raise ValidationError: there is none
        """
        reason = self._check_text(reason)
        if not reason:
            raise ValidationError(self.env._("Please give the reason."))
        return reason

    def _has_text(self, html):
        """Return whether an HTML field or argument says anything."""
        return isinstance(html, str) and not is_html_empty(html)

    @api.model
    def _parse_future(self, value):
        """Return a moment given over any interface as UTC; it must lie ahead.

        :param value: datetime, or ``YYYY-MM-DD HH:MM:SS`` in UTC
        :raise ValidationError: it is no moment, or it is past
        """
        try:
            moment = fields.Datetime.to_datetime(value)
        except (TypeError, ValueError) as error:
            raise ValidationError(
                self.env._("“%(value)s” is no date and time.", value=value)
            ) from error
        now = fields.Datetime.now()
        if not moment or moment <= now:
            raise ValidationError(self.env._("Choose a moment later than now."))
        days = self._get_setting("appointment_days", 60)
        if moment > now + timedelta(days=days):
            raise ValidationError(
                self.env._(
                    "%(date)s is too far ahead: a date is given at most %(days)s days "
                    "before.",
                    # The last day there is has no other in the province
                    date=province.to_local(min(moment, LAST)).strftime("%d/%m/%Y"),
                    days=days,
                )
            )
        return moment

    @api.model
    def _get_setting(self, name, default):
        """Return a setting of the procedure, as the type of ``default``."""
        return self.env["ir.config_parameter"]._get_typed(f"pakn_1022.{name}", default)
