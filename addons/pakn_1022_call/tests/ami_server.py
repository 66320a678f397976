"""A server on 127.0.0.1 that speaks AMI's line protocol, for tests: it is scripted.

Serves from a thread of its own; what it sends may be cut into pieces anywhere.
"""

import contextlib
import socket
import threading
import time


def block(**fields):
    """Return a block as it is sent; bytes as values are sent as they are."""
    lines = [
        key.encode()
        + b": "
        + (value if isinstance(value, bytes) else str(value).encode())
        for key, value in fields.items()
    ]
    return b"\r\n".join([*lines, b"", b""])


class AmiServer:
    """``channels`` are the rows of CoreShowChannels; ``actions`` what was asked."""

    def __init__(self, username="pakn", secret="s3cret-of-the-test", piece=0):
        self.credentials, self.piece = (username, secret), piece
        self.channels, self.actions, self.refused = [], [], ()
        self._clients, self._lock = [], threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self):
        """End it, and wait until it is."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self.drop()
        self._thread.join(5)

    def drop(self):
        """Cut all connections, as a power cut does."""
        with self._lock:
            clients, self._clients = self._clients, []
        for client in clients:
            # The other end may have been first
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()

    def wait_for_clients(self, count=1, seconds=15):
        """Wait until so many are logged in and know the channels."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self._lock:
                if len(self._clients) >= count:
                    return
            time.sleep(0.01)
        raise AssertionError("nobody came")

    def send(self, **fields):
        """Send an event to all who are logged in."""
        self.send_raw(block(**fields))

    def send_raw(self, data):
        with self._lock:
            for client in self._clients:
                self._write(client, data)

    def _write(self, client, data):
        # It may be gone
        with contextlib.suppress(OSError):
            for start in range(0, len(data), self.piece or len(data)):
                client.sendall(data[start : start + (self.piece or len(data))])
                if self.piece:
                    time.sleep(0.0005)

    def _accept(self):
        while True:
            try:
                client, _address = self._socket.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        client.sendall(b"Asterisk Call Manager/9.0.0\r\n")
        buffer = b""
        try:
            while data := client.recv(65536):
                buffer += data
                while b"\r\n\r\n" in buffer:
                    text, _end, buffer = buffer.partition(b"\r\n\r\n")
                    action = dict(
                        line.split(": ", 1) for line in text.decode().split("\r\n")
                    )
                    self._answer(client, action)
        except OSError:
            return

    def _answer(self, client, action):
        self.actions.append(action)
        name, number = action["Action"], action["ActionID"]
        if name == "Login":
            known = (action.get("Username"), action.get("Secret")) == self.credentials
            if not known:
                message = "Authentication failed"
                data = block(Response="Error", ActionID=number, Message=message)
                return self._write(client, data)
        if name in self.refused:
            data = block(Response="Error", ActionID=number, Message="no")
            return self._write(client, data)
        self._write(client, block(Response="Success", ActionID=number, Message="ok"))
        if name == "CoreShowChannels":
            for row in self.channels:
                self._write(
                    client, block(Event="CoreShowChannel", ActionID=number, **row)
                )
            self._write(
                client,
                block(
                    Event="CoreShowChannelsComplete",
                    ActionID=number,
                    EventList="Complete",
                    ListItems=len(self.channels),
                ),
            )
            with self._lock:
                self._clients.append(client)
        return None


class Caller:
    """One call as Asterisk tells of it: an inbound call through a queue."""

    def __init__(self, server, number, phone="0905123456", name=b"", trunk="viettel"):
        self.server, self.id = server, f"1772413200.{number}"
        self.phone, self.name = phone, name
        self.channel = f"PJSIP/{trunk}-{number:08x}"
        self.legs = {}
        self.answered = None

    def _base(self):
        return {
            "Channel": self.channel,
            "Uniqueid": self.id,
            "Linkedid": self.id,
            "CallerIDNum": self.phone,
            "CallerIDName": self.name or "<unknown>",
        }

    def ring(self):
        self.server.send(
            Event="Newchannel", **self._base(), ChannelState=4, Exten="02691022"
        )
        self.server.send(Event="QueueCallerJoin", **self._base(), Queue="1022")

    def offer(self, extension):
        leg = {
            "DestChannel": f"PJSIP/{extension}-{len(self.legs):08x}",
            "DestUniqueid": f"{self.id}{len(self.legs) + 1}",
            "DestLinkedid": self.id,
        }
        self.legs[extension] = leg
        self.server.send(
            Event="Newchannel",
            Channel=leg["DestChannel"],
            Uniqueid=leg["DestUniqueid"],
            Linkedid=self.id,
            CallerIDNum=extension,
            Exten="s",
        )
        self.server.send(Event="DialBegin", **self._base(), **leg, DialString=extension)
        self.server.send(
            Event="AgentCalled", **self._base(), **leg, Interface=f"PJSIP/{extension}"
        )

    def answer(self, extension):
        leg = self.legs[extension]
        self.answered = extension
        self.server.send(Event="DialEnd", **self._base(), **leg, DialStatus="ANSWER")
        self.server.send(
            Event="AgentConnect", **self._base(), **leg, Interface=f"PJSIP/{extension}"
        )

    def get_channels(self):
        """Return the rows of CoreShowChannels for this call."""
        answered = self.answered and self.legs[self.answered]
        bridge = {"BridgeId": f"b{self.id}", "ChannelStateDesc": "Up"}
        first = {**self._base(), "Exten": "02691022", "Duration": "00:00:09"}
        rows = [first | (bridge if answered else {"ChannelStateDesc": "Ring"})]
        for leg in self.legs.values():
            row = {key.removeprefix("Dest"): value for key, value in leg.items()}
            if leg is answered:
                rows.append(row | bridge)
            elif not answered:
                rows.append(row | {"ChannelStateDesc": "Ringing"})
        return rows

    def hang_up(self, gone=False):
        if gone:
            self.server.send(Event="QueueCallerAbandon", **self._base(), Queue="1022")
        for leg in self.legs.values():
            self.server.send(
                Event="Hangup",
                Channel=leg["DestChannel"],
                Uniqueid=leg["DestUniqueid"],
                Linkedid=self.id,
                Cause=16,
            )
        self.server.send(
            Event="Hangup",
            **self._base(),
            **{"Cause": 16, "Cause-txt": "Normal Clearing"},
        )
