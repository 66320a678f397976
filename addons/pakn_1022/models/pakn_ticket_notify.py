from odoo import models


class PaknTicket(models.Model):
    """What the citizen is told (Art. 10.1). Channels extend the hook below."""

    _inherit = "pakn.ticket"

    def _notify_citizen(self, event):
        """Tell the citizens of these requests that ``event`` happened.

        The core sends the mail template ``mail_template_citizen_<event>`` to those
        who gave an email address. Other addons extend this for their channel and
        call ``super()``. Nobody is told when the context says ``pakn_no_notify``
        (imports, demo data).

        :param str event: ``received``, ``rejected``, ``transferred``, ``scheduled``,
            ``extended``, ``result`` or ``rating``
        """
        if self.env.context.get("pakn_no_notify"):
            return
        tickets = self.filtered("citizen_email")
        template = self.env.ref(
            f"pakn_1022.mail_template_citizen_{event}", raise_if_not_found=False
        )
        if not tickets or not template:
            return
        # sudo: units' people may not read templates and contacts, yet their acts
        # are told to the citizen
        template.sudo().send_mail_batch(tickets.ids)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
