"""Requests that are sent without a network arrive later, once, with the page closed."""

import time

from tests.test_site_draft import Citizen, server

__all__ = ["server"]


def wait_until(condition, seconds=30):
    """Wait until a condition holds; return whether it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.5)
    return condition()


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


def test_two_requests_without_a_network_arrive_once(server, chromium):
    one = Citizen(server, chromium)
    one.page.wait_for_function(
        "navigator.serviceWorker.getRegistration('/').then((r) => r && r.active)"
    )
    other = Citizen.__new__(Citizen)
    other.server, other.context, other.number = server, one.context, "0905299999"
    other.page = other.open()
    one.context.set_offline(True)
    for citizen in (one, other):
        citizen.write(photo=citizen is one)
        citizen.go_on()
        citizen.page.click("[data-send]")
        citizen.page.wait_for_selector("[data-status]:has-text('Không có kết nối')")
        citizen.page.wait_for_timeout(500)
    for citizen in (one, other):
        citizen.page.close()
    one.context.set_offline(False)
    page = one.context.new_page()
    page.goto(server.url + "/tra-cuu")
    dispatch_sync(one.context, page, server.url)
    operator = server.client("nhanvien")
    for citizen in (one, other):
        assert wait_until(lambda citizen=citizen: citizen.count(operator) == 1)
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
