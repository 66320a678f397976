from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..tools.phone import format_phone

MANAGER = "pakn_1022.group_manager"
ROLES = [
    ("focal", "Focal point"),
    ("head", "Head"),
    ("office", "Office of the Provincial People's Committee"),
    ("monitor", "Monitor"),
    ("operator", "Operator"),
    ("cleared", "Operator cleared for secret requests"),
    ("supervisor", "Shift leader"),
    ("manager", "Administrator"),
]
# Roles of the hotline by their groups: nobody is given another group here
ROLE_GROUPS = {
    "focal": "pakn_1022.group_unit_focal",
    "head": "pakn_1022.group_unit_head",
    "office": "pakn_1022.group_provincial_office",
    "monitor": "pakn_1022.group_monitor",
    "operator": "pakn_1022.group_operator",
    "cleared": "pakn_1022.group_secrecy_clearance",
    "supervisor": "pakn_1022.group_supervisor",
    "manager": MANAGER,
}
# Those who answer for a unit
UNIT_ROLES = ("focal", "head", "office")


class PaknPersonMaking(models.AbstractModel):
    """Makes accounts of the hotline's people, each with roles, units and invitation.

    For the dialog of one person and for the file of many. The manager alone, who may
    keep accounts anyway: nothing here needs more than that right.
    """

    _name = "pakn.person.making"
    _description = "Making of people's accounts"

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only the administrator of 1022 makes accounts.")
            )

    @api.model
    def _find_account(self, login):
        """Return the account of a login, archived ones too, whatever its case."""
        users = self.env["res.users"].with_context(active_test=False)
        return users.search([("login", "=ilike", login)], limit=1)

    @api.model
    def _make_people(self, people):
        """Make accounts; whoever has an email is sent an invitation after the commit.

        :param list people: ``{"name", "login", "email", "phone", "roles": [(role,
            pakn.unit)]}``, checked; the units of roles without one are empty
        :return: the new ``res.users``, in that order
        """
        self._check_manager()
        values = [
            {
                "name": person["name"],
                "login": person["login"],
                "email": person["email"] or False,
                "phone": format_phone(person["phone"]) or False,
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref(ROLE_GROUPS[role]).id
                            for role, _unit in person["roles"]
                        ]
                    )
                ],
            }
            for person in people
        ]
        # Odoo would send its own invitation at once, and again if this fails
        users = self.env["res.users"].with_context(no_reset_password=True)
        users = users.create(values).with_env(self.env)
        for user, person in zip(users, people, strict=True):
            for role, unit in person["roles"]:
                if not unit:
                    continue
                if role == "head":
                    unit.head_user_id = user
                else:
                    unit.focal_user_ids = [Command.link(user.id)]
        users.filtered("email")._pakn_invite()
        return users
