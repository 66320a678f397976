"""The operators' screens on a slow line (Art. 10.1): what is pressed a second time is
done once, what is typed meanwhile stays, and an answer that comes late is not shown for
another request."""

from playwright.sync_api import expect

from tests.conftest import execute
from tests.test_journey import sign_in
from tests.test_screens import choose, make_requests, select_bulk

DATA = {"name": "odoo.exceptions.UserError", "message": "Thử", "arguments": ["Thử"]}
REFUSED = {"jsonrpc": "2.0", "error": {"code": 0, "message": "Odoo", "data": DATA}}


def hold(page, method, times=None):
    """Hold what a page asks of a method; return the list of what is held."""
    held = []
    page.route(f"**/{method}", lambda route: held.append(route), times=times)
    return held


def let_go(page, method, held):
    for route in held:
        route.continue_()
    page.unroute(f"**/{method}")


def wait_for_held(page, held):
    for _attempt in range(240):
        if held:
            return
        page.wait_for_timeout(250)
    raise AssertionError("it was not asked for")


def test_a_message_to_a_unit_goes_once_and_to_its_own_request(start_server, open_page):
    server = start_server("--max-cron-threads=0")
    operator, [first, second] = make_requests(server, 2)
    units = [
        operator.call("pakn.unit", "search", [("code", "=", code)])[0]
        for code in ("SXD", "SYT")
    ]
    for ticket, unit in zip((first, second), units, strict=True):
        operator.call("pakn.ticket", "transfer", [ticket], [unit])
    page = open_page()
    sign_in(page, server.url, "nhanvien")
    page.goto(f"{server.url}/odoo/action-pakn_1022.ticket_action_all")
    for ticket in (second, first):
        [found] = operator.call("pakn.ticket", "read", [ticket], ["name", "title"])
        row = page.locator(".o_data_row", has_text=found["title"]).first
        row.wait_for()
    row.locator("td[name=title]").click()
    page.get_by_role("tab", name="Hội thoại").click()
    field = page.locator(".o_pakn_talks textarea")
    field.wait_for()
    shown = field.get_attribute("placeholder")

    held = hold(page, "message_post")
    field.fill("Đề nghị cho biết tiến độ.")
    send = page.get_by_role("button", name="Gửi đơn vị")
    send.dblclick()
    wait_for_held(page, held)
    field.type("Kèm ảnh hiện trường.")
    let_go(page, "message_post", held)
    said = page.locator(".o_pakn_said", has_text="Đề nghị cho biết tiến độ.")
    said.first.wait_for()
    expect(field).to_have_value("Kèm ảnh hiện trường.")
    [[count]] = execute(
        server.database,
        """SELECT count(*) FROM mail_message
            WHERE model = 'pakn.transfer' AND body LIKE '%cho biết tiến độ%'""",
    )
    assert count == 1

    # It is refused: what was written stands there again
    page.route("**/message_post", lambda route: route.fulfill(json=REFUSED))
    send.click()
    page.locator(".modal .btn-primary").click()
    expect(field).to_have_value("Kèm ảnh hiện trường.")
    page.unroute("**/message_post")

    # The answer of one request comes when another is on the screen
    held = hold(page, "get_talks", times=1)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_for_held(page, held)
    page.locator(".o_pager_previous").click()
    expect(field).not_to_have_attribute("placeholder", shown)
    other = field.get_attribute("placeholder")
    with page.expect_response("**/get_talks"):
        let_go(page, "get_talks", held)
    page.wait_for_timeout(500)
    assert field.get_attribute("placeholder") == other


def test_who_is_signed_out_amid_many_goes_on_afterwards(start_server, open_page):
    server = start_server("--max-cron-threads=0")
    operator, ids = make_requests(server, 23)
    page = open_page()
    sign_in(page, server.url, "nhanvien")
    select_bulk(page, server, 23)
    page.click(".o_control_panel button[name=action_transfer]")
    choose(page, "unit_id", "Sở Xây dựng", ".modal")
    held = hold(page, "act_on_part")
    page.click(".modal button[name=action_confirm]")
    wait_for_held(page, held)
    [route] = held
    signed_out = {**route.request.all_headers(), "cookie": "session_id=none"}
    route.fulfill(response=route.fetch(headers=signed_out))
    page.unroute("**/act_on_part")
    again = page.locator(".o_pakn_by_parts").get_by_role("alert")
    expect(again).to_contain_text("đã bị đăng xuất")
    assert not page.locator(".o_pakn_by_parts li").count()
    page.locator(".modal .btn-secondary").click()
    page.locator(".modal").wait_for(state="hidden")
    rows = operator.call("pakn.ticket", "read", ids, ["state"])
    assert {row["state"] for row in rows} == {"transferred"}
