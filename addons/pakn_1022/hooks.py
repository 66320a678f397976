"""What the addon sets once, when it is installed."""

import base64
import logging
import os
import secrets

from odoo.tools.misc import file_open

from .tools.province import CONTACT, LANG, TIMEZONE

_logger = logging.getLogger(__name__)

# What Odoo's administrator begins with, and how long another has to be
DEFAULT_PASSWORD, PASSWORD_LENGTH = "admin", 8


def post_init_hook(env):
    """Make the running product Vietnamese by default.

    Language, currency, country and time zone of the hotline are those of the
    province; an administrator can change each of them afterwards.
    """
    close_doors(env)
    env["res.lang"]._activate_lang(LANG)
    env["ir.module.module"].search(
        [("state", "in", ("installed", "to install", "to upgrade"))]
    )._update_translations([LANG])
    env["ir.default"].set("res.partner", "lang", LANG)
    env["ir.default"].set("res.partner", "tz", TIMEZONE)
    company = env.ref("base.main_company")
    company.write(CONTACT)
    with file_open("pakn_1022/static/description/icon.png", "rb") as icon:
        company.logo = base64.b64encode(icon.read())
    company.country_id = env.ref("base.vn")
    company.resource_calendar_id = env.ref("pakn_1022.resource_calendar_pakn")
    env["resource.calendar"]._retire_standard()
    # The administrator's: an upgrade leaves what was changed there as it is.
    env["ir.model.data"].search(
        [("module", "=", "pakn_1022"), ("model", "=", "pakn.unit")]
    ).noupdate = True
    # The year that ends counts too: requests are brought over from before.
    leaves = env["resource.calendar.leaves"]
    years = leaves._get_years()
    leaves._fill_public_holidays((years[0] - 1, *years))
    users = env["res.users"].with_context(active_test=False).search([])
    users.partner_id.write({"lang": LANG, "tz": TIMEZONE})
    company.partner_id.lang = LANG


def close_doors(env):
    """Set what Odoo leaves open to whoever comes first; for upgrades too."""
    params = env["ir.config_parameter"]
    # Otherwise it follows the Host header of whoever signs in as an administrator
    params.set_param("web.base.url.freeze", "True")
    # The server fetches no page that a message names
    params.set_param("mail.link_preview_throttle", "0")
    _set_first_password(env)


def _set_first_password(env):
    """Replace the password that every Odoo begins with, where it still holds.

    By what the environment variable ``ADMIN_PASSWORD`` says, otherwise by one that
    nobody knows; docs/running.md says how to set another.
    """
    admin = env.ref("base.user_admin")
    env.cr.execute("SELECT password FROM res_users WHERE id = %s", [admin.id])
    [stored] = env.cr.fetchone()
    if not stored or not admin._crypt_context().verify(DEFAULT_PASSWORD, stored):
        return
    wanted = os.environ.get("ADMIN_PASSWORD", "")
    if len(wanted) >= PASSWORD_LENGTH:
        admin.password = wanted
        return
    admin.password = secrets.token_urlsafe(32)
    _logger.info(
        "The administrator's password is random: set one as docs/running.md says."
    )
