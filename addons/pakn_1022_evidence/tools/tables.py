"""Which rows of which tables a request's state is read from (Art. 9.1).

Nothing of Odoo. A column that is to be under the record is named here; ``state.py``
reads what stands in it.
"""

from typing import NamedTuple


class Table(NamedTuple):
    """Where one kind of row is read.

    ``request`` is the column with the request's id. Where the table has none,
    ``source`` is a query that gives ``ticket_id`` and ``id`` of the rows.
    ``gathered`` is what stands in other tables: name and SQL of each, a fact as the
    plain columns. ``stored`` names the digest of a file's content, with SQL of its name
    in the file store and of its digest where the content is in the database.

    ``swept`` is the column of the moment of rows that no act seals but a job, a day
    later (:data:`DELAY`): what was recorded is read again by its number, for a
    conversation may go on with another request. ``said``: columns of ``gathered`` that
    are words. ``is_bound``: rows stay with their request, so that one that is old and
    not recorded was put there past the program.
    """

    table: str
    plain: tuple[str, ...]
    hashed: tuple[str, ...]
    request: str = ""
    source: str = ""
    gathered: tuple[tuple[str, str], ...] = ()
    stored: tuple[str, str, str] | None = None
    swept: str = ""
    said: tuple[str, ...] = ()
    is_bound: bool = False

    def get_rows(self) -> tuple[str, str, str]:
        """Return SQL of the rows, named ``row``, and of two ids to search them by.

        The first is of their request, the second their own.
        """
        if self.request:
            return f'{self.table} "row"', f'"row".{self.request}', '"row".id'
        joined = f'JOIN {self.table} "row" ON "row".id = source.id'
        return f"({self.source}) source {joined}", "source.ticket_id", "source.id"


_MESSAGES = """
    SELECT message.res_id AS ticket_id, message.id
      FROM mail_message message
     WHERE message.model = 'pakn.ticket' AND message.message_type NOT IN
           ('notification', 'user_notification')
    UNION ALL
    SELECT slip.ticket_id, message.id
      FROM pakn_transfer slip
      JOIN mail_message message ON message.res_id = slip.id
     WHERE message.model = 'pakn.transfer' AND message.message_type NOT IN
           ('notification', 'user_notification')"""

# Where a file stands: the citizen's photo is not the unit's, whatever its content
PLACES = """
    SELECT pakn_ticket_id AS ticket_id, ir_attachment_id AS id, 'request' AS place
      FROM pakn_ticket_attachment_rel
    UNION SELECT pakn_ticket_id, ir_attachment_id, 'result'
      FROM pakn_ticket_result_attachment_rel
    UNION SELECT slip.ticket_id, rel.ir_attachment_id, 'slip ' || slip.id
      FROM pakn_transfer_attachment_rel rel
      JOIN pakn_transfer slip ON slip.id = rel.pakn_transfer_id
    UNION SELECT message.ticket_id, rel.attachment_id, 'message ' || message.id
      FROM message_attachment_rel rel"""
PLACES += f" JOIN ({_MESSAGES}) message ON message.id = rel.message_id"
# Relations of addons that need not be there, by the name of the field
FURTHER_PLACES = {
    "public_file_ids": "pakn_ticket_public_attachment_rel",
    "site_attachment_ids": "pakn_ticket_site_attachment_rel",
}
FURTHER_PLACE = """
    UNION SELECT pakn_ticket_id, ir_attachment_id, '{name}' FROM {table}"""
_CONTENT = """(SELECT {} FROM ir_attachment file
    WHERE file.res_model = 'pakn.document' AND file.res_field = 'content'
      AND file.res_id = "row".id)"""

TABLES = {
    "ticket": Table(
        "pakn_ticket",
        ("name", "state", "outcome", "round", "channel_id", "category_id", "area_id")
        + ("latitude", "longitude", "secrecy", "user_id", "unit_id", "citizen_id")
        + ("reject_reason_id", "is_instant", "is_published", "is_overdue")
        + ("was_overdue", "open_transfer_id", "date_received", "date_due")
        + ("date_overdue", "date_first", "date_result", "date_done", "date_ended")
        + ("date_closed", "date_published", "rating_last_value", "stage_id")
        + ("check_language", "check_content", "check_scope", "check_contact")
        + ("is_unreached", "is_shown", "date_shown", "is_phone_verified")
        + ("public_latitude", "public_longitude", "date_erased", "date_withheld"),
        ("title", "description", "address", "private_name", "private_phone")
        + ("private_email", "private_address", "reject_guidance", "result")
        + ("public_title", "public_description", "public_result", "public_name"),
        request="id",
    ),
    "slip": Table(
        "pakn_transfer",
        ("unit_id", "level", "role", "state", "round", "previous_id", "date_sent")
        + ("date_deadline", "is_date_directed", "date_promised", "date_extended")
        + ("extension_count", "date_due", "date_responded", "date_first")
        + ("date_closed", "is_rework", "is_referred", "urge_count", "is_overdue")
        + ("date_overdue", "timeliness", "date_judged", "is_open", "is_held"),
        ("note", "reason", "result"),
        request="ticket_id",
        gathered=(
            (
                "delegate_user_ids",
                """(SELECT string_agg(rel.res_users_id::text, ' '
                                      ORDER BY rel.res_users_id)
                      FROM pakn_transfer_delegate_rel rel
                     WHERE rel.pakn_transfer_id = "row".id)""",
            ),
        ),
    ),
    "act": Table(
        "pakn_event",
        ("sequence", "user_id", "unit_id"),
        (),
        request="ticket_id",
    ),
    "rating": Table(
        "rating_rating",
        ("rating", "consumed", "pakn_round", "parent_res_id", "pakn_date"),
        ("feedback",),
        source="SELECT res_id AS ticket_id, id FROM rating_rating"
        " WHERE res_model = 'pakn.ticket'",
    ),
    "message": Table(
        "mail_message",
        ("date", "message_type", "author_id", "model", "res_id", "is_internal")
        + ("subtype_id", "author_guest_id"),
        ("subject", "body", "email_from"),
        source=_MESSAGES,
    ),
    "file": Table(
        "ir_attachment",
        ("url", "type", "mimetype"),
        ("name",),
        # Each file once, with all the places where it stands
        source="""SELECT ticket_id, id, string_agg(place, ', ' ORDER BY place) AS place
                    FROM ({places}) places GROUP BY ticket_id, id""",
        gathered=(("place", "source.place"),),
        stored=(
            "sha256",
            '"row".store_fname',
            "encode(sha256(\"row\".db_datas), 'hex')",
        ),
    ),
    "document": Table(
        "pakn_document",
        ("transfer_id", "unit_id", "kind", "year", "number", "name", "date")
        + ("user_id", "sha256", "source"),
        ("signer", "token"),
        request="ticket_id",
        stored=(
            "content",
            _CONTENT.format("file.store_fname"),
            _CONTENT.format("encode(sha256(file.db_datas), 'hex')"),
        ),
    ),
    # Who was told of which act, how, when, and what became of it (Art. 10.1)
    "notice": Table(
        "pakn_notice",
        ("ticket_id", "transfer_id", "act", "audience", "user_id", "door", "state")
        + ("date", "date_sent"),
        ("note",),
        request="ticket_id",
        swept="date",
        is_bound=True,
    ),
    # Who opened whose data
    "access": Table(
        "pakn_access_log",
        ("ticket_id", "user_id", "hour"),
        (),
        request="ticket_id",
        swept="hour",
        is_bound=True,
    ),
    "call": Table(
        "pakn_call",
        ("provider", "call_id", "direction", "state", "user_id", "date_ring")
        + ("date_answer", "date_end", "seconds_waited", "seconds_talked")
        + ("recording_id",),
        ("private_number", "private_caller", "private_called", "private_name"),
        source="SELECT ticket_id, call_id AS id FROM pakn_call_ticket_rel",
        swept="date_ring",
    ),
    "recording": Table(
        "pakn_call_recording",
        ("sha256", "original_sha256", "size", "date_kept"),
        (),
        source="""SELECT DISTINCT rel.ticket_id, call.recording_id AS id
                    FROM pakn_call_ticket_rel rel
                    JOIN pakn_call call ON call.id = rel.call_id
                   WHERE call.recording_id IS NOT NULL""",
        swept="date_kept",
    ),
    # What was said in a conversation, by Zalo, Facebook or the site's chat box
    "said": Table(
        "pakn_chat_message",
        ("channel_id", "direction", "is_person", "create_date"),
        ("text",),
        source="""SELECT channel.pakn_ticket_id AS ticket_id, said.id
                    FROM pakn_chat_message said
                    JOIN discuss_channel channel ON channel.id = said.channel_id
                   WHERE channel.pakn_ticket_id IS NOT NULL""",
        gathered=(
            (
                "body",
                """(SELECT message.body FROM mail_message message
                     WHERE message.id = "row".message_id)""",
            ),
        ),
        swept="create_date",
        said=("body",),
    ),
}
SWEPT = tuple(kind for kind, table in TABLES.items() if table.swept)
# Days after which such a row is sealed: by then it was sent and its sound fetched
DELAY = 1
# Parameter of the database: until which moment each kind has been sealed, JSON
SWEPT_UNTIL = "pakn_1022_evidence.swept"
# Columns of addons that need not be there, and fields of their relations
OPTIONAL = frozenset(
    ("public_title", "public_description", "public_result", "public_name")
    + ("public_latitude", "public_longitude", "is_shown", "date_shown")
    + ("is_phone_verified", "date_erased", "date_withheld", "pakn_date")
    + tuple(FURTHER_PLACES)
    + tuple(TABLES[kind].table for kind in SWEPT)
)
