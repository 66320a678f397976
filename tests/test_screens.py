"""Every screen of every role in the browser, and the work that spans several."""

import functools
import io
import re
from collections import Counter
from html import unescape
from pathlib import Path

import polib
import PyPDF2
import pytest
from playwright.sync_api import expect

from odoo import release

from tests.conftest import ROOT, execute, run_server
from tests.test_journey import (
    answered_late,
    choose,
    open_request,
    press,
    sign_in,
    write_html,
)
from tests.test_site_access import get_violations

OPEN = """action => odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
    action, { clearBreadcrumbs: true })"""
# Heads of a list whose text is cut; those of columns with a tick or a key are empty
CUT_HEADS = """() => [...document.querySelectorAll(".o_list_table thead th")]
    .filter((head) => head.innerText.trim())
    .filter((head) =>
        [head, ...head.querySelectorAll(".text-truncate")].some(
            (node) => node.scrollWidth > node.clientWidth + 1
        )
    )
    .map((head) => head.innerText.trim())"""
# What a row cannot do without: its code, and how much time there is
CUT_CELLS = """() => [...document.querySelectorAll(".o_data_row td")]
    .filter((cell) => /^(GL\\d\\d-\\S+|trễ .*|còn .*)$/.test(cell.innerText.trim()))
    .filter((cell) =>
        [cell, ...cell.querySelectorAll("*")].some(
            (node) =>
                node.scrollWidth > node.clientWidth + 1 &&
                getComputedStyle(node).overflowX !== "visible"
        )
    )
    .map((cell) => cell.innerText.trim())"""
ROLES = ("nhanvien", "daumoi", "thutruong", "vpubnd", "giamsat", "quantri")
# Words of Odoo or of names, not of our interface
NO_ENGLISH = {"Email", "Code"}
ODOO = Path(release.__file__).parent / "addons"
# Whose screens staff see
ODOO_ADDONS = (
    *("auth_signup", "auth_totp", "base", "base_import", "base_setup", "bus"),
    *("html_editor", "mail", "portal", "rating", "resource", "sms", "web"),
)
# Names, and words that the province's officials write themselves
NAMES = {
    *("enter", "official", "account"),  # the key; Zalo Official Account
    "integer",  # of the Latin in Odoo's samples of empty pivots
    *("brandname", "chat", "email", "emoji", "excel", "facebook", "google", "html"),
    *("internet", "gmail", "icon", "link", "logo", "mail", "messenger", "mobile"),
    *("nokia", "online", "odoo", "outlook", "pakn", "smpp", "smtp", "imap", "xlsx"),
    *("twilio", "video", "viettel", "vinaphone", "website", "zalo", "fanpage"),
}


@functools.cache
def get_english():
    """Return the longer English texts of our addons that Vietnamese words replace."""
    texts = set()
    for path in ROOT.glob("addons/*/i18n/vi.po"):
        for entry in polib.pofile(str(path)):
            text = re.sub(r"<[^>]*>|%\(\w+\)s|%s", "\n", unescape(entry.msgid))
            parts = {part.strip() for part in text.splitlines()}
            # An example in Vietnamese stays in the translation as it is
            texts |= {part for part in parts if part not in unescape(entry.msgstr)}
    return {text for text in texts if text.count(" ") >= 2} - NO_ENGLISH


@functools.cache
def get_english_words():
    """Return words of Odoo's and our sources that are not words of its translations.

    A few translations hold an English word; so one is English when sources say it far
    more often.
    """
    sources, translations = Counter(), Counter()
    paths = [*ROOT.glob("addons/*/i18n/vi.po")]
    paths += [ODOO / f"{addon}/i18n/vi.po" for addon in ODOO_ADDONS]
    for path in paths:
        for entry in polib.pofile(str(path)):
            if entry.msgid != entry.msgstr:
                sources.update(get_plain_words(entry.msgid))
                translations.update(get_plain_words(entry.msgstr))
    return {
        word for word, count in sources.items() if count > 3 * translations[word]
    } - NAMES


def get_plain_words(text):
    """Return the words of a text that are written in ASCII letters alone, small."""
    # Blanks, names of icons and of a standard, addresses and codes are no words
    text = re.sub(
        r"<[^>]*>|%\(\w+\)s|\{\{.*?\}\}|\{\w+\}|fa-[\w-]+|\S+[@/]\S+|\S+\.\S+"
        r"|\w*_\w*|Open311",
        " ",
        text,
    )
    words = re.findall(r"[^\W\d_]+", text)
    return [word.lower() for word in words if len(word) > 3 and word.isascii()]


def get_shown(page):
    """Return every text of a page that somebody can read, tips and hints included."""
    return page.inner_text("body") + page.evaluate(
        """() => {
            const seen = [
                ...document.querySelectorAll("[placeholder], [title], [data-tooltip]"),
            ];
            return seen
                .filter((node) => node.getClientRects().length)
                .flatMap((node) => [node.placeholder, node.title, node.dataset.tooltip])
                .filter(Boolean)
                .map((text) => "\\n" + text)
                .join("");
        }"""
    )


def find_english(page, data):
    """Return English words on a page; what records hold is not the interface's."""
    return sorted(
        {
            word
            for word in get_plain_words(get_shown(page))
            if word in get_english_words() and word not in data
        }
    )


def get_data_words(server):
    """Return the words of names and texts that the records hold, not translated."""
    rows = execute(
        server.database,
        """SELECT name FROM pakn_unit UNION SELECT name FROM pakn_area
           UNION SELECT code FROM pakn_channel UNION SELECT name FROM res_lang
           UNION SELECT name FROM res_partner UNION SELECT login FROM res_users
           UNION SELECT title || ' ' || description FROM pakn_ticket
           UNION SELECT result FROM pakn_transfer WHERE result IS NOT NULL""",
    )
    return {word for [text] in rows for word in get_plain_words(text or "")}


def get_screens(page):
    """Return ``{menu's external id: action's id}`` of the hotline for who is in."""
    menus = page.evaluate(
        """async () => {
            const menus = odoo.__WOWL_DEBUG__.root.env.services.menu.getAll();
            return menus.map(({ xmlid, actionID }) => ({ xmlid, actionID }));
        }"""
    )
    return {
        menu["xmlid"].split(".")[1]: menu["actionID"]
        for menu in menus
        if (menu["xmlid"] or "").startswith("pakn_1022")
        and menu["actionID"]
        and menu["xmlid"] != "pakn_1022.pakn_menu_root"
    }


@pytest.mark.parametrize("login", ROLES)
def test_every_screen_of_a_role(seen_server, open_page, screenshot, login):
    """Opens in Vietnamese, on a screen and on a phone, and fits."""
    english, data = get_english(), get_data_words(seen_server)
    words, cut = {}, {}
    for width, height in ((1280, 800), (360, 740)):
        page = open_page(width, height)
        sign_in(page, seen_server.url, login)
        screens = get_screens(page)
        assert len(screens) >= 2
        for name, action in screens.items():
            page.evaluate(OPEN, action)
            # Some are dialogs
            page.wait_for_selector(".o_action_manager > .o_action, .modal .o_form_view")
            page.wait_for_timeout(500)  # charts and pictures
            picture = f"{login}-{name.removeprefix('pakn_')}-{width}"
            screenshot(page, picture, for_readme=False)
            assert not page.locator(".o_error_dialog").count(), name
            shown = page.inner_text("body")
            left = {text for text in english if text in shown}
            assert not left, f"English in {name} of {login}"
            if found := find_english(page, data):
                words[name] = found
            scrolled = page.evaluate("document.documentElement.scrollWidth")
            assert scrolled <= width, f"{name} scrolls sideways at {width}"
            texts = page.evaluate(CUT_HEADS)
            # On a phone cells are scrolled to; a head is read, or nothing says what is
            # beneath it
            if width == 1280:
                texts += page.evaluate(CUT_CELLS)
            if texts:
                cut[f"{name} {width}"] = texts
    assert not cut, f"cut in the lists of {login}: {cut}"
    assert not words, f"English for {login}: {words}"


def test_intake_answers_while_the_operator_types(seen_server, open_page, screenshot):
    """Art. 8: what is missing, an emergency and the title, before the field is left."""
    page = open_page()
    sign_in(page, seen_server.url, "nhanvien")
    page.goto(f"{seen_server.url}/odoo/action-pakn_1022.ticket_action_intake")
    page.wait_for_selector(".o_form_view [name=citizen_phone] input")
    page.locator("[name=description] [contenteditable=true]").click()
    page.keyboard.type("Nhà tôi đang cháy ", delay=30)
    emergency = page.locator(".o_pakn_emergency", has_text="114")
    emergency.wait_for()
    title = page.locator(".o_field_widget[name=title] input")
    expect(title).to_have_value("Nhà tôi đang cháy")
    expect(page.locator(".o_form_sheet", has_text="Còn thiếu")).not_to_contain_text(
        re.compile(r"Còn thiếu[^\n]*nội dung")
    )
    # The text stays where the cursor is, and the title grows with it
    page.keyboard.type("ở số 12 Hùng Vương", delay=30)
    expect(title).to_have_value("Nhà tôi đang cháy ở số 12 Hùng Vương")
    text = page.locator("[name=description] [contenteditable=true]")
    expect(text).to_have_text("Nhà tôi đang cháy ở số 12 Hùng Vương")
    screenshot(page, "intake-while-typing", for_readme=False)
    # What the caller is to be told stays in sight while the rest is written down
    page.set_viewport_size({"width": 1280, "height": 480})
    page.locator(".o_field_widget[name=date_received]").scroll_into_view_if_needed()
    expect(page.locator("[name=citizen_phone]").first).not_to_be_in_viewport()
    expect(emergency).to_be_in_viewport()


def test_art8_3_a_number_put_right_brings_its_own_citizen(seen_server, open_page):
    """What was filled in goes with the wrong number, and with another name."""
    operator = seen_server.client("nhanvien")
    for phone, name, email in (
        ("0905770001", "Nguyễn Thị Hoa", "hoa@example.com"),
        ("0905770002", "Lê Văn Bảy", "bay@example.com"),
    ):
        values = {"citizen_phone": phone, "citizen_name": name, "citizen_email": email}
        values |= {"title": "Rác", "description": "<p>Rác chưa thu gom.</p>"}
        operator.call("pakn.ticket", "create", [values])
    page = open_page()
    sign_in(page, seen_server.url, "nhanvien")
    page.goto(f"{seen_server.url}/odoo/action-pakn_1022.ticket_action_intake")
    phone, name, email = (
        page.locator(f".o_form_view [name={field}] input")
        for field in ("citizen_phone", "citizen_name", "citizen_email")
    )
    for number, known, address in (
        ("0905770001", "Nguyễn Thị Hoa", "hoa@example.com"),
        ("0905770002", "Lê Văn Bảy", "bay@example.com"),
    ):
        phone.fill(number)
        phone.press("Tab")
        expect(name).to_have_value(known)
        expect(email).to_have_value(address)
    name.fill("Trần Thị Sáu")
    name.press("Tab")
    expect(email).to_have_value("")
    write_html(page, "description", "Ống nước vỡ trước nhà.")
    page.keyboard.press("Alt+s")
    # Its own code, not those of the earlier ones beside it
    code = page.locator(".o_form_sheet > div > .o_field_widget[name=name]")
    expect(code).to_contain_text("GL26-")
    [made] = operator.call(
        "pakn.ticket",
        "search_read",
        [("citizen_name", "=", "Trần Thị Sáu")],
        ["citizen_email", "citizen_phone"],
    )
    assert (made["citizen_email"], made["citizen_phone"]) == (False, "+84905770002")


def test_what_was_opened_from_a_number_is_read_whole(seen_server, open_page):
    """At 1280: what it counts, and what not; the way back, in Vietnamese."""
    page = open_page()
    sign_in(page, seen_server.url, "giamsat")
    page.goto(f"{seen_server.url}/odoo/action-pakn_1022_reports.dashboard_action")
    page.click(".o_pakn_tiles button[data-key=satisfied]")
    crumb = page.locator(".o_last_breadcrumb_item .text-truncate")
    expect(crumb).to_contain_text("không gồm phản ánh mật")
    assert crumb.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    back = page.locator(".o_back_button a")
    assert back.get_attribute("data-tooltip") == "Quay lại “Bảng điều hành”"
    page.goto(f"{seen_server.url}/odoo/pakn-requests")
    page.wait_for_selector(".o_kanban_group .o_column_title")
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".o_column_title .text-truncate")]
            .filter((node) => node.scrollWidth > node.clientWidth + 1)
            .map((node) => node.innerText)"""
    )
    assert not cut, cut


def test_names_are_whole_on_a_wide_screen(seen_server, open_page, screenshot):
    """Of people, units and places; the title beside them has room to give."""
    page = open_page(1920, 1080)
    sign_in(page, seen_server.url, "nhanvien")
    for action in ("ticket_action_late", "ticket_action_to_send", "transfer_action"):
        page.goto(f"{seen_server.url}/odoo/action-pakn_1022.{action}")
        page.wait_for_selector(".o_data_row")
        page.wait_for_timeout(500)  # widths are worked out
        screenshot(page, f"wide-{action}", for_readme=False)
        cells = ".o_data_row td:is([name=citizen_name], [name=area_id], [name=unit_id])"
        cut = page.evaluate(
            """(cells) => [...document.querySelectorAll(cells)]
                .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
                .map((cell) => cell.innerText)""",
            cells,
        )
        assert not cut, f"{action}: {cut}"


def test_who_was_told_is_read_without_opening_a_row(seen_server, open_page):
    """Of whose request it is the code, and of what failed what and why."""
    operator = seen_server.client("nhanvien")
    values = {
        "title": "Thử xem đã báo cho ai",
        "description": "<p>Đèn đường hỏng.</p>",
        "citizen_name": "Trần Văn Bình",
        "citizen_phone": "0914275864",
        "citizen_email": "binh@example.com",
    }
    [ticket] = operator.call("pakn.ticket", "create", [values])
    [reason, *_] = operator.call("pakn.reject.reason", "search", [])
    operator.call("pakn.ticket", "reject", [ticket], reason)
    page = open_page()
    sign_in(page, seen_server.url, "quantri")
    page.goto(f"{seen_server.url}/odoo/pakn-notices")
    page.wait_for_selector(".o_list_view")
    page.locator(".o_searchview_facet .o_facet_remove").click()
    page.locator(".o_data_row").first.wait_for()
    widths = page.evaluate(
        """() => Object.fromEntries(
            [...document.querySelectorAll(".o_list_table thead th[data-name]")].map(
                (head) => [head.dataset.name, head.offsetWidth]))"""
    )
    # A code takes 110 pixels beside the cell's edges, a short reason 200
    assert widths["ticket_id"] > 130, widths
    assert widths["reason"] > 220, widths
    for name in ("act", "door", "state"):
        for cell in page.locator(f".o_data_row td[name={name}]").all():
            cut = "cell => cell.scrollWidth > cell.clientWidth + 1"
            assert not cell.evaluate(cut), cell.inner_text()


def test_phones_of_units_are_shown_as_people_say_them(seen_server, open_page):
    """Also those that somebody typed in one piece: ``02693824108``."""
    page = open_page()
    sign_in(page, seen_server.url, "quantri")
    page.goto(f"{seen_server.url}/odoo/action-pakn_1022.unit_action")
    row = page.locator(".o_data_row", has_text="Sở Nội vụ")
    expect(row.locator("td[name=phone]")).to_have_text("0269 3 824 108")
    assert row.locator("td[name=phone] a").get_attribute("href") == "tel:02693824108"
    row.locator("td[name=name]").click()
    box = page.locator(".o_form_view [name=phone] input").first
    expect(box).to_have_value("0269 3 824 108")
    # Tab leads on; there is no citizen's name to jump to
    box.focus()
    page.keyboard.press("Tab")
    expect(box).not_to_be_focused()
    assert not page.locator(".o_form_status_indicator_buttons:visible").count()


def test_what_opens_on_demand_is_vietnamese_too(seen_server, open_page, screenshot):
    """Menus, filters and the words of Odoo's own that its translations lack."""
    server = seen_server
    data = get_data_words(server)
    page = open_page()
    sign_in(page, server.url, "quantri")
    opened = {}

    def look(name):
        page.wait_for_timeout(400)
        screenshot(page, f"vietnamese-{name}", for_readme=False)
        opened[name] = find_english(page, data)

    page.click(".o_user_menu button")
    look("user-menu")
    shown = page.inner_text(".o-dropdown--menu")
    assert "odoo" not in shown.lower()
    page.keyboard.press("Escape")
    page.goto(f"{server.url}/odoo/action-pakn_1022.ticket_action_all")
    page.wait_for_selector(".o_data_row")
    page.click(".o_searchview_dropdown_toggler")
    look("filters")
    page.click(".o_add_custom_filter")
    page.wait_for_selector(".modal .o_tree_editor")
    look("own-filter")
    page.click(".modal .btn-close")
    page.goto(f"{server.url}/odoo/action-pakn_1022.unit_action/new")
    page.wait_for_selector(".o_form_view .o_field_widget[name=name] input")
    page.click(".o_form_button_save")
    page.wait_for_selector(".o_notification")
    look("missing-fields")
    assert "Còn thiếu thông tin bắt buộc" in page.inner_text(".o_notification")
    assert not any(opened.values()), opened


def asks_of_thread(response):
    """Return whether it answers what a chatter asks for when it is opened."""
    asked = response.request.post_data or ""
    return "/mail/data" in response.url and "suggestedRecipients" in asked


def test_what_each_role_opens_from_a_list_is_opened(seen_server, open_page):
    """A slip, an announcement: nobody is told of fields that he may not read."""
    for login, actions in (
        (
            "giamsat",
            (
                "pakn_1022.transfer_action",
                "pakn_1022_call.call_announcement_action",
            ),
        ),
        ("daumoi", ("pakn_1022.transfer_action",)),
    ):
        page = open_page()
        sign_in(page, seen_server.url, login)
        for action in actions:
            page.goto(f"{seen_server.url}/odoo/action-{action}")
            row = page.locator(
                ".o_data_row .o_data_cell, .o_kanban_record:not(.o_kanban_ghost)"
            ).first
            # What the chatter asks for first of all
            with page.expect_response(asks_of_thread) as told:
                row.click()
            assert "error" not in told.value.json(), f"{login}: {action}"
            page.locator(".o-mail-Chatter").wait_for()
            assert not page.locator(".o_error_dialog").count()


def test_what_waits_is_seen_at_once_on_a_phone(seen_server, open_page, screenshot):
    """Not a board whose first column is empty."""
    page = open_page(360, 740)
    sign_in(page, seen_server.url, "nhanvien")
    for name in ("late", "to_send", "replies"):
        page.goto(f"{seen_server.url}/odoo/action-pakn_1022.ticket_action_{name}")
        card = page.locator(".o_kanban_record:not(.o_kanban_ghost)").first
        expect(card).to_be_in_viewport(ratio=1)
        screenshot(page, f"phone-{name}", for_readme=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


# Words that a phone cuts
CUT_WORDS = """() => [...document.querySelectorAll(".o_data_row td")]
    .filter((cell) => cell.matches(".o_list_char, .o_list_many2one"))
    .filter((cell) =>
        [cell, ...cell.querySelectorAll("*")].some(
            (node) =>
                node.scrollWidth > node.clientWidth + 1 &&
                getComputedStyle(node).overflowX !== "visible"
        )
    )
    .map((cell) => cell.innerText.trim())"""


def test_lists_are_read_on_a_phone(seen_server, open_page, screenshot):
    """Of what has no cards no name is cut to its first syllables."""
    page = open_page(360, 740)
    sign_in(page, seen_server.url, "quantri")
    for action in (
        "pakn_1022.category_action",
        "pakn_1022.article_action",
        "pakn_1022.channel_action",
        "pakn_1022.event_action",
        "pakn_1022_reports.report_action",
    ):
        page.goto(f"{seen_server.url}/odoo/action-{action}")
        page.locator(".o_data_row").first.wait_for()
        screenshot(page, f"phone-{action.split('.')[1]}", for_readme=False)
        assert not page.evaluate(CUT_WORDS), action
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


CHART = """() => {
    const canvas = document.querySelector(".o_graph_renderer canvas");
    const chart = canvas && window.Chart?.getChart(canvas);
    return chart && {
        colours: Object.fromEntries(
            chart.data.datasets
                .filter((one) => one.type !== "line")
                .map((one) => [one.label, one.backgroundColor])
        ),
        ticks: chart.scales.y.ticks.map((tick) => tick.label),
    };
}"""


def test_charts_mean_the_same_everywhere(seen_server, open_page, screenshot):
    """Orange is escalated, red late, and nothing else; requests are whole (17.8)."""
    page = open_page()
    sign_in(page, seen_server.url, "giamsat")
    deadlines = {"#c8102e", "#e8710a", "#a84f06", "#2e8b57", "#e58a97", "#8fc7a6"}
    for action, escalated in (
        ("pakn_1022.ticket_action_all", {"Chuyển Thủ trưởng", "Chuyển UBND tỉnh"}),
        (
            "pakn_1022_reports.report_ticket_action",
            {"Thủ trưởng trả lời", "UBND tỉnh trả lời"},
        ),
    ):
        page.goto(f"{seen_server.url}/odoo/action-{action}")
        page.locator(".o_cp_switch_buttons .o_graph").click()
        handle = page.wait_for_function(CHART)
        chart = handle.json_value()
        screenshot(page, f"chart-{action.split('_action')[0][-6:]}", for_readme=False)
        # Which of them there are depends on the day that the example is made
        assert escalated & set(chart["colours"]), chart
        for word, colour in chart["colours"].items():
            if word in escalated:
                assert colour in ("#e8710a", "#a84f06"), word
            else:
                assert colour not in deadlines, word
        assert not [tick for tick in chart["ticks"] if "," in str(tick)], chart
    page.goto(f"{seen_server.url}/odoo/action-pakn_1022.ticket_action_rating")
    page.locator(".o_cp_switch_buttons .o_graph").click()
    grades = page.wait_for_function(CHART).json_value()
    assert not [tick for tick in grades["ticks"] if str(tick).endswith("0")][1:], grades
    # Codes whole, and no hours where nothing has been answered yet
    page.goto(f"{seen_server.url}/odoo/action-pakn_1022_reports.report_ticket_action")
    page.locator(".o_pivot table").wait_for()
    page.locator(".o_cp_switch_buttons .o_list").click()
    page.locator(".o_data_row").first.wait_for()
    assert not page.evaluate(CUT_CELLS)
    waiting = page.locator(".o_data_row", has_text="Đang xử lý").first
    expect(waiting.locator("td[name=result_hours]")).to_have_text("")
    assert not page.locator("tfoot .o_list_number:has-text(',')").count()


@pytest.fixture(scope="module")
def server(template):
    """Yield a server for those who work: what they write is seen by no other test."""
    with run_server(template) as server:
        yield server


def make_requests(server, count):
    operator = server.client("nhanvien")
    [category] = operator.call("pakn.category", "search", [("code", "=", "5.5")])
    ids = operator.call(
        "pakn.ticket",
        "create",
        [
            {
                "title": f"Việc hàng loạt {number}",
                "description": "<p>Đèn đường trước nhà tôi hỏng đã lâu.</p>",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": f"09051240{number:02d}",
                "citizen_address": "12 Trần Phú, Pleiku",
                "category_id": category,
            }
            for number in range(count)
        ],
    )
    return operator, ids


def open_new(page, server):
    """Open the list of new requests as the server has it.

    What the client remembers of it is shown before, and drawn anew then: what was
    chosen in between is chosen no more.
    """
    with page.expect_response("**/web_search_read"):
        page.goto(f"{server.url}/odoo/action-pakn_1022.ticket_action_new")


def select_bulk(page, server, count):
    open_new(page, server)
    rows = page.locator(".o_data_row", has_text="Việc hàng loạt")
    expect(rows).to_have_count(count)
    chosen = page.locator(".o_data_row_selected", has_text="Việc hàng loạt")
    for _attempt in range(5):
        for index in range(count):
            box = rows.nth(index).locator(".o_list_record_selector input")
            if not box.is_checked():
                box.click()
        page.wait_for_timeout(500)  # the server's answer draws the list anew
        if chosen.count() == count:
            return
    raise AssertionError(f"{chosen.count()} of {count} are chosen")


def take_back(page):
    """Press the key of the toast that takes back what was handed on.

    What was done is said before the list has come back from being read anew.
    """
    with answered_late(page, "**/web_search_read"):
        with page.expect_response("**/action_recall") as answer:
            page.locator(".o_pakn_done button", has_text="Thu hồi").click()
        assert "error" not in answer.value.json(), answer.value.text()
        said = page.locator(".o_notification", has_text="Đã thu hồi")
        expect(said.last).to_be_visible()


def test_many_requests_at_once(start_server, open_page, screenshot):
    server = start_server()
    operator, ids = make_requests(server, 4)

    def states():
        rows = operator.call("pakn.ticket", "read", ids, ["state"])
        return [row["state"] for row in rows]

    page = open_page()
    sign_in(page, server.url, "nhanvien")
    select_bulk(page, server, 4)
    screenshot(page, "operator-bulk")
    page.click(".o_control_panel button[name=action_transfer]")
    choose(page, "unit_id", "Sở Xây dựng", ".modal")
    page.click(".modal button[name=action_confirm]")
    page.locator(".modal").wait_for(state="hidden")
    assert states() == ["transferred"] * 4
    take_back(page)
    assert states() == ["new"] * 4
    operator.call("pakn.ticket", "cancel", ids, "Trùng")

    operator, ids = make_requests(server, 3)
    select_bulk(page, server, 3)
    page.click(".o_control_panel button[name=action_answer]")
    write_html(page, "result", "Đơn vị đã thay bóng đèn.", ".modal")
    page.click(".modal button[name=action_confirm]")
    page.locator(".modal").wait_for(state="hidden")
    assert states() == ["done"] * 3

    # More than a part: handed on and taken back …
    operator, ids = make_requests(server, 23)
    select_bulk(page, server, 23)
    page.click(".o_control_panel button[name=action_transfer]")
    choose(page, "unit_id", "Sở Xây dựng", ".modal")
    page.click(".modal button[name=action_confirm]")
    take_back(page)
    assert states() == ["new"] * 23

    # … how far it is, and what could not be done and why
    open_new(page, server)
    page.locator(".o_data_row", has_text="Việc hàng loạt 22").wait_for()
    everything = page.locator("thead .o_list_record_selector input")
    for _attempt in range(10):
        everything.set_checked(True)
        page.wait_for_timeout(500)  # the server's answer draws the list anew
        if everything.is_checked():
            break
    waiting = page.locator(".o_data_row").count()
    page.click(".o_control_panel button[name=action_reject]")
    choose(page, "reason_id", "Không rõ", ".modal")
    operator.call("pakn.ticket", "cancel", [ids[0]], "Trùng")
    page.click(".modal button[name=action_confirm]")
    summary = page.locator(".o_pakn_by_parts [role=status]")
    expect(summary).to_have_text(f"Đã xong {waiting - 1}/{waiting}")
    [code] = operator.call("pakn.ticket", "read", [ids[0]], ["name"])
    expect(page.locator(".o_pakn_by_parts li")).to_contain_text(code["name"])
    screenshot(page, "operator-bulk-parts")
    page.click(".modal .btn-primary")
    page.locator(".modal").wait_for(state="hidden")
    assert states() == ["cancelled"] + ["rejected"] * 22


def test_what_was_chosen_stays_so_when_a_dialog_is_given_up(
    start_server, open_page, screenshot
):
    """By Escape and by its key, and what others changed meanwhile does not."""
    server = start_server()
    operator, ids = make_requests(server, 4)
    page = open_page()
    sign_in(page, server.url, "nhanvien")
    select_bulk(page, server, 4)
    chosen = page.locator(".o_data_row_selected", has_text="Việc hàng loạt")
    for name in ("action_reject", "action_transfer"):
        page.click(f".o_control_panel button[name={name}]")
        page.locator(".modal button[name=action_confirm]").wait_for()
        if name == "action_reject":
            page.keyboard.press("Escape")
        else:
            page.locator(".modal-footer button", has_text="Quay lại").click()
        page.locator(".modal").wait_for(state="hidden")
        # The list was loaded anew: what it shows then is what counts
        page.wait_for_timeout(1500)
        expect(chosen).to_have_count(4)
        screenshot(page, f"bulk-given-up-{name}", for_readme=False)
    page.click(".o_control_panel button[name=action_transfer]")
    page.locator(".modal button[name=action_confirm]").wait_for()
    operator.call("pakn.ticket", "cancel", ids[:1], "Trùng")
    page.keyboard.press("Escape")
    page.locator(".modal").wait_for(state="hidden")
    expect(chosen).to_have_count(3)


def test_dates_are_written_as_offices_write_them(server, open_page, screenshot):
    """``26/11/2026 04:02``, in lists, on cards and forms, never “4:02 26 thg 11”."""
    page = open_page()
    sign_in(page, server.url, "quantri")
    for action, name in (
        ("pakn_1022.ticket_action_to_send", "date_received"),
        ("pakn_1022.public_holiday_action", "pakn_date"),
    ):
        page.goto(f"{server.url}/odoo/action-{action}")
        cells = page.locator(f".o_data_row td[name={name}]")
        cells.first.wait_for()
        for text in cells.all_inner_texts():
            assert re.fullmatch(r"\d\d/\d\d/\d{4}( \d\d:\d\d)?", text), text
        cut = "cell => cell.scrollWidth > cell.clientWidth"
        assert not cells.first.evaluate(cut), "the date is cut"
        screenshot(page, f"dates-{name}", for_readme=False)
    page.goto(f"{server.url}/odoo/action-pakn_1022.ticket_action_to_send")
    page.locator(".o_data_row").first.click()
    page.wait_for_selector(".o_form_view .o_statusbar_status")
    field = page.locator(".o_field_widget[name=date_received]").first
    field.wait_for()
    box = field.locator("input")
    shown = box.input_value() if box.count() else field.inner_text()
    assert re.search(r"\d\d/\d\d/\d{4}", shown), shown


def test_art10_a_wrong_day_is_said_and_the_explanation_is_read_first(
    seen_server, open_page, chromium, screenshot
):
    focal = seen_server.client("daumoi")
    domain = [("state", "in", ["sent", "acknowledged"]), ("level", "=", "focal")]
    [slip] = focal.call("pakn.transfer", "search", domain, limit=1)

    def schedule(page):
        sign_in(page, seen_server.url, "daumoi")
        page.goto(f"{seen_server.url}/odoo/pakn.transfer/{slip}")
        page.wait_for_selector(".o_form_view .o_statusbar_status")
        key = page.locator("button[name=action_schedule]:visible")
        if page.viewport_size["width"] < 500:
            page.click(
                ".o_statusbar_buttons button:has(.oi-ellipsis-v, .fa-ellipsis-v)"
            )
        key.click()
        box = page.locator(".modal .o_field_widget[name=date] input")
        box.wait_for()
        return box

    page = open_page()
    box = schedule(page)
    expect(box).to_be_focused()
    for leave in ("Tab", "Enter"):
        box.fill(f"mốt {leave}")
        box.press(leave)
        said = page.locator(".o_notification", has_text=f"“mốt {leave}” không phải là")
        said.wait_for()
        assert said.count() == 1
    box.fill("1/12/2031")
    box.press("Tab")
    field = page.locator(".modal .o_field_widget[name=date]")
    expect(field).to_contain_text("01/12/2031 17:00")
    assert not page.locator(".o_notification", has_text="“1/12/2031”").count()

    context = chromium.new_context(
        viewport={"width": 360, "height": 740},
        locale="vi-VN",
        has_touch=True,
        is_mobile=True,
    )
    phone = context.new_page()
    schedule(phone)
    explained = phone.locator(".modal p", has_text="người dân được báo")
    expect(explained).to_be_focused()
    expect(explained).to_be_in_viewport()
    assert not phone.locator(".o_datetime_picker").count()
    screenshot(phone, "phone-appointment", for_readme=False)
    context.close()


def test_what_is_said_of_many_leaves_the_keys_in_sight(
    start_server, open_page, screenshot
):
    """A line for each of many: what is filled in and pressed is not pushed away."""
    server = start_server()
    operator, ids = make_requests(server, 19)
    page = open_page(1280, 640)
    sign_in(page, server.url, "nhanvien")
    select_bulk(page, server, 19)
    page.click(".o_control_panel button[name=action_transfer]")
    choose(page, "unit_id", "Sở Xây dựng", ".modal")
    expect(page.locator(".modal .o_pakn_plan")).to_contain_text("→ Sở Xây dựng")
    box = page.locator(".modal [name=support_unit_ids] input")
    expect(box).to_be_in_viewport(ratio=1)
    footer = page.locator(".modal-footer").bounding_box()
    assert box.bounding_box()["y"] < footer["y"], "below the fold"
    screenshot(page, "operator-bulk-plan", for_readme=False)
    # Not by Escape: that closes a list of units first which opens late
    page.locator(".modal-header .btn-close").click()
    page.locator(".modal").wait_for(state="hidden")

    # Others came first to most of them
    select_bulk(page, server, 19)
    page.click(".o_control_panel button[name=action_reject]")
    choose(page, "reason_id", "Không rõ", ".modal")
    operator.call("pakn.ticket", "cancel", ids[:15], "Trùng")
    page.click(".modal button[name=action_confirm]")
    toast = page.locator(".o_pakn_done")
    toast.wait_for()
    key = toast.locator("button", has_text="Hoàn tác")
    expect(key).to_be_in_viewport(ratio=1)
    assert toast.bounding_box()["height"] < 400
    page.set_viewport_size({"width": 360, "height": 740})
    expect(key).to_be_in_viewport(ratio=1)
    assert toast.bounding_box()["height"] < 400
    screenshot(page, "operator-bulk-refused-phone", for_readme=False)
    key.click()
    page.locator(".o_notification", has_text="Chưa báo cho ai").wait_for()


def test_the_whole_call_by_keyboard(server, open_page):
    """From the desk to the slip without the mouse."""
    page = open_page()
    sign_in(page, server.url, "nhanvien")
    page.wait_for_selector(".o_pakn_desk")
    keys = page.keyboard
    keys.press("Alt+c")
    page.wait_for_selector(".o_form_view [name=citizen_phone] input:focus")
    for text in (
        "0905 124 555",
        "Nguyễn Thị Phím",
        "12 Hùng Vương, phường Pleiku",
        "",
        "Nắp cống vỡ trước cổng chợ",
        "Nắp cống trước cổng chợ bị vỡ rất nguy hiểm.",
        "Thoát nước",
    ):
        keys.type(text)
        if text == "Thoát nước":
            page.locator(
                ".o-autocomplete--dropdown-item", has_text=text
            ).first.wait_for()
        page.wait_for_timeout(150)
        keys.press("Tab")
    page.locator(".o_pakn_proposed").wait_for()
    keys.press("Alt+t")
    page.wait_for_selector(".modal [name=unit_id] input:focus")
    unit = page.input_value(".modal [name=unit_id] input")
    assert unit, "the usual unit is proposed"
    keys.press("Alt+q")
    page.wait_for_selector(
        ".o_statusbar_status button[aria-checked=true]:has-text('Đã chuyển')"
    )
    [(state, name)] = execute(
        server.database,
        """SELECT t.state, u.name FROM pakn_ticket t
             JOIN pakn_unit u ON u.id = t.unit_id WHERE t.private_phone = %s""",
        "+84905124555",
    )
    assert (state, name) == ("transferred", unit)
    keys.press("Alt+c")
    page.wait_for_selector("h2:has-text('Phản ánh mới')")


def test_a_file_with_the_result_and_the_record_as_a_timeline(
    server, open_page, screenshot, tmp_path
):
    operator, [ticket] = make_requests(server, 1)
    [unit] = operator.call("pakn.unit", "search", [("code", "=", "SXD")])
    operator.call("pakn.ticket", "transfer", [ticket], [unit])
    file = tmp_path / "bien-ban-nghiem-thu.txt"
    file.write_text("Đã nghiệm thu", encoding="utf-8")

    page = open_page()
    sign_in(page, server.url, "daumoi")
    open_request(page, server.url, ticket)
    press(page, "action_respond_answer")
    write_html(page, "result", "Đã thay bóng đèn.", ".modal")
    page.set_input_files(".modal [name=attachment_ids] input[type=file]", file)
    page.locator(".modal .o_attachment", has_text="bien-ban").wait_for()
    screenshot(page, "unit-result-dialog")
    page.click(".modal button[name=action_confirm]")
    page.locator(".modal").wait_for(state="hidden")

    page = open_page(1280, 1100)
    sign_in(page, server.url, "nhanvien")
    open_request(page, server.url, ticket)
    page.locator("[name=result_attachment_ids]", has_text="bien-ban").wait_for()
    # What is seldom done is in the menu
    assert not page.locator("button[name=action_cancel]").count()
    page.click(".o_pakn_more_toggle")
    page.locator("button[name=action_cancel]").wait_for()
    page.keyboard.press("Escape")
    # With the citizen and with the units, side by side
    page.get_by_role("tab", name="Hội thoại").click()
    page.locator(".o_pakn_said", has_text="Đã thay bóng đèn.").wait_for()
    page.get_by_role("button", name="Nhắn người dân").click()
    page.locator(".modal label", has_text="SMS").click()
    text = page.locator(".modal [name=text] textarea:visible")
    expect(text).to_have_value(re.compile(r"1022 Gia Lai \(GL26-"))
    text.press("End")
    text.type("Ông cho biết thêm vị trí cột đèn.")
    # Counted while it is typed, 70 letters with accents an SMS
    length = page.locator(".modal .o_pakn_sms_length")
    expect(length).to_have_text(f"{len(text.input_value())} ký tự, 1 SMS")
    text.type(" Cảm ơn ông.")
    expect(length).to_have_text(f"{len(text.input_value())} ký tự, 2 SMS")
    screenshot(page, "operator-write")
    page.locator(".modal label", has_text="Thư điện tử").click()
    # The request has no address: it is said, and nothing can be sent by mail
    page.locator(".modal .alert-warning", has_text="không có địa chỉ").wait_for()
    assert not page.locator(".modal button[name=action_confirm]").count()
    page.keyboard.press("Escape")
    page.locator(".modal").wait_for(state="hidden")
    page.locator(".o_pakn_talks").scroll_into_view_if_needed()
    screenshot(page, "operator-talks")
    assert not get_violations(page, ".o_pakn_talks")

    page.get_by_role("tab", name="Nhật ký xử lý").click()
    acts = page.locator(".o_pakn_timeline .o_kanban_record:not(.o_kanban_ghost)")
    acts.first.wait_for()
    acts.first.scroll_into_view_if_needed()
    screenshot(page, "operator-timeline")
    assert [
        text.splitlines()[0].split(" – ")[0] for text in acts.all_inner_texts()
    ] == [
        "Tiếp nhận",
        "Chuyển phiếu",
        "Bổ sung tệp",
        "Kết quả của đơn vị",
    ]


def test_people_of_a_unit_and_from_a_file(server, open_page, screenshot, tmp_path):
    """One screen makes an account whole; a wrong file makes none (Art. 16.1)."""
    page = open_page()
    sign_in(page, server.url, "quantri")
    [[unit]] = execute(server.database, "SELECT id FROM pakn_unit WHERE code = 'SXD'")
    page.goto(f"{server.url}/odoo/action-pakn_1022.unit_action/{unit}")
    people = page.locator(".o_pakn_people")
    people.locator(".o_data_row").first.wait_for()
    screenshot(page, "manager-unit-people")
    people.get_by_role("button", name="Thêm người").click()
    page.wait_for_selector(".modal [name=name] input")
    for field, text in (
        ("name", "Nguyễn Thị Mới"),
        ("email", "nguyenthimoi@gialai.gov.vn"),
        ("phone", "0914 275 864"),
    ):
        page.fill(f".modal .o_field_widget[name={field}] input", text)
    page.keyboard.press("Tab")
    screenshot(page, "manager-person-dialog", for_readme=False)
    page.click(".modal button[name=action_confirm]")
    page.locator(".o_notification", has_text="nguyenthimoi@gialai.gov.vn").wait_for()
    people.locator(".o_data_row", has_text="Nguyễn Thị Mới").wait_for()
    screenshot(page, "manager-unit-people-after", for_readme=False)
    [(phone,)] = execute(
        server.database,
        """SELECT p.phone FROM res_users u JOIN res_partner p ON p.id = u.partner_id
             JOIN pakn_unit_focal_user_rel f ON f.res_users_id = u.id
            WHERE u.login = 'nguyenthimoi@gialai.gov.vn' AND f.pakn_unit_id = %s""",
        unit,
    )
    assert phone == "0914 275 864"

    page.goto(server.url + "/odoo/action-pakn_1022.people_action")
    page.wait_for_selector(".o_list_view .o_data_row")
    screenshot(page, "manager-people", for_readme=False)
    count = "SELECT count(*) FROM res_users"
    before = execute(server.database, count)
    file = tmp_path / "nguoi-dung.csv"
    page.get_by_role("button", name="Nhập từ tệp").click()
    for lines, shown in (
        (["A,a@gialai.gov.vn,Vua,SXD", "B,b@gialai.gov.vn,Đầu mối,SXD"], "Dòng 2"),
        (["A,a@gialai.gov.vn,Đầu mối,SXD", "B,b@gialai.gov.vn,Trưởng ca,"], "2 người"),
    ):
        file.write_text("\n".join(["Họ và tên,Email,Vai trò,Đơn vị", *lines]))
        page.set_input_files(".modal input[type=file]", file)
        page.locator(".modal .alert:visible", has_text=shown).wait_for()
        screenshot(page, f"manager-people-{shown.split()[0]}", for_readme=False)
        if shown == "Dòng 2":
            assert not page.locator(".modal button[name=action_confirm]").count()
            assert execute(server.database, count) == before
    # No list at all, and one that is wrong from end to end
    paper = tmp_path / "danh-sach.pdf"
    paper.write_bytes(b"%PDF-1.4\n1 0 obj, 2\nendobj\n")
    page.set_input_files(".modal input[type=file]", paper)
    page.locator(".modal .alert:visible", has_text="Đây là tệp PDF").wait_for()
    wrong = [f"A {n},a{n}@gialai.gov.vn,Vua,SXD" for n in range(2000)]
    long = tmp_path / "dai.csv"
    long.write_text("\n".join(["Họ và tên,Email,Vai trò,Đơn vị", *wrong]))
    page.set_input_files(".modal input[type=file]", long)
    fault = page.locator(".modal .alert:visible", has_text="cần sửa 2.000 dòng sau")
    fault.wait_for()
    expect(page.locator(".modal-footer button").last).to_be_in_viewport(ratio=1)
    screenshot(page, "manager-people-long", for_readme=False)
    lines = page.locator(".modal .o_pakn_lines_many")
    assert lines.bounding_box()["height"] < 400
    assert "Dòng 2001" in lines.inner_text()
    assert not get_violations(page, ".modal .alert-danger")
    page.set_input_files(".modal input[type=file]", file)
    page.locator(".modal .alert:visible", has_text="2 người").wait_for()
    page.click(".modal button[name=action_confirm]")
    page.locator(".o_notification", has_text="Đã tạo 2 tài khoản").wait_for()
    assert execute(server.database, count)[0][0] == before[0][0] + 2

    phone = open_page(360, 740)
    sign_in(phone, server.url, "quantri")
    phone.goto(f"{server.url}/odoo/action-pakn_1022.unit_action/{unit}")
    phone.locator(".o_pakn_people", has_text="Nguyễn Thị Mới").wait_for()
    screenshot(phone, "manager-unit-people-phone", for_readme=False)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_each_role_has_its_page_of_help(seen_server, open_page, screenshot):
    """In Vietnamese, with pictures that are there, and one sheet of A4 (17.15)."""
    server = seen_server
    english, data = get_english(), get_data_words(server)
    for login, pages in (
        ("nhanvien", ["operator"]),
        ("daumoi", ["focal"]),
        ("quantri", ["operator", "focal", "head", "office", "monitor", "manager"]),
    ):
        page = open_page(1280, 800)
        sign_in(page, server.url, login)
        page.goto(server.url + "/odoo/pakn-help")
        tabs = page.locator(".o_pakn_help [data-page]")
        tabs.first.wait_for()
        keys = [tab.get_attribute("data-page") for tab in tabs.all()]
        assert keys == [*pages, "first"]
    for key in keys:
        page.click(f".o_pakn_help [data-page={key}]")
        page.wait_for_selector(f".o_pakn_help [data-page={key}][aria-pressed=true]")
        for picture in page.locator(".o_pakn_help img").all():
            picture.scroll_into_view_if_needed()
            page.wait_for_function(
                "image => image.complete", arg=picture.element_handle()
            )
            assert picture.evaluate("image => image.naturalWidth"), key
        page.locator(".o_pakn_help").evaluate("node => node.scrollTo(0, 0)")
        screenshot(page, f"help-{key}", for_readme=False)
        shown = page.inner_text(".o_pakn_help")
        assert not {text for text in english if text in shown}, key
        assert not find_english(page, data), key
    assert not get_violations(page, ".o_pakn_help")
    # The sheet, as the printer gets it
    paper = PyPDF2.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(paper.pages) == 1
    assert [round(float(side)) for side in paper.pages[0].mediabox[2:]] == [595, 842]
    text = paper.pages[0].extract_text()
    assert "lần đầu sử dụng" in text
    assert "(0269) 1022" in text


def test_the_administrators_first_steps(server, open_page, screenshot):
    page = open_page()
    sign_in(page, server.url, "quantri")
    page.goto(server.url + "/odoo/pakn-first-steps")
    page.wait_for_selector(".o_pakn_first_steps [data-key=units]")
    screenshot(page, "manager-first-steps")
    mail = page.locator("[data-key=mail]")
    assert "Còn thiếu" in mail.inner_text()
    mail.locator("button").click()
    page.wait_for_selector(".o_form_view [name=pakn_alias_name]")
