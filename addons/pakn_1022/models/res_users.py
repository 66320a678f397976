from odoo import api, fields, models

from ..tools.province import to_local

# What everybody sets for themselves
OWN_FIELDS = ("pakn_away_until", "pakn_quiet")


class ResUsers(models.Model):
    """What an operator who leaves has left to do goes to another one (Art. 20.3).

    An account is named as its contact is: to who may read it.
    """

    _inherit = "res.users"

    pakn_quiet = fields.Boolean(
        string="Quiet",
        help="No toasts and no sound for what arrives; the bell counts all the same.",
    )
    pakn_away_until = fields.Date(
        string="Away until",
        help="Last day of leave. Until then slips go to the others of the unit; a unit "
        "whose people are all away is not handed any.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + list(OWN_FIELDS)

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + list(OWN_FIELDS)

    def _filter_present(self):
        """Return those who are not away today, by the province's day (Art. 16.1)."""
        today = to_local(fields.Datetime.now()).date()
        return self.filtered(
            lambda user: not user.pakn_away_until or user.pakn_away_until < today
        )

    @api.depends_context("uid")
    def _compute_display_name(self):
        hidden = self.browse()
        if self.env.su:  # others are asked for their rights by the ORM
            contacts = self.filtered("share").partner_id._filter_hidden()
            hidden = self.filtered(lambda user: user.partner_id in contacts)
        # The very records where none is hidden: others would be fetched anew
        shown = self - hidden if hidden else self
        result = super(ResUsers, shown)._compute_display_name()
        hidden.display_name = self.env._("Citizen")
        return result

    def write(self, vals):
        leaving = self.browse()
        if vals.get("active") is False:
            leaving = self.filtered(lambda user: user.active and not user.share)
        result = super().write(vals)
        if leaving:
            leaving._hand_over_work()
        return result

    def _hand_over_work(self):
        """Give open requests and to-dos of these users to others, on record."""
        # sudo: whoever archives an account need not read requests
        tickets_sudo = self.env["pakn.ticket"].sudo()
        open_sudo = tickets_sudo.search(
            [("user_id", "in", self.ids), ("date_closed", "=", False)]
        )
        todos_sudo = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("user_id", "in", self.ids),
                    ("res_model", "=", "pakn.ticket"),
                    ("res_id", "!=", False),
                ]
            )
        )
        if not open_sudo and not todos_sudo:
            return
        heir = self._get_heir()
        if not heir:
            return
        for user in self:
            mine = open_sudo.filtered(lambda ticket, user=user: ticket.user_id == user)
            mine._log_event("updated", payload={"user_id": [user.name, heir.name]})
            mine._acting().user_id = heir
        todos_sudo.user_id = heir

    def _get_heir(self):
        """Return the active operator who has least to do, a manager for want of one."""
        group = self.env.ref("pakn_1022.group_operator")
        operators = group.all_user_ids.filtered("active") - self
        if not operators:
            return (self.env["pakn.notice"]._get_managers() - self)[:1]
        counts = dict(
            self.env["pakn.ticket"]
            .sudo()  # sudo: how many there are
            ._read_group(
                [("user_id", "in", operators.ids), ("date_closed", "=", False)],
                ["user_id"],
                ["__count"],
            )
        )
        return min(operators, key=lambda user: (counts.get(user, 0), user.id))
