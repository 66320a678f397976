"""An operator's day at the desk (Art. 20.3), with a colleague and a shift leader."""

from playwright.sync_api import expect

from tests.test_journey import sign_in
from tests.test_site_access import get_violations

TITLE = "Cột điện nghiêng trước cổng trường"


def row(page, text):
    return page.locator(".o_pakn_desk_row", has_text=text).first


def fits(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def take_a_call(page, server, screenshot):
    """From the ring to the slip with a caller known before: eight keys and the text."""
    second = server.client("nhanvien2")
    second.call(
        "pakn.ticket",
        "create",
        [
            {
                "title": "Rác chưa thu gom",
                "description": "<p>Rác trước nhà chưa được thu gom ba ngày.</p>",
                "citizen_name": "Đỗ Hồng Khánh",
                "citizen_address": "27 Hùng Vương, phường Pleiku",
                "citizen_phone": "0914275864",
            }
        ],
    )
    page.goto(server.url + "/odoo/desk")
    page.locator(".o_pakn_desk_row").first.wait_for()
    keys = []

    def press(key):
        keys.append(key)
        page.keyboard.press(key)

    press("Alt+c")
    page.wait_for_selector(".o_form_view [name=citizen_phone] input:focus")
    page.keyboard.type("0914275864")
    press("Tab")
    # What is known is filled in and passed over
    page.wait_for_selector("[name=description] [contenteditable=true]:focus")
    value = page.input_value("[name=citizen_phone] input")
    assert value == "0914 275 864"
    assert page.input_value("[name=citizen_name] input") == "Đỗ Hồng Khánh"
    page.locator(".o_pakn_earlier", has_text="Rác chưa thu gom").wait_for()
    page.keyboard.type("Đèn đường ở hẻm 12 hỏng ba đêm nay, trẻ đi học về rất tối.")
    press("Tab")
    page.wait_for_selector("[name=category_id] input:focus")
    page.keyboard.type("Chiếu sáng")
    page.locator(
        ".o-autocomplete--dropdown-item", has_text="Chiếu sáng"
    ).first.wait_for()
    press("Tab")
    page.locator(".o_pakn_proposed", has_text="Sở Xây dựng").wait_for()
    page.locator(".o_pakn_complete").wait_for()
    title = page.input_value("[name=title] input")
    assert title == "Đèn đường ở hẻm 12 hỏng ba đêm nay, trẻ đi học về rất tối"
    screenshot(page, "operator-intake-repeat")
    press("Alt+t")
    page.wait_for_selector(".modal [name=unit_id] input:focus")
    press("Alt+q")
    page.wait_for_selector(
        ".o_statusbar_status button[aria-checked=true]:has-text('Đã chuyển')"
    )
    assert len(keys) <= 8, keys

    # What is missing, wrong or an emergency is said on the form
    page.keyboard.press("Alt+c")
    page.wait_for_selector(".o_form_view [name=citizen_phone] input:focus")
    page.keyboard.type("09142")
    page.keyboard.press("Tab")
    page.locator(".o_pakn_phone_problem", has_text="09142").wait_for()
    page.locator("[name=description] [contenteditable=true]").click()
    page.keyboard.type("Có đám cháy sau chợ, nhiều người mắc kẹt.")
    page.keyboard.press("Tab")
    page.locator(".o_pakn_emergency", has_text="114").wait_for()
    expect(page.locator(".o_pakn_missing")).to_contain_text("họ tên")
    screenshot(page, "operator-intake-emergency")
    # A number from abroad is written as there, when the field is left
    phone = page.locator("[name=citizen_phone] input")
    phone.fill("+12025550123")
    phone.press("Tab")
    expect(phone).to_have_value("+1 202-555-0123")


def test_a_day_at_the_desk(start_server, open_page, screenshot):
    server = start_server("--max-cron-threads=1")
    second = server.client("nhanvien2")
    [category] = second.call("pakn.category", "search", [("code", "=", "5.5")])
    [web] = second.call("pakn.channel", "search", [("code", "=", "web")])

    # The desk is what an operator lands on
    page = open_page(1280, 800)
    sign_in(page, server.url, "nhanvien")
    page.locator(".o_pakn_desk_row").first.wait_for()
    page.get_by_role("button", name="Tất cả", exact=True).click()
    page.wait_for_timeout(500)
    screenshot(page, "operator-desk")
    fits(page, 1280)
    assert not get_violations(page, ".o_pakn_desk")

    # What arrives is there without a click, and taken with one key
    [ticket] = second.call(
        "pakn.ticket",
        "create",
        [
            {
                "title": TITLE,
                "description": "<p>Cột điện trước cổng trường nghiêng đã lâu.</p>",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": "0905123997",
                "category_id": category,
                "channel_id": web,
                "user_id": False,
                # The oldest of all, so that it is listed
                "date_received": "2020-01-02 02:00:00",
            }
        ],
    )
    page.keyboard.press("Alt+m")
    # No message reaches a citizen without mail: the outbox says so, and is done then
    page.locator("section[data-key=calls]", has_text=TITLE).wait_for()
    mine = row(page, TITLE)
    for _step in range(60):
        page.keyboard.press("ArrowDown")
        if mine.evaluate("line => line.contains(document.activeElement)"):
            break
    page.keyboard.press("t")
    expect(mine).to_contain_text("Của tôi")
    [taken] = second.call("pakn.ticket", "read", [ticket], ["user_id"])
    assert taken["user_id"][1].startswith("Nhân viên trực") or taken["user_id"]

    # Who else looks at it is seen, on the desk and on the request
    other = open_page(1280, 800)
    sign_in(other, server.url, "nhanvien2")
    other.goto(f"{server.url}/odoo/pakn.ticket/{ticket}")
    other.wait_for_selector(".o_form_view .o_statusbar_status")
    expect(mine).to_contain_text("Đang mở bởi")
    screenshot(page, "operator-desk-presence")
    page.keyboard.press("Enter")
    page.wait_for_selector(".o_form_view .o_pakn_lookers")
    other.wait_for_selector(".o_form_view .o_pakn_lookers")
    screenshot(page, "operator-form-presence")
    other.goto(server.url + "/odoo/desk")
    page.locator(".o_pakn_lookers").wait_for(state="hidden")

    # A digit opens its row
    page.goto(server.url + "/odoo/desk")
    page.locator(".o_pakn_desk_row kbd", has_text="1").first.wait_for()
    title = page.locator(".o_pakn_desk_row .fw-bold").first.inner_text().strip()
    page.keyboard.press("1")
    expect(page.locator(".o_form_sheet [name=title]").first).to_contain_text(title)

    take_a_call(page, server, screenshot)

    # The board fits, and the column of results is seen
    page.keyboard.press("Escape")
    page.goto(server.url + "/odoo/pakn-requests")
    page.wait_for_selector(".o_kanban_view .o_kanban_record")
    page.wait_for_timeout(500)
    screenshot(page, "operator-board")
    answered = page.locator(
        ".o_kanban_group", has_text="Đã trả lời"
    ).first.bounding_box()
    assert answered["x"] + answered["width"] <= 1280
    sideways = page.evaluate(
        "(e => e.scrollWidth - e.clientWidth)(document.querySelector('.o_content'))"
    )
    assert sideways <= 0, "the board must not scroll sideways"
    # But for faces, clocks and the columns' heads, which are Odoo's own
    ours = {
        "include": [[".o_kanban_renderer"]],
        "exclude": [[".o_avatar"], [".o-mail-ActivityButton"], [".o_kanban_header"]],
    }
    assert not get_violations(page, ours)
    page.goto(server.url + "/odoo/action-pakn_1022.ticket_action_new")
    page.wait_for_selector(".o_list_view .o_data_row")
    code = page.locator(".o_data_row [name=name]").first
    assert code.evaluate("cell => cell.scrollWidth <= cell.clientWidth"), "a cut code"
    screenshot(page, "operator-list-new")

    # A shift leader hands out
    leader = open_page(1920, 1000)
    sign_in(leader, server.url, "quantri")
    leader.goto(server.url + "/odoo/desk")
    leader.get_by_role("button", name="Tất cả", exact=True).click()
    line = row(leader, TITLE)
    line.locator(".o_pakn_desk_who button").click()
    menu = leader.locator(".o-dropdown--menu .dropdown-item")
    menu.first.wait_for()
    expect(menu.filter(has_text="Quản trị hệ thống")).to_have_count(0)
    screenshot(leader, "leader-desk")
    name = menu.last.inner_text().split("(")[0].strip()
    menu.last.click()
    leader.locator(".o_notification", has_text=f"cho {name}").first.wait_for()
    expect(line).to_contain_text(name)

    # On a phone
    phone = open_page(360, 740)
    sign_in(phone, server.url, "nhanvien")
    phone.locator(".o_pakn_desk_row").first.wait_for()
    screenshot(phone, "operator-desk-phone")
    fits(phone, 360)


def test_art15_2_a_leader_hands_out_many(start_server, open_page, screenshot):
    """From desk and list; who gets them has one message that opens exactly these."""
    server = start_server("--max-cron-threads=1")
    second = server.client("nhanvien2")
    tickets = second.call(
        "pakn.ticket",
        "create",
        [
            {
                "title": f"{TITLE} số {number}",
                "description": "<p>Cột điện trước cổng trường nghiêng đã lâu.</p>",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": "0905123997",
                "user_id": False,
            }
            for number in range(3)
        ],
    )
    receiver = open_page(1280, 800)
    sign_in(receiver, server.url, "nhanvien2")
    receiver.locator(".o_pakn_desk").wait_for()
    leader = open_page(1280, 800)
    sign_in(leader, server.url, "quantri")
    leader.goto(server.url + "/odoo/desk")
    leader.get_by_role("button", name="Tất cả", exact=True).click()
    row(leader, "Trần Thị Mai").wait_for()
    leader.locator("section[data-key=new] .o_pakn_desk_hand_out").click()
    dialog = leader.locator(".modal")
    people = dialog.locator(".o_pakn_hand_out_users")
    # Those whom nobody has are handed out, unless one asks for all
    left = dialog.locator("[name=leave_taken] input")
    expect(left).to_be_checked()
    people.locator("label", has_text="Lê Văn Tuấn").click()
    people.locator("label", has_text="Trần Thị Mai").click()
    expect(dialog.locator("[name=plan_text]")).to_contain_text("Trần Thị Mai: nhận")
    assert not get_violations(leader, ".modal")
    screenshot(leader, "leader-hands-out")
    people.locator("label", has_text="Trần Thị Mai").click()
    expect(dialog.locator("[name=plan_text]")).not_to_contain_text("Trần Thị Mai")
    leader.keyboard.press("Alt+q")
    leader.locator(".o_notification", has_text="cho Lê Văn Tuấn").wait_for()
    expect(dialog).to_have_count(0)
    # The receiver's toast, bell and desk
    receiver.locator(".o_notification", has_text="Bạn được giao").wait_for()
    receiver.locator(".o_pakn_bell").click()
    message = receiver.locator(".o_pakn_news .dropdown-item", has_text="Bạn được giao")
    expect(message).to_have_count(1)
    screenshot(receiver, "operator-handed-many")
    message.click()
    given = receiver.locator(".o_list_view .o_data_row")
    given.first.wait_for()
    for number in range(len(tickets)):
        receiver.locator(".o_data_row", has_text=f"{TITLE} số {number}").wait_for()
    count = given.count()
    # They are the same after the page was loaded anew
    receiver.reload()
    expect(given).to_have_count(count)
    mine = second.call(
        "pakn.ticket", "search_count", [("user_id", "=", second.result["uid"])]
    )
    assert len(tickets) <= count < mine
    # From the list, by keys alone
    leader.goto(server.url + "/odoo/action-pakn_1022.ticket_action_new")
    for number in range(2):
        line = leader.locator(".o_data_row", has_text=f"{TITLE} số {number}")
        line.locator(".o_list_record_selector input").check()
    button = leader.get_by_role("button", name="Giao cho…")
    button.focus()
    leader.keyboard.press("Enter")
    expect(dialog.locator("[name=leave_taken] input")).to_have_count(0)
    people.locator("label", has_text="Trần Thị Mai").press("Space")
    expect(dialog.locator("[name=plan_text]")).to_contain_text("nhận 2 phản ánh")
    leader.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    # On a phone
    phone = open_page(360, 740)
    sign_in(phone, server.url, "quantri")
    phone.goto(server.url + "/odoo/desk")
    phone.get_by_role("button", name="Tất cả", exact=True).click()
    row(phone, "Trần Thị Mai").wait_for()
    phone.locator("section[data-key=new] .o_pakn_desk_hand_out").click()
    phone.locator(".modal label", has_text="Trần Thị Mai").click()
    expect(phone.locator(".modal [name=plan_text]")).to_contain_text("Trần Thị Mai")
    screenshot(phone, "leader-hands-out-phone")
    fits(phone, 360)
    phone.locator(".modal").get_by_role("button", name="Quay lại").click()
    expect(phone.locator(".modal")).to_have_count(0)
    # What a number counts opens as cards, not as the empty column of a board
    phone.locator("section[data-key=new]").get_by_text("Xem tất cả").click()
    phone.locator(".o_kanban_view .o_kanban_record", has_text="GL26").first.wait_for()
    expect(phone.locator(".o_kanban_group")).to_have_count(0)
    screenshot(phone, "leader-section-phone")

    # What changes while the desk is asked for the first time does it no harm
    held = []
    phone.route("**/pakn.ticket/get_desk", lambda route: held.append(route))
    phone.goto(server.url + "/odoo/desk")
    for asked in (1, 2):
        for _second in range(90):
            phone.wait_for_timeout(1000)
            if len(held) >= asked:
                break
            if asked == 2:
                second.call("pakn.ticket", "take", tickets[:1])
    held[0].continue_()
    phone.locator(".o_pakn_desk_row").first.wait_for()
    phone.unroute("**/pakn.ticket/get_desk")


def test_art20_1_who_comes_too_late_is_told_by_whom_and_loses_no_word(
    start_server, open_page, screenshot
):
    """Two have one request open; the second one's answer stays to be copied."""
    server = start_server("--max-cron-threads=0")
    first, second = server.client("nhanvien"), server.client("nhanvien2")
    [ticket] = first.call(
        "pakn.ticket",
        "create",
        [
            {
                "title": TITLE,
                "description": "<p>Cột điện trước cổng trường nghiêng đã lâu.</p>",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": "0905123997",
            }
        ],
    )
    page = open_page(1280, 800)
    sign_in(page, server.url, "nhanvien")
    page.goto(f"{server.url}/odoo/pakn.ticket/{ticket}")
    page.locator("button[name=action_answer]").first.click()
    words = page.locator(".modal [name=result] [contenteditable=true]")
    words.click()
    page.keyboard.type("Điện lực đã dựng lại cột.")
    [reason] = second.call("pakn.reject.reason", "search", [], limit=1)
    second.call("pakn.ticket", "reject", [ticket], reason, "<p>Ngoài phạm vi.</p>")
    page.keyboard.press("Alt+q")
    said = page.locator(".o_notification, .modal", has_text="Lê Văn Tuấn vừa thực hiện")
    said.first.wait_for()
    screenshot(page, "operator-too-late", for_readme=False)
    page.keyboard.press("Escape")
    expect(words).to_contain_text("Điện lực đã dựng lại cột.")
