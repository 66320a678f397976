from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools.log_filter import clean
from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestIdentity(PaknCase):
    """Who asks is never taken from what somebody merely says (design 9, Art. 13.1)."""

    def written_to(self, ticket, **values):
        """Have the operator write to the citizen; return the addresses it goes to."""
        message = ticket.with_user(self.operator).message_post(
            body="Xin ông/bà cho biết thêm.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )
        notified = message.sudo().notification_ids
        self.assertFalse(
            notified.res_partner_id.filtered("partner_share"), "no contact is told"
        )
        return notified.mapped("mail_email_address")

    # ------------------------------------------------------------
    # A CONTACT IS NO ADDRESS
    # ------------------------------------------------------------

    def test_art13_1_wife_and_husband_with_one_phone(self):
        """Her confidential answer goes to her address, not to his."""
        husband = self.new_ticket(
            citizen_phone="0905777101", citizen_email="chong@example.com"
        )
        wife = self.new_ticket(
            citizen_phone="0905777101",
            citizen_email="vo@example.com",
            secrecy="confidential",
        )
        self.assertEqual(wife.citizen_id, husband.citizen_id, "one phone, one group")
        self.assertEqual(
            self.written_to(wife, partner_ids=wife.sudo().citizen_id.ids),
            ["vo@example.com"],
        )
        self.assertEqual(self.written_to(husband), ["chong@example.com"])

    def test_art13_1_followers_and_strangers_get_nothing(self):
        stranger = self.env["res.partner"].create(
            {"name": "Người lạ", "email": "la@example.com"}
        )
        ticket = self.new_ticket(citizen_email="toi@example.com")
        ticket.message_subscribe(stranger.ids)
        self.assertEqual(
            self.written_to(ticket, partner_ids=stranger.ids), ["toi@example.com"]
        )

    def test_art10_1_without_mail_the_next_door_tells(self):
        ticket = self.new_ticket(citizen_email=False)
        self.assertEqual(self.written_to(ticket), [])
        event = ticket.sudo().event_ids.sorted("id")[-1]
        self.assertEqual(event.kind, "wrote")
        self.assertIn("cho biết thêm", event.payload["text"])

    def test_art13_1_a_note_goes_to_nobody_outside(self):
        ticket = self.new_ticket(citizen_email="toi@example.com")
        message = ticket.with_user(self.operator).message_post(body="Nội bộ")
        self.assertFalse(message.sudo().notification_ids)
        self.assertNotIn("wrote", self.kinds(ticket))

    def test_the_composer_proposes_no_contact(self):
        ticket = self.new_ticket(citizen_email="toi@example.com")
        other = self.env["res.partner"].create(
            {"name": "Khác", "email": "khac@example.com"}
        )
        ticket.message_subscribe(other.ids)
        proposed = ticket.with_user(self.operator)._message_get_suggested_recipients(
            reply_discussion=True
        )
        self.assertEqual(proposed, [])

    # ------------------------------------------------------------
    # CONTACTS
    # ------------------------------------------------------------

    def test_what_an_account_says_of_itself_proves_nothing(self):
        """Who writes a victim's number into the own account is not the victim."""
        portal = self.env["res.users"].create(
            {
                "name": "Người có tài khoản",
                "login": "portal_liar",
                "phone": "+84905777102",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        self.assertEqual(portal.partner_id.phone_sanitized, "+84905777102")
        ticket = self.new_ticket(citizen_phone="0905777102", citizen_email=False)
        self.assertNotEqual(ticket.citizen_id, portal.partner_id)

    def test_an_archived_contact_stops_nobody_from_reporting_again(self):
        first = self.new_ticket(citizen_phone="0905777103", citizen_email="a@e.com")
        contact = first.sudo().citizen_id
        contact.active = False
        again = self.new_ticket(citizen_phone="0905777103", citizen_email="a@e.com")
        self.assertTrue(again.citizen_id)
        self.assertNotEqual(again.citizen_id, contact)

    def test_a_number_of_a_colleague_s_contact_stops_nobody(self):
        """By what a contact is known that is a colleague's now, another is not."""
        contact = self.new_ticket(citizen_phone="0905777104").sudo().citizen_id
        self.focal.partner_id = contact
        again = self.new_ticket(citizen_phone="0905777104", citizen_email=False)
        self.assertTrue(again.citizen_id.exists())
        self.assertNotEqual(again.citizen_id, contact)

    def test_an_erased_contact_leaves_its_requests(self):
        ticket = self.new_ticket(citizen_phone="0905777105", citizen_email=False)
        self.deliver()
        ticket.sudo().citizen_id.unlink()
        self.env.invalidate_all()
        self.assertFalse(ticket.citizen_id)
        self.assertEqual(ticket.citizen_phone, "+84905777105")
        self.assertTrue(self.new_ticket(citizen_phone="0905777105").citizen_id)

    def test_two_contacts_of_one_person_are_merged_both_ways(self):
        for reverse in (False, True):
            with self.subTest(reverse=reverse):
                end = int(reverse)
                by_phone = self.new_ticket(
                    citizen_phone=f"090577711{end}", citizen_email=False
                )
                by_mail = self.new_ticket(
                    citizen_phone=False, citizen_email=f"merge{end}@example.com"
                )
                contacts = by_phone.sudo().citizen_id, by_mail.sudo().citizen_id
                kept, gone = reversed(contacts) if reverse else contacts
                wizard = self.env["base.partner.merge.automatic.wizard"].create({})
                wizard._merge((kept | gone).ids, kept)
                self.env.invalidate_all()
                self.assertFalse(gone.exists())
                self.assertEqual(by_phone.sudo().citizen_id, kept)
                self.assertEqual(by_mail.sudo().citizen_id, kept)
                self.assertEqual(kept.pakn_phone, f"+8490577711{end}")
                self.assertEqual(kept.pakn_email, f"merge{end}@example.com")

    # ------------------------------------------------------------
    # THE CITIZEN'S KEY
    # ------------------------------------------------------------

    def test_no_member_of_staff_reads_the_key(self):
        ticket = self.done()
        key = ticket.sudo().access_token
        for user in (self.operator, self.manager, self.monitor, self.focal):
            own = ticket.with_user(user)
            with self.subTest(user.login):
                for read in (
                    lambda own=own: own.read(["access_token"]),
                    lambda own=own: own.search([("access_token", "=", key)]),
                    lambda own=own: own.search([], order="access_token"),
                    lambda own=own: own.formatted_read_group([], ["access_token"]),
                ):
                    with self.assertRaises(AccessError):
                        read()
                self.assertNotIn(key, str(own.read()))
                self.assertNotIn(key, own.get_portal_url())
                self.assertNotIn(key, own._get_share_url(redirect=True))
                share = self.env["portal.share"].with_user(user)
                try:
                    link = share.create(
                        {"res_model": ticket._name, "res_id": ticket.id}
                    ).share_link
                except AccessError:
                    continue
                self.assertNotIn(key, link or "")

    def test_mails_to_staff_have_no_key_of_the_citizen(self):
        ticket = self.transferred()
        self.lead_slip(ticket, self.focal).answer("<p>Xong.</p>")
        self.deliver()
        key = ticket.sudo().access_token
        mails = self.env["mail.mail"].search([])
        staff = mails.filtered(
            lambda mail: (ticket.citizen_email or "-") not in (mail.email_to or "")
        )
        self.assertTrue(staff)
        for mail in staff:
            self.assertNotIn(key, str(mail.body_html))

    def test_the_key_is_renewed_on_record(self):
        ticket = self.new_ticket()
        key = ticket.sudo().access_token
        ticket.renew_link()
        self.assertNotEqual(ticket.sudo().access_token, key)
        self.assertEqual(self.kinds(ticket)[-1], "link_renewed")
        with self.assertRaises(AccessError):
            self.transferred().with_user(self.focal).renew_link()

    def test_art13_an_older_link_does_not_rate_either(self):
        ticket = self.done()
        ratings = self.env["rating.rating"]
        keys = {ticket.sudo()._rating_get_access_token()}
        ticket.renew_link()
        self.assertFalse(ratings.search([("access_token", "in", list(keys))]))
        keys.add(ticket.sudo()._rating_get_access_token())
        self.assertEqual(len(keys), 2)
        # Nor does it show the grade that was given meanwhile
        ticket.rate(5)
        ticket.renew_link()
        self.assertFalse(ratings.search([("access_token", "in", list(keys))]))
        self.assertEqual(ticket.sudo().rating_ids.rating, 5)

    def test_no_key_stands_in_the_log(self):
        for line, kept in (
            ('"GET /tra-cuu/GL26-000001-2?access_token=abc-1 HTTP/1.1" 200', "abc-1"),
            ('"POST /rate/geheim/5 HTTP/1.1" 200', "geheim"),
            ('"GET /x?a=1&token=geheim&b=2 HTTP/1.1"', "geheim"),
        ):
            self.assertNotIn(kept, clean(line))
        self.assertIn("b=2", clean('"GET /x?token=geheim&b=2"'))
        self.assertEqual(clean("GET /\nFAKE LINE\x1b[2J"), "GET /\n    FAKE LINE [2J")
