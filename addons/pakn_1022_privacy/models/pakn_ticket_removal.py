import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools.held import Person
from odoo.addons.pakn_1022_evidence.tools.tables import TABLES

# Requests whose words are removed with one set of statements
BATCH = 200
FILES = """
    SELECT ir_attachment_id FROM pakn_ticket_attachment_rel
     WHERE pakn_ticket_id = ANY(%(tickets)s::int[])
    UNION SELECT ir_attachment_id FROM pakn_ticket_result_attachment_rel
     WHERE pakn_ticket_id = ANY(%(tickets)s::int[])
    UNION SELECT ir_attachment_id FROM pakn_transfer_attachment_rel
     WHERE pakn_transfer_id = ANY(%(slips)s::int[])
    UNION SELECT attachment_id FROM message_attachment_rel
     WHERE message_id = ANY(%(messages)s::int[])
    UNION SELECT id FROM ir_attachment
     WHERE (res_model = 'pakn.ticket' AND res_id = ANY(%(tickets)s::int[]))
        OR (res_model = 'pakn.transfer' AND res_id = ANY(%(slips)s::int[]))
"""
DOCUMENTS = """
    SELECT file.id, document.id, document.ticket_id FROM ir_attachment file
      JOIN pakn_document document ON document.id = file.res_id
     WHERE file.res_model = 'pakn.document'
       AND document.ticket_id = ANY(%(tickets)s::int[])
"""
# Keys of the payload of an act that hold facts and no words
FACTS = frozenset(
    ("rating", "round", "level", "open", "length", "left_out", "door", "acts")
    + ("date_deadline", "date_promised", "date_extended", "document", "kind")
    + ("sha256", "taken")
)
# Acts of which nothing is removed: numbers of documents, and what was removed before
WHOLE = frozenset(("documented", "erased", "file_removed"))


class PaknTicketRemoval(models.AbstractModel):
    """The words of a request are taken away for good, its facts stay (Law 91/2025).

    A room of ``pakn.ticket``. Who asks for it is no more to be found; the request, its
    slips, acts and ratings are counted as before, and its chains still fit: what of an
    act is left is confirmed by the act that removed the rest (``tools/record.py`` of
    the core), the state without words is sealed anew under another salt, so that the
    seals of before tell nothing any more. ``docs/privacy.md`` says what is kept.
    """

    _name = "pakn.ticket.removal"
    _description = "Removal of words from requests"
    _inherit = "pakn.act.mixin"

    date_erased = fields.Datetime(
        string="Personal data removed on", readonly=True, copy=False, procedure=True
    )

    def _remove_personal_data(self, reason):
        """Remove words, persons and files of these requests for good.

        Whoever calls this has checked the right. Done already: nothing more is done.

        :param str reason: for the record; it names nobody
        :raise UserError: a request that is still handled
        """
        todo = self.filtered(lambda ticket: not ticket.date_erased)
        still_open = todo.filtered(lambda ticket: not ticket.date_closed)
        if still_open:
            raise UserError(
                self.env._(
                    "%s is still handled: its data are removed when it is closed.",
                    still_open._get_codes(),
                )
            )
        for start in range(0, len(todo), BATCH):
            # sudo, acting: the right is checked by who calls this; an act of its own
            todo[start : start + BATCH]._acting()._remove_words(reason)

    def _remove_words(self, reason):
        self._lock()
        self.env["pakn.seal"]._seal_pending()
        self.env.flush_all()
        person = self._find_person()
        words = {word for ticket in self for word in (ticket.search_all or "").split()}
        hashes = self._remove_files(person)
        self._empty_places(person)
        self._empty_rows(person)
        self.env.invalidate_all()
        self._remove_contacts(person)
        self._remove_from_search(words)
        self._seal_anew(person)
        rests = self._remove_words_of_acts(person)
        self.env["pakn.event"]._append(
            [
                ticket._prepare_event(
                    "erased",
                    note=reason,
                    payload={"acts": rests.get(ticket, {})} | hashes.get(ticket.id, {}),
                )
                for ticket in self
            ]
        )
        # Files that nothing names any more leave the file store with this job
        self.env.ref("base.autovacuum_job")._trigger()

    @api.model
    def _remove_beside_requests(self, phone):
        """Remove what is held of a phone that no request bears (any more).

        Calls and their recordings, SMS, conversations, the contact: of who only called
        too. Whoever calls this has checked the right.

        :param str phone: E.164
        """
        self.env.flush_all()
        bears = fields.Domain("date_erased", "=", False)
        if self.search_count(bears & fields.Domain("private_phone", "=", phone)):
            return
        partners = self.env["res.partner"].search([("pakn_phone", "=", phone)])
        others = self.search(
            bears
            & (
                fields.Domain("citizen_id", "in", partners.ids)
                | fields.Domain("account_id", "in", partners.ids)
            )
        )
        partners -= others.citizen_id | others.account_id
        # Colleagues are no citizens
        partners = partners.filtered(lambda one: all(one.user_ids.mapped("share")))
        emails = {one.pakn_email for one in partners} - {False, ""}
        known = self.search(bears & fields.Domain("private_email", "in", list(emails)))
        emails -= set(known.mapped("private_email"))
        person = Person([], [], [], partners.ids, [phone], sorted(emails))
        held = self.env["pakn.held"]
        numbers = sorted(held._get_files(person))
        held._release(person, numbers)
        self.env["ir.attachment"].browse(numbers).exists().unlink()
        self.env.flush_all()
        self._empty_places(person)
        self.env.invalidate_all()
        partners._remove_personal_data()
        self.env.ref("base.autovacuum_job")._trigger()

    # ------------------------------------------------------------
    # WHOSE IT IS, AND WHERE
    # ------------------------------------------------------------

    def _find_person(self):
        """Return the :class:`Person` of these requests.

        A contact of other requests that keep their words is left alone.
        """
        slips = self.transfer_ids
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM mail_message
                    WHERE (model = 'pakn.ticket' AND res_id = ANY(%s))
                       OR (model = 'pakn.transfer' AND res_id = ANY(%s))""",
                self.ids,
                slips.ids,
            )
        )
        partners = self.citizen_id | self.account_id
        phones, emails = set(), set()
        others = self.env["pakn.ticket"].search(
            [
                ("id", "not in", self.ids),
                ("date_erased", "=", False),
                "|",
                ("citizen_id", "in", partners.ids),
                ("account_id", "in", partners.ids),
            ]
        )
        partners -= others.citizen_id | others.account_id
        # Colleagues are no citizens
        partners = partners.filtered(lambda one: all(one.user_ids.mapped("share")))
        for ticket in self:
            phones.add(ticket.private_phone)
            emails.add((ticket.private_email or "").lower())
        for partner in partners:
            phones |= {partner.pakn_phone, partner.phone_sanitized}
            emails |= {partner.pakn_email, partner.email_normalized}
        phones, emails = phones - {False, ""}, emails - {False, ""}
        # What another request of somebody still bears stays
        kept = self.env["pakn.ticket"].search(
            [
                ("id", "not in", self.ids),
                ("date_erased", "=", False),
                "|",
                ("private_phone", "in", list(phones)),
                ("private_email", "in", list(emails)),
            ]
        )
        return Person(
            tickets=self.ids,
            slips=slips.ids,
            messages=[number for [number] in rows],
            partners=partners.ids,
            phones=sorted(phones - set(kept.mapped("private_phone"))),
            emails=sorted(emails - set(kept.mapped("private_email"))),
        )

    # ------------------------------------------------------------
    # TAKING IT AWAY
    # ------------------------------------------------------------

    def _remove_files(self, person):
        """Delete files and the PDFs of documents; return their hashes.

        :return: ``{request: {"files": [SHA-256, …], "documents": [id, …]}}``
        """
        values, cr, seals = person._asdict(), self.env.cr, self.env["pakn.seal"]
        reader = seals._get_reader()
        hashes, numbers = {}, set()
        found = reader.read_rows("file", tickets=self.ids)
        for (ticket, _row), file in sorted(found.items()):
            digest = file.get("sha256")
            if digest:
                kept = hashes.setdefault(ticket, {}).setdefault("files", [])
                kept.append(digest)
        seals._touch("file", [row for _ticket, row in found], tickets=self.ids)
        cr.execute(FILES, values)
        numbers.update(number for [number] in cr.fetchall())
        cr.execute(DOCUMENTS, values)
        for number, document, ticket in cr.fetchall():
            numbers.add(number)
            kept = hashes.setdefault(ticket, {}).setdefault("documents", [])
            kept.append(document)
        held = self.env["pakn.held"]
        numbers |= held._get_files(person)
        held._release(person, sorted(numbers))
        self.env["ir.attachment"].browse(sorted(numbers)).exists().unlink()
        return hashes

    def _empty_places(self, person):
        """Empty, or delete, the rows that addons say are the person's."""
        values, rules = person._asdict(), self.env["pakn.retention"]
        for place in self.env["pakn.held"]._get_places():
            rules._empty(place.table, place.where, place.empty, values)

    def _empty_rows(self, person):
        """Empty what the requests, slips, messages and ratings themselves say."""
        cr, removed = self.env.cr, self.env._("Personal data removed")
        self.env.flush_all()
        cr.execute(
            "UPDATE pakn_transfer SET note = NULL, reason = NULL,"
            " result = CASE WHEN result IS NULL THEN NULL ELSE %s END"
            " WHERE id = ANY(%s)",
            [f"<p>{removed}</p>", person.slips],
        )
        cr.execute(
            """UPDATE rating_rating SET feedback = NULL, publisher_comment = NULL,
                      res_name = NULL
                WHERE res_model = 'pakn.ticket' AND res_id = ANY(%s)""",
            [person.tickets],
        )
        cr.execute(
            """UPDATE mail_message SET body = '', subject = NULL, email_from = NULL,
                      reply_to = NULL, message_id = NULL, incoming_email_cc = NULL,
                      incoming_email_to = NULL, outgoing_email_to = NULL
                WHERE id = ANY(%s)""",
            [person.messages],
        )
        self.env.invalidate_all(flush=False)
        for ticket in self:
            ticket.write(
                dict.fromkeys(
                    (name for name in self._get_word_fields() if ticket[name]), False
                )
                | {
                    "title": removed,
                    "description": f"<p>{removed}</p>",
                    "result": f"<p>{removed}</p>" if ticket.result else False,
                    "date_erased": fields.Datetime.now(),
                    # Its public page would be empty; that it was public stays on record
                    "is_published": False,
                }
            )
        self.env.flush_all()

    def _get_word_fields(self):
        """Return which fields of a request hold words and may be empty."""
        return [
            name
            for name in TABLES["ticket"].hashed
            if name in self._fields and name not in ("title", "description", "result")
        ]

    def _remove_contacts(self, person):
        """Leave nothing of who asked on the contacts, and close their accounts."""
        partners = self.env["res.partner"].browse(person.partners).exists()
        partners._remove_personal_data()

    def _remove_from_search(self, words):
        """Forget those of the words by which no other request is found."""
        self.env.flush_all()
        self.env.cr.execute(
            """DELETE FROM pakn_search_word word
                WHERE word.word = ANY(%s) AND NOT EXISTS (
                    SELECT FROM pakn_ticket ticket
                     WHERE ticket.search_all_vector @@ quote_literal(word.word)::tsquery
                )""",
            [sorted(words)],
        )

    def _seal_anew(self, person):
        """Put the state without words under another salt.

        What the seals of before hold as digests can be tried by nobody any more: who
        has the database does not know the salt.
        """
        cr, seals = self.env.cr, self.env["pakn.seal"]
        self.env.flush_all()
        for ticket in self:
            cr.execute(
                "UPDATE pakn_ticket SET seal_salt = %s WHERE id = %s",
                [secrets.token_hex(16), ticket.id],
            )
        self.invalidate_recordset(["seal_salt"], flush=False)
        reader = seals._get_reader()
        for ticket, recorded in seals._get_recorded(self).items():
            for kind, rows in recorded.items():
                seals._touch_swept(kind, [(ticket, row) for row in rows])
        for kind in TABLES:
            if TABLES[kind].swept:
                continue
            rows = reader.read_rows(kind, tickets=self.ids)
            seals._touch(
                kind,
                [row for _ticket, row in rows],
                reader.get_columns(kind),
            )

    def _remove_words_of_acts(self, person):
        """Return ``{request: {number of an act: hash of what is left of it}}``."""
        events = self.env["pakn.event"].search(
            [("ticket_id", "in", self.ids), ("kind", "not in", list(WHOLE))]
        )
        citizens = (
            self.env["res.users"]
            .with_context(active_test=False)
            .search([("partner_id", "in", person.partners), ("share", "=", True)])
        )
        own = events.filtered(lambda event: event.user_id in citizens)
        result = {}
        for some, with_actors in ((own, True), (events - own, False)):
            wordy = some.filtered(
                lambda event, named=with_actors: named or event.note or event.payload
            )
            for ticket, acts in wordy.grouped("ticket_id").items():
                rests = acts._remove_words(FACTS, with_actors)
                result.setdefault(ticket, {}).update(rests)
        return result
