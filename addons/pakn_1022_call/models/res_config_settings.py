from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.transcript import TranscriptError, find_house_address
from .pakn_call_back import PAUSE, TRIES
from .pakn_call_recording import DAYS, FORM
from .pakn_call_seat import WRAP_UP
from .pakn_call_transcript import URL


class ResConfigSettings(models.TransientModel):
    """What the province sets of its telephone."""

    _inherit = "res.config.settings"

    pakn_call_recording_days = fields.Integer(
        string="Days for which recordings are kept",
        config_parameter="pakn_1022_call.recording_days",
        default=DAYS,
    )
    pakn_call_tries = fields.Integer(
        string="Tries to call back",
        config_parameter="pakn_1022_call.tries",
        default=TRIES,
    )
    pakn_call_try_pause = fields.Integer(
        string="Minutes between two tries",
        config_parameter="pakn_1022_call.try_pause_minutes",
        default=PAUSE,
    )
    pakn_call_wrap_up = fields.Integer(
        string="Seconds after a call",
        config_parameter="pakn_1022_call.wrap_up_seconds",
        default=WRAP_UP,
    )
    pakn_call_recording_form = fields.Selection(
        [
            ("original", "As the exchange gives them"),
            ("opus", "In less room (Ogg Opus)"),
        ],
        string="Recordings are kept",
        config_parameter=FORM,
        default="original",
    )
    pakn_call_transcript_url = fields.Char(
        string="Address of the speech-to-text service", config_parameter=URL
    )

    @api.constrains("pakn_call_transcript_url")
    def _check_pakn_call_transcript_url(self):
        for settings in self.filtered("pakn_call_transcript_url"):
            try:
                find_house_address(settings.pakn_call_transcript_url)
            except TranscriptError as error:
                raise ValidationError(
                    self.env._(
                        "Recordings are heard by a machine in the house alone: the "
                        "address is http:// or https:// of this server or a private "
                        "network (%s).",
                        settings.pakn_call_transcript_url,
                    )
                ) from error

    @api.constrains(
        "pakn_call_recording_days",
        "pakn_call_tries",
        "pakn_call_try_pause",
        "pakn_call_wrap_up",
    )
    def _check_pakn_call(self):
        for settings in self:
            if (
                settings.pakn_call_tries < 1
                or min(
                    settings.pakn_call_recording_days,
                    settings.pakn_call_try_pause,
                    settings.pakn_call_wrap_up,
                )
                < 0
            ):
                raise ValidationError(
                    self.env._(
                        "These numbers are not negative; one tries at least once."
                    )
                )
