from odoo import models


class PaknNotice(models.Model):
    """ZNS where the conversation is shut: by phone number, as Zalo approved it."""

    _inherit = "pakn.notice"

    def _get_address(self, door):
        address = super()._get_address(door)
        if address or door != "zalo":
            return address
        return self._get_zns_template() and self._get_conversation(door)

    def _get_zns_template(self):
        """Return the approved template of this act, in sudo, if there is a phone."""
        self.ensure_one()
        # sudo: the outbox tells it, whoever acts
        channel = self._get_conversation("zalo").sudo()
        templates = self.env["pakn.zalo.template"].sudo()
        if not channel or not self.ticket_id.sudo().private_phone:
            return templates
        return templates.search(
            [
                ("account_id", "=", channel.pakn_account_id.id),
                ("act", "=", self.act),
                ("state", "=", "approved"),
            ],
            limit=1,
        )

    def _hand_over_zalo(self):
        shut = self.filtered(
            lambda notice: not notice._get_conversation("zalo")._pakn_is_open()
        )
        for notice in shut:
            notice._queue_zns()
        return super(PaknNotice, self - shut)._hand_over_zalo()

    def _queue_zns(self):
        """Queue this notice as ZNS, and say why not in the conversation."""
        self.ensure_one()
        channel = self._get_conversation("zalo")
        template = self._get_zns_template()
        self.detour = f"Zalo: {channel._pakn_get_shut_reason()} → ZNS"
        message = self.env["pakn.chat.message"]._queue(
            channel, f"ZNS {template.template_id}", notice=self
        )
        message.zns_template_id = template
