from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.acts import LEVELS
from ..tools.province import to_local

# Hours of work the board looks ahead, as long as a level has (Art. 11)
HOURS_AHEAD = 8
# Without the sweep for so long, the manager is told
SILENCE = timedelta(minutes=10)

OPEN = [("is_open", "=", True)]
# What a level let expire of requests that are late and still without a result
MISSED = [
    ("is_overdue", "=", True),
    ("ticket_id", "any", [("is_overdue", "=", True), ("date_ended", "=", False)]),
]


class PaknTransferBoard(models.AbstractModel):
    """What the monitor and the manager watch: what is due, late, and by whom.

    A room of ``pakn.transfer``. All numbers count requests.
    """

    _name = "pakn.transfer.board"
    _description = "Board of deadlines"

    # ------------------------------------------------------------
    # THE BOARD OF DEADLINES
    # ------------------------------------------------------------

    @api.model
    def get_clock_board(self):
        """Return what the board of deadlines shows, by the rights of who asks.

        All numbers count requests; a ``domain`` finds among ``pakn.ticket`` what the
        number beside it counts. Moments are UTC strings.

        :return: ``{"tiles": [{key, count, domain}], "hours": [{from, to, count,
            domain}], "units": [{id, name, cells: {key: {count, domain}}}]}`` with the
            cells ``open``, ``ahead``, ``focal``, ``head`` and ``province``
        :raise AccessError: neither monitor nor manager
        """
        groups = ("pakn_1022.group_monitor", "pakn_1022.group_manager")
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(
                self.env._("The board of deadlines is for monitors and managers.")
            )
        now = fields.Datetime.now()
        calendar = self.env.ref("pakn_1022.resource_calendar_pakn")
        clock = calendar._get_working_time()
        marks = [
            fields.Datetime.to_string(moment)
            for moment in [now]
            + [clock.add(now, hours + 1) for hours in range(HOURS_AHEAD)]
        ]
        tickets = self.env["pakn.ticket"]
        late = [("is_late", "=", True)]
        tiles = {
            "open": {
                # One lead slip a request: PostgreSQL counts them in an index
                "count": self.search_count([*OPEN, ("role", "=", "lead")]),
                "domain": [("open_transfer_id", "!=", False)],
            },
            "soon": self._count_due(marks[0], marks[2]),
            "ahead": self._count_due(marks[0], marks[-1]),
            "late": {"count": tickets.search_count(late), "domain": late},
        }
        return {
            "tiles": [{"key": key, **cell} for key, cell in tiles.items()],
            "hours": [
                {"from": start, "to": end, **self._count_due(start, end)}
                for start, end in zip(marks, marks[1:], strict=False)
            ],
            "units": self._count_by_unit(self._get_due_domain(marks[0], marks[-1])),
        }

    @api.model
    def _get_due_domain(self, start, end):
        """Return the open slips in time that are due after ``start``, until ``end``."""
        return [
            *OPEN,
            ("is_overdue", "=", False),
            ("date_due", ">", start),
            ("date_due", "<=", end),
        ]

    @api.model
    def _count_by_unit(self, ahead):
        """Return the units' lines of the board, those with the most missed first."""
        cells = {}
        for key, domain in (("open", OPEN), ("ahead", ahead)):
            # A unit holds one open slip of a request
            for unit, count in self._read_group(domain, ["unit_id"], ["__count"]):
                cells.setdefault(unit, {})[key] = self._make_cell(
                    count, [("unit_id", "=", unit.id), *domain]
                )
        for unit, level, count in self._read_group(
            MISSED, ["unit_id", "level"], ["ticket_id:count_distinct"]
        ):
            cells.setdefault(unit, {})[level] = self._make_cell(
                count, [("unit_id", "=", unit.id), ("level", "=", level), *MISSED]
            )

        def worst_first(unit):
            counts = [
                cells[unit].get(key, {}).get("count", 0)
                for key in (*reversed(LEVELS), "ahead", "open")
            ]
            return [-count for count in counts], unit.name

        return [
            {"id": unit.id, "name": unit.name, "cells": cells[unit]}
            for unit in sorted(cells, key=worst_first)
        ]

    @api.model
    def _count_due(self, start, end):
        domain = self._get_due_domain(start, end)
        [[count]] = self._read_group(domain, [], ["ticket_id:count_distinct"])
        return self._make_cell(count, domain)

    @api.model
    def _make_cell(self, count, domain):
        return {"count": count, "domain": [("transfer_ids", "any", domain)]}

    # ------------------------------------------------------------
    # HEALTH
    # ------------------------------------------------------------

    @api.model
    def get_clock_status(self):
        """Return what the manager must know of the clock, in sentences.

        :return: list of ``{"type": "danger"|"warning", "text": str, "action": id of an
            action or False, "label": of its button}``; empty for others
        """
        if not self.env.user.has_group("pakn_1022.group_manager"):
            return []
        now = fields.Datetime.now()
        messages = []
        # sudo: ir.cron - the manager is no system administrator
        cron = self.env.ref("pakn_1022.ir_cron_process_deadlines").sudo()
        last = cron.lastcall or cron.create_date
        if not cron.active or now - last > SILENCE:
            moment = to_local(last)
            messages.append(
                {
                    "type": "danger",
                    "text": self.env._(
                        "Deadlines have not been watched since %(moment)s: nothing is "
                        "forwarded and nobody is reminded. Please tell the system's "
                        "administrator.",
                        moment=moment.strftime("%H:%M %d/%m/%Y"),
                    ),
                    "action": False,
                }
            )
        backlog = self.search_count(
            [
                *OPEN,
                ("is_overdue", "=", False),
                ("date_due", "<=", fields.Datetime.to_string(now - SILENCE)),
            ]
        )
        if backlog:
            messages.append(
                {
                    "type": "warning",
                    "text": self.env._(
                        "%(count)s slips that fell due long ago are still to be "
                        "forwarded.",
                        count=backlog,
                    ),
                    "action": False,
                }
            )
        if self._is_recount_asked():
            messages.append(
                {
                    "type": "warning",
                    "text": self.env._(
                        "The working hours have changed. Shall the open deadlines be "
                        "counted anew?"
                    ),
                    "action": "pakn_1022.transfer_recount_action",
                    "label": self.env._("Look at the changes"),
                }
            )
        return messages
