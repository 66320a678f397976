"""The citizens' site at 100,000 published requests, served by two real workers.

Run in Odoo's shell on a scratch database (``env`` is given), which it fills. Visitors
are threads of another process on the same machine, so they take part of its cores.
"""

import http.client
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psutil

from bench.measuring import OURS, QUICK, RUNS, copy, show, sizes, spread, tidy

ROOT = Path(__file__).resolve().parents[1]
[SIZE] = sizes("SITE", "100000", "5000")
# Of one repetition
SECONDS = 1 if QUICK else 4
VISITORS = 6
WORDS = ("den duong", "o ga hung vuong", "rac", "nuoc thai", "Pleiku")
_numbers = itertools.count(1)


def run(env, size=SIZE):
    """Return rows: of each kind of page how many a second, and how long one takes."""
    fill_once(env, size)
    with serving(env.cr.dbname) as (port, pid):
        return measure_all(port, size, pid)


def fill_once(env, size):
    """Fill the database, unless it has been, and commit."""
    if not env["pakn.ticket"].search_count([("name", "=like", "GL26-%-0")], limit=1):
        fill(env, size)
    env.cr.commit()


@contextmanager
def serving(database, *options):
    """Yield the port and the number of the process of a server with two workers."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        # Workers start their helper by the name of the script, so there is one
        script = Path(folder) / "serve.py"
        script.write_text("import odoo.cli\n\nodoo.cli.main()\n", encoding="utf-8")
        server = subprocess.Popen(
            [
                sys.executable,
                *(script, "-d", database, f"--db-filter=^{database}$"),
                *("--http-interface=127.0.0.1", f"--http-port={port}"),
                # Each visitor comes from an address of its own, as behind a proxy
                *("--proxy-mode", "--workers=2", "--max-cron-threads=0"),
                f"--gevent-port={free_port()}",
                *(f"--logfile={folder}/server.log", *options),
            ],
            cwd=ROOT,
            env=os.environ,
        )
        try:
            wait_for(port, server)
            yield port, server.pid
        finally:
            server.terminate()
            server.wait(30)


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def fill(env, size):
    """Publish one request and copy it in the database, over two years."""
    context = dict(env.context, pakn_no_notify=True, lang="vi_VN")
    env = env(context=context)
    units = env["pakn.unit"].search([], limit=100)
    areas = env["pakn.area"].search([("latitude", "!=", 0)], limit=130)
    categories = env["pakn.category"].search([("parent_id", "!=", False)], limit=50)
    ticket = env["pakn.ticket"].create(
        {
            "title": "Đèn đường Hùng Vương hỏng, nhiều ổ gà",
            "description": "<p>Đèn đường trên đường Hùng Vương hỏng đã ba ngày nay, "
            "mặt đường nhiều ổ gà, rác và nước thải tràn ra đường.</p>",
            "citizen_name": "Nguyễn Văn A",
            "citizen_phone": "0905123456",
            "category_id": categories[0].id,
            "area_id": areas[0].id,
        }
    )
    ticket.answer("<p>Đã thay bóng đèn và dặm vá mặt đường.</p>")
    ticket.send_result()
    ticket.publish()
    env.flush_all()

    def one_of(records):
        return f"(ARRAY{records.ids})[1 + nth % {len(records)}]"

    copy(
        env,
        ticket,
        size,
        {
            "name": "'GL26-' || lpad(nth::text, 6, '0') || '-0'",
            "title": "'Việc ' || nth || ': đèn đường, ổ gà'",
            "public_title": "'Việc ' || nth || ': đèn đường, ổ gà'",
            "public_search": "'viec ' || nth || ' den duong hung vuong o ga rac '"
            " || md5(nth::text)",
            "category_id": one_of(categories),
            "area_id": one_of(areas),
            "unit_id": one_of(units),
            "date_published": "now() - nth * interval '10 minutes'",
            "date_received": "now() - nth * interval '10 minutes' - interval '2 days'",
            "public_latitude": "round((13.2 + random() * 1.4)::numeric, 3)",
            "public_longitude": "round((107.6 + random() * 1.6)::numeric, 3)",
        },
    )
    env.cr.commit()
    env["pakn.statistics"]._count()
    env.cr.commit()
    tidy(env)


def wait_for(port, server):
    for _try in range(240):
        if server.poll() is not None:
            raise RuntimeError("the server ended")
        try:
            get(port, "/ket-qua")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the server does not answer")


def get(port, path, method="GET", body=None, headers=None, connection=None):
    """Return ``(status, headers, body)`` as a visitor that nobody has seen before."""
    connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    number = next(_numbers)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    headers = {
        "X-Forwarded-For": address,
        "X-Forwarded-Host": f"127.0.0.1:{port}",
        **(headers or {}),
    }
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    return response.status, response.headers, content


def measure_all(port, size, pid):
    """Measure each kind of page; what the site lacks is left out."""
    etag = get(port, "/ket-qua.json")[1]["ETag"]
    first = json.loads(get(port, "/ket-qua.json")[2])["items"][0]["id"]
    page = "/" + first.split("/", 3)[3]
    words = itertools.cycle(WORDS)
    cases = {
        "list": lambda: ("/ket-qua", None, None),
        "list, by words": lambda: (
            "/ket-qua?" + urlencode({"q": next(words)}),
            None,
            None,
        ),
        "list, far back": lambda: ("/ket-qua?truoc=20250601000000-1", None, None),
        "page": lambda: (page, None, None),
        "map, province": lambda: ("/ban-do.json?z=8", None, None),
        "map, a town": lambda: (
            "/ban-do.json?z=13&bbox=108.0,13.9,108.06,13.96",
            None,
            None,
        ),
        "statistics": lambda: ("/thong-ke", None, None),
        "feed": lambda: ("/ket-qua.json", None, None),
        "feed, known": lambda: ("/ket-qua.json", None, {"If-None-Match": etag}),
    }
    submit = prepare_submit(port)
    if submit:
        cases["submit"] = submit
    rows = []
    for name, case in cases.items():
        for _visit in range(12):  # each worker has its caches
            get(port, case()[0])
        runs = [measure(port, name, case, pid) for _run in range(RUNS)]
        for what, unit in (("", "/s"), (", one", "ms"), (", of a core", "ms")):
            values = [run[len(rows) % 3] for run in runs]
            rows.append(show(spread(OURS, f"site: {name}{what}", size, unit, values)))
    return rows


def prepare_submit(port):
    """Return how a request is sent in without an account, None where it cannot be."""
    status, headers, content = get(port, "/phan-anh")
    if status != 200:
        return None
    cookie = "; ".join(each.split(";")[0] for each in headers.get_all("Set-Cookie"))
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', content)
    if not token:
        return None

    def case():
        number = next(_numbers)
        body = urlencode(
            {
                "csrf_token": token[1].decode(),
                "key": str(uuid.uuid4()),
                "action": "send",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": f"0905{number % 10**6:06d}",
                "citizen_address": "phường Pleiku",
                "description": f"Đèn đường trước chợ hỏng đã {number} ngày nay.",
            }
        )
        return (
            "/phan-anh",
            body,
            {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
        )

    return case


def cpu_seconds(pid):
    """Return the time that the server and its workers have spent computing."""
    server = psutil.Process(pid)
    times = [p.cpu_times() for p in (server, *server.children(recursive=True))]
    return sum(time.user + time.system for time in times)


def measure(port, name, case, pid):
    """Let visitors ask for :data:`SECONDS`; each has one connection.

    :return: pages a second, milliseconds of the median page, and of a core for each
    """
    times, errors = [], []
    end = time.perf_counter() + SECONDS

    def visit():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < end:
            path, body, headers = case()
            start = time.perf_counter()
            status, _headers, _content = get(
                port, path, "POST" if body else "GET", body, headers, connection
            )
            times.append(time.perf_counter() - start)
            if status not in ((303,) if body else (200, 304)):
                errors.append(status)

    threads = [threading.Thread(target=visit) for _visitor in range(VISITORS)]
    cpu = cpu_seconds(pid)
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    cpu = cpu_seconds(pid) - cpu
    assert not errors, (name, errors[:3])
    times.sort()
    return (
        len(times) / seconds,
        1000 * times[len(times) // 2],
        1000 * cpu / len(times),
    )
