"""A small SMSC that speaks SMPP 3.4 on loopback, and a gateway that speaks HTTP.

The SMSC takes binds, joins the parts of long messages by their UDH, answers
``enquire_link``, sends receipts, and misbehaves when told to.
"""

import contextlib
import itertools
import json
import socket
import struct
import threading
import time

from smpplib.gsm import GSM_CHARACTER_TABLE

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer as Peer
from odoo.addons.pakn_1022.tests.http_peer import PeerHandler

OK, BIND_FAILED, THROTTLED = 0, 0x0D, 0x58
COMMANDS = {
    0x00000009: "bind",
    0x00000004: "submit_sm",
    0x00000015: "enquire_link",
    0x00000006: "unbind",
    0x80000005: "deliver_sm_resp",
}


def _read(content):
    """Return a text in the alphabet of GSM, by the table of smpplib."""
    codes = iter(content)
    return "".join(
        GSM_CHARACTER_TABLE[code if code != 0x1B else next(codes) + 0x80]
        for code in codes
    )


def read_string(body, position):
    end = body.index(b"\0", position)
    return body[position:end].decode("latin-1"), end + 1


class Smsc:
    """Use in a ``with`` block; ``messages`` are the whole texts that came in.

    :ivar throttle: how many of the next submits are answered ``ESME_RTHROTTLED``
    :ivar drop_after: after how many more submits the connection is cut, unanswered
    :ivar delay: seconds that each submit takes
    :ivar receipt: state told of each message, ``None`` for no receipts
    :ivar outbox: what is to be told, ``(text or number of a message, number, state)``
    :ivar confirmed: what was told and confirmed; the rest is told at the next bind
    """

    def __init__(self, password="secret", tls=None):
        self.password, self.tls = password, tls
        self.submits, self.messages, self.sequences = [], [], []
        self.throttle, self.drop_after, self.receipt = 0, None, "DELIVRD"
        self.delay = 0
        self._parts, self._ids = {}, itertools.count(1)
        self._lock = threading.Lock()
        self._connections = []
        self.outbox, self.unconfirmed, self.confirmed = [], {}, []

    def __enter__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self._server.close()
        for connection in self._connections:
            connection.close()

    def _accept(self):
        while True:
            try:
                connection, _address = self._server.accept()
            except OSError:
                return
            if self.tls:
                try:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                except OSError:
                    # Its certificate was not believed
                    continue
            self._connections.append(connection)
            threading.Thread(
                target=self._serve, args=(connection,), daemon=True
            ).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError, EOFError), connection:
            while True:
                header = self._read(connection, 16)
                length, command, _status, sequence = struct.unpack(">4L", header)
                body = self._read(connection, length - 16)
                if not self._handle(connection, command, sequence, body):
                    break

    @staticmethod
    def _read(connection, size):
        data = b""
        while len(data) < size:
            more = connection.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    @staticmethod
    def _reply(connection, command, sequence, status=OK, body=b""):
        header = struct.pack(
            ">4L", 16 + len(body), command | 0x80000000, status, sequence
        )
        connection.sendall(header + body)

    def _handle(self, connection, command, sequence, body):
        name = COMMANDS.get(command)
        if name == "bind":
            _system, position = read_string(body, 0)
            password, _position = read_string(body, position)
            good = password == self.password
            self._reply(
                connection,
                command,
                sequence,
                OK if good else BIND_FAILED,
                b"SMSC\0" if good else b"",
            )
            if good:
                # What nobody confirmed is given again
                with self._lock:
                    self.outbox[:0] = self.unconfirmed.values()
                    self.unconfirmed.clear()
                self._flush(connection)
            return good
        if name == "deliver_sm_resp":
            with self._lock:
                self.confirmed += filter(None, [self.unconfirmed.pop(sequence, None)])
            return True
        if name == "submit_sm":
            return self._submit(connection, command, sequence, body)
        if name in ("enquire_link", "unbind"):
            self._reply(connection, command, sequence)
            return name != "unbind"
        return True

    def _submit(self, connection, command, sequence, body):
        position = read_string(body, 0)[1] + 2
        sender, position = read_string(body, position)
        position += 2
        number, position = read_string(body, position)
        esm_class = body[position]
        position += 3
        _schedule, position = read_string(body, position)
        _validity, position = read_string(body, position)
        coding, length = body[position + 2], body[position + 4]
        content = body[position + 5 : position + 5 + length]
        time.sleep(self.delay)
        with self._lock:
            if self.drop_after is not None:
                if not self.drop_after:
                    self.drop_after = None
                    return False
                self.drop_after -= 1
            if self.throttle:
                self.throttle -= 1
                self._reply(connection, command, sequence, THROTTLED)
                return True
            message_id = f"m{next(self._ids)}"
            self.submits.append((number, message_id))
            key = None
            part, count = 1, 1
            if esm_class & 0x40:
                _size, _kind, _len, reference, count, part = content[:6]
                key, content = (number, reference), content[6:]
            parts = self._parts.setdefault(key or message_id, {})
            parts[part] = content.decode("utf-16-be") if coding == 8 else _read(content)
            if len(parts) == count:
                text = "".join(parts[number] for number in sorted(parts))
                self.messages.append((sender, number, text, count))
                del self._parts[key or message_id]
            if self.receipt:
                self.outbox.append((message_id, number, self.receipt))
        self._reply(connection, command, sequence, body=f"{message_id}\0".encode())
        self._flush(connection)
        return True

    def _flush(self, connection):
        while True:
            with self._lock:
                if not self.outbox:
                    return
                message_id, number, state = self.outbox.pop(0)
            self.deliver(connection, message_id, number, state)

    def deliver(self, connection, message_id, number, state):
        """Send a receipt, or, with no state, ``message_id`` as a citizen's text."""
        text = message_id.encode("utf-16-be")
        esm_class, coding = 0, 8
        if state:
            text = (
                f"id:{message_id} sub:001 dlvrd:001 submit date:2603020800 "
                f"done date:2603020801 stat:{state} err:000 text:"
            ).encode()
            esm_class, coding = 4, 0
        body = b"\0" + b"\1\1" + f"{number}\0".encode() + b"\5\0" + b"1022\0"
        body += bytes([esm_class, 0, 0]) + b"\0\0" + bytes([0, 0, coding, 0, len(text)])
        body += text
        sequence = next(self._ids)
        with self._lock:
            self.unconfirmed[sequence] = (message_id, number, state)
        header = struct.pack(">4L", 16 + len(body), 0x00000005, 0, sequence)
        connection.sendall(header + body)


class _Handler(PeerHandler):
    def do_POST(self):
        body = self.read_body()
        self.peer.requests.append((self.path, dict(self.headers), body))
        answer = self.peer.answer
        if callable(answer):
            answer = answer(self.path, body)
        if answer is None:
            # Read, and then gone: nobody knows what it did with it
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.tell(*answer)

    do_GET = do_POST


class HttpPeer(Peer):
    """A gateway over HTTP on loopback: keeps what it is asked, answers what is set.

    :ivar answer: ``(status, bytes)`` or a function of ``(path, body)`` that returns it
    """

    handler = _Handler

    def __init__(self, answer=(200, b"{}")):
        super().__init__()
        self.answer, self.requests = answer, []

    def bodies(self):
        """Return the JSON bodies of the requests."""
        return [json.loads(body) for _path, _headers, body in self.requests]


def free_port():
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
