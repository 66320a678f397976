from odoo import fields, models


class PaknCallAudio(models.Model):
    """The sound of a recording, by itself so that nobody has a right to it.

    It is heard through ``pakn.call.recording`` alone, which asks for the right and
    notes each hearing; even an administrator finds no file of it.
    """

    _name = "pakn.call.audio"
    _description = "Sound of a recording"

    recording_id = fields.Many2one(
        "pakn.call.recording", required=True, index=True, ondelete="restrict"
    )
    data = fields.Binary(attachment=True, required=True)
