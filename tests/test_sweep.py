"""The clock in two processes at once, and killed at random moments: nothing is
escalated twice, nothing is left behind, every notice is there once (Art. 11)."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from tests.conftest import check_record, execute
from tests.forks import shell

SLIPS = 2000
KILLS = 20

PREPARE = f"""
unit = env["pakn.unit"].search(
    [("head_user_id.email", "!=", False), ("focal_user_ids", "!=", False)], limit=1)
category = env["pakn.category"].search([("code", "=", "5.5")])
env = env(context=dict(env.context, pakn_no_notify=True, tracking_disable=True))
tickets = env["pakn.ticket"].create([
    {{"title": "Thử quét thời hạn", "description": "<p>Đèn đường hỏng đã lâu.</p>",
      "citizen_name": "Nguyễn Văn A", "citizen_phone": f"0905{{index:06d}}",
      "category_id": category.id}} for index in range({SLIPS})])
tickets.transfer(unit.ids)
env.flush_all()
env.cr.execute('''UPDATE pakn_transfer SET date_sent = now() - interval '30 days',
    date_deadline = now() - interval '1 day', date_due = now() - interval '1 day'
    WHERE ticket_id IN %s''', [tuple(tickets.ids)])
env.cr.commit()
"""

# As the scheduled action does it, in small batches: many commits to be killed between
SWEEP = """
print("sweeping", flush=True)
env["pakn.transfer"]._cron_process_deadlines(batch_size=25)
env.cr.commit()
print("swept", flush=True)
"""


def wait_for(process, word):
    """Wait until a process says a word; it must not end before."""
    said = []
    for line in process.stdout:
        if word in line:
            return
        said.append(line)
    raise AssertionError(f"ended without saying {word}: {''.join(said[-20:])}")


def sweep_and_kill(database, log, seconds):
    """Kill a sweep at once, as a power cut does, so long after it has begun."""
    process = shell(database, SWEEP, log)
    wait_for(process, "sweeping")
    time.sleep(seconds)
    process.kill()
    process.wait()


def in_two(work):
    """Run ``work(0)`` and ``work(1)`` side by side; raise what either raised."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (0, 1)))


def test_two_sweeps_killed_twenty_times_escalate_everything_once(database, tmp_path):
    log = tmp_path / "sweep.log"
    process = shell(database, PREPARE, log)
    assert process.wait(300) == 0, process.stdout.read()
    [(due,)] = execute(
        database,
        """SELECT count(*) FROM pakn_transfer
            WHERE is_open AND level = 'focal' AND date_due < now()
              AND ticket_id IN (SELECT id FROM pakn_ticket WHERE title = %s)""",
        "Thử quét thời hạn",
    )
    assert due == SLIPS

    moments, longest, done = random.Random(1022), 0.5, 0
    for number in range(1, KILLS // 2 + 1):
        seconds = [moments.uniform(0, longest), moments.uniform(0, longest)]
        in_two(lambda lane, s=seconds: sweep_and_kill(database, log, s[lane]))
        [(done,)] = execute(
            database,
            """SELECT count(*) FROM pakn_ticket
                WHERE title = %s AND state = 'escalated_head'""",
            "Thử quét thời hạn",
        )
        # A quick machine would be done before the last is killed
        if done * KILLS // 2 > SLIPS * number:
            longest /= 2
    # Killed on the way, indeed, and what was done before stays done.
    assert 0 < done < SLIPS

    def finish(_number):
        process = shell(database, SWEEP, log)
        wait_for(process, "swept")
        assert process.wait(60) == 0

    in_two(finish)
    # Whoever came second may have left what the first held: the next minute's run
    in_two(finish)

    counts = execute(
        database,
        """SELECT ticket.state,
                  (SELECT array_agg(level || ' ' || state ORDER BY id)
                     FROM pakn_transfer WHERE ticket_id = ticket.id),
                  (SELECT count(*) FROM pakn_event
                    WHERE ticket_id = ticket.id AND kind = 'escalated'),
                  (SELECT count(*) FROM pakn_notice notice
                    WHERE notice.ticket_id = ticket.id AND act = 'escalated'
                      AND audience = 'head'),
                  (SELECT count(*) FROM pakn_transfer
                    WHERE ticket_id = ticket.id AND timeliness = 'late'),
                  count(*)
             FROM pakn_ticket ticket WHERE title = %s GROUP BY 1, 2, 3, 4, 5""",
        "Thử quét thời hạn",
    )
    once = ("escalated_head", ["focal expired", "head sent"], 1, 1, 1, SLIPS)
    assert counts == [once]
    code, said = check_record(database)
    assert code == 0, said
