from odoo import api, fields, models

from odoo.addons.pakn_1022.tools.province import LANG

from ..tools import appendices, figures, sections, wording
from ..tools.appendices import LIST_LIMIT
from ..tools.facts import Category, Facts, Names
from ..tools.section import SLIP, TICKET, Row, Section


class PaknReportContent(models.AbstractModel):
    """The sections of a report, made of its facts and of names.

    Needs ``_get_bounds`` and ``kind`` of the report and ``_get_facts`` of
    ``pakn.report.facts``. Gives ``_make_content``.
    """

    _name = "pakn.report.content"
    _description = "Sections of a report"

    def _make_content(self):
        """Count everything anew.

        :return: ``(content, cells)``: ``{"summary": [sentence], "sections": [as of
            Section.as_dict]}``, and ``{(section, row, column): (value, ids, model)}``
        """
        self.ensure_one()
        # sudo: the figures of a scope are complete whoever asks for them; who may
        # ask for which scope is a matter of the rules on reports
        self = self.sudo().with_context(lang=LANG, active_test=True)
        bounds = self._get_bounds()
        # The year before is the same year of a year's report, so read once
        read = {
            span: self._get_facts(*span, compared=span != bounds["now"])
            for span in set(bounds.values())
        }
        spans = {name: read[span] for name, span in bounds.items()}
        now = spans["now"]
        matters = figures.get_matters(now.slips, now.end)
        by_unit = figures.get_units(matters, now.start, now.end)
        judged = {
            by: figures.get_timeliness(now.slips, now.start, now.end, by)
            for by in ("unit", "level")
        }
        names = self._get_names(spans, {*by_unit, *judged["unit"]})
        more = self._get_more_sections(bounds)
        made = [
            sections.overview(spans),
            sections.outcome(now),
            sections.channels(spans, names),
            sections.timeliness(judged["level"]),
            sections.hours(now),
            sections.escalations(spans),
            sections.satisfaction(now),
            sections.recurring(spans, names),
            *(section for section in more if not section.appendix),
            appendices.units(now, by_unit, judged["unit"], names),
            appendices.categories(spans, names),
            appendices.areas(spans, names),
            appendices.satisfaction_units(now, names),
            self._list_reasons(now, names),
            self._list_late(now, matters),
        ]
        if self.kind == "year":
            criteria = self.env["pakn.report.criterion"].search([("active", "=", True)])
            made.append(
                appendices.scores(
                    [(c.id, c.name, c.weight) for c in criteria],
                    criteria._get_scores(by_unit, judged["unit"], now),
                    names,
                )
            )
        made += [section for section in more if section.appendix]
        cells = {
            (section.key, str(row.key), column): (*figure, section.model)
            for section in made
            for row, column, figure in section.iter_figures()
        }
        content = {
            "summary": sections.get_summary(made),
            "sections": [section.as_dict() for section in made],
        }
        return content, cells

    def _get_more_sections(self, bounds):
        """Return the tables of other addons; these extend it.

        :param dict bounds: of the report's ``_get_bounds``
        :return: list of :class:`~..tools.section.Section`, with titles of their own
        """
        return []

    # ------------------------------------------------------------
    # NAMES
    # ------------------------------------------------------------

    @api.model
    def _get_names(self, spans: dict[str, Facts], units: set[int]) -> Names:
        """Return the names of what is counted, of what has ended too.

        :param units: ids of those that had a slip
        """
        env = self.with_context(active_test=False).env
        received = [
            facts.tickets[ticket]
            for facts in spans.values()
            for ticket in facts.found["received"]
        ]
        used = {ticket.channel for ticket in received}
        channels = env["pakn.channel"].search([], limit=None)
        categories = env["pakn.category"].search([], limit=None)
        areas = env["pakn.area"].browse({ticket.area for ticket in received} - {None})
        units = units | {rating.unit for rating in spans["now"].ratings}
        units = env["pakn.unit"].search([("id", "in", list(units - {None}))])
        return Names(
            {c.id: c.name for c in channels if c.active or c.id in used},
            {
                category.id: Category(category.name, category.parent_id.id or None)
                for category in categories.sorted(_order_of)
            },
            {area.id: area.name for area in areas},
            {unit.id: unit.name for unit in units},
        )

    # ------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------

    def _list_reasons(self, facts: Facts, names: Names) -> Section:
        """Why citizens were not satisfied; of secret requests nothing is quoted."""
        found = [rating for rating in facts.ratings if round(rating.grade) == 1]
        shown = found[:LIST_LIMIT]
        tickets = self.env[TICKET].browse(rating.ticket for rating in shown)
        reasons = tickets._redact([rating.reason for rating in shown])
        rows = [
            Row(
                rating.ticket,
                rating.code,
                {
                    "unit": names.units.get(rating.unit, wording.NO_UNIT),
                    "reason": wording.SECRET if rating.secret else reason,
                },
                open=(TICKET, rating.ticket),
            )
            for rating, reason in zip(shown, reasons, strict=True)
        ]
        return appendices.record_list("reasons", wording.REASONS, rows, len(found))

    def _list_late(self, facts: Facts, matters: list[figures.Matter]) -> Section:
        """Art. 11.4: what was answered late in the period, or was late at its end."""
        found = [
            matter
            for matter in matters
            if matter.late_since is not None
            and matter.state in ("open", "answered", "expired")
            and (matter.state == "open" or matter.slip.closed >= facts.start)
        ]
        found.sort(key=lambda matter: (matter.late_since, matter.slip.id))
        shown = found[:LIST_LIMIT]
        # The due moment of a matter that began long ago stands on its first slip
        slips = self.env[SLIP].sudo().browse([m.slip.id for m in shown])
        slips.fetch(["ticket_id", "unit_id", "level", "previous_id"])
        # One for each slip, be it of the same request
        tickets = slips.ticket_id.browse(slip.ticket_id.id for slip in slips)
        tickets.fetch(["name", "title", "secrecy"])
        titles = tickets._redact([ticket.title for ticket in tickets])
        rows = []
        for matter, slip, title in zip(shown, slips, titles, strict=True):
            ticket, first = slip.ticket_id, slip
            while not first.is_first and first.previous_id:
                first = first.previous_id
            due = first.date_overdue or first.date_due
            answered = matter.state == "answered"
            end = matter.slip.closed if matter.state != "open" else facts.end
            rows.append(
                Row(
                    slip.id,
                    ticket.name,
                    {
                        "title": (
                            wording.SECRET if ticket.secrecy == "secret" else title
                        ),
                        "unit": slip.unit_id.name,
                        "level": wording.SHORT_LEVELS[slip.level],
                        "received": fields.Datetime.to_string(first.date_sent),
                        "due": fields.Datetime.to_string(due),
                        "closed": fields.Datetime.to_string(end) if answered else None,
                        "hours": max((end - due).total_seconds() / 3600, 0),
                    },
                    open=(SLIP, slip.id),
                )
            )
        types = {
            "received": "datetime",
            "due": "datetime",
            "closed": "datetime",
            "hours": "hours",
        }
        return appendices.record_list("late", wording.LATE, rows, len(found), types)


def _order_of(category):
    """Return where a field stands: after its group, in the order of its kind."""
    lineage = []
    while category:
        lineage.insert(0, (category.sequence, category.code, category.id))
        category = category.parent_id
    return lineage
