"""The mail server and the SMSC that messages are handed to, in a process of theirs.

Where the hotline runs they are other machines; within our own process they would take
their time from the messages that are measured.
"""

import logging
import multiprocessing

from aiosmtpd.controller import Controller

from odoo.addons.pakn_1022_sms.tests.smsc import Smsc

from bench.bench_site import free_port


class Sink:
    """An SMTP server that takes everything; ``messages`` are the recipients of each."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        self.messages.append(envelope.rcpt_tos)
        return "250 OK"


class Peers:
    """Use in a ``with`` block; both listen on 127.0.0.1 at the ports given here.

    :ivar smtp_port: of the mail server
    :ivar smsc_port: of the SMSC, whose password is ``secret``
    """

    def __enter__(self):
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._pipe, theirs))
        self._process.start()
        theirs.close()
        self.smtp_port, self.smsc_port = self._pipe.recv()
        return self

    def __exit__(self, *exception):
        self._pipe.close()  # which ends it
        self._process.join()

    def count(self, door: str) -> int:
        """Return how many messages have arrived by a door, ``mail`` or ``SMS``."""
        self._pipe.send(door)
        return self._pipe.recv()


def _serve(other_end, pipe):
    """Serve until the other end of the pipe is closed."""
    other_end.close()  # a copy of it
    # It would write each line of each mail into its log
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    with Smsc() as smsc:
        arrived = {"mail": sink.messages, "SMS": smsc.messages}
        pipe.send((port, smsc.port))
        while True:
            try:
                pipe.send(len(arrived[pipe.recv()]))
            except EOFError:
                break
    controller.stop()
