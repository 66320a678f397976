"""End to end: real Odoo servers on copies of the demo database, a real SMTP server,
a real browser. Everything listens on 127.0.0.1, on free ports, and is ended by its
own process id."""

import fcntl
import functools
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import psycopg2
import pytest
import requests
from aiosmtpd.controller import Controller
from PIL import Image
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import expect, sync_playwright

from tests.forks import end_shells
from tests.log_watch import findings

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ROOT / ".local"
HELP = ROOT / "addons/pakn_1022/static/img/help"
PASSWORD = "1022gialai"
# Milliseconds for what a page comes to: two lanes of tests share two processors
TIMEOUT = 90000
expect.set_options(timeout=TIMEOUT)


def wait_until(condition, seconds=30):
    """Wait until a condition holds; return whether it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.5)
    return condition()


def free_port():
    """Return a TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@functools.cache
def read_config():
    from odoo.tools import config

    config.parse_config([])


def connect(database):
    """Return an autocommitting connection to a database of the test cluster."""
    from odoo.sql_db import connection_info_for

    read_config()
    connection = psycopg2.connect(**connection_info_for(database)[1])
    connection.autocommit = True
    return connection


def execute(database, statement, *parameters):
    """Run one SQL statement and return its rows."""
    connection = connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def drop_database(name):
    """Drop a database; what PostgreSQL itself does in it at the moment ends soon."""
    for _attempt in range(20):
        try:
            execute("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except psycopg2.errors.InsufficientPrivilege:
            # Its vacuum is at work, which only a superuser may end
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"{name} could not be dropped")


# Drops databases while the next test runs: PostgreSQL writes all to disk for each
_cleaner = ThreadPoolExecutor(1)
_drops = []


def drop_copy(name):
    """Drop a copy of a database, with its files and its log, a moment later."""

    def drop():
        drop_database(name)
        shutil.rmtree(LOCAL / "data/filestore" / name, ignore_errors=True)
        (LOCAL / "log" / f"{name}.log").unlink(missing_ok=True)

    _drops.append(_cleaner.submit(drop))


def wait_for_drops():
    """Wait until all copies that were to be dropped are gone."""
    while _drops:
        _drops.pop().result()


def pytest_sessionfinish():
    wait_for_drops()


def wake_crons(database):
    """Have servers run the actions that are due, as ``ir.cron._trigger`` does.

    A server that has just begun would look for them after a minute only.
    """
    execute("postgres", "SELECT pg_notify('cron_trigger', %s)", database)


def check_record(database, *filestore):
    """Run ``bin/check-record`` and return its exit code and what it said.

    :param filestore: the folder of its files, for the whole state to be checked
    """
    result = subprocess.run(
        [ROOT / "bin/check-record", database, *filestore],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return result.returncode, result.stdout + result.stderr


class Client:
    """One signed-in user calling methods over HTTP as the web client does."""

    def __init__(self, url, database, login, password=PASSWORD):
        self.url, self.session = url, requests.Session()
        self.result = self._post(
            "/web/session/authenticate", db=database, login=login, password=password
        )

    def _post(self, path, **params):
        reply = self.session.post(
            self.url + path, json={"jsonrpc": "2.0", "params": params}, timeout=120
        ).json()
        if "error" in reply:
            raise RuntimeError(reply["error"]["data"]["message"])
        return reply["result"]

    def call(self, model, method, *args, **kwargs):
        """Call a public method of a model; raise RuntimeError with its sentence."""
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )


class Server:
    """A real Odoo server process on a database of its own."""

    def __init__(self, database, *options):
        self.database, self.options = database, options
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = LOCAL / "log" / f"{database}.log"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [
                ROOT / "bin/odoo",
                *("-d", self.database, f"--db-filter=^{self.database}$"),
                *("--http-interface=127.0.0.1", f"--http-port={self.port}"),
                *("--workers=0", f"--logfile={self.log}", *self.options),
            ],
            cwd=ROOT,
        )
        for _attempt in range(240):
            assert self.process.poll() is None, self.log.read_text("utf-8")
            try:
                if requests.get(self.url + "/web/login", timeout=60).ok:
                    return self
            except requests.ConnectionError:
                time.sleep(0.25)
        raise AssertionError("the server did not answer")

    def client(self, login):
        return Client(self.url, self.database, login)

    def kill(self):
        """End the process at once, as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def findings(self):
        """Return the warnings and errors in the log that are not Odoo's own."""
        return findings(self.log.read_text("utf-8").splitlines())


def pytest_collection_modifyitems(items):
    if os.environ.get("PAKN_TEST_ORDER") == "backwards":
        items.reverse()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run what the other lane of ``bin/test`` has not claimed, or everything."""
    claims = os.environ.get("PAKN_TEST_CLAIMS")
    if not claims or session.config.option.collectonly:
        return None
    mine = (item for item in session.items if claim(claims, item.nodeid))
    item = next(mine, None)
    while item and not (session.shouldstop or session.shouldfail):
        following = next(mine, None)
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        item = following
    return True


def claim(folder, name):
    """Return whether this process is the first to ask for a test."""
    path = Path(folder) / hashlib.sha256(name.encode()).hexdigest()
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@pytest.fixture(scope="session")
def template():
    """Return the name of the demo database, with the assets of its pages made once.

    Otherwise each copy of it would make them anew, which takes longer than most tests.
    """
    name, claims = os.environ["PAKN_DEMO_DB"], os.environ.get("PAKN_TEST_CLAIMS")
    if not claims:
        make_assets(name)
        return name
    # By the lane that comes first; nobody may look into what the other copies
    with (Path(claims) / "assets").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if claim(claims, "the assets"):
            make_assets(name)
    return name


def make_assets(database):
    """Have a server of a database make the assets of its pages."""
    server = Server(database, "--max-cron-threads=0").start()
    session = server.client("nhanvien").session
    for visitor, path in (
        (requests.Session(), "/"),
        (requests.Session(), "/web/login"),
        (session, "/odoo"),
    ):
        page = visitor.get(server.url + path, timeout=240).text
        for asset in set(re.findall(r'"(/web/assets/[^"]+)"', page)):
            visitor.get(server.url + asset, timeout=240).raise_for_status()
    worker = session.get(server.url + "/bus/websocket_worker_bundle", timeout=240)
    worker.raise_for_status()
    server.stop()


@contextmanager
def copy_database(template):
    """Yield the name of a fresh copy of a database, with its files."""
    name = f"pakn_e2e_{uuid.uuid4().hex[:8]}"
    files = LOCAL / "data/filestore"
    execute("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    if (files / template).is_dir():
        shutil.copytree(files / template, files / name)
    try:
        yield name
    finally:
        end_shells(name)
        drop_copy(name)


@pytest.fixture
def database(template):
    """Yield the name of a fresh copy of the demo database, with its files."""
    with copy_database(template) as name:
        yield name


@pytest.fixture
def start_server(database):
    """Yield a function that starts an Odoo server on the copied database."""
    servers = []

    def start(*options):
        server = Server(database, *options)
        servers.append(server)
        return server.start()

    yield start
    # Their database goes with them
    for server in servers:
        server.kill()


@contextmanager
def run_server(template, *options):
    """Yield an Odoo server on a fresh copy of a database; nothing is done by itself."""
    with copy_database(template) as name:
        server = Server(name, "--max-cron-threads=0", *options).start()
        yield server
        server.kill()


@pytest.fixture(scope="module")
def seen_server(template):
    """Yield an Odoo server for the tests of a module that do not disturb each other.

    They look at its pages, or work on what each has made for itself.
    """
    with run_server(template) as server:
        yield server


class Mailbox:
    """What arrived at the SMTP server: ``(recipients, message bytes)``."""

    def __init__(self):
        self.messages = []

    def wait_for(self, address, text):
        """Return the first mail to an address whose text says so, within a minute."""
        for _attempt in range(240):
            for recipients, content in list(self.messages):
                message = message_from_bytes(content, policy=policy.SMTP)
                body = message.get_body(preferencelist=("html", "plain"))
                if address in recipients and text in body.get_content():
                    return message
            time.sleep(0.25)
        raise AssertionError(f"no mail to {address} says “{text}”")

    async def handle_DATA(self, server, session, envelope):
        self.messages.append((list(envelope.rcpt_tos), envelope.content))
        return "250 OK"


@pytest.fixture
def mailbox():
    """Yield the mailbox of a real SMTP server; its port is ``mailbox.port``."""
    box = Mailbox()
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture(scope="session")
def chromium():
    """Yield Debian's Chromium, driven by Playwright."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                # Those of tests are their own; workers ask the browser, not the page
                "--ignore-certificate-errors",
            ],
        )
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Say beside a failure what its pages showed; pictures may not be at hand."""
    report = yield
    if report.when == "call" and report.failed:
        for page in getattr(item, "pages", []):
            try:
                shown = page.locator("body").inner_text(timeout=5000)[:2000]
            except BrowserError as error:
                shown = str(error)
            report.sections.append((f"Shown at {page.url}", shown))
    return report


@pytest.fixture
def open_page(chromium, request):
    """Yield a function that opens a page for a new person, Vietnamese, 1280 wide.

    Errors in the browser's console fail the test.
    """
    request.node.pages = []
    contexts, errors = [], []

    def open_one(width=1280, height=800):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text) if message.type == "error" else None
            ),
        )
        page.set_default_timeout(TIMEOUT)
        request.node.pages.append(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)


@pytest.fixture
def screenshot():
    """Yield a function that keeps a picture of a page.

    Always under .local/screenshots; with SCREENSHOTS=1 for the README too, unless it
    is of no use there, and for the page “Help” what is shown there.
    """

    def take(page, name, for_readme=True):
        folders = [LOCAL / "screenshots"]
        if for_readme and os.environ.get("SCREENSHOTS"):
            folders.append(ROOT / "docs/screenshots")
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png")
        shown = HELP / f"{name}.png"
        if shown.exists() and os.environ.get("SCREENSHOTS"):
            with Image.open(LOCAL / "screenshots" / f"{name}.png") as picture:
                # A page's colours are few: a third of the bytes
                picture.convert("RGB").quantize(96).save(shown, optimize=True)

    return take
