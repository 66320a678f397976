"""Whoever acts has the outbox woken at once, and does not wait for it."""

import os
import select
import threading
import time
from unittest.mock import patch

import psycopg2

from odoo.sql_db import connection_info_for
from odoo.tests.common import BaseCase

from ..models import ir_cron

SECONDS = 10


class TestWaking(BaseCase):
    """The waker against PostgreSQL, heard as the workers hear it."""

    def setUp(self):
        super().setUp()
        self.heard = self._connect()
        self.heard.cursor().execute("LISTEN cron_trigger")
        self.waker = ir_cron._Waker()

    def _connect(self):
        connection = psycopg2.connect(**connection_info_for("postgres")[1])
        connection.autocommit = True
        self.addCleanup(connection.close)
        return connection

    def _get_told(self, *expected):
        """Return what was told until all that is expected was."""
        told, end = [], time.monotonic() + SECONDS
        while not set(expected) <= set(told) and time.monotonic() < end:
            select.select([self.heard], [], [], 0.1)
            self.heard.poll()
            told += [word.payload for word in self.heard.notifies]
            self.heard.notifies.clear()
        return [name for name in told if name.startswith("waking")]

    def _wait_for_end(self):
        end = time.monotonic() + SECONDS
        while self.waker._thread and time.monotonic() < end:
            time.sleep(0.02)
        self.assertIsNone(self.waker._thread)

    def test_art20_workers_are_told_of_each_database(self):
        with patch.object(ir_cron, "ROUND", 0.5):
            for name in ("waking_a", "waking_b"):
                self.waker.wake(name)
            told = self._get_told("waking_a", "waking_b")
            self.assertEqual(sorted(told), ["waking_a", "waking_b"])
            first = self.waker._thread
            self.waker.wake("waking_a")
            self.assertEqual(self._get_told("waking_a"), ["waking_a"])
            self.assertIs(self.waker._thread, first, "one thread, one connection")
            self._wait_for_end()
            self.waker.wake("waking_c")
            self.assertEqual(self._get_told("waking_c"), ["waking_c"])
            self._wait_for_end()

    def test_art20_a_cut_connection_is_made_anew(self):
        cutting = self._connect()
        with patch.object(ir_cron, "ROUND", 0.5):
            opened, connect = [], psycopg2.connect

            def connecting(**options):
                opened.append(connect(**options))
                return opened[-1]

            with patch.object(ir_cron.psycopg2, "connect", connecting):
                self.waker.wake("waking_a")
                self.assertEqual(self._get_told("waking_a"), ["waking_a"])
                [connection] = opened
                cutting.cursor().execute(
                    "SELECT pg_terminate_backend(%s)", [connection.info.backend_pid]
                )
                self.waker.wake("waking_b")
                self.assertEqual(self._get_told("waking_b"), ["waking_b"])
                self.assertEqual(len(opened), 2)
            self._wait_for_end()
            self.assertTrue(all(connection.closed for connection in opened))

    def test_art20_no_word_is_lost_while_others_come(self):
        names = {f"waking_{nth}" for nth in range(8)}
        with patch.object(ir_cron, "ROUND", 0.01):
            for _turn in range(20):
                threads = [
                    threading.Thread(target=self.waker.wake, args=(name,))
                    for name in names
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                self.assertEqual(set(self._get_told(*names)), names)
            self._wait_for_end()

    def test_art20_a_forked_server_wakes_with_a_thread_of_its_own(self):
        with patch.object(ir_cron, "ROUND", 1):
            self.waker.wake("waking_parent")
            self._get_told("waking_parent")
            child = os.fork()
            if not child:
                try:
                    self.waker.wake("waking_child")
                    self.waker._thread.join()
                finally:
                    # Nothing of the test's own may run on in the child
                    os._exit(0)
            self.assertEqual(self._get_told("waking_child"), ["waking_child"])
            os.waitpid(child, 0)
            self._wait_for_end()
