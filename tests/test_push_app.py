"""The app on a phone: what it is told of is chosen, and its icon counts the news."""

import json

import pytest

from tests.conftest import execute, run_server, wait_until

PHONE = {"width": 360, "height": 740}
# A browser whose push service takes whatever it is asked for, with the keys of the
# example of RFC 8291: none is reached from here
SUBSCRIBE = """
const kept = {toJSON: () => ({
    endpoint: "https://fcm.googleapis.com/fcm/send/test",
    keys: {
        p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7V" +
            "d8pZGH6SRpkNtoIAiw4",
        auth: "BTBZMqHH6r4Tts7J_aSIgg",
    },
})};
let subscribed = sessionStorage.subscribed ? kept : null;
PushManager.prototype.getSubscription = async () => subscribed;
PushManager.prototype.subscribe = async () => {
    sessionStorage.subscribed = "1";
    return (subscribed = kept);
};
"""


@pytest.fixture(scope="module")
def server(template):
    with run_server(template) as server:
        yield server


@pytest.fixture(scope="module")
def address(server):
    """Return the address of the page of a request, as its citizen has it."""
    [(name, token)] = execute(
        server.database,
        """UPDATE pakn_ticket
              SET access_token = COALESCE(access_token, gen_random_uuid()::text)
            WHERE id = (SELECT id FROM pakn_ticket WHERE state = 'transferred'
                           AND secrecy != 'secret' ORDER BY id LIMIT 1)
        RETURNING name, access_token""",
    )
    return f"{server.url}/tra-cuu/{name}?access_token={token}"


def open_app(server, chromium, address):
    context = chromium.new_context(locale="vi-VN", viewport=PHONE)
    context.grant_permissions(["notifications"], origin=server.url)
    context.add_init_script(SUBSCRIBE)
    page = context.new_page()
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return context, page


def get_unwanted(server):
    return [
        row[0]
        for row in execute(server.database, "SELECT unwanted FROM pakn_push_device")
    ]


def test_the_citizen_chooses_what_the_device_tells(
    server, chromium, address, screenshot
):
    context, page = open_app(server, chromium, address)
    page.wait_for_selector(".o_pakn_push:visible")
    page.click(".o_pakn_push summary")
    boxes = page.locator(".o_pakn_push [name=topic]")
    assert boxes.count() == 6
    assert page.locator(".o_pakn_push [name=topic]:checked").count() == 6
    screenshot(page, "push_choice", for_readme=False)
    page.uncheck("#push_rating")
    page.click(".o_pakn_push [data-state=off][type=submit]")
    page.wait_for_selector(".o_pakn_push [data-state=on]:visible")
    assert get_unwanted(server) == ["rating"]
    # Later, at the same place
    page.reload()
    page.wait_for_selector(".o_pakn_push p[data-state=on]:visible")
    page.click(".o_pakn_push summary")
    assert not page.is_checked("#push_rating")
    for topic in boxes.all():
        topic.uncheck()
    page.click("button:has-text('Lưu lựa chọn')")
    page.wait_for_selector(".o_pakn_push [data-note=none]:visible")
    assert get_unwanted(server) == ["rating"], "nothing is no choice"
    page.check("#push_result")
    page.click("button:has-text('Lưu lựa chọn')")
    page.wait_for_selector(".o_pakn_push [data-note=kept]:visible")
    assert get_unwanted(server) == ["received handed dated message rating"]
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    page.click(".o_pakn_push [value=off]")
    page.wait_for_selector(".o_pakn_push p[data-state=off]:visible")
    assert get_unwanted(server) == []
    context.close()


def test_a_key_that_was_changed_is_asked_for_anew(server, chromium, address):
    context, page = open_app(server, chromium, address)
    page.add_init_script(
        """
        let other = {
            options: {applicationServerKey: new Uint8Array(65).buffer},
            unsubscribe: async () => void (other = null, localStorage.left = "1"),
        };
        if (!localStorage.left) {
            PushManager.prototype.getSubscription = async () => other;
        }
        """
    )
    name = address.split("/")[-1].split("?")[0]
    page.evaluate(f"localStorage.setItem('pakn_1022_push_{name}', '1')")
    page.reload()
    # It says that it is off, and is switched on by one tap
    page.wait_for_selector(".o_pakn_push p[data-state=off]:visible")
    assert page.evaluate("localStorage.left") == "1"
    page.click(".o_pakn_push summary")
    page.click(".o_pakn_push [data-state=off][type=submit]")
    page.wait_for_selector(".o_pakn_push p[data-state=on]:visible")
    assert get_unwanted(server) == [""]
    page.click(".o_pakn_push [value=off]")
    page.wait_for_selector(".o_pakn_push p[data-state=off]:visible")
    context.close()


def push(context, page, origin):
    """Have the browser take a message from its push service."""
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
    content = {
        "title": "1022",
        "body": "Đã chuyển đơn vị",
        "url": "/tra-cuu",
        "tag": "x",
        "seen": "1.0",
    }
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": found[0], "data": json.dumps(content)},
    )


def test_the_icon_counts_the_news_until_they_are_read(server, chromium, address):
    context, page = open_app(server, chromium, address)
    page.goto(server.url + "/tra-cuu")
    assert wait_until(lambda: page.wait_for_timeout(100) or context.service_workers, 10)
    [worker] = context.service_workers
    worker.evaluate(
        """() => {
            self.told = [];
            navigator.setAppBadge = async (number) => void self.told.push(number);
            navigator.clearAppBadge = async () => void self.told.push("none");
        }"""
    )

    def is_told(*numbers):
        return wait_until(
            lambda: (
                page.wait_for_timeout(100)
                or worker.evaluate("self.told") == list(numbers)
            ),
            10,
        )

    push(context, page, server.url)
    assert is_told(1)
    push(context, page, server.url)
    assert is_told(1, 2)
    page.goto(address)
    assert is_told(1, 2, "none")
    page.goto(server.url + "/tra-cuu")
    push(context, page, server.url)
    assert is_told(1, 2, "none", 1)
    # A browser that knows no numbers shows the message all the same
    worker.evaluate("navigator.setAppBadge = navigator.clearAppBadge = undefined")
    push(context, page, server.url)
    count = "self.registration.getNotifications().then((all) => all.length)"
    assert wait_until(lambda: page.wait_for_timeout(100) or worker.evaluate(count), 10)
    context.close()
