import contextlib
import datetime

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request


class ResUsers(models.Model):
    _inherit = "res.users"

    def _init_odoobot(self):
        """Open no conversation with OdooBot when somebody comes for the first time."""
        # sudo: res.users - a state of the program's own
        self.sudo().odoobot_state = "disabled"
        return self.env["discuss.channel"]

    @contextlib.contextmanager
    def _assert_can_auth(self, user=None):
        """Say for how long an address is locked out after wrong passwords."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(super()._assert_can_auth(user=user))
            except AccessDenied as error:
                raise AccessDenied(self._get_lock_text()) from error
            yield

    def _get_lock_text(self):
        """Return until when whoever asks is locked out, in words."""
        _failures, previous = self.env.registry._login_failures[
            request.httprequest.remote_addr
        ]
        # sudo: ir.config_parameter - how long a lock lasts, for who has not signed in
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        delay = int(parameters_sudo.get_param("base.login_cooldown_duration", 60))
        left = delay - (datetime.datetime.now() - previous).total_seconds()
        if left > 90:
            return self.env._(
                "Wrong passwords were given too often. Please try again in "
                "%(minutes)s minutes.",
                minutes=-int(-left // 60),
            )
        return self.env._(
            "Wrong passwords were given too often. Please try again in "
            "%(seconds)s seconds.",
            seconds=max(1, -int(-left // 1)),
        )
