"""People's data and accounts on the screen: the administrator removes a citizen's."""

from tests.conftest import LOCAL, check_record, execute
from tests.test_journey import sign_in

SITE = ("quyen-rieng-tu/yeu-cau", "quyen-rieng-tu", "bang-chung")
SCREENS = ("pakn-processing", "pakn-retention", "pakn-access-log", "pakn-privacy")
SHOWN = ".o_list_renderer, .o_kanban_renderer, .o_view_nocontent"
# A citizen of the demonstration with requests that are all closed
CLOSED = """SELECT private_phone FROM pakn_ticket WHERE private_phone IS NOT NULL
     GROUP BY private_phone HAVING bool_and(date_closed IS NOT NULL) LIMIT 1"""
KEPT = "SELECT count(*) FROM pakn_ticket WHERE date_closed IS NOT NULL"
LEFT = "SELECT count(*) FROM pakn_ticket WHERE private_phone = %s"


def test_the_administrator_removes_what_a_citizen_asks(
    start_server, database, open_page, screenshot
):
    server = start_server()
    page = open_page(360)
    for path in SITE:
        page.goto(f"{server.url}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        screenshot(page, path.replace("/", "-"), for_readme=False)

    [(phone,)] = execute(database, CLOSED)
    [(kept,)] = execute(database, KEPT)
    admin = server.client("quantri")
    number = admin.call(
        "pakn.privacy.request", "create", {"kind": "delete", "phone": phone}
    )
    review = admin.call("pakn.rights.review", "create", {})
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
    assert execute(database, KEPT) == [(kept,)], "the figures stay"
    code, said = check_record(database, LOCAL / "data/filestore" / database)
    assert code == 0, said
