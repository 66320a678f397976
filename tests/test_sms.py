"""Brandname SMS against an SMSC on loopback: none twice, none lost, whatever dies."""

import random
import re
import time
from collections import Counter

from tests.conftest import execute
from tests.forks import shell
from tests.peers import load
from tests.test_journey import sign_in
from tests.test_sweep import wait_for

MESSAGES, KILLS = 1000, 10
# What citizens write meanwhile, at each start
WRITTEN = 40

# The addon's own, without the addon: this process is no Odoo
Smsc = load("pakn_1022_sms/tests/smsc.py").Smsc

PREPARE = """
env["pakn.sms.account"].create({{
    "name": "SMPP", "gateway": "smpp", "host": "127.0.0.1", "port": {port},
    "username": "gialai", "password": "secret", "price": 300}})
env["sms.sms"].create([
    {{"number": f"+8490512{{index:04d}}", "body": "Tin thử", "pakn_audience": "unit"}}
    for index in range({count})])
env.cr.commit()
"""
SEND = """
print("sending", flush=True)
env["sms.sms"]._process_queue()
env.cr.commit()
print("sent", flush=True)
"""

RECEIVE = """
env["pakn.sms.account"]._cron_listen()
env.cr.commit()
print("received", flush=True)
"""


def states_of(database):
    return dict(
        execute(
            database,
            """SELECT number, state || coalesce(' ' || failure_type, '')
                 FROM sms_sms WHERE body = 'Tin thử'""",
        )
    )


def test_killed_ten_times_while_it_sends_a_thousand_and_citizens_write(
    database, tmp_path
):
    """None is sent twice, and of what citizens write none is lost or doubled."""
    log = tmp_path / "sms.log"
    random.seed(1022)
    with Smsc() as smsc:
        smsc.receipt, smsc.delay = None, 0.01
        prepare = PREPARE.format(port=smsc.port, count=MESSAGES)
        process = shell(database, prepare, log)
        assert process.wait(120) == 0, process.stdout.read()
        for kill in range(KILLS):
            # Each number writes twice in a row, in one session or in two
            smsc.outbox += [
                (f"Tin số {kill} {number} {word}", f"849051{number:05d}", None)
                for number in range(WRITTEN // 2)
                for word in ("đầu", "sau")
            ]
            process = shell(database, SEND, log)
            wait_for(process, "sending")
            time.sleep(random.uniform(0.1, 0.6))
            assert process.poll() is None, "it is still sending, as it should"
            process.kill()
            process.wait()
        process = shell(database, SEND, log)
        wait_for(process, "sent")
        assert process.wait(60) == 0
        arrived = Counter(f"+{number}" for number, _id in smsc.submits)
        process = shell(database, RECEIVE, log)
        wait_for(process, "received")
        assert process.wait(60) == 0
        assert not smsc.outbox
        assert not smsc.unconfirmed
        assert len(smsc.confirmed) == KILLS * WRITTEN
    assert max(arrived.values()) == 1, "a message was sent twice"
    written = Counter(text for text, _number, _state in smsc.confirmed)
    kept = execute(
        database,
        "SELECT text, state FROM pakn_sms_receipt WHERE text LIKE 'Tin số %%'",
    )
    assert Counter(text for text, state in kept if state != "repeated") == written
    assert {state for _text, state in kept} <= {"done", "stray", "repeated"}
    states = states_of(database)
    counts = Counter(states.values())
    assert set(counts) == {"pending", "error brandname_unknown"}, counts
    assert len(states) == MESSAGES
    # What the log calls sent arrived; what arrived is called sent or unclear
    sent = {number for number, state in states.items() if state == "pending"}
    assert sent <= set(arrived)
    # At most what was being handed over at each kill, plus one batch for luck
    assert counts["error brandname_unknown"] <= 20 * KILLS


def test_a_request_followed_by_sms(start_server, open_page, screenshot):
    """From intake to the grade, through the server's own scheduled actions."""
    with Smsc() as smsc:
        server = start_server()
        manager = server.client("quantri")
        [account] = manager.call(
            "pakn.sms.account",
            "create",
            [
                {
                    "name": "Viettel SMPP",
                    "host": "127.0.0.1",
                    "port": smsc.port,
                    "username": "gialai",
                    "password": "secret",
                    "price": 300,
                }
            ],
        )
        manager.call("pakn.sms.account", "action_test", [account])
        # Any hour may be an hour of rest while the tests run
        for name in ("quiet_from", "quiet_to"):
            manager.call(
                "ir.config_parameter", "set_param", f"pakn_1022_sms.{name}", "0"
            )
        [focal] = manager.call("res.users", "search", [("login", "=", "daumoi")])
        manager.call("res.users", "write", [focal], {"phone": "0911000111"})
        operator = server.client("nhanvien")
        [category] = operator.call("pakn.category", "search", [("code", "=", "5.5")])
        [ticket] = operator.call(
            "pakn.ticket",
            "create",
            [
                {
                    "title": "Đèn đường hỏng trước trường học",
                    "description": "<p>Đèn đường trước cổng trường hỏng đã lâu.</p>",
                    "citizen_name": "Nguyễn Thị Tin",
                    "citizen_phone": "0905777888",
                    "category_id": category,
                }
            ],
        )
        [unit] = operator.call("pakn.unit", "search", [("code", "=", "SXD")])
        operator.call("pakn.ticket", "transfer", [ticket], [unit])

        def wait_for_sms(number, words):
            page = open_page()
            for _attempt in range(240):  # workers look once a minute at the latest
                for sender, to, text, _parts in list(smsc.messages):
                    if to == number and words in text:
                        assert sender == "1022GiaLai"
                        page.context.close()
                        return text
                page.wait_for_timeout(500)
            raise AssertionError((number, words, smsc.messages, server.findings()))

        wait_for_sms("84905777888", "Da tiep nhan phan anh")
        wait_for_sms("84905777888", "da chuyen So Xay dung, phai phan hoi truoc")
        text = wait_for_sms("84911000111", "Phieu chuyen")

        # The focal point opens the link in the message, signs in and is at the slip
        path = re.search(r"/t/\w+$", text)[0]
        phone = open_page(360, 740)
        sign_in(phone, server.url, "daumoi")
        phone.goto(server.url + path)
        phone.wait_for_selector("#act_answer")
        screenshot(phone, "unit-slip-from-sms")

        slips = server.client("daumoi")
        [slip] = slips.call("pakn.transfer", "search", [("ticket_id", "=", ticket)])
        slips.call("pakn.transfer", "answer", [slip], "<p>Đã thay bóng đèn.</p>")
        operator.call("pakn.ticket", "send_result", [ticket])
        wait_for_sms("84905777888", "Da thay bong den")
        wait_for_sms("84905777888", "1 hai long")
        smsc.outbox.append(("1", "84905777888", None))
        for _attempt in range(180):
            [(value,)] = execute(
                server.database,
                "SELECT rating_last_value FROM pakn_ticket WHERE id = %s",
                ticket,
            )
            if value:
                break
            phone.wait_for_timeout(1000)
        received = execute(
            server.database, "SELECT text, state, reason FROM pakn_sms_receipt"
        )
        assert value == 5, (received, server.findings())

        page = open_page()
        sign_in(page, server.url, "nhanvien")
        page.goto(f"{server.url}/odoo/pakn.ticket/{ticket}")
        page.click("button[name=action_view_sms]")
        # The list of messages, not the slips on the form that goes
        page.locator(".o_list_view .o_data_row").nth(4).wait_for()
        screenshot(page, "operator-sms")
        assert not server.findings()
