"""A periodic report in the browser: counted, opened, printed, confirmed (Art. 12)."""

import io
import subprocess

from openpyxl import load_workbook

from tests.conftest import execute, wake_crons
from tests.test_journey import go_back, sign_in
from tests.test_screens import get_english

FIGURE = "[data-figure='received.now']"


def test_art12_a_month_from_the_draft_to_the_frozen_figures(
    start_server, open_page, screenshot
):
    # Nothing runs in the background yet: what stands in line is seen standing there
    server = start_server("--max-cron-threads=0")
    execute(
        server.database,
        """INSERT INTO ir_config_parameter (key, value)
           VALUES ('pakn_1022_reports.counted_at_once', '0')""",
    )
    page = open_page(1280, 900)
    sign_in(page, server.url, "quantri")
    page.goto(server.url + "/odoo/pakn-reports")
    page.click(".o_list_button_add")
    page.wait_for_selector(".o_form_view")
    # Of the last month there is a report already; any days may have another one
    page.click(".o_field_widget[name=kind] :is(input, select)")
    page.locator(".o_select_menu_item", has_text="Kỳ tự chọn").click()
    page.click(".o_form_button_save")
    page.get_by_text("Số liệu đang được tổng hợp").wait_for()
    assert not page.locator("button[name=action_confirm]").count()
    page.click(".o_statusbar_buttons button[name=action_open_screen]")
    page.wait_for_selector(".o_pakn_counting")
    assert not page.locator(FIGURE).count()

    start_server()
    wake_crons(server.database)
    page.wait_for_selector(FIGURE)
    assert not page.locator(".o_pakn_counting").count()
    received = int(page.inner_text(FIGURE).replace(".", ""))
    assert received > 0
    page.wait_for_timeout(600)  # charts
    screenshot(page, "report-screen")
    shown = page.inner_text(".o_pakn_report_screen")
    assert not {text for text in get_english() if text in shown}
    address = page.url

    page.click(FIGURE)
    page.wait_for_selector(".o_list_view .o_data_row")
    pager = page.locator(".o_pager_limit")
    rows = page.locator(".o_data_row").count()
    assert (int(pager.inner_text()) if pager.count() else rows) == received
    go_back(page, address)
    page.wait_for_selector(FIGURE)

    for kind, name in (("pdf", "PDF"), ("xlsx", "XLSX")):
        with page.expect_download() as download:
            page.locator(".o_pakn_report_screen button", has_text=name).click()
        assert download.value.suggested_filename.endswith(kind)
        file = download.value.path()
        if kind == "pdf":
            text = subprocess.run(
                ["pdftotext", "-layout", file, "-"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            assert f"tiếp nhận {received} PAKN" in " ".join(text.split())
        else:
            book = load_workbook(io.BytesIO(file.read_bytes()))
            values = [
                cell.value for row in book.worksheets[0].iter_rows() for cell in row
            ]
            assert received in values

    phone = open_page(360, 740)
    sign_in(phone, server.url, "quantri")
    phone.goto(address)
    phone.wait_for_selector(FIGURE)
    phone.wait_for_timeout(600)
    screenshot(phone, "report-screen-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360

    page.go_back()
    page.wait_for_selector(".o_form_view")
    page.click("button[name=action_confirm]")
    page.click(".modal .btn-primary")
    page.locator(".o_arrow_button_current", has_text="Đã").wait_for()
    page.goto(address)
    page.get_by_text("Số liệu đã chốt").wait_for()
    assert int(page.inner_text(FIGURE).replace(".", "")) == received
    # What is frozen is not counted anew
    assert not page.get_by_text("Tổng hợp lại").count()
