import base64
import hashlib
import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from odoo.addons.pakn_1022.tools.province import TIMEZONE

from ..tools.encoding import OPUS, to_opus
from ..tools.recording import SIZE_LIMIT, FetchError, fetch
from ..tools.waveform import make_peaks

_logger = logging.getLogger(__name__)

LISTENER = "pakn_1022_call.group_listener"
# Attempts to fetch, minutes before the second one (doubled each time)
ATTEMPTS, PAUSE = 8, 1
# Days for which recordings are kept
DAYS = 730
BATCH = 50
# As what recordings are kept: ``original`` or ``opus``
FORM = "pakn_1022_call.recording_form"


class PaknCallRecording(models.Model):
    """The recording of a call (Art. 12.1): fetched by a job, heard by right.

    ``waiting`` to be fetched, ``kept``, ``failed``, or ``removed`` after its time; its
    hash stays, and stands in the record of the call's requests from the moment it was
    kept. Who reads the call reads this; the sound itself is in ``pakn.call.audio``.
    """

    _name = "pakn.call.recording"
    _description = "Recording of a call"
    _inherit = ["pakn.kept"]
    _order = "id desc"
    _rec_name = "sha256"

    call_ids = fields.One2many("pakn.call", "recording_id", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "To be fetched"),
            ("kept", "Kept"),
            ("failed", "Not to be had"),
            ("removed", "Removed after its time"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    # Addresses of vendors may hold keys
    address = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    reason = fields.Char(readonly=True)
    note = fields.Char(
        string="What is the matter with it", compute="_compute_note", compute_sudo=True
    )
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(string="Next attempt", readonly=True)
    date_kept = fields.Datetime(string="Kept since", readonly=True)
    date_removed = fields.Datetime(string="Removed on", readonly=True)
    mimetype = fields.Char(string="Type", readonly=True)
    size = fields.Integer(string="Bytes", readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    original_sha256 = fields.Char(
        string="SHA-256 of the exchange's file",
        readonly=True,
        help="Where the sound was put into another form before it was kept.",
    )
    peaks = fields.Char(
        string="Waveform",
        readonly=True,
        groups=LISTENER,
        help="How loud each two-hundredth of it is, in hexadecimal digits.",
    )
    transcript_ids = fields.One2many(
        "pakn.call.transcript", "recording_id", readonly=True
    )
    hearing_ids = fields.One2many("pakn.call.hearing", "recording_id", readonly=True)
    can_hear = fields.Boolean(compute="_compute_can_hear")

    _waiting_idx = models.Index("(date_next, id) WHERE state = 'waiting'")
    _kept_idx = models.Index("(date_kept, id) WHERE date_kept IS NOT NULL")

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_can_hear(self):
        may_hear = self.env.user.has_group(LISTENER)
        for recording in self:
            recording.can_hear = may_hear and recording.state == "kept"

    @api.depends("state", "reason", "date_next")
    def _compute_note(self):
        for recording in self:
            if recording.state == "removed":
                note = self.env._("Its time is over: the sound was removed.")
            elif recording.reason:
                note = self._explain(recording.reason)
            elif recording.state == "waiting":
                note = self.env._("It is being fetched from the exchange.")
            else:
                note = False
            if recording.state == "waiting" and recording.date_next and note:
                note = self.env._(
                    "%(note)s It is tried again at %(time)s.",
                    note=note,
                    time=format_datetime(
                        self.env,
                        recording.date_next,
                        tz=TIMEZONE,
                        dt_format="HH:mm dd/MM/yyyy",
                    ),
                )
            recording.note = note

    @api.model
    def _explain(self, reason):
        """Return in a sentence why a recording is not there, or not whole."""
        known = {
            "empty": self.env._("The exchange's file holds no sound."),
            "unfinished": self.env._(
                "The exchange never finished this file: its end may be missing."
            ),
            "unreadable": self.env._("The exchange's file is damaged."),
            "not_audio": self.env._("What the exchange gave is no sound."),
            "size": self.env._("The exchange's file is too large."),
            "time": self.env._("The exchange took too long."),
            "TimeoutError": self.env._("The exchange took too long."),
            "incomplete": self.env._("The file came only in part."),
            "IncompleteRead": self.env._("The file came only in part."),
            "address": self.env._("The exchange named no file that can be fetched."),
            "private": self.env._(
                "The exchange named an address within the network that is not its own."
            ),
            "host": self.env._("The exchange's host is not found."),
            "status 401": self.env._("The exchange refuses to give it."),
            "status 403": self.env._("The exchange refuses to give it."),
            "status 404": self.env._("The exchange does not have this file."),
            "status 410": self.env._("The exchange has this file no more."),
        }
        return known.get(reason) or self.env._(
            "It could not be fetched from the exchange (%s).", reason
        )

    # ------------------------------------------------------------
    # FETCHING
    # ------------------------------------------------------------

    @api.model
    def _expect(self, names):
        """Have recordings of calls fetched soon.

        :param dict names: ``{call: address or file as the exchange names it}``
        """
        wanted = {call: name for call, name in names.items() if not call.recording_id}
        if not wanted:
            return
        recordings = self.create([{"address": name} for name in wanted.values()])
        for call, recording in zip(wanted, recordings, strict=True):
            call.recording_id = recording
        self.env.ref("pakn_1022_call.ir_cron_fetch_recordings").sudo()._trigger()

    @api.model
    def _cron_fetch(self):
        """Fetch what waits, one by one, each committed."""
        now = fields.Datetime.now()
        cron = self.env["ir.cron"]
        domain = [
            ("state", "=", "waiting"),
            "|",
            ("date_next", "=", False),
            ("date_next", "<=", now),
        ]
        cron._commit_progress(remaining=self.search_count(domain))
        for recording in self.search(
            domain, order="date_next NULLS FIRST, id", limit=BATCH
        ):
            locked = recording.try_lock_for_update()
            if locked and locked.state == "waiting":
                locked._try_to_fetch()
            if not cron._commit_progress(1):
                break

    def _try_to_fetch(self):
        """Fetch this recording; one that breaks the program keeps no other waiting."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._fetch()
        except OperationalError:
            raise  # somebody else is at the same call: the job begins anew
        except Exception as error:
            _logger.exception("recording %s cannot be kept", self.id)
            self._note_failure(FetchError(type(error).__name__))

    def _fetch(self):
        """Fetch this recording, or say why it cannot be had and when to try again."""
        self.ensure_one()
        account = self.call_ids.account_id[:1]
        address = account._get_recording_address(self.address or "")
        get_typed = self.env["ir.config_parameter"]._get_typed
        size = get_typed("pakn_1022_call.recording_bytes", SIZE_LIMIT)
        try:
            if not address:
                raise FetchError("address", is_final=True)
            found = fetch(address, account._get_own_hosts(), size)
        except FetchError as error:
            # The address may hold a key, so it stands in no log
            _logger.info("recording %s: %s", self.id, error)
            self._note_failure(error)
            return
        self._keep(found.data, found.mimetype)

    def _note_failure(self, error):
        """Try again later, or keep what there is, or give it up."""
        attempts = self.attempts + 1
        is_lost = error.is_final or attempts >= ATTEMPTS
        if is_lost and error.recording:
            # What there is of it is better than nothing, and is said to be that
            self._keep(*error.recording)
            self.reason = str(error)
            return
        pause = timedelta(minutes=PAUSE * 2 ** (attempts - 1))
        self.write(
            {
                "state": "failed" if is_lost else "waiting",
                "attempts": attempts,
                "reason": str(error)[:100],
                "date_next": fields.Datetime.now() + pause,
            }
        )

    def _keep(self, data, mimetype):
        """Keep the sound, its hash on record of each request of the call.

        By setting it is kept in less room (Ogg Opus); the hash of what the exchange
        gave then stands beside that of what is kept.
        """
        self.ensure_one()
        original, peaks = False, make_peaks(data)
        form = self.env["ir.config_parameter"]._get_typed(FORM, "original")
        if form == "opus" and (opus := to_opus(data)):
            original = hashlib.sha256(data).hexdigest()
            data, mimetype = opus, OPUS
        # sudo: the sound is nobody's by right
        self.env["pakn.call.audio"].sudo().create(
            {"recording_id": self.id, "data": base64.b64encode(data)}
        )
        self.write(
            {
                "state": "kept",
                "reason": False,
                "attempts": self.attempts + 1,
                "date_next": False,
                "date_kept": fields.Datetime.now(),
                "mimetype": mimetype,
                "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "original_sha256": original,
                "peaks": peaks or False,
            }
        )
        self.env["pakn.call.transcript"]._expect(self)
        self.call_ids.ticket_ids._log_event("recorded", payload=self._get_particulars())

    def _get_particulars(self):
        """Return what stands on record of a recording."""
        self.ensure_one()
        call = self.call_ids[:1]
        particulars = {
            "exchange": call.provider,
            "call": call.call_id,
            "sha256": self.sha256,
            "size": self.size,
        }
        if self.original_sha256:
            particulars["original_sha256"] = self.original_sha256
        return particulars

    def action_fetch_again(self):
        """Put what could not be had in line once more."""
        self.check_access("read")
        if not self.env.user.has_group("pakn_1022.group_manager"):
            raise AccessError(self.env._("This is the administrator's to do."))
        failed = self.filtered(lambda recording: recording.state == "failed")
        # sudo: recordings have no other writers
        failed.sudo().write(
            {"state": "waiting", "attempts": 0, "date_next": False, "reason": False}
        )
        self.env.ref("pakn_1022_call.ir_cron_fetch_recordings").sudo()._trigger()
        return True

    # ------------------------------------------------------------
    # HEARING
    # ------------------------------------------------------------

    def _check_hearing(self):
        """Check that the caller may hear this recording, and read what was heard in it.

        :raise AccessError: may not
        """
        self.ensure_one()
        if not self.env.user.has_group(LISTENER):
            raise AccessError(
                self.env._("You have no right to hear recordings of calls.")
            )
        self.check_access("read")
        # The rules of the call hold: one on a secret request is the cleared's
        if not self.env["pakn.call"].search_count(
            [("recording_id", "=", self.id)], limit=1
        ):
            raise AccessError(self.env._("This call is not yours to read."))

    def _note_hearing(self, kind, particulars, is_reading=False):
        """Put on record that the caller hears this recording, or reads its transcript.

        :param str kind: of the act in the record of the call's requests
        """
        self.ensure_one()
        # sudo: whoever hears is noted
        self.env["pakn.call.hearing"].sudo().create(
            {
                "recording_id": self.id,
                "user_id": self.env.uid,
                "is_reading": is_reading,
            }
        )
        tickets = self.sudo().call_ids.ticket_ids.with_env(self.env)
        tickets._log_event(kind, payload=particulars)

    def _hear(self):
        """Note that the caller hears this recording, and return it.

        :return: ``(bytes, MIME type)``
        :raise AccessError: the caller may not hear it
        :raise UserError: it is not there
        """
        self._check_hearing()
        # sudo: the sound is nobody's by right; the right has been checked
        audio_sudo = (
            self.env["pakn.call.audio"].sudo().search([("recording_id", "=", self.id)])
        )
        if self.state != "kept" or not audio_sudo:
            raise UserError(self.env._("This recording is not there any more."))
        self._note_hearing("heard", self.sudo()._get_particulars())
        data = audio_sudo.with_context(bin_size=False).data
        return base64.b64decode(data), self.mimetype

    # ------------------------------------------------------------
    # AFTER ITS TIME
    # ------------------------------------------------------------

    @api.model
    def _cron_remove(self):
        """Remove the sound of recordings after their time; their hashes stay.

        Whoever is heard in a matter that is still handled may need to be heard again.
        """
        days = self.env["ir.config_parameter"]._get_typed(
            "pakn_1022_call.recording_days", DAYS
        )
        if days <= 0:
            return  # kept for good
        limit = fields.Datetime.now() - timedelta(days=days)
        still_open = [("date_closed", "=", False)]
        domain = [
            ("state", "=", "kept"),
            ("date_kept", "<", limit),
            ("call_ids", "not any", [("ticket_ids", "any", still_open)]),
        ]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        while recordings := self.search(domain, order="date_kept", limit=BATCH):
            recordings._remove()
            if not cron._commit_progress(len(recordings)):
                break

    def _remove(self):
        audios = self.env["pakn.call.audio"].search([("recording_id", "in", self.ids)])
        audios.unlink()
        self.transcript_ids._remove()
        self.write(
            {
                "state": "removed",
                "date_removed": fields.Datetime.now(),
                "peaks": False,
            }
        )
        for recording in self:
            recording.call_ids.ticket_ids._log_event(
                "recording_removed", payload=recording._get_particulars()
            )
