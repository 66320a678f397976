from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MANAGER = "pakn_1022.group_manager"


class PaknRoleGrant(models.Model):
    """Since when, and until when, an account has a role of the hotline (Art. 18.4).

    Kept by the program: a row begins when an account in use gets a role and ends when
    it loses the role or is archived. For the review of rights twice a year.
    """

    _name = "pakn.role.grant"
    _description = "Role of somebody"
    _order = "user_id, date_from"
    _rec_name = "user_id"
    _log_access = False

    user_id = fields.Many2one(
        "res.users", string="Person", required=True, readonly=True, index=True
    )
    group_id = fields.Many2one(
        "res.groups", required=True, readonly=True, ondelete="cascade"
    )
    role = fields.Char(related="group_id.name", string="Role")
    date_from = fields.Datetime(string="Since", required=True, readonly=True)
    date_to = fields.Datetime(string="Until", readonly=True)
    login_date = fields.Datetime(string="Last seen", compute="_compute_login_date")
    unit_names = fields.Char(string="Units", compute="_compute_login_date")

    _open_unique = models.UniqueIndex("(user_id, group_id) WHERE date_to IS NULL")

    @api.depends("user_id")
    def _compute_login_date(self):
        for grant in self:
            grant.login_date = grant.user_id.login_date
            grant.unit_names = ", ".join(grant.user_id.pakn_unit_ids.mapped("name"))

    @api.model
    def _note_roles(self):
        """Begin and end rows by what is so now; two statements for all accounts."""
        self.env.flush_all()
        values = {
            "now": fields.Datetime.now(),
            "groups": self.env["res.groups"]
            .sudo()  # sudo: which groups are roles, whoever changes an account
            .search(
                [
                    (
                        "privilege_id",
                        "=",
                        self.env.ref("pakn_1022.res_groups_privilege_pakn").id,
                    )
                ]
            )
            .ids,
        }
        # A group of the province's own that leads to a role gives it as well; what one
        # role has of another is no role beside it
        roles = SQL(
            """WITH RECURSIVE leads AS (
                   SELECT id AS group_id, id AS role_id FROM res_groups
                    WHERE id = ANY(%(groups)s)
                    UNION
                   SELECT implied.gid, leads.role_id
                     FROM leads JOIN res_groups_implied_rel implied
                       ON implied.hid = leads.group_id
                    WHERE implied.gid <> ALL(%(groups)s)
               )
               SELECT DISTINCT rel.uid AS user_id, leads.role_id AS group_id
                 FROM leads JOIN res_groups_users_rel rel ON rel.gid = leads.group_id
                 JOIN res_users u ON u.id = rel.uid
                WHERE u.active AND u.id > 1""",
            groups=values["groups"],
        )
        self.env.cr.execute(
            SQL(
                """UPDATE pakn_role_grant SET date_to = %s
                    WHERE date_to IS NULL AND (user_id, group_id) NOT IN (%s)""",
                values["now"],
                roles,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO pakn_role_grant (user_id, group_id, date_from)
                   SELECT role.user_id, role.group_id, %s FROM (%s) AS role
                   ON CONFLICT (user_id, group_id) WHERE date_to IS NULL DO NOTHING""",
                values["now"],
                roles,
            )
        )
        self.env.invalidate_all(flush=False)

    def action_end(self):
        """Take the role away from its person, now.

        :raise AccessError: no administrator of the hotline
        :raise UserError: one's own role of administrator, or one that comes with
            another group
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator ends roles."))
        for grant in self.filtered(lambda one: not one.date_to):
            if grant.user_id == self.env.user:
                raise UserError(
                    self.env._("Your own role is ended by another administrator.")
                )
            grant.user_id.group_ids = [fields.Command.unlink(grant.group_id.id)]
            if not grant.date_to:
                raise UserError(grant._get_still_text())
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _get_still_text(self):
        """Say by which groups somebody has a role that was taken away."""
        # sudo: res.groups - the names of those groups
        groups_sudo = self.user_id.sudo().group_ids
        leading_sudo = groups_sudo & self.group_id.sudo().all_implied_by_ids
        return self.env._(
            "%(name)s has this role through %(groups)s: take the person out of there "
            "first.",
            name=self.user_id.name,
            groups=", ".join(leading_sudo.mapped("full_name")),
        )

    def action_archive_person(self):
        """Lock the account of the person; what is left to do goes to others.

        :raise AccessError: no administrator of the hotline
        :raise UserError: one's own account
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator locks accounts."))
        if self.env.user in self.user_id:
            raise UserError(
                self.env._("Your own account is locked by another administrator.")
            )
        self.user_id.active = False
        return {"type": "ir.actions.client", "tag": "soft_reload"}
