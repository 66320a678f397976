"""An HTTP server on loopback that a test tells what to answer."""

import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Peer:
    """Answers by ``answer(method, path, headers, body) -> (status, headers, body)``.

    ``body`` may be a generator of bytes, for what never ends. Use as a context.
    """

    def __init__(self, answer):
        peer, self.answer = self, answer

        class Handler(BaseHTTPRequestHandler):
            def _serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                with peer.lock:
                    peer.requests.append((self.command, self.path, body))
                status, headers, out = peer.answer(
                    self.command, self.path, self.headers, body
                )
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

            def log_message(self, *args):
                """Say nothing."""

        self.requests, self.lock = [], threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()


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
