import contextlib
import logging
import re
import secrets
import ssl
import time
from collections.abc import Sequence
from select import select
from typing import Any

from smpplib import command, consts, exceptions, smpp
from smpplib.client import Client

from ..gsm import encode, is_gsm
from ..incoming_sms import decode_sms, read_piece
from ..segments import split_segments
from .base import (
    ACCEPTED,
    ACCOUNT,
    NUMBER,
    OTHER,
    RETRY,
    UNKNOWN,
    Gateway,
    NotSent,
    Outgoing,
    Receipt,
    Refused,
    Result,
)

# smpplib writes whole messages, with passwords, into its log at level DEBUG, and
# warns of each broken connection, which the results tell.
logging.getLogger("pakn_1022_sms.smpp").setLevel(logging.ERROR)

TIMEOUT = 10
# Seconds after which a throttled message is tried again, and how often
THROTTLE_PAUSE = 0.3
THROTTLE_LIMIT = 20
# A message, the number of its part, and ``(parts, data coding, ESM class)``
Item = tuple[Outgoing, int, tuple[list[bytes], int, int]]
OUTCOMES = {
    consts.SMPP_ESME_RINVDSTADR: NUMBER,
    consts.SMPP_ESME_RINVSRCADR: ACCOUNT,
    consts.SMPP_ESME_RSYSERR: RETRY,
    consts.SMPP_ESME_RMSGQFUL: RETRY,
    consts.SMPP_ESME_RTHROTTLED: RETRY,
}
_RECEIPT = re.compile(rb"id:(\S+).*?stat:(\w+)(?:.*?err:(\S+))?", re.DOTALL)
SAR = ("sar_msg_ref_num", "sar_total_segments", "sar_segment_seqnum")
FINAL = {"DELIVRD": "delivered"}
FAILED = {"EXPIRED", "UNDELIV", "REJECTD", "DELETED"}


class SmppGateway(Gateway):
    """SMPP 3.4 as a transceiver, with a window of messages on their way."""

    can_be_asked = True

    def __enter__(self) -> "SmppGateway":
        self.client, self.bind_error = None, None
        self.waiting, self.results, self.throttled = {}, {}, []
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close(gracefully=exception[0] is None)

    def close(self, gracefully: bool = False) -> None:
        """End the connection, with a farewell if ``gracefully``."""
        client, self.client = self.client, None
        if not client:
            return
        if gracefully:
            with contextlib.suppress(
                exceptions.ConnectionError, exceptions.PDUError, OSError
            ):
                client.send_pdu(_make("unbind", client))
        # The answer to the unbind is not waited for; the socket is closed
        client.state = consts.SMPP_CLIENT_STATE_OPEN
        client.disconnect()

    def connect(self) -> None:
        """Bind.

        :raise exceptions.ConnectionError: no connection
        :raise exceptions.PDUError: wrong name or password
        """
        context = None
        if self.config.get("use_tls"):
            # smpplib does not name the server, so its certificate is checked alone
            context = ssl.create_default_context()
            context.check_hostname = False
        client = Client(
            self.config["host"],
            self.config["port"],
            timeout=TIMEOUT,
            logger_name="pakn_1022_sms.smpp",
            ssl_context=context,
            allow_unknown_opt_params=True,
        )
        client.set_message_sent_handler(lambda pdu: self.settle(pdu))
        client.set_error_pdu_handler(lambda pdu: self.settle(pdu))
        client.set_message_received_handler(self.receive)
        try:
            client.connect()
            client.bind_transceiver(
                system_id=self.config["username"], password=self.config["password"]
            )
        except (exceptions.ConnectionError, exceptions.PDUError, OSError):
            client.state = consts.SMPP_CLIENT_STATE_OPEN
            client.disconnect()
            raise
        self.client = client

    def ask(self) -> None:
        """Bind, by which the gateway takes the account or refuses it."""
        try:
            self.connect()
        except exceptions.PDUError as error:
            raise Refused from error
        except exceptions.ConnectionError as error:
            raise NotSent from error

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    def send(self, messages: Sequence[Outgoing]) -> list[Result]:
        self.results, self.waiting = {}, {}
        queue = [
            (message, part, parts)
            for message in messages
            for parts in [self.split(message)]
            for part in range(len(parts[0]))
        ]
        self.references = {message.uuid: [] for message in messages}
        self.missing = {message.uuid: 0 for message in messages}
        for message, _part, _parts in queue:
            self.missing[message.uuid] += 1
        self.attempts = {}
        queue.reverse()
        window = max(1, int(self.config.get("window") or 10))
        while queue or self.waiting:
            try:
                if not self.client:
                    self.connect()
                while queue and len(self.waiting) < window:
                    item = queue.pop()
                    if item[0].uuid not in self.results:
                        self.submit(item)
                if self.waiting:
                    self.client.read_once(auto_send_enquire_link=False)
                queue += reversed(self.take_throttled())
            except exceptions.PDUError as error:
                # The bind was refused; all that is left goes the same way
                self.finish_all(messages, ACCOUNT, str(error.args[0]))
                break
            except (exceptions.ConnectionError, OSError):
                self.lose_connection()
                if not self.reconnect():
                    self.finish_all(messages, RETRY)
                    break
        return [
            self.results.get(message.uuid) or Result(message.uuid, RETRY)
            for message in messages
        ]

    def split(self, message: Outgoing) -> tuple[list[bytes], int, int]:
        """Return ``(parts, data coding, ESM class)`` of a message.

        They are as many as ``count_segments`` says.
        """
        segments = split_segments(message.text)
        if is_gsm(message.text):
            coding = consts.SMPP_ENCODING_DEFAULT
            parts = [encode(segment) for segment in segments]
        else:
            coding = consts.SMPP_ENCODING_ISO10646
            parts = [segment.encode("utf-16-be") for segment in segments]
        if len(parts) == 1:
            return parts, coding, consts.SMPP_MSGTYPE_DEFAULT
        # No text of the hotline has 256 parts; that many have no number.
        parts = parts[:255]
        start = bytes([5, 0, 3, secrets.randbelow(256), len(parts)])
        parts = [
            start + bytes([number]) + part for number, part in enumerate(parts, start=1)
        ]
        return parts, coding, consts.SMPP_GSMFEAT_UDHI

    def submit(self, item: Item) -> None:
        """Hand over one part of a message."""
        message, part, (parts, coding, esm_class) = item
        pdu = _make(
            "submit_sm",
            self.client,
            source_addr_ton=consts.SMPP_TON_ALNUM,
            source_addr_npi=consts.SMPP_NPI_UNK,
            source_addr=message.sender,
            dest_addr_ton=consts.SMPP_TON_INTL,
            dest_addr_npi=consts.SMPP_NPI_ISDN,
            destination_addr=message.number.lstrip("+"),
            short_message=parts[part],
            data_coding=coding,
            esm_class=esm_class,
            registered_delivery=True,
        )
        # On its way from here on, even if the connection breaks while it is written
        self.waiting[pdu.sequence] = item
        self.client.send_pdu(pdu)

    def settle(self, pdu: command.Command) -> None:
        """Take in the gateway's answer to one part."""
        item = self.waiting.pop(pdu.sequence, None)
        if item is None:
            return
        uuid = item[0].uuid
        if pdu.status == consts.SMPP_ESME_RTHROTTLED:
            key = (uuid, item[1])
            self.attempts[key] = self.attempts.get(key, 0) + 1
            if self.attempts[key] <= THROTTLE_LIMIT:
                self.throttled.append(item)
                return
        if pdu.status != consts.SMPP_ESME_ROK:
            # Parts that went out make it neither sent nor not sent
            outcome = OUTCOMES.get(pdu.status, OTHER)
            if self.references[uuid] and outcome == RETRY:
                outcome = UNKNOWN
            self.results.setdefault(
                uuid, Result(uuid, outcome, reason=f"SMPP {pdu.status:#06x}")
            )
            return
        reference = pdu.message_id or b""
        self.references[uuid].append(reference.decode("latin-1").strip("\x00"))
        self.missing[uuid] -= 1
        if not self.missing[uuid]:
            references = tuple(self.references[uuid])
            self.results.setdefault(uuid, Result(uuid, ACCEPTED, references))

    def take_throttled(self) -> list[Item]:
        """Return what is to be tried again, after a pause if there is any."""
        items, self.throttled = self.throttled, []
        if items:
            time.sleep(THROTTLE_PAUSE)
        return items

    def lose_connection(self) -> None:
        """What was on its way is unknown, what was not yet is tried again."""
        self.close()
        lost = {item[0].uuid for item in self.waiting.values()}
        lost |= {uuid for uuid, found in self.references.items() if found}
        for uuid in lost:
            self.results.setdefault(uuid, Result(uuid, UNKNOWN))
        self.waiting = {}

    def reconnect(self) -> bool:
        """Return whether there is a connection again, or a refusal."""
        for pause in (0.2, 1.0):
            time.sleep(pause)
            try:
                self.connect()
            except exceptions.PDUError:
                # Refused: said by the next round
                return True
            except (exceptions.ConnectionError, OSError):
                continue
            return True
        return False

    def finish_all(
        self, messages: Sequence[Outgoing], outcome: str, reason: str = ""
    ) -> None:
        """Give all messages that have no result yet the same one."""
        for message in messages:
            self.results.setdefault(
                message.uuid, Result(message.uuid, outcome, reason=reason)
            )
        self.waiting = {}

    # ------------------------------------------------------------
    # RECEIVING
    # ------------------------------------------------------------

    def receive(self, pdu: command.Command) -> None:
        """Keep a receipt or a citizen's message; it is confirmed when it is kept."""
        body = pdu.short_message or getattr(pdu, "message_payload", None) or b""
        if pdu.esm_class & 0x3C:
            match = _RECEIPT.search(body)
            if not match:
                return
            status = match[2].decode("latin-1")
            outcome = FINAL.get(status, "failed" if status in FAILED else "")
            error = (match[3] or b"").decode("latin-1")
            receipt = Receipt(
                reference=match[1].decode("latin-1"),
                outcome=outcome,
                reason=f"{status} {error}".strip(),
            )
        else:
            piece = read_piece(
                body,
                pdu.data_coding,
                pdu.esm_class,
                tuple(getattr(pdu, name, None) for name in SAR),
            )
            receipt = Receipt(number=_text(pdu.source_addr))
            if piece.key:
                receipt = receipt._replace(piece=piece)
            else:
                text = decode_sms(piece.data, piece.coding)
                receipt = receipt._replace(text=text)
        if self.on_receipt:
            self.on_receipt(receipt)

    def listen(self, seconds: float) -> bool:
        """Read what the gateway has kept for us, until it is silent.

        :return: whether it was heard to the end, and has all our confirmations
        """
        try:
            if not self.client:
                self.connect()
            while select([self.client._socket], [], [], seconds)[0]:
                self.client.read_once(auto_send_enquire_link=False)
            self.client.send_pdu(_make("enquire_link", self.client))
            self.client.read_once(auto_send_enquire_link=False)
        except (exceptions.ConnectionError, exceptions.PDUError, OSError):
            self.close()
            return False
        return True


def _make(name: str, client: Client, **values: Any) -> command.Command:
    return smpp.make_pdu(name, client=client, **values)


def _text(value: bytes | str) -> str:
    return value.decode("latin-1").strip("\x00") if isinstance(value, bytes) else value
