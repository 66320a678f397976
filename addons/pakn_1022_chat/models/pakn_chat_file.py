import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.pakn_1022.tools import outside

from ..tools import fetch

_logger = logging.getLogger(__name__)

ATTEMPTS = 4


class PaknChatFile(models.Model):
    """A picture or file of a chat: fetched by a job, never while a door waits.

    From the open internet alone, with limits of size and time, and only what its bytes
    say to be a picture, sound, film or document.
    """

    _name = "pakn.chat.file"
    _description = "Chat file"
    _order = "id desc"
    _rec_name = "name"

    channel_id = fields.Many2one(
        "discuss.channel", required=True, readonly=True, index=True, ondelete="restrict"
    )
    url = fields.Char(readonly=True, groups="base.group_system")
    name = fields.Char(readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("fetched", "Fetched"), ("failed", "Failed")],
        required=True,
        default="waiting",
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(readonly=True)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, ondelete="restrict")
    ticket_id = fields.Many2one(
        "pakn.ticket", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _waiting_idx = models.Index("(id) WHERE state = 'waiting'")

    @api.model
    def _wake(self):
        self.env.ref("pakn_1022_chat.ir_cron_fetch").sudo()._wake()

    @api.model
    def _cron_fetch(self):
        """Fetch what waits, one by one, each committed."""
        cron = self.env["ir.cron"]
        while True:
            now = fields.Datetime.now()
            ready = Domain("date_next", "=", False) | Domain("date_next", "<=", now)
            domain = Domain("state", "=", "waiting") & ready
            file = self.search(domain, order="id", limit=1).try_lock_for_update()
            if not file:
                return
            file._try_to_fetch()
            if not cron._commit_progress(1):
                self._wake()
                return

    def _try_to_fetch(self):
        """Fetch this file; one that cannot be worked off keeps no other waiting."""
        self.ensure_one()
        if not self.sudo().url:  # sudo: whether there is an address
            # Of somebody whose data was removed meanwhile
            self.state = "failed"
            return
        try:
            with self.env.cr.savepoint():
                self._fetch()
        except OperationalError:
            raise  # somebody else is at the same request: the job begins anew
        except Exception:
            _logger.exception("chat file %s cannot be taken in", self.id)
            self._note_failure(fetch.FetchError("answer", may_retry=True))

    def _fetch(self):
        self.ensure_one()
        file = self.sudo()  # sudo: the address is nobody's to read
        try:
            fetched = fetch.fetch(file.url, is_allowed=outside.is_public)
        except fetch.FetchError as error:
            file._note_failure(error)
            return
        channel = file.channel_id
        # Names from outside can hold personal data, and a lie about the type
        name = f"{self.env._('File')} {file.id}.{fetched.extension}"
        message = channel._pakn_post_as_citizen("", [(name, fetched.data)])
        attachment = message.attachment_ids
        attachment.mimetype = fetched.mimetype
        file.write(
            {"state": "fetched", "attachment_id": attachment.id, "reason": False}
        )
        channel._pakn_give_files()

    def _explain(self, kind):
        """Return in a sentence why a file was not fetched."""
        return {
            "address": self.env._("It lies at an address that is not fetched from."),
            "scheme": self.env._("Its address is none of the web."),
            "size": self.env._("It is too large."),
            "time": self.env._("The other side took too long."),
            "type": self.env._("It is no picture, sound, film or document."),
            "gone": self.env._("It is not there any more."),
            "answer": self.env._("The other side gave no proper answer."),
        }[kind]

    def _note_failure(self, error):
        """Try again some times; then tell the operators, and who sent it."""
        self.attempts += 1
        self.reason = self._explain(error.args[0])
        if error.may_retry and self.attempts < ATTEMPTS:
            pause = timedelta(minutes=2**self.attempts)
            self.date_next = fields.Datetime.now() + pause
            return
        self.state = "failed"
        channel = self.channel_id
        channel._pakn_note(
            self.env._("A file of the citizen could not be fetched: %s", self.reason)
        )
        self._tell_loss(error.args[0])

    def _tell_loss(self, kind):
        """Tell who sent it, whom the helper has thanked already; of many once."""
        channel = self.channel_id
        lang = self.env["pakn.ticket"]._get_citizen_lang()
        # The rest is between machines
        is_own = kind in ("size", "type")
        reason = self.with_context(lang=lang)._explain(kind) if is_own else ""
        texts = self.env["pakn.chat.text"]
        text = " ".join(texts._render("helper_file_lost", {"reason": reason}).split())
        domain = [
            ("channel_id", "=", channel.id),
            ("state", "=", "waiting"),
            ("text", "=", text),
        ]
        if text and not self.env["pakn.chat.message"].search_count(domain, limit=1):
            channel._pakn_say(text)
            channel._pakn_record(text, helper=True)
