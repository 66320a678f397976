"""The dashboard in the browser: on a screen, on a phone, for all and for one unit."""

import re

from tests.test_journey import sign_in
from tests.test_screens import get_english

DASHBOARD = "/odoo/action-pakn_1022_reports.dashboard_action"
# How often the screen asks for new figures, and a little more
REFRESH = 61000


def open_dashboard(page, server, login):
    sign_in(page, server.url, login)
    page.goto(server.url + DASHBOARD)
    page.wait_for_selector(".o_pakn_dashboard .o_pakn_tiles")
    page.wait_for_function("document.querySelectorAll('canvas').length >= 2")


def read_tiles(page):
    """Return ``{key: text of the number}``."""
    return page.evaluate(
        """() => Object.fromEntries(
            [...document.querySelectorAll('.o_pakn_tiles [data-key]')].map(
                (tile) => [tile.dataset.key,
                           tile.querySelector('.o_pakn_number').innerText]))"""
    )


def read_units(page):
    """Return the rows of the ranking: ``{unit: [answered, open, late]}``."""
    rows = page.locator(".o_pakn_ranking tbody tr").all_inner_texts()
    return {
        name: [int(number) for number in (answered, still_open, late)]
        for _rank, name, _share, _due, answered, _hours, still_open, late in (
            re.split(r"\s*\t\s*", row) for row in rows
        )
    }


def to_int(text):
    return int(text.replace(".", ""))


def count_listed(page):
    """Return how many records the list that has been opened holds."""
    page.wait_for_selector(".o_list_view :is(.o_list_table, .o_view_nocontent)")
    if page.locator(".o_view_nocontent").count():
        return 0
    # What fits on one page may have no pager
    if not page.locator(".o_pager_limit").count():
        return page.locator(".o_list_view .o_data_row").count()
    total = page.locator(".o_pager_limit").inner_text()
    if total.endswith("+"):
        page.click(".o_pager_limit")
        page.wait_for_function(
            "!document.querySelector('.o_pager_limit').innerText.endsWith('+')"
        )
        total = page.locator(".o_pager_limit").inner_text()
    return to_int(total)


def count_after_click(page, selector):
    page.locator(selector).click()
    count = count_listed(page)
    page.go_back()
    page.wait_for_selector(".o_pakn_dashboard .o_pakn_tiles")
    return count


def assert_drawn(page):
    """Each chart has something in the province's blue, yellow or red."""
    page.wait_for_function(
        """() => [...document.querySelectorAll(".o_pakn_dashboard canvas")].every(
            (canvas) => {
                const { data } = canvas
                    .getContext("2d")
                    .getImageData(0, 0, canvas.width, canvas.height);
                const colours = [0x0b5cad, 0xffcd00, 0xc8102e];
                for (let i = 0; i < data.length; i += 4) {
                    const colour = (data[i] << 16) + (data[i + 1] << 8) + data[i + 2];
                    if (colours.includes(colour)) {
                        return true;
                    }
                }
                return false;
            })"""
    )


def assert_vietnamese_and_fits(page, width):
    shown = page.inner_text("body")
    assert not {text for text in get_english() if text in shown}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = ".o_pakn_dashboard"
    assert page.evaluate(f"document.querySelector('{box}').scrollWidth") <= width


def test_the_monitor_sees_all_of_the_province(start_server, open_page, screenshot):
    # Nothing falls due while it is looked at
    server = start_server("--max-cron-threads=0")
    board = server.client("giamsat").call("pakn.dashboard", "get_dashboard")
    page = open_page(1280, 800)
    page.clock.install()
    open_dashboard(page, server, "giamsat")
    tiles = read_tiles(page)
    assert_drawn(page)
    assert_vietnamese_and_fits(page, 1280)
    screenshot(page, "report-dashboard")
    for key in ("month", "open", "due", "late"):
        listed = count_after_click(page, f".o_pakn_tiles [data-key={key}]")
        assert listed == to_int(tiles[key]), key
    assert to_int(tiles["open"]) > 0
    # A share opens what it is a share of
    due = sum(unit["due"] for unit in board["units"])
    assert count_after_click(page, "[data-key=on_time]") == due
    rated = sum(board["satisfaction"].values())
    assert count_after_click(page, "[data-key=satisfied]") == rated

    # The ranking opens what the month brought the unit, and what it still has
    units = read_units(page)
    assert list(units) == [unit["name"] for unit in board["units"]]
    answered, still_open, _late = next(iter(units.values()))
    row = ".o_pakn_ranking tbody tr:first-child"
    assert count_after_click(page, row) == answered + still_open

    # The same on a phone
    phone = open_page(360, 740)
    open_dashboard(phone, server, "giamsat")
    assert_drawn(phone)
    assert_vietnamese_and_fits(phone, 360)
    screenshot(phone, "report-dashboard-phone")
    assert read_tiles(phone) == tiles
    phone.locator(".o_pakn_ranking").scroll_into_view_if_needed()
    screenshot(phone, "report-dashboard-phone-ranking", for_readme=False)

    # A request comes in, and nobody touches the screen
    today = to_int(read_tiles(page)["today"])
    server.client("nhanvien").call(
        "pakn.ticket",
        "create",
        [
            {
                "title": "Đèn đường hỏng",
                "description": "<p>Đèn đường trước nhà tôi hỏng đã lâu.</p>",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": "0905123997",
            }
        ],
    )
    asked = []
    page.on(
        "request",
        lambda request: asked.append(1) if "get_dashboard" in request.url else None,
    )
    # Nobody looks at a hidden page, so it does not ask
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true})"
    )
    page.clock.fast_forward(REFRESH)
    page.evaluate("delete document.hidden")
    page.clock.fast_forward(REFRESH)
    page.wait_for_function(
        """(number) => document.querySelector(
            '[data-key=today] .o_pakn_number').innerText === number""",
        arg=str(today + 1),
    )
    assert len(asked) == 1


def test_a_head_sees_the_own_unit_alone(start_server, open_page, screenshot):
    server = start_server("--max-cron-threads=0")
    head = server.client("thutruong")
    own = head.call(
        "pakn.unit",
        "search_read",
        [("access_user_ids", "in", [head.result["uid"]])],
        ["name"],
    )
    page = open_page(1280, 800)
    open_dashboard(page, server, "thutruong")
    screenshot(page, "head-dashboard", for_readme=False)
    assert_vietnamese_and_fits(page, 1280)
    units = read_units(page)
    assert units
    assert units.keys() <= {unit["name"] for unit in own}
    whole = server.client("giamsat").call("pakn.dashboard", "get_dashboard")
    everything = {tile["key"]: tile["value"] for tile in whole["tiles"]}
    tiles = read_tiles(page)
    for key in ("month", "open"):
        assert to_int(tiles[key]) < everything[key]
        listed = count_after_click(page, f"[data-key={key}]")
        assert listed == to_int(tiles[key]), key
