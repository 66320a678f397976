"""A first visit on a slow line: what comes, when it is seen, when it can be used.

400 kbit/s with 400 ms, an empty cache, a phone: the browser's own throttle. The table
of docs/site.md is what this test measures; with SHOW_WEIGHT=1 it is printed, with
SHOW_WEIGHT=plain for a browser that takes nothing compressed, which has no budget.
"""

import os

import pytest

from tests.conftest import execute
from tests.test_site_units import make_slip

IS_PLAIN = os.environ.get("SHOW_WEIGHT") == "plain"
# Bytes on the wire and requests until nothing more comes
BYTES, REQUESTS = 150_000, 8
MAP_BYTES = 250_000
# Seconds to the first paint, and until forms and scripts are ready; the addons' tests,
# that run beside, may hold a page up as long again
PAINT, USABLE, BESIDE = 3.0, 4.0, 2
LINE = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
# A slow phone: no task of a page may hold it longer, in seconds
SLOWER, TASK = 6, 0.2


def open_slow(chromium, url, cookies=(), slower=1):
    """Open a page for the first time; return its page and what was measured."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="vi-VN", has_touch=True
    )
    context.add_cookies(list(cookies))
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    if IS_PLAIN:
        context.set_extra_http_headers({"Accept-Encoding": "identity"})
    if slower > 1:
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    inline, sizes = set(), []
    session.on(
        "Network.requestWillBeSent",
        lambda event: (
            inline.add(event["requestId"])
            if event["request"]["url"].startswith("data:")
            else None
        ),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: (
            sizes.append(event["encodedDataLength"])
            if event["requestId"] not in inline
            else None
        ),
    )
    page.add_init_script(
        """new PerformanceObserver((list) => {
            (window.tasks ??= []).push(...list.getEntries());
        }).observe({ type: "longtask", buffered: true });"""
    )
    page.goto(url, timeout=60000)
    page.wait_for_load_state("networkidle")
    # A phone this slow may tell of its first paint a moment later
    page.wait_for_function(
        "performance.getEntriesByName('first-contentful-paint').length"
    )
    measured = page.evaluate(
        """() => {
            const [page] = performance.getEntriesByType("navigation");
            const [paint] = performance.getEntriesByName("first-contentful-paint");
            // Until the document is there, the browser works for itself
            const { domLoading, navigationStart } = performance.timing;
            const tasks = (window.tasks || [])
                .filter((one) => one.startTime >= domLoading - navigationStart)
                .map((one) => one.duration);
            return {
                paint: paint.startTime / 1000,
                usable: page.domContentLoadedEventEnd / 1000,
                task: Math.max(0, ...tasks) / 1000,
            };
        }"""
    )
    return page, measured | {"bytes": sum(sizes), "requests": len(sizes)}


@pytest.fixture
def server(seen_server):
    return seen_server


def get_pages(server):
    """Return ``{name: (path, cookies)}`` of the pages that have a budget."""
    client = server.client("daumoi")
    cookies = [
        {"name": "session_id", "value": client.session.cookies["session_id"]}
        | {"url": server.url}
    ]
    slip = make_slip(server, "Đèn đường hỏng trước trường học")
    [[result, code, token]] = execute(
        server.database,
        """SELECT (SELECT min(name) FROM pakn_ticket WHERE is_published),
                  t.name, t.access_token
             FROM pakn_ticket t
            WHERE t.access_token IS NOT NULL AND t.secrecy = 'public'
            ORDER BY t.id LIMIT 1""",
    )
    return {
        "home": ("/", ()),
        "submit": ("/phan-anh", ()),
        "result": (f"/ket-qua/{result}", ()),
        "list": ("/ket-qua", ()),
        "follow": (f"/tra-cuu/{code}?access_token={token}", ()),
        "look up": ("/tra-cuu", ()),
        "statistics": ("/thong-ke", ()),
        "questions": ("/hoi-dap", ()),
        "slip": (f"/phieu/{slip}", cookies),
        "map": ("/ban-do", ()),
    }


def test_a_first_visit_on_a_slow_line(server, chromium):
    problems, lines = [], []
    pages = get_pages(server)
    for path, _cookies in pages.values():
        # What the server itself makes once, a bundle or a template, is no page's weight
        page = chromium.new_page()
        page.goto(server.url + path)
        page.close()
    for name, (path, cookies) in pages.items():
        page, got = open_slow(chromium, server.url + path, cookies)
        limit = MAP_BYTES if name == "map" else BYTES
        lines.append(
            f"| {name} | {got['bytes'] / 1000:.0f} kB | {got['requests']} "
            f"| {got['paint']:.1f} s | {got['usable']:.1f} s |"
        )
        if name != "map" and got["requests"] > REQUESTS:
            problems.append(f"{name}: {got['requests']} requests")
        if got["bytes"] > limit:
            problems.append(f"{name}: {got['bytes']} bytes")
        if got["paint"] > PAINT * BESIDE:
            problems.append(f"{name}: painted after {got['paint']:.1f} s")
        if got["usable"] > USABLE * BESIDE:
            problems.append(f"{name}: usable after {got['usable']:.1f} s")
        if name == "submit":
            assert page.locator(".o_pakn_submit.o_pakn_js").count(), "scripts are there"
        page.context.close()
    if os.environ.get("SHOW_WEIGHT"):
        print("\n" + "\n".join(lines))  # noqa: T201
    assert IS_PLAIN or not problems, "\n".join((*problems, *lines))


def test_no_task_holds_a_slow_phone(server, chromium):
    for path in ("/", "/phan-anh", "/ket-qua", "/thong-ke"):
        tasks = []
        # What else this machine does may be measured too: the best of five counts
        while not tasks or (min(tasks) > TASK * BESIDE and len(tasks) < 5):
            page, got = open_slow(chromium, server.url + path, slower=SLOWER)
            tasks.append(got["task"])
            page.context.close()
        assert min(tasks) <= TASK * BESIDE, f"{path}: {tasks}"


def test_nothing_of_the_framework_comes_to_strangers(server, chromium):
    page = chromium.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/phan-anh", "/ket-qua", "/khong-co-trang-nay"):
        page.goto(server.url + path)
        page.wait_for_load_state("networkidle")
    page.close()
    assert not [url for url in asked if "assets_frontend" in url]
    assert not [url for url in asked if "translations" in url]
    # Who edits the site gets Odoo's builder, with everything that belongs to it
    client = server.client("quantri")
    text = client.session.get(server.url + "/").text
    assert "assets_frontend" in text
