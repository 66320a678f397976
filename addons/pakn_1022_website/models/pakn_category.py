from odoo import api, fields, models, tools

from ..tools.field_guess import FieldGuesser

# Titles of earlier requests from which the fields are learned
TITLES = 3000


class PaknCategory(models.Model):
    """A field as the citizens' site offers it: words, notice and questions."""

    _inherit = "pakn.category"

    site_keywords = fields.Text(
        string="Words for it",
        help="What people write who mean this field; the site proposes it then.",
    )
    site_notice = fields.Html(
        string="Notice on the site",
        help="Shown to who chooses this field.",
    )
    site_stop = fields.Boolean(
        string="Stop the form",
        help="Such matters are not for the hotline: the notice says whom to call.",
    )
    site_open = fields.Boolean(
        string="Open matters are public",
        help="The public reads of a request while it is handled, once an operator has "
        "looked at its texts; where the setting of the site allows it.",
    )
    question_ids = fields.One2many(
        "pakn.category.question", "category_id", string="Questions"
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.model
    def _get_offered(self, category_id):
        """Return a field that the form offers, in sudo, or an empty record."""
        # sudo: pakn.category - the fields of Art. 6 are public
        categories_sudo = self.sudo()
        if not category_id:
            return categories_sudo
        return categories_sudo.search(
            [("id", "=", category_id), ("child_ids", "=", False)]
        )

    @api.model
    def _guess_for_site(self, text):
        """Return the fields that a citizen's words are likely about, best first."""
        keys = self._get_site_guesser(str(fields.Date.today())).guess(text)
        return self.browse(keys)

    @api.model
    @tools.ormcache("day")
    def _get_site_guesser(self, day):
        """Return the :class:`FieldGuesser` of a day, learned from what is there.

        :param str day: makes it learn anew each day
        """
        documents = [
            # Names and keywords say more than one title does.
            (category.id, f"{category.name} {category.site_keywords or ''} " * 2)
            for category in self.search([("child_ids", "=", False)], limit=1000)
        ]
        known = {key for key, _text in documents}
        # sudo: only which words go with which field is kept of it
        tickets = (
            self.env["pakn.ticket"]
            .sudo()
            .search_fetch(
                [("category_id", "!=", False), ("secrecy", "=", "public")],
                ["title", "category_id"],
                order="id desc",
                limit=TITLES,
            )
        )
        documents += [
            (ticket.category_id.id, ticket.title)
            for ticket in tickets
            if ticket.category_id.id in known
        ]
        return FieldGuesser(documents)
