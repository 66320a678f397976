from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

MEGABYTE = 2**20
# Bytes of one part at most; scripts send half of it
PART = 512 * 1024
# What waits here altogether, and files of one form, those taken away again among them
MOST_BYTES, MOST_FILES = 2048 * MEGABYTE, 40
# Bytes that a part takes at least
LEAST = 4096
# Hours after its last part in which a file is kept: as long as a draft on the phone
HOURS = 24
# As what the words of a form that was refused are kept, and for how many minutes
WORDS, MINUTES = "words", 15
# Bytes of them altogether: who sends many takes no room from files
MOST_WORDS = 64 * MEGABYTE


class PaknUpload(models.Model):
    """A part of a file that a citizen's device sends before its form.

    A photo over a bad line goes up in parts; after a cut it goes on where it ended.
    Parts belong to a form and a file, both named by random keys (122 bits) that the
    device alone knows; they follow each other without a gap, so a file is whole when
    its parts are as long as it was announced. Whoever takes the form in takes the
    file, in the same transaction; what no form asks for is deleted after a day.
    Nobody reads this model.
    """

    _name = "pakn.upload"
    _description = "Part of a file on its way"
    _rec_name = "file_key"

    form_key = fields.Char(required=True, readonly=True)
    file_key = fields.Char(required=True, readonly=True)
    position = fields.Integer(
        required=True, readonly=True, help="Bytes of the file before this part."
    )
    part_size = fields.Integer(required=True, readonly=True, help="Bytes of this part.")
    size = fields.Integer(required=True, readonly=True, help="Bytes of the whole file.")
    data = fields.Binary(required=True, readonly=True, attachment=False)

    _part_unique = models.UniqueIndex("(form_key, file_key, position)")
    _words_idx = models.Index("(create_date) WHERE file_key = 'words'")
    _create_date_idx = models.Index("(create_date)")

    @api.model
    def _get_progress(self, form_key, file_key):
        """Return how many bytes of a file are here, and with how many it was begun.

        ``(0, 0)`` where none is here. A part that names another size is none of it.
        """
        [progress] = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(part_size), 0), COALESCE(MAX(size), 0)
                     FROM pakn_upload WHERE form_key = %s AND file_key = %s""",
                form_key,
                file_key,
            )
        )
        return progress

    @api.model
    def _get_received(self, form_key, file_key):
        """Return how many bytes of a file are here."""
        return self._get_progress(form_key, file_key)[0]

    @api.model
    def _has_room(self, form_key, size, is_begun=False):
        """Return whether another file of a form, or the next part, can be kept.

        What was announced and never came takes no room, or a few hundred announcements
        would have all of it for a day.

        :param int size: bytes of it
        :param bool is_begun: the file has a part here already
        """
        [[total, files]] = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(GREATEST(part_size, %s)), 0),
                          COUNT(*) FILTER (WHERE position = 0 AND form_key = %s)
                     FROM pakn_upload""",
                LEAST,
                form_key,
            )
        )
        return total + size <= MOST_BYTES and (is_begun or files < MOST_FILES)

    @api.model
    def _append(self, form_key, file_key, position, size, data):
        """Keep the next part of a file; one that is here already changes nothing.

        :param int position: bytes of the file before this part
        :param int size: bytes of the whole file
        :param bytes data: at most :data:`PART`
        :return: how many bytes of the file are here now; where that is not the end of
            this part, the sender goes on from there
        """
        received = self._get_received(form_key, file_key)
        if position != received or not data or received + len(data) > size:
            return received
        # Of two at the same moment one is done over, and finds the other's part. The
        # database's error would tell the log what the file holds.
        self.env.cr.execute(
            SQL(
                """INSERT INTO pakn_upload (form_key, file_key, position, part_size,
                                            size, data, create_uid, create_date)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC')
                   ON CONFLICT (form_key, file_key, position) DO NOTHING""",
                form_key,
                file_key,
                position,
                len(data),
                size,
                data,
                self.env.uid,
            ),
            log_exceptions=False,
        )
        return self._get_received(form_key, file_key)

    @api.model
    def _read_whole(self, form_key, file_key):
        """Return the bytes of a file, None where it is not whole."""
        rows = self.env.execute_query(
            SQL(
                """SELECT position, size, data FROM pakn_upload
                    WHERE form_key = %s AND file_key = %s ORDER BY position""",
                form_key,
                file_key,
            )
        )
        content = bytearray()
        for position, _size, data in rows:
            if position != len(content):
                return None
            content += data
        is_whole = rows and {size for _pos, size, _data in rows} == {len(content)}
        return bytes(content) if is_whole else None

    @api.model
    def _drop(self, form_key):
        """Delete the files of a form that was taken in."""
        self.env.cr.execute(
            SQL("DELETE FROM pakn_upload WHERE form_key = %s", form_key)
        )

    @api.model
    def _keep_words(self, form_key, words):
        """Keep what was typed into a form that was refused, to show it once more.

        :param str form_key: random, which the visitor's browser alone knows
        :param bytes words: none of them is kept for longer than it takes to correct it
        :return: whether there was room
        """
        self._drop_words(form_key)
        query = SQL("SELECT SUM(size) FROM pakn_upload WHERE file_key = %s", WORDS)
        [[total]] = self.env.execute_query(query)
        if (total or 0) + len(words) > MOST_WORDS:
            return False
        if not self._has_room(form_key, len(words)):
            return False
        self._append(form_key, WORDS, 0, len(words), words)
        return True

    @api.model
    def _read_words(self, form_key):
        """Return what :meth:`_keep_words` was given, None where it is gone."""
        self._drop_words()
        return self._read_whole(form_key, WORDS)

    @api.model
    def _drop_words(self, form_key=""):
        """Delete what was typed into a form, and what is too old of all."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM pakn_upload
                    WHERE file_key = %s AND (form_key = %s OR create_date
                          < now() AT TIME ZONE 'UTC' - make_interval(mins => %s))""",
                WORDS,
                form_key,
                MINUTES,
            )
        )

    @api.autovacuum
    def _gc_uploads(self):
        """Delete files of forms that were not sent within a day."""
        limit = fields.Datetime.now() - timedelta(hours=HOURS)
        self.env.cr.execute(
            SQL(
                """DELETE FROM pakn_upload WHERE (form_key, file_key) IN (
                       SELECT form_key, file_key FROM pakn_upload
                        GROUP BY form_key, file_key
                       HAVING MAX(create_date) < %s)""",
                limit,
            )
        )
