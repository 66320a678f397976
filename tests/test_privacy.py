"""People's data and accounts on the screen: the administrator removes a citizen's."""

import re
import subprocess
import unicodedata

from tests.conftest import LOCAL, ROOT, check_record, execute
from tests.test_journey import sign_in

SITE = ("quyen-rieng-tu/yeu-cau", "quyen-rieng-tu", "bang-chung")
SCREENS = ("pakn-processing", "pakn-retention", "pakn-access-log", "pakn-privacy")
SHOWN = ".o_list_renderer, .o_kanban_renderer, .o_view_nocontent"
# A citizen of the demonstration with a name of his own, whose requests are all closed
CLOSED = """SELECT private_phone, min(private_name), min(private_email)
      FROM pakn_ticket WHERE private_phone IS NOT NULL
     GROUP BY private_phone
    HAVING bool_and(date_closed IS NOT NULL) AND count(private_email) = 1
       AND (SELECT count(*) FROM res_partner
             WHERE name = min(pakn_ticket.private_name)) <= 1
     ORDER BY private_phone LIMIT 1"""
KEPT = "SELECT count(*) FROM pakn_ticket WHERE date_closed IS NOT NULL"
LEFT = "SELECT count(*) FROM pakn_ticket WHERE private_phone = %s"

DUMP = '. bin/lib.sh; pg_environment; exec "$(pg_bin)/pg_dump" --no-owner "$0"'


def fold(text):
    """Return a text as search keeps it: small letters, no accents."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[\u0300-\u036f]", "", plain)


def find_in_dump(database, phone, name, email):
    """Return lines of a dump, and files, in which a person is found in any writing."""
    marks = {phone[3:], f"0{phone[3:6]} {phone[6:9]} {phone[9:]}", email}
    marks |= {name.lower(), fold(name)}
    marks = [mark.encode() for mark in marks]
    marks += [mark.hex().encode() for mark in marks]
    dump = subprocess.run(
        ["bash", "-c", DUMP, database], cwd=ROOT, capture_output=True, check=True
    ).stdout
    places, table = [], ""
    for line in dump.lower().split(b"\n"):
        if line.startswith(b"copy "):
            table = line.split()[1].decode()
        places.append((table, line))
    store = LOCAL / "data/filestore" / database
    places += [
        (path.name, path.read_bytes().lower())
        for path in store.glob("[0-9a-f][0-9a-f]/*")
    ]
    return [
        (place, text[:200])
        for place, text in places
        if any(mark in text for mark in marks)
    ]


def test_the_administrator_removes_what_a_citizen_asks(
    start_server, database, open_page, screenshot
):
    server = start_server()
    page = open_page(360)
    for path in SITE:
        page.goto(f"{server.url}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        screenshot(page, path.replace("/", "-"), for_readme=False)

    [(phone, name, email)] = execute(database, CLOSED)
    assert find_in_dump(database, phone, name, email)
    [(kept,)] = execute(database, KEPT)
    admin = server.client("quantri")
    number = admin.call(
        "pakn.privacy.request", "create", {"kind": "delete", "phone": phone}
    )
    # One at a time: of a demonstration that is old one is open already
    still_open = admin.call("pakn.rights.review", "search", [("state", "=", "open")])
    review = (still_open or [admin.call("pakn.rights.review", "create", {})])[0]
    page = open_page()
    sign_in(page, server.url, "quantri")
    for path in SCREENS:
        page.goto(f"{server.url}/odoo/{path}")
        page.wait_for_selector(SHOWN)
        screenshot(page, path, for_readme=False)
    page.goto(f"{server.url}/odoo/pakn-rights/{review}")
    page.wait_for_selector("[name=grant_ids] .o_data_row button[name=action_end]")
    screenshot(page, "pakn-rights", for_readme=False)

    page.goto(f"{server.url}/odoo/pakn-privacy/{number}")
    page.click("button[name=action_accept]")
    page.click("button[name=action_carry_out]:visible")
    page.click(".modal-footer .btn-primary")
    page.wait_for_selector(".o_notification:has-text('không còn dữ liệu cá nhân')")
    screenshot(page, "pakn-privacy-removed", for_readme=False)
    assert execute(database, LEFT, phone) == [(0,)]
    assert find_in_dump(database, phone, name, email) == []
    assert execute(database, KEPT) == [(kept,)], "the figures stay"
    code, said = check_record(database, LOCAL / "data/filestore" / database)
    assert code == 0, said


def test_lists_of_the_administrator_are_read_on_a_phone(
    start_server, open_page, screenshot
):
    """What a row is about is not cut: its first column has room for its words."""
    server = start_server()
    manager = server.client("quantri")
    program = manager.call(
        "pakn.api.client", "create", {"name": "Cổng thông tin điện tử phường Pleiku"}
    )
    manager.call(
        "pakn.webhook",
        "create",
        {"client_id": program, "url": "https://phuong.example.gov.vn/1022/tin"},
    )
    page = open_page(360, 740)
    sign_in(page, server.url, "quantri")
    for screen in ("pakn-retention", "pakn-webhook"):
        page.goto(f"{server.url}/odoo/{screen}")
        page.wait_for_selector(".o_data_row")
        screenshot(page, f"{screen}-phone", for_readme=False)
        cells = page.locator(".o_data_row .o_data_cell:first-child")
        for cell in cells.all():
            box = cell.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360, screen
            cut = cell.evaluate("(cell) => cell.scrollWidth - cell.clientWidth")
            assert cut <= 0, f"{screen}: {cell.inner_text()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
