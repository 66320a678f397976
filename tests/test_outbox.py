"""The outbox against a real mail server: killed at random moments, and with the mail
server down. None twice, none lost, and acts go on (Art. 10.1)."""

import random
import time
from collections import Counter

from tests.conftest import Mailbox, execute, free_port
from tests.forks import shell
from tests.test_journey import sign_in
from tests.test_sweep import wait_for

NOTICES, KILLS = 1000, 10

PREPARE = """
env["ir.mail_server"].create(
    {{"name": "E2E", "smtp_host": "127.0.0.1", "smtp_port": {port}}})
category = env["pakn.category"].search([("code", "=", "5.5")])
operator = env["res.users"].search([("login", "=", "nhanvien")])
env["pakn.ticket"].with_user(operator).create([
    {{"title": "Thử hộp thư đi", "description": "<p>Đèn đường hỏng đã lâu.</p>",
      "citizen_name": "Nguyễn Văn A", "citizen_email": f"outbox{{index}}@example.com",
      "channel_id": env.ref("pakn_1022.channel_web").id,
      "category_id": category.id}} for index in range({count})])
env.cr.commit()
"""
DELIVER = """
print("sending", flush=True)
env["pakn.notice"]._cron_deliver(batch_size=50)
env["mail.mail"].process_email_queue()
env.cr.commit()
print("sent", flush=True)
"""
POST = """
env["ir.mail_server"].create(
    {{"name": "E2E", "smtp_host": "127.0.0.1", "smtp_port": {port}}})
citizen = env["res.partner"].create({{"name": "Bà A", "email": "outbox0@example.com"}})
env.user.partner_id.message_notify(
    partner_ids=citizen.ids, subject="Thử", body="Kính gửi bà")
env.cr.commit()
"""
MAILS = """
env["mail.mail"].process_email_queue()
env.cr.commit()
print("done", flush=True)
"""


def states_of(database):
    """Return ``{(state, is with the door): count}`` of the citizens' notices."""
    return {
        (state, handed): count
        for state, handed, count in execute(
            database,
            """SELECT n.state, COALESCE(n.is_handed, FALSE), count(*)
                 FROM pakn_notice n JOIN pakn_ticket t ON t.id = n.ticket_id
                WHERE t.title = 'Thử hộp thư đi' AND n.audience = 'citizen'
                GROUP BY 1, 2""",
        )
    }


def arrived(mailbox):
    return Counter(
        address
        for recipients, _content in mailbox.messages
        for address in recipients
        if address.startswith("outbox")
    )


def test_killed_ten_times_among_a_thousand_notices(database, mailbox, tmp_path):
    log = tmp_path / "outbox.log"
    random.seed(1022)
    process = shell(database, PREPARE.format(port=mailbox.port, count=NOTICES), log)
    assert process.wait(300) == 0, process.stdout.read()
    assert states_of(database) == {("waiting", False): NOTICES}
    for _kill in range(KILLS):
        process = shell(database, DELIVER, log)
        wait_for(process, "sending")
        time.sleep(random.uniform(0.2, 1.5))
        process.kill()
        process.wait()
    for _again in range(5):
        process = shell(database, DELIVER, log)
        wait_for(process, "sent")
        assert process.wait(120) == 0
        if ("waiting", True) not in states_of(database):
            break
    counts = arrived(mailbox)
    assert max(counts.values()) == 1, "a mail was sent twice"
    states = states_of(database)
    assert set(states) <= {("sent", False), ("failed", False)}, states
    unclear = states.get(("failed", False), 0)
    assert unclear <= KILLS, "at most one for each kill"
    assert states["sent", False] + unclear == NOTICES
    # What is called sent arrived; what did not arrive is called unclear
    assert NOTICES - len(counts) <= unclear


def test_mail_server_down_acts_go_on_and_nothing_is_lost(
    start_server, database, open_page, screenshot, tmp_path
):
    """Acts are as quick, the notices wait, and arrive when the server is back."""
    from aiosmtpd.controller import Controller

    log = tmp_path / "down.log"
    port = free_port()  # nobody listens there yet
    process = shell(database, PREPARE.format(port=port, count=3), log)
    assert process.wait(120) == 0, process.stdout.read()
    process = shell(database, DELIVER, log)
    wait_for(process, "sent")
    assert process.wait(60) == 0
    assert states_of(database) == {("waiting", True): 3}
    [(attempts, reason)] = execute(
        database,
        """SELECT DISTINCT n.attempts, n.reason FROM pakn_notice n
             JOIN pakn_ticket t ON t.id = n.ticket_id
            WHERE t.title = 'Thử hộp thư đi'""",
    )
    assert attempts == 1
    assert reason

    # The operator sees on the request that it waits, and why
    server = start_server("--max-cron-threads=0")
    page = open_page()
    sign_in(page, server.url, "nhanvien")
    [(ticket,)] = execute(
        database,
        "SELECT min(id) FROM pakn_ticket WHERE title = 'Thử hộp thư đi'",
    )
    page.goto(f"{server.url}/odoo/pakn.ticket/{ticket}")
    page.locator(".nav-link", has_text="Đã báo cho ai").click()
    page.locator(".o_field_widget[name=notice_ids] .o_data_row").first.wait_for()
    screenshot(page, "operator-notices")
    begun = time.monotonic()
    server.client("nhanvien").call("pakn.ticket", "cancel", [ticket], "Gọi thử")
    assert time.monotonic() - begun < 5, "an act does not wait for the mail server"
    server.stop()

    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        execute(
            database,
            """UPDATE mail_mail SET scheduled_date = now() at time zone 'UTC'
                WHERE state = 'outgoing'""",
        )
        process = shell(database, MAILS, log)
        wait_for(process, "done")
        assert process.wait(60) == 0
    finally:
        controller.stop()
    assert states_of(database) == {("sent", False): 3}
    assert len(arrived(box)) == 3


def test_what_odoo_writes_is_sent_by_the_queue_alone(database, mailbox, tmp_path):
    """Two that send one mail at once fail over each other's row (Art. 10.1)."""
    log = tmp_path / "queue.log"
    process = shell(database, POST.format(port=mailbox.port), log)
    assert process.wait(120) == 0, process.stdout.read()
    assert not arrived(mailbox), "whoever acts does not wait for the mail server"
    woken = execute(
        database,
        """SELECT count(*) FROM ir_cron_trigger t
             JOIN ir_model_data d ON d.res_id = t.cron_id AND d.model = 'ir.cron'
            WHERE d.name = 'ir_cron_mail_scheduler_action'""",
    )
    assert woken[0][0]
    process = shell(database, MAILS, log)
    wait_for(process, "done")
    assert process.wait(60) == 0
    assert arrived(mailbox) == {"outbox0@example.com": 1}


def test_art10_1_what_can_be_taken_back_is_told_a_moment_later(start_server, mailbox):
    """Nobody in the moment in which it can be, and nobody waits for the next round."""
    server = start_server("--smtp=127.0.0.1", f"--smtp-port={mailbox.port}")
    operator = server.client("nhanvien")
    [reason] = operator.call("pakn.reject.reason", "search", [], limit=1)

    def take_in(address):
        ticket = operator.call(
            "pakn.ticket",
            "create",
            {
                "title": "Thử hoàn tác",
                "description": "<p>Đèn đường hỏng đã lâu.</p>",
                "citizen_name": "Nguyễn Văn A",
                "citizen_email": address,
            },
        )
        mailbox.wait_for(address, "Thử hoàn tác")
        return ticket

    def refuse(ticket):
        values = {"ticket_ids": [[6, 0, [ticket]]], "reason_id": reason}
        dialog = operator.call("pakn.ticket.reject", "create", values)
        said = operator.call("pakn.ticket.reject", "action_confirm", [dialog])
        return said["params"]["undo"]

    def told(address):
        return sum(address in recipients for recipients, _mail in mailbox.messages)

    addresses = ("hoantac0@example.com", "hoantac1@example.com")
    tickets = [take_in(address) for address in addresses]
    first = [told(address) for address in addresses]
    for ticket in tickets:
        undo = refuse(ticket)
    begun = time.monotonic()
    operator.call(undo["model"], undo["method"], undo["ids"])
    while time.monotonic() - begun < 8:
        assert [told(address) for address in addresses] == first
        time.sleep(0.5)
    while told(addresses[0]) == first[0]:
        assert time.monotonic() - begun < 35, "it waits for the workers' round"
        time.sleep(0.5)
    time.sleep(5)
    assert [told(address) for address in addresses] == [first[0] + 1, first[1]]
    states = operator.call("pakn.ticket", "read", tickets, ["state"])
    assert [row["state"] for row in states] == ["rejected", "new"]
    assert operator.call("pakn.ticket", "get_acts", tickets[:1])[str(tickets[0])][
        "take_back"
    ] not in (True, None)
    assert not server.findings()
