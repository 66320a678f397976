from datetime import timedelta

from odoo import api, fields, models

# Days that a look-up stays on record
DAYS_KEPT = 730


class PaknLookupLog(models.Model):
    """One look-up: who asked which source for which code, and whether it answered.

    What it answered is not kept. Written by ``pakn.lookup`` alone, read by
    administrators; two years.
    """

    _name = "pakn.lookup.log"
    _description = "Look-up"
    _rec_name = "code"
    _order = "id desc"

    lookup_id = fields.Many2one(
        "pakn.lookup", string="Source", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    place = fields.Selection(
        [("desk", "Operator"), ("site", "Site"), ("chat", "Chat")],
        string="From",
        required=True,
        readonly=True,
    )
    code = fields.Char(required=True, readonly=True)
    phone = fields.Char(string="Proved phone", readonly=True)
    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        [
            ("found", "Found"),
            ("missing", "No such code"),
            ("down", "Source did not answer"),
            ("busy", "Source was busy"),
        ],
        string="Outcome",
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        [
            ("time", "Not in time"),
            ("address", "Its address may not be spoken to"),
            ("name", "Its host is not known"),
            ("answer", "Its answer cannot be read"),
            ("refused", "It does not know us"),
            ("operation", "It has no such operation"),
            ("status", "It answered with an error"),
            ("pause", "Left alone for a minute after failures"),
        ],
        string="Why",
        readonly=True,
    )
    is_kept = fields.Boolean(string="Of a moment ago", readonly=True)
    milliseconds = fields.Integer(readonly=True)

    _last_idx = models.Index("(lookup_id, id DESC)")

    @api.autovacuum
    def _gc_logs(self):
        limit = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        self.search([("date", "<", limit)], limit=10000).unlink()
