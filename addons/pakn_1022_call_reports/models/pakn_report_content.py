from odoo import models
from odoo.tools import SQL

from ..tools.call_sections import make_part_sections, make_sections

FIGURES = ("calls", "answered", "in_time", "reached", "wait", "wait_90", "talk")
FIGURES += ("talk_90",)


class PaknReportContent(models.AbstractModel):
    """Calls in the report of the whole hotline: they belong to no unit and no field."""

    _inherit = "pakn.report.content"

    def _get_more_sections(self, bounds):
        made = super()._get_more_sections(bounds)
        if self.scope != "province":
            return made
        figures = {name: self._count_calls(*span) for name, span in bounds.items()}
        hours, telephones = self._count_parts(*bounds["now"])
        return [
            *made,
            *make_sections(figures),
            *make_part_sections(hours, telephones, figures["now"]),
        ]

    def _count_calls(self, start, end):
        """Return the figures of calls that rang in ``[start, end)``, UTC."""
        [[figures]] = self._measure_calls(start, end, SQL(), SQL())
        return figures

    def _count_parts(self, start, end):
        """Return the same by hour of the day, and by the telephone that answered.

        By telephone and not by name: reports name nobody.

        :return: ``({hour: figures}, {extension: figures})``, in their order; nobody's
            is an empty text
        """
        hours, telephones = {}, {}
        for is_telephone, hour, extension, figures in self._measure_calls(
            start,
            end,
            SQL("grouping(call.hour), call.hour, coalesce(call.extension, ''),"),
            SQL(
                """GROUP BY GROUPING SETS ((call.hour), (coalesce(call.extension, '')))
                   ORDER BY 2, 3"""
            ),
        ):
            if is_telephone:
                telephones[extension] = figures
            else:
                hours[hour] = figures
        return hours, telephones

    def _measure_calls(self, start, end, groups, grouping):
        """Return ``[(*groups, figures)]`` of the calls from the outside that are over.

        One reading of an index, whatever the number of calls. The 90 % value is the
        nearest rank, as of working hours. A call whose end was not seen has no length.

        :param SQL groups: columns that are grouped by, each with its comma
        :param SQL grouping: the clauses that group by them
        """
        self.env["pakn.call"].flush_model()
        self.env["pakn.call.back"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT %(groups)s count(*),
                          count(*) FILTER (WHERE call.state = 'done'),
                          count(*) FILTER (WHERE call.service_level > 0),
                          count(DISTINCT back.id) FILTER (
                              WHERE call.state <> 'done' AND back.state = 'reached'),
                          round(avg(call.seconds_waited)),
                          percentile_disc(0.9) WITHIN GROUP (
                              ORDER BY call.seconds_waited),
                          round(avg(call.seconds_talked) FILTER (WHERE %(talked)s)),
                          percentile_disc(0.9) WITHIN GROUP (
                              ORDER BY call.seconds_talked) FILTER (WHERE %(talked)s)
                     FROM pakn_call call
                LEFT JOIN pakn_call_back back ON back.id = call.callback_id
                    WHERE call.direction = 'in'
                      AND call.state IN ('done', 'missed', 'abandoned')
                      AND call.date_ring >= %(start)s AND call.date_ring < %(end)s
                          %(grouping)s""",
                groups=groups,
                talked=SQL("call.state = 'done' AND call.end_is_guess IS NOT TRUE"),
                start=start,
                end=end,
                grouping=grouping,
            )
        )
        return [
            (
                *row[: -len(FIGURES)],
                {
                    name: None if value is None else int(value)
                    for name, value in zip(FIGURES, row[-len(FIGURES) :], strict=True)
                },
            )
            for row in rows
        ]
