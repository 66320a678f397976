import ast
import gzip
import logging
import time
from base64 import b64encode
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from zipfile import ZIP64_LIMIT

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every

from odoo.addons.pakn_1022.tools.province import LANG, TIMEZONE

from ..tools.export_file import COLUMNS, MOMENTS, begin_file, write_rows
from ..tools.sheet import write_workbook
from .pakn_export_rows import CITIZEN_GROUPS

# Rows that are read together, and requests that are looked for together
BATCH, SEARCH = 500, 5000
# Bytes, uncompressed, after which a part is closed, and of a piece of an XLSX
PART_SIZE, FILE_PIECE = 16 * 2**20, 4 * 2**20
# Seconds of work between two commits
SLICE = 1
# Attempts after which an export that makes no row is given up
ATTEMPTS = 5
BAD_FILTER = (
    AttributeError,
    KeyError,
    MemoryError,  # of a filter nested without end
    NameError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)

_logger = logging.getLogger(__name__)


class PaknExportMaking(models.AbstractModel):
    """How the file of an export is made: in parts, each committed.

    The dialog makes what takes a second, the scheduled action the rest; a server that
    dies goes on with the part that was not committed. At no time is more in memory
    than a part: an XLSX is put together of its rows on the disk, in seconds.

    Needs the fields of ``pakn.export.log``. Gives ``_advance`` to the dialog,
    ``_get_file`` to the download and the scheduled actions.
    """

    _name = "pakn.export.making"
    _description = "Making of an export"

    # ------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------

    @api.model
    def _get_reader(self, user):
        """Return the requests' model as ``user`` reads it for an export.

        The context is the same in the dialog and in the scheduled action.
        """
        context = {"lang": LANG, "tz": user.tz or TIMEZONE}
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
        content = [] if self._get_parts() else [begin_file(self.file_type)]
        size, last, made, state = 0, self.last_id, 0, "making"
        for batch in self._iter_batches(reader):
            rows = self.env["pakn.export.rows"]._get_rows(reader.browse(batch))
            content.append(write_rows(self.file_type, rows, self.done + made))
            size += len(content[-1])
            last, made = batch[-1], made + len(rows)
            if time.monotonic() >= end or size > PART_SIZE:
                break
        else:
            state = "ready"
        self._keep_part(b"".join(content))
        values = {"done": self.done + made, "last_id": last, "attempts": 0}
        if not self.is_personal:
            # Rights may have been given meanwhile
            values["is_personal"] = any(map(self.user_id.has_group, CITIZEN_GROUPS))
        self.write(values)
        if state == "ready":
            self._finish()
        return made

    def _finish(self):
        """Make the file ready; of an XLSX its rows are put together here.

        That takes some seconds and starts anew after a crash; all rows are there.
        """
        if self.file_type == "xlsx":
            rows = self._get_parts()
            with TemporaryFile() as file:
                contents = map(gzip.decompress, self._iter_contents(rows))
                write_workbook(file, COLUMNS, MOMENTS, self.done, contents)
                rows.unlink()
                file.seek(0)
                for piece in iter(partial(file.read, FILE_PIECE), b""):
                    self._create_part(piece, len(piece))
        self.write(
            {
                "state": "ready",
                "date_ready": fields.Datetime.now(),
                "count": self.done,
            }
        )

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

    def _get_parts(self):
        return self.env["pakn.export.part"].search([("log_id", "=", self.id)])

    def _keep_part(self, content):
        if not content:
            return
        self._create_part(gzip.compress(content, 6), len(content))
        size = sum(self._get_parts().mapped("size"))
        if self.file_type == "xlsx" and size > ZIP64_LIMIT - PART_SIZE:
            raise UserError(
                self.env._(
                    "These requests are more than an XLSX file holds; please choose "
                    "CSV, or a narrower filter."
                )
            )

    def _create_part(self, content, size):
        part = self.env["pakn.export.part"].create(
            {"log_id": self.id, "content": b64encode(content), "size": size}
        )
        # It is on the disk now
        part.invalidate_recordset(["content"])

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
        self._get_parts().unlink()
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
        parts = self._get_parts()
        chunks = self._iter_contents(parts)
        if self.file_type == "csv":
            chunks = map(gzip.decompress, chunks)
        return sum(parts.mapped("size")), chunks

    def _iter_contents(self, parts):
        """Return an iterator of what parts hold, read when it is asked for."""
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
        return (
            place if isinstance(place, bytes) else Path(place).read_bytes()
            for place in places
        )
