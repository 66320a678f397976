import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models

from ..tools.incoming_sms import Piece, join_pieces

_logger = logging.getLogger(__name__)

# How long the pieces of a message wait for one that is missing
PIECE_MINUTES = 10
# What tells a message, or a piece of one, from another
WORDS = ("number", "text", "piece_key", "piece_number", "piece_data")


class PaknSmsReceipt(models.Model):
    """What a gateway tells: of a message of ours, or a message from a citizen.

    Kept first, worked off after, so that nothing that was confirmed to the gateway is
    lost. What fits no message of ours stays, for a human to see.
    """

    _name = "pakn.sms.receipt"
    _description = "SMS receipt"
    _order = "id desc"
    _rec_name = "reference"

    account_id = fields.Many2one("pakn.sms.account", required=True, ondelete="restrict")
    reference = fields.Char(string="Number at the gateway", readonly=True)
    uuid = fields.Char(string="Our number", readonly=True)
    outcome = fields.Selection(
        [
            ("waiting", "On its way"),
            ("delivered", "Delivered"),
            ("failed", "Not delivered"),
        ],
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    number = fields.Char(string="From", readonly=True)
    text = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("new", "New"),
            ("done", "Done"),
            ("stray", "Fits nothing"),
            ("piece", "Piece of a message"),
            ("repeated", "Came twice"),
        ],
        default="new",
        required=True,
        readonly=True,
    )
    piece_key = fields.Char(readonly=True)
    piece_number = fields.Integer(readonly=True)
    piece_count = fields.Integer(string="Pieces", readonly=True)
    piece_coding = fields.Integer(readonly=True)
    piece_data = fields.Char(readonly=True)
    is_unconfirmed = fields.Boolean(
        string="Not confirmed yet",
        readonly=True,
        help="Kept, and not surely confirmed to the gateway.",
    )
    sms_id = fields.Many2one(
        "sms.sms", string="SMS", readonly=True, ondelete="set null"
    )
    ticket_id = fields.Many2one("pakn.ticket", readonly=True, index="btree_not_null")

    _new_idx = models.Index("(id) WHERE state = 'new'")
    _unconfirmed_idx = models.Index("(account_id) WHERE is_unconfirmed")

    def _note_unconfirmed(self, before):
        """Note that a message is kept and not confirmed yet; see if it comes again.

        A message is kept first and confirmed after (SMPP 3.4, 4.6.2): what a session
        that died had not confirmed, the gateway gives once more. Rows of before are
        only read: the queue works them off at the same time.

        :param list before: ids of what this session kept so far
        """
        self.ensure_one()
        twins = self.search(
            [
                ("is_unconfirmed", "=", True),
                ("account_id", "=", self.account_id.id),
                ("id", "!=", self.id),
                *((name, "=", self[name]) for name in WORDS),
            ]
        )
        session = twins.filtered(lambda twin: twin.id in before)
        given_again = session.filtered(lambda twin: twin.state == "repeated")
        lost = (twins - session).filtered(lambda twin: twin.state != "repeated")
        if len(given_again) < len(lost):
            self.state = "repeated"
        self.is_unconfirmed = True

    @api.model
    def _process(self, limit=1000):
        """Work off what is new, in the order it came."""
        # sudo: no user writes receipts
        receipts = self.sudo().search([("state", "=", "new")], order="id", limit=limit)
        receipts = receipts.try_lock_for_update()
        inbound = receipts.filtered("number")
        pieces = inbound.filtered("piece_key")
        for receipt in (inbound - pieces | pieces._join()).sorted("id"):
            receipt._take_in_safely()
        (receipts - inbound)._settle()

    def _join(self):
        """Make one message of its pieces; return the receipts that hold one now.

        What is not whole waits some minutes for the rest. Then what is there is the
        message, and the receipt says what is missing.
        """
        limit = fields.Datetime.now() - timedelta(minutes=PIECE_MINUTES)
        joined = self.browse()
        for _sender, receipts in (
            self.sorted("id")
            .grouped(lambda receipt: (receipt.account_id, receipt.number))
            .items()
        ):
            messages = join_pieces(
                [
                    Piece(
                        bytes.fromhex(receipt.piece_data or ""),
                        receipt.piece_coding,
                        receipt.piece_key,
                        receipt.piece_number,
                        receipt.piece_count,
                    )
                    for receipt in receipts
                ],
                [receipt.create_date <= limit for receipt in receipts],
            )
            for message in messages:
                found = receipts.browse(receipts[i].id for i in message.indexes)
                found.state = "piece"
                missing = ", ".join(map(str, message.missing))
                found[0].write(
                    {
                        "text": message.text,
                        "reason": missing
                        and self.env._(
                            "Pieces %(missing)s of %(count)s did not arrive.",
                            missing=missing,
                            count=found[0].piece_count,
                        ),
                    }
                )
                joined |= found[0]
        return joined

    def _settle(self):
        """Write what became of our messages; a later word does not undo "delivered"."""
        if not self:
            return
        parts = self.env["pakn.sms.part"].search(
            [
                ("reference", "in", [r.reference for r in self if r.reference]),
                ("account_id", "in", self.account_id.ids),
            ]
        )
        by_reference = {(p.account_id, p.reference): p for p in parts}
        by_uuid = {
            sms.uuid: sms
            for sms in self.env["sms.sms"].search(
                [("uuid", "in", [r.uuid for r in self if r.uuid])]
            )
        }
        finished = self.env["sms.sms"]
        for receipt in self.sorted("id"):
            part = by_reference.get((receipt.account_id, receipt.reference))
            sms = part.sms_id if part else by_uuid.get(receipt.uuid)
            if not sms:
                receipt.state = "stray"
                continue
            receipt.write({"state": "done", "sms_id": sms.id})
            if receipt.outcome == "waiting":
                continue
            if part and not part.outcome:
                part.outcome = receipt.outcome
            outcomes = (
                set(sms.pakn_part_ids.mapped("outcome")) if part else {receipt.outcome}
            )
            unclear = sms.failure_type == "brandname_unknown"
            if sms.state in ("sent", "error") and not unclear:
                continue
            if "failed" in outcomes:
                sms._fail_delivery(receipt.reason)
            elif outcomes == {"delivered"}:
                finished |= sms
        finished._confirm_delivery()

    def _take_in_safely(self):
        """Take one in; what cannot be taken in is shown and does not hold up others."""
        try:
            with self.env.cr.savepoint():
                self._take_in()
        except OperationalError:
            # Somebody works on the same request: all of it is tried again
            raise
        except Exception:
            _logger.exception("SMS received %s could not be taken in", self.id)
            self.write(
                {
                    "state": "stray",
                    "reason": self.env._("It could not be taken in by itself."),
                }
            )
            self._announce_stray()

    def _take_in(self):
        """Take a citizen's SMS: a grade, a word on a request, or kept to be read."""
        self.ensure_one()
        tickets, text = self.env["pakn.ticket"], self.text or ""
        ticket = tickets._rate_by_sms(self.number, text)
        ticket = ticket or tickets._reply_by_sms(self.number, text)
        self.write({"state": "done" if ticket else "stray", "ticket_id": ticket.id})
        if not ticket:
            self._announce_stray()

    def _announce_stray(self):
        """Show operators at once what fits no request; the list keeps it."""
        operators = self.env.ref("pakn_1022.group_operator")
        operators._bus_send(
            "pakn_1022.news",
            {
                "id": 0,
                "kind": "stray",
                "title": self.env._("SMS that fits no request"),
                "text": self.env._("See “SMS received”."),
                "model": self._name,
                "res_id": self.id,
            },
        )
