from odoo import models


class MailMessage(models.Model):
    """What is said in a conversation with a citizen stays too (Art. 9)."""

    _inherit = "mail.message"

    def _filter_pakn_kept(self):
        kept = super()._filter_pakn_kept()
        # sudo: only what they are about
        others = self.sudo().filtered(lambda one: one.model == "discuss.channel")
        if others:
            conversations = set(
                self.env["discuss.channel"]
                .sudo()
                .search(
                    [
                        ("id", "in", others.mapped("res_id")),
                        ("channel_type", "=", "pakn_chat"),
                    ]
                )
                .ids
            )
            kept |= others.filtered(lambda one: one.res_id in conversations).with_env(
                self.env
            )
        return kept
