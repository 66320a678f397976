from odoo import api, models

from ..tools.held import FROM, MENTIONS, OF_TICKETS, Place

_MESSAGE = "mail_message_id = ANY(%(messages)s::int[])"
MAILS = f"""
    SELECT file.id FROM ir_attachment file JOIN pakn_mail mail ON mail.id = file.res_id
     WHERE file.res_model = 'pakn.mail' AND (mail.ticket_id = ANY(%(tickets)s::int[])
        OR {FROM.format(column="mail.email_from")})
"""


class PaknHeld(models.AbstractModel):
    """What addons hold of people beside the requests (Law 91/2025/QH15); hooks.

    Each addon that keeps of somebody says so here, of its own tables alone: what of it
    is shown to who asks, where it stands, how long it is kept, and why it is there. Who
    calls has the right to see it, or to remove it.
    """

    _name = "pakn.held"
    _description = "What is held of a person"

    @api.model
    def _get_held(self, phone):
        """Return what is held of a phone beside its requests.

        :param str phone: E.164
        :return: ``[{"key", "title", "rows": [{"when", "text", ...}]}]``, oldest first;
            ``when`` is UTC, all else JSON can hold
        """
        return []

    @api.model
    def _get_places(self):
        """Return where words of people and who they are stand beside the requests.

        :return: list of :class:`~..tools.held.Place`, in the order they are emptied in:
            what tells whose another row is comes after it
        """
        return [
            Place(
                "mail_mail",
                f"{_MESSAGE} OR lower(email_to) = ANY(%(emails)s::text[])",
                None,
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
            Place("pakn_notice", OF_TICKETS, {"note": None, "reason": None}),
            Place("pakn_undo", OF_TICKETS, None),
            Place(
                "pakn_mail",
                f"{OF_TICKETS} OR {FROM.format(column='pakn_mail.email_from')}",
                dict.fromkeys(("email_from", "subject", "message_id", "error")),
            ),
            Place("pakn_phone_code", "number = ANY(%(phones)s::text[])", None),
            # What is being told to open screens; gone within minutes anyway
            Place("bus_bus", MENTIONS.format(column="bus_bus.message"), None),
        ]

    @api.model
    def _get_files(self, person):
        """Return the files held of a person beside those of the requests.

        :param person: :class:`~..tools.held.Person`
        :return: set of ids of ``ir.attachment``
        """
        self.env.cr.execute(MAILS, person._asdict())
        return {number for [number] in self.env.cr.fetchall()}

    @api.model
    def _release(self, person, files):
        """Remove what lies in other files, and let go of those that are deleted next.

        :param person: :class:`~..tools.held.Person`
        :param files: ids of ``ir.attachment``, those of the requests among them
        """

    @api.model
    def _get_kept(self):
        """Return what goes after its time, ``{key: :class:`~..tools.held.Kept`}``."""
        return {}

    @api.model
    def _get_processing(self):
        """Return what the register of processing says of this, as it is proposed.

        :return: ``{key: values of pakn.processing}`` with texts in the language of
            ``env``
        """
        return {}
