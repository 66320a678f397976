"""What arrives is noticed (Art. 20.3): operators and a unit at work side by side."""

import time

from tests.test_journey import sign_in

# Until it is seen, in milliseconds; twice that beside the other tests
SOON = 3000


def seen(locator, since):
    """Wait until it is there; return how long that took, in milliseconds."""
    locator.first.wait_for(timeout=10 * SOON)
    return (time.monotonic() - since) * 1000


def test_what_arrives_is_seen_at_once_by_those_it_concerns(
    start_server, open_page, screenshot
):
    server = start_server("--max-cron-threads=1")
    first, second = server.client("nhanvien"), server.client("nhanvien2")
    manager = server.client("quantri")
    [category] = first.call("pakn.category", "search", [("code", "=", "5.5")])
    web = first.call("pakn.channel", "search", [("code", "=", "web")])[0]
    page = open_page(1400, 900)
    sign_in(page, server.url, "nhanvien")
    page.goto(server.url + "/odoo/action-pakn_1022.ticket_action?view_type=list")
    page.wait_for_selector(".o_list_view, .o_kanban_view")
    page.locator(".o_switch_view.o_list").click()
    page.wait_for_selector(".o_list_view")

    def take_in(title, **values):
        return second.call(
            "pakn.ticket",
            "create",
            [
                {
                    "title": title,
                    "description": "<p>Đèn đường trước nhà tôi hỏng đã lâu.</p>",
                    "citizen_name": "Nguyễn Văn A",
                    "citizen_phone": "0905123997",
                    "category_id": category,
                    "channel_id": web,
                    "user_id": False,
                    **values,
                }
            ],
        )[0]

    # A new request: a toast for every operator, and the list renews itself
    begun = time.monotonic()
    ticket = take_in("Tin báo mới")
    toast = seen(page.locator(".o_notification", has_text="Phản ánh mới"), begun)
    row = seen(page.locator(".o_data_row", has_text="Tin báo mới"), begun)
    screenshot(page, "news-toast")
    # Not under one's hands: nothing is loaded while rows are chosen
    page.locator(".o_data_row", has_text="Tin báo mới").locator("input").check()
    take_in("Tin báo thứ hai")
    page.wait_for_timeout(SOON)
    assert not page.locator(".o_data_row", has_text="Tin báo thứ hai").is_visible()
    page.locator(".o_data_row", has_text="Tin báo mới").locator("input").uncheck()

    # A unit's answer: the bell of the operator whose request it is
    first.call("pakn.ticket", "write", [ticket], {"user_id": first.result["uid"]})
    unit = first.call("pakn.unit", "search", [("has_people", "=", True)])[0]
    first.call("pakn.ticket", "transfer", [ticket], [unit])
    slip = first.call("pakn.ticket", "read", [ticket], ["open_transfer_id"])[0][
        "open_transfer_id"
    ][0]
    begun = time.monotonic()
    manager.call("pakn.transfer", "answer", [slip], "<p>Đã thay bóng đèn.</p>")
    bell = seen(page.locator(".o_pakn_bell_count"), begun)
    page.locator(".o_pakn_bell").click()
    item = page.locator(".o_pakn_news .dropdown-item", has_text="Kết quả").first
    item.wait_for()
    screenshot(page, "news-bell")
    item.click()
    page.wait_for_selector(".o_form_view")
    # Opened is read; of others the clock of this server may have told meanwhile
    unread = first.call("pakn.notice", "get_news")["notices"]
    assert ("responded", ticket) not in [(n["kind"], n["res_id"]) for n in unread]
    assert max(toast, row, bell) <= 2 * SOON, (toast, row, bell)
