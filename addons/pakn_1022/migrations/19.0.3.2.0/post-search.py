"""Fill in the words that requests of before are found by."""

from odoo import SUPERUSER_ID, api

BATCH = 1000


def migrate(cr, version):
    if not version:
        return
    tickets = api.Environment(cr, SUPERUSER_ID, {})["pakn.ticket"]
    names = ("search_text", "search_all")
    last = 0
    while True:
        batch = tickets.search([("id", ">", last)], order="id", limit=BATCH)
        if not batch:
            return
        last = batch[-1].id
        for name in names:
            tickets.env.add_to_compute(tickets._fields[name], batch)
        tickets.flush_model(names)
        # A million at once would not fit into memory
        tickets.env.invalidate_all()
