from odoo import api, models


class PaknTicket(models.Model):
    """What the citizen is told (Art. 10.1). Channels extend the hook below."""

    _inherit = "pakn.ticket"

    def _notify_citizen(self, event):
        """Tell the citizens of these requests that ``event`` happened.

        The core sends the mail template ``mail_template_citizen_<event>`` to those
        who gave an email address. Other addons extend this for their channel and
        call ``super()``. Nobody is told while :meth:`_is_quiet`.

        :param str event: ``received``, ``contact`` (the same, asking for what is
            missing), ``rejected``, ``transferred``, ``scheduled``, ``extended``,
            ``escalated`` (no mail of the core), ``result`` or ``rating``
        """
        if self._is_quiet():
            return
        # sudo: units' people may not know the address, yet their acts are told to it
        tickets = self.sudo().filtered("citizen_email")
        template = self.env.ref(
            f"pakn_1022.mail_template_citizen_{event}", raise_if_not_found=False
        )
        if not tickets or not template:
            return
        # sudo: units' people may not read templates and contacts, yet their acts
        # are told to the citizen
        template.sudo().send_mail_batch(tickets.ids)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

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
