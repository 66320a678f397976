import base64
import hashlib
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import config

from ..tools.transcript import TranscriptError, ask_service, run_command

_logger = logging.getLogger(__name__)

LISTENER = "pakn_1022_call.group_listener"
# Attempts, minutes until the second one (doubled each time)
ATTEMPTS, PAUSE = 4, 5
# Seconds for one recording, and for one turn of the job: others wait for it
SECONDS, TURN = 600, 600
BATCH = 20
# In odoo.conf, where no role of the program reaches: it is run on the server
COMMAND = "pakn_transcript_command"
URL = "pakn_1022_call.transcript_url"
LANGUAGE = "vi"


class PaknCallTranscript(models.Model):
    """What a machine heard in a recording: a draft, and no one's word (Art. 12.1).

    Made by a job with an engine in the province's own house (``tools/transcript.py``),
    if one is set. Who reads the call sees that there is one; its words are found and
    read by those alone who may hear the recording, and each reading stands in the
    record as a hearing does (:meth:`read_text`): so no list, form or export holds them.
    They go when the recording goes; their hash stays.
    """

    _name = "pakn.call.transcript"
    _description = "Transcript by a machine"
    _inherit = ["pakn.kept"]
    _order = "id desc"
    _rec_name = "call_id"

    recording_id = fields.Many2one(
        "pakn.call.recording",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    call_id = fields.Many2one(
        "pakn.call",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        [
            ("waiting", "To be made"),
            ("made", "Draft by a machine"),
            ("failed", "Not to be had"),
            ("removed", "Removed after its time"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    text = fields.Text(
        string="Draft by a machine",
        readonly=True,
        groups=fields.NO_ACCESS,
        index="trigram",
    )
    said = fields.Char(
        string="Said in the call",
        store=False,
        search="_search_said",
        groups=LISTENER,
        help="Is searched in, and shows nothing.",
    )
    sha256 = fields.Char(string="SHA-256", readonly=True)
    engine = fields.Char(string="Made by", readonly=True)
    date_made = fields.Datetime(string="Made on", readonly=True)
    reason = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(string="Next attempt", readonly=True)

    _recording_unique = models.UniqueIndex(
        "(recording_id)", "This recording has a transcript already."
    )
    _waiting_idx = models.Index("(date_next, id) WHERE state = 'waiting'")

    @api.model
    def _search_said(self, operator, value):
        if operator not in ("ilike", "like") or not value:
            return NotImplemented
        if not (self.env.su or self.env.user.has_group(LISTENER)):
            raise AccessError(
                self.env._("You have no right to hear recordings of calls.")
            )
        # sudo: found by words, not read; the right has been checked, and the rules
        # hold for what is searched
        return [("id", "in", self.sudo()._search([("text", operator, value)]))]

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def read_text(self):
        """Return what the machine heard; each reading stands in the record (Art. 12.1).

        :return: text, a draft
        :raise AccessError: the caller may not hear the recording
        :raise UserError: there is no text
        """
        self.ensure_one()
        self.check_access("read")
        self.recording_id._check_hearing()
        text = self.sudo().text  # sudo: nobody's but this way; the right is checked
        if self.state != "made" or not text:
            raise UserError(self.env._("There is no text of this recording."))
        self.recording_id._note_hearing(
            "transcript_read", self._get_particulars(), is_reading=True
        )
        return text

    def _get_particulars(self):
        """Return what stands on record of the reading of a transcript."""
        self.ensure_one()
        call_sudo = self.sudo().call_id  # sudo: the caller has been checked
        return {
            "exchange": call_sudo.provider,
            "call": call_sudo.call_id,
            "sha256": self.sha256,
        }

    # ------------------------------------------------------------
    # THE ENGINE
    # ------------------------------------------------------------

    @api.model
    def _get_engine(self):
        """Return ``(kind, command or address)`` of the engine, ``None`` without one.

        A command is named in ``odoo.conf`` alone, so that nobody who holds the
        administrator's account of the program runs what he or she likes on the server.
        """
        if command := (config.get(COMMAND) or "").strip():
            return "command", command
        if url := self.env["ir.config_parameter"].sudo().get_param(URL):
            return "service", url
        return None

    @api.model
    def _expect(self, recordings):
        """Have recordings that were just kept put into words, if there is an engine."""
        if not recordings or not self._get_engine():
            return
        self.create(
            [
                {"recording_id": one.id, "call_id": one.call_ids[:1].id}
                for one in recordings
            ]
        )
        self.env.ref("pakn_1022_call.ir_cron_transcribe").sudo()._trigger()

    @api.model
    def _cron_transcribe(self):
        """Make what waits, one by one, for ten minutes at most."""
        engine = self._get_engine()
        if not engine:
            return
        now = fields.Datetime.now()
        domain = [
            ("state", "=", "waiting"),
            "|",
            ("date_next", "=", False),
            ("date_next", "<=", now),
        ]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for transcript in self.search(
            domain, order="date_next NULLS FIRST, id", limit=BATCH
        ):
            locked = transcript.try_lock_for_update()
            if not locked or locked.state != "waiting":
                continue
            sound = locked._begin()
            # No transaction is open while the engine works; killed meanwhile, it is
            # this one's turn again later
            cron._commit_progress()
            locked._make(engine, sound)
            left = cron._commit_progress(1)
            if not left or (fields.Datetime.now() - now).total_seconds() > TURN:
                break

    def _begin(self):
        """Note an attempt, and when the next one is due; return ``(bytes, type)``."""
        self.ensure_one()
        pause = timedelta(seconds=SECONDS, minutes=PAUSE * 2**self.attempts)
        self.write(
            {
                "attempts": self.attempts + 1,
                "date_next": fields.Datetime.now() + pause,
            }
        )
        # sudo: the sound is nobody's by right; the job alone comes here
        audio_sudo = (
            self.env["pakn.call.audio"]
            .sudo()
            .search([("recording_id", "=", self.recording_id.id)], limit=1)
        )
        data = audio_sudo.with_context(bin_size=False).data
        return base64.b64decode(data or b""), self.recording_id.mimetype or ""

    def _make(self, engine, sound):
        """Have the engine hear a sound, and keep its words or why there are none."""
        self.ensure_one()
        kind, where = engine
        data, mimetype = sound
        seconds = self.env["ir.config_parameter"]._get_typed(
            "pakn_1022_call.transcript_seconds", SECONDS
        )
        try:
            if not data:
                raise TranscriptError("gone")
            if kind == "command":
                text = run_command(where, data, mimetype, seconds)
            else:
                text = ask_service(where, data, mimetype, LANGUAGE, seconds)
        except TranscriptError as error:
            _logger.info("transcript %s: %s", self.id, error)
            is_over = self.attempts >= ATTEMPTS or str(error) in ("silence", "gone")
            self.write(
                {
                    "state": "failed" if is_over else "waiting",
                    "reason": str(error)[:100],
                }
            )
            return
        if self.recording_id.state != "kept":
            # Removed while the engine worked
            self.write({"state": "removed", "date_next": False})
            return
        self.write(
            {
                "state": "made",
                "text": text,
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
                "engine": kind,
                "date_made": fields.Datetime.now(),
                "date_next": False,
                "reason": False,
            }
        )

    def _remove(self):
        """Take the words away with the sound; their hash stays."""
        self.write({"state": "removed", "text": False, "date_next": False})

    def action_make_again(self):
        """Put what could not be made in line once more."""
        self.check_access("read")
        if not self.env.user.has_group("pakn_1022.group_manager"):
            raise AccessError(self.env._("This is the administrator's to do."))
        failed = self.filtered(lambda transcript: transcript.state == "failed")
        # sudo: transcripts have no other writers
        failed.sudo().write({"state": "waiting", "attempts": 0, "date_next": False})
        self.env.ref("pakn_1022_call.ir_cron_transcribe").sudo()._trigger()
        return True
