"""Records taken out behind the dialog: seen to advance, killed, whole at the end."""

import csv
import io
import random
import time

import openpyxl

from tests.conftest import ROOT, execute, wake_crons
from tests.forks import shell
from tests.test_journey import fill, sign_in
from tests.test_sweep import wait_for

# So many that the second of work which the dialog does itself is a part of it
REQUESTS, KILLS = 60000, 3
ADDED = "TX"

# Copies in SQL, for what is exported is not how they came
PREPARE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from bench.bench_screens import copy
ticket = env["pakn.ticket"].search([("secrecy", "=", "public")], limit=1)
copy(env, ticket, {REQUESTS}, {{"name": "'{ADDED}' || nth"}})
env.cr.commit()
"""
# As the scheduled action does it, with more commits to be killed between, however
# fast the machine is: it begins when it is told to, and rests after each
MAKE = """
import os, time
log = env["pakn.export.log"].browse({log})
print("making", flush=True)
while not os.path.exists({begin!r}):
    time.sleep(0.01)
while log.state == "making":
    log._advance(0.02)
    env.cr.commit()
    time.sleep(0.2)
print("made", flush=True)
"""


def prepare(database, log):
    process = shell(database, PREPARE, log)
    assert process.wait(300) == 0, process.stdout.read()


def ask(client, file_type):
    """Ask for an export as the dialog does; return the id of its log."""
    [dialog] = client.call(
        "pakn.export",
        "create",
        [
            {
                "domain": f"[('name', '=like', '{ADDED}%')]",
                "file_type": file_type,
                "purpose": "Kiểm tra",
            }
        ],
    )
    return client.call("pakn.export", "action_export", [dialog])["res_id"]


def choose_all(page):
    """Choose all the time instead of the last month."""
    page.click("[name=period] input")
    page.locator(".o_select_menu_item", has_text="Toàn bộ thời gian").click()
    count = page.locator(".o_pakn_export_count [name=count]")
    page.wait_for_function(
        "(el) => Number(el.innerText.replaceAll('.', '')) > 1000",
        arg=count.element_handle(),
    )


def state_of(database, log):
    [row] = execute(
        database, "SELECT state, done FROM pakn_export_log WHERE id = %s", log
    )
    return row


def test_seen_to_advance_and_downloaded(
    database, start_server, open_page, screenshot, tmp_path
):
    prepare(database, tmp_path / "prepare.log")
    server = start_server()
    page = open_page()
    sign_in(page, server.url, "nhanvien")
    page.goto(server.url + "/odoo/action-pakn_1022_reports.export_action")
    page.wait_for_selector(".modal [name=purpose], .o_form_view [name=purpose]")
    choose_all(page)
    fill(page, "purpose", "Kiểm tra quý III")
    screenshot(page, "export-dialog", for_readme=False)
    shares = set()
    with page.expect_download(timeout=120000) as download:
        page.click("button[name=action_export]")
        bar = page.locator(".o_pakn_export_progress .progress-bar")
        bar.wait_for()
        screenshot(page, "export-progress", for_readme=False)
        while not download.is_done():
            shares.add(bar.inner_text())
            page.wait_for_timeout(300)
    assert len(shares) >= 2, "nobody sees it advance"
    page.wait_for_selector(".modal:has-text('Tệp đã xong')")
    screenshot(page, "export-ready", for_readme=False)
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    sheet = openpyxl.load_workbook(file, read_only=True).active
    codes = [row[0] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)]
    assert len(codes) == len(set(codes)) > REQUESTS
    assert {f"{ADDED}{number}" for number in range(1, REQUESTS + 1)} < set(codes)

    # Closed while it is made: told when it is ready, and it waits in the log
    phone = open_page(360, 740)
    sign_in(phone, server.url, "nhanvien")
    phone.goto(server.url + "/odoo/action-pakn_1022_reports.export_action")
    # The first file is told on all screens of whoever asked for it: out of the way
    told = phone.locator(".o_notification", has_text="đã xong")
    phone.add_locator_handler(
        told, lambda toast: toast.locator(".o_notification_close").click()
    )
    choose_all(phone)
    fill(phone, "purpose", "Kiểm tra trên điện thoại")
    phone.click("button[name=action_export]")
    phone.wait_for_selector(".o_pakn_export_progress")
    phone.remove_locator_handler(told)
    screenshot(phone, "export-progress-phone", for_readme=False)
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    phone.click(".modal footer button:has-text('Đóng'):visible")
    told.wait_for(timeout=120000)
    screenshot(phone, "export-told-phone", for_readme=False)
    with phone.expect_download() as download:
        told.locator("button", has_text="Tải về").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.goto(server.url + "/odoo/action-pakn_1022_reports.export_log_action")
    with page.expect_download() as download:
        page.locator("button[name=action_download]").first.click()
    screenshot(page, "export-log", for_readme=False)
    assert download.value.suggested_filename.endswith(".xlsx")
    phone.goto(server.url + "/odoo/action-pakn_1022_reports.export_log_action")
    phone.wait_for_selector(".o_kanban_record button[name=action_download]")
    screenshot(phone, "export-log-phone", for_readme=False)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert not server.findings()


def test_killed_on_the_way_it_goes_on(database, start_server, tmp_path):
    """Two at once and killed, then the server itself: each request once."""
    log_file = tmp_path / "export.log"
    prepare(database, log_file)
    server = start_server("--max-cron-threads=0")
    log = ask(server.client("nhanvien"), "csv")
    server.stop()
    assert state_of(database, log)[0] == "making"
    moments = random.Random(1022)
    reached = set()
    for kill in range(KILLS):
        begin = tmp_path / f"begin {kill}"
        script = MAKE.format(log=log, begin=str(begin))
        pair = [shell(database, script, log_file) for _one in range(2)]
        for process in pair:
            wait_for(process, "making")
        before = state_of(database, log)
        begin.touch()
        for _attempt in range(6000):
            if state_of(database, log) != before:
                break
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.2))
        for process in pair:
            process.kill()
            process.wait()
        reached.add(state_of(database, log))
    assert len(reached) == KILLS
    assert {state for state, _done in reached} == {"making"}, reached

    # And the server in the middle of its scheduled action
    [(before,)] = execute(
        database, "SELECT done FROM pakn_export_log WHERE id = %s", log
    )
    server = start_server()
    wake_crons(database)
    for _attempt in range(600):
        state, done = state_of(database, log)
        if done > before:
            break
        time.sleep(0.05)
    server.kill()
    server = start_server()
    client = server.client("nhanvien")
    wake_crons(database)
    for _attempt in range(600):
        if state_of(database, log)[0] != "making":
            break
        time.sleep(0.2)
    assert state_of(database, log)[0] == "ready"
    url = client.call("pakn.export.log", "action_download", [log])["url"]
    reply = client.session.get(server.url + url, timeout=120)
    assert int(reply.headers["Content-Length"]) == len(reply.content)
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == [
        f"{ADDED}{number}" for number in range(1, REQUESTS + 1)
    ]
    other = server.client("quantri").session.get(server.url + url, timeout=60)
    assert other.status_code == 404
    assert not server.findings()
