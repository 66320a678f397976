from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, LockError
from odoo.tools import SQL

from ..tools import province
from ..tools.ticket_code import make_code


class PaknTicketCode(models.AbstractModel):
    """The code of a request, ``GL26-000123-7``: year, running number, check digit.

    A room of ``pakn.ticket``.
    """

    _name = "pakn.ticket.code"
    _description = "Codes of requests"

    @api.model
    def _set_codes(self, vals_list):
        """Give each new request its code, in place: one query a year and batch."""
        by_year = defaultdict(list)
        for vals in vals_list:
            if self.env.su and vals.get("name", "/") != "/":
                continue
            received = fields.Datetime.to_datetime(
                vals.get("date_received") or fields.Datetime.now()
            )
            # The year is that of the province's calendar, not of UTC.
            by_year[province.to_local(received).year].append(vals)
        for year, batch in by_year.items():
            numbers = self._next_numbers(year, len(batch))
            for vals, number in zip(batch, numbers, strict=True):
                vals["name"] = make_code(year, number)

    @api.model
    def _next_numbers(self, year, count):
        """Return the next ``count`` running numbers of ``year``.

        They come from the date range of that year of the sequence ``pakn.ticket``.
        """
        numbers = self._draw_numbers(year, count)
        if not numbers:
            # sudo: ir.sequence - whoever may take in a request may number it
            sequence = self.env.ref("pakn_1022.sequence_ticket").sudo()
            try:
                sequence.lock_for_update()
            except LockError as error:
                # Somebody else opens the year right now: do it over.
                raise ConcurrencyError(str(error)) from error
            sequence._create_date_range_seq(f"{year}-01-01")
            numbers = self._draw_numbers(year, count)
        return numbers

    @api.model
    def _draw_numbers(self, year, count):
        """Return the next numbers of a year, none if the year has no range yet.

        In one statement; the names of PostgreSQL's sequences are Odoo's.
        """
        self.env["ir.sequence.date_range"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT nextval(format('ir_sequence_%%s_%%s',
                              lpad(sequence_id::text,
                                   greatest(3, length(sequence_id::text)), '0'),
                              lpad(id::text, greatest(3, length(id::text)), '0')
                          )::regclass)
                     FROM (SELECT id, sequence_id FROM ir_sequence_date_range
                            WHERE sequence_id = %s AND %s BETWEEN date_from AND date_to
                            LIMIT 1) AS range, generate_series(1, %s)""",
                self.env["ir.model.data"]._xmlid_to_res_id("pakn_1022.sequence_ticket"),
                date(year, 1, 1),
                count,
            )
        )
        return [number for [number] in rows]
