from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import figures


class PaknReportCriterion(models.Model):
    """A criterion of the yearly scoring of administrative reform (Art. 19.3).

    A unit gets of the weight what share it reached. Where a criterion says nothing
    of a unit, nobody having rated it for instance, its points are shared out among
    the others in the proportion of their weights. Set up by the manager.
    """

    _name = "pakn.report.criterion"
    _description = "Criterion of the scoring"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    measure = fields.Selection(
        [
            ("in_time", "Slips in time, of those that were due"),
            ("answered", "Answered, of what was to be answered"),
            ("kept", "Not passed on to the province, of what was received"),
            ("satisfied", "Satisfied citizens; acceptable counts half"),
        ],
        required=True,
    )
    weight = fields.Float(required=True, default=10)
    active = fields.Boolean(default=True)

    @api.constrains("weight")
    def _check_weight(self):
        if any(criterion.weight <= 0 for criterion in self):
            raise ValidationError(self.env._("A weight is more than zero."))

    def _get_scores(self, units, timeliness, facts):
        """Return the points of each unit by these criteria.

        :param dict units: unit -> column -> ids, of ``figures.get_units``
        :param dict timeliness: unit -> ``figures.Timeliness``
        :param facts: the ratings of the same year are taken from there
        :return: ``{unit: {"points": {criterion id: points or None}, "total": points}}``
        """
        grades = defaultdict(list)
        for rating in facts.ratings:
            grades[rating.unit].append(rating.grade)
        scores = {}
        for unit, columns in units.items():
            counts = {key: len(ids) for key, ids in columns.items()}
            judged = timeliness.get(unit)
            shares = {
                c: c._get_share(counts, judged and judged.share, grades[unit])
                for c in self
            }
            said = {c: value for c, value in shares.items() if value is not None}
            weights = sum(c.weight for c in said)
            if not weights:
                continue
            scale = sum(self.mapped("weight")) / weights
            scores[unit] = {
                "points": {
                    c.id: None if shares[c] is None else shares[c] * c.weight
                    for c in self
                },
                "total": round(
                    sum(value * c.weight for c, value in said.items()) * scale, 2
                ),
            }
        return scores

    def _get_share(self, counts, in_time, grades):
        """Return between 0 and 1 how well a unit did, or ``None``.

        :param dict counts: column -> count, of ``figures.UNIT_COLUMNS``
        :param in_time: the unit's share in time
        :param list grades: 5, 3 or 1 each
        """
        answered = counts["answered"]
        owed = answered + counts["open_late"] + counts["passed_on"]
        if self.measure == "in_time":
            return in_time
        if self.measure == "answered":
            return figures.share(answered, owed)
        if self.measure == "kept":
            return figures.share(owed - counts["passed_on"], owed)
        points = sum({5: 1, 3: 0.5}.get(round(grade), 0) for grade in grades)
        return figures.share(points, len(grades))
