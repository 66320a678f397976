"""No installation is ever open under the password that all of Odoo's begin with."""

import logging
import os
import secrets

_logger = logging.getLogger(__name__)

DEFAULT = "admin"
# Characters of a password
LENGTH = 8


def set_first_password(env) -> None:
    """Replace the password that Odoo gives its administrator, where it still holds.

    By what the environment variable ``ADMIN_PASSWORD`` says, otherwise by one that
    nobody knows; docs/running.md says how to set another.
    """
    admin = env.ref("base.user_admin")
    env.cr.execute("SELECT password FROM res_users WHERE id = %s", [admin.id])
    [stored] = env.cr.fetchone()
    is_default = stored and admin._crypt_context().verify(DEFAULT, stored)
    if not is_default:
        return
    wanted = os.environ.get("ADMIN_PASSWORD", "")
    if len(wanted) >= LENGTH:
        admin.password = wanted
        return
    admin.password = secrets.token_urlsafe(32)
    _logger.info(
        "The administrator's password is random: set one as docs/running.md says."
    )
