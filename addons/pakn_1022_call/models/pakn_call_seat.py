import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

OPERATOR = "pakn_1022.group_operator"
# Seconds after a call until who spoke is ready again; a setting
WRAP_UP = 60
CHANGED = "pakn_1022_call.changed"


class PaknCallSeat(models.Model):
    """The telephone of an operator, and whether he or she is ready.

    ``ready`` by oneself or some time after a call, ``talking`` and ``wrap_up`` by the
    exchange, ``break`` by oneself. Operators and the monitor see who is ready; each
    changes the own alone, the administrator the extensions.
    """

    _name = "pakn.call.seat"
    _description = "Operator's telephone"
    _order = "extension"
    _rec_name = "extension"

    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        required=True,
        ondelete="cascade",
        index=True,
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(OPERATOR).ids),
        ],
    )
    account_id = fields.Many2one(
        "pakn.call.account",
        string="Exchange",
        ondelete="restrict",
        index="btree_not_null",
        groups="pakn_1022.group_manager",
        help="By which a call to the outside is made.",
    )
    extension = fields.Char(required=True, help="As the exchange names the telephone.")
    presence = fields.Selection(
        [
            ("ready", "Ready for calls"),
            ("talking", "In a call"),
            ("wrap_up", "After a call"),
            ("break", "Break"),
        ],
        required=True,
        readonly=True,
        default="break",
    )
    date_presence = fields.Datetime(string="Since", readonly=True)

    _user_unique = models.UniqueIndex("(user_id)", "This operator has a telephone.")
    _extension_unique = models.UniqueIndex(
        "(extension)", "This extension is another operator's."
    )

    @api.constrains("extension")
    def _check_extension(self):
        for seat in self:
            if not re.fullmatch(r"[A-Za-z0-9_]{1,30}", seat.extension):
                raise ValidationError(
                    self.env._("An extension has letters and digits alone.")
                )

    @api.model
    def _get_own(self):
        """Return the caller's seat in sudo, empty if there is none."""
        # sudo: pakn.call.seat - the caller's own alone
        return self.sudo().search([("user_id", "=", self.env.uid)], limit=1)

    @api.model
    def _find(self, extensions):
        """Return ``{extension: res.users}`` of those who sit at telephones."""
        # sudo: the exchange tells of calls, whoever is signed in
        seats = self.sudo().search([("extension", "in", list(extensions))])
        return {seat.extension: seat.user_id for seat in seats}

    def _get_presence(self):
        """Return the presence that holds now: after a call one is ready again."""
        self.ensure_one()
        pause = self.env["ir.config_parameter"]._get_typed(
            "pakn_1022_call.wrap_up_seconds", WRAP_UP
        )
        since = self.date_presence
        if (
            self.presence == "wrap_up"
            and since
            and fields.Datetime.now() - since >= timedelta(seconds=pause)
        ):
            return "ready"
        return self.presence

    def _set_presence(self, presence):
        """Write a presence, and tell the screens of who sits there."""
        changed = self.filtered(lambda seat: seat.presence != presence)
        changed.sudo().write(  # sudo: the exchange, or who sits there (checked)
            {"presence": presence, "date_presence": fields.Datetime.now()}
        )
        for seat in changed:
            seat.user_id._bus_send(CHANGED, {})
        if changed:
            self.env["pakn.call"]._tell_walls()

    @api.model
    def set_presence(self, presence):
        """Say that the caller is ready or has a break.

        :param str presence: ``ready`` or ``break``
        :raise AccessError: the caller is no operator with a telephone
        """
        seat = self._get_own()
        if not seat or not self.env.user.has_group(OPERATOR):
            raise AccessError(
                self.env._(
                    "You have no telephone yet: ask the administrator for an extension."
                )
            )
        if presence not in ("ready", "break"):
            raise ValidationError(self.env._("One is ready or has a break."))
        if seat.presence == "talking" and self.env["pakn.call"]._is_talking(
            self.env.user
        ):
            raise ValidationError(self.env._("You are in a call."))
        seat._set_presence(presence)
        return True
