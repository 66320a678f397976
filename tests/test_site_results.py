"""What the public reads, in the browser: results, map, statistics, and the operator
who sees before what will be read."""

import base64
import importlib.util
from datetime import date

import pytest
import requests

from tests.conftest import ROOT, execute
from tests.forks import shell
from tests.peers import HttpPeer, PeerHandler
from tests.test_journey import open_request, press, sign_in
from tests.test_screens import get_english

SIZES = ((1280, 800), (360, 740))


def check(page, width):
    """Nothing of English is left and nothing scrolls sideways."""
    shown = page.inner_text("#wrap")
    assert not {text for text in get_english() if text in shown}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def show_open(server):
    """Let the public read of an open matter; return its code."""
    manager, operator = server.client("quantri"), server.client("nhanvien")
    settings = manager.call("res.config.settings", "create", {"pakn_show_open": True})
    manager.call("res.config.settings", "execute", [settings])
    [[ticket, category, code]] = execute(
        server.database,
        """SELECT t.id, t.category_id, t.name FROM pakn_ticket t
            WHERE t.state = 'transferred' AND t.secrecy = 'public' AND t.latitude > 0
            ORDER BY t.id LIMIT 1""",
    )
    manager.call("pakn.category", "write", [category], {"site_open": True})
    operator.call(
        "pakn.ticket",
        "show_open",
        [ticket],
        "Đèn đường trước trường học không sáng",
        "Đèn tắt đã ba hôm, học sinh về tối rất nguy hiểm.",
    )
    return code


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_results_map_and_statistics(start_server, open_page, screenshot, width, height):
    server = start_server()
    page = open_page(width, height)
    suffix = "" if width == 1280 else "-phone"

    page.goto(server.url + "/ket-qua")
    page.wait_for_selector(".o_pakn_card")
    check(page, width)
    screenshot(page, f"site-results{suffix}")

    page.fill("input[name=q]", "den duong")
    page.press("input[name=q]", "Enter")
    page.wait_for_url("**/ket-qua?q=den+duong*")
    titles = page.locator(".o_pakn_card h3").all_inner_texts()
    assert titles
    assert any("đèn" in title.lower() for title in titles)
    page.click("main summary")
    page.select_option("select[name=trang-thai]", "tre-han")
    page.click("details button[type=submit]")
    page.wait_for_url("**trang-thai=tre-han*")
    assert page.locator("select[name=trang-thai]").input_value() == "tre-han"

    # Opened before the slow network has brought the script, the map comes with it
    held = []
    page.route("**/common/place.js*", lambda route: held.append(route), times=1)
    page.goto(server.url + "/ket-qua")
    page.click(".o_pakn_card a")
    page.wait_for_selector(".o_pakn_answer")
    page.click(".o_pakn_result_place summary")
    while not held:
        page.wait_for_timeout(50)
    held.pop().continue_()
    page.wait_for_selector(".o_pakn_result_place .leaflet-container")
    check(page, width)
    screenshot(page, f"site-result{suffix}")

    page.goto(server.url + "/ban-do")
    page.wait_for_selector(".o_pakn_cluster")
    check(page, width)
    page.locator(".o_pakn_result_map").scroll_into_view_if_needed()
    screenshot(page, f"site-map{suffix}")
    points = page.locator(".leaflet-marker-icon").count()
    page.locator(".leaflet-marker-icon").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(1200)
    assert points
    assert page.locator(".o_pakn_map_list a").count() >= 10, "the same without a map"

    code = show_open(server)
    page.goto(server.url + "/ket-qua?trang-thai=dang-xu-ly")
    page.wait_for_selector(f".o_pakn_card a[href$='{code}']")
    check(page, width)
    screenshot(page, f"site-open{suffix}", for_readme=False)
    page.click(f".o_pakn_card a[href$='{code}']")
    page.wait_for_selector("h2:has-text('Đang xử lý')")
    check(page, width)
    screenshot(page, f"site-open-one{suffix}", for_readme=False)
    page.goto(server.url + "/ban-do")
    page.wait_for_selector(".o_pakn_pin_open, .o_pakn_cluster")
    page.evaluate("document.querySelector('.o_pakn_result_map').scrollIntoView()")
    screenshot(page, f"site-open-map{suffix}", for_readme=False)
    assert page.locator(f".o_pakn_map_list a[href$='{code}']").count() == 1

    page.goto(server.url + "/thong-ke")
    page.wait_for_selector(".o_pakn_charts svg")
    page.wait_for_timeout(500)
    check(page, width)
    screenshot(page, f"site-statistics{suffix}")
    page.locator(".o_pakn_heat").scroll_into_view_if_needed()
    screenshot(page, f"site-heat{suffix}", for_readme=False)
    page.click("summary:has-text('Theo xã, phường')")
    page.locator("#du-lieu-mo summary").click()
    check(page, width)
    page.locator("#du-lieu-mo").scroll_into_view_if_needed()
    screenshot(page, f"site-open-data{suffix}", for_readme=False)


# Requests of the middle of a year that has ended, in which the demonstration has none
RECEIVED_IN = """
found = [("state", "=", "done"), ("secrecy", "=", "public")]
tickets = env["pakn.ticket"].search(found, limit=40)
assert len(tickets) == 40
tickets._acting().date_received = "{year}-06-10 02:00:00"
env["pakn.statistics"]._count()
env.cr.commit()
"""


def show_count(number):
    """Return a count as people read it on the page."""
    if number is None or number is False:
        return "<5" if number is None else "–"
    return f"{number:,}".replace(",", ".")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_art13_1_a_year_is_chosen_by_keyboard(
    database, start_server, open_page, screenshot, tmp_path, width, height
):
    year = date.today().year - 2
    process = shell(database, RECEIVED_IN.format(year=year), tmp_path / "prepare.log")
    assert process.wait(120) == 0, process.stdout.read()
    server = start_server()
    page = open_page(width, height)
    page.goto(f"{server.url}/thong-ke")
    periods = page.get_by_role("navigation", name="Kỳ", exact=True)
    assert "12 tháng" in periods.locator("[aria-current=page]").inner_text()

    # From the top of the page by Tab alone, as who has no mouse
    chosen = f"{server.url}/thong-ke?nam={year}"
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.href") == chosen:
            break
    else:
        raise AssertionError("the year is not reached by the keyboard")
    focused = page.locator(":focus")
    assert focused.inner_text() == str(year)
    outline, shadow = focused.evaluate(
        "(link) => [getComputedStyle(link).outlineStyle,"
        " getComputedStyle(link).boxShadow]"
    )
    assert outline != "none" or shadow != "none", "where one is, is seen"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/thong-ke?nam={year}")

    assert str(year) in page.title()
    assert page.locator("[aria-current=page]", has_text=str(year)).count() == 1
    assert str(year) in page.inner_text("#wrap h1 + p")
    figures = requests.get(f"{server.url}/thong-ke.json?nam={year}", timeout=30).json()
    assert figures["year"] == str(year)
    assert figures["total"]["received"] == 40
    shown = page.locator(".o_pakn_figure .display-6").all_inner_texts()
    total = figures["total"]
    assert shown[:2] == [show_count(total[one]) for one in ("received", "answered")]
    # Each line of the fields, as in the data
    rows = page.locator(".o_pakn_numbers").first.locator("tbody tr")
    told = [
        [row.locator("th").inner_text(), row.locator("td").first.inner_text()]
        for row in rows.all()
    ]
    assert told == [
        [one["name"], show_count(one["received"])] for one in figures["categories"]
    ]
    assert page.locator(".o_pakn_charts").count() == 0, "months are not told of a year"
    check(page, width)
    suffix = "" if width == 1280 else "-phone"
    screenshot(page, f"site-statistics-year{suffix}", for_readme=False)

    for kind in ("csv", "json"):
        link = page.locator(f"#du-lieu-mo a[href='/thong-ke.{kind}?nam={year}']")
        link.scroll_into_view_if_needed()
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        reply = requests.get(server.url + link.get_attribute("href"), timeout=30)
        assert reply.status_code == 200
        if kind == "csv":
            assert f"{year}.csv" in reply.headers["Content-Disposition"]
            assert "\ntotal,,,40," in reply.content.decode("utf-8-sig").replace(
                "\r", ""
            )


def load_map(server):
    """Put a road through Pleiku behind the maps, as the manager does."""
    path = ROOT / "addons/pakn_1022_website/tests/map_tiles.py"
    spec = importlib.util.spec_from_file_location("map_tiles", path)
    map_tiles = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(map_tiles)
    manager = server.client("quantri")
    data = base64.b64encode(map_tiles.make_pmtiles()).decode()
    dialog = manager.call("pakn.map.load", "create", {"data": data})
    manager.call("pakn.map.load", "action_load", [dialog])


COLOURS = """() => {
    const colours = new Set();
    for (const tile of document.querySelectorAll(".leaflet-tile-pane canvas")) {
        const { width, height } = tile;
        const { data } = tile.getContext("2d").getImageData(0, 0, width, height);
        for (let i = 0; i < data.length; i += 4) {
            colours.add(data.slice(i, i + 3).join());
        }
    }
    return colours.size;
}"""


def test_roads_are_drawn_without_a_map_service(start_server, open_page, screenshot):
    server = start_server()
    load_map(server)
    page = open_page(360, 740)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url + "/ban-do")
    page.wait_for_selector(".leaflet-tile-pane canvas")
    page.wait_for_function(f"({COLOURS})() > 1")
    page.locator(".o_pakn_result_map").scroll_into_view_if_needed()
    screenshot(page, "site-map-roads", for_readme=False)
    assert page.inner_text(".leaflet-control-attribution") == "© OpenStreetMap"
    assert [url for url in asked if url.endswith(".pmtiles")]
    assert not [url for url in asked if not url.startswith((server.url, "data:"))]


def test_without_javascript(start_server, chromium):
    server = start_server()
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(server.url + "/ket-qua?q=duong")
    assert page.locator(".o_pakn_card").count()
    page.goto(server.url + "/ban-do")
    assert page.locator(".o_pakn_map_list a").count()
    page.goto(server.url + "/thong-ke")
    assert page.locator(".o_pakn_numbers td").count()
    page.goto(server.url + "/theo-doi-ket-qua?linh-vuc=5")
    page.fill("input[name=email]", "nguoi.dan@example.com")
    page.click("#wrap button[type=submit]")
    page.wait_for_load_state()
    [(confirmed,)] = execute(
        server.database,
        "SELECT date_confirmed FROM pakn_subscription WHERE email = %s",
        "nguoi.dan@example.com",
    )
    assert confirmed is None
    context.close()


def test_a_unit_shows_its_results_on_its_own_site(start_server, open_page, screenshot):
    server = start_server()
    body = (
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'
        "<h1>Trang của Sở Xây dựng</h1>"
        f'<script async src="{server.url}/nhung.js" data-don-vi="SXD"></script>'
    )

    class Handler(PeerHandler):
        def do_GET(self):
            kind = {"Content-Type": "text/html; charset=utf-8"}
            self.tell(200, body.encode(), kind)

    with HttpPeer(Handler) as site:
        page = open_page()
        page.goto(f"{site.url}/")
        page.frame_locator("iframe").locator("li a").first.wait_for()
        page.wait_for_function("document.querySelector('iframe').offsetHeight > 250")
        screenshot(page, "site-widget", for_readme=False)


def test_the_operator_sees_before_what_the_public_will_read(
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
                "title": "Nước thải của quán ông Trần Văn Bình chảy ra đường",
                "description": "<p>Tôi là Lê Thị Hoa, nhà số 12/3 Hùng Vương. Quán của "
                "ông Trần Văn Bình (0905 123 456) xả nước thải ra đường, xe 81A-123.45 "
                "bị trượt ngã. Số CCCD của tôi 064190012345.</p>",
                "citizen_name": "Lê Thị Hoa",
                "citizen_phone": "0914555666",
                "category_id": category,
            }
        ],
    )
    operator.call(
        "pakn.ticket",
        "answer",
        [ticket],
        "<p>Đã yêu cầu chủ quán đấu nối vào cống chung và xử phạt 2.000.000 đồng.</p>",
    )
    page = open_page(1280, 900)
    sign_in(page, server.url, "nhanvien")
    open_request(page, server.url, ticket)
    press(page, "action_send_result")
    page.wait_for_selector(".modal mark")
    assert page.locator(".modal mark").count() >= 6
    page.wait_for_timeout(500)
    screenshot(page, "operator-publish-dialog")
    page.click(".modal button[name=action_confirm]:visible")
    page.locator(".modal").wait_for(state="hidden")
    [(title, text)] = execute(
        server.database,
        "SELECT public_title, public_description FROM pakn_ticket WHERE id = %s",
        ticket,
    )
    assert title == "Nước thải của quán ông Trần *** chảy ra đường"
    for secret in ("0905", "Bình", "81A", "0641", "12/3", "Hoa"):
        assert secret not in text
