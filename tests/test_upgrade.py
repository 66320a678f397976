"""A database of the version before becomes one of this version, with all its data.

``tests/data/before-19.0.2.sql.xz`` was dumped by pakn_1022, pakn_1022_sms and
pakn_1022_reports of before 19.0.2.0.0: thirteen requests in every state, made through
the operations of that version.
"""

import lzma
import os
import subprocess
import uuid

import pytest

from tests.conftest import LOCAL, ROOT, check_record, drop_database, execute
from tests.log_watch import findings

DUMP = ROOT / "tests/data/before-19.0.2.sql.xz"
KEPT = """
    SELECT t.name, t.title, t.state, t.round, t.is_overdue, t.date_due, t.result,
           t.private_phone, t.record_length, t.record_hash, t.date_closed
      FROM pakn_ticket t ORDER BY t.name"""
SLIPS = """
    SELECT s.id, s.state, s.level, s.role, s.date_due, s.is_overdue, s.date_overdue,
           s.date_responded, s.extension_count
      FROM pakn_transfer s ORDER BY s.id"""


@pytest.fixture
def old():
    """Yield the name of a database of the version before."""
    from odoo.sql_db import connection_info_for
    from odoo.tools import config

    config.parse_config([])
    name = f"pakn_e2e_{uuid.uuid4().hex[:8]}"
    # The cluster's own template has the extensions, which the dump finds there
    execute("postgres", f'CREATE DATABASE "{name}" TEMPLATE pakn_template')
    info = connection_info_for(name)[1]
    environment = {**os.environ, "PGHOST": info["host"], "PGUSER": info["user"]}
    subprocess.run(
        ["psql", "-q", "-d", name],
        input=lzma.decompress(DUMP.read_bytes()),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=300,
    )
    yield name
    drop_database(name)
    (LOCAL / "log" / f"{name}.log").unlink(missing_ok=True)


def test_a_database_of_the_version_before_is_upgraded(old):
    before, slips = execute(old, KEPT), execute(old, SLIPS)
    assert len(before) == 13
    log = LOCAL / "log" / f"{old}.log"
    result = subprocess.run(
        [
            ROOT / "bin/odoo",
            *("-d", old, "-u", "pakn_1022", "--stop-after-init", "--no-http"),
            *("--workers=0", "--max-cron-threads=0", f"--logfile={log}"),
        ],
        cwd=ROOT,
        timeout=900,
        check=False,
    )
    said = log.read_text("utf-8")
    assert result.returncode == 0, said[-3000:]
    assert not findings(said.splitlines())

    # Everything is there, and the record of acts is whole
    assert execute(old, KEPT) == before
    assert execute(old, SLIPS) == slips
    code, said = check_record(old)
    assert code == 0, said

    # What is stored since: late is a fact, moments stand where they were set
    facts = execute(
        old,
        """SELECT state, level, is_overdue, timeliness, date_judged IS NOT NULL,
                  date_closed IS NOT NULL, date_first IS NOT NULL
             FROM pakn_transfer ORDER BY id""",
    )
    for state, _level, late, timeliness, judged, closed, first in facts:
        assert (timeliness == "late") == bool(late)
        assert judged == bool(timeliness)
        assert closed == (
            state not in ("sent", "acknowledged", "scheduled", "extended")
        )
        if state in ("scheduled", "extended", "answered"):
            assert first
            assert timeliness
    assert {row[3] for row in facts} == {"late", "in_time", None}
    tickets = dict(
        execute(
            old,
            """SELECT title, (state, outcome, was_overdue, date_ended IS NULL)::text
                 FROM pakn_ticket""",
        )
    )
    assert tickets["Việc 2"] == "(rejected,rejected,f,f)"
    assert tickets["Việc 3"] == "(done,instant,f,f)"
    assert tickets["Việc 9"] == "(answered,head,t,f)"
    # Reopened: what was late once stays so on the request (Art. 11.4)
    assert tickets["Việc 10"] == "(new,open,t,t)"
    [(referred,)] = execute(old, "SELECT count(*) FROM pakn_transfer WHERE is_referred")
    assert referred == 1

    # Texts and rights that administrators may have changed are linked to the acts
    acts = {
        act
        for [act] in execute(
            old, "SELECT pakn_act FROM mail_template WHERE pakn_audience = 'citizen'"
        )
    }
    assert {"received", "asked", "sent", "rating_asked"} <= acts
    assert (
        execute(
            old,
            "SELECT 1 FROM sms_template WHERE pakn_audience IN ('focal', 'province')",
        )
        == []
    )
    rules = execute(old, "SELECT count(*) FROM ir_rule WHERE domain_force ~ 'is_mine'")
    assert rules == [(3,)]
