from odoo import SUPERUSER_ID, api

from odoo.addons.pakn_1022_evidence.tools.tables import TABLES

COLUMNS = {
    "ticket": ("stage_id", "check_language", "check_content", "check_scope")
    + ("check_contact", "is_unreached", "is_shown", "date_shown", "is_phone_verified")
    + ("public_latitude", "public_longitude", "date_erased"),
    "slip": ("is_open", "is_held", "delegate_user_ids"),
    "message": ("subtype_id", "author_guest_id"),
    "file": ("type", "mimetype", "place"),
    "document": (*TABLES["document"].plain, *TABLES["document"].hashed, "content"),
}


def migrate(cr, version):
    """Bring under seal what was not: documents, where files stand, and more.

    At the end, when the columns of all addons are there.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["pakn.seal"]._seal_further(COLUMNS)
