from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from ..tools import figures
from ..tools.facts import Facts, Rating, Ticket


class PaknReportFacts(models.AbstractModel):
    """The facts that a report counts: one query each, whatever the numbers.

    Needs the fields ``scope``, ``unit_id`` and ``category_id``. Gives ``_get_facts``,
    read as superuser: a report of the province counts every request, secret ones
    too; whoever opens a figure finds of it what they may read.
    """

    _name = "pakn.report.facts"
    _description = "Facts of a report"

    def _get_facts(self, start, end, compared=False):
        """Return the :class:`Facts` of a period, naive UTC, within this scope.

        :param compared: read no more than another period is compared with: of the
            slips those that came to a head or the province, and no grades
        """
        self.ensure_one()
        # Columns are read in SQL below
        self.env.flush_all()
        rounds, tickets = self._get_rounds(start, end)
        slips = self._get_slips(start, end, compared)
        return Facts(
            start,
            end,
            tickets,
            rounds,
            slips,
            self._get_referred(start, end),
            self._get_extensions(start, end),
            figures.get_rounds(rounds, start, end),
            [] if compared else self._get_ratings(start, end),
        )

    # ------------------------------------------------------------
    # SCOPE
    # ------------------------------------------------------------

    def _get_scope_units(self):
        """Return the ids of the unit and those below it, ended ones too."""
        units = self.env["pakn.unit"].with_context(active_test=False)
        return units.search([("id", "child_of", self.unit_id.id)]).ids

    def _get_scope_categories(self):
        categories = self.env["pakn.category"].with_context(active_test=False)
        return categories.search([("id", "child_of", self.category_id.id)]).ids

    def _get_ticket_scope(self, end):
        """Return SQL: whether the request ``t`` belongs to this report.

        A unit's report counts the requests that reached it or a unit below, as lead
        or supporting, before the period ended.
        """
        if self.scope == "unit":
            return SQL(
                """EXISTS (SELECT FROM pakn_transfer own WHERE own.ticket_id = t.id
                    AND own.unit_id = ANY(%s) AND own.date_sent < %s)""",
                self._get_scope_units(),
                end,
            )
        if self.scope == "category":
            return SQL("t.category_id = ANY(%s)", self._get_scope_categories())
        return SQL("TRUE")

    def _get_slip_scope(self):
        """Return SQL: whether the slip ``s`` of request ``t`` belongs here."""
        if self.scope == "unit":
            return SQL("s.unit_id = ANY(%s)", self._get_scope_units())
        if self.scope == "category":
            return SQL("t.category_id = ANY(%s)", self._get_scope_categories())
        return SQL("TRUE")

    # ------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------

    def _get_rounds(self, start, end):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id, t.round, t.date_received, t.date_ended, t.outcome,
                       t.channel_id, t.category_id, t.area_id
                  FROM pakn_ticket t
                 WHERE t.date_received < %(end)s
                   AND (t.date_received >= %(start)s OR t.date_ended >= %(start)s
                        OR t.date_ended IS NULL)
                   AND %(scope)s
                 ORDER BY t.id
                """,
                start=start,
                end=end,
                scope=self._get_ticket_scope(end),
            )
        )
        tickets, rounds, reopened = {}, [], {}
        for number, count, received, ended, outcome, channel, category, area in rows:
            tickets[number] = Ticket(channel, category, area)
            if count > 1:
                reopened[number] = received
            else:
                outcome = outcome if ended else None
                rounds.append(figures.Round(number, 1, received, ended, outcome))
        return rounds + self._get_reopened_rounds(reopened), tickets

    def _get_reopened_rounds(self, reopened):
        """Return the rounds of requests that were reopened, from the record of acts.

        :param dict reopened: id -> when it was received
        """
        if not reopened:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.ticket_id, e.date, e.kind, s.level
                  FROM pakn_event e LEFT JOIN pakn_transfer s ON s.id = e.transfer_id
                 WHERE e.ticket_id = ANY(%s)
                   AND (e.kind IN ('rejected', 'answered', 'cancelled', 'reopened')
                        OR e.kind = 'responded' AND s.role = 'lead')
                   AND NOT EXISTS (
                       SELECT FROM pakn_event back
                        WHERE back.ticket_id = e.ticket_id AND back.kind = 'taken_back'
                          AND back.payload -> 'taken' @> to_jsonb(e.sequence))
                 ORDER BY e.ticket_id, e.sequence
                """,
                list(reopened),
            )
        )
        acts = defaultdict(list)
        for ticket, *act in rows:
            acts[ticket].append(act)
        rounds = []
        for ticket, received in reopened.items():
            number, opened, ended, outcome = 1, received, None, None
            for date, kind, level in acts[ticket]:
                if kind == "reopened":
                    rounds.append(
                        figures.Round(ticket, number, opened, ended or date, outcome)
                    )
                    number, opened, ended, outcome = number + 1, date, None, None
                else:
                    ended = date
                    outcome = {"answered": "instant", "responded": level}.get(
                        kind, kind
                    )
            rounds.append(figures.Round(ticket, number, opened, ended, outcome))
        return rounds

    def _get_slips(self, start, end, compared):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id, s.ticket_id, s.unit_id, s.level, s.role,
                       CASE WHEN NOT s.is_first THEN s.previous_id END,
                       s.previous_id IS NOT NULL AND s.is_rework IS NOT TRUE,
                       COALESCE(s.is_rework, FALSE),
                       s.date_sent, s.date_deadline, s.date_first, s.date_closed,
                       s.state,
                       -- Also what the clock has not come to yet
                       CASE WHEN s.is_overdue THEN s.date_overdue
                            WHEN s.is_open AND s.date_due <= %(now)s
                            THEN s.date_due END,
                       CASE WHEN s.date_first IS NOT NULL THEN s.first_hours END,
                       CASE WHEN s.state = 'answered' THEN s.result_hours END
                  FROM pakn_transfer s JOIN pakn_ticket t ON t.id = s.ticket_id
                 WHERE s.date_sent < %(end)s
                   AND (s.date_closed >= %(start)s OR s.date_closed IS NULL
                        OR s.date_judged >= %(start)s)
                   AND %(scope)s AND %(level)s
                 ORDER BY s.id
                """,
                start=start,
                end=end,
                now=fields.Datetime.now(),
                level=SQL("s.level <> 'focal'") if compared else SQL("TRUE"),
                scope=self._get_slip_scope(),
            )
        )
        return [figures.Slip(*row) for row in rows]

    def _get_referred(self, start, end):
        """Return the ids of the slips by which operators referred requests."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id FROM pakn_transfer s
                 WHERE s.is_referred AND s.date_sent >= %s AND s.date_sent < %s
                """,
                start,
                end,
            )
        )
        return {number for [number] in rows}

    def _get_extensions(self, start, end):
        return self.env.execute_query(
            SQL(
                """
                SELECT s.id, s.unit_id
                  FROM pakn_event e
                  JOIN pakn_transfer s ON s.id = e.transfer_id
                  JOIN pakn_ticket t ON t.id = s.ticket_id
                 WHERE e.kind = 'extended' AND e.date >= %s AND e.date < %s AND %s
                 ORDER BY e.id
                """,
                start,
                end,
                self._get_slip_scope(),
            )
        )

    def _get_ratings(self, start, end):
        scope = SQL("TRUE")
        if self.scope == "unit":
            scope = SQL("r.parent_res_id = ANY(%s)", self._get_scope_units())
        elif self.scope == "category":
            scope = self._get_ticket_scope(end)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.res_id, r.parent_res_id, r.rating, r.feedback,
                       t.secrecy = 'secret', t.name
                  FROM rating_rating r JOIN pakn_ticket t ON t.id = r.res_id
                 WHERE r.res_model = 'pakn.ticket' AND r.consumed
                   AND r.pakn_date >= %s AND r.pakn_date < %s AND %s
                 ORDER BY r.pakn_date, r.id
                """,
                start,
                end,
                scope,
            )
        )
        return [Rating(*row) for row in rows]
