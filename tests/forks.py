"""Processes of Odoo that are there in milliseconds, and die like any other.

To start Odoo takes seconds, and the tests that kill it start it some eighty times. So
one process of each database loads the registry, closes its connections and forks: each
fork has connections, an output and a death of its own.
"""

import os
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Longest script, bytes
SCRIPT = 1 << 16

# Run by ``odoo shell``, which gives ``env`` and ``odoo``
MOTHER = """
import os, signal, socket, sys, traceback
from odoo import api, sql_db
from odoo.modules.registry import Registry

database, user, context = env.cr.dbname, env.uid, env.context
env.cr.close()
sql_db.close_all()
# Nobody waits for the dead
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind({address!r})
listener.listen()
print("ready", flush=True)
while True:
    connection, _address = listener.accept()
    script, [output], _flags, _address = socket.recv_fds(connection, {size}, 1)
    child = os.fork()
    if child:
        connection.send(str(child).encode())
        os.close(output)
        connection.close()
        continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    listener.close()
    os.dup2(output, 1)
    os.dup2(output, 2)
    code = 1
    try:
        with Registry(database).check_signaling().cursor() as cr:
            names = {{"__name__": "__main__", "odoo": odoo}}
            names["env"] = api.Environment(cr, user, context)
            exec(script.decode(), names)
            cr.rollback()
        code = 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    connection.send(bytes([code]))
    os._exit(code)
"""


class Fork:
    """A process that runs a script, with what the tests use of ``Popen``."""

    def __init__(self, connection, pid, stdout):
        self._connection, self.pid, self.stdout = connection, pid, stdout
        self.returncode = None

    def wait(self, timeout=None):
        """Return the code it ended with, ``-9`` for a process that was killed.

        :raise TimeoutError: it did not end within so many seconds
        """
        if self.returncode is None:
            self._connection.settimeout(timeout)
            # It says its code before it ends; the connection of the dead just ends
            code = self._connection.recv(1)
            self.returncode = code[0] if code else -signal.SIGKILL
        return self.returncode

    def poll(self):
        """Return the code it ended with, ``None`` while it runs."""
        with suppress(BlockingIOError):
            return self.wait(0)
        return None

    def kill(self):
        """End it at once, as a power cut does."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class _Mother:
    """The process of a database that forks the others."""

    def __init__(self, database, log):
        self._folder = tempfile.TemporaryDirectory()
        self._address = f"{self._folder.name}/mother"
        self._process = subprocess.Popen(
            [
                ROOT / "bin/odoo",
                *("shell", "-d", database, "--no-http", f"--logfile={log}"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            text=True,
            start_new_session=True,
        )
        self._process.stdin.write(MOTHER.format(address=self._address, size=SCRIPT))
        self._process.stdin.close()
        said = []
        for line in self._process.stdout:
            if line == "ready\n":
                return
            said.append(line)
        raise AssertionError(f"Odoo did not start: {''.join(said)}")

    def fork(self, script):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.connect(self._address)
        output, its_output = os.pipe()
        content = script.encode()
        assert len(content) < SCRIPT
        socket.send_fds(connection, [content], [its_output])
        os.close(its_output)
        pid = int(connection.recv(20))
        return Fork(connection, pid, os.fdopen(output, encoding="utf-8"))

    def end(self):
        """End it, with all that it forked."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()


_mothers = {}
_lock = threading.Lock()


def shell(database, script, log):
    """Start a process of Odoo that runs a script on a database.

    :param log: where Odoo's log goes
    """
    with _lock:
        mother = _mothers.get((database, log))
        if not mother:
            mother = _mothers[database, log] = _Mother(database, log)
    return mother.fork(script)


def end_shells(database):
    """End all processes that run on a database or could be forked for it."""
    with _lock:
        for key in [key for key in _mothers if key[0] == database]:
            _mothers.pop(key).end()
