import logging
from collections import Counter
from datetime import timedelta

from smpplib import smpp
from smpplib.client import Client

from odoo import fields
from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import gsm
from ..tools.gateways.smpp import SmppGateway
from ..tools.incoming_sms import GAP, join_pieces
from ..tools.segments import count_segments, split_segments
from .common import SmsCase
from .sms_sequences import (
    NUMBER,
    TEXTS,
    UCS2,
    Delivered,
    iterate_sequences,
    make_body,
    pack,
)

_logger = logging.getLogger(__name__)

SEQUENCES = list(iterate_sequences())


def receive(items):
    """Return what the gateway makes of PDUs, each as the bytes that arrive."""
    receipts = []
    gateway = SmppGateway({}, receipts.append)
    client = Client("127.0.0.1", 1, allow_unknown_opt_params=True)
    for item in items:
        body = make_body(item)
        head = (16 + len(body)).to_bytes(4, "big") + b"\0\0\0\5" + bytes(8)
        gateway.receive(
            smpp.parse_pdu(head + body, client=client, allow_unknown_opt_params=True)
        )
    return receipts


@tagged(*TAGS)
class TestIncomingTools(BaseCase):
    """``tools/``: pieces of messages, as bytes."""

    def test_art14_each_sequence_is_the_message_that_was_sent(self):
        figures = Counter()
        for sequence in SEQUENCES:
            with self.subTest(sequence.name):
                receipts = receive(sequence.delivered)
                self.assertEqual(len(receipts), len(sequence.delivered))
                texts, missing = [], ()
                for number in dict.fromkeys(receipt.number for receipt in receipts):
                    mine = [r for r in receipts if r.number == number]
                    pieces = [r.piece for r in mine if r.piece]
                    texts += [r.text for r in mine if not r.piece]
                    waiting = join_pieces(pieces)
                    if sequence.missing:
                        self.assertFalse(waiting)
                    for message in join_pieces(pieces, [True] * len(pieces)):
                        texts.append(message.text)
                        missing = missing or message.missing
                self.assertEqual(sorted(texts), sorted(sequence.texts))
                self.assertEqual(bool(missing), sequence.missing)
                figures["lacking a piece" if missing else "whole"] += 1
        _logger.info("SMS sequences: %d, %s", len(SEQUENCES), dict(figures))
        self.assertGreaterEqual(len(SEQUENCES), 120)

    def test_what_is_sent_is_as_many_as_are_counted(self):
        for text, count in {
            "": 1,
            "a" * 160: 1,
            "a" * 161: 2,
            "[" * 80: 1,
            "[" * 81: 2,
            # 152 places and a pair that does not fit in
            "a" * 152 + "€" + "a" * 152 + "€": 3,
            "a" * 152 + "€" + "a" * 7: 2,
            "~" * 76 + "a" + "~" * 76 + "a": 2,
            "~" * 153: 3,
            "^{}\\[~]|€" * 17: 3,
            "ạ" * 70: 1,
            "ạ" * 66 + "😀" + "ạ" * 3: 2,
            "ạ" * 66 + "😀" + "ạ" * 66 + "😀": 3,
            "😀" * 35: 1,
            "😀" * 36: 2,
            "😀" * 66: 2,
            "😀" * 67: 3,
            "§" * 161: 2,
        }.items():
            with self.subTest(text=text[:5], length=len(text)):
                segments = split_segments(text)
                self.assertEqual(len(segments), count)
                self.assertEqual(count_segments(text), count)
                self.assertEqual("".join(segments), text)
                message = type("Message", (), {"text": text})
                parts, coding, esm_class = SmppGateway({}).split(message)
                self.assertEqual(len(parts), count)
                bodies = [part[6:] if esm_class else part for part in parts]
                self.assertLessEqual(max(map(len, parts)), 160 if coding == 0 else 140)
                if coding == 0:
                    self.assertEqual([gsm.decode(body) for body in bodies], segments)
                else:
                    self.assertEqual(
                        [body.decode("utf-16-be") for body in bodies], segments
                    )

    def test_the_alphabet_there_and_back(self):
        text = "".join(sorted(set(gsm.TABLE) | set("^{}\\[~]|€")))
        self.assertTrue(gsm.is_gsm(text))
        self.assertEqual(gsm.decode(gsm.encode(text)), text)
        self.assertFalse(gsm.is_gsm("ạ"))
        for length in range(1, 40):
            data = gsm.encode("Den duong hong, cot so nam doi dien truong"[:length])
            for fill in range(7):
                with self.subTest(length=length, fill=fill):
                    found = gsm.unpack(pack(data, fill), fill)
                    self.assertEqual(found[:length], data)
                    self.assertLessEqual(len(found), length + 1)


@tagged(*TAGS)
class TestIncoming(SmsCase):
    """Art. 14: what citizens send back, in the database."""

    def keep(self, items, minutes_ago=0):
        receipts = self.account._create_receipts(receive(items))
        if minutes_ago:
            moment = fields.Datetime.now() - timedelta(minutes=minutes_ago)
            self.env.cr.execute(
                "UPDATE pakn_sms_receipt SET create_date = %s WHERE id IN %s",
                (moment, tuple(receipts.ids)),
            )
            receipts.invalidate_recordset()
        self.env["pakn.sms.receipt"]._process()
        return receipts

    def messages(self):
        return self.env["pakn.sms.receipt"].search(
            [("number", "=", NUMBER), ("state", "in", ("done", "stray"))], order="id"
        )

    def get(self, name):
        [found] = [s for s in SEQUENCES if s.name == name]
        return found

    def test_art14_a_grade_with_its_reason_in_pieces(self):
        for name in ("a grade with its reason", "Vietnamese"):
            with self.subTest(name):
                ticket = self.done(citizen_phone="0905 123 456")
                sequence = self.get(f"{name}, header of 8 bits, mixed, one twice")
                self.keep(sequence.delivered)
                message = self.messages()[-1]
                self.assertEqual(message.ticket_id, ticket)
                self.assertEqual(message.text, TEXTS[name][0])
                rating = ticket._get_round_rating()
                self.assertEqual((rating.rating, rating.consumed), (1, True))
                self.assertEqual(rating.feedback, TEXTS[name][0][2:])

    def test_a_piece_that_is_missing_is_waited_for_ten_minutes(self):
        sequence = self.get("one piece missing, fields")
        self.keep(sequence.delivered)
        self.assertFalse(self.messages())
        self.keep([], 0)
        self.assertFalse(self.messages())
        moment = fields.Datetime.now() - timedelta(minutes=11)
        self.env.cr.execute("UPDATE pakn_sms_receipt SET create_date = %s", (moment,))
        self.env.invalidate_all()
        self.env["pakn.sms.receipt"]._process()
        [message] = self.messages()
        self.assertEqual(message.text, sequence.texts[0])
        self.assertIn(GAP, message.text)
        self.assertIn("did not arrive", message.reason)

    def test_art14_an_sms_that_names_a_request_of_its_number_is_put_there(self):
        ticket = self.new_ticket(citizen_phone="0905 123 456")
        code = ticket.name[2:].lower()
        for text in (f"Mã {code}. Đèn vẫn hỏng", f"#gl{code} cột số 5 ạ"):
            self.keep([Delivered(text.encode("utf-16-be"), UCS2)])
            message = self.messages()[-1]
            self.assertEqual((message.state, message.ticket_id), ("done", ticket))
            event = ticket.event_ids.filtered(lambda e: e.kind == "replied")[-1]
            self.assertEqual(event.payload["text"], text)
        self.assertTrue(ticket.has_new_reply)
        # A code with a wrong digit, or none: what is open of that number
        wrong = f"{ticket.name[:-1]}{(int(ticket.name[-1]) + 1) % 10}"
        for text in (wrong, "Bao giờ xong ạ?"):
            self.keep([Delivered(text.encode("utf-16-be"), UCS2)])
            self.assertEqual(self.messages()[-1].ticket_id, ticket)
        # Another's request: somebody reads it
        other = self.new_ticket(citizen_phone="0914 222 333")
        self.keep([Delivered(other.name.encode("utf-16-be"), UCS2)])
        self.assertEqual(self.messages()[-1].state, "stray")

    def test_pieces_of_several_sessions_are_one_message(self):
        sequence = self.get("Vietnamese, header of 16 bits, backwards")
        for number, item in enumerate(sequence.delivered):
            self.keep([item], minutes_ago=9 - number)
        [message] = self.messages()
        self.assertEqual(message.text, sequence.texts[0])
        self.assertFalse(message.reason)
        pieces = self.env["pakn.sms.receipt"].search([("state", "=", "piece")])
        self.assertEqual(len(pieces), len(sequence.delivered) - 1)
