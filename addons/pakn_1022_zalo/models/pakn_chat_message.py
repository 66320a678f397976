from typing import NamedTuple

from odoo import api, fields, models

from ..tools import client


class Zns(NamedTuple):
    """A ZNS message to be sent; ``phone`` is E.164."""

    phone: str
    template: str
    data: dict
    tracking: str


class PaknChatMessage(models.Model):
    """ZNS in the queue: beside the conversation, to the phone of the request."""

    _inherit = "pakn.chat.message"

    zns_template_id = fields.Many2one(
        "pakn.zalo.template",
        readonly=True,
        ondelete="set null",
        groups="pakn_1022.group_manager",
    )

    @api.model
    def _get_counted_domain(self):
        domain = super()._get_counted_domain()
        return [*domain, ("zns_template_id", "=", False)]

    def _can_go(self):
        return bool(self.sudo().zns_template_id) or super()._can_go()

    def _prepare_outgoing(self):
        template = self.sudo().zns_template_id
        if not template:
            return super()._prepare_outgoing()
        ticket = self.notice_id.ticket_id.sudo()
        return Zns(
            ticket.private_phone,
            template.template_id,
            template._fill(ticket),
            f"n{self.id}",
        )

    @api.model
    def _get_door_words(self):
        sentences = {
            -213: self.env._("The citizen does not follow the account."),
            -230: self.env._("The citizen has not written for seven days."),
            -201: self.env._("The citizen is not known to the account."),
            -114: self.env._("The citizen takes no messages of the account."),
            -118: self.env._("The number has no Zalo account."),
        }
        words = {client.SHUT[code]: sentences[code] for code in sentences}
        return super()._get_door_words() | words

    def _note_result(self, result):
        """A refused consult message goes out as ZNS, if there is a template."""
        notice = self.notice_id
        is_zns = bool(self.sudo().zns_template_id)
        if is_zns and result.state == "shut":
            # No Zalo account, or refused there: the next door
            result = result._replace(state="failed")
        elif (
            result.state == "shut"
            and notice.door == "zalo"
            and notice._get_zns_template()
        ):
            self.channel_id._pakn_shut(result.reason)
            self.write({"state": "failed", "reason": result.reason})
            notice._queue_zns()
            return None
        return super()._note_result(result)
