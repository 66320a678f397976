"""Recordings and transcripts in the browser (Art. 12.1): what is opened is neither
heard nor read; what is asked for is, and stands on record. And the figures of calls."""

import io
import json
import math
import struct
import time
import wave
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.conftest import execute
from tests.peers import HttpPeer, PeerHandler
from tests.test_journey import sign_in

SAID = "Alô, đường trước chợ mất điện từ sáng đến giờ, đề nghị kiểm tra."
# How loud the call is, a second each
LOUD = (0.1, 0.8, 0.5, 0.05, 0.9, 0.3, 0.0, 0.6)
RATE = 8000


def make_sound():
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        for loud in LOUD:
            for nth in range(RATE):
                level = loud * (0.4 + 0.6 * abs(math.sin(nth / 900)))
                value = round(30000 * level * math.sin(nth / 5))
                sound.writeframes(struct.pack("<h", value))
    return target.getvalue()


class Handler(PeerHandler):
    """The vendor's recordings, and a speech-to-text service of the house."""

    def do_GET(self):
        self.tell(200, self.peer.sound)

    def do_POST(self):
        self.read_body()
        self.tell(200, json.dumps({"text": SAID}).encode())


@pytest.fixture
def vendor():
    """Yield the address of a vendor on loopback."""
    with HttpPeer(Handler) as peer:
        peer.sound = make_sound()
        yield peer.url


def wait_for(server, query, seconds=60):
    """Return the first value of a query as soon as there is one."""
    for _attempt in range(seconds * 4):
        if rows := execute(server.database, query):
            return rows[0][0]
        time.sleep(0.25)
    raise AssertionError(query)


def take_call(server, vendor):
    """Return the id of a call that was told of, recorded and put into words."""
    manager = server.client("quantri")
    settings = manager.call(
        "res.config.settings", "create", [{"pakn_call_transcript_url": f"{vendor}/asr"}]
    )
    manager.call("res.config.settings", "execute", settings)
    values = {"name": "Nhà cung cấp", "code": "vendor", "kind": "omicall"}
    values["recording_url"] = f"{vendor}/{{file}}"
    [account] = manager.call("pakn.call.account", "create", [values])
    [found] = manager.call("pakn.call.account", "read", [account], ["hook_url"])
    start = round(time.time()) - 600
    told = {
        "transaction_id": "player-1",
        "state": "cdr",
        "direction": "inbound",
        "phone_number": "0905123789",
        "hotline": "02691022",
        "disposition": "answered",
        "duration": 16,
        "bill_sec": 8,
        "answer_sec": 8,
        "recording_file_url": f"{vendor}/player-1.wav",
        "time_start_call": start,
        "time_start_to_answer": start + 8,
        "time_end_call": start + 16,
    }
    path = urlsplit(found["hook_url"]).path
    assert requests.post(server.url + path, json=told, timeout=60).text == "ok"
    wait_for(server, "SELECT id FROM pakn_call_transcript WHERE state = 'made'")
    return wait_for(server, "SELECT id FROM pakn_call WHERE call_id = 'player-1'")


def count_hearings(server):
    rows = execute(
        server.database,
        """SELECT coalesce(is_reading, FALSE), count(*)
             FROM pakn_call_hearing GROUP BY 1""",
    )
    return dict(rows)


def test_art12_1_heard_and_read_when_it_is_asked_for(
    start_server, vendor, open_page, screenshot
):
    server = start_server()
    call = take_call(server, vendor)
    page = open_page()
    sign_in(page, server.url, "quantri")
    page.goto(f"{server.url}/odoo/pakn-calls/{call}")
    button = page.locator(".o_pakn_read")
    button.wait_for()
    # Opened, and neither heard nor read
    assert count_hearings(server) == {}
    assert SAID not in page.content()
    button.click()
    expect(page.locator(".o_pakn_transcript_text")).to_have_text(SAID)
    assert count_hearings(server) == {True: 1}

    page.locator(".o_pakn_hear").click()
    picture = page.locator(".o_pakn_wave")
    picture.wait_for()
    assert count_hearings(server) == {True: 1, False: 1}
    path = picture.locator("path").first.get_attribute("d")
    assert path.count("M") == 200
    audio = page.locator(".o_pakn_player audio")
    page.wait_for_function(
        "document.querySelector('.o_pakn_player audio').duration > 7"
    )
    audio.evaluate("one => one.pause()")
    box = picture.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    assert abs(audio.evaluate("one => one.currentTime") - 6) < 0.2
    expect(page.locator(".o_pakn_wave_heard")).to_have_attribute(
        "style", "clip-path: inset(0 25.0% 0 0)"
    )
    # By keyboard alone: play and stop, then the speed
    audio.focus()
    page.keyboard.press("Space")
    page.wait_for_function("!document.querySelector('.o_pakn_player audio').paused")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('.o_pakn_player audio').paused")
    for _tab in range(12):
        page.keyboard.press("Tab")
        if page.locator(".o_pakn_player .btn-group button:focus").count():
            break
    page.keyboard.press("Enter")
    assert audio.evaluate("one => one.playbackRate") == 0.75
    picture.scroll_into_view_if_needed()
    screenshot(page, "call-player", for_readme=False)
    page.set_viewport_size({"width": 360, "height": 740})
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    assert picture.bounding_box()["width"] <= 360
    screenshot(page, "call-player-phone", for_readme=False)

    # Without a waveform the browser's bar is there
    execute(server.database, "UPDATE pakn_call_recording SET peaks = NULL")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{server.url}/odoo/pakn-calls/{call}")
    page.locator(".o_pakn_hear").click()
    audio.wait_for()
    page.wait_for_timeout(500)
    expect(picture).to_have_count(0)

    # In the form of the transcript too; the list shows no words
    page.goto(f"{server.url}/odoo/pakn-call-transcript")
    page.locator(".o_data_row").first.wait_for()
    assert SAID not in page.content()
    before = count_hearings(server)[True]
    page.locator(".o_data_row td.o_data_cell").first.click()
    page.locator(".o_pakn_read").click()
    expect(page.locator(".o_pakn_transcript_text")).to_have_text(SAID)
    assert count_hearings(server)[True] == before + 1
    screenshot(page, "call-transcript", for_readme=False)
    check_pivot(page, server, screenshot)
    assert not server.findings()


# What the saved screens show, as they are headed
HEADS = [
    "Số lượng",
    "Thời gian chờ (giây)",
    "Chờ: 90% không quá (giây)",
    "Đàm thoại (giây)",
    "Đàm thoại: 90% không quá (giây)",
]
LEVEL = "Trả lời trong 20 giây (%)"
READ_PIVOT = """table => ({
    heads: [...table.querySelectorAll('.o_pivot_measure_row')].map(e => e.innerText),
    rows: [...table.querySelectorAll('tbody tr')].map(row => [
        row.querySelector('th').innerText.trim(),
        ...[...row.querySelectorAll('td')].map(cell => cell.innerText.trim()),
    ]),
})"""


def tell_calls(server):
    """Have the exchange tell of calls of two operators in two hours, and lost ones."""
    manager = server.client("quantri")
    [account] = manager.call(
        "pakn.call.account", "search_read", [("code", "=", "vendor")], ["hook_url"]
    )
    for login, extension in (("nhanvien", "901"), ("nhanvien2", "902")):
        [user] = manager.call("res.users", "search", [("login", "=", login)])
        values = {"user_id": user, "extension": extension, "account_id": account["id"]}
        manager.call("pakn.call.seat", "create", [values])
    path, now = urlsplit(account["hook_url"]).path, round(time.time())
    for number in range(30):
        # Lengths that no two groups have in common
        wait, talk = 3 + 2 * number, 0 if number % 6 == 5 else 17 * number + 11
        start = now - 1200 - 3600 * (number % 2) - number
        told = {
            "transaction_id": f"pivot-{number}",
            "state": "cdr",
            "direction": "inbound",
            "phone_number": f"09054{number:05}",
            "hotline": "02691022",
            "disposition": "answered" if talk else "cancelled",
            "duration": wait + talk,
            "bill_sec": talk,
            "answer_sec": wait if talk else 0,
            "sip_user": "901" if number % 3 else "902",
            "time_start_call": start,
            "time_start_to_answer": start + wait if talk else 0,
            "time_end_call": start + wait + talk,
        }
        assert requests.post(server.url + path, json=told, timeout=60).text == "ok"


def measure_calls(server, column):
    """Return ``{group: figures}`` of this month as PostgreSQL ranks them."""
    figures = """count(*), avg(seconds_waited),
        percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds_waited),
        avg(seconds_talked),
        percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds_talked),
        avg(service_level)"""
    rows = execute(
        server.database,
        f"""SELECT coalesce({column}, '-'), grouping({column}), {figures}
              FROM pakn_call c LEFT JOIN res_users u ON u.id = c.user_id
         LEFT JOIN res_partner p ON p.id = u.partner_id
             WHERE direction = 'in' AND state IN ('done', 'missed', 'abandoned')
               AND date_ring >= date_trunc('month', now() AT TIME ZONE
                   'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh'
                   AT TIME ZONE 'UTC'
          GROUP BY GROUPING SETS (({column}), ())""",
    )
    return {
        "" if is_total else name: [value and float(value) for value in values]
        for name, is_total, *values in rows
    }


def check_pivot(page, server, screenshot):
    """Art. 12, 21: the saved screens of the figures say what PostgreSQL ranks."""
    tell_calls(server)
    for text, column, heads in (
        ("theo nhân viên", "p.name", HEADS),
        ("theo giờ trong ngày", "c.hour::text", [*HEADS, LEVEL]),
    ):
        page.goto(server.url + "/odoo/pakn-calls-analysis")
        table = page.locator(".o_pivot table")
        table.wait_for()
        page.click(".o_searchview_dropdown_toggler")
        page.locator(".o_favorite_menu .o_menu_item", has_text=text).click()
        expect(table.locator(".o_pivot_measure_row")).to_have_text(heads)
        found = table.evaluate(READ_PIVOT)
        expected = measure_calls(server, column)
        (total, *values), *rows = found["rows"]
        assert total == "Tổng"
        check_row(values, expected.pop(""))
        assert len(rows) == len(expected) > 1
        for name, *values in rows:
            check_row(values, expected.get(name) or expected["-"])
        screenshot(page, f"call-pivot-{len(heads)}", for_readme=False)


def check_row(shown, right):
    """Compare numbers as they are written here with those of the database.

    Lengths are shown in whole seconds.
    """
    for text, number in zip(shown, right, strict=False):
        if number is None:
            assert not text
        else:
            value = float(text.replace(".", "").replace(",", "."))
            assert abs(value - number) <= 0.5, (shown, right)
