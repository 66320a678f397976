"""Requests that are sent without a network arrive later, once, with the page closed."""

import contextlib

from playwright.sync_api import expect

from tests.conftest import PASSWORD, execute, wait_until
from tests.test_site_draft import AGE_DRAFTS, GET_DRAFTS, Citizen, server

__all__ = ["server"]
ACCOUNTS = ("congdan.mot", "congdan.hai")


def dispatch_sync(context, page, origin):
    """Have the browser say that there is a network again, as it does by itself."""
    session = context.new_cdp_session(page)
    found = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(
            one["registrationId"] for one in event["registrations"]
        ),
    )
    session.send("ServiceWorker.enable")
    assert wait_until(lambda: page.wait_for_timeout(100) or found)
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": origin,
            "registrationId": found[0],
            "tag": "pakn-send",
            "lastChance": False,
        },
    )


def come_back(context, page, origin, arrived):
    """Say as often as a browser does that there is a network; return if all came."""
    for _time in range(3):
        dispatch_sync(context, page, origin)
        if wait_until(arrived, 20):
            return True
    return False


@contextlib.contextmanager
def refusing(context, method="GET", status=503, times=None):
    """Have the form's address give no answer of ours; yield the requests refused so.

    The browser may try by itself at any moment, so this stands before there is a
    network again.
    """
    refused, passed = [], []

    def refuse(route):
        if route.request.method != method or len(refused) == times:
            passed.append(route.request.method)
            route.continue_()
        else:
            refused.append(route.request)
            route.fulfill(status=status, body="<h1>No</h1>")

    context.route("**/phan-anh", refuse)
    yield refused
    context.unroute("**/phan-anh", refuse)
    # Who gets no form sends none
    assert method != "GET" or not passed, passed


def settle(page, refused, count):
    """Wait until so many were refused, and nothing more is tried for two seconds."""
    assert wait_until(lambda: page.wait_for_timeout(100) or len(refused) >= count)
    before = None
    while before != len(refused):
        before = len(refused)
        page.wait_for_timeout(2000)


def count_waiting(page):
    """Return how many drafts on this device are to be sent."""
    return sum(bool(draft.get("waiting")) for draft in page.evaluate(GET_DRAFTS))


def test_two_requests_without_a_network_arrive_once(server, chromium):
    one = Citizen(server, chromium)
    one.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    other = Citizen.__new__(Citizen)
    other.server, other.context, other.number = server, one.context, "0905299999"
    other.page = other.open()
    one.context.set_offline(True)
    for citizen in (one, other):
        citizen.write(photo=citizen is one)
        citizen.go_on()
        citizen.page.click("[data-send]")
        said = citizen.page.locator("[data-status]", has_text="Không có kết nối")
        expect(said).to_be_in_viewport(ratio=1)
    # What is said is so, whenever the page is closed
    assert count_waiting(other.page) == 2
    for citizen in (one, other):
        citizen.page.close()
    with refusing(one.context) as refused:
        one.context.set_offline(False)
        page = one.context.new_page()
        page.goto(server.url + "/tra-cuu")
        operator = server.client("nhanvien")

        def count():
            return sorted((one.count(operator), other.count(operator)))

        # A server that cannot take it now: each is tried, and both wait on
        dispatch_sync(one.context, page, server.url)
        settle(page, refused, 2)
        assert (count(), count_waiting(page)) == ([0, 0], 2)
    # The one, refused as with the token of an old page, waits on, and the other goes
    with refusing(one.context, "POST", 400, times=1) as refused:
        dispatch_sync(one.context, page, server.url)
        assert wait_until(lambda: page.wait_for_timeout(100) or count() == [0, 1])
        settle(page, refused, 1)
        assert len(refused) == 1
        assert (count(), count_waiting(page)) == ([0, 1], 1)
    assert come_back(one.context, page, server.url, lambda: count() == [1, 1])
    # Who opens the form again is told, and nothing is sent a second time
    form = one.open()
    form.wait_for_selector("[data-status] a:has-text('Theo dõi')")
    assert not form.input_value("#f_description")
    form.wait_for_timeout(1500)
    assert (one.count(operator), other.count(operator)) == (1, 1)
    [ticket] = operator.call(
        "pakn.ticket",
        "search_read",
        [("citizen_phone", "=", "+84" + one.number[1:])],
        ["site_attachment_ids"],
    )
    assert len(ticket["site_attachment_ids"]) == 1
    one.context.close()


def hold_form(page):
    """Let what the page sends be on its way for ever; return the list of it."""
    held = []
    page.route("**/phan-anh", lambda route: held.append(route))
    return held


def leave(citizen, held):
    """Close the form as soon as it is on its way; return another page on the device.

    What was on its way may arrive or not, as ever.
    """
    watching = citizen.context.new_page()
    watching.goto(citizen.server.url + "/tra-cuu")
    assert wait_until(lambda: watching.wait_for_timeout(50) or held)
    citizen.page.close()
    held[0].abort()
    return watching


def test_who_leaves_while_it_is_sent_has_sent_it(server, chromium):
    operator = server.client("nhanvien")
    # Opened again, the form goes on with it and leads to what becomes of it
    one = Citizen(server, chromium)
    one.write()
    one.go_on()
    held = hold_form(one.page)
    one.page.click("[data-send]")
    watching = leave(one, held)
    assert count_waiting(watching) == 1
    # There is no network for days: it is no draft that is forgotten
    watching.evaluate(AGE_DRAFTS, 50)
    again = one.context.new_page()
    again.goto(server.url + "/phan-anh")
    again.wait_for_url("**/phan-anh/da-gui/**")
    assert (count_waiting(watching), one.count(operator)) == (0, 1)
    one.context.close()
    # It was said that it goes by itself: it does, although the page was trying again
    one = Citizen(server, chromium)
    one.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    one.write(photo=False)
    one.go_on()
    one.context.set_offline(True)
    one.page.click("[data-send]")
    one.page.wait_for_selector("[data-status]:has-text('Không có kết nối')")
    with refusing(one.context):
        held = hold_form(one.page)
        one.context.set_offline(False)
        watching = leave(one, held)
        assert count_waiting(watching) == 1
    assert come_back(
        one.context, watching, server.url, lambda: not count_waiting(watching)
    )
    assert one.count(operator) == 1
    one.context.close()
    # Who is told that something is missing has not sent it
    one = Citizen(server, chromium)
    one.write(photo=False)
    one.go_on()
    one.page.fill("#f_citizen_phone", "12")
    one.page.click("[data-send]")
    one.page.wait_for_selector("#f_citizen_phone.is-invalid")
    assert count_waiting(one.page) == 0
    one.context.close()


def sign_in(citizen, login):
    """Sign in on this device; whoever was signed in there is no more."""
    page = citizen.context.new_page()
    page.goto(f"{citizen.server.url}/web/session/logout?redirect=/web/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/my**")
    page.close()


def test_what_goes_later_is_of_who_wrote_it(server, chromium):
    """Art. 4.4: not of who has signed in on the family's phone meanwhile."""
    admin = server.client("quantri")
    [portal] = admin.call(
        "ir.model.data",
        "search_read",
        [("module", "=", "base"), ("name", "=", "group_portal")],
        ["res_id"],
    )
    for login in ACCOUNTS:
        admin.call(
            "res.users",
            "create",
            {
                "name": login,
                "login": login,
                "password": PASSWORD,
                "group_ids": [(6, 0, [portal["res_id"]])],
            },
            context={"no_reset_password": True},
        )
    first, second = ACCOUNTS
    operator = server.client("nhanvien")
    for meanwhile, expected in ((first, [first]), (second, [])):
        citizen = Citizen(server, chromium)
        citizen.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        citizen.page.close()
        sign_in(citizen, first)
        citizen.page = citizen.open()
        citizen.context.set_offline(True)
        citizen.write(photo=False)
        citizen.go_on()
        citizen.page.click("[data-send]")
        citizen.page.wait_for_selector("[data-status]:has-text('Không có kết nối')")
        citizen.page.close()
        with refusing(citizen.context):
            citizen.context.set_offline(False)
            sign_in(citizen, meanwhile)

        def has_come(one=citizen):
            return one.count(operator) == 1

        if meanwhile == first:
            page = citizen.context.new_page()
            page.goto(server.url + "/tra-cuu")
            assert come_back(citizen.context, page, server.url, has_come)
        else:
            # Its browser does not come back by itself: it goes unseen by the other
            form = citizen.open()
            assert wait_until(has_come, 60)
            assert form.url.endswith("/phan-anh")
            assert not form.input_value("#f_description")
        found = execute(
            server.database,
            """SELECT login FROM pakn_ticket ticket
                 JOIN res_users ON res_users.partner_id = ticket.account_id
                WHERE private_phone = %s""",
            "+84" + citizen.number[1:],
        )
        assert [login for [login] in found] == expected
        citizen.context.close()
