import secrets

from odoo import api, fields, models

# Where a request has files; some are of addons that need not be there
FILE_FIELDS = ("attachment_ids", "result_attachment_ids") + (
    "public_file_ids",
    "site_attachment_ids",
)


class PaknTicket(models.Model):
    """Whatever the program writes on a request is sealed (Art. 9.1): ``pakn.seal``."""

    _name = "pakn.ticket"
    _inherit = [
        "pakn.ticket.state",
        "pakn.ticket.evidence",
        "pakn.sealed",
        "pakn.ticket",
    ]

    seal_length = fields.Integer(string="Seals", compute="_compute_seal_end")
    seal_hash = fields.Char(string="Hash of the last seal", compute="_compute_seal_end")
    # Without it nobody can try which name or number a seal stands for
    seal_salt = fields.Char(groups=fields.NO_ACCESS, copy=False, procedure=True)

    signature_ids = fields.One2many(
        "pakn.signature",
        "ticket_id",
        string="Signatures on files",
        readonly=True,
        procedure=True,
    )

    def _compute_seal_end(self):
        ends = self.env["pakn.seal"]._get_ends(self.ids)
        for ticket in self:
            ticket.seal_length, ticket.seal_hash = ends.get(ticket.id, (0, False))

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        self.env["pakn.seal"]._touch("ticket", tickets.ids)
        tickets._touch_files()
        self.env["pakn.signature"]._note(tickets, tickets.transfer_ids.browse())
        return tickets

    @api.model
    def _get_columns_of_acts(self):
        return [*super()._get_columns_of_acts(), "seal_salt"]

    def _create(self, data_list):
        for data in data_list:
            data["stored"]["seal_salt"] = secrets.token_hex(16)
        return super()._create(data_list)

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        self._touch_written("ticket", vals_list)
        return result

    def write(self, vals):
        with_files = not vals.keys().isdisjoint(FILE_FIELDS)
        if with_files:
            self._touch_files()
        result = super().write(vals)
        if with_files:
            self._touch_files()
            self.env["pakn.signature"]._note(self, self.transfer_ids.browse())
        return result

    def _touch_files(self):
        """Note the files of these requests, for those that come and those that go."""
        seals = self.env["pakn.seal"]
        for ticket in self.sudo():  # sudo: which files, whoever writes
            numbers = {
                number
                for name in FILE_FIELDS
                if name in ticket._fields
                for number in ticket[name].ids
            }
            seals._touch("file", sorted(numbers), tickets=ticket.ids)
