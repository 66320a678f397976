"""Two at once, and a power cut in the middle: whole or nothing."""

import contextlib
import threading
import time

import pytest

from tests.conftest import Server, connect, copy_database, execute
from tests.forks import shell
from tests.test_sweep import wait_for

NEW = {
    "title": "Thử đồng thời",
    "description": "<p>Đèn đường trước nhà tôi hỏng đã lâu.</p>",
    "citizen_name": "Nguyễn Văn A",
    "citizen_phone": "0905123999",
}


class Running:
    """The server of these tests, which starts anew when it has been killed."""

    def __init__(self, database):
        self.database, self.server = database, None

    def get(self):
        if not self.server or self.server.process.poll() is not None:
            self.server = Server(self.database).start()
        return self.server


@pytest.fixture(scope="module")
def running(template):
    with copy_database(template) as name:
        running = Running(name)
        yield running
        running.server.kill()


def first_id(client, model, domain):
    return client.call(model, "search", domain, limit=1)[0]


def test_two_press_at_once_one_wins_the_other_gets_a_sentence(running):
    server = running.get()
    logged = len(server.findings())
    operators = [server.client("nhanvien"), server.client("nhanvien2")]
    category = first_id(operators[0], "pakn.category", [("code", "=", "4.1")])
    units = operators[0].call(
        "pakn.unit", "search", [("kind", "=", "department")], limit=2
    )
    for _round in range(5):
        ticket = operators[0].call(
            "pakn.ticket", "create", [dict(NEW, category_id=category)]
        )[0]
        outcome = []
        barrier = threading.Barrier(2)

        def press(client, unit, ticket=ticket, outcome=outcome, barrier=barrier):
            barrier.wait()
            try:
                client.call("pakn.ticket", "transfer", [ticket], [unit])
                outcome.append("done")
            except RuntimeError as error:
                outcome.append(str(error))

        threads = [
            threading.Thread(target=press, args=pair)
            for pair in zip(operators, units, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcome.count("done") == 1, outcome
        [sentence] = [text for text in outcome if text != "done"]
        assert "GL" in sentence, sentence
        [(slips, events)] = execute(
            server.database,
            """SELECT (SELECT count(*) FROM pakn_transfer WHERE ticket_id = %s),
                      (SELECT count(*) FROM pakn_event
                        WHERE ticket_id = %s AND kind = 'transferred')""",
            ticket,
            ticket,
        )
        assert (slips, events) == (1, 1)
    # Odoo logs a refusal; nothing but the five refusals is there.
    assert all(" odoo.http: " in line for line in server.findings()[logged:])


def test_two_take_in_the_same_new_caller_at_once(running):
    server = running.get()
    clients = [server.client("nhanvien"), server.client("nhanvien2")]
    for number in ("0905888001", "0905888002", "0905888003"):
        barrier = threading.Barrier(2)
        made = []

        def take_in(client, number=number, barrier=barrier, made=made):
            barrier.wait()
            made.extend(
                client.call("pakn.ticket", "create", [dict(NEW, citizen_phone=number)])
            )

        threads = [threading.Thread(target=take_in, args=[one]) for one in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 2
        [(contacts,)] = execute(
            server.database,
            "SELECT count(DISTINCT citizen_id) FROM pakn_ticket WHERE id IN (%s, %s)",
            *made,
        )
        assert contacts == 1


def counts_of(database, tickets):
    """Return transferred requests, slips, acts and notices of these requests."""
    ids = ",".join(map(str, tickets))
    [counts] = execute(
        database,
        f"""SELECT
            (SELECT count(*) FROM pakn_ticket
              WHERE id IN ({ids}) AND state = 'transferred'),
            (SELECT count(*) FROM pakn_transfer WHERE ticket_id IN ({ids})),
            (SELECT count(*) FROM pakn_event
              WHERE ticket_id IN ({ids}) AND kind = 'transferred'),
            (SELECT count(DISTINCT transfer_id) FROM pakn_notice
              WHERE act = 'transferred' AND ticket_id IN ({ids})
                AND audience = 'unit')""",
    )
    return counts


def wait_until_blocked(database):
    """Wait until a statement of the server waits for a lock of ours."""
    for _attempt in range(200):
        if execute(
            "postgres",
            """SELECT 1 FROM pg_stat_activity
                WHERE datname = %s AND wait_event_type = 'Lock'""",
            database,
        ):
            return
        time.sleep(0.05)
    raise AssertionError("the server never came to the locked table")


@pytest.mark.parametrize("then", ["let go", "changed", "kept"])
def test_an_act_waits_for_a_job_that_has_its_request(running, then):
    """Nobody reloads the page because a job was just writing down what it did."""
    server = running.get()
    client = server.client("nhanvien")
    logged = len(server.findings())
    category = first_id(client, "pakn.category", [("code", "=", "4.1")])
    unit = first_id(client, "pakn.unit", [("focal_user_ids", "!=", False)])
    tickets = client.call(
        "pakn.ticket", "create", [dict(NEW, category_id=category)] * 3
    )
    said = []

    def transfer():
        try:
            client.call("pakn.ticket", "transfer", tickets, [unit])
        except RuntimeError as error:
            said.append(str(error))

    job = connect(server.database)
    job.autocommit = False
    with job.cursor() as cursor:
        cursor.execute(
            "UPDATE pakn_ticket SET write_date = write_date WHERE id = %s", [tickets[1]]
        )
        thread = threading.Thread(target=transfer)
        thread.start()
        wait_until_blocked(server.database)
        if then == "kept":
            thread.join()
    if then == "changed":
        job.commit()
    job.close()
    thread.join()
    if then == "kept":
        [sentence] = said
        assert "GL" in sentence and "reload" in sentence, sentence
        assert counts_of(server.database, tickets) == (0, 0, 0, 0)
    else:
        assert not said, said
        assert counts_of(server.database, tickets) == (3, 3, 3, 3)
        assert not server.findings()[logged:]


MAIL = """
raw = (b"From: A <a@example.com>\\nTo: 1022@example.com\\nSubject: Den hong\\n"
       b"Message-ID: <twice@example.com>\\n\\nDen duong truoc nha toi hong da lau.\\n")
mail = env["pakn.mail"].create({"email_from": "a@example.com", "subject": "Den hong",
    "reason": "error", "attempts": 9, "raw": __import__("base64").b64encode(raw)})
number = "+84905123456"
codes = env["pakn.phone.code"]
code = codes.create({"number": number, "digest": codes._digest(number, "123456"),
    "date_until": "2099-01-01"})
env.cr.commit()
print("made", mail.id, code.id, flush=True)
"""
CHECK = """
print("ready", flush=True)
print("checked", env["pakn.phone.code"]._check("0905123456", "123456"), flush=True)
"""


def test_who_is_at_the_same_mail_or_code_is_waited_for(running, tmp_path):
    """No sentence about locks is shown to who presses a button a second time."""
    server = running.get()
    client = server.client("nhanvien")
    process = shell(server.database, MAIL, tmp_path / "mail.log")
    said = process.stdout.read()
    assert process.wait(120) == 0, said
    mail, code = map(int, said[said.index("made ") :].split()[1:3])

    def hold(table, number):
        other = connect(server.database)
        other.autocommit = False
        other.cursor().execute(
            f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [number]
        )
        return other

    answers = []
    other = hold("pakn_mail", mail)
    thread = threading.Thread(
        target=lambda: answers.append(
            client.call("pakn.mail", "action_process", [mail])
        )
    )
    thread.start()
    wait_until_blocked(server.database)
    other.close()
    thread.join()
    assert answers[0]["res_model"] == "pakn.ticket"
    with pytest.raises(RuntimeError, match="đã được tiếp nhận|taken in already"):
        client.call("pakn.mail", "action_process", [mail])

    other = hold("pakn_phone_code", code)
    process = shell(server.database, CHECK, tmp_path / "code.log")
    wait_for(process, "ready")
    wait_until_blocked(server.database)
    other.close()
    assert "checked True" in process.stdout.read()
    assert process.wait(60) == 0


@pytest.mark.parametrize("table", ["pakn_transfer", "pakn_event", "pakn_notice"])
def test_sigkill_in_the_middle_of_a_transition(running, table):
    """The server is killed just as it writes to ``table``: nothing is left of it;
    started again, it does the whole."""
    server = running.get()
    client = server.client("nhanvien")
    category = first_id(client, "pakn.category", [("code", "=", "4.1")])
    unit = first_id(client, "pakn.unit", [("focal_user_ids", "!=", False)])
    tickets = client.call(
        "pakn.ticket", "create", [dict(NEW, category_id=category)] * 5
    )

    def transfer():
        # The line goes dead, as it is meant to.
        with contextlib.suppress(OSError, ValueError):
            client.call("pakn.ticket", "transfer", tickets, [unit])

    blocker = connect(server.database)
    blocker.autocommit = False
    with blocker.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        thread = threading.Thread(target=transfer)
        thread.start()
        wait_until_blocked(server.database)
        server.kill()
    blocker.rollback()
    blocker.close()
    thread.join()
    assert counts_of(server.database, tickets) == (0, 0, 0, 0)

    server = running.get()
    server.client("nhanvien").call("pakn.ticket", "transfer", tickets, [unit])
    assert counts_of(server.database, tickets) == (5, 5, 5, 5)
