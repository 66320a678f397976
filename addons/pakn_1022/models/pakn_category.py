from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PaknCategory(models.Model):
    """What a request is about: the seven groups of Art. 6 and their sub-fields."""

    _name = "pakn.category"
    _description = "Field"
    _parent_store = True
    _rec_name = "complete_name"
    _order = "sequence, code, id"

    name = fields.Char(required=True, index="trigram")
    complete_name = fields.Char(
        compute="_compute_complete_name", store=True, recursive=True
    )
    code = fields.Char(required=True)
    parent_id = fields.Many2one(
        "pakn.category", string="Group", index="btree_not_null", ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("pakn.category", "parent_id", string="Sub-fields")
    default_unit_id = fields.Many2one(
        "pakn.unit",
        string="Usual unit",
        index="btree_not_null",
        help="The unit that is proposed for requests of this field.",
    )
    is_published_unseen = fields.Boolean(
        string="Publish without a look",
        help="Results of this field are published as soon as they are sent, unless "
        "something personal is found in them. Otherwise an operator decides each time "
        "(Art. 13.1).",
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "Another field has this code already.")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = (
                f"{parent} / {category.name}" if parent else category.name
            )

    @api.depends("name", "complete_name")
    @api.depends_context("pakn_short_name")
    def _compute_display_name(self):
        """A column of a list has no room for the group before the field's own name."""
        name = "name" if self.env.context.get("pakn_short_name") else "complete_name"
        for category in self:
            category.display_name = category[name]

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A field cannot be its own group."))

    def _get_usual_unit(self):
        """Return the unit that usually handles this field or its group."""
        self.ensure_one()
        return self.default_unit_id or self.parent_id.default_unit_id
