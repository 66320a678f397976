"""The site for everybody: WCAG 2.2 AA, narrow screens, the keyboard, slow lines."""

import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import execute
from tests.forks import shell
from tests.test_site_units import make_slip, sign_in

# What strangers see, in the language of the site; those of the first column in English
# too. `{article}` and `{result}` are addresses of one.
PAGES = (
    "/",
    "/phan-anh",
    "/tra-cuu",
    "/ket-qua",
    "/ket-qua?q=den+duong",
    "{result}",
    "/ban-do",
    "/thong-ke",
    "/theo-doi-ket-qua",
    "/tra-cuu/quen-ma",
    "/quyen-rieng-tu",
    "/tiep-can",
    "/hoi-dap",
    "/hoi-dap?q=the+bao+hiem",
    "/hoi-dap?q=khongcogi",
    "{article}",
    "/web/login",
)
# Whole in one language
VIETNAMESE_PAGES = ("/1022-offline",)
# What the main action of a page is, where it has one
MAIN_ACTIONS = {
    "/": "a[href='/phan-anh']",
    "/tra-cuu": "input[name=code]",
    "/ket-qua": "input[name=q]",
    "/hoi-dap": "#knowledge_query",
}
SIZES = ((360, 740), (1280, 800))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What has a name for who does not see it
NAMED = (
    "button",
    "link",
    "textbox",
    "searchbox",
    "combobox",
    "checkbox",
    "radio",
    "img",
)
# The first of a page's tree, as text: what a screen reader tells of it
TREES = {
    "/tra-cuu": """
- heading "Tra cứu phản ánh" [level=1]
- textbox "Mã phản ánh"
- textbox "Số điện thoại đã cung cấp"
- button "Tra cứu"
- link "Xem tất cả phản ánh của ông/bà"
""",
    "/phan-anh": """
- heading "Gửi phản ánh" [level=1]
- note
- link "113 công an"
- list "Các bước"
- heading "Bước 1 trên 3: Việc gì đã xảy ra?" [level=2]
""",
    "/quyen-rieng-tu": """
- heading "Dữ liệu cá nhân của ông/bà" [level=1]
- heading "Chúng tôi biết gì về ông/bà, và để làm gì" [level=2]
- table
- columnheader "Dữ liệu"
- columnheader "Để làm gì"
- heading "Ai được xem" [level=2]
- heading "Những gì được công khai" [level=2]
- heading "Lưu giữ trong bao lâu" [level=2]
- heading "Ông/bà có quyền yêu cầu gì" [level=2]
- heading "Hỏi ở đâu" [level=2]
""",
}
# Bytes over the wire of a page after the first
WEIGHT = 100_000


def get_violations(page, within=None):
    """Return what axe-core finds against WCAG 2.2 AA, a line each.

    :param within: selector of what is ours on pages that Odoo frames, or axe-core's
        context
    """
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    result = Axe().run(page, context=within, options=options)
    return [
        f"{page.url} {violation['id']}: {node['html'][:150]} {node['target']} "
        f"{[check['message'] for check in node['any']][:1]}"
        for violation in result.response["violations"]
        for node in violation["nodes"]
    ]


def get_tree(page, part="body"):
    """Return the accessibility tree as lines ``- role "name" [level=1]``."""
    text = page.locator(part).first.aria_snapshot()
    return [line.strip() for line in text.splitlines()]


def get_tree_problems(page):
    """Return what who does not see the page is not told: names, order of headings."""
    problems, level = [], 0
    for line in get_tree(page):
        match = re.match(r"- '?(\w+)(?: (\".*?[^\\]\"|/.*/))?", line)
        if match and match[1] in NAMED and not match[2]:
            problems.append(f"{page.url} has no name: {line}")
        heading = re.search(r"^- '?heading .*\[level=(\d)\]", line)
        if heading:
            if int(heading[1]) > level + 1:
                problems.append(f"{page.url} leaves out a level: {line}")
            level = int(heading[1])
    titles = page.locator("h1:visible, h1.visually-hidden").count()
    if titles != 1:
        problems.append(f"{page.url} has {titles} titles")
    return problems


def get_problems(page, width):
    """Return what is wrong with the page shown.

    WCAG, what a screen reader is told, and scrolling sideways.
    """
    page.wait_for_timeout(400)
    problems = get_violations(page) + get_tree_problems(page)
    scrolled = page.evaluate("document.documentElement.scrollWidth")
    if scrolled > width:
        problems.append(f"{page.url} is {scrolled} pixels wide")
    return problems


def get_paths(server):
    """Return :data:`PAGES` with the first public article and result in their places."""
    [[article, result]] = execute(
        server.database,
        """SELECT (SELECT min(id) FROM pakn_article WHERE is_published),
                  (SELECT min(name) FROM pakn_ticket WHERE is_published)""",
    )
    places = {"article": f"/hoi-dap/{article}", "result": f"/ket-qua/{result}"}
    return [path.format(**places) for path in PAGES]


@pytest.fixture
def server(start_server):
    return start_server()


def test_pages_can_be_read_by_everybody(server, open_page):
    problems = []
    paths = get_paths(server)
    for (width, height), language in itertools.product(SIZES, ("", "/en")):
        # For each language a visitor of its own: the site remembers what was chosen.
        page = open_page(width, height)
        for path in paths:
            page.goto(server.url + language + path)
            problems += get_problems(page, width)
            shown = page.get_attribute("html", "lang")
            if shown != ("en-US" if language else "vi-VN"):
                problems.append(f"{page.url} is in {shown}")
        for path in VIETNAMESE_PAGES:
            page.goto(server.url + path)
            problems += get_problems(page, width)
    assert not problems, "\n".join(problems)


def test_the_units_page_can_be_read_by_everybody(server, open_page):
    problems = []
    slip = make_slip(server, "Đèn đường hỏng")
    for width, height in SIZES:
        page = open_page(width, height)
        page.goto(f"{server.url}/phieu")
        sign_in(page, "daumoi")
        problems += get_problems(page, width)
        page.goto(f"{server.url}/phieu?tab=done")
        problems += get_problems(page, width)
        page.goto(f"{server.url}/phieu/{slip}")
        problems += get_problems(page, width)
        for act in ("answer", "schedule", "give_back"):
            page.click(f"#act_{act} > summary")
            problems += get_problems(page, width)
        page.click("#act_give_back button[type=submit]")
        page.wait_for_selector("#error_give_back")
        problems += get_problems(page, width)
    assert not problems, "\n".join(problems)


def test_the_rating_pages_can_be_read_by_everybody(server, open_page, tmp_path):
    problems = []
    slip = make_slip(server, "Đèn đường hỏng", citizen_email="hoa@example.com")
    server.client("daumoi").call("pakn.transfer", "answer", [slip], "<p>Đã thay.</p>")
    operator = server.client("nhanvien")
    [[ticket]] = execute(
        server.database, "SELECT ticket_id FROM pakn_transfer WHERE id = %s", slip
    )
    operator.call("pakn.ticket", "send_result", [ticket])
    # The outbox asks for the rating
    deliver = 'env["pakn.notice"]._cron_deliver()\nenv.cr.commit()\n'
    process = shell(server.database, deliver, tmp_path / "deliver.log")
    assert process.wait(60) == 0
    [[token]] = execute(
        server.database,
        "SELECT access_token FROM rating_rating WHERE pakn_ticket_id = %s",
        ticket,
    )
    for width, height in SIZES:
        page = open_page(width, height)
        page.goto(f"{server.url}/rate/{token}/1")
        problems += get_problems(page, width)
    page.click("form[action^='/rate/'] button[type=submit]")
    page.wait_for_selector("#rating_error")
    problems += get_problems(page, width)
    page.click("label[for=rate_5]")
    page.click("form[action^='/rate/'] button[type=submit]")
    page.locator("h1").wait_for()
    problems += get_problems(page, width)
    assert not problems, "\n".join(problems)


def test_what_a_screen_reader_is_told(seen_server, open_page):
    page = open_page(360, 740)
    for path, expected in TREES.items():
        page.goto(seen_server.url + path)
        page.wait_for_timeout(500)
        tree = iter(get_tree(page, "main"))
        told = list(tree)
        rest = iter(told)
        for line in expected.strip().splitlines():
            found = any(
                one.startswith((line, f"{line[:2]}'{line[2:]}")) for one in rest
            )
            assert found, f"{path}: {line}\n" + "\n".join(told)
    # The step, where one is, and what is wrong, at its field
    page.goto(seen_server.url + "/phan-anh")
    page.wait_for_selector(".o_pakn_submit.o_pakn_js")
    page.fill("#f_description", "Đèn đường trước số 25 hỏng ba hôm nay.")
    for number in (2, 3):
        page.click("[data-next]")
        focused = page.evaluate("document.activeElement.textContent")
        assert focused.startswith(f"Bước {number} trên 3"), focused
        current = page.locator(".o_pakn_steps [aria-current=step]")
        assert current.count() == 1
    page.fill("#f_citizen_phone", "12")
    page.click("[data-send]")
    page.wait_for_selector("#error_citizen_phone.d-block")
    tree = get_tree(page, "main")
    assert any(line.startswith("- alert:") or "- alert" in line for line in tree)
    described = page.get_attribute("#f_citizen_phone", "aria-describedby")
    assert page.inner_text(f"#{described}").strip()


def test_letters_twice_as_large_stay_on_the_screen(seen_server, open_page):
    """WCAG 2.2, 1.4.4: nobody scrolls sideways to read what was made larger."""
    page, wide = open_page(640, 800), []
    # What is read at an address of a request stands in a list of its own
    for path in ("/tro-chuyen", *get_paths(seen_server)):
        page.goto(seen_server.url + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 641:
            wide.append(f"{path}: {width}")
    assert not wide, "\n".join(wide)


def test_nothing_is_cut_on_paper(seen_server, open_page):
    """A printer does not scroll, nor unfold what is folded."""
    # Of A4 without its margins
    page = open_page(718, 1000)
    page.emulate_media(media="print")
    for path in ("/thong-ke", "/quyen-rieng-tu", "/ket-qua"):
        page.goto(seen_server.url + path)
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main table, main .card")]
                .filter(one => one.getBoundingClientRect().right > innerWidth
                    || (one.closest(".table-responsive") || one).scrollWidth
                        > (one.closest(".table-responsive") || one).clientWidth + 1)
                .map(one => one.innerText.slice(0, 60))"""
        )
        assert not cut, f"{path}: {cut}"
    page.goto(seen_server.url + "/thong-ke")
    folded = page.locator("main details").last.locator("dl, ul, table").first
    assert folded.is_visible()


def test_the_keyboard_reaches_the_main_action(seen_server, open_page):
    page = open_page()
    for path, action in MAIN_ACTIONS.items():
        page.goto(seen_server.url + path)
        page.keyboard.press("Tab")
        skip = page.evaluate("document.activeElement.getAttribute('href')")
        assert skip == "#wrap", "the first stop leads past the menus"
        page.keyboard.press("Enter")
        for _stop in range(5):
            page.keyboard.press("Tab")
            if page.evaluate(
                "(action) => document.activeElement.matches(action)", action
            ):
                break
        else:
            raise AssertionError(f"{action} of {path} is not reached")


def test_a_slip_is_answered_by_keyboard(server, open_page):
    slip = make_slip(server, "Đèn đường hỏng")
    page = open_page()
    page.goto(f"{server.url}/phieu/{slip}")
    sign_in(page, "daumoi")
    page.wait_for_selector("#act_answer")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _stop in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#act_answer > summary')"):
            break
    page.keyboard.press("Enter")
    page.locator("#answer_result").wait_for(state="visible")
    # Three stops on, however many keys a busy page takes for them
    get_focused = "document.activeElement.outerHTML"
    before, stops = page.evaluate(get_focused), []
    while len(stops) < 5 and "answer_result" not in (stops or [""])[-1]:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(get_focused))
    assert page.evaluate("document.activeElement.id") == "answer_result", stops
    assert len({*stops} - {before}) <= 3, stops
    page.keyboard.type("Đã thay bóng.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".alert-success")


def test_pages_are_light_after_the_first(server, open_page):
    page = open_page(360, 740)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes = []
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.append(event["encodedDataLength"]),
    )
    paths = get_paths(server)
    page.goto(server.url + paths[0])
    page.wait_for_load_state("networkidle")
    heavy = []
    for path in paths[1:]:
        if path == "/ban-do" or path.startswith("/web/"):
            continue  # measured in test_site_weight.py; the sign-in is Odoo's own page
        sizes.clear()
        page.goto(server.url + path)
        page.wait_for_load_state("networkidle")
        if sum(sizes) > WEIGHT:
            heavy.append(f"{path}: {sum(sizes)} bytes")
    assert not heavy, "\n".join(heavy)


def test_without_a_network_the_number_is_shown(server, chromium):
    # The browser complains of the missing network, as it should.
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{server.url}/hoi-dap")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller")
    server.stop()
    page.goto(f"{server.url}/hoi-dap?q=x")
    assert page.locator("a[href='tel:02691022']").first.is_visible()
    kept = page.evaluate(
        """async () => {
            const cache = await caches.open("1022-2");
            return (await cache.keys()).map(({ url }) => new URL(url).pathname);
        }"""
    )
    pages = [
        path
        for path in kept
        if not re.match(
            r"/(1022-offline|1022-site/|web/assets/|pakn_1022_website/)", path
        )
    ]
    assert "/1022-offline" in kept
    page.close()
    assert not pages, "no page is kept, for it may say what one person alone may read"
