"""An HTTP server on loopback that a test tells what to answer."""

import threading
from email import message_from_bytes, policy

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler


class _Handler(PeerHandler):
    def _serve(self):
        peer, body = self.peer, self.read_body()
        with peer.lock:
            peer.requests.append((self.command, self.path, body))
        status, headers, out = peer.answer(self.command, self.path, self.headers, body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if isinstance(out, bytes) and "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        try:
            for piece in [out] if isinstance(out, bytes) else out:
                self.wfile.write(piece)
        except OSError:
            self.close_connection = True  # the other side had enough

    do_GET = do_POST = _serve


class Peer(HttpPeer):
    """Answers by ``answer(method, path, headers, body) -> (status, headers, body)``.

    ``body`` may be a generator of bytes, for what never ends. Use as a context.
    """

    handler = _Handler

    def __init__(self, answer):
        super().__init__()
        self.requests, self.lock, self.answer = [], threading.Lock(), answer


def read_form(headers, body):
    """Return ``{name: (file name, type, bytes)}`` of a form with files in it."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    form = message_from_bytes(head + body, policy=policy.HTTP)
    return {
        part.get_param("name", header="Content-Disposition"): (
            part.get_filename(),
            part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in form.iter_parts()
    }
