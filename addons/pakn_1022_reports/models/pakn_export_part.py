from odoo import fields, models


class PaknExportPart(models.Model):
    """A piece of an export, while it is kept.

    Of CSV a piece of the file, compressed. Of XLSX, while it is made, rows of its
    sheet, compressed; when it is ready, a piece of the file as it is. Nobody has a
    right to it: the file is for who asked for it, and is handed out by the log's token
    alone.
    """

    _name = "pakn.export.part"
    _description = "Part of an export"
    _order = "log_id, id"

    log_id = fields.Many2one(
        "pakn.export.log", required=True, index=True, ondelete="cascade"
    )
    content = fields.Binary(attachment=True, required=True)
    size = fields.Integer(required=True, help="Bytes before compression.")
