from odoo import fields, models


class PaknExportPart(models.Model):
    """A piece of the file of an export, while it is kept.

    Nobody has a right to it: the file is for who asked for it, and is handed out by
    the log's token alone.
    """

    _name = "pakn.export.part"
    _description = "Part of an export"
    _order = "log_id, id"

    log_id = fields.Many2one(
        "pakn.export.log", required=True, index=True, ondelete="cascade"
    )
    content = fields.Binary(attachment=True, required=True)
    size = fields.Integer(required=True, help="Bytes of the file before compression.")
    crc = fields.Char(
        required=True,
        help="CRC-32 of the file up to here, hexadecimal.",
    )
