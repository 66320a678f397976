import re
from collections import defaultdict

from odoo import api, models
from odoo.tools import html2plaintext

from odoo.addons.pakn_1022.models.pakn_ticket_citizen import (
    CITIZEN_FIELDS,
    show_citizen,
)
from odoo.addons.pakn_1022.tools.phone import format_phone
from odoo.addons.pakn_1022.tools.province import GRADES, to_local

from ..tools.export_file import TEXTS
from ..tools.figures import LEVELS
from ..tools.plain_text import get_simple_text

CITIZEN_GROUPS = (
    "pakn_1022.group_operator",
    "pakn_1022.group_unit_focal",
    "pakn_1022.group_unit_head",
    "pakn_1022.group_provincial_office",
)
# Most of the numbers, which need not be looked up one by one
_MOBILE = re.compile(r"\+84([35789]\d\d)(\d{3})(\d{3})")
# Columns of the request's table that a row is made of
READ = (
    "name",
    "date_received",
    "channel_id",
    "category_id",
    "area_id",
    "title",
    "description",
    "state",
    "unit_id",
    "date_result",
    "date_done",
    "result",
    "reject_guidance",
    "was_overdue",
    "rating_last_value",
)


class PaknExportRows(models.AbstractModel):
    """What stands in the rows of an export (Art. 12.1), request by request.

    Needs nothing; gives ``_get_rows``. Everything is read in the environment of the
    requests that are handed over: their user's rights, their language.
    """

    _name = "pakn.export.rows"
    _description = "Rows of an export"

    @api.model
    def _get_rows(self, tickets):
        """Return the rows of requests, oldest first, in the reader's rights.

        Those that the reader may not read are left out; personal data are masked where
        the reader may not know the citizen (``pakn_ticket_citizen.py``), and hidden in
        what people wrote. The values come from the database as they are, for making
        records of them takes longer than all else.

        :return: lists of values by ``tools/export_file.COLUMNS``; moments are naive,
            of Gia Lai
        """
        query = tickets._search([("id", "in", tickets.ids)], order="id")
        found = _select(tickets, query, "id", *READ)
        tickets = tickets.browse([row["id"] for row in found])
        known = tickets._filter_citizen_known()
        citizens = self._get_citizens(tickets, known)
        names = {
            name: _get_names(tickets, name, {row[name] for row in found})
            for name in ("channel_id", "category_id", "area_id", "unit_id")
        }
        results = self._get_results(tickets)
        recordings = self._get_recordings(tickets)
        states = dict(tickets._fields["state"]._description_selection(tickets.env))
        rows = []
        for row in found:
            levels = results[row["id"]]
            rows.append(
                [
                    row["name"],
                    *citizens[row["id"]],
                    _local(row["date_received"]),
                    names["channel_id"].get(row["channel_id"], ""),
                    names["category_id"].get(row["category_id"], ""),
                    names["area_id"].get(row["area_id"], ""),
                    row["title"] or "",
                    _plain(row["description"]),
                    states[row["state"]],
                    names["unit_id"].get(row["unit_id"], ""),
                    _local(row["date_result"] or row["date_done"]),
                    _plain(row["result"] or row["reject_guidance"]),
                    *("\n".join(levels[key]) for key in LEVELS),
                    "Có" if row["was_overdue"] else "",
                    GRADES.get(round(row["rating_last_value"] or 0), ""),
                    "\n".join(recordings[row["id"]]),
                ]
            )
        self._redact_rows(tickets, rows, known)
        return rows

    @api.model
    def _redact_rows(self, tickets, rows, known):
        """Hide in the texts who the citizen is, where the reader may not know them.

        :param rows: one for each of the requests, changed in place
        :param known: those whose citizen the reader may know
        """
        known = set(known._ids)
        cells = [
            (number, row, column)
            for number, row in zip(tickets._ids, rows, strict=True)
            if number not in known
            for column in TEXTS
            if row[column]
        ]
        hidden = tickets.browse([number for number, _row, _column in cells])._redact(
            [row[column] for _number, row, column in cells]
        )
        for (_number, row, column), text in zip(cells, hidden, strict=True):
            row[column] = text

    @api.model
    def _get_citizens(self, tickets, known):
        """Return ``{id: (name, phone, address)}`` as the reader may know them."""
        known = set(known._ids)
        shown = ("citizen_name", "citizen_phone", "citizen_address")
        shown = [CITIZEN_FIELDS[name] for name in shown]
        tickets_sudo = tickets.sudo()  # sudo: what is shown of them is decided here
        query = tickets_sudo._search([("id", "in", tickets.ids)])
        columns = [column for column, _mask in shown]
        citizens = {}
        for row in _select(tickets_sudo, query, "id", "secrecy", *columns):
            name, phone, address = (
                show_citizen(row[column], mask, row["id"] in known, row["secrecy"])
                or ""
                for column, mask in shown
            )
            citizens[row["id"]] = [name, _dial(phone), address]
        return citizens

    @api.model
    def _get_results(self, tickets):
        """Return ``{id: {level: [unit and what it answered]}}``, oldest first."""
        slips = tickets.env["pakn.transfer"]
        query = slips._search(
            [("ticket_id", "in", tickets.ids), ("state", "=", "answered")], order="id"
        )
        found = _select(slips, query, "ticket_id", "unit_id", "level", "result")
        units = _get_names(tickets, "unit_id", {row["unit_id"] for row in found})
        results = defaultdict(lambda: defaultdict(list))
        for row in found:
            text = f"{units[row['unit_id']]}: {_plain(row['result'])}"
            results[row["ticket_id"]][row["level"]].append(text)
        return results

    @api.model
    def _get_recordings(self, tickets):
        """Return ``{id: [addresses of sound files]}``."""
        recordings = defaultdict(list)
        wanted = set(tickets.ids)
        # sudo: ir.attachment - only that there are some; the address asks for the right
        files_sudo = tickets.env["ir.attachment"].sudo()
        files_sudo = files_sudo.search_fetch(
            [("pakn_ticket_ids", "in", tickets.ids), ("mimetype", "=like", "audio/%")],
            ["pakn_ticket_ids"],
        )
        base = files_sudo and files_sudo[0].get_base_url()
        for file_sudo in files_sudo:
            for number in wanted.intersection(file_sudo.pakn_ticket_ids.ids):
                recordings[number].append(f"{base}/web/content/{file_sudo.id}")
        return recordings


def _select(model, query, *names):
    """Return ``{column: value}`` of each record that a query of a model finds."""
    columns = [model._field_to_sql(query.table, name, query) for name in names]
    found = model.env.execute_query(query.select(*columns))
    return [dict(zip(names, row, strict=True)) for row in found]


def _get_names(tickets, field, ids):
    """Return ``{id: name}`` of what a field of the requests refers to."""
    records = tickets[field].browse(filter(None, ids))
    name = "complete_name" if field == "category_id" else "name"
    return {record.id: record[name] or "" for record in records}


def _dial(number):
    """Return a number as people here dial it: no spreadsheet takes it for a sum."""
    found = _MOBILE.fullmatch(number)
    return f"0{' '.join(found.groups())}" if found else format_phone(number)


def _local(moment):
    return moment and to_local(moment)


def _plain(html):
    if not html:
        return ""
    text = get_simple_text(html)
    if text is None:
        text = html2plaintext(html, include_references=False).strip()
    return text
