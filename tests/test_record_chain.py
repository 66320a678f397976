"""The chain of acts from outside: eight processes at once, and hands on the database
(Art. 9, 12)."""

from tests.conftest import LOCAL, check_record, connect, execute
from tests.forks import shell

PROCESSES = 8
ACTS = 63  # of each; over 500 together

# Whoever is refused five times by the others' commits tries again, as a user would.
ACT = f"""
import threading
from psycopg2 import OperationalError
from odoo.service.model import retrying
operator = env["res.users"].search([("login", "=", "nhanvien")])
ticket = env["pakn.ticket"].with_user(operator).search([("name", "=", "{{code}}")])
threading.current_thread().dbname = env.cr.dbname
for number in range({ACTS}):
    def act():
        ticket.write({{{{"title": "Đèn {{process}}/%s" % number}}}})
    done = False
    while not done:
        try:
            retrying(act, ticket.env)
            done = True
        except OperationalError:
            env.cr.rollback()
            env.invalidate_all(flush=False)
print("acted")
"""


def test_art09_eight_processes_cannot_fork_the_chain_of_a_request(database, tmp_path):
    [(code, before)] = execute(
        database,
        """SELECT name, record_length FROM pakn_ticket
            WHERE state = 'transferred' ORDER BY id LIMIT 1""",
    )
    processes = [
        shell(database, ACT.format(code=code, process=number), tmp_path / "acts.log")
        for number in range(PROCESSES)
    ]
    try:
        for process in processes:
            said = process.stdout.read()
            assert process.wait(300) == 0 and "acted" in said, said
    finally:
        for process in processes:
            process.kill()
    [(count, first, last, authors)] = execute(
        database,
        """SELECT count(*), min(sequence), max(sequence),
                  count(DISTINCT payload #>> '{title,1}')
             FROM pakn_event WHERE ticket_id =
                  (SELECT id FROM pakn_ticket WHERE name = %s)""",
        code,
    )
    total = before + PROCESSES * ACTS
    assert (count, first, last) == (total, 1, total)
    assert authors == PROCESSES * ACTS, "each act once"
    assert check_record(database)[0] == 0


def test_art09_what_a_superuser_changed_is_found_without_odoo(database):
    [(requests,)] = execute(database, "SELECT count(*) FROM pakn_ticket")
    assert check_record(database) == (0, f"{requests} requests checked, 0 do not fit\n")

    [(ticket, code)] = execute(
        database,
        "SELECT id, name FROM pakn_ticket WHERE record_length > 3 ORDER BY id LIMIT 1",
    )
    connection = connect(database)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pakn_event DISABLE TRIGGER USER")
        cursor.execute(
            """UPDATE pakn_event SET date = date - interval '1 hour'
                WHERE ticket_id = %s AND sequence = 3""",
            [ticket],
        )
        cursor.execute("ALTER TABLE pakn_event ENABLE TRIGGER USER")
    connection.close()
    assert check_record(database) == (
        1,
        f"{code}: act no. 3 does not fit\n{requests} requests checked, 1 do not fit\n",
    )


def test_art09_1_what_a_request_says_is_checked_without_odoo(database):
    """The whole state: sealed by the program, changed by the database's owner."""
    filestore = LOCAL / "data/filestore" / database
    [(ticket, code, before)] = execute(
        database,
        """SELECT id, name, result FROM pakn_ticket WHERE result IS NOT NULL
            AND name NOT IN (SELECT name FROM pakn_ticket WHERE record_length > 60)
            ORDER BY id DESC LIMIT 1""",
    )
    change = "UPDATE pakn_ticket SET result = %s WHERE id = %s"
    execute(database, change, "<p>Không làm.</p>", ticket)
    _code, said = check_record(database, filestore)
    execute(database, change, before, ticket)
    found = [line for line in said.splitlines() if line.startswith(code)]
    assert found == [f"{code}: phản ánh: bị sửa kết quả ngoài phần mềm"]


def test_a_database_that_is_not_there_is_one_sentence():
    code, said = check_record("pakn_never")
    assert code == 1
    assert said.startswith("Error: ") and "pakn_never" in said
