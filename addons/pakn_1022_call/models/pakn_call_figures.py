from odoo import api, fields, models
from odoo.tools import SQL

# Named so in measures: of 100 calls 90 took no longer
NINETIETH, SHARE = "ninetieth", 0.9
# What is measured -> the column whose values are ranked
RANKED = {"wait_90": "seconds_waited", "talk_90": "seconds_talked"}


class PaknCallFigures(models.AbstractModel):
    """How long callers wait and are talked to: beside the mean what 90 of 100 get.

    A room of ``pakn.call``. Percentiles cannot be added up nor averaged: the one of a
    day does not follow from those of its hours. So no statistics are stored; PostgreSQL
    ranks the calls of each group that is shown, sums of a pivot too, and whatever it is
    grouped by, the number is that group's own. It is the nearest rank, a length that a
    call had, as in the periodic report.
    """

    _name = "pakn.call.figures"
    _description = "Figures of calls"

    wait_90 = fields.Integer(
        string="Waited: 90% at most (seconds)",
        compute="_compute_ranked",
        aggregator=NINETIETH,
        help="Of 100 calls 90 waited no longer.",
    )
    talk_90 = fields.Integer(
        string="Talked: 90% at most (seconds)",
        compute="_compute_ranked",
        aggregator=NINETIETH,
        help="Of 100 calls that were answered 90 were no longer.",
    )

    @api.depends(*RANKED.values())
    def _compute_ranked(self):
        """Of one call it is the length of that call."""
        for call in self:
            for name, column in RANKED.items():
                call[name] = call[column]

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        if function != NINETIETH or name not in RANKED:
            return super()._read_group_select(aggregate_spec, query)
        # Checks the right to read the column, as of every other measure
        column = self._field_to_sql(self._table, RANKED[name], query)
        return SQL("percentile_disc(%s) WITHIN GROUP (ORDER BY %s)", SHARE, column)
