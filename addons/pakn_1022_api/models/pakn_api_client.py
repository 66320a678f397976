from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.pakn_1022.tools.visitor import is_among, is_network, split_list

# What a key may open -> the field that says so
SCOPES = {
    "read": "may_read",
    "submit": "may_submit",
    "follow": "may_follow",
    "act": "may_act",
}


class PaknApiClient(models.Model):
    """A program of somebody else that talks to the hotline (Art. 3.2.5, 3.3, 16.2).

    What it may do is a list of what is allowed; it shows who it is by one of its keys
    (``pakn.api.key``). Set up by the administrator; operators read its name on the
    requests that it handed in. Nobody deletes it: it is archived, and then its keys
    open nothing.
    """

    _name = "pakn.api.client"
    _description = "Program of others"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    contact_name = fields.Char(string="Who answers for it")
    contact_phone = fields.Char(string="Phone")
    contact_email = fields.Char(string="Email")
    unit_id = fields.Many2one(
        "pakn.unit",
        string="Of the unit",
        index="btree_not_null",
        ondelete="restrict",
        help="The unit whose own channel this is (Art. 16.2).",
    )
    channel_id = fields.Many2one(
        "pakn.channel",
        string="Its requests come by",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_channel_id(),
    )
    may_read = fields.Boolean(
        string="Reads results",
        default=True,
        help="Reads what is published at its own pace; everybody reads it at the pace "
        "of a visitor, without a key.",
    )
    may_submit = fields.Boolean(string="Hands in requests")
    may_follow = fields.Boolean(
        string="Follows its requests",
        help="Is told how far the requests are that it handed in itself, unless they "
        "are confidential or secret.",
    )
    may_act = fields.Boolean(
        string="Serves citizens",
        help="An app of the citizens themselves: who proves to have a phone follows, "
        "answers and rates the requests of that phone by it.",
    )
    limit_minute = fields.Integer(
        string="Calls in a minute, at most", required=True, default=60
    )
    limit_day = fields.Integer(
        string="Requests in a day, at most", required=True, default=1000
    )
    networks = fields.Char(
        string="Allowed addresses",
        help="IP addresses or networks, parted by commas, from which the program "
        "calls; empty: from anywhere.",
    )
    key_ids = fields.One2many("pakn.api.key", "client_id", string="Keys")
    date_used = fields.Datetime(string="Last heard of", compute="_compute_keys")
    has_valid_key = fields.Boolean(string="Has a key", compute="_compute_keys")

    _limits = models.Constraint(
        "CHECK (limit_minute BETWEEN 1 AND 100000 AND limit_day BETWEEN 1 AND 1000000)",
        "Limits are between 1 and 100,000 in a minute, 1 and 1,000,000 in a day.",
    )

    def _default_channel_id(self):
        return self.env["pakn.channel"]._get_own("channel_other")

    @api.depends("key_ids.date_used", "key_ids.date_expires", "key_ids.date_revoked")
    def _compute_keys(self):
        # sudo: whether there is a key, told to who reads the client
        for client in self.sudo():
            client.date_used = max(
                filter(None, client.key_ids.mapped("date_used")), default=False
            )
            client.has_valid_key = "valid" in client.key_ids.mapped("state")

    @api.constrains("networks")
    def _check_networks(self):
        for client in self:
            if not all(map(is_network, split_list(client.networks))):
                raise ValidationError(
                    self.env._(
                        "Addresses are IP addresses or networks, parted by commas."
                    )
                )

    # ------------------------------------------------------------
    # ITS KEYS
    # ------------------------------------------------------------

    def action_issue_key(self):
        """Open the dialog that makes a key for this program."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue a key"),
            "res_model": "pakn.api.key.issue",
            "view_mode": "form",
            "target": "new",
            "context": {"default_client_id": self.id},
        }

    @api.model
    def _find_by_key(self, text, address):
        """Return the program that a key opens for, in sudo, or an empty record.

        The same answer, whatever is wrong: no such key, one that was revoked or has
        run out, a program that is archived, or one that calls from elsewhere.

        :param str text: the key as it came
        :param str address: IP address of who brings it
        """
        key_sudo = self.env["pakn.api.key"]._find(text)
        client_sudo = key_sudo.client_id
        networks = split_list(client_sudo.networks)
        if not client_sudo.active or networks and not is_among(address, networks):
            return client_sudo.browse()
        key_sudo._note_used()
        return client_sudo

    def _may(self, scope):
        """Return whether this program may do what ``scope`` names."""
        self.ensure_one()
        return bool(self[SCOPES[scope]])
