"""Programs of others, and the site's form: what is handed in twice at one moment."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.conftest import LOCAL, execute
from tests.forks import shell

PREPARE = """
from odoo import fields
from datetime import timedelta
client = env["pakn.api.client"].create({"name": "E2E", "may_submit": True})
end = fields.Datetime.now() + timedelta(days=1)
print("key", env["pakn.api.key"]._issue(client, end, 0), flush=True)
env.cr.commit()
"""
FORM = {
    "service_code": "5.5",
    "address_string": "12 Hùng Vương, Pleiku",
    "description": "Đèn đường hỏng đã ba ngày",
    "phone": "0905 777 888",
}


def issue_key(database):
    """Make a program with a key, as the administrator does; return the key."""
    log = LOCAL / "log" / f"{database}-key.log"
    process = shell(database, PREPARE, log)
    said = process.stdout.read()
    process.wait(120)
    log.unlink(missing_ok=True)
    return said[said.index("key pakn_") + 4 :].split()[0]


def test_the_same_at_one_moment_is_one_request(database, start_server):
    key = issue_key(database)
    server = start_server("--max-cron-threads=0")

    def send(name):
        return requests.post(
            f"{server.url}/open311/v2/requests.json",
            data={"api_key": key, **FORM},
            headers={"Idempotency-Key": name},
            timeout=60,
        )

    names = ["một", "hai"] * 4
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(send, [name.encode() for name in names]))
    found = Counter(
        (name, reply.json()[0]["service_request_id"])
        for name, reply in zip(names, replies, strict=True)
    )
    assert sorted(found.values()) == [4, 4], found
    statuses = Counter(reply.status_code for reply in replies)
    assert statuses == {201: 2, 200: 6}
    [[count]] = execute(
        database,
        "SELECT count(*) FROM pakn_ticket WHERE private_phone = '+84905777888'",
    )
    assert count == 2
    assert sorted(send_the_form(server)) == [303] * 8
    [[count]] = execute(
        database,
        "SELECT count(*) FROM pakn_ticket WHERE private_phone = '+84905777999'",
    )
    assert count == 1
    log = server.log.read_text("utf-8")
    for secret in (key, "905777888", "905 777 888", "905777999", "905 777 999"):
        assert secret not in log, secret


def send_the_form(server):
    """Send one filled form of the site eight times at once; return the statuses."""
    session = requests.Session()
    page = session.get(f"{server.url}/phan-anh", timeout=60).text
    names = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    form = dict(names) | {
        "description": "Cây đổ chắn ngang đường trước nhà tôi",
        "citizen_name": "Trần Thị Bình",
        "citizen_phone": "0905 777 999",
        "citizen_address": "25 Lê Lợi, Pleiku",
        "action": "submit",
    }

    def send(_number):
        return requests.post(
            f"{server.url}/phan-anh",
            data=form,
            cookies=session.cookies,
            allow_redirects=False,
            timeout=60,
        ).status_code

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(send, range(8)))
