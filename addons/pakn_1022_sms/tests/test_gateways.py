import base64
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import uuid
from unittest.mock import patch

from lxml import etree

from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools.gateways import GATEWAYS, Outgoing, base, smpp
from .smsc import HttpPeer, Smsc, free_port

LONG = "Sở Xây dựng hẹn trả lời phản ánh của Ông/Bà trước 16:30 thứ Hai. " * 2


def make(text="Da tiep nhan", number="+84905123456", **values):
    return Outgoing(
        uuid=uuid.uuid4().hex, number=number, text=text, sender="1022GiaLai", **values
    )


class GatewayCase(BaseCase):
    def send(self, gateway, config, messages):
        config = {"username": "u", "password": "secret", **config}
        with GATEWAYS[gateway](config) as session:
            return session.send(messages)


@tagged(*TAGS)
class TestSmpp(GatewayCase):
    """Against an SMSC that speaks the real protocol."""

    def setUp(self):
        super().setUp()
        self.receipts = []
        self.startPatcher(patch.object(smpp, "THROTTLE_PAUSE", 0.01))

    def run_smpp(self, smsc, messages, listen=True, **config):
        config = {
            "host": "127.0.0.1",
            "port": smsc.port,
            "username": "u",
            "password": "secret",
            "window": 10,
            **config,
        }
        with GATEWAYS["smpp"](config, self.receipts.append) as gateway:
            results = gateway.send(messages)
            if listen:
                gateway.listen(0.3)
        return results

    def test_vietnamese_with_accents_arrives_joined(self):
        with Smsc() as smsc:
            [result] = self.run_smpp(smsc, [make(LONG)])
        self.assertEqual(smsc.messages, [("1022GiaLai", "84905123456", LONG, 2)])
        self.assertEqual(result.outcome, base.ACCEPTED)
        self.assertEqual(len(result.references), 2)

    def test_plain_text_is_seven_bits_and_twice_as_long(self):
        with Smsc() as smsc:
            self.run_smpp(smsc, [make("a" * 160), make("b" * 161)])
        self.assertEqual([message[3] for message in smsc.messages], [1, 2])

    def test_receipts_name_the_message(self):
        with Smsc() as smsc:
            [first] = self.run_smpp(smsc, [make()])
            smsc.receipt = "UNDELIV"
            [second] = self.run_smpp(smsc, [make()])
        self.assertEqual(
            [(receipt.reference, receipt.outcome) for receipt in self.receipts],
            [(first.references[0], "delivered"), (second.references[0], "failed")],
        )

    def test_a_citizens_message_comes_in(self):
        with Smsc() as smsc:
            smsc.outbox.append(("3 chưa sửa xong", "84905123456", None))
            self.run_smpp(smsc, [], listen=True)
        [receipt] = self.receipts
        self.assertEqual(
            (receipt.number, receipt.text), ("84905123456", "3 chưa sửa xong")
        )

    def test_throttled_messages_are_sent_later_once_each(self):
        messages = [make(number=f"+8490512{i:04d}") for i in range(30)]
        with Smsc() as smsc:
            smsc.throttle = 25
            results = self.run_smpp(smsc, messages)
        self.assertEqual({result.outcome for result in results}, {base.ACCEPTED})
        numbers = [number for number, _id in smsc.submits]
        self.assertEqual(sorted(numbers), sorted(m.number[1:] for m in messages))

    def test_throttled_for_long_is_tried_again_another_time(self):
        with Smsc() as smsc:
            smsc.throttle = 10**6
            [result] = self.run_smpp(smsc, [make()])
        self.assertEqual(result.outcome, base.RETRY)
        self.assertFalse(smsc.messages)

    def test_disconnected_in_the_middle_of_a_thousand(self):
        messages = [make(number=f"+8490512{i:04d}") for i in range(1000)]
        with Smsc() as smsc:
            smsc.receipt, smsc.drop_after = None, 500
            results = self.run_smpp(smsc, messages, listen=False)
        outcomes = [result.outcome for result in results]
        taken = {number for number, _id in smsc.submits}
        self.assertEqual(len(taken), len(smsc.submits), "none twice")
        unknown = outcomes.count(base.UNKNOWN)
        self.assertTrue(1 <= unknown <= 10, unknown)
        self.assertEqual(outcomes.count(base.ACCEPTED), 1000 - unknown)
        for message, result in zip(messages, results, strict=True):
            if message.number[1:] not in taken:
                self.assertEqual(result.outcome, base.UNKNOWN)

    def test_wrong_password(self):
        with Smsc(password="another") as smsc:
            results = self.run_smpp(smsc, [make(), make()], listen=False)
        self.assertEqual({result.outcome for result in results}, {base.ACCOUNT})
        self.assertFalse(smsc.messages)

    def test_encrypted_and_the_certificate_is_checked(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        subprocess.run(
            [
                *[
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-days",
                    "2",
                ],
                *("-keyout", f"{folder}/key", "-out", f"{folder}/certificate"),
                *("-subj", "/CN=smsc"),
            ],
            check=True,
            capture_output=True,
        )
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(f"{folder}/certificate", f"{folder}/key")
        with Smsc(tls=tls) as smsc:
            [result] = self.run_smpp(smsc, [make()], listen=False, use_tls=True)
            self.assertEqual(result.outcome, base.RETRY, "nobody vouches for it")
            self.assertFalse(smsc.messages)
            with patch.dict(os.environ, SSL_CERT_FILE=f"{folder}/certificate"):
                [result] = self.run_smpp(smsc, [make()], use_tls=True)
            self.assertEqual(result.outcome, base.ACCEPTED)
            self.assertEqual(len(smsc.messages), 1)

    def test_gateway_down(self):
        config = {"host": "127.0.0.1", "port": free_port(), "window": 5}
        [result] = self.send("smpp", config, [make()])
        self.assertEqual(result.outcome, base.RETRY)


@tagged(*TAGS)
class TestHttp(GatewayCase):
    """Against peers that answer as channels.md says the gateways do."""

    def check(self, gateway, cases, **config):
        with HttpPeer() as peer:
            config = {"url": peer.url, **config}
            for answer, outcome in cases:
                peer.answer = (
                    answer
                    if isinstance(answer, tuple)
                    else (
                        200,
                        json.dumps(answer).encode(),
                    )
                )
                with self.subTest(answer):
                    [result] = self.send(gateway, config, [make()])
                    self.assertEqual(result.outcome, outcome)
            peer.answer = None
            [result] = self.send(gateway, config, [make()])
            self.assertEqual(result.outcome, base.UNKNOWN, "taken and not answered")
            peer.answer = (502, b"<html>")
            [result] = self.send(gateway, config, [make()])
            self.assertEqual(result.outcome, base.UNKNOWN)
            requests = peer.requests
        config["url"] = f"http://127.0.0.1:{free_port()}"
        [result] = self.send(gateway, config, [make()])
        self.assertEqual(result.outcome, base.RETRY, "nobody there")
        self.assertNotIn("secret", result.reason)
        return requests

    def test_esms(self):
        requests = self.check(
            "esms",
            [
                ({"CodeResult": "100", "SMSID": "s1"}, base.ACCEPTED),
                ({"CodeResult": "124"}, base.ACCEPTED),
                ({"CodeResult": "101"}, base.ACCOUNT),
                ({"CodeResult": "103"}, base.CREDIT),
                ({"CodeResult": "108"}, base.NUMBER),
                ({"CodeResult": "146"}, base.TEMPLATE),
                ({"CodeResult": "555"}, base.OTHER),
                ((200, b"no json"), base.UNKNOWN),
                ((429, b""), base.RETRY),
                ((401, b""), base.ACCOUNT),
            ],
        )
        body = json.loads(requests[0][2])
        self.assertEqual(
            (body["Phone"], body["Brandname"], body["SmsType"], body["IsUnicode"]),
            ("84905123456", "1022GiaLai", "2", "0"),
        )
        self.assertEqual(len(body["RequestId"]), 32)
        esms = GATEWAYS["esms"]({})
        for values, outcome in (
            ({"SendStatus": "5", "SendSuccess": "1"}, "delivered"),
            ({"SendStatus": "5", "SendSuccess": "0", "SendFailed": "1"}, "failed"),
            ({"SendStatus": "2"}, ""),
        ):
            self.assertEqual(esms.parse_receipt(values)[0].outcome, outcome)

    def test_speedsms(self):
        requests = self.check(
            "speedsms",
            [
                (
                    {"status": "success", "data": {"tranId": 7, "invalidPhone": []}},
                    base.ACCEPTED,
                ),
                (
                    {
                        "status": "success",
                        "data": {"tranId": 7, "invalidPhone": ["84905123456"]},
                    },
                    base.NUMBER,
                ),
                ({"status": "error", "code": "105"}, base.NUMBER),
                ({"status": "error", "code": "300"}, base.CREDIT),
                ({"status": "error", "code": "500"}, base.RETRY),
            ],
        )
        token = base64.b64decode(requests[0][1]["Authorization"].split()[1])
        self.assertEqual(token, b"secret:x")
        gateway = GATEWAYS["speedsms"]({})
        for status, outcome in ((0, "delivered"), (20, ""), (64, "failed")):
            [receipt] = gateway.parse_receipt({"tranId": 7, "status": status})
            self.assertEqual((receipt.reference, receipt.outcome), ("7", outcome))
        [inbound] = gateway.parse_receipt(
            {"type": "incoming", "phone": "84905123456", "content": "1"}
        )
        self.assertEqual((inbound.number, inbound.text), ("84905123456", "1"))

    def test_vnpt(self):
        def reply(code):
            return {"RPLY": {"name": "send_sms_list", "ERROR": code}}

        requests = self.check(
            "vnpt",
            [
                (reply("0"), base.ACCEPTED),
                (reply("33"), base.ACCEPTED),
                (reply("7"), base.TEMPLATE),
                (reply("23"), base.NUMBER),
                (reply("1"), base.ACCOUNT),
            ],
            contract="9",
        )
        body = json.loads(requests[0][2])["RQST"]
        self.assertEqual((body["CONTRACTTYPEID"], body["CONTRACTID"]), ("1", "9"))
        with HttpPeer((200, json.dumps(reply("0")).encode())) as peer:
            self.send(
                "vnpt",
                {"url": peer.url},
                [make(template="55", places=("GL26-1", "Sở Y tế"))],
            )
            [body] = peer.bodies()
        self.assertEqual(body["RQST"]["TEMPLATEID"], "55")
        self.assertEqual(
            body["RQST"]["PARAMS"],
            [
                {"NUM": "1", "CONTENT": "GL26-1"},
                {"NUM": "2", "CONTENT": "Sở Y tế"},
            ],
        )

    def test_viettel(self):
        def reply(result, text):
            return (
                200,
                f"""<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">
                <S:Body><ns2:wsCpMtResponse xmlns:ns2="http://impl.bulkSms.ws/"><return>
                <message>{text}</message><result>{result}</result></return>
                </ns2:wsCpMtResponse></S:Body></S:Envelope>""".encode(),
            )

        requests = self.check(
            "viettel",
            [
                (reply(1, "Insert MT_QUEUE: OK"), base.ACCEPTED),
                (
                    reply(0, "Check template: CONTENT_NOT_MATCH_TEMPLATE"),
                    base.TEMPLATE,
                ),
                (reply(0, "Authenticate: IP_INVALID"), base.ACCOUNT),
                (reply(0, "Check ReceiverID: FORMAT_ERROR"), base.NUMBER),
                ((200, b"<broken"), base.UNKNOWN),
            ],
            contract="GL",
        )
        envelope = etree.fromstring(requests[0][2])
        call = envelope.find(".//{http://impl.bulkSms.ws/}wsCpMt")
        self.assertEqual(
            " ".join(child.tag for child in call),
            "User Password CPCode RequestID UserID ReceiverID ServiceID "
            "CommandCode Content ContentType",
        )
        self.assertTrue(call.findtext("RequestID").isdigit())

    def test_fpt(self):
        def answer(path, body):
            if path.endswith("/oauth2/token"):
                return 200, b'{"access_token": "t1", "expires_in": 3600}'
            if json.loads(body)["access_token"] != "t1":
                return 200, b'{"error": 1011, "error_description": "token"}'
            return 200, b'{"MessageId": "f1"}'

        with HttpPeer(answer) as peer:
            results = self.send("fpt", {"url": peer.url}, [make("Đã nhận"), make()])
            paths = [path for path, _headers, _body in peer.requests]
            text = base64.b64decode(peer.bodies()[1]["Message"]).decode()
        self.assertEqual({result.outcome for result in results}, {base.ACCEPTED})
        self.assertEqual(len(paths), 3, "one token for both")
        self.assertEqual(text, "Đã nhận")

    def test_http_described_by_settings(self):
        config = {
            "auth": "bearer",
            "body": '{"a": [{"to": "{number_plus}", "m": "{text}"}], "id": "{uuid}"}',
            "success_path": "r.0.code",
            "success_value": "OK",
            "reference_path": "r.0.id",
            "error_path": "r.0.why",
            "retry_values": "BUSY, LATER",
            "receipt_uuid_path": "id",
            "receipt_status_path": "s",
            "receipt_delivered": "2",
            "receipt_failed": "3,4",
        }
        requests = self.check(
            "http",
            [
                ({"r": [{"code": "OK", "id": 5}]}, base.ACCEPTED),
                ({"r": [{"code": "LATER"}]}, base.RETRY),
                ({"r": [{"code": "NO", "why": "bad"}]}, base.OTHER),
                ({}, base.OTHER),
            ],
            **config,
        )
        path, headers, body = requests[0]
        self.assertEqual(headers["Authorization"], "Bearer secret")
        self.assertEqual(json.loads(body)["a"][0]["to"], "+84905123456")
        gateway = GATEWAYS["http"](config)
        for status, outcome in (("2", "delivered"), ("4", "failed"), ("1", "")):
            [receipt] = gateway.parse_receipt({"id": "u", "s": status})
            self.assertEqual((receipt.uuid, receipt.outcome), ("u", outcome))

    def test_a_text_with_quotes_stays_in_its_place(self):
        with HttpPeer((200, b'{"code": "0"}')) as peer:
            config = {
                "url": peer.url,
                "body": '{"text": "{text}", "key": "{password}"}',
                "success_path": "code",
                "success_value": "0",
            }
            self.send("http", config, [make('a", "x": "{password}\n')])
            [body] = peer.bodies()
        self.assertEqual(body, {"text": 'a", "x": "{password}\n', "key": "secret"})
