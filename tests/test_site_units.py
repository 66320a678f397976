"""The units' page on a phone: from the link in a text message to the answer."""

import base64
import io
import re

import pytest
from PIL import Image

from tests.conftest import PASSWORD, execute

PHONE = (360, 740)


@pytest.fixture
def server(seen_server):
    """Return one server for all, each with a slip of its own."""
    return seen_server


def make_slip(server, title, **values):
    """Take in a request with a photo and hand it on; return the id of its slip."""
    operator = server.client("nhanvien")
    [category] = operator.call("pakn.category", "search", [("code", "=", "5.5")])
    [unit] = operator.call("pakn.unit", "search", [("code", "=", "SXD")])
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#5a6b7c").save(out, "JPEG")
    ticket = operator.call(
        "pakn.ticket",
        "create",
        [
            {
                "title": title,
                "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày.</p>",
                "citizen_name": "Nguyễn Thị Hoa",
                "citizen_phone": "0905 123 987",
                "address": "12 Hùng Vương",
                "latitude": 13.9833,
                "longitude": 108.0,
                "category_id": category,
                "attachment_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "den.jpg",
                            "datas": base64.b64encode(out.getvalue()).decode(),
                        },
                    )
                ],
                **values,
            }
        ],
    )
    operator.call("pakn.ticket", "transfer", ticket, [unit])
    [slip] = operator.call("pakn.transfer", "search", [("ticket_id", "in", ticket)])
    return slip


def get_link(server, slip):
    """Return a short link to a slip, as text messages have it.

    The demonstration has no SMS account, so nothing has sent one yet.
    """
    execute(
        server.database,
        "INSERT INTO pakn_short_link (code, path) VALUES (%s, %s)",
        f"slip{slip:06}",
        f"/phieu/{slip}",
    )
    return f"{server.url}/t/slip{slip:06}"


def sign_in(page, login):
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click(".oe_login_buttons button[type=submit]")
    page.wait_for_selector(".o_pakn_units")


def read(server, slip, field):
    [row] = server.client("nhanvien").call("pakn.transfer", "read", [slip], [field])
    return row[field]


def test_four_taps_from_the_message_to_the_answer(
    server, open_page, screenshot, tmp_path
):
    slip = make_slip(server, "Đèn đường hỏng trước trường học")
    page = open_page(*PHONE)
    # The person has signed in on this phone before.
    page.goto(f"{server.url}/phieu")
    sign_in(page, "daumoi")
    screenshot(page, "site-slips")

    # 1. The link in the message
    page.goto(get_link(server, slip))
    page.wait_for_selector("#act_answer")
    assert page.url == f"{server.url}/phieu/{slip}"
    page.wait_for_timeout(800)  # the photo
    screenshot(page, "site-slip")
    # 2. "Give the result", then words
    page.click("#act_answer > summary")
    page.fill("#answer_result", "Đã thay bóng đèn sáng nay.")
    # 3. The photo
    photo = tmp_path / "IMG_0001.jpg"
    exif = Image.Exif()
    exif[0x010F] = "Camera of Mr A"
    Image.new("RGB", (2400, 1800), "#ffd24d").save(photo, exif=exif.tobytes())
    page.set_input_files("#answer_files", str(photo))
    screenshot(page, "site-slip-answer")
    # 4. "Send"
    page.click("#act_answer button[type=submit]:not([name])")
    page.wait_for_selector(".alert-success")
    assert read(server, slip, "state") == "answered"
    page.wait_for_timeout(800)
    screenshot(page, "site-slip-answered", for_readme=False)
    [file] = read(server, slip, "result_attachment_ids")
    picture = page.request.get(f"{server.url}/web/image/{file}").body()
    assert Image.open(io.BytesIO(picture)).size == (1920, 1440)
    assert b"Camera of Mr A" not in picture
    assert not server.findings()


def test_the_link_leads_back_after_signing_in(server, open_page):
    slip = make_slip(server, "Nắp cống vỡ")
    page = open_page(*PHONE)
    page.goto(get_link(server, slip))
    sign_in(page, "daumoi")
    assert page.url == f"{server.url}/phieu/{slip}"


def test_appointment_extension_and_return(server, open_page, screenshot):
    slip = make_slip(server, "Cây xanh sắp đổ")
    page = open_page(*PHONE)
    page.goto(f"{server.url}/phieu/{slip}")
    sign_in(page, "daumoi")

    page.click("form[action$=acknowledge] button")
    page.wait_for_selector(".alert-success")
    page.click("#act_schedule > summary")
    # Nothing chosen: a sentence, and the form stays open with what was typed.
    page.fill("#schedule_note", "Chờ xe cẩu")
    page.click("#act_schedule button[type=submit]")
    page.wait_for_selector("#error_schedule")
    assert page.input_value("#schedule_note") == "Chờ xe cẩu"
    page.click("label[for=schedule_1]")
    screenshot(page, "site-slip-appointment", for_readme=False)
    page.click("#act_schedule button[type=submit]")
    page.wait_for_selector(".alert-success")
    assert read(server, slip, "state") == "scheduled"

    page.click("#act_extend > summary")
    page.click("label[for=extend_0]")
    page.fill("#extend_reason", "Mưa bão, chưa thi công được")
    page.click("#act_extend button[type=submit]")
    page.wait_for_selector(".alert-success")
    assert read(server, slip, "state") == "extended"
    assert not page.locator("#act_extend").count(), "once (Art. 11.3)"

    slip = make_slip(server, "Việc của sở khác")
    page.goto(f"{server.url}/phieu/{slip}")
    page.click("#act_give_back > summary")
    page.fill("#give_back_reason", "Thuộc Sở Nông nghiệp và Môi trường")
    page.click("#act_give_back button[type=submit]")
    page.wait_for_selector(".alert-success")
    assert read(server, slip, "state") == "returned"


def test_without_javascript(server, chromium):
    slip = make_slip(server, "Đường ngập sau mưa")
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{server.url}/web/login?redirect=/phieu/{slip}")
    # The form of Odoo itself is hidden until a script shows it.
    token = re.search(r'csrf_token" value="(\w+)"', page.content())[1]
    reply = page.request.post(
        f"{server.url}/web/login",
        form={"login": "daumoi", "password": PASSWORD, "csrf_token": token},
    )
    assert reply.ok
    page.goto(f"{server.url}/phieu/{slip}")
    page.click("#act_answer > summary")
    page.select_option("#answer_article", index=1)
    page.click("button[name=insert]")
    text = page.input_value("#answer_result")
    assert len(text) > 20
    page.click("#act_answer button[type=submit]:not([name])")
    page.wait_for_selector(".alert-success")
    assert read(server, slip, "state") == "answered"
    context.close()


def test_questions_and_answers(server, open_page, screenshot):
    for width, height in ((360, 740), (1280, 800)):
        page = open_page(width, height)
        page.goto(f"{server.url}/hoi-dap")
        page.wait_for_timeout(500)
        screenshot(page, "site-knowledge" + ("-phone" if width == 360 else ""))
        page.fill("#knowledge_query", "ho kinh doanh")
        page.keyboard.press("Enter")
        # Not the page that is about to go
        page.wait_for_url("**q=ho+kinh+doanh*")
        page.locator(".o_pakn_articles a").first.click()
        page.wait_for_selector("article h1:has-text('hộ kinh doanh')")
        screenshot(page, f"site-article-{width}", for_readme=False)
        page.click("button[name=helpful][value=yes]")
        page.wait_for_selector("#helpful .alert-success")
    assert not server.findings()
