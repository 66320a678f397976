import base64
import logging
from datetime import timedelta

from cryptography import x509

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import anchors, merkle, timestamps
from ..tools.check import DELETED

_logger = logging.getLogger(__name__)

# Leaves under one stored inner node, and rows of one statement
TILE = 256
ROWS = 5000
# No transaction is open longer; what it sealed is anchored the next time
LONGEST = timedelta(days=1)
NOTHING = "0" * 64

CHANGED = """
    SELECT * FROM (
    SELECT last.* FROM (
        SELECT DISTINCT ON (seal.ticket_id)
               seal.ticket_id, seal.code, seal.sequence, seal.hash
          FROM pakn_seal seal
         WHERE seal.date >= %s
         ORDER BY seal.ticket_id, seal.sequence DESC
    ) last
    WHERE NOT EXISTS (
        SELECT FROM pakn_anchor_leaf leaf
         WHERE leaf.ticket_id = last.ticket_id AND leaf.seals = last.sequence)
    UNION ALL
    SELECT 0 AS ticket_id, code, sequence, hash FROM (
        SELECT * FROM pakn_house_seal ORDER BY sequence DESC LIMIT 1) house
    WHERE NOT EXISTS (
        SELECT FROM pakn_anchor_leaf leaf
         WHERE leaf.ticket_id = 0 AND leaf.seals = house.sequence)
    ) ends ORDER BY ticket_id = 0, ticket_id
"""
# Chains that were there when the job last anchored, and are in no anchor
FORGOTTEN = """
    SELECT count(*), min(sealed.ticket_id)
      FROM (SELECT ticket_id, max(sequence) AS seals
              FROM pakn_seal WHERE date < %s GROUP BY ticket_id) sealed
      LEFT JOIN (SELECT ticket_id, max(seals) AS seals
                   FROM pakn_anchor_leaf GROUP BY ticket_id) anchored
        ON anchored.ticket_id = sealed.ticket_id
     WHERE anchored.seals IS NULL OR anchored.seals < sealed.seals
"""


class PaknAnchor(models.Model):
    """The ends of all chains of one day under one root (Art. 9.1).

    Chains that went on since the anchor before become further leaves of a Merkle tree;
    its root is signed with the hotline's certificate, time-stamped where an authority
    is set, and told to others. From then on a record that was written anew, however
    well, is found, as long as one of those who were told still has the root.
    """

    _name = "pakn.anchor"
    _description = "Anchor of the records"
    _inherit = ["pakn.thread", "pakn.kept", "pakn.anchor.book"]
    _refused = "UPDATE OR DELETE"
    _order = "size desc, id desc"
    _rec_name = "date"

    date = fields.Datetime(required=True, readonly=True, index=True)
    size = fields.Integer(string="Leaves", readonly=True, help="Of the whole tree.")
    count = fields.Integer(
        string="New leaves", readonly=True, help="Records that went on since before."
    )
    root = fields.Char(required=True, readonly=True, help="Merkle root of RFC 9162.")
    frontier = fields.Char(
        readonly=True, help="Roots of the complete subtrees, the largest first."
    )
    previous = fields.Char(
        readonly=True, help="SHA-256 of the statement of the anchor before."
    )
    signature = fields.Char(readonly=True, help="Of the statement, in base64.")
    certificate = fields.Text(readonly=True, help="Who signed it, as PEM.")
    stamp = fields.Char(
        string="Time stamp", readonly=True, help="Token of RFC 3161, in base64."
    )
    is_signed = fields.Boolean(compute="_compute_is_signed")
    is_stamped = fields.Boolean(string="Time-stamped", compute="_compute_is_signed")

    @api.depends("signature", "stamp")
    def _compute_is_signed(self):
        for anchor in self:
            anchor.is_signed = bool(anchor.signature)
            anchor.is_stamped = bool(anchor.stamp)

    # ------------------------------------------------------------
    # MAKING ONE
    # ------------------------------------------------------------

    def action_anchor(self):
        """Anchor what went on since the last time; say what came of it.

        :raise AccessError: the caller is no administrator of the hotline
        """
        if not self.env.user.has_group("pakn_1022.group_manager"):
            raise AccessError(self.env._("Only the administrator anchors the records."))
        anchor = self.sudo()._anchor()  # sudo: the right is checked above
        if anchor:
            message = self.env._(
                "%(count)s records anchored; the root is %(root)s….",
                count=anchor.count,
                root=anchor.root[:16],
            )
        else:
            message = self.env._("Nothing has changed since the last anchor.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_anchor(self):
        """Anchor once a day and tell the monitors, whose mail is out of our hands.

        What no act seals goes under seal before.
        """
        self.env["pakn.seal"]._sweep()
        self.env["pakn.house.seal"]._sweep()
        anchor = self._anchor()
        if anchor:
            anchor._mail()

    @api.model
    def _anchor(self):
        """Make the chains that went on since the last anchor leaves of a new one.

        :return: the new anchor, or none where nothing went on
        """
        seals = self.env["pakn.seal"]
        seals._seal_pending()
        self.env["pakn.house.seal"]._seal_pending()
        self.env.flush_all()
        cr = self.env.cr
        # One at a time: the tree has one right edge
        cr.execute("LOCK TABLE pakn_anchor IN SHARE ROW EXCLUSIVE MODE")
        before = self.search([], limit=1)
        cr.execute(
            CHANGED,
            [
                before.date - LONGEST
                if before
                else fields.Datetime.to_datetime("2000-01-01")
            ],
        )
        rows = cr.fetchall()
        if not rows:
            return self.browse()
        frontier = before._get_frontier()
        tile = merkle.Frontier()
        if before.size % TILE:
            for leaf in self._read_leaves(
                before.size - before.size % TILE, before.size
            ):
                tile.append(leaf)
        values = []
        for row in rows:
            leaf = merkle.hash_leaf(anchors.get_leaf(*row))
            number = frontier.size
            frontier.append(leaf)
            tile.append(leaf)
            root = None
            if tile.size == TILE:
                root = tile.get_root().hex()
                tile = merkle.Frontier()
            values.append((number, *row, root))
        now = fields.Datetime.now()
        anchor = self._insert(before, now, frontier, len(rows))
        for start in range(0, len(values), ROWS):
            cr.execute(
                SQL(
                    """INSERT INTO pakn_anchor_leaf (anchor_id, number, ticket_id,
                              code, seals, hash, tile) VALUES %s""",
                    SQL(", ").join(
                        SQL("(%s, %s, %s, %s, %s, %s, %s)", anchor.id, *value)
                        for value in values[start : start + ROWS]
                    ),
                )
            )
        # Only what is committed is written down
        self.env.cr.postcommit.add(anchor._write_down)
        return anchor

    @api.model
    def _insert(self, before, date, frontier, count):
        root = frontier.get_root().hex()
        previous = (
            anchors.hash_statement(before._get_statement()) if before else NOTHING
        )
        statement = anchors.get_statement(
            fields.Datetime.to_string(date), frontier.size, root, previous
        )
        certificate = self._get_certificate()
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        return self.with_context(**quiet, tracking_disable=True).create(
            {
                "date": date,
                "size": frontier.size,
                "count": count,
                "root": root,
                "frontier": " ".join(part.hex() for part in frontier.roots),
                "previous": previous,
                "stamp": self._get_stamp(statement),
                **self._sign(certificate, statement),
            }
        )

    @api.model
    def _get_certificate(self):
        """Return the hotline's certificate (``certificate.certificate``), if set."""
        # sudo: certificates are the administrator's; the program signs with one
        number = self.env["ir.config_parameter"]._get_typed(
            "pakn_1022_evidence.certificate_id", 0
        )
        return self.env["certificate.certificate"].sudo().browse(number).exists()

    @api.model
    def _sign(self, certificate, statement):
        """Return signature and certificate, empty where none is set or valid.

        The record is anchored all the same; the list shows what is not signed.
        """
        if not certificate:
            return {}
        try:
            signature = certificate._sign(statement, formatting="base64")
        except UserError as error:
            _logger.error("an anchor could not be signed: %s", error)
            return {}
        pem = base64.b64decode(certificate.with_context(bin_size=False).pem_certificate)
        return {"signature": signature.decode(), "certificate": pem.decode()}

    @api.model
    def _get_stamp(self, statement):
        """Return a token of the time-stamping authority in base64, if one is set."""
        # sudo: ir.config_parameter - an address
        params = self.env["ir.config_parameter"].sudo()
        url = params.get_param("pakn_1022_evidence.tsa_url")
        if not url:
            return False
        try:
            token = timestamps.request_stamp(url, statement)
        except timestamps.StampError as error:
            _logger.error("an anchor got no time stamp: %s", error)
            return False
        return base64.b64encode(token).decode()

    def _mail(self):
        """Tell the monitors the root, in a mail that they can keep."""
        self.ensure_one()
        template = self.env.ref("pakn_1022_evidence.mail_template_anchor")
        # sudo: res.groups - whoever runs the job
        monitors = self.env.ref("pakn_1022.group_monitor").sudo().all_user_ids
        for user in monitors.filtered(lambda user: user.active and user.email):
            template.send_mail(self.id, email_values={"email_to": user.email_formatted})

    # ------------------------------------------------------------
    # READING THE TREE
    # ------------------------------------------------------------

    def _get_statement(self):
        """Return what was signed and stamped of this anchor; bytes."""
        self.ensure_one()
        return anchors.get_statement(
            fields.Datetime.to_string(self.date), self.size, self.root, self.previous
        )

    def _get_frontier(self):
        """Return the right edge of the tree as of this anchor; empty for none."""
        roots = [bytes.fromhex(part) for part in (self.frontier or "").split()]
        return merkle.Frontier(self.size, roots)

    @api.model
    def _read_leaves(self, start, stop):
        """Return the hashes of leaves from one number up to before another."""
        self.env.cr.execute(
            """SELECT ticket_id, code, seals, hash FROM pakn_anchor_leaf
                WHERE number >= %s AND number < %s ORDER BY number""",
            [start, stop],
        )
        return [
            merkle.hash_leaf(anchors.get_leaf(*row)) for row in self.env.cr.fetchall()
        ]

    @api.model
    def _get_range(self, start, stop):
        """Return the root over leaves, from the stored inner nodes where there are."""
        if start % TILE or stop - start < TILE:
            return merkle.get_root(self._read_leaves(start, stop))
        whole = (stop - start) // TILE * TILE
        if stop - start != whole:
            # Split as the tree is split
            size = 1 << ((stop - start - 1).bit_length() - 1)
            return merkle.hash_node(
                self._get_range(start, start + size),
                self._get_range(start + size, stop),
            )
        self.env.cr.execute(
            """SELECT tile FROM pakn_anchor_leaf
                WHERE number >= %s AND number < %s AND tile IS NOT NULL
                ORDER BY number""",
            [start, stop],
        )
        return merkle.get_root(
            [bytes.fromhex(tile) for [tile] in self.env.cr.fetchall()]
        )

    @api.model
    def _get_proof(self, ticket):
        """Return the proof that the end of a request's record was anchored, as JSON.

        See ``docs/evidence.md``.

        :return: ``None`` where it was not anchored yet
        """
        leaf = self.env["pakn.anchor.leaf"].search(
            [("ticket_id", "=", ticket.id)], order="number desc", limit=1
        )
        if not leaf:
            return None
        anchor = leaf.anchor_id
        path = merkle.get_path(leaf.number, anchor.size, self._get_range)
        return {
            "leaf": leaf.number,
            "seals": leaf.seals,
            "path": [part.hex() for part in path],
            "date": fields.Datetime.to_string(anchor.date),
            "size": anchor.size,
            "root": anchor.root,
            "previous": anchor.previous,
            "signature": anchor.signature or "",
            "certificate": anchor.certificate or "",
            "stamp": anchor.stamp or "",
        }

    # ------------------------------------------------------------
    # CHECKING IT
    # ------------------------------------------------------------

    @api.model
    def _verify_all(self):
        """Check tree, signatures and stamps of all anchors, and tell the managers."""
        found = self._find_anchor_faults()
        managers = self.env["pakn.notice"]._get_managers()
        now = fields.Datetime.now()
        todos = []
        for anchor, text in found:
            _logger.error("%s", text)
            told = anchor.activity_ids.filtered(
                lambda todo, text=text: todo.summary == text
            ).user_id
            todos += [(anchor, manager, now, text) for manager in managers - told]
        self.env["pakn.notice"]._add_todos(todos)

    @api.model
    def _find_anchor_faults(self):
        """Return ``[(anchor, sentence)]`` of what does not fit.

        A request stands in the place of an anchor where there is none any more.

        A leaf, a root, a signature or a stamp that was changed, requests that were
        anchored and are not there any more, and anchors that were taken away.
        """
        self.env.flush_all()
        found = []
        leaves = self._iterate_leaves()
        frontier = merkle.Frontier()
        tile = merkle.Frontier()
        previous = NOTHING
        anchor = self.browse()
        # One a day, so all of them at once
        for anchor in self.search([("size", ">", 0)], order="size, id"):
            start = frontier.size
            while frontier.size < anchor.size:
                leaf, stored, number = next(leaves, (None, None, None))
                if leaf is None:
                    break
                tile.append(leaf)
                root = tile.get_root().hex() if tile.size == TILE else None
                if root:
                    tile = merkle.Frontier()
                if (stored, number) != (root, anchor.id):
                    found.append((anchor, self._describe_leaf(frontier.size)))
                frontier.append(leaf)
            found += [
                (anchor, text)
                for text in anchor._find_own_faults(frontier, previous, start)
            ]
            previous = anchors.hash_statement(anchor._get_statement())
        if next(leaves, None) is not None:
            found.append((anchor, self.env._("There are entries that no anchor has.")))
        elif frontier.size < anchor.size:
            found.append(
                (
                    anchor,
                    self.env._(
                        "Entry no. %s of the anchors is missing: it was removed "
                        "outside of the program.",
                        frontier.size,
                    ),
                )
            )
        if anchor:
            found += self._find_book_faults()
            house = self.env["pakn.house.seal"]
            found += [(anchor, text) for text in house._find_faults()]
            self.env.cr.execute(DELETED, [0, 2**31 - 1])
            found += [
                (
                    anchor,
                    self.env._(
                        "%(code)s was anchored and is not there any more: it was "
                        "removed outside of the program.",
                        code=code,
                    ),
                )
                for code, _number in self.env.cr.fetchall()
            ]
        count, ticket = self._find_forgotten()
        if count:
            found.append(
                (
                    anchor or ticket,
                    self.env._(
                        "%s records should have been anchored and are in no anchor: "
                        "anchors were removed outside of the program.",
                        count,
                    ),
                )
            )
        return found

    def _describe_leaf(self, number):
        return self.env._(
            "Entry no. %s of the anchors was changed outside of the program.", number
        )

    @api.model
    def _find_forgotten(self):
        """Return how many records the job has left out that were there long before.

        It leaves out none: anchors were taken away, the last ones or all of them.

        :return: ``(their number, the first of them)``
        """
        tickets = self.env["pakn.ticket"]
        # sudo: ir.cron - when the job last came to it; it may not have yet
        job_sudo = self.env.ref("pakn_1022_evidence.ir_cron_anchor").sudo()
        if not job_sudo.lastcall:
            return 0, tickets
        self.env.cr.execute(FORGOTTEN, [job_sudo.lastcall - LONGEST])
        count, first = self.env.cr.fetchone()
        return count, tickets.browse(first)

    def _find_own_faults(self, frontier, previous, start):
        """Yield what of an anchor does not fit.

        :param frontier: over all leaves up to its own
        :param str previous: hash of the statement before it
        :param int start: leaves before its own
        """
        self.ensure_one()
        date = fields.Datetime.context_timestamp(
            self.with_context(tz="Asia/Ho_Chi_Minh"), self.date
        ).strftime("%d/%m/%Y %H:%M")
        statement = self._get_statement()
        if frontier.size != self.size or frontier.get_root().hex() != self.root:
            yield self.env._(
                "The root of the anchor of %s is not that of its entries.", date
            )
        elif (self.frontier, self.count) != (
            " ".join(part.hex() for part in frontier.roots),
            frontier.size - start,
        ):
            yield self.env._(
                "What the anchor of %s says of its tree is not that of its entries.",
                date,
            )
        if self.previous != previous:
            yield self.env._("The anchor of %s does not follow the one before.", date)
        if self.signature:
            certificate = x509.load_pem_x509_certificate(self.certificate.encode())
            if not anchors.is_signed(statement, self.signature, certificate):
                yield self.env._("The signature of the anchor of %s is wrong.", date)
        if self.stamp:
            try:
                timestamps.read_stamp(base64.b64decode(self.stamp), statement)
            except (ValueError, timestamps.StampError):
                yield self.env._("The time stamp of the anchor of %s is wrong.", date)

    def _iterate_leaves(self):
        """Yield hash, stored inner node and anchor of each leaf, in their order.

        One that is not the next ends it.
        """
        expected = 0
        while True:
            self.env.cr.execute(
                """SELECT number, tile, anchor_id, ticket_id, code, seals, hash
                     FROM pakn_anchor_leaf
                    WHERE number >= %s ORDER BY number LIMIT 20000""",
                [expected],
            )
            rows = self.env.cr.fetchall()
            if not rows:
                return
            for number, tile, anchor, *row in rows:
                if number != expected:
                    return
                yield merkle.hash_leaf(anchors.get_leaf(*row)), tile, anchor
                expected += 1
