"""What the addon sets once, when it is installed."""

from odoo.addons.pakn_1022.tools.province import LANG


def post_init_hook(env):
    """Make the website the hotline's, and ready what is published already.

    Vietnamese first, the hotline's menu, no sample pages; what is personal in the
    texts of before is hidden, and the public figures are counted.
    """
    language = env["res.lang"]._activate_lang(LANG)
    website = env.ref("website.default_website")
    website.write(
        {
            "language_ids": [(4, language.id)],
            "default_lang_id": language.id,
        }
    )
    samples = ("/", "/contactus")
    env["website.menu"].search([("url", "in", samples)]).unlink()
    env["website.page"].search([("url", "in", samples)]).is_published = False
    env["ir.module.module"].search(
        [("name", "=", "pakn_1022_website")]
    )._update_translations([LANG])
    env["pakn.ticket"]._init_public_texts()
    env["pakn.statistics"]._count()
