from odoo import api, fields, models
from odoo.tools import SQL

# Fields of a request by which its citizen is known
PERSONAL = frozenset(
    ("citizen_name", "citizen_phone", "citizen_address", "citizen_email")
)
# Of these what no list of the screens shows
CLOSE = frozenset(("citizen_address", "citizen_email"))
# What a state secret says
WORDS = frozenset(("title", "description", "result"))
# Rows that are deleted with one statement
BATCH = 10000


class PaknAccessLog(models.Model):
    """Who opened whose data, and when: a row for each person, request and hour.

    Written when somebody of the staff opens a request whose citizen they are told, or
    reads such data by a program, an export, a file or a document of it; not for the
    lists of the screens. Of a state secret its words count too, and lists. The
    administrator reads it; a citizen gets the roles and times of it in the package of
    his or her data.
    """

    _name = "pakn.access.log"
    _description = "Who opened whose data"
    _order = "hour desc, id desc"
    _rec_name = "hour"
    _log_access = False

    ticket_id = fields.Many2one(
        "pakn.ticket", string="Request", required=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="Opened by", required=True, readonly=True
    )
    hour = fields.Datetime(
        string="Within the hour from", required=True, readonly=True, index=True
    )

    _once_unique = models.UniqueIndex("(ticket_id, user_id, hour)")
    _user_idx = models.Index("(user_id, hour DESC)")

    @api.model
    def _note(self, tickets, names=PERSONAL):
        """Note that the user opened these requests, where it is not noted yet.

        One look by the index; a statement that writes only in the first of an hour.

        :param names: of the fields that were read
        """
        user = self.env.user
        if not user._is_internal() or user._is_superuser():
            return
        known = tickets.browse()
        if not PERSONAL.isdisjoint(names):
            known = tickets._filter_citizen_known()
        elif not WORDS.isdisjoint(names):
            # sudo: how secret it is; the caller has read it
            known = tickets.sudo().filtered(lambda one: one.secrecy == "secret")
        if not known:
            return
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        noted = self.env.execute_query(
            SQL(
                """SELECT ticket_id FROM pakn_access_log
                    WHERE ticket_id = ANY(%s) AND user_id = %s AND hour = %s""",
                known.ids,
                user.id,
                hour,
            )
        )
        missing = sorted(set(known.ids) - {number for [number] in noted})
        if missing:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO pakn_access_log (ticket_id, user_id, hour)
                       SELECT unnest(%s), %s, %s ON CONFLICT DO NOTHING""",
                    missing,
                    user.id,
                    hour,
                )
            )
