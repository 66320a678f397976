"""The operator's board in the browser: a dragged card acts, or goes back."""

from playwright.sync_api import Error, expect

from tests.conftest import execute
from tests.test_journey import choose, open_board, sign_in
from tests.test_screens import make_requests, select_bulk


def drag(page, code, column):
    """Drag the card with ``code`` onto the column titled ``column``."""
    card = page.locator(".o_kanban_record", has_text=code)
    for _attempt in range(10):
        # What the bus told of the act before draws the board anew
        page.wait_for_timeout(1000)
        try:
            card.scroll_into_view_if_needed()
            break
        except Error as error:
            if "not attached" not in str(error):
                raise
    target = page.locator(".o_kanban_group", has_text=column).first
    start, end = card.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 20)
    page.mouse.down()
    # At the card's own height: the newest stand below, where no column's head is seen.
    # A folded column is narrow
    middle = end["x"] + min(100, end["width"] / 2)
    page.mouse.move(middle - 10, start["y"] + 30, steps=12)
    page.mouse.move(middle, start["y"] + 40, steps=4)
    page.mouse.up()


def test_a_dragged_card_acts_or_goes_back_with_a_message(
    start_server, open_page, screenshot
):
    server = start_server()
    operator = server.client("nhanvien")
    [category] = operator.call("pakn.category", "search", [("code", "=", "5.5")])
    [ticket] = operator.call(
        "pakn.ticket",
        "create",
        [
            {
                "title": "Thẻ để kéo",
                "description": "<p>Đèn đường trước nhà tôi hỏng đã lâu.</p>",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": "0905123998",
                "category_id": category,
            }
        ],
    )
    code = operator.call("pakn.ticket", "read", [ticket], ["name"])[0]["name"]

    def state():
        [(value,)] = execute(
            server.database, "SELECT state FROM pakn_ticket WHERE id = %s", ticket
        )
        return value

    page = open_page(1900, 1000)
    sign_in(page, server.url, "nhanvien")
    open_board(page, server.url)
    page.wait_for_selector(f".o_kanban_record:has-text('{code}')")
    # An appointment is the unit's to give: the card goes back, and it is said why.
    drag(page, code, "Hẹn trả kết quả")
    dialog = page.locator(".modal, .o_notification").filter(has_text=code).first
    dialog.wait_for()
    assert "chỉ đơn vị xử lý" in dialog.inner_text()
    screenshot(page, "board-refused-drag")
    assert state() == "new"
    page.keyboard.press("Escape")
    page.locator(".modal").wait_for(state="hidden")
    new = page.locator(".o_kanban_group").first
    expect(new.locator(".o_kanban_record", has_text=code)).to_be_visible()

    # To "transferred": its usual unit gets the slip.
    drag(page, code, "Đã chuyển")
    page.locator(
        ".o_kanban_group:has-text('Đã chuyển') .o_kanban_record", has_text=code
    ).wait_for()
    for _attempt in range(100):
        if state() == "transferred":
            break
        page.wait_for_timeout(100)
    assert state() == "transferred"
    toast = page.locator(".o_notification", has_text=code)
    toast.get_by_role("button", name="Thu hồi").click()
    expect(new.locator(".o_kanban_record", has_text=code)).to_be_visible()
    assert state() == "new"

    # To "refused": its dialog asks for the reason, and the toast takes it back.
    drag(page, code, "Không tiếp nhận")
    choose(page, "reason_id", "Nội dung không rõ ràng", ".modal")
    page.click(".modal button[name=action_confirm]")
    expect(new.locator(".o_kanban_record", has_text=code)).to_have_count(0)
    assert state() == "rejected"
    toast = page.locator(".o_notification", has_text="người dân").last
    screenshot(page, "board-undo")
    toast.get_by_role("button", name="Hoàn tác").click()
    expect(new.locator(".o_kanban_record", has_text=code)).to_be_visible()
    assert state() == "new"

    # Given up in the dialog: the card is where it was.
    drag(page, code, "Không tiếp nhận")
    page.locator(".modal").wait_for()
    page.keyboard.press("Escape")
    page.locator(".modal").wait_for(state="hidden")
    expect(new.locator(".o_kanban_record", has_text=code)).to_be_visible()

    # Many in a list, and one key for all of them; then more than a part.
    for count in (4, 23):
        operator, ids = make_requests(server, count)

        def states(operator=operator, ids=ids):
            rows = operator.call("pakn.ticket", "read", ids, ["state"])
            return {row["state"] for row in rows}

        select_bulk(page, server, count)
        page.click(".o_control_panel button[name=action_reject]")
        choose(page, "reason_id", "Nội dung không rõ ràng", ".modal")
        page.click(".modal button[name=action_confirm]")
        toast = page.locator(".o_notification", has_text=f"{count} phản ánh")
        toast.wait_for()
        page.locator(".modal").wait_for(state="hidden")
        assert states() == {"rejected"}
        screenshot(page, f"list-undo-{count}")
        toast.get_by_role("button", name="Hoàn tác").click()
        page.locator(".o_notification", has_text="Chưa báo cho ai").wait_for()
        assert states() == {"new"}
        told = execute(
            server.database,
            """SELECT DISTINCT state FROM pakn_notice
                WHERE ticket_id = ANY(%s) AND act = 'rejected'""",
            ids,
        )
        assert told == [("withdrawn",)]
        for number in ids:
            operator.call("pakn.ticket", "cancel", [number], "Xong")


def test_the_board_on_a_phone(start_server, open_page, screenshot):
    server = start_server()
    page = open_page(360, 740)
    sign_in(page, server.url, "nhanvien")
    open_board(page, server.url)
    page.wait_for_selector(".o_kanban_record")
    screenshot(page, "operator-board-phone")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, "the page must not scroll sideways"
