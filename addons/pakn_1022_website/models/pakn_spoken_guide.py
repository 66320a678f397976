import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MEGABYTES = 5


def sniff_audio(head):
    """Return the media type of a sound file by its first bytes, None for another."""
    if head.startswith(b"ID3") or head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return "audio/mpeg"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head[4:8] == b"ftyp" and head[8:12] in (b"M4A ", b"mp42", b"isom", b"dash"):
        return "audio/mp4"
    return None


class PaknSpokenGuide(models.Model):
    """How to send or follow a request, as one hears it (Art. 3.2.1).

    For those who read little, or no Vietnamese: a recording in a language that people
    of the province speak. The manager uploads it; who visits the page may play it.
    """

    _name = "pakn.spoken.guide"
    _description = "Spoken instructions"
    _order = "page, sequence, id"
    _rec_name = "language"

    page = fields.Selection(
        [("submit", "Send a request"), ("follow", "Follow a request")],
        required=True,
        default="submit",
    )
    # As their speakers call it, whatever language the page is in
    language = fields.Selection(
        [("vi", "Tiếng Việt"), ("jra", "Jrai"), ("bdq", "Bahnar")],
        required=True,
        default="vi",
    )
    sequence = fields.Integer(default=10)
    data = fields.Binary(string="Recording", required=True, attachment=True)
    file_name = fields.Char()
    mimetype = fields.Char(compute="_compute_mimetype", store=True)
    active = fields.Boolean(default=True)

    _page_language_unique = models.UniqueIndex(
        "(page, language) WHERE active",
        "This page has a recording in this language already.",
    )

    @api.depends("data")
    def _compute_mimetype(self):
        for guide in self.with_context(bin_size=False):
            head = base64.b64decode((guide.data or b"")[:64])
            guide.mimetype = sniff_audio(head)

    @api.constrains("data")
    def _check_data(self):
        for guide in self.with_context(bin_size=False):
            if not guide.mimetype:
                raise ValidationError(
                    self.env._("Only recordings can be taken: MP3, OGG or M4A.")
                )
            if len(guide.data) * 3 / 4 > MEGABYTES * 2**20:
                raise ValidationError(
                    self.env._("At most %s MB, please.", MEGABYTES),
                )

    @api.model
    def _get_of_page(self, page):
        """Return the recordings of a page, in sudo."""
        # sudo: made to be heard by everybody
        return self.sudo().search([("page", "=", page)], limit=10)
