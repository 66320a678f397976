"""What the addon sets when it is installed, and in each process of the server."""

import functools

from odoo.tools.misc import ReadonlyDict, file_path
from odoo.tools.translate import code_translations

from .tools.others_terms import read_code_terms

LANG = "vi_VN"


@functools.cache
def fill_code_translations():
    """Translate what Odoo's own code says and its translations leave in English.

    Odoo reads translations of code from the folder of the addon that says them; what
    is known beforehand is not read again. Nothing of theirs is replaced.
    """
    terms = read_code_terms(file_path("pakn_1022_backend/i18n_extra/vi.po"))
    for module, (python, web) in terms.items():
        given = code_translations.get_python_translations(module, LANG)
        code_translations.python_translations[module, LANG] = ReadonlyDict(
            {**python, **given}
        )
        given = code_translations.get_web_translations(module, LANG)["messages"]
        known = {message["id"] for message in given}
        code_translations.web_translations[module, LANG] = ReadonlyDict(
            {
                "messages": (
                    *given,
                    *(
                        ReadonlyDict({"id": source, "string": text})
                        for source, text in web.items()
                        if source not in known
                    ),
                )
            }
        )


def post_init_hook(env):
    """Make quiet what an administrator may switch on again."""
    # Odoo's tours point at what nobody here needs
    users = env["res.users"].with_context(active_test=False)
    users.search([("tour_enabled", "=", True)]).tour_enabled = False
    # Nobody gets figures of Odoo by mail, those who are here already included
    env["digest.digest"].search([]).action_deactivate()
