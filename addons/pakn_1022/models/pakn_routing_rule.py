from odoo import api, fields, models
from odoo.fields import Domain


class PaknRoutingRule(models.Model):
    """Which unit a request is proposed to, by what it is about and where (Art. 10.1).

    The rule that says most wins: field and area, then field (the sub-field before its
    group), then the usual unit of the field, then area; among equals the first one.
    Read by all staff, changed by the manager.
    """

    _name = "pakn.routing.rule"
    _description = "Routing rule"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    category_id = fields.Many2one(
        "pakn.category", string="Field", index=True, ondelete="cascade"
    )
    area_id = fields.Many2one("pakn.area", index=True, ondelete="cascade")
    is_local = fields.Boolean(
        string="Commune of the place",
        help="The unit is the office of the commune or ward where the matter is.",
    )
    unit_id = fields.Many2one("pakn.unit", ondelete="restrict", index="btree_not_null")
    active = fields.Boolean(default=True)

    _unit_or_local = models.Constraint(
        "CHECK(COALESCE(is_local, FALSE) <> (unit_id IS NOT NULL))",
        "Choose a unit, or the commune of the place.",
    )

    _field_or_area = models.Constraint(
        "CHECK(category_id IS NOT NULL OR area_id IS NOT NULL)",
        "A rule is for a field, an area, or both.",
    )

    @api.depends("category_id", "area_id", "unit_id", "is_local")
    def _compute_display_name(self):
        for rule in self:
            what = " · ".join(filter(None, (rule.category_id.name, rule.area_id.name)))
            unit = (
                self.env._("commune of the place")
                if rule.is_local
                else rule.unit_id.name
            )
            rule.display_name = f"{what} → {unit}"

    @api.model
    def _propose(self, pairs):
        """Return which unit is proposed for each field and area, and why.

        :param pairs: ``(pakn.category, pakn.area)``, each may be empty
        :return: ``{pair: (pakn.unit, reason)}``, the unit empty if none is known
        """
        categories = self.env["pakn.category"].union(*(pair[0] for pair in pairs))
        areas = self.env["pakn.area"].union(*(pair[1] for pair in pairs))
        rules = self.search(
            Domain("category_id", "parent_of", categories.ids)
            | Domain("category_id", "=", False) & Domain("area_id", "in", areas.ids)
        )
        offices = {
            unit.area_id: unit
            for unit in self.env["pakn.unit"].search(
                [("area_id", "in", areas.ids), ("kind", "=", "commune")]
            )
        }
        return {pair: self._propose_one(rules, offices, *pair) for pair in set(pairs)}

    def _propose_one(self, rules, offices, category, area):
        groups = category
        while groups[-1:].parent_id:
            groups += groups[-1:].parent_id
        best, found = (0,), (self.env["pakn.unit"], False)
        for rule in rules:
            if rule.category_id and rule.category_id not in groups:
                continue
            if rule.area_id and rule.area_id != area:
                continue
            unit = offices.get(area) if rule.is_local else rule.unit_id
            if not unit:
                continue
            depth = (
                len(groups) - list(groups).index(rule.category_id)
                if rule.category_id
                else 0
            )
            weight = (
                bool(rule.category_id) + bool(rule.area_id),
                depth,
                -rule.sequence,
            )
            if weight > best:
                best, found = weight, (unit, rule._get_reason(area))
        if not found[0] or best[:2] == (1, 0):
            usual = category._get_usual_unit() if category else category
            if usual:
                reason = self.env._("usual unit of “%s”", category.name)
                return usual, reason
        return found

    def _get_reason(self, area):
        """Say in a few words why this rule proposes its unit."""
        if self.is_local:
            return self.env._(
                "“%(field)s” in %(area)s: handled by the commune of the place",
                field=self.category_id.name or area.name,
                area=area.name,
            )
        if self.category_id and self.area_id:
            return self.env._(
                "rule for “%(field)s” in %(area)s",
                field=self.category_id.name,
                area=area.name,
            )
        return self.env._("rule for “%s”", (self.category_id or self.area_id).name)
