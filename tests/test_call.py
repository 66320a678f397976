"""The telephone end to end (Art. 3.1, 12.1, 20): an exchange that speaks AMI, the
service that listens to it, the server, and two operators in real browsers."""

import signal
import subprocess
import time

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT, execute
from tests.peers import load
from tests.test_dashboard import look_at_wall
from tests.test_journey import sign_in
from tests.test_site_access import get_violations

ami_server = load("pakn_1022_call/tests/ami_server.py")
# Until the card is seen, in milliseconds, for 95 of 100 calls
SOON = 1000
RINGS = 20


@pytest.fixture
def exchange():
    """Yield a scripted exchange on loopback."""
    server = ami_server.AmiServer()
    yield server
    server.close()


class Service:
    """The program that listens to the exchange."""

    def __init__(self, database, exchange):
        self.database, self.exchange = database, exchange
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [ROOT / "bin/ami", self.database],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.exchange.wait_for_clients(seconds=90)

    def kill(self):
        """End it at once, as a power cut does."""
        self.process.kill()
        self.process.wait(30)
        self.exchange.drop()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@pytest.fixture
def telephone(start_server, exchange):
    """Yield ``(server, function that makes calls, the service between)``."""
    server = start_server("--max-cron-threads=0")
    manager = server.client("quantri")
    [account] = manager.call(
        "pakn.call.account",
        "create",
        [
            {
                "name": "Tổng đài",
                "code": "pbx",
                "host": "127.0.0.1",
                "port": exchange.port,
                "username": "pakn",
                "new_secret": "s3cret-of-the-test",
            }
        ],
    )
    for login, extension in (("nhanvien", "901"), ("nhanvien2", "902")):
        [user] = manager.call("res.users", "search", [("login", "=", login)])
        values = {"user_id": user, "extension": extension, "account_id": account}
        manager.call("pakn.call.seat", "create", [values])
    execute(server.database, "UPDATE pakn_call_seat SET presence = 'ready'")
    service = Service(server.database, exchange)
    service.start()
    make = ami_server.Caller
    yield server, lambda number, phone: make(exchange, number, phone), service
    service.stop()


def test_a_key_that_is_pressed_twice_opens_one_request(telephone, open_page):
    """On a slow line; of two dialogs the second would be another request."""
    server, call, _service = telephone
    page = open_page()
    sign_in(page, server.url, "nhanvien")
    caller = call(1, "0905123789")
    caller.ring()
    caller.offer("901")
    page.locator(".o_pakn_call_card").wait_for()
    held = []
    page.route("**/get_request_context", lambda route: held.append(route))
    button = page.locator(".o_pakn_call_request")
    button.click()
    button.click()
    page.keyboard.press("Alt+m")
    for _attempt in range(240):
        if held:
            break
        page.wait_for_timeout(250)
    page.wait_for_timeout(500)
    for route in held:
        route.continue_()
    page.unroute("**/get_request_context")
    page.locator(".modal [name=citizen_phone] input").first.wait_for()
    page.wait_for_timeout(500)
    assert len(held) == 1
    assert page.locator(".modal").count() == 1
    caller.hang_up()


def test_art20_the_card_is_there_while_it_rings(
    telephone, open_page, screenshot, record_property
):
    server, call, service = telephone
    operator = server.client("nhanvien")
    [category] = operator.call("pakn.category", "search", [("code", "=", "5.5")])
    [earlier] = operator.call(
        "pakn.ticket",
        "create",
        [
            {
                "title": "Đèn đường trước chợ hỏng",
                "description": "<p>Đèn đường trước chợ hỏng đã ba ngày nay.</p>",
                "citizen_name": "Trần Thị Bình",
                "citizen_phone": "0905123789",
                "citizen_address": "12 Hùng Vương, Pleiku",
                "category_id": category,
            }
        ],
    )
    page, other = open_page(), open_page()
    sign_in(page, server.url, "nhanvien")
    sign_in(other, server.url, "nhanvien2")
    # Something is being typed while it rings
    page.goto(server.url + "/odoo/action-pakn_1022.ticket_action_intake")
    name = page.locator("[name=citizen_name] input")
    name.fill("Người đang nói dở")
    name.focus()

    # How soon, at the loaded machine of the tests
    took = []
    for number in range(RINGS):
        caller = call(100 + number, f"09057{number:05}")
        begun = time.monotonic()
        caller.ring()
        caller.offer("901")
        card = page.locator(".o_pakn_call_card", has_text=f"0905 7{number:05}"[:8])
        card.first.wait_for(timeout=20 * SOON)
        took.append((time.monotonic() - begun) * 1000)
        caller.hang_up(gone=True)
        card.first.wait_for(state="detached", timeout=20 * SOON)
    took.sort()
    record_property("ringing_to_card_ms", [round(one) for one in took])
    assert took[int(RINGS * 0.95) - 1] < SOON, took
    assert name.input_value() == "Người đang nói dở"

    # Two telephones ring, both see it, one takes it by one key
    caller = call(1, "0905123789")
    caller.ring()
    for extension in ("901", "902"):
        caller.offer(extension)
    card = page.locator(".o_pakn_call_card")
    theirs = other.locator(".o_pakn_call_card")
    card.wait_for()
    theirs.wait_for()
    expect(card).to_contain_text("Trần Thị Bình")
    expect(card).to_contain_text("Đèn đường trước chợ hỏng")
    screenshot(page, "call-card")
    other.keyboard.press("Alt+k")
    card.wait_for(state="detached")
    theirs.locator(".o_pakn_call_take").wait_for(state="detached")
    # The receiver is lifted by the first after all: it is that one's
    caller.answer("901")
    card.wait_for()
    theirs.wait_for(state="detached")

    # By keyboard alone: to the open request, then a new one, whatever is beneath
    page.keyboard.press("Alt+v")
    page.locator(".o_notification", has_text="Đã ghi cuộc gọi").first.wait_for()
    page.keyboard.press("Alt+m")
    dialog = page.locator(".modal")
    dialog.locator("[name=citizen_phone] input").wait_for()
    assert "905123789" in dialog.locator(
        "[name=citizen_phone] input"
    ).input_value().replace(" ", "")
    expect(dialog.locator("[name=citizen_name] input")).to_have_value("Trần Thị Bình")
    screenshot(page, "call-request")
    dialog.locator("[name=title] input, [name=title] textarea").first.fill("Cống nghẹt")
    dialog.locator(".odoo-editor-editable").click()
    page.keyboard.type("Cống trước nhà nghẹt, nước ngập cả đường.")
    page.keyboard.press("Alt+s")
    page.locator(".o_notification", has_text="Đã tiếp nhận").first.wait_for()
    dialog.wait_for(state="detached")
    assert name.input_value() == "Người đang nói dở"
    caller.hang_up()
    card.wait_for(state="detached")
    [found] = operator.call(
        "pakn.call",
        "search_read",
        [("call_id", "=", caller.id)],
        ["state", "ticket_ids", "user_id"],
    )
    assert found["state"] == "done"
    assert found["user_id"][0] == operator.result["uid"]
    assert len(found["ticket_ids"]) == 2 and earlier in found["ticket_ids"]

    # Those who gave up are to be called back, one entry for each
    page.goto(server.url + "/odoo/action-pakn_1022_call.call_back_action")
    page.locator(".o_data_row").first.wait_for()
    screenshot(page, "call-back")
    expect(page.locator(".o_data_row")).to_have_count(RINGS)
    page.set_viewport_size({"width": 360, "height": 740})
    caller = call(2, "0905123789")
    caller.ring()
    caller.offer("901")
    # One line that says who calls; the card when it is wanted
    line = page.locator(".o_pakn_call_line", has_text="0905 123 789")
    line.wait_for()
    assert not card.count()
    assert line.bounding_box()["height"] < 60
    screenshot(page, "call-line-phone", for_readme=False)
    line.locator(".o_pakn_call_fold").click()
    card.wait_for()
    screenshot(page, "call-card-phone", for_readme=False)
    caller.hang_up()
    line.wait_for(state="detached")
    page.set_viewport_size({"width": 1280, "height": 800})
    check_fields_stay_free(page, server, call, screenshot)
    check_keyboard(page, call, operator)
    check_click_to_call(page, server, service.exchange)
    for one in (page, other):
        one.close()
    check_wall(server, call, open_page, screenshot)
    check_killed_service(server, call, service)


def test_art20_3_who_called_in_vain_is_called_back_from_the_desk(
    telephone, open_page, screenshot
):
    """They come first, at once, and are opened and called by keyboard."""
    server, call, service = telephone
    page = open_page()
    sign_in(page, server.url, "nhanvien")
    page.locator(".o_pakn_desk_row").first.wait_for()
    for number, phone in ((1, "0905123789"), (2, "0914000111")):
        caller = call(number, phone)
        caller.ring()
        caller.offer("901")
        page.locator(".o_pakn_call_card").wait_for()
        caller.hang_up(gone=True)
        page.locator(".o_pakn_call_card").wait_for(state="detached")
    section = page.locator(".o_pakn_desk section").first
    expect(section.locator(".o_pakn_desk_count")).to_have_text("2")
    expect(section).to_have_attribute("data-key", "call_backs")
    expect(section).to_contain_text("Cuộc gọi nhỡ")
    row = section.locator(".o_pakn_desk_row", has_text="0905 123 789")
    expect(row.locator("kbd")).to_have_text("1")
    screenshot(page, "operator-desk-missed", for_readme=False)
    assert not get_violations(page, ".o_pakn_desk")
    row.locator("button", has_text="Gọi").last.focus()
    page.keyboard.press("Enter")
    card = page.locator(".o_pakn_call_card", has_text="0905 123 789")
    expect(card).to_contain_text("Đang gọi")
    expect(card).not_to_contain_text("đổ chuông")
    [action] = [one for one in service.exchange.actions if one["Action"] == "Originate"]
    assert (action["Channel"], action["Exten"]) == ("PJSIP/901", "0905123789")
    # The operator lifts, which reaches nobody yet; the line is busy, and it is said
    # before the operator hangs up; the caller still waits to be called
    base = {
        "Channel": "PJSIP/901-00000077",
        "Uniqueid": action["ChannelId"],
        "Linkedid": action["ChannelId"],
    }
    own = {f"Dest{key}": value for key, value in base.items()}
    leg = own | {"DestChannel": "PJSIP/viettel-78", "DestUniqueid": "78"}
    exchange = service.exchange
    exchange.send(Event="Newchannel", **base, CallerIDNum="901", Exten="")
    exchange.send(Event="DialBegin", **own, DialString="901")
    exchange.send(Event="DialEnd", **own, DialStatus="ANSWER")
    exchange.send(Event="DialBegin", **base, **leg, DialString="0905123789@viettel")
    exchange.send(Event="DialEnd", **base, **leg, DialStatus="BUSY")
    expect(card).to_contain_text("Máy bận")
    expect(card).not_to_contain_text("Đang gọi")
    screenshot(page, "call-busy", for_readme=False)
    exchange.send(Event="Hangup", **base, **{"Cause-txt": "Normal Clearing"})
    card.wait_for(state="detached")
    expect(section.locator(".o_pakn_desk_count")).to_have_text("2")
    # What is one's own to take is not this
    page.locator("body").press("1")
    form = page.locator(".o_form_view")
    form.locator("h2", has_text="0905 123 789").wait_for()
    expect(
        page.locator(".o_breadcrumb .active, .o_last_breadcrumb_item")
    ).to_contain_text("0905 123 789")
    form.locator("button[name=action_reached]").click()
    page.go_back()
    expect(section.locator(".o_pakn_desk_count")).to_have_text("1")
    expect(section).to_contain_text("0914 000 111")


def check_fields_stay_free(page, server, call, screenshot):
    """Who writes to a citizen sees the call, and the field in which is written."""
    [(channel,)] = execute(
        server.database,
        "SELECT id FROM discuss_channel WHERE channel_type = 'pakn_chat' LIMIT 1",
    )
    page.goto(f"{server.url}/odoo/action-mail.action_discuss?active_id={channel}")
    field = page.locator(".o-mail-Composer-input:visible").first
    field.wait_for()
    desk = page.locator(".o_pakn_call_desk")

    def ring(number):
        caller = call(number, "0905123789")
        caller.ring()
        caller.offer("901")
        expect(desk).to_contain_text("0905 123 789")
        return caller

    def check(field, name):
        page.wait_for_function(
            """([desk, field]) => {
                const one = document.querySelector(desk).getBoundingClientRect();
                const other = document.querySelector(field).getBoundingClientRect();
                return (
                    one.bottom <= other.top || one.top >= other.bottom ||
                    one.right <= other.left || one.left >= other.right
                );
            }""",
            arg=[".o_pakn_call_desk", field],
        )
        screenshot(page, f"call-beside-{name}", for_readme=False)

    caller = ring(40)
    check(".o-mail-Composer", "chat")
    caller.hang_up()
    desk.wait_for(state="detached")

    # On a telephone it is at the lower edge: not over what is written there
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(server.url + "/odoo/action-pakn_1022.ticket_action_intake")
    field = page.locator(
        "[name=citizen_address] textarea, [name=citizen_address] input"
    )
    field.first.focus()
    field.first.evaluate("node => node.scrollIntoView({ block: 'end' })")
    caller = ring(41)
    check(".o_field_widget[name=citizen_address]", "field-phone")
    caller.hang_up()
    desk.wait_for(state="detached")
    page.set_viewport_size({"width": 1280, "height": 800})


def check_keyboard(page, call, operator):
    """From the ring to the slip with the unit by keyboard: six keys and the text."""
    caller = call(30, "0905123789")
    caller.ring()
    caller.offer("901")
    card = page.locator(".o_pakn_call_card")
    card.wait_for()
    caller.answer("901")
    page.locator(".o_pakn_call_talking").wait_for()
    keys = []

    def press(key):
        keys.append(key)
        page.keyboard.press(key)

    press("Alt+m")
    # What is known is filled in and passed over
    dialog = page.locator(".modal")
    expect(dialog.locator("[name=citizen_name] input")).to_have_value("Trần Thị Bình")
    description = ".modal [name=description] [contenteditable=true]:focus"
    while not page.locator(description).count():
        press("Tab")
        page.wait_for_timeout(300)
        assert len(keys) < 6, keys
    page.keyboard.type("Đèn đường ở hẻm 12 hỏng ba đêm nay, trẻ đi học về rất tối.")
    press("Tab")
    page.wait_for_selector(".modal [name=category_id] input:focus")
    page.keyboard.type("Chiếu sáng")
    choice = page.locator(".o-autocomplete--dropdown-item", has_text="Chiếu sáng")
    choice.first.wait_for()
    press("Tab")
    page.locator(".modal .o_pakn_proposed", has_text="Sở Xây dựng").wait_for()
    press("Alt+t")
    page.wait_for_selector(".modal [name=unit_id] input:focus")
    press("Alt+q")

    def slips():
        return operator.call(
            "pakn.ticket",
            "search_read",
            [("call_ids.call_id", "=", caller.id)],
            ["state", "title"],
        )

    for _attempt in range(100):
        if [one["state"] for one in slips()] == ["transferred"]:
            break
        time.sleep(0.1)
    [made] = slips()
    assert made["state"] == "transferred"
    assert made["title"].startswith("Đèn đường ở hẻm 12")
    assert len(keys) <= 6, keys
    caller.hang_up()
    page.locator(".o_pakn_call_talking").wait_for(state="detached")


def check_click_to_call(page, server, exchange):
    """A phone number is called by the exchange, by a click, wherever it is shown."""
    execute(
        server.database,
        """UPDATE pakn_call SET is_hidden = true, private_number = NULL
            WHERE id = (SELECT max(id) FROM pakn_call WHERE state = 'missed')""",
    )
    page.goto(server.url + "/odoo/action-pakn_1022_call.call_action")
    # Who hid the number is no empty place
    page.locator(".o_data_row td[name=number]", has_text="Số bị ẩn").wait_for()
    page.locator(".o_data_row a[href^='tel:']", has_text="0905 123 789").first.click()
    page.locator(".o_notification", has_text="đang đổ chuông").first.wait_for()
    action = next(one for one in exchange.actions if one["Action"] == "Originate")
    assert action["Channel"] == "PJSIP/901"
    assert action["Exten"] == "0905123789"


def check_wall(server, call, open_page, screenshot):
    """Who waits is on the supervisor's wall at once, by the bus, without a mouse."""
    page = open_page(1920, 1080)
    page.clock.install()
    sign_in(page, server.url, "giamsat")
    page.goto(server.url + "/odoo/pakn-call-wall")
    tiles = page.locator(".o_pakn_call_wall [data-key]")
    expect(tiles).to_have_count(8)

    def number(key):
        return page.locator(f".o_pakn_call_wall [data-key={key}] b")

    expect(page.locator(".o_main_navbar")).to_be_hidden()
    expect(number("waiting")).to_have_text("0")
    expect(number("answered")).to_have_text("2")
    # Those that rang at the fields and on the telephone, too
    expect(number("missed")).to_have_text(str(RINGS + 3))
    hour = page.locator(".o_pakn_wall_hours [data-hour] b").first
    hour.wait_for()
    look_at_wall(page, "call-hours", screenshot)
    caller = call(3, "0905123780")
    caller.ring()
    caller.offer("901")
    page.clock.run_for(1000)
    expect(number("waiting")).to_have_text("1", timeout=20 * SOON)
    # How long it is goes on by itself
    before = number("longest").inner_text()
    page.clock.run_for(3000)
    expect(number("longest")).not_to_have_text(before)
    caller.answer("901")
    # By turns with the hours
    operator = page.locator("[data-extension='901'].o_pakn_call_wall_talking")
    for _turn in range(40):
        if operator.count():
            break
        page.clock.run_for(5000)
        page.wait_for_timeout(200)
    operator.wait_for()
    expect(number("waiting")).to_have_text("0")
    expect(number("talking")).to_have_text("1 · 1")
    look_at_wall(page, "call-operators", screenshot)
    caller.hang_up()
    page.keyboard.press("Escape")
    page.locator(".o_main_navbar").wait_for()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(server.url + "/odoo/pakn-call-wall")
    tiles.first.wait_for()
    screenshot(page, "call-wall-phone", for_readme=False)
    page.close()


def check_killed_service(server, call, service):
    """The service is killed in the middle of calls: none lost, none counted twice."""
    operator, exchange = server.client("nhanvien"), service.exchange

    def states(callers):
        found = operator.call(
            "pakn.call",
            "search_read",
            [("call_id", "in", [caller.id for caller in callers])],
            ["call_id", "state"],
        )
        assert len(found) == len({one["call_id"] for one in found}), "none twice"
        known = {one["call_id"]: one["state"] for one in found}
        return [known.get(caller.id) for caller in callers]

    def wait_for(callers, wanted):
        for _attempt in range(200):
            if states(callers) == wanted:
                return
            time.sleep(0.1)
        assert states(callers) == wanted

    goes_on, ends, waits = (call(50 + n, f"090600000{n}") for n in range(3))
    for caller in (goes_on, ends, waits):
        caller.ring()
        caller.offer("902")
    for caller in (goes_on, ends):
        caller.answer("902")
    wait_for([goes_on, ends, waits], ["talking", "talking", "ringing"])
    service.kill()
    # Meanwhile one ends, one is answered, and one begins
    ends.hang_up()
    waits.answer("902")
    begins = call(60, "0906000009")
    begins.ring()
    begins.offer("901")
    exchange.channels = [
        row for caller in (goes_on, waits, begins) for row in caller.get_channels()
    ]
    service.start()
    wait_for([goes_on, ends, waits, begins], ["talking", "done", "talking", "ringing"])
    # What comes again after the restart is the same call
    for caller in (goes_on, waits):
        caller.hang_up()
    begins.hang_up(gone=True)
    wait_for([goes_on, ends, waits, begins], ["done", "done", "done", "abandoned"])
