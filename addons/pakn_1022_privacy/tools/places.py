"""Where words of people stand beside the request itself, table by table.

Nothing of Odoo. Removal reads it and nothing else: an addon that keeps what people said
or who they are in a table of its own adds a row. A table or column that is not there
(its addon is not installed) is passed over.

Conditions are SQL over the arrays of :class:`Person`, each by its name.
"""

from typing import NamedTuple


class Person(NamedTuple):
    """What the rows of somebody are found by; ids of the database, texts as stored."""

    tickets: list[int]
    slips: list[int]
    messages: list[int]
    partners: list[int]
    phones: list[str]  # in E.164
    emails: list[str]  # in small letters


class Place(NamedTuple):
    """Rows of a table, and what becomes of them.

    ``empty``: columns and what stands in them afterwards; ``None`` for whole rows that
    go. Names of ``{words}`` are those of the removal in the reader's language.
    """

    table: str
    where: str
    empty: dict[str, str | None] | None
    # Tables the condition reads, which need not be there
    needs: tuple[str, ...] = ()


_CALLS = """private_number = ANY(%(phones)s::text[])
    OR private_caller = ANY(%(phones)s::text[])
    OR private_called = ANY(%(phones)s::text[])
    OR id IN (SELECT call_id FROM pakn_call_ticket_rel
               WHERE ticket_id = ANY(%(tickets)s::int[]))"""
# Conversations: by their request, a proved phone, or the contact
CHANNELS = """SELECT id FROM discuss_channel WHERE channel_type = 'pakn_chat' AND (
        pakn_ticket_id = ANY(%(tickets)s::int[]) OR pakn_phone = ANY(%(phones)s::text[])
        OR pakn_citizen_id = ANY(%(partners)s::int[]))"""
CHANNEL_MESSAGES = f"""SELECT id FROM mail_message
     WHERE model = 'discuss.channel' AND res_id IN ({CHANNELS})"""
_MESSAGE = "mail_message_id = ANY(%(messages)s::int[])"

PLACES = (
    Place(
        "mail_mail", f"{_MESSAGE} OR lower(email_to) = ANY(%(emails)s::text[])", None
    ),
    Place("mail_tracking_value", _MESSAGE, None),
    Place("mail_notification", _MESSAGE, None),
    Place(
        "mail_followers",
        "res_model IN ('pakn.ticket', 'pakn.transfer')"
        " AND partner_id = ANY(%(partners)s::int[])",
        None,
    ),
    Place(
        "mail_activity",
        "(res_model = 'pakn.ticket' AND res_id = ANY(%(tickets)s::int[]))"
        " OR (res_model = 'pakn.transfer' AND res_id = ANY(%(slips)s::int[]))",
        {"summary": None, "note": None, "res_name": None},
    ),
    Place(
        "pakn_notice",
        "ticket_id = ANY(%(tickets)s::int[])",
        {"note": None, "reason": None},
    ),
    Place("pakn_undo", "ticket_id = ANY(%(tickets)s::int[])", None),
    Place(
        "pakn_mail",
        "ticket_id = ANY(%(tickets)s::int[])"
        " OR EXISTS (SELECT FROM unnest(%(emails)s::text[]) email"
        " WHERE position(email IN lower(pakn_mail.email_from)) > 0)",
        {"email_from": None, "subject": None, "message_id": None, "error": None},
    ),
    # SMS, in and out
    Place(
        "sms_sms",
        "pakn_ticket_id = ANY(%(tickets)s::int[]) OR number = ANY(%(phones)s::text[])",
        {"number": None, "body": None, "pakn_reason": None},
    ),
    Place(
        "pakn_sms_receipt",
        "ticket_id = ANY(%(tickets)s::int[]) OR number = ANY(%(phones)s::text[])"
        " OR ltrim(number, '+') = ANY("
        "SELECT ltrim(phone, '+') FROM unnest(%(phones)s::text[]) phone)",
        {"number": None, "text": None, "piece_data": None, "piece_key": None}
        | {"reason": None},
    ),
    # The telephone; what was said first, while the call still tells whose it is
    Place(
        "pakn_call_transcript",
        f"call_id IN (SELECT id FROM pakn_call WHERE {_CALLS})",
        {"text": None},
        ("pakn_call", "pakn_call_ticket_rel"),
    ),
    Place(
        "pakn_call",
        _CALLS,
        dict.fromkeys(
            ("private_number", "private_caller", "private_called", "private_name")
            + ("note", "facts")
        ),
        ("pakn_call_ticket_rel",),
    ),
    Place(
        "pakn_call_back",
        "private_number = ANY(%(phones)s::text[])",
        {"private_number": "", "note": None},
    ),
    # Conversations; the messages first, while the channel still tells whose it is
    Place(
        "pakn_chat_event",
        "(account_id, identity) IN (SELECT pakn_account_id, pakn_outside_id"
        f" FROM discuss_channel WHERE id IN ({CHANNELS}))",
        None,
        ("discuss_channel.pakn_ticket_id",),
    ),
    Place(
        "pakn_chat_message",
        f"channel_id IN ({CHANNELS})",
        {"text": None, "reason": None},
        ("discuss_channel.pakn_ticket_id",),
    ),
    Place(
        "pakn_chat_file",
        f"channel_id IN ({CHANNELS})",
        {"url": None, "name": None, "attachment_id": None},
        ("discuss_channel.pakn_ticket_id",),
    ),
    Place(
        "mail_notification",
        f"mail_message_id IN ({CHANNEL_MESSAGES})",
        None,
        ("discuss_channel.pakn_ticket_id",),
    ),
    Place(
        "mail_message",
        f"id IN ({CHANNEL_MESSAGES})",
        {"body": "", "subject": None, "email_from": None, "reply_to": None},
        ("discuss_channel.pakn_ticket_id",),
    ),
    Place(
        "mail_guest",
        f"id IN (SELECT pakn_guest_id FROM discuss_channel WHERE id IN ({CHANNELS}))",
        {"name": "{words}"},
        ("discuss_channel.pakn_ticket_id",),
    ),
    Place(
        "discuss_channel",
        f"id IN ({CHANNELS})",
        {"name": "{words}", "description": None, "pakn_phone": None}
        | {"pakn_last_text": None, "pakn_helper": None, "pakn_outside_id": None},
        ("discuss_channel.pakn_ticket_id",),
    ),
    # The citizens' site
    Place(
        "pakn_question_answer",
        "ticket_id = ANY(%(tickets)s::int[])",
        {"value": "{words}"},
    ),
    Place("pakn_abuse", "ticket_id = ANY(%(tickets)s::int[])", {"note": None}),
    Place("pakn_subscription", "lower(email) = ANY(%(emails)s::text[])", None),
    Place("pakn_supporter", "phone = ANY(%(phones)s::text[])", {"phone": None}),
    Place("pakn_phone_code", "number = ANY(%(phones)s::text[])", None),
    # What is being told to open screens; gone within minutes anyway
    Place(
        "bus_bus",
        "EXISTS (SELECT FROM unnest(%(phones)s::text[] || %(emails)s::text[]) known"
        " WHERE position(known IN bus_bus.message) > 0)",
        None,
    ),
    # What was looked for in exports
    Place(
        "pakn_export_log",
        "EXISTS (SELECT FROM unnest(%(phones)s::text[] || %(emails)s::text[]) known"
        " WHERE position(known IN pakn_export_log.domain) > 0)",
        {"domain": "[]"},
    ),
)
# Keys of the payload of an act that hold facts and no words
FACTS = frozenset(
    ("rating", "round", "level", "open", "length", "left_out", "door", "acts")
    + ("date_deadline", "date_promised", "date_extended", "document", "kind")
    + ("sha256", "taken")
)
# Acts of which nothing is removed: numbers of documents, and what was removed before
WHOLE = frozenset(("documented", "erased", "file_removed"))
