import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

OPERATOR = "pakn_1022.group_operator"


class PaknTransfer(models.Model):
    """The part of a conversation that was handed to a unit with its slip.

    As it was said then, and no more: what is said later stays with the operators. Who
    may not know the citizen (Art. 13.1), the monitor among them, reads it masked.
    """

    _inherit = "pakn.transfer"

    pakn_said = fields.Text(
        string="Words handed along",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        procedure=True,
    )
    pakn_conversation = fields.Text(
        string="Said by chat", compute="_compute_pakn_conversation"
    )

    @api.depends("pakn_said", "ticket_id.secrecy")
    @api.depends_context("uid", "su")
    def _compute_pakn_conversation(self):
        said = {slip: slip.sudo().pakn_said for slip in self}  # sudo: masked below
        self.pakn_conversation = False
        handed = self.filtered(lambda slip: said[slip])
        tickets = handed.ticket_id
        if not tickets:
            return
        known = tickets
        if not (self.env.su or self.env.user.has_group(OPERATOR)):
            domain = Domain("id", "in", tickets.ids)
            domain &= tickets._get_citizen_known_domain()
            known = tickets.sudo().search(domain)  # sudo: as names are looked up
        for slip in handed:
            slip.pakn_conversation = (
                said[slip]
                if slip.ticket_id in known
                else slip.ticket_id._redact([said[slip]])[0]
            )

    @api.model
    def _get_columns_of_acts(self):
        return [*super()._get_columns_of_acts(), "pakn_said"]

    @api.model
    def _hand_out(self, vals_list, events=()):
        """Give the slips what an operator chose, or what the slip before them had."""
        chosen = self._pakn_get_chosen()
        tickets = self.env["pakn.ticket"].browse(
            {one["ticket_id"] for one in vals_list}
        )
        if chosen and chosen.channel_id != tickets.sudo().pakn_conversation_id:
            raise AccessError(self.env._("These messages are of another conversation."))
        text = chosen._pakn_write_down()
        passed = [vals for vals in vals_list if vals["level"] != "focal" and not text]
        said = self._pakn_get_said({vals["ticket_id"] for vals in passed})
        for vals in vals_list:
            vals["pakn_said"] = text or False
        for vals in passed:
            vals["pakn_said"] = said.get((vals["ticket_id"], vals["round"]), False)
        slips = super()._hand_out(vals_list, events)
        if text:
            digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
            name = self.env._("Conversation (%s messages)", len(chosen))
            tickets._log_event("attached", payload={"files": [[name, digest]]})
        return slips

    @api.model
    def _pakn_get_said(self, ticket_ids):
        """Return what the last slip of each request has that has something.

        :return: ``{(request id, round): text}``
        """
        # sudo: copied unread
        tickets_sudo = self.env["pakn.ticket"].sudo().browse(ticket_ids)
        # Of the request, which asks for its slips afterwards
        slips_sudo = tickets_sudo.transfer_ids.filtered("pakn_said").sorted("id")
        return {(slip.ticket_id.id, slip.round): slip.pakn_said for slip in slips_sudo}

    @api.model
    def _pakn_get_chosen(self):
        """Return the messages that the dialog hands along, if the caller may read."""
        messages = self.env["pakn.chat.message"].sudo(False)
        numbers = self.env.context.get("pakn_said_ids")
        if not isinstance(numbers, list):
            return messages
        chosen = messages.browse(one for one in numbers if isinstance(one, int))
        chosen = chosen.exists().sorted("id")
        chosen.check_access("read")
        return chosen
