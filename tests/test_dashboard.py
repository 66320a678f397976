"""The dashboard in the browser: on a screen, on a phone, for all and for one unit."""

import re

import pytest
from playwright.sync_api import expect

from tests.test_journey import go_back, sign_in
from tests.test_screens import get_english
from tests.test_site_access import get_violations

DASHBOARD = "/odoo/action-pakn_1022_reports.dashboard_action"
# How often the screen asks for new figures, and a little more
REFRESH = 61000
# How long a page of the wall stands, and the smallest letters read from four metres
TURN, SMALLEST = 15100, 36


@pytest.fixture
def server(seen_server):
    """Return a server on which nothing falls due while it is looked at."""
    return seen_server


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


def return_to(page, board):
    go_back(page, board)
    page.wait_for_selector(".o_pakn_dashboard .o_pakn_tiles")


def count_after_click(page, selector):
    board = page.url
    page.locator(selector).click()
    count = count_listed(page)
    return_to(page, board)
    return count


def assert_drawn(page):
    """Each chart has something in the province's blue, or a colour of deadlines."""
    page.wait_for_function(
        """() => [...document.querySelectorAll(".o_pakn_dashboard canvas")].every(
            (canvas) => {
                const { data } = canvas
                    .getContext("2d")
                    .getImageData(0, 0, canvas.width, canvas.height);
                const colours = [0x0b5cad, 0x2e8b57, 0xe8710a, 0xc8102e];
                for (let i = 0; i < data.length; i += 4) {
                    const colour = (data[i] << 16) + (data[i + 1] << 8) + data[i + 2];
                    if (colours.includes(colour)) {
                        return true;
                    }
                }
                return false;
            })"""
    )


def click_a_bar(page, board):
    """Click the longest part of the bars of levels; its list has as many."""
    counts = {
        (index, key): level[key]
        for index, level in enumerate(board["levels"])
        for key in ("in_time", "escalated", "late")
    }
    (index, key), count = max(counts.items(), key=lambda item: item[1])
    assert count
    place = page.evaluate(
        """([dataset, index]) => {
            const canvas = document.querySelectorAll(".o_pakn_panels canvas")[1];
            const chart = Chart.getChart(canvas);
            const { x, y, base } = chart.getDatasetMeta(dataset).data[index];
            const box = canvas.getBoundingClientRect();
            return [box.x + (x + base) / 2, box.y + y];
        }""",
        [("in_time", "escalated", "late").index(key), index],
    )
    url = page.url
    page.mouse.click(*place)
    assert count_listed(page) == count
    return_to(page, url)


def assert_vietnamese_and_fits(page, width):
    shown = page.inner_text("body")
    assert not {text for text in get_english() if text in shown}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = ".o_pakn_dashboard"
    assert page.evaluate(f"document.querySelector('{box}').scrollWidth") <= width


def test_the_monitor_sees_all_of_the_province(server, open_page, screenshot):
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
    # and says of each whether it was in time
    url = page.url
    page.click("[data-key=on_time]")
    said = page.locator(".o_list_view .o_data_row td[name=timeliness]")
    expect(said.first).to_have_text(re.compile("^(Trong hạn|Trễ hạn)$"))
    screenshot(page, "slips-in-time", for_readme=False)
    return_to(page, url)
    rated = sum(board["satisfaction"].values())
    assert count_after_click(page, "[data-key=satisfied]") == rated

    # The ranking opens what the month brought the unit, and what it still has
    units = read_units(page)
    assert list(units) == [unit["name"] for unit in board["units"]]
    answered, still_open, _late = next(iter(units.values()))
    row = ".o_pakn_ranking tbody tr:first-child"
    assert count_after_click(page, f"{row} td:nth-child(2) button") == (
        answered + still_open
    )
    # So does each of its numbers, and the list says what it shows
    place = next(i for i, unit in enumerate(board["units"]) if unit["open"])
    number = f".o_pakn_ranking tr:nth-child({place + 1}) [data-column=open]"
    assert count_after_click(page, number) == board["units"][place]["open"]
    url = page.url
    page.locator(number).click()
    title = page.locator(".o_breadcrumb .active, .o_breadcrumb .o_last_breadcrumb_item")
    expect(title.first).to_contain_text("phiếu chuyển · không gồm phản ánh mật")
    return_to(page, url)
    assert "Không gồm phản ánh mật" in page.inner_text(".o_pakn_scope")
    click_a_bar(page, board)
    assert not get_violations(page, ".o_pakn_dashboard")
    # All in time and some late is no contradiction: it says of what each is counted
    assert "kể cả khi đơn vị đang giữ phiếu vẫn còn hạn" in page.inner_text(
        ".o_pakn_ranking"
    )

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


def look_at_wall(page, name, screenshot):
    """Check the page of the wall that is shown: large, whole, in Vietnamese."""
    screenshot(page, f"wall-{name}", for_readme=False)
    small = page.evaluate(
        """(smallest) => [...document.querySelectorAll(".o_pakn_wall *")]
            .filter((node) => [...node.childNodes].some(
                (child) => child.nodeType === 3 && child.textContent.trim()))
            .filter((node) => parseFloat(getComputedStyle(node).fontSize) < smallest)
            .map((node) => node.textContent)""",
        SMALLEST,
    )
    assert not small, f"{name}: too small for the wall: {small}"
    scrolled = page.evaluate(
        """(node => [node.scrollWidth, node.scrollHeight])(
            document.querySelector(".o_pakn_wall"))"""
    )
    assert scrolled[0] <= 1920 and scrolled[1] <= 1080, f"{name} does not fit"
    shown = page.inner_text("body")
    assert not {text for text in get_english() if text in shown}
    assert not get_violations(page, ".o_pakn_wall")


def test_the_wall_turns_by_itself(server, open_page, screenshot):
    """Dashboard, deadlines and units, without a mouse (issue 17.10)."""
    board = server.client("giamsat").call("pakn.dashboard", "get_dashboard")
    page = open_page(1920, 1080)
    page.clock.install()
    sign_in(page, server.url, "giamsat")
    page.goto(server.url + "/odoo/pakn-wall")
    page.wait_for_selector(".o_pakn_wall_levels")
    expect(page.locator(".o_main_navbar")).to_be_hidden()
    open_now = next(tile for tile in board["tiles"] if tile["key"] == "open")
    number = page.locator(".o_pakn_wall [data-key=open] b")
    assert to_int(number.inner_text()) == open_now["value"]
    look_at_wall(page, "dashboard", screenshot)
    page.clock.fast_forward(TURN)
    page.wait_for_selector(".o_pakn_wall_hours")
    look_at_wall(page, "deadlines", screenshot)
    seen, names = [], []
    while len(seen) < len(board["units"]):
        page.clock.fast_forward(TURN)
        first = page.locator(".o_pakn_wall tbody td:first-child").nth(0)
        first.wait_for()
        if names:
            expect(first).not_to_have_text(names[0])
        names = page.locator(".o_pakn_wall tbody td:first-child").all_inner_texts()
        assert names[0] not in seen
        if not seen:
            look_at_wall(page, "units", screenshot)
        seen += names
    assert seen == [unit["name"] for unit in board["units"]]
    # And from the beginning, with what is new
    server.client("nhanvien").call(
        "pakn.ticket",
        "create",
        [{"title": "Đèn hỏng", "description": "<p>Hỏng</p>", "citizen_name": "A"}],
    )
    page.clock.fast_forward(REFRESH)
    page.wait_for_selector(
        ".o_pakn_wall_levels, .o_pakn_wall_hours, .o_pakn_wall table"
    )
    for _turn in range(8):
        if page.locator(".o_pakn_wall_levels").count():
            break
        page.clock.fast_forward(TURN)
        page.wait_for_timeout(100)
    expect(number).to_have_text(str(open_now["value"] + 1))
    page.keyboard.press("Escape")
    page.wait_for_selector(".o_pakn_dashboard .o_pakn_tiles")
    expect(page.locator(".o_main_navbar")).to_be_visible()


def test_a_head_sees_the_own_unit_alone(server, open_page, screenshot):
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


def test_a_number_of_an_analysis_opens_what_it_counts(server, open_page):
    """Art. 15.4: matters received, not each level that had them; the list says so."""
    page = open_page()
    sign_in(page, server.url, "quantri")
    page.goto(f"{server.url}/odoo/action-pakn_1022_reports.report_transfer_action")
    whole = page.locator(".o_pivot tbody tr").first.locator("td").last
    whole.wait_for()
    count = to_int(whole.inner_text())
    whole.click()
    title = page.locator(".o_last_breadcrumb_item")
    expect(title).to_contain_text("Phiếu chuyển · Lượt tiếp nhận")
    assert count_listed(page) == count
    # All of its levels are more
    slips = page.evaluate(
        """async () => (await (await fetch(
            '/web/dataset/call_kw/pakn.report.transfer/search_count',
            {method: 'POST', headers: {'Content-Type': 'application/json'},
             body: JSON.stringify({params: {
                model: 'pakn.report.transfer', method: 'search_count',
                args: [[['date_sent', '>=', '=1d -11m']]], kwargs: {}}})}
        )).json()).result"""
    )
    assert slips > count


def test_an_empty_number_says_that_there_is_nothing(server, open_page):
    """What a number of none opens is no table without words (17.8)."""
    page = open_page()
    open_dashboard(page, server, "daumoi")
    tile = page.locator(".o_pakn_tiles [data-key=due]")
    number = to_int(tile.locator(".o_pakn_number").inner_text())
    tile.click()
    expect(page.locator(".o_last_breadcrumb_item")).to_contain_text("của đơn vị bạn")
    assert count_listed(page) == number
    if not number:
        expect(page.locator(".o_view_nocontent")).to_contain_text("Hiện không có")


def test_a_wall_that_is_signed_out_says_so(server, open_page):
    """Nobody goes and looks after a server that answers (17.10)."""
    page = open_page(1920, 1080)
    sign_in(page, server.url, "giamsat")
    page.goto(f"{server.url}/odoo/action-pakn_1022_reports.wall_action")
    page.locator(".o_pakn_wall_tiles").first.wait_for()
    page.context.clear_cookies()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".o_pakn_wall_old")).to_contain_text("Phiên đăng nhập đã hết")
