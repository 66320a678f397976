"""The chat box of the site (Art. 3.2.1): a request's whole life, by keyboard."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.conftest import execute, wait_until, wake_crons
from tests.test_journey import sign_in
from tests.test_site_submit import PHONE, fits, make_photo
from tests.test_site_weight import BYTES, open_slow

SAID = (
    *("đèn đường trước nhà tôi hỏng đã 3 ngày, tối om", "hẻm 56"),
    *("bỏ qua", "Trần Thị Bình", "25 Lê Lợi, phường Pleiku", "0905 123 457"),
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def server(start_server):
    return start_server("--max-cron-threads=0")


def test_art10_1_life_of_a_request_in_the_chat_box(
    start_server, database, open_page, screenshot, tmp_path
):
    """Written on a phone, answered in Discuss, handed on, its result and rating."""
    execute(
        database,
        """INSERT INTO ir_config_parameter (key, value)
           VALUES ('pakn_1022_chat.quiet_seconds', '0')""",
    )
    # With its jobs, as in real life
    server = start_server("--max-cron-threads=1")

    def find(statement, *parameters):
        """Return a row as soon as it is there."""
        for _attempt in range(240):
            if rows := execute(database, statement, *parameters):
                return rows[0]
            wake_crons(database)
            time.sleep(0.25)
        raise AssertionError(statement)

    page = open_page(*PHONE)
    page.goto(f"{server.url}/phan-anh")
    assert page.get_by_role("link", name="trò chuyện").count()
    page.goto(f"{server.url}/tro-chuyen")
    assert fits(page)
    log_box = page.get_by_role("log")
    own = log_box.locator(".o_pakn_citizen")
    # By keyboard alone
    page.get_by_role("textbox", name="Tin nhắn của ông/bà").focus()
    helper = log_box.locator(".o_pakn_helper")
    for text in SAID:
        answers = helper.count()
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        # The field is empty and has the focus again
        own.get_by_text(text).first.wait_for()
        helper.nth(answers).wait_for()
    assert log_box.get_by_text("chương trình máy tính").count() == 1
    ticket, channel, code = find(
        """SELECT ticket.id, channel.id, ticket.name
             FROM discuss_channel channel
             JOIN pakn_ticket ticket ON ticket.id = channel.pakn_ticket_id
            WHERE channel.pakn_kind = 'livechat'
              AND ticket.private_phone = '+84905123457'"""
    )
    log_box.get_by_text(code).first.wait_for()
    assert fits(page)
    screenshot(page, "site-chat-phone", for_readme=False)
    # A photo, made small by the browser and clean by the server
    check_files_kept(page, own, make_photo(tmp_path / f"{'anh-cot-dien-' * 9}.jpg"))
    page.get_by_role("button", name="Gửi").click()
    find(
        """SELECT 1 FROM pakn_ticket_attachment_rel WHERE pakn_ticket_id = %s""", ticket
    )
    # The citizen asks for a person, and finds one
    page.fill("#f_text", "gặp nhân viên")
    page.get_by_role("button", name="Gửi").click()
    find(
        """SELECT 1 FROM discuss_channel
            WHERE id = %s AND pakn_waiting_since IS NOT NULL""",
        channel,
    )
    operator = server.client("nhanvien")
    operator.call("discuss.channel", "action_pakn_take", [channel])
    desk = open_page()
    sign_in(desk, server.url, "nhanvien")
    desk.goto(f"{server.url}/odoo/discuss?active_id=discuss.channel_{channel}")
    box = desk.locator(".o-mail-Composer-input").first
    box.fill("Chào chị, chúng tôi chuyển bộ phận chiếu sáng ngay.")
    box.press("Enter")
    # It is there before any job has run
    log_box.get_by_text("chuyển bộ phận chiếu sáng").wait_for()
    page.get_by_text("Nhân viên 1022 đang trả lời").wait_for()
    screenshot(page, "site-chat-person-phone", for_readme=False)
    page.reload()
    log_box.get_by_text("chuyển bộ phận chiếu sáng").wait_for()

    category = operator.call("pakn.category", "search", [["code", "=", "5.5"]])
    operator.call("pakn.ticket", "write", [ticket], {"category_id": category[0]})
    unit = operator.call("pakn.unit", "search", [["code", "=", "SXD"]])
    operator.call("pakn.ticket", "transfer", [ticket], unit)
    log_box.get_by_text(re.compile("Sở Xây dựng")).first.wait_for()
    (slip,) = find("SELECT max(id) FROM pakn_transfer WHERE ticket_id = %s", ticket)
    server.client("daumoi").call(
        "pakn.transfer", "answer", [slip], "<p>Đã thay bóng đèn.</p>"
    )
    operator.call("pakn.ticket", "send_result", [ticket])
    operator.call("discuss.channel", "action_pakn_to_helper", [channel])
    log_box.get_by_text("Đã thay bóng đèn.").first.wait_for()
    page.fill("#f_text", "1")
    page.get_by_role("button", name="Gửi").click()
    (rating,) = find(
        """SELECT rating FROM rating_rating WHERE res_model = 'pakn.ticket'
              AND res_id = %s AND consumed""",
        ticket,
    )
    assert rating == 5
    # All was told in the box, and read there
    doors = execute(
        database,
        """SELECT DISTINCT door, state FROM pakn_notice
            WHERE ticket_id = %s AND audience = 'citizen'""",
        ticket,
    )
    assert {door for door, _state in doors} == {"livechat"}, doors
    violations = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert not violations.response["violations"], violations.generate_report()
    page.set_viewport_size({"width": 1280, "height": 800})
    screenshot(page, "site-chat", for_readme=False)
    page.get_by_role("button", name="Kết thúc").click()
    page.wait_for_url("**/tro-chuyen")
    assert not log_box.get_by_text("Đã thay bóng đèn.").count()


def check_files_kept(page, own, photo):
    """A long name fits; what could not be sent for want of a network is not lost."""
    page.set_input_files("#f_files", photo)
    chosen = page.locator("[data-chosen]")
    expect(chosen).to_contain_text(photo.name)
    assert fits(page)
    sent = own.count()
    # As a browser without a network answers, without its words in the console
    page.evaluate(
        """() => {
            window.connected = window.fetch;
            window.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
        }"""
    )
    page.get_by_role("button", name="Gửi").click()
    page.get_by_text("Không có kết nối").wait_for()
    page.evaluate("() => { window.fetch = window.connected; }")
    assert own.count() == sent
    assert photo.name in chosen.inner_text()
    assert fits(page)


def test_the_box_is_light_and_works_without_scripts(server, chromium):
    page = chromium.new_page()
    page.goto(f"{server.url}/tro-chuyen")
    page.close()
    page, got = open_slow(chromium, f"{server.url}/tro-chuyen")
    assert got["bytes"] <= BYTES, got
    page.context.close()
    context = chromium.new_context(
        java_script_enabled=False,
        locale="vi-VN",
        viewport={"width": 360, "height": 740},
    )
    page = context.new_page()
    page.goto(f"{server.url}/tro-chuyen")
    page.fill("#f_text", "cây đổ chắn ngang đường Lê Lợi")
    page.get_by_role("button", name="Gửi").click()
    page.get_by_text("cây đổ chắn ngang").wait_for()
    assert page.get_by_role("button", name="Xem tin mới").is_visible()
    assert page.locator("#f_files").is_visible()
    context.close()


def test_art03_a_box_that_was_open_for_days_still_sends(server, chromium):
    """Its token is too old by then: the box takes another one and sends, once."""
    context = chromium.new_context(locale="vi-VN")
    page = context.new_page()
    page.goto(server.url + "/tro-chuyen")
    page.wait_for_function("document.querySelector('main form [name=csrf_token]')")
    page.get_by_role("button", name="Gửi").wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "document.querySelectorAll('[name=csrf_token]').forEach("
        "(one) => (one.value = '0o1'))"
    )
    text = "Cột điện trước ngõ nghiêng từ tuần trước"
    page.fill("#f_text", text)
    with page.expect_response(
        lambda reply: reply.request.method == "POST" and reply.status == 200
    ):
        page.get_by_role("button", name="Gửi").click()
    page.get_by_text(text).first.wait_for()
    # The server has it, once
    page.reload()
    said = page.locator("[role=log]").get_by_text(text)
    said.first.wait_for()
    assert said.count() == 1
    context.close()


def test_art03_what_was_not_sent_in_the_box_comes_back_in_order(
    start_server, database, chromium
):
    """No message overtakes another one, and none goes with its page."""
    server = start_server("--max-cron-threads=1")
    context = chromium.new_context(locale="vi-VN")
    page = context.new_page()
    page.goto(server.url + "/tro-chuyen")
    field, own = page.locator("#f_text"), page.locator("[role=log] .o_pakn_citizen")
    held = []

    def hold(route):
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    def say(*texts):
        for text in texts:
            field.fill(text)
            page.get_by_role("button", name="Gửi").click()
        assert wait_until(lambda: page.wait_for_timeout(50) or held)

    page.route("**/tro-chuyen", hold)
    say("Đèn đường hẻm 12 hỏng", "từ tối thứ hai")
    expect(own).to_have_count(2)
    field.fill("và trụ điện nghiêng")
    # The first cannot go: the second does not go before it
    held.pop().abort()
    words = "Đèn đường hẻm 12 hỏng\ntừ tối thứ hai\nvà trụ điện nghiêng"
    expect(field).to_have_value(words)
    expect(own).to_have_count(0)
    expect(page.locator("#error_text")).to_contain_text("Không có kết nối")
    # The page is gone while it is on its way: the words stand in the field again
    page.get_by_role("button", name="Gửi").click()
    expect(field).to_have_value("")
    assert wait_until(lambda: page.wait_for_timeout(50) or held)
    page.reload()
    held.pop().abort()
    expect(field).to_have_value(words)
    # Its answer is lost: it is there, and not in the field
    page.get_by_role("button", name="Gửi").click()
    assert wait_until(lambda: page.wait_for_timeout(50) or held)
    held[0].fetch()
    page.reload()
    held.pop().abort()
    expect(own).to_have_count(1)
    expect(field).to_have_value("")
    # So while the page stands, once the message has been taken in
    say("tôi là Bình")
    held[0].fetch()
    held.pop().abort()
    expect(field).to_have_value("tôi là Bình")
    shown = own.get_by_text("tôi là Bình")
    assert wait_until(lambda: wake_crons(database) or shown.count())
    expect(field).to_have_value("")
    expect(page.locator("#error_text")).to_have_text("")
    page.unroute("**/tro-chuyen", hold)
    field.fill("cảm ơn")
    page.get_by_role("button", name="Gửi").click()
    expect(own.last).to_contain_text("cảm ơn")
    expect(own).to_have_count(3)
    context.close()
