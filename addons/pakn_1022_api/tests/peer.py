"""A program of others on this machine: it takes messages, or does not."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Peer:
    """An HTTP server on a free port of 127.0.0.1.

    :ivar list taken: ``(headers, body)`` of what was answered with a status below 300
    :ivar list seen: ids of all that came
    :ivar answer: ``answer(headers)`` returns a status, or bytes that are sent as they
        are, or a number of seconds (float) to wait before 200
    """

    def __init__(self):
        self.taken, self.seen = [], []
        self.answer = lambda headers: 200
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                peer.seen.append(self.headers.get("webhook-id"))
                said = peer.answer(self.headers)
                if isinstance(said, bytes):
                    self.wfile.write(said)
                    return
                if isinstance(said, float):
                    time.sleep(said)
                    said = 200
                if said < 300:
                    peer.taken.append((dict(self.headers), body))
                self.send_response(said)
                if 300 <= said < 400:
                    self.send_header("Location", f"{peer.url}/elsewhere")
                self.end_headers()

            def log_message(self, *args):
                """Tell the log of the tests nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
