"""Chat against a Zalo on loopback, with processes that die (Art. 3.2.3, 10.1): no
message twice and none lost, no refresh token used twice, one request of what comes
twice. A request's whole life stands in ``test_chat_life.py``."""

import json
import random
import time
from collections import Counter, defaultdict

import pytest

from tests.conftest import execute
from tests.forks import shell
from tests.peers import load
from tests.test_sweep import wait_for

MESSAGES, CONVERSATIONS, KILLS, TRADES = 500, 10, 10, 50

_peer = load("pakn_1022_chat/tests/peer.py")

PREPARE = """
params = env["ir.config_parameter"]
for name in ("api", "business", "oauth"):
    params.set_param(f"pakn_1022_zalo.{{name}}_url", "{url}")
account = env["pakn.chat.account"].create({{
    "name": "Zalo E2E", "kind": "zalo", "outside_id": "oa-e2e", "zalo_app_id": "1",
    "zalo_app_secret": "s", "zalo_oa_secret": "o"}})
account.write({{"zalo_access_token": "a0", "zalo_refresh_token": "r0",
                "zalo_token_until": "2036-01-01 00:00:00"}})
from odoo.addons.pakn_1022_chat.tools.gateway import Event
channels = env["discuss.channel"]
for number in range({conversations}):
    event = Event("message", f"e2e{{number}}", f"e2e-{{number}}", text="alo")
    channels._pakn_take_in(account, [event])
found = channels.search([("pakn_account_id", "=", account.id)])
env["pakn.chat.message"].search([("account_id", "=", account.id),
                                 ("direction", "=", "out")]).state = "failed"
for number in range({count}):
    env["pakn.chat.message"]._queue(found[number % len(found)], f"tin {{number}}")
env.cr.commit()
"""
SEND = """
print("sending", flush=True)
env["pakn.chat.message"]._cron_send()
env.cr.commit()
print("sent", flush=True)
"""
TRADE = """
account = env["pakn.chat.account"].search([("outside_id", "=", "oa-e2e")])
print("trading", flush=True)
for number in range({count}):
    token = account._read_zalo("zalo_access_token")[0]
    account._get_zalo_token(worn=token)
print("traded", flush=True)
"""
TWICE = """
import threading
from odoo import api
account = env["pakn.chat.account"].search([("outside_id", "=", "oa-e2e")])
payload = {"event_name": "user_send_text", "sender": {"id": "twice"}, "timestamp": "1",
           "message": {"msg_id": "same", "text": "đèn đường hỏng ở thôn 3 xã Ia Ko"}}
ready, registry, account_id = threading.Barrier(8), env.registry, account.id
stored, failed = [], []

def deliver():
    with registry.cursor() as cr:
        own = api.Environment(cr, 1, {})
        ready.wait()
        stored.append(own["pakn.chat.event"]._store(
            own["pakn.chat.account"].browse(account_id), payload, "same", "twice"))

def take_in():
    ready.wait()
    for _again in range(50):
        try:
            with registry.cursor() as cr:
                own = api.Environment(cr, 1, {})
                own["pakn.chat.event"]._take_in_identity(account_id, "twice")
            return
        except Exception as error:
            if "serialize" not in str(error) and "update" not in str(error):
                failed.append(repr(error))
                return

for work in (deliver, take_in):
    threads = [threading.Thread(target=work) for _number in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
print("stored", sum(stored), "failed", failed, flush=True)
"""


class Zalo:
    """Consult messages and tokens; slow enough to be killed in between."""

    def __init__(self):
        self.texts, self.used, self.refused = [], [], 0
        self.seconds, self.number = 0.004, 0
        self.peer = _peer.Peer(self.answer)

    def answer(self, _method, path, headers, body):
        time.sleep(self.seconds)
        if path == "/v4/oa/access_token":
            with self.peer.lock:
                form = dict(pair.split("=") for pair in body.decode().split("&"))
                self.used.append(form["refresh_token"])
                self.number += 1
                values = {
                    "access_token": f"a{self.number}",
                    "refresh_token": f"r{self.number}",
                    "expires_in": "90000",
                }
        else:
            message = json.loads(body)
            with self.peer.lock:
                self.texts.append(
                    (message["recipient"]["user_id"], message["message"]["text"])
                )
                number = len(self.texts)
            values = {"error": 0, "data": {"message_id": f"out{number}"}}
        return 200, {}, json.dumps(values).encode()


@pytest.fixture
def zalo(database, tmp_path):
    """Zalo on loopback, and an account with messages that wait."""
    zalo = Zalo()
    with zalo.peer:
        script = PREPARE.format(
            url=zalo.peer.url, conversations=CONVERSATIONS, count=MESSAGES
        )
        process = shell(database, script, tmp_path / "chat.log")
        assert process.wait(300) == 0, process.stdout.read()
        yield zalo


def test_killed_ten_times_among_five_hundred_messages(database, zalo, tmp_path):
    random.seed(1022)
    log = tmp_path / "chat.log"
    for _kill in range(KILLS):
        process = shell(database, SEND, log)
        wait_for(process, "sending")
        time.sleep(random.uniform(0.1, 1.0))
        process.kill()
        process.wait()
    process = shell(database, SEND, log)
    wait_for(process, "sent")
    assert process.wait(120) == 0
    arrived = Counter(zalo.texts)
    assert max(arrived.values()) == 1, "a message was sent twice"
    rows = execute(
        database,
        """SELECT channel.pakn_outside_id, message.text, message.state
             FROM pakn_chat_message message
             JOIN discuss_channel channel ON channel.id = message.channel_id
            WHERE message.text LIKE 'tin %' ORDER BY message.id""",
    )
    assert len(rows) == MESSAGES
    states = Counter(state for _who, _text, state in rows)
    assert set(states) <= {"sent", "unclear"}, states
    assert states["unclear"] <= KILLS, "at most one for each kill"
    # What is called sent arrived; what did not arrive is called unclear
    for who, text, state in rows:
        assert state == "unclear" or arrived[who, text] == 1
    # In order within each conversation
    order = defaultdict(list)
    for who, text in zalo.texts:
        order[who].append(int(text.removeprefix("tin ")))
    assert all(numbers == sorted(numbers) for numbers in order.values())


def test_tokens_traded_by_two_processes_and_one_that_dies(database, zalo, tmp_path):
    log = tmp_path / "chat.log"
    processes = [shell(database, TRADE.format(count=TRADES), log) for _one in "ab"]
    for process in processes:
        wait_for(process, "traded")
        assert process.wait(120) == 0
    assert len(zalo.used) >= TRADES
    assert max(Counter(zalo.used).values()) == 1, "a refresh token was used twice"
    assert zalo.used == [f"r{number}" for number in range(len(zalo.used))]

    # Killed after Zalo got the token and before its answer: not used again
    zalo.seconds, count = 5, len(zalo.used)
    process = shell(database, TRADE.format(count=1), log)
    wait_for(process, "trading")
    for _wait in range(200):
        if zalo.peer.requests and len(zalo.peer.requests) > count:
            break
        time.sleep(0.05)
    process.kill()
    process.wait()
    zalo.seconds = 0
    time.sleep(5)
    process = shell(database, TRADE.format(count=3), log)
    wait_for(process, "traded")
    assert process.wait(60) == 0
    assert max(Counter(zalo.used).values()) == 1
    [(problem,)] = execute(
        database, "SELECT problem FROM pakn_chat_account WHERE outside_id = 'oa-e2e'"
    )
    assert problem


def test_the_same_delivered_eight_times_at_once_is_one_request(
    database, zalo, tmp_path
):
    assert zalo.peer.url
    process = shell(database, TWICE, tmp_path / "chat.log")
    assert process.wait(120) == 0
    said = process.stdout.read()
    assert "stored 1 failed []" in said, said
    [(count,)] = execute(
        database,
        """SELECT count(*) FROM pakn_ticket ticket JOIN discuss_channel channel
               ON channel.id = ticket.pakn_conversation_id
            WHERE channel.pakn_outside_id = 'twice'""",
    )
    assert count == 1
