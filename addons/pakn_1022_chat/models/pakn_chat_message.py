import logging
import textwrap
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools.province import to_local

from ..tools import outfile
from ..tools.gateway import (
    BROKEN,
    NO_ANSWER,
    NO_CONNECTION,
    OutFile,
    Outgoing,
    Result,
)

_logger = logging.getLogger(__name__)

# Minutes between attempts: doubled up to the last
ATTEMPTS, FIRST_PAUSE, LAST_PAUSE = 6, 1, 60
# Characters of a message that all doors take
LENGTH = 1900
# So often a step is done over beside others who write in the same conversation
BUSY = 20
# First number of the lock under which one process sends for an account
LOCK = 1022_0019


def split_text(text, length=LENGTH):
    """Return a text in pieces that doors take, each of which says something.

    Between words, so that codes and addresses stay whole.
    """
    pieces = textwrap.wrap(
        text,
        length,
        expand_tabs=False,
        replace_whitespace=False,
        drop_whitespace=False,
        break_on_hyphens=False,
    )
    return [piece for piece in pieces if piece.strip()]


class PaknChatMessage(models.Model):
    """A message of a conversation, in or out, and what became of it.

    What goes out is claimed and committed before it is handed over: a process that dies
    in between leaves it claimed, and whoever sends next calls it unclear instead of
    sending it twice. Within a conversation what was said first goes first.
    """

    _name = "pakn.chat.message"
    _description = "Chat message"
    _order = "id desc"
    _rec_name = "outside_id"

    channel_id = fields.Many2one(
        "discuss.channel",
        string="Conversation",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_id = fields.Many2one(
        "pakn.chat.account", required=True, readonly=True, ondelete="restrict"
    )
    direction = fields.Selection(
        [("in", "From the citizen"), ("out", "To the citizen")],
        required=True,
        readonly=True,
    )
    outside_id = fields.Char(string="Number at the door", readonly=True)
    message_id = fields.Many2one(
        "mail.message", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    notice_id = fields.Many2one(
        "pakn.notice", readonly=True, index="btree_not_null", ondelete="set null"
    )
    text = fields.Text(readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="File",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="It goes out in place of words.",
    )
    words = fields.Text(string="Said", compute="_compute_words", compute_sudo=True)
    is_person = fields.Boolean(string="Written by a person", readonly=True)
    state = fields.Selection(
        [
            ("received", "Received"),
            ("waiting", "Waiting"),
            ("sending", "On its way"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("read", "Read"),
            ("failed", "Failed"),
            ("unclear", "Unclear"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(string="Not before", readonly=True)
    date_sent = fields.Datetime(string="Sent on", readonly=True)

    _outside_unique = models.UniqueIndex(
        "(account_id, outside_id) WHERE outside_id IS NOT NULL"
    )
    _open_idx = models.Index(
        "(account_id, channel_id, id) WHERE state IN ('waiting', 'sending')"
    )
    # What jobs of the night go through, one day after another
    _date_idx = models.Index("(create_date, id)")

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    @api.depends("text", "message_id")
    def _compute_words(self):
        for message in self:
            # What came stands in Discuss alone
            message.words = message.text or message.message_id.preview

    def _pakn_write_down(self):
        """Return these messages as plain text, a line each, with who and when."""
        who = {
            "in": self.env._("Citizen"),
            "person": self.env._("Operator"),
            "helper": self.env._("Automatic helper"),
        }
        lines = []
        for message in self:
            kind = "person" if message.is_person else "helper"
            name = who["in" if message.direction == "in" else kind]
            moment = to_local(message.create_date).strftime("%H:%M %d/%m/%Y")
            lines.append(f"{moment} · {name}: {message.words or '-'}")
        return "\n".join(lines)

    # ------------------------------------------------------------
    # IN
    # ------------------------------------------------------------

    @api.model
    def _claim(self, channel, outside_id):
        """Note that a message came, once; return it, empty if it was known.

        Of two that bring the same one at the same moment, one waits and then finds it.
        """
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """INSERT INTO pakn_chat_message (channel_id, account_id, direction,
                          outside_id, state, create_uid, create_date, write_uid,
                          write_date)
                   VALUES (%s, %s, 'in', %s, 'received', %s, %s, %s, %s)
                   ON CONFLICT (account_id, outside_id) WHERE outside_id IS NOT NULL
                   DO NOTHING RETURNING id""",
                *(channel.id, channel.pakn_account_id.id, outside_id[:200]),
                *(self.env.uid, now, self.env.uid, now),
            )
        )
        row = self.env.cr.fetchone()
        return self.browse(row)

    # ------------------------------------------------------------
    # OUT
    # ------------------------------------------------------------

    @api.model
    def _queue(
        self, channel, text, message=None, notice=None, is_person=False, files=()
    ):
        """Put a message into the queue of its conversation, and wake the job.

        :param files: ``ir.attachment`` that go out after the words, checked before by
            ``pakn.chat.account``
        :return: the message, the last of several where doors take none so long
        """
        pieces = split_text(text)
        parts = [{"text": piece} for piece in pieces or ([] if files else [text])]
        parts += [{"text": f"📎 {one.name}", "attachment_id": one.id} for one in files]
        queued = self.create(
            [
                {
                    "channel_id": channel.id,
                    "account_id": channel.pakn_account_id.id,
                    "direction": "out",
                    "message_id": message and message.id,
                    "is_person": is_person,
                    "state": "waiting",
                    **part,
                }
                for part in parts
            ]
        )
        queued[-1].notice_id = notice
        self._wake()
        return queued[-1]

    @api.model
    def _wake(self, date=None):
        self.env.ref("pakn_1022_chat.ir_cron_send").sudo()._wake(date)

    @api.model
    def _cron_send(self):
        """Send what waits, account by account, one process for each."""
        for account in self.env["pakn.chat.account"].search(
            [("kind", "in", list(self.env["pakn.chat.account"]._get_gateways()))],
            limit=100,
        ):
            # A cursor of its own: the lock outlives the commits, and a dead process
            with self.env.registry.cursor() as cr:
                cr.execute(
                    "SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCK, account.id)
                )
                if cr.fetchone()[0]:
                    self._try_to_send_all(account)
        [[date]] = self._read_group(
            [("state", "=", "waiting"), ("date_next", "!=", False)],
            [],
            ["date_next:min"],
        )
        if date:
            self._wake(max(date, fields.Datetime.now() + timedelta(seconds=1)))

    @api.model
    def _try_to_send_all(self, account):
        """Send for one account; what stops it stops no other door."""
        try:
            self._send_all(account)
        except Exception:
            _logger.exception("chat account %s: sending stopped", account.id)
            self.env.cr.rollback()
            self._wake(fields.Datetime.now() + timedelta(minutes=FIRST_PAUSE))

    @api.model
    def _send_all(self, account):
        """Send for one account, in the order of each conversation; under its lock."""
        # Nobody else sends for it: what is on its way was a dead process's
        lost = self.search([("account_id", "=", account.id), ("state", "=", "sending")])
        for message in lost:
            result = Result(
                "unclear", reason=self.env._("The server stopped meanwhile.")
            )
            message._commit_step(message._note_result, result)
        gateway = account._open_gateway()
        while True:
            messages = self._find_first(account)
            if not messages:
                return
            for message in messages:
                if not message._send(gateway):
                    self._wake()
                    return

    @api.model
    def _find_first(self, account):
        """Return the first message of each conversation that may go now."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM (
                       SELECT DISTINCT ON (channel_id) id, date_next
                         FROM pakn_chat_message
                        WHERE account_id = %s AND state IN ('waiting', 'sending')
                        ORDER BY channel_id, id) AS first
                    WHERE date_next IS NULL OR date_next <= %s
                    ORDER BY id LIMIT 100""",
                account.id,
                fields.Datetime.now(),
            )
        )
        return self.browse(row[0] for row in rows)

    def _send(self, gateway):
        """Claim, commit, hand over, commit; return whether there is time for more."""
        self.ensure_one()
        outgoing, has_time = self._commit_step(self._claim_to_send)
        if not outgoing:
            return has_time
        try:
            result = self._say_result(gateway.send(outgoing))
        except Exception:
            _logger.exception("chat message %s: the gateway failed", self.id)
            result = Result("unclear", reason=self.env._("An error of the program."))
        _nothing, has_time = self._commit_step(self._note_result, result)
        return has_time

    def _claim_to_send(self):
        """Claim this message; return what the gateway is handed, if it may go."""
        if not self._can_go():
            reason = self.channel_id._pakn_get_shut_reason()
            self._note_result(Result("shut", reason=reason))
            return None
        try:
            outgoing = self._prepare_outgoing()
        except FileNotFoundError:
            reason = self.env._("The file cannot be read any more.")
            self._note_result(Result("failed", reason=reason))
            return None
        self.write({"state": "sending", "attempts": self.attempts + 1})
        return outgoing

    def _commit_step(self, step, *args):
        """Do a step and commit it, and over again where others were faster.

        Somebody writes in the conversation, or acts on the request: what was handed
        over is not called unclear for that, and the job does not stop.

        :return: ``(what the step gave, whether there is time for more)``
        """
        for left in reversed(range(BUSY)):
            try:
                return step(*args), self.env["ir.cron"]._commit_progress(1)
            except OperationalError:
                self.env.cr.rollback()
                if not left:
                    raise
        raise RuntimeError("unreachable")

    def _can_go(self):
        """Return whether the door lets this message through now."""
        return self.channel_id._pakn_is_open(self.is_person)

    def _prepare_outgoing(self):
        """Return what the gateway is handed."""
        return Outgoing(
            self.channel_id.pakn_outside_id,
            self.text,
            self.is_person,
            self._read_file(),
        )

    def _read_file(self):
        """Return the :class:`~..tools.gateway.OutFile` of a message that is one."""
        # sudo: whoever's transaction it is; the operator attached it
        file = self.sudo().attachment_id
        if not file:
            return None
        data = file.raw or b""
        mimetype = outfile.get_type(data)
        if mimetype not in outfile.NAMES:
            raise FileNotFoundError(file.name)
        return OutFile(outfile.make_name(file.name, mimetype), mimetype, data)

    def _say_result(self, result):
        """Return a result that says in a sentence why it was not sent.

        What the other side said itself stands behind it.
        """
        if result.state == "sent":
            return result
        door, _colon, words = result.reason.partition(": ")
        known = self._get_door_words().get(words)
        if known:
            return result._replace(reason=f"{known} ({door})")
        sentence = {
            "retry": self.env._("The message could not be handed over."),
            "shut": self.env._("The citizen cannot be written to there now."),
            "unclear": self.env._("It is unclear whether the message arrived."),
        }.get(result.state, self.env._("The message was refused."))
        return result._replace(
            reason=f"{sentence} ({result.reason})" if result.reason else sentence
        )

    @api.model
    def _get_door_words(self):
        """Return a sentence for each of the words that gateways use; a hook."""
        return {
            NO_CONNECTION: self.env._("There is no connection to it."),
            BROKEN: self.env._(
                "The connection broke off: it is unclear whether the message arrived."
            ),
            NO_ANSWER: self.env._(
                "No answer came: it is unclear whether the message arrived."
            ),
        }

    def _note_result(self, result):
        """Write what became of a message, and tell who has to know."""
        self.ensure_one()
        now = fields.Datetime.now()
        if result.state == "retry" and self.attempts < ATTEMPTS:
            pause = min(FIRST_PAUSE * 2 ** (self.attempts - 1), LAST_PAUSE)
            self.write(
                {
                    "state": "waiting",
                    "reason": result.reason,
                    "date_next": now + timedelta(minutes=pause),
                }
            )
            self.notice_id.write({"reason": result.reason})
            return
        if result.state == "sent":
            number = result.outside_id or False
            if number and self.search_count(
                [("account_id", "=", self.account_id.id), ("outside_id", "=", number)],
                limit=1,
            ):
                number = False  # a door that gives a number twice stops nothing
            self.write(
                {
                    "state": "sent",
                    "outside_id": number,
                    "reason": False,
                    "date_sent": now,
                }
            )
            self.notice_id._settle("sent")
            self.channel_id._pakn_show_window()
            return
        if result.state == "shut":
            self.channel_id._pakn_shut(result.reason)
        is_unclear = result.state == "unclear"
        self.write(
            {"state": "unclear" if is_unclear else "failed", "reason": result.reason}
        )
        if self.notice_id:
            self.notice_id._fail(result.reason, is_unclear=is_unclear)
        elif self.is_person or is_unclear:
            self.channel_id._pakn_note(
                self.env._(
                    "It is unclear whether this arrived: “%(text)s” (%(reason)s)",
                    text=self.text[:80],
                    reason=result.reason,
                )
                if is_unclear
                else self.env._(
                    "This did not arrive: “%(text)s” (%(reason)s). Please call, or "
                    "send an SMS.",
                    text=self.text[:80],
                    reason=result.reason,
                )
            )

    @api.model
    def _get_counted_domain(self):
        """Return which messages a door counts among those that are free of charge."""
        return [
            ("direction", "=", "out"),
            ("state", "in", ("sent", "delivered", "read")),
        ]

    @api.model
    def _note_seen(self, account, outside_ids, state):
        """Note that messages of ours arrived or were read; a later word loses none."""
        order = ("sent", "delivered", "read")
        found = self.search(
            [
                ("account_id", "=", account.id),
                ("direction", "=", "out"),
                ("outside_id", "in", list(outside_ids)),
                ("state", "in", order[: order.index(state)]),
            ]
        )
        found.state = state
        found.notice_id._settle(state)
