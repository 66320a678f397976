"""A server on loopback that a program under test talks to over HTTP.

Nothing of Odoo: tests from outside of it use it too (``tests/peers.py``).
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class PeerHandler(BaseHTTPRequestHandler):
    """Answers for a :class:`HttpPeer`, without a word on the screen."""

    @property
    def peer(self):
        """The peer that it answers for, which holds what the test sets and reads."""
        return self.server.peer

    def read_body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def tell(self, status, body=b"", headers=None):
        """Answer; who asked may have hung up.

        :param dict headers: besides the length
        """
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *args):
        """Say nothing."""


class HttpPeer:
    """Listens on a free port of 127.0.0.1, as a context or from ``start`` to ``stop``.

    :ivar handler: how it answers
    """

    handler = PeerHandler

    def __init__(self, handler=None):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler or self.handler)
        self.server.peer = self
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(5)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()
