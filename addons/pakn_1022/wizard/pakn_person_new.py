from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..models.pakn_person import ROLES, UNIT_ROLES
from ..tools.email_address import normalize_email
from ..tools.phone import OldLandline, normalize_phone


class PaknPersonNew(models.TransientModel):
    """Makes one person's account: role, unit, phone and invitation at once.

    The manager's alone (Art. 16.1).
    """

    _name = "pakn.person.new"
    _description = "New person"
    _inherit = ["pakn.dialog", "pakn.person.making"]

    name = fields.Char(string="Full name", required=True)
    email = fields.Char(help="The invitation goes there.")
    login = fields.Char(help="Empty: the email.")
    phone = fields.Char()
    role = fields.Selection(ROLES, required=True, default="focal")
    unit_id = fields.Many2one("pakn.unit")
    replaced_name = fields.Char(compute="_compute_replaced_name")

    @api.depends("role", "unit_id")
    def _compute_replaced_name(self):
        """Say who was the head until now: a unit has one."""
        for person in self:
            person.replaced_name = (
                person.role == "head" and person.unit_id.head_user_id.name
            )

    def _get_person(self):
        """Return what is to be made, checked.

        :raise ValidationError: something is missing or wrong
        """
        self.ensure_one()
        email = normalize_email(self.email)
        if self.email and not email:
            raise ValidationError(
                self.env._("“%(text)s” is no email address.", text=self.email)
            )
        login = (self.login or email or "").strip()
        if not login:
            raise ValidationError(
                self.env._("Please give an email, or a login for who has none.")
            )
        if self._find_account(login):
            raise ValidationError(
                self.env._("There is an account “%(login)s” already.", login=login)
            )
        unit = self.unit_id
        if self.role == "office" and not unit:
            unit = unit._get_provincial_office()
        if self.role in UNIT_ROLES and not unit:
            raise ValidationError(self.env._("Please choose the unit."))
        return {
            "name": self.name.strip(),
            "login": login,
            "email": email,
            "phone": self._get_phone(),
            "roles": [(self.role, unit if self.role in UNIT_ROLES else unit.browse())],
        }

    def _get_phone(self):
        if not self.phone:
            return None
        try:
            return normalize_phone(self.phone)
        except OldLandline as landline:
            return landline.number
        except ValueError as error:
            raise ValidationError(
                self.env._("“%(text)s” is no phone number.", text=self.phone)
            ) from error

    def action_confirm(self):
        """Make the account, and say what was done and who is told."""
        user = self._make_people([self._get_person()])
        if user.email:
            message = self.env._(
                "%(name)s has an account; the invitation goes to %(email)s.",
                name=user.name,
                email=user.email,
            )
            told = self.env["res.users"]._say_invited(message)
        else:
            message = self.env._(
                "%(name)s has the account “%(login)s”. Without an email nobody is "
                "invited: set a password under “Change Password”.",
                name=user.name,
                login=user.login,
            )
            told = {"type": "warning", "sticky": True, "message": message}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                **told,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
