"""The board of deadlines and the manager's questions in the browser."""

from tests.test_journey import sign_in
from tests.test_site_access import get_violations


def test_the_monitor_sees_what_is_late_and_opens_it(seen_server, open_page, screenshot):
    server = seen_server
    page = open_page(1280, 800)
    sign_in(page, server.url, "giamsat")
    page.goto(server.url + "/odoo/deadlines")
    page.wait_for_selector(".o_pakn_clock_board")
    screenshot(page, "monitor-deadlines")
    # What is counted is said: the lines of units may come to more than the tiles
    said = page.inner_text(".o_pakn_clock_board")
    assert "Các con số tính theo phản ánh đang ở đơn vị" in said
    assert "cộng các dòng có thể lớn hơn" in said
    assert not get_violations(page, ".o_pakn_clock_board")
    late = page.locator("[data-key=late]")
    count = int(late.locator(".display-5").inner_text())
    assert count > 0
    late.click()
    page.wait_for_selector(".o_list_view .o_data_row")
    assert page.locator(".o_data_row").count() == count

    phone = open_page(360, 740)
    sign_in(phone, server.url, "giamsat")
    phone.goto(server.url + "/odoo/deadlines")
    phone.wait_for_selector(".o_pakn_clock_board")
    screenshot(phone, "monitor-deadlines-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_day_off_asks_the_manager_at_once(seen_server, open_page, screenshot):
    server = seen_server
    page = open_page(1280, 800)
    sign_in(page, server.url, "quantri")
    page.goto(server.url + "/odoo/action-pakn_1022.public_holiday_action")
    page.wait_for_selector(".o_list_view .o_data_row")
    banner = page.locator(".o_pakn_clock_status .alert", has_text="Lịch làm việc")
    assert not banner.count()
    # A working day ahead that is no day off yet: 15 days are longer than any feast.
    page.evaluate(
        """async () => {
            const orm = odoo.__WOWL_DEBUG__.root.env.services.orm;
            const day = luxon.DateTime.now();
            await orm.create("resource.calendar.leaves", Array.from({ length: 15 },
                (_x, i) => ({ name: "Nghỉ bão", pakn_date:
                              day.plus({ days: i }).toFormat("yyyy-MM-dd") })));
        }"""
    )
    banner.wait_for()
    banner.locator("button").click()
    page.wait_for_selector(".modal .o_data_row")
    screenshot(page, "manager-recount")
    page.click(".modal button[name=action_recount]")
    page.locator(".o_notification", has_text="Đã tính lại").wait_for()
    banner.wait_for(state="detached")
