import secrets
from datetime import timedelta
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, consteq

from ..tools import client, webhook

MANAGER = "pakn_1022.group_manager"
# Hours before its end from which the access token is traded for another
AHEAD = 6
# Of the messages of a month, so many percent left are warned of
WARN_PERCENT = 10
# Days that a refresh token is good, and before which end is warned
REFRESH_DAYS, WARN_DAYS = 90, 14
# First number of the lock under which tokens are traded
LOCK = 1022_0020


class Gateway:
    """Zalo as a chat door, for one account in sudo."""

    def __init__(self, account):
        self.account = account

    def send(self, message):
        """Send a message, or a ZNS (``zns`` in place of words)."""
        token = self.account._get_zalo_token()
        if not token:
            return client.Result("retry", reason=self.account.problem or "Zalo")
        result = self._post(token, message)
        if result.state == "token":
            token = self.account._get_zalo_token(worn=token)
            result = self._post(token, message) if token else result
        if result.state == "token":
            return result._replace(state="retry")
        return result

    def _post(self, token, message):
        urls = self.account._get_zalo_urls()
        if isinstance(message, tuple) and hasattr(message, "template"):
            return client.post_zns(
                urls,
                token,
                message.phone,
                message.template,
                message.data,
                message.tracking,
            )
        return client.post_message(urls, token, message)


class PaknChatAccount(models.Model):
    """The hotline's Official Account (Art. 3.2.3): keys, tokens, connection.

    A refresh token can be used once. It is claimed and committed before it is used,
    under a lock that one process holds: one that dies in between leaves it claimed, and
    then the administrator is asked to connect again instead of using it twice.
    """

    _inherit = "pakn.chat.account"

    zalo_app_id = fields.Char(string="App ID", groups=MANAGER)
    zalo_app_secret = fields.Char(
        string="App secret key as stored",
        groups=MANAGER,
        copy=False,
        secret="zalo_new_app_secret",
    )
    zalo_new_app_secret = fields.Char(
        string="App secret key", store=False, groups=MANAGER
    )
    zalo_oa_secret = fields.Char(
        string="OA secret key as stored",
        groups=MANAGER,
        copy=False,
        secret="zalo_new_oa_secret",
    )
    zalo_new_oa_secret = fields.Char(
        string="OA secret key",
        store=False,
        groups=MANAGER,
        help="Signs what Zalo tells.",
    )
    zalo_access_token = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    zalo_refresh_token = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    zalo_refresh_claimed = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    zalo_verifier = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    zalo_state = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    zalo_token_until = fields.Datetime(
        string="Token good until", readonly=True, groups=MANAGER
    )
    zalo_connected_on = fields.Datetime(
        string="Connected on", readonly=True, groups=MANAGER
    )
    zalo_quota = fields.Char(string="Messages left", readonly=True, groups=MANAGER)
    zalo_left = fields.Integer(
        string="Left of the messages", readonly=True, groups=MANAGER
    )
    zalo_total = fields.Integer(
        string="Messages of a month", readonly=True, groups=MANAGER
    )
    zalo_quota_on = fields.Datetime(
        string="Counted at Zalo on", readonly=True, groups=MANAGER
    )
    zalo_days_left = fields.Integer(
        string="Days until it ends",
        compute="_compute_zalo_days_left",
        groups=MANAGER,
        help="Unless it is renewed, which happens by itself while Zalo is reached.",
    )
    zalo_webhook_url = fields.Char(
        string="Webhook URL", compute="_compute_zalo_urls", groups=MANAGER
    )
    zalo_callback_url = fields.Char(
        string="Callback URL", compute="_compute_zalo_urls", groups=MANAGER
    )
    zalo_template_ids = fields.One2many(
        "pakn.zalo.template", "account_id", string="ZNS templates", groups=MANAGER
    )

    @api.model
    def _get_gateways(self):
        return super()._get_gateways() | {"zalo": Gateway}

    def _parse(self, payload):
        if self.kind != "zalo":
            return super()._parse(payload)
        return webhook.parse(payload)

    def _get_file_limits(self):
        if self.kind != "zalo":
            return super()._get_file_limits()
        return client.FILE_LIMITS

    @api.depends("kind")
    def _compute_zalo_urls(self):
        for account in self:
            base = account.get_base_url()
            number = account._origin.id
            account.zalo_webhook_url = number and f"{base}/pakn_zalo/webhook/{number}"
            account.zalo_callback_url = number and f"{base}/pakn_zalo/callback/{number}"

    @api.model
    def _get_zalo_urls(self):
        """Return where Zalo is; another place for a proxy, or for tests."""
        params = self.env["ir.config_parameter"]
        default = client.Urls()
        return client.Urls(
            *(
                params._get_typed(f"pakn_1022_zalo.{name}_url", getattr(default, name))
                for name in client.Urls._fields
            )
        )

    # ------------------------------------------------------------
    # TOKENS
    # ------------------------------------------------------------

    def _get_zalo_token(self, worn=None):
        """Return an access token that is good, in sudo; nothing if there is none.

        :param str worn: one that Zalo has just refused
        """
        self.ensure_one()
        token, until = self._read_zalo("zalo_access_token", "zalo_token_until")
        soon = fields.Datetime.now() + timedelta(minutes=5)
        if token and token != worn and until and until > soon:
            return token
        return self._refresh_zalo(token)

    def _read_zalo(self, *names, cr=None):
        """Return columns as they are now, whatever this transaction has seen."""
        query = SQL(
            "SELECT %s FROM pakn_chat_account WHERE id = %s",
            SQL(", ").join(map(SQL.identifier, names)),
            self.id,
        )
        if cr:
            cr.execute(query)
            return cr.fetchone()
        self.flush_recordset()
        with self.env.registry.cursor() as other:
            other.execute(query)
            return other.fetchone()

    def _write_zalo(self, cr, **values):
        """Write columns in a transaction of their own, and commit it at once."""
        cr.execute(
            SQL(
                "UPDATE pakn_chat_account SET %s WHERE id = %s",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                self.id,
            )
        )
        cr.commit()  # pylint: disable=invalid-commit
        self.invalidate_recordset()

    def _refresh_zalo(self, worn):
        """Trade the refresh token, unless another process has done it meanwhile.

        :param str worn: the access token that is to be replaced
        :return: an access token, nothing if the account must be connected again
        """
        self.ensure_one()
        registry = self.env.registry
        names = ("zalo_access_token", "zalo_refresh_token", "zalo_refresh_claimed")
        # Two cursors: the lock outlives the commit of the claim, and a dead process
        with registry.cursor() as lock_cr, registry.cursor() as cr:
            lock_cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK, self.id))
            access, token, claimed = self._read_zalo(*names, cr=cr)
            if access != worn:
                return access
            if not token or token == claimed:
                self._note_zalo_lost(cr)
                return None
            self._write_zalo(cr, zalo_refresh_claimed=token)
            try:
                tokens = client.refresh(
                    self._get_zalo_urls(),
                    self.zalo_app_id or "",
                    self.zalo_app_secret or "",
                    token,
                )
            except client.NotReachedError:
                self._write_zalo(cr, zalo_refresh_claimed=None)
                return None
            except client.RefusedError as error:
                self._note_zalo_lost(cr, str(error))
                return None
            self._keep_tokens(cr, tokens)
            return tokens.access

    def _keep_tokens(self, cr, tokens):
        now = fields.Datetime.now()
        self._write_zalo(
            cr,
            zalo_access_token=tokens.access,
            zalo_refresh_token=tokens.refresh,
            zalo_refresh_claimed=None,
            zalo_token_until=now + timedelta(seconds=tokens.seconds),
            zalo_connected_on=now,
            problem=None,
        )

    def _note_zalo_lost(self, cr, reason=""):
        """Put before the managers that the account must be connected again, once.

        In the transaction of the tokens: the caller's has seen the account before.
        """
        if self._read_zalo("problem", cr=cr)[0]:
            cr.commit()  # pylint: disable=invalid-commit
            return
        text = self.env._("Zalo must be connected again: press “Connect”. %s", reason)
        self._write_zalo(cr, problem=text)
        self._announce_problem(text)

    @api.model
    def _cron_keep_zalo(self):
        """Trade tokens ahead of their end; warn of what runs out."""
        accounts = self.search([("kind", "=", "zalo")], limit=100)
        now = fields.Datetime.now()
        for account in accounts:
            token, until = account._read_zalo("zalo_access_token", "zalo_token_until")
            if not token:
                continue
            if not until or until < now + timedelta(hours=AHEAD):
                account._refresh_zalo(token)
                # What is written below sees what was written there
                self.env["ir.cron"]._commit_progress(0)
            account._read_zalo_quota()
            account._watch()
            self.env["ir.cron"]._commit_progress(1)

    @api.depends("zalo_connected_on")
    def _compute_zalo_days_left(self):
        now = fields.Datetime.now()
        for account in self:
            connected = account.zalo_connected_on
            account.zalo_days_left = (
                REFRESH_DAYS - (now - connected).days if connected else 0
            )

    @api.depends("zalo_connected_on", "zalo_left", "zalo_total")
    def _compute_warning(self):
        return super()._compute_warning()

    def _get_warnings(self):
        warnings = super()._get_warnings()
        account = self.sudo()  # sudo: figures alone
        if account.kind != "zalo" or not account.zalo_connected_on:
            return warnings
        days, left, total = (
            account.zalo_days_left,
            account.zalo_left,
            account.zalo_total,
        )
        if days < WARN_DAYS:
            warnings.append(
                self.env._(
                    "The connection to Zalo ends in %s days; press “Connect”.",
                    max(days, 0),
                )
            )
        if total and not left:
            warnings.append(self.env._("No messages are left at Zalo this month."))
        elif total and left * 100 < total * WARN_PERCENT:
            warnings.append(
                self.env._(
                    "Only %(left)s of %(total)s messages are left at Zalo.",
                    left=left,
                    total=total,
                )
            )
        return warnings

    def _read_zalo_quota(self):
        """Note how many messages are left; not knowing it is no problem."""
        self.ensure_one()
        token = self._get_zalo_token()
        if not token:
            return
        try:
            found = client.call(
                f"{self._get_zalo_urls().api}/v2.0/oa/quota/message",
                token,
                "POST",
                quota_type="sub_quota",
            )
        except client.RefusedError:
            return
        data = found.get("data")
        rows = [
            (row["remain"], row["total"])
            for row in (data if isinstance(data, list) else [data])
            if isinstance(row, dict)
            and isinstance(row.get("remain"), int)
            and isinstance(row.get("total"), int)
        ]
        self.write(
            {
                "zalo_quota": ", ".join(f"{left}/{total}" for left, total in rows),
                "zalo_left": sum(left for left, _total in rows),
                "zalo_total": sum(total for _left, total in rows),
                "zalo_quota_on": fields.Datetime.now(),
            }
        )

    # ------------------------------------------------------------
    # CONNECTING
    # ------------------------------------------------------------

    def _check_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an administrator may do this."))
        self.check_access("write")

    def action_zalo_connect(self):
        """Go to Zalo's page where the owner of the account consents."""
        self.ensure_one()
        self._check_manager()
        account = self.sudo()  # sudo: whether there are keys, not which
        if not (
            account.zalo_app_id and account.zalo_app_secret and account.zalo_oa_secret
        ):
            raise UserError(
                self.env._("Enter App ID, App secret key and OA secret key first.")
            )
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        # sudo: nobody reads these, they are written here alone
        self.sudo().write({"zalo_verifier": verifier, "zalo_state": state})
        query = urlencode(
            {
                "app_id": self.zalo_app_id,
                "redirect_uri": self.zalo_callback_url,
                "code_challenge": client.make_challenge(verifier),
                "state": state,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"{self._get_zalo_urls().oauth}/v4/oa/permission?{query}",
            "target": "self",
        }

    def _finish_zalo(self, code, state):
        """Trade the code of a consent for tokens; the state is good once.

        :raise UserError: not the consent that was asked for, or Zalo refuses
        """
        self.ensure_one()
        self._check_manager()
        account = self.sudo()  # sudo: the right was checked; nobody reads these
        expected = account.zalo_state or ""
        if not code or not expected or not consteq(expected, state):
            raise UserError(self.env._("Please press “Connect” again."))
        verifier = account.zalo_verifier
        account.write({"zalo_state": False, "zalo_verifier": False})
        try:
            tokens = client.exchange(
                self._get_zalo_urls(),
                account.zalo_app_id,
                account.zalo_app_secret,
                code,
                verifier,
            )
        except (client.NotReachedError, client.RefusedError) as error:
            raise UserError(
                self.env._("Zalo has not connected the account: %s", error)
            ) from error
        now = fields.Datetime.now()
        account.write(
            {
                "zalo_access_token": tokens.access,
                "zalo_refresh_token": tokens.refresh,
                "zalo_refresh_claimed": False,
                "zalo_token_until": now + timedelta(seconds=tokens.seconds),
                "zalo_connected_on": now,
            }
        )
        account._note_well()

    def action_zalo_test(self):
        """Ask Zalo for the account, and say what it answers."""
        self.ensure_one()
        self._check_manager()
        account = self.sudo()  # sudo: the token, which nobody reads
        token = account._get_zalo_token()
        if not token:
            raise UserError(account.problem or self.env._("Zalo cannot be reached."))
        try:
            found = client.call(f"{self._get_zalo_urls().api}/v2.0/oa/getoa", token)
        except client.RefusedError as error:
            raise UserError(self.env._("Zalo refuses: %s", error)) from error
        data = found.get("data")
        name = data.get("name") if isinstance(data, dict) else ""
        account._read_zalo_quota()
        account._note_well()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Zalo answers: %s", name or "ok"),
            },
        }
