"""A program of others on this machine: it takes messages, or does not."""

import time

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler


class _Handler(PeerHandler):
    def do_POST(self):
        body = self.read_body()
        self.peer.seen.append(self.headers.get("webhook-id"))
        said = self.peer.answer(self.headers)
        if isinstance(said, bytes):
            self.wfile.write(said)
            return
        if isinstance(said, float):
            time.sleep(said)
            said = 200
        if said < 300:
            self.peer.taken.append((dict(self.headers), body))
        leads = {"Location": f"{self.peer.url}/elsewhere"} if 300 <= said < 400 else {}
        self.tell(said, headers=leads | self.peer.headers)


class Peer(HttpPeer):
    """A program of others.

    :ivar list taken: ``(headers, body)`` of what was answered with a status below 300
    :ivar list seen: ids of all that came
    :ivar dict headers: sent with each answer
    :ivar answer: ``answer(headers)`` returns a status, or bytes that are sent as they
        are, or a number of seconds (float) to wait before 200
    """

    handler = _Handler

    def __init__(self):
        super().__init__()
        self.taken, self.seen, self.headers = [], [], {}
        self.answer = lambda headers: 200
