from odoo import fields, models
from odoo.exceptions import UserError

OPERATOR = "pakn_1022.group_operator"
CLEARANCE = "pakn_1022.group_secrecy_clearance"


class PaknChatCare(models.AbstractModel):
    """Who takes care of a conversation with a citizen: given out, taken, handed over.

    A room of ``discuss.channel``.
    """

    _name = "pakn.chat.care"
    _description = "Who takes care of a conversation"

    # ------------------------------------------------------------
    # WHO MAY KNOW OF IT
    # ------------------------------------------------------------

    def _pakn_is_secret(self):
        """Return whether it is about a state secret, now or before."""
        self.ensure_one()
        channel_sudo = self.sudo()  # sudo: whoever asks
        tickets_sudo = channel_sudo.pakn_ticket_ids | channel_sudo.pakn_ticket_id
        return "secret" in tickets_sudo.mapped("secrecy")

    def _pakn_part_uncleared(self):
        """Leave none in conversations about state secrets who may not know of them."""
        for channel_sudo in self.sudo():  # sudo: members, whoever acts
            if not channel_sudo._pakn_is_secret():
                continue
            uncleared = channel_sudo.channel_member_ids.filtered(
                lambda member: (
                    member.partner_id
                    and not any(
                        user.has_group(CLEARANCE) for user in member.partner_id.user_ids
                    )
                )
            )
            operator = channel_sudo.pakn_user_id
            if operator and not operator.has_group(CLEARANCE):
                channel_sudo.pakn_user_id = False
            uncleared.unlink()

    def _pakn_part_users(self, users):
        """Have these people take part no more; another is called where one waits."""
        for channel_sudo in self.sudo():  # sudo: members, whoever acts
            channel_sudo.channel_member_ids.filtered(
                lambda member: member.partner_id in users.partner_id
            ).unlink()
            if channel_sudo.pakn_user_id not in users:
                continue
            channel_sudo.pakn_user_id = False
            if channel_sudo.pakn_waiting_since:
                channel_sudo._pakn_call_person()
            elif channel_sudo.pakn_with_person:
                channel_sudo._pakn_leave_to_helper()

    # ------------------------------------------------------------
    # WHO TAKES CARE OF IT
    # ------------------------------------------------------------

    def _pakn_get_present(self):
        """Return the operators who are there and may know of it."""
        self.ensure_one()
        group = CLEARANCE if self._pakn_is_secret() else OPERATOR
        # sudo: who is there, whoever asks
        operators = self.env.ref(group).sudo().all_user_ids.filtered("active")
        return (
            self.env["mail.presence"]
            .sudo()
            .search([("user_id", "in", operators.ids), ("status", "=", "online")])
            .user_id
        )

    def _pakn_choose_operator(self):
        """Return the operator who is there and was given a conversation longest ago."""
        # Who administers is no operator, though the browser is open
        present = self._pakn_get_present() & self.env["res.users"]._get_operators()
        if not present:
            return present
        last = dict(
            self.env["discuss.channel"]
            .sudo()
            ._read_group(
                [("pakn_user_id", "in", present.ids)],
                ["pakn_user_id"],
                ["pakn_date_assigned:max"],
            )
        )
        never = fields.Datetime.to_datetime("2000-01-01 00:00:00")
        return min(present, key=lambda user: (last.get(user) or never, user.id))

    def _pakn_assign(self, user):
        """Give the conversation to an operator, who becomes a member of it."""
        self.ensure_one()
        former = self.pakn_user_id - user
        self.write(
            {"pakn_user_id": user.id, "pakn_date_assigned": fields.Datetime.now()}
        )
        if user.partner_id not in self.channel_partner_ids:
            self._add_members(users=user, post_joined_message=False)
        if former:
            self.channel_member_ids.filtered(
                lambda member: member.partner_id == former.partner_id
            ).unlink()
        ticket = self.pakn_ticket_id
        if ticket and ticket.date_closed is False and not ticket.user_id:
            ticket._acting().user_id = user

    def _pakn_call_person(self):
        """Hand the conversation to a person; return whether anybody is there."""
        self.ensure_one()
        if not self.pakn_waiting_since:
            self.pakn_waiting_since = fields.Datetime.now()
        user = self.pakn_user_id
        present = self._pakn_choose_operator()
        if not user or user not in present:
            user = present
        if user:
            self.pakn_with_person = True
            if user != self.pakn_user_id:
                self._pakn_assign(user)
        self._pakn_tell_news(
            user or self.env.ref(OPERATOR), self.env._("A citizen asks for a person")
        )
        return bool(user)

    def _pakn_tell_news(self, audience, title):
        """Show somebody at once what is to be done with this conversation.

        :param audience: ``res.users`` or ``res.groups``
        """
        audience._bus_send(
            "pakn_1022.news",
            {
                "id": 0,
                "title": title,
                "text": self.name,
                "action": "pakn_1022_chat.conversation_action",
                "is_urgent": True,
            },
        )

    def action_pakn_take(self):
        """Take care of these conversations oneself."""
        self._pakn_check_operator()
        for channel in self.sudo():  # sudo: the right was checked
            channel._pakn_assign(self.env.user)
            channel.pakn_with_person = True
        return self[:1].action_pakn_open()

    def pakn_hand_over(self, user_id, note=None):
        """Give these conversations to a colleague, with a note for colleagues.

        The open request goes with one, on record, where who gave it cared for both: the
        citizen, the units and the program ask the same person then.

        :param int user_id: an operator
        """
        self._pakn_check_operator()
        tickets = self.env["pakn.ticket"]
        user = tickets._browse_given("res.users", user_id)[:1].exists()
        note = tickets._check_text(note)
        if not user or not user.has_group(OPERATOR):
            raise UserError(self.env._("Only operators take care of conversations."))
        for channel in self:
            if channel._pakn_is_secret() and not user.has_group(CLEARANCE):
                raise UserError(
                    self.env._("%(name)s may not know of this.", name=user.name)
                )
        for channel in self.sudo():  # sudo: the right was checked
            givers = channel.pakn_user_id | self.env.user
            channel._pakn_assign(user)
            channel._pakn_give_ticket(givers, user)
            channel.pakn_with_person = True
            channel._pakn_note(
                self.env._(
                    "%(giver)s → %(taker)s: %(note)s",
                    giver=self.env.user.name,
                    taker=user.name,
                    note=note or "-",
                )
            )
            if user != self.env.user:
                # Discuss counts no word of the program, and the citizen may be silent
                title = channel.with_context(lang=user.lang).env._(
                    "%s hands a conversation over to you", self.env.user.name
                )
                channel._pakn_tell_news(user, title)
        return True

    def _pakn_give_ticket(self, givers, user):
        """Make a colleague care for the open request too, if one of the givers did."""
        self.ensure_one()
        ticket = self.pakn_ticket_id
        giver = ticket.user_id
        if ticket.date_closed or giver not in givers or giver == user:
            return
        # In the name of who hands it over, not of the program
        named = ticket.with_user(self.env.user).sudo()
        named._log_event("updated", payload={"user_id": [giver.name, user.name]})
        named._acting().user_id = user

    def action_pakn_to_helper(self):
        """Let the helper answer again; nobody waits for a person any more."""
        self._pakn_check_operator()
        self.sudo()._pakn_leave_to_helper()  # sudo: the right was checked
        return True

    def _pakn_leave_to_helper(self):
        for channel in self:
            state = channel.pakn_helper or {}
            channel.write(
                {
                    "pakn_with_person": False,
                    "pakn_waiting_since": False,
                    "pakn_helper": {**state, "with_person": False, "step": ""},
                }
            )

    def action_pakn_answered(self):
        """Say that nothing is left to answer here."""
        self._pakn_check_operator()
        self.sudo().pakn_waiting_since = False  # sudo: the right was checked
        return True
