from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

# Whose messages and files stay: see ``pakn.thread``
KEPT_MODELS = ("pakn.ticket", "pakn.transfer")
# What one of the staff says; a mail comes from outside, through the gateway alone
SPOKEN = frozenset(
    ("comment", "notification", "user_notification", "auto_comment")
    + ("email_outgoing", "sms")
)


class MailMessage(models.Model):
    """Words on a request or slip are who said them, and stay (Art. 9)."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._check_pakn_own()
        return messages

    def write(self, vals):
        self._check_pakn_kept()
        result = super().write(vals)
        self._check_pakn_kept()  # one of something else may have become one
        return result

    def unlink(self):
        self._check_pakn_kept()
        return super().unlink()

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Name no message on a request to who may not read it.

        Wherever a record points to another, Odoo tells its name as superuser.
        """
        hidden = self.browse()
        if self.env.su:  # others are asked for their rights by the ORM
            kept = self._filter_pakn_kept()
            hidden = kept - kept.sudo(False)._filtered_access("read").sudo()
        # The very records where none is hidden: others would be fetched anew
        shown = self - hidden if hidden else self
        result = super(MailMessage, shown)._compute_display_name()
        hidden.display_name = self.env._("Message")
        return result

    def _filter_pakn_kept(self):
        # sudo: only what they are about
        return self.filtered(lambda message: message.sudo().model in KEPT_MODELS)

    def _check_pakn_kept(self):
        if not self.env.su and self._filter_pakn_kept():
            raise AccessError(
                self.env._(
                    "What was said on a request is neither changed nor deleted "
                    "(Art. 9). Please write another message that puts it right."
                )
            )

    def _check_pakn_own(self):
        """Everybody speaks for themselves, now: over RPC any author can be named."""
        if self.env.su:
            return
        now = fields.Datetime.now()
        for message in self._filter_pakn_kept():
            if (
                message.author_id != self.env.user.partner_id
                or message.message_type not in SPOKEN
                or abs(message.date - now) > timedelta(minutes=1)
            ):
                raise AccessError(
                    self.env._("On a request everybody speaks for themselves alone.")
                )
