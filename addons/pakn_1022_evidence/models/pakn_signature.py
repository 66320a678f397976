from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import signatures

CRON = "pakn_1022_evidence.ir_cron_signatures"
# Bytes of a PDF that is looked into
LARGEST = 50 * 1024 * 1024
# Of a file that ends the program each time it is read
ATTEMPTS = 2
# Files in which it is looked for signatures at once
BATCH = 20


class PaknSignature(models.Model):
    """A signature on a PDF that somebody else signed, as it was judged (Art. 16.4).

    A file that bears signatures waits as one row when it comes to a request or a slip;
    a job reads it, so that no upload waits for it, and makes a row of each signature.
    """

    _name = "pakn.signature"
    _description = "Signature on a file"
    _order = "file_name, sequence, id"
    _rec_name = "signer"

    ticket_id = fields.Many2one(
        "pakn.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    transfer_id = fields.Many2one(
        "pakn.transfer",
        string="Slip",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: a file of the request itself.",
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="File",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    file_name = fields.Char(string="File name", readonly=True)
    sequence = fields.Integer(default=1, readonly=True, help="In the file, from 1.")
    is_waiting = fields.Boolean(string="To be checked", readonly=True)
    attempts = fields.Integer(readonly=True)
    signer = fields.Char(string="Signed by", readonly=True)
    issuer = fields.Char(string="Certified by", readonly=True)
    date = fields.Datetime(string="Signed on", readonly=True)
    is_stamped = fields.Boolean(
        string="Time-stamped",
        readonly=True,
        help="The time is of an authority that is trusted; else of the signer's "
        "machine.",
    )
    verdict = fields.Selection(
        [
            ("valid", "Valid"),
            ("unreadable", "The signature cannot be read"),
            ("changed", "The file was changed after it was signed"),
            ("broken", "The signature is wrong"),
            ("added", "Something was added after it was signed"),
            ("bad_stamp", "The time stamp is wrong"),
            ("wrong_time", "The time of signing is wrong"),
            ("not_yet", "The certificate was not valid yet"),
            ("expired", "The certificate had expired"),
            ("revoked", "The certificate had been revoked"),
            ("wrong_use", "The certificate is not for signing"),
            ("self_made", "The certificate is self-made, nobody vouches for it"),
            ("unknown", "Who issued the certificate is not trusted here"),
        ],
        readonly=True,
    )
    is_changed_after = fields.Boolean(string="Changed after", readonly=True)
    is_looked_up = fields.Boolean(
        string="Revocation known",
        readonly=True,
        help="A list, the file itself or the issuer says of each certificate whether "
        "it was revoked.",
    )
    date_checked = fields.Datetime(string="Checked on", readonly=True)

    _file_unique = models.UniqueIndex("(attachment_id, sequence)")
    _waiting_idx = models.Index("(id) WHERE is_waiting")

    @api.model
    def _note(self, tickets, slips, messages=()):
        """Have the signed PDFs among the files of requests or slips checked.

        Whoever calls this has brought the files there.

        :param tickets: ``pakn.ticket`` whose own files are looked at
        :param slips: ``pakn.transfer``, for what units answered with
        :param messages: ``mail.message`` on either, for files that came with them
        """
        # sudo: files and verdicts, whoever brought the file
        found = {}
        for ticket in tickets.sudo():
            for file in ticket.attachment_ids | ticket.result_attachment_ids:
                found.setdefault(file, (ticket.id, False))
        for slip in slips.sudo():
            for file in slip.result_attachment_ids:
                found[file] = (slip.ticket_id.id, slip.id)
        for message in messages:
            place = (message.res_id, False)
            if message.model == "pakn.transfer":
                slip = self.env["pakn.transfer"].sudo().browse(message.res_id)
                place = (slip.ticket_id.id, slip.id)
            for file in message.sudo().attachment_ids:
                found.setdefault(file, place)
        files = self.env["ir.attachment"].sudo().union(*found)
        files = files.filtered(lambda file: file.mimetype == "application/pdf")
        if not files:
            return
        known = self.sudo().search([("attachment_id", "in", files.ids)]).attachment_id
        signed = (files - known).filtered(
            lambda file: signatures.is_signed(file.raw or b"")
        )
        if not signed:
            return
        self.sudo().create(
            [
                {
                    "ticket_id": found[file][0],
                    "transfer_id": found[file][1],
                    "attachment_id": file.id,
                    "file_name": file.name,
                    "is_waiting": True,
                }
                for file in signed
            ]
        )
        self.env.ref(CRON).sudo()._wake()

    @api.model
    def _check_again(self):
        """Have all files judged anew, as whom the house trusts has changed."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE pakn_signature SET is_waiting = TRUE, attempts = 0
                    WHERE sequence = 1 AND is_waiting IS NOT TRUE"""
            )
        )
        self.invalidate_model(["is_waiting", "attempts"])
        if self.env.cr.rowcount:
            self.env.ref(CRON).sudo()._wake()  # sudo: the right is the caller's

    @api.model
    def _cron_check(self):
        """Judge the files that wait, one after another, each committed."""
        cron = self.env["ir.cron"]
        waiting = [("is_waiting", "=", True)]
        cron._commit_progress(remaining=self.search_count(waiting))
        while rows := self.search(waiting, order="id", limit=BATCH):
            rows = rows.try_lock_for_update()
            if not rows:
                return
            for row in rows:
                # A file that ends the program is not read for ever
                row.attempts += 1
            cron._commit_progress(0)
            for row in rows:
                row._check()
                if not cron._commit_progress(1):
                    return

    def _check(self):
        """Read the file of a row and note what each signature is worth."""
        self.ensure_one()
        now = fields.Datetime.now()
        content = self.attachment_id.raw or b""
        if len(content) > LARGEST or self.attempts > ATTEMPTS:
            content = b""
        trusts = self.env["pakn.trust"]
        roots, lists = trusts._get_trusted()
        found = signatures.read_signatures(
            content, roots, lists, now, trusts._get_fetchers()
        )
        self.search(
            [("attachment_id", "=", self.attachment_id.id), ("id", "!=", self.id)]
        ).unlink()
        rows = [
            {
                **signature._asdict(),
                "sequence": number,
                "is_waiting": False,
                "date_checked": now,
            }
            for number, signature in enumerate(found, 1)
        ]
        self.write(rows[0])
        place = {
            "ticket_id": self.ticket_id.id,
            "transfer_id": self.transfer_id.id,
            "attachment_id": self.attachment_id.id,
            "file_name": self.file_name,
        }
        self.create([place | row for row in rows[1:]])
