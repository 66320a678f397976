from odoo import fields, models


class PaknArchivePart(models.Model):
    """One package of an archive: a ZIP of some of its requests."""

    _name = "pakn.archive.part"
    _description = "Package of an archive"
    _order = "archive_id, number"
    _rec_name = "file_name"

    archive_id = fields.Many2one(
        "pakn.archive", required=True, readonly=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True, readonly=True)
    file_name = fields.Char(string="File name", required=True, readonly=True)
    content = fields.Binary(string="Package", readonly=True)
    count = fields.Integer(string="Requests", readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)

    _number_unique = models.UniqueIndex("(archive_id, number)")
