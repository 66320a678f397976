"""Listens to the Asterisk exchanges of a database, as a service of its own."""

import asyncio
import logging
import signal
from datetime import datetime, timedelta, timezone
from functools import partial

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

from odoo.addons.pakn_1022.tools import province

from ..tools.ami import AmiError, Connection, get_pauses
from ..tools.ami_calls import Tracker
from ..tools.cdr import parse_cdr
from ..tools.recording import FetchError, fetch_tail

_logger = logging.getLogger(__name__)

# Seconds in which what comes is stored together; between looks at the settings
GATHER, LOOK = 0.1, 30
BATCH = 500
# What the database, which is there, will never take
BROKEN = (ValueError, TypeError, psycopg2.DataError, UserError)
# Bytes of the exchange's call records that are read; how long before the connection was
# lost they are looked at, for what was under way
TAIL, BEFORE = 8 * 1024 * 1024, timedelta(minutes=10)


class Service:
    """Listens to all exchanges of one database."""

    def __init__(self, database):
        self.database = database
        self.listeners = {}

    async def run(self):
        """Listen; accounts that are added, changed or archived are seen to."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        while not stop.is_set():
            try:
                await self._look()
            except Exception:  # the database may be gone for a while
                _logger.exception("the settings could not be read")
            try:
                await asyncio.wait_for(stop.wait(), LOOK)
            except asyncio.TimeoutError:
                continue
        for _settings, task in self.listeners.values():
            task.cancel()
        await asyncio.gather(
            *(task for _settings, task in self.listeners.values()),
            return_exceptions=True,
        )

    async def _look(self):
        found = await asyncio.to_thread(self.execute, _read_accounts)
        for account_id in [*self.listeners]:
            settings, task = self.listeners[account_id]
            if found.get(account_id) != settings or task.done():
                task.cancel()
                del self.listeners[account_id]
        for account_id, settings in found.items():
            if account_id not in self.listeners:
                listener = Listener(self, account_id, settings)
                task = asyncio.create_task(listener.run())
                self.listeners[account_id] = settings, task

    def execute(self, function):
        """Return what a function of an environment returns, committed."""
        registry = Registry(self.database).check_signaling()
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # Commits, and does again what PostgreSQL's serialization refused
            return retrying(partial(function, env), env)


class Listener:
    """Listens to one exchange, and stores what it tells in its order."""

    def __init__(self, service, account_id, settings):
        self.service, self.account_id, self.settings = service, account_id, settings
        self.tracker = Tracker(settings["extension_pattern"])
        # What is not stored yet; kept while the database is gone
        self.events = []
        self.arrived = asyncio.Event()

    async def run(self):
        """Connect, listen, come back when the connection is lost."""
        storing = asyncio.create_task(self._store())
        pauses = get_pauses()
        try:
            while True:
                connection = Connection(**self.settings["connection"])
                try:
                    await connection.open()
                    pauses = get_pauses()
                    await self._listen(connection)
                    _logger.warning("exchange %s: lost", self.settings["code"])
                except (OSError, AmiError, asyncio.TimeoutError) as error:
                    _logger.warning(
                        "exchange %s: %s", self.settings["code"], type(error).__name__
                    )
                finally:
                    await connection.close()
                await asyncio.sleep(next(pauses))
        finally:
            storing.cancel()
            if self.events:
                await asyncio.to_thread(self._store_now, self.events)

    async def _listen(self, connection):
        # What happens from now on waits until it is known which calls there are
        now = datetime.now(timezone.utc)
        since = await asyncio.to_thread(self.service.execute, self._get_date_seen)
        rows = await connection.ask_list("CoreShowChannels")
        events, seen = self.tracker.restart(rows, now)
        self._put(events)
        await self._flush()
        await asyncio.to_thread(
            self.service.execute, partial(self._close_unseen, seen, now)
        )
        await self._read_records(since or now - BEFORE)
        _logger.info("exchange %s: %s calls", self.settings["code"], len(seen))
        async for block in connection.iter_events():
            self._put(self.tracker.feed(block, datetime.now(timezone.utc)))

    async def _read_records(self, since):
        """Take in what the exchange wrote down of calls while nobody listened."""
        url, hosts, is_utc = self.settings.get("records") or (None, (), False)
        if not url:
            return
        try:
            data = await asyncio.to_thread(fetch_tail, url, hosts, TAIL)
        except FetchError as error:
            # The address may hold a key, so it stands in no log
            _logger.warning("exchange %s: records: %s", self.settings["code"], error)
            return
        try:
            events = parse_cdr(
                data.decode("utf-8", "replace"),
                since - BEFORE,
                timezone.utc if is_utc else province.ZONE,
                self.tracker.get_extension,
            )
            for start in range(0, len(events), BATCH):
                batch = events[start : start + BATCH]
                await asyncio.to_thread(
                    self.service.execute, partial(self._fill_gaps, batch)
                )
        except Exception:  # who calls now matters more than what is written down
            _logger.exception("exchange %s: records", self.settings["code"])

    def _get_date_seen(self, env):
        seen = env["pakn.call.account"].browse(self.account_id).date_seen
        return seen and seen.replace(tzinfo=timezone.utc)

    def _fill_gaps(self, batch, env):
        account = env["pakn.call.account"].browse(self.account_id)
        env["pakn.call"]._fill_gaps(account, batch)

    def _put(self, events):
        if events:
            self.events += events
            self.arrived.set()

    async def _flush(self):
        while self.events:
            await asyncio.sleep(GATHER)

    async def _store(self):
        pauses = get_pauses()
        while True:
            await self.arrived.wait()
            self.arrived.clear()
            while self.events:
                batch = self.events[:BATCH]
                try:
                    await asyncio.to_thread(self._store_whole, batch)
                except Exception:  # whatever it is, nothing is lost meanwhile
                    _logger.exception("%s events wait", len(self.events))
                    await asyncio.sleep(next(pauses))
                    continue
                pauses = get_pauses()
                del self.events[: len(batch)]
            await asyncio.sleep(GATHER)

    def _store_whole(self, batch):
        """Store what can be stored; one event that cannot holds no other up."""
        try:
            self._store_now(batch)
            return
        except BROKEN:
            _logger.info("%s events are stored one by one", len(batch))
        for event in batch:
            try:
                self._store_now([event])
            except BROKEN:
                # Of what it says nothing but its kind: the rest may be a number
                _logger.exception("an event is left out: %s", event.kind)

    def _store_now(self, batch):
        self.service.execute(partial(self._intake, batch))

    def _intake(self, batch, env):
        account = env["pakn.call.account"].browse(self.account_id)
        env["pakn.call"]._intake(account, batch)
        account._note_seen()

    def _close_unseen(self, seen, now, env):
        account = env["pakn.call.account"].browse(self.account_id)
        env["pakn.call"]._close_unseen(account, seen, now)


def _read_accounts(env):
    """Return ``{id: settings}`` of the Asterisk exchanges."""
    accounts = env["pakn.call.account"].search([("kind", "=", "asterisk")])
    return {
        account.id: {
            "code": account.code,
            "extension_pattern": account.extension_pattern,
            "connection": account._get_connection(),
            "records": (
                account.cdr_url,
                frozenset(account._get_own_hosts()),
                account.cdr_is_utc,
            ),
        }
        for account in accounts
        if account.host and account.username and account.secret
    }
