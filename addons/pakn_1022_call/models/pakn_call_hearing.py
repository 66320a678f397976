from odoo import fields, models


class PaknCallHearing(models.Model):
    """Somebody heard a recording, or read what a machine heard in it (Art. 12.1).

    Appended, never changed.
    """

    _name = "pakn.call.hearing"
    _description = "Hearing of a recording"
    _inherit = ["pakn.kept"]
    _refused = "UPDATE OR DELETE"
    _order = "id desc"
    _rec_name = "date"

    recording_id = fields.Many2one(
        "pakn.call.recording",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Heard by",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    is_reading = fields.Boolean(
        string="Transcript read",
        readonly=True,
        help="The draft by a machine was read, not the recording heard.",
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
