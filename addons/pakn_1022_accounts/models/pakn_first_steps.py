from odoo import api, models

from .res_config_settings import SHORTEST


class PaknFirstSteps(models.AbstractModel):
    _inherit = "pakn.first.steps"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), self._get_step_policy(), self._get_step_review()]

    @api.model
    def _get_step_policy(self):
        params = self.env["ir.config_parameter"]
        staff = self.env.ref("base.group_user")
        missing = []
        if not params.get_param("auth_totp.policy"):
            missing.append(self.env._("a second factor for staff"))
        if not staff.lock_timeout_inactivity:
            missing.append(self.env._("a time-out of sessions"))
        if int(params.get_param("auth_password_policy.minlength", "0")) < SHORTEST:
            missing.append(self.env._("passwords of 8 characters or more"))
        if missing:
            text = self.env._("Still missing: %(missing)s.", missing=", ".join(missing))
        else:
            text = self.env._(
                "Second factor, time-out and the length of passwords are set."
            )
        return {
            "key": "policy",
            "title": self.env._("Safe accounts"),
            "text": text,
            "done": not missing,
            "action": "pakn_1022.config_settings_action",
            "label": self.env._("Settings"),
        }

    @api.model
    def _get_step_review(self):
        reviews = self.env["pakn.rights.review"]
        last = reviews._get_last_done()
        if last:
            text = self.env._(
                "Last done on %(date)s: %(count)s roles.",
                date=last.date_done.strftime("%d/%m/%Y"),
                count=last.count,
            )
        else:
            text = self.env._("Nobody has looked yet at who has which role.")
        return {
            "key": "review",
            "title": self.env._("Review of rights, twice a year"),
            "text": text,
            "done": not reviews._is_due(),
            "action": "pakn_1022_accounts.rights_review_action",
            "label": self.env._("Review of rights"),
        }
