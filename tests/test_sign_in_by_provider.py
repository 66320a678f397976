"""Sign-in over OpenID Connect, with a provider that somebody else has written.

Art. 18.4, 18.5: staff by the province's accounts, citizens by theirs, in a browser.
"""

import json
import re
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import requests

from tests.conftest import LOCAL, free_port
from tests.test_journey import sign_in

# Of its own environment: it needs other versions of what the hotline uses
PEER = "oidc-provider-mock==0.3.4"
ENVIRONMENT = LOCAL / "oidc-peer"
STAFF = {"sub": "can-bo-1", "email": "x@example.com"}
CITIZEN = {
    "sub": "cong-dan-1",
    "name": "Rơ Châm H’Lan",
    "phone_number": "+84914275864",
    "phone_number_verified": True,
}


@pytest.fixture
def peer():
    """Yield the address of a provider that knows one official and one citizen."""
    program = ENVIRONMENT / "bin/oidc-provider-mock"
    if not program.exists():
        python = ENVIRONMENT / "bin/python"
        for command in (
            [sys.executable, "-m", "venv", "--clear", ENVIRONMENT],
            [python, "-m", "pip", "install", "-q", PEER],
        ):
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
    with _running(program) as url:
        yield url


@contextmanager
def _running(program):
    port = free_port()
    people = [part for one in (STAFF, CITIZEN) for part in ("--user-claims", one)]
    process = subprocess.Popen(
        [program, "--port", str(port), "--require-nonce", "true"]
        + [part if isinstance(part, str) else json.dumps(part) for part in people],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(120):
            try:
                requests.get(f"{url}/jwks", timeout=5).raise_for_status()
                break
            except requests.RequestException:
                assert process.poll() is None, "the provider has ended"
                time.sleep(0.25)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def set_up(admin, url, kind, words, **values):
    """Set a provider up as the administrator does; return its number."""
    provider = admin.call(
        "auth.oauth.provider",
        "create",
        {
            "name": words,
            "body": f"Đăng nhập bằng {words}",
            "pakn_kind": kind,
            "pakn_issuer": url,
            "pakn_networks": "127.0.0.0/8",
            "client_id": f"tong-dai-{kind}",
            "pakn_new_secret": "khoa-bi-mat",
            "scope": "openid profile email phone",
            "enabled": True,
            **values,
        },
    )
    admin.call("auth.oauth.provider", "action_pakn_discover", [provider])
    return provider


def open_beside(open_page, peer, *size):
    """Open a page that asks for nothing from elsewhere while it is at the provider."""
    page = open_page(*size)
    # What the provider's own page takes from elsewhere, and its icon
    page.route(
        re.compile(rf"https?://(?!127\.0\.0\.1)|{peer}/favicon"),
        lambda route: route.fulfill(status=200, body=""),
    )
    return page


def test_art18_5_staff_and_citizens_sign_in_by_their_provider(
    start_server, open_page, screenshot, peer
):
    server = start_server()
    admin = server.client("quantri")
    admin.call("ir.config_parameter", "set_param", "web.base.url", server.url)
    staff = set_up(admin, peer, "staff", "tài khoản của tỉnh")
    set_up(admin, peer, "citizen", "VNeID", pakn_phone_is_proved=True)
    [operator] = admin.call("res.users", "search", [("login", "=", "nhanvien")])
    bound = {"oauth_provider_id": staff, "oauth_uid": STAFF["sub"]}
    admin.call("res.users", "write", [operator], bound)

    def open_one(*size):
        return open_beside(open_page, peer, *size)

    # A stranger there is a stranger here
    page = open_one(360)
    page.goto(f"{server.url}/web/login")
    page.click("text=Đăng nhập bằng tài khoản của tỉnh")
    page.fill("input[name=sub]", "nguoi-la")
    page.click("button:has-text('Authorize')")
    page.wait_for_selector("text=chưa liên kết với tài khoản của tổng đài")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    screenshot(page, "sign-in-phone", for_readme=False)

    page = open_one()
    page.goto(f"{server.url}/web/login")
    page.wait_for_selector("text=Đăng nhập bằng VNeID")
    screenshot(page, "sign-in", for_readme=False)
    page.click("text=Đăng nhập bằng tài khoản của tỉnh")
    page.fill("input[name=sub]", STAFF["sub"])
    page.click("button:has-text('Authorize')")
    page.wait_for_url("**/odoo**")
    page.wait_for_selector(".o_user_menu")
    # Signed out there too, and back at our own page
    page.goto(f"{server.url}/web/session/logout")
    page.wait_for_url(f"{peer}/**")
    page.click("button:has-text('End session')")
    page.wait_for_url(f"{server.url}/web/login**")
    page.wait_for_selector("text=Đăng nhập bằng VNeID")

    page = open_one(360)
    page.goto(f"{server.url}/web/login")
    page.click("text=Đăng nhập bằng VNeID")
    page.fill("input[name=sub]", CITIZEN["sub"])
    page.click("button:has-text('Authorize')")
    page.wait_for_url("**/my**")
    screenshot(page, "sign-in-citizen", for_readme=False)
    [citizen] = admin.call(
        "res.users",
        "search_read",
        [("oauth_uid", "=", CITIZEN["sub"])],
        ["name", "share"],
    )
    assert citizen["name"] == CITIZEN["name"]
    assert citizen["share"]

    page = open_one()
    sign_in(page, server.url, "quantri")
    page.goto(f"{server.url}/odoo/pakn-oidc")
    page.click("td:has-text('tài khoản của tỉnh')")
    page.wait_for_selector("[name=pakn_redirect_uri]")
    screenshot(page, "sign-in-provider", for_readme=False)
    assert not server.findings()


def test_art18_5_a_citizen_links_the_account_and_unlinks_it(
    start_server, open_page, screenshot, peer
):
    server = start_server()
    admin = server.client("quantri")
    admin.call("ir.config_parameter", "set_param", "web.base.url", server.url)
    set_up(admin, peer, "citizen", "VNeID", pakn_phone_is_proved=True)
    [portal] = admin.call(
        "ir.model.data",
        "search_read",
        [("module", "=", "base"), ("name", "=", "group_portal")],
        ["res_id"],
    )
    login, password = "dan.lien.ket", "mat khau cua dan"
    citizen = admin.call(
        "res.users",
        "create",
        {
            "name": "Nguyễn Thị Liên",
            "login": login,
            "password": password,
            "group_ids": [(6, 0, [portal["res_id"]])],
        },
    )

    def subject():
        [user] = admin.call("res.users", "read", [citizen], ["oauth_uid"])
        return user["oauth_uid"]

    page = open_beside(open_page, peer, 360)
    page.goto(f"{server.url}/web/login?redirect=/my")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/my")
    page.click("text=Liên kết tài khoản VNeID")
    page.wait_for_url("**/my/lien-ket")
    screenshot(page, "linking-phone", for_readme=False)
    # By the page in between: a form leads to our own pages alone
    page.click("button:has-text('Liên kết với VNeID')")
    page.fill("input[name=sub]", CITIZEN["sub"])
    page.click("button:has-text('Authorize')")
    page.locator(".alert", has_text="Đã liên kết").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    screenshot(page, "linking-done-phone", for_readme=False)
    assert subject() == CITIZEN["sub"]

    other = open_beside(open_page, peer)
    other.goto(f"{server.url}/web/login")
    other.click("text=Đăng nhập bằng VNeID")
    other.fill("input[name=sub]", CITIZEN["sub"])
    other.click("button:has-text('Authorize')")
    other.wait_for_url("**/my**")
    other.wait_for_selector("text=Nguyễn Thị Liên")
    other.wait_for_load_state("networkidle")

    page.click("button:has-text('Hủy liên kết')")
    # The page before has an alert, too
    page.locator(".alert", has_text="Đã hủy liên kết").wait_for()
    assert not subject()
    other.goto(f"{server.url}/my/requests")
    other.wait_for_url("**/web/login**")
    assert not server.findings()
