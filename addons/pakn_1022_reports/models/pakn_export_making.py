import ast
import logging
import time
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every

from ..tools.pieces import ZIP_LIMIT, Piece, expand
from ..tools.sheet import make_workbook
from .pakn_export_log import KEPT_HOURS
from .pakn_export_rows import CITIZEN_GROUPS, SHEET_COLUMNS, begin_file, write_rows

# Rows that are read together, and requests that are looked for together
BATCH, SEARCH = 500, 5000
# Bytes, uncompressed, after which a part is closed
PART_SIZE = 16 * 2**20
# Seconds of work between two commits
SLICE = 1
# Attempts after which an export that makes no row is given up
ATTEMPTS = 5
BAD_FILTER = (
    AttributeError,
    KeyError,
    NameError,
    SyntaxError,
    TypeError,
    ValueError,
)

_logger = logging.getLogger(__name__)


class PaknExportLog(models.Model):
    """How the file of an export is made: in parts, each committed.

    The dialog makes what takes a second, the scheduled action the rest; a server that
    dies goes on with the part that was not committed. At no time is more in memory
    than a part.
    """

    _inherit = "pakn.export.log"

    # ------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------

    @api.model
    def _get_reader(self, user):
        """Return the requests' model as ``user`` reads it for an export.

        The context is the same in the dialog and in the scheduled action.
        """
        context = {"lang": "vi_VN", "tz": user.tz or "Asia/Ho_Chi_Minh"}
        return self.env(user=user.id, su=False, context=context)["pakn.ticket"]

    def _advance(self, seconds):
        """Make some of the rows that are missing, and note how far it came.

        Does not commit, and makes nothing while another process is at it.

        :param float seconds: after which it stops; it makes one batch at least
        :return: how many rows it made
        :raise UserError: the export cannot be made, in a sentence for its user
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            return 0
        self.invalidate_recordset()
        if self.state != "making":
            return 0
        end = time.monotonic() + seconds
        reader = self._get_reader(self.user_id)
        self._check_maker(reader)
        piece = self._begin_piece()
        last, made, state = self.last_id, 0, "making"
        for batch in self._iter_batches(reader):
            rows = reader.browse(batch)._get_export_rows()
            piece.add(write_rows(self.file_type, rows, self.done + made))
            last, made = batch[-1], made + len(rows)
            if time.monotonic() >= end or piece.size > PART_SIZE:
                break
        else:
            state = "ready"
        self._keep_piece(piece)
        values = {"done": self.done + made, "last_id": last, "attempts": 0}
        if not self.is_personal:
            # Rights may have been given meanwhile
            values["is_personal"] = any(map(self.user_id.has_group, CITIZEN_GROUPS))
        if state == "ready":
            values |= {
                "state": state,
                "date_ready": fields.Datetime.now(),
                "count": values["done"],
            }
        self.write(values)
        return made

    def _check_maker(self, reader):
        if not self.user_id.active:
            raise UserError(self.env._("The user's account was closed meanwhile."))
        if not reader.has_access("read"):
            raise AccessError(
                self.env._("The right to read requests was taken away meanwhile.")
            )

    def _iter_batches(self, reader):
        """Yield ids of the requests that are missing, oldest first.

        Many are looked for at once, for that may take long with some filters.
        """
        last = self.last_id
        while True:
            try:
                domain = [
                    *ast.literal_eval(self.domain),
                    ("id", ">", last),
                    ("id", "<=", self.top_id),
                ]
                query = reader._search(domain, order="id", limit=SEARCH)
            except BAD_FILTER as error:
                raise UserError(
                    self.env._("The filter of this export does not work any more.")
                ) from error
            ids = query.get_result_ids()
            yield from split_every(BATCH, ids)
            if len(ids) < SEARCH:
                return
            last = ids[-1]

    def _begin_piece(self):
        """Return the next piece of the file, which goes on where the last one ended."""
        parts = self.env["pakn.export.part"]
        before = parts.search([("log_id", "=", self.id)], order="id desc", limit=1)
        if before:
            return Piece(int(before.crc, 16))
        piece = Piece()
        piece.add(begin_file(self.file_type))
        return piece

    def _keep_piece(self, piece):
        if not piece.size:
            return
        self.env["pakn.export.part"].create(
            {
                "log_id": self.id,
                "content": b64encode(piece.close()),
                "size": piece.size,
                "crc": f"{piece.crc:08x}",
            }
        )
        if self.file_type == "xlsx" and self._get_size() > ZIP_LIMIT - PART_SIZE:
            raise UserError(
                self.env._(
                    "These requests are more than an XLSX file holds; please choose "
                    "CSV, or a narrower filter."
                )
            )

    def _get_size(self):
        """Return how many bytes the parts hold that were made so far."""
        parts = self.env["pakn.export.part"]
        [[size]] = parts._read_group(
            [("log_id", "=", self.id)], aggregates=["size:sum"]
        )
        return size or 0

    @api.model
    def _cron_make(self):
        """Make a slice of each export that is not ready, first what waited longest.

        The scheduler calls it again while something remains.
        """
        cron = self.env["ir.cron"]
        waiting = self.search([("state", "=", "making")], order="write_date, id")
        cron._commit_progress(remaining=waiting._count_remaining())
        for log in waiting:
            # Its sentences are for who asked
            log = log.with_context(lang=log.user_id.lang)
            if log.attempts >= ATTEMPTS:
                log._fail(self.env._("The server did not manage to make this export."))
                made = 0
            else:
                # Kept before the attempt: it may be what kills the server
                log.attempts += 1
                cron._commit_progress()
                made = log._try_slice()
            if log.state != "making":
                log._tell()
            if not cron._commit_progress(made, remaining=waiting._count_remaining()):
                return

    def _count_remaining(self):
        making = self.filtered(lambda log: log.state == "making")
        # One at least: whether it was the last row shows when no further one is found
        return sum(max(log.count - log.done, 1) for log in making)

    def _try_slice(self):
        """Return how many rows a slice made; what goes wrong is kept and logged."""
        try:
            return self._advance(SLICE)
        except SerializationFailure:
            # Somebody was faster; it comes again
            self.env.cr.rollback()
        except (AccessError, UserError) as error:
            self.env.cr.rollback()
            _logger.warning("export %s cannot be made", self.id, exc_info=True)
            self._fail(str(error))
        except Exception:
            self.env.cr.rollback()
            _logger.exception("export %s cannot be made", self.id)
            self._fail(self.env._("The server did not manage to make this export."))
        return 0

    def _fail(self, reason):
        """End an export with a sentence; what was made of it goes."""
        self.env["pakn.export.part"].search([("log_id", "=", self.id)]).unlink()
        self.write({"state": "failed", "error": reason})

    def _tell(self):
        """Tell who asked, on all their screens, that this export has ended."""
        self.user_id._bus_send(
            "pakn_1022_reports.export",
            {"id": self.id, "state": self.state, "count": self.count},
        )

    # ------------------------------------------------------------
    # THE FILE
    # ------------------------------------------------------------

    def _get_file(self):
        """Return ``(length, chunks)`` of the file; in sudo, when it is ready.

        The chunks are read as they are asked for, without the database.
        """
        self.ensure_one()
        parts = self.env["pakn.export.part"].search([("log_id", "=", self.id)])
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", parts._name),
                ("res_field", "=", "content"),
                ("res_id", "in", parts.ids),
            ],
            order="res_id",
        )
        # What an administrator has put into the database is not on the disk
        places = [
            file._full_path(file.store_fname) if file.store_fname else file.raw
            for file in files
        ]
        pieces = (
            place if isinstance(place, bytes) else Path(place).read_bytes()
            for place in places
        )
        size = sum(parts.mapped("size"))
        if self.file_type == "csv":
            return size, map(expand, pieces)
        return make_workbook(
            SHEET_COLUMNS,
            self.done,
            pieces,
            size,
            sum(files.mapped("file_size")),
            int(parts[-1].crc, 16),
        )

    @api.autovacuum
    def _gc_files(self):
        """Remove the files whose time is over.

        An hour later than they can be fetched, for somebody may be at it.
        """
        before = fields.Datetime.now() - timedelta(hours=KEPT_HOURS + 1)
        old = self.search([("state", "=", "ready"), ("date_ready", "<", before)])
        self.env["pakn.export.part"].search([("log_id", "in", old.ids)]).unlink()
        old.state = "expired"
