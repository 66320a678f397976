"""Mail intake through a real IMAP and a real SMTP server (Art. 3.2.2): of a thousand
mails each is a request, joins its own, or is kept for the operator."""

import imaplib
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import check_record, execute, free_port
from tests.forks import shell
from tests.mail_corpus import HOTLINE, KINDS, get_message_id, make_corpus, make_mail
from tests.test_sweep import wait_for

KILLS = 10
USER, PASSWORD = "1022", "secret"


@pytest.fixture
def imap_port():
    """Yield the port of an IMAP server with an empty inbox."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(Path(sys.executable).with_name("pymap"), "--host", "127.0.0.1"),
            *("--port", str(port), "--no-tls", "dict", "--demo-data"),
            *("--demo-user", USER, "--demo-password", PASSWORD),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _attempt in range(100):
            try:
                with log_in(port) as inbox:
                    inbox.store("1:*", "+FLAGS", "\\Deleted")
                    inbox.expunge()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def log_in(port):
    """Return a connection to the inbox."""
    connection = imaplib.IMAP4("127.0.0.1", port)
    connection.login(USER, PASSWORD)
    connection.select()
    return connection


def deliver(port, mails):
    """Put mails into the inbox."""
    with log_in(port) as inbox:
        for raw in mails:
            assert inbox.append("INBOX", None, None, raw)[0] == "OK"


def count_unseen(port):
    """Return how many mails of the inbox nobody has fetched."""
    with log_in(port) as inbox:
        return len(inbox.search(None, "(UNSEEN)")[1][0].split())


SET_UP = f"""
domain = env["mail.alias.domain"].create({{{{"name": "gialai.example"}}}})
env.company.alias_domain_id = domain
env.ref("pakn_1022.mail_alias_hotline").alias_domain_id = domain
env["fetchmail.server"].create({{{{
    "name": "1022", "server_type": "imap", "server": "127.0.0.1", "port": {{port}},
    "user": "{USER}", "password": "{PASSWORD}", "state": "done",
    "object_id": env.ref("pakn_1022.model_pakn_ticket").id}}}})
env.cr.execute('''ALTER TABLE pakn_ticket ADD CONSTRAINT test_poison
    CHECK (title NOT LIKE 'Thuốc độc%')''')
env.cr.commit()
"""

FETCH = """
print("fetching", flush=True)
while env["fetchmail.server"].search([])._fetch_mail(batch_limit=100) is None:
    env.cr.commit()
    done = env["fetchmail.server"].search([])
    connection = done._connect__()
    left = connection.check_unread_messages()
    connection.disconnect()
    if not left:
        break
print("fetched")
"""


# The outbox makes the notices of receipt
DELIVER = """
env["pakn.notice"]._cron_deliver()
env.cr.commit()
"""


def run(database, script, log):
    process = shell(database, script, log)
    said = process.stdout.read()
    assert process.wait() == 0, said
    return said


def test_art03_2_2_of_a_thousand_mails_none_is_lost_though_it_dies_ten_times(
    database, imap_port, tmp_path
):
    log = tmp_path / "fetch.log"
    run(database, SET_UP.format(port=imap_port), log)
    deliver(imap_port, [make_mail("plain", 1000 + n, [("", "")]) for n in range(5)])
    assert "fetched" in run(database, FETCH + DELIVER, log)
    # What the hotline has sent to these five: their notices of receipt
    ours = execute(
        database,
        """SELECT notice.message_id, ticket.name FROM mail_message incoming
             JOIN pakn_ticket ticket ON ticket.id = incoming.res_id
             JOIN mail_message notice ON notice.res_id = ticket.id
              AND notice.model = 'pakn.ticket'
              AND notice.message_type = 'email_outgoing'
            WHERE incoming.model = 'pakn.ticket'
              AND incoming.message_id LIKE '<plain-100%'
            ORDER BY 2""",
    )
    assert len(ours) == 5
    [(before,)] = execute(database, "SELECT count(*) FROM pakn_ticket")

    corpus = list(make_corpus(ours))
    deliver(imap_port, [raw for _kind, _number, raw in corpus])
    assert count_unseen(imap_port) == 1000
    for _kill in range(KILLS):
        process = shell(database, FETCH, log)
        wait_for(process, "fetching")
        time.sleep(random.uniform(0.5, 2.5))
        assert process.poll() is None, "it is still fetching, as it should"
        process.kill()
        process.wait()
    assert 0 < count_unseen(imap_port) < 1000
    assert "fetched" in run(database, FETCH, log)
    assert count_unseen(imap_port) == 0

    places = dict(
        execute(
            database,
            """SELECT message_id, 'ticket ' || res_id FROM mail_message
                WHERE message_id LIKE '%@corpus.example>' AND model = 'pakn.ticket'
                UNION ALL
               SELECT message_id, reason FROM pakn_mail WHERE reason IS NOT NULL""",
        )
    )
    known = {
        f"ticket {ticket}"
        for [ticket] in execute(
            database,
            "SELECT id FROM pakn_ticket WHERE name IN %s",
            tuple(code for _reference, code in ours),
        )
    }
    found = Counter()
    new = set()
    for kind, number, _raw in corpus:
        number = number // 2 if kind == "twice" else number
        place = places.get(get_message_id(kind, number), "lost")
        if place in known:
            place = "joined"
        elif place.startswith("ticket"):
            new.add(place)
            place = "ticket"
        found[kind, place] += 1
    flood = found.pop(("flood", "ticket"), 0), found.pop(("flood", "refused"), 0)
    assert sum(flood) == KINDS["flood"][0]
    assert all(flood), "some were taken in before it was seen to be a flood"
    expected = {
        (kind, "ticket" if outcome == "twice" else outcome): count
        for kind, (count, outcome) in KINDS.items()
        if kind != "flood"
    }
    assert found == expected
    [(after,)] = execute(database, "SELECT count(*) FROM pakn_ticket")
    assert after - before == len(new)
    assert check_record(database)[0] == 0


def test_art14_a_conversation_over_smtp_and_imap(
    database, imap_port, mailbox, start_server, tmp_path
):
    """The operator writes to the citizen, whose answer comes to the request."""
    log = tmp_path / "talk.log"
    run(database, SET_UP.format(port=imap_port), log)
    deliver(imap_port, [make_mail("plain", 1, [("", "")])])
    run(database, FETCH, log)
    [(ticket, code)] = execute(
        database,
        """SELECT ticket.id, name FROM pakn_ticket ticket
             JOIN mail_message ON res_id = ticket.id AND model = 'pakn.ticket'
            WHERE message_id = %s""",
        get_message_id("plain", 1),
    )
    server = start_server("--smtp=127.0.0.1", f"--smtp-port={mailbox.port}")
    operator = server.client("nhanvien")
    [partner] = operator.call("pakn.ticket", "read", [ticket], ["citizen_id"])
    operator.call(
        "pakn.ticket",
        "message_post",
        [ticket],
        body="Đèn ở cột số mấy?",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=[partner["citizen_id"][0]],
    )
    question = mailbox.wait_for("plain1@dan.example", "cột số mấy")
    assert HOTLINE in question["Reply-To"]
    answer = make_mail("reference", 1, [("", ""), (question["Message-Id"], "")])
    deliver(imap_port, [answer])
    run(database, FETCH, log)
    [(model, joined)] = execute(
        database,
        "SELECT model, res_id FROM mail_message WHERE message_id = %s",
        get_message_id("reference", 1),
    )
    assert (model, joined) == ("pakn.ticket", ticket), code
    [card] = operator.call("pakn.ticket", "read", [ticket], ["has_new_reply"])
    assert card["has_new_reply"]
