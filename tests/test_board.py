"""The operator's board in the browser: a dragged card acts, or goes back."""

from tests.conftest import execute
from tests.test_journey import open_board, sign_in


def drag(page, code, column):
    """Drag the card with ``code`` onto the column titled ``column``."""
    card = page.locator(".o_kanban_record", has_text=code)
    card.scroll_into_view_if_needed()
    target = page.locator(".o_kanban_group", has_text=column).first
    start, end = card.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 20)
    page.mouse.down()
    # At the card's own height: the newest stand below, where no column's head is seen
    page.mouse.move(end["x"] + 100, start["y"] + 30, steps=12)
    page.mouse.move(end["x"] + 110, start["y"] + 40, steps=4)
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
    assert new.locator(".o_kanban_record", has_text=code).is_visible()

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


def test_the_board_on_a_phone(start_server, open_page, screenshot):
    server = start_server()
    page = open_page(360, 740)
    sign_in(page, server.url, "nhanvien")
    open_board(page, server.url)
    page.wait_for_selector(".o_kanban_record")
    screenshot(page, "operator-board-phone")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, "the page must not scroll sideways"
