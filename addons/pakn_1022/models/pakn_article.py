from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..tools.province import to_local


class PaknArticle(models.Model):
    """An article of the knowledge base: a question and its ready answer.

    Behind "answer now" (Art. 10.1.2 b1), kept by the hotline (Art. 15.3) together with
    the units (Art. 16.3): the people of a unit propose articles of their unit and
    change them until they are public; an operator takes them over and publishes them.
    Read by all staff.
    """

    _name = "pakn.article"
    _description = "Knowledge article"
    _order = "sequence, name"

    name = fields.Char(string="Question", required=True, index="trigram")
    answer = fields.Html(required=True)
    category_id = fields.Many2one("pakn.category", index="btree_not_null")
    unit_id = fields.Many2one("pakn.unit", string="Source", index="btree_not_null")
    reference = fields.Char(
        string="Source document",
        help="Number, date and name of the decision that this is taken from.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_article_attachment_rel",
        string="Files",
        help="Source documents and forms; public when the article is.",
    )
    is_published = fields.Boolean(
        string="Public",
        copy=False,
        help="Shown to citizens while it is valid; else to the hotline and the units "
        "alone.",
    )
    is_proposed = fields.Boolean(
        string="Proposed by the unit",
        default=lambda self: self._default_is_proposed(),
        readonly=True,
        copy=False,
        help="Not offered as a ready answer until an operator has taken it over.",
    )
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.model
    def _default_is_proposed(self):
        return not self._is_editor()

    @api.model
    def _is_editor(self):
        """Return whether the user decides what is offered and public."""
        return self.env.su or self.env.user.has_group("pakn_1022.group_operator")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for article in self:
            if (
                article.date_from
                and article.date_to
                and article.date_from > article.date_to
            ):
                raise ValidationError(
                    self.env._("An article cannot end before it begins to be valid.")
                )

    @api.model
    def _get_valid_domain(self):
        """Return which articles are valid today in Gia Lai."""
        today = fields.Date.to_string(to_local(fields.Datetime.now()))
        return (Domain("date_from", "=", False) | Domain("date_from", "<=", today)) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        )

    @api.model
    def _get_offered_domain(self, category):
        """Return which articles are ready answers for requests of a field.

        Those valid today, of the field, those above and below it, and of no field;
        not what a unit has merely proposed.

        :param category: one ``pakn.category``, or none for those of every field
        """
        domain = self._get_valid_domain() & Domain("is_proposed", "=", False)
        if category:
            domain &= (
                Domain("category_id", "=", False)
                | Domain("category_id", "child_of", category.id)
                | Domain("category_id", "parent_of", category.id)
            )
        return domain

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_editor():
            for vals in vals_list:
                self._check_proposal(vals)
                vals["is_proposed"] = True
        articles = super().create(vals_list)
        articles._own_files()
        return articles

    def write(self, vals):
        if self._is_editor():
            if vals.get("is_published"):
                vals = {**vals, "is_proposed": False}
            result = super().write(vals)
        else:
            self._check_proposal(vals)
            result = super().write({**vals, "is_proposed": True})
            # Not given away to another unit either
            self.check_access("write")
        if "attachment_ids" in vals:
            self._own_files()
        return result

    def _check_proposal(self, vals):
        if vals.get("is_published"):
            raise AccessError(
                self.env._(
                    "A unit proposes articles; the hotline publishes them. Save it "
                    "without making it public."
                )
            )

    def _own_files(self):
        """Tie new files to the article, whose rights they then have."""
        for article in self:
            # sudo: ir.attachment - linked by who may write the article; only their
            # own loose uploads
            loose = article.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": article.id})

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_take_over(self):
        """Offer a unit's proposal as a ready answer, without making it public."""
        self._check_editor()
        self.write({"is_proposed": False})
        return True

    def action_publish(self):
        """Show the articles to citizens (Art. 15.3)."""
        self._check_editor()
        self.write({"is_published": True})
        return True

    def action_unpublish(self):
        self._check_editor()
        self.write({"is_published": False})
        return True

    def _check_editor(self):
        if not self._is_editor():
            raise AccessError(self.env._("The hotline decides what is public."))
