"""What the addon sets when it is installed, and in each process of the server."""

import functools

from odoo.tools.misc import ReadonlyDict, file_path
from odoo.tools.translate import code_translations

from .tools.others_terms import read_code_terms

LANG = "vi_VN"
# What Odoo says in Vietnamese and means otherwise: the number of what is counted in
# pivots and charts is to it one of data sets, an invitation that is no longer good a
# "token". Of these ours stand instead of theirs.
INSTEAD = {"Count", "Invalid signup token"}


class JoinedTerms(dict):
    """Translations of code by ``(addon, language)``, ours beside those of Odoo.

    Odoo reads an addon's from its folder when they are first asked for, and keeps what
    it has read here: ours join at that moment. To read those of all addons beforehand
    takes as long as the rest of a server's start.
    """

    def __init__(self, ours, join):
        super().__init__()
        self._ours, self._join = ours, join

    def __setitem__(self, key, given):
        ours = self._ours.get(key)
        return super().__setitem__(key, self._join(given, ours) if ours else given)


def join_python(given, ours):
    said = {
        source: text
        for source, text in given.items()
        if source != text and not (source in INSTEAD and source in ours)
    }
    return ReadonlyDict({**given, **ours, **said})


def join_web(given, ours):
    kept = [
        one
        for one in given["messages"]
        # What they leave as it is, is not translated
        if one["id"] not in ours
        or not (one["id"] in INSTEAD or one["id"] == one["string"])
    ]
    known = {message["id"] for message in kept}
    added = (
        ReadonlyDict({"id": source, "string": text})
        for source, text in ours.items()
        if source not in known
    )
    return ReadonlyDict({"messages": (*kept, *added)})


@functools.cache
def fill_code_translations():
    """Translate what Odoo's own code says and its translations leave in English.

    Of theirs nothing but :data:`INSTEAD` is replaced. What was read before is read
    again.
    """
    terms = read_code_terms(file_path("pakn_1022_backend/i18n_extra/vi.po"))
    python = {(module, LANG): ours for module, (ours, _web) in terms.items()}
    web = {(module, LANG): ours for module, (_python, ours) in terms.items()}
    code_translations.python_translations = JoinedTerms(python, join_python)
    code_translations.web_translations = JoinedTerms(web, join_web)


def post_init_hook(env):
    """Make quiet what an administrator may switch on again."""
    # Odoo's tours point at what nobody here needs
    users = env["res.users"].with_context(active_test=False)
    users.search([("tour_enabled", "=", True)]).tour_enabled = False
    # Nobody gets figures of Odoo by mail, those who are here already included
    env["digest.digest"].search([]).action_deactivate()
