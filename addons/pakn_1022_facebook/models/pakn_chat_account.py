import secrets
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.pakn_1022_chat.tools.gateway import Result

from ..tools import client, webhook

MANAGER = "pakn_1022.group_manager"
GRAPH = "https://graph.facebook.com/v23.0"


class Gateway:
    """Facebook as a chat door, for one account in sudo."""

    def __init__(self, account):
        self.account = account

    def send(self, message):
        """Send a private message, or the answer to a comment."""
        account, token = self.account, self.account.facebook_page_token
        if not token:
            return Result("retry", reason="Facebook")
        base = account._get_graph()
        if message.identity.startswith(webhook.PUBLIC):
            number = message.identity.removeprefix(webhook.PUBLIC)
            result = client.comment(base, token, number, message.text)
        else:
            channel = account.env["discuss.channel"].search(
                [
                    ("pakn_account_id", "=", account.id),
                    ("pakn_outside_id", "=", message.identity),
                ]
            )
            is_late = message.is_person and not channel._pakn_is_open()
            tag = "HUMAN_AGENT" if is_late else ""
            result = client.send(base, token, message, tag)
        if result.state == "token":
            account._note_problem(
                account.env._(
                    "Facebook does not take the access token (%s). Please enter a new "
                    "one.",
                    result.reason,
                )
            )
            return result._replace(state="retry")
        return result


class PaknChatAccount(models.Model):
    """The hotline's page at Facebook (Art. 3.2.4)."""

    _inherit = "pakn.chat.account"

    facebook_app_secret = fields.Char(
        string="App secret as stored",
        groups=MANAGER,
        copy=False,
        secret="facebook_new_app_secret",
    )
    facebook_new_app_secret = fields.Char(
        string="App secret",
        store=False,
        groups=MANAGER,
        help="Signs what Facebook tells.",
    )
    facebook_page_token = fields.Char(
        string="Page access token as stored",
        groups=MANAGER,
        copy=False,
        secret="facebook_new_page_token",
    )
    facebook_new_page_token = fields.Char(
        string="Page access token", store=False, groups=MANAGER
    )
    facebook_verify_token = fields.Char(
        string="Verify token",
        groups=MANAGER,
        default=lambda self: secrets.token_urlsafe(18),
    )
    facebook_human_agent = fields.Boolean(
        string="People may answer for seven days",
        help="Only when Facebook has allowed “Human Agent” to the app. The helper and "
        "notices never use it.",
    )
    facebook_webhook_url = fields.Char(
        string="Webhook address",
        compute="_compute_facebook_webhook_url",
        groups=MANAGER,
    )

    @api.model
    def _get_gateways(self):
        return super()._get_gateways() | {"facebook": Gateway}

    def write(self, vals):
        result = super().write(vals)
        if self._take_secrets(vals).get("facebook_page_token"):
            self._note_well()  # of what the token before it was refused for
        return result

    @api.depends("kind")
    def _compute_facebook_webhook_url(self):
        for account in self:
            base, number = account.get_base_url(), account._origin.id
            account.facebook_webhook_url = (
                number and f"{base}/pakn_facebook/webhook/{number}"
            )

    @api.model
    def _get_graph(self):
        """Return the Graph with its version; another place for a proxy, or tests."""
        params = self.env["ir.config_parameter"]
        return params._get_typed("pakn_1022_facebook.graph_url", GRAPH)

    def _parse(self, payload):
        if self.kind != "facebook":
            return super()._parse(payload)
        events = webhook.parse(payload, self.outside_id or "")
        return [
            event._replace(about=self._find_read(event))
            if event.kind == "read"
            else event
            for event in events
        ]

    def _get_file_limits(self):
        if self.kind != "facebook":
            return super()._get_file_limits()
        return client.FILE_LIMITS

    def _find_read(self, event):
        """Return the messages that were read: all that were sent before a moment."""
        try:
            moment = int(event.key) / 1000
            until = datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)
        except (ValueError, OverflowError, OSError):
            return ()
        found = self.env["pakn.chat.message"].search(
            [
                ("account_id", "=", self.id),
                ("channel_id.pakn_outside_id", "=", event.identity),
                ("state", "in", ("sent", "delivered")),
                ("date_sent", "<=", until),
            ],
            limit=200,
        )
        return tuple(filter(None, found.mapped("outside_id")))

    def action_facebook_test(self):
        """Ask Facebook for the page of the token, and say what it answers."""
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an administrator may do this."))
        self.check_access("write")
        try:
            token = self.sudo().facebook_page_token  # sudo: it goes to Facebook alone
            name = client.get_page(self._get_graph(), token or "")
        except ValueError as error:
            raise UserError(self.env._("Facebook refuses: %s", error)) from error
        self._note_well()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Facebook answers: %s", name),
            },
        }
