"""Days typed into a list's own filter: understood, or said to be none (Art. 20)."""

import re

import pytest

from tests.test_journey import sign_in


@pytest.fixture
def server(seen_server):
    return seen_server


def type_day(page, index, text):
    """Type a day into one of the ends of the range, and leave it."""
    box = page.locator(".modal .o_datetime_input").nth(index)
    box.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def wait_for_value(page, index, text):
    page.wait_for_function(
        """([index, text]) => document.querySelectorAll(
            ".modal .o_datetime_input")[index]?.value === text""",
        arg=[index, text],
    )


def test_art20_a_range_of_days_by_keyboard(server, open_page, screenshot):
    page = open_page()
    sign_in(page, server.url, "giamsat")
    page.goto(server.url + "/odoo/pakn-requests?view_type=list")
    page.click(".o_searchview_dropdown_toggler")
    page.locator(".o_add_custom_filter").click()
    page.locator(".modal .o_model_field_selector").first.click()
    page.wait_for_selector(".o_model_field_selector_popover")
    page.keyboard.type("Tiếp nhận lúc")
    found = page.locator(".o_model_field_selector_popover_item_name").first
    found.get_by_text("Tiếp nhận lúc").wait_for()
    page.keyboard.press("Enter")
    kinds = page.locator(".modal select", has_text="Khoảng tự chọn")
    kinds.select_option(label="Khoảng tự chọn")
    page.locator(".modal .o_datetime_input").nth(1).wait_for()

    for typed in ("1/11/26", "01112026", "2026-11-01"):
        type_day(page, 0, "2/11/2026")
        wait_for_value(page, 0, "02/11/2026 00:00:00")
        type_day(page, 0, typed)
        wait_for_value(page, 0, "01/11/2026 00:00:00")
    # The last day counts to its end
    type_day(page, 1, "20/11/2026")
    wait_for_value(page, 1, "20/11/2026 23:59:59")
    type_day(page, 0, "31/02/2026")
    said = page.locator(".o_notification", has_text="“31/02/2026” không phải là ngày")
    said.wait_for()
    screenshot(page, "filter-no-day", for_readme=False)
    wait_for_value(page, 0, "01/11/2026 00:00:00")
    type_day(page, 0, "25/11/2026")
    page.locator(".o_notification", has_text="Ngày cuối trước ngày đầu").wait_for()
    type_day(page, 0, "1/11/2026")
    wait_for_value(page, 0, "01/11/2026 00:00:00")
    page.locator(".modal footer .btn-primary").click()
    facet = page.locator(".o_facet_value", has_text="Tiếp nhận lúc")
    facet.wait_for()
    shown = re.sub(r"\s+", " ", facet.inner_text())
    assert "01/11/2026 00:00:00" in shown, shown
    assert "20/11/2026 23:59:59" in shown, shown
