from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .pakn_transfer_clock import NEXT_LEVEL

# Hours of work the board looks ahead, as long as a level has (Art. 11)
HOURS_AHEAD = 8
# Without the sweep for so long, the manager is told
SILENCE = timedelta(minutes=10)
LEVELS = (*NEXT_LEVEL, "province")

OPEN = [("is_open", "=", True)]
# What a level let expire in the present round of a request that is still open
MISSED = [
    ("is_overdue", "=", True),
    ("ticket_id.is_overdue", "=", True),
    ("ticket_id.open_transfer_id", "!=", False),
]


class PaknTransfer(models.Model):
    """What the monitor and the manager watch: what is due, late, and by whom."""

    _inherit = "pakn.transfer"

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
        ahead = self._get_due_domain(marks[0], marks[-1])
        tiles = {
            "open": OPEN,
            "soon": self._get_due_domain(marks[0], marks[2]),
            "ahead": ahead,
            # Also what the sweep has not come to yet
            "late": list(
                Domain(MISSED) | Domain([*OPEN, ("date_due", "<=", marks[0])])
            ),
        }
        return {
            "tiles": [
                {"key": key, **self._count_requests(domain)}
                for key, domain in tiles.items()
            ],
            "hours": [
                {
                    "from": start,
                    "to": end,
                    **self._count_requests(self._get_due_domain(start, end)),
                }
                for start, end in zip(marks, marks[1:], strict=False)
            ],
            "units": self._count_by_unit(ahead),
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
            for unit, count in self._read_group(
                domain, ["unit_id"], ["ticket_id:count_distinct"]
            ):
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
    def _count_requests(self, domain):
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
            local = self.with_context(tz=self.env.user.tz or "Asia/Ho_Chi_Minh")
            moment = fields.Datetime.context_timestamp(local, last)
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
