"""The citizen's way through the site: phone, desk, without script, offline."""

import io
import re

import pytest
from PIL import Image

PLACE = (13.9833, 108.0021)  # Pleiku
PHONE = (360, 740)
DESK = (1280, 800)


def make_photo(path):
    """Write a large photo that tells where it was taken."""
    night = Image.linear_gradient("L").resize((3000, 2000))
    noise = Image.effect_noise((3000, 2000), 40)
    image = Image.merge("RGB", (night, night, noise))
    exif = Image.Exif()
    gps = exif.get_ifd(0x8825)
    for tag, value, letter in ((1, PLACE[0], "N"), (3, PLACE[1], "E")):
        minutes = value % 1 * 60
        gps[tag] = letter
        gps[tag + 1] = (int(value), int(minutes), round(minutes % 1 * 60, 3))
    image.save(path, "JPEG", exif=exif, quality=90)
    return path


def fill_contact(page, phone):
    page.fill("#f_citizen_phone", phone)
    page.fill("#f_citizen_name", "Trần Thị Bình")
    page.fill("#f_citizen_address", "25 Lê Lợi, phường Pleiku")


def send(page):
    """Send the form and return ``(code, address of the page to follow)``."""
    page.click("[data-send]")
    page.wait_for_url("**/phan-anh/da-gui/**")
    code = page.locator("[data-code]").inner_text().strip()
    assert re.fullmatch(r"GL\d\d-\d{6}-\d", code)
    return code, page.get_by_role("link", name="Theo dõi phản ánh").get_attribute(
        "href"
    )


def find(client, code):
    [ticket] = client.call("pakn.ticket", "search", [("name", "=", code)])
    return ticket


def fits(page):
    """Nothing is wider than the screen."""
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


@pytest.fixture
def server(seen_server):
    """Return one server for all, each with a phone number of its own."""
    return seen_server


@pytest.fixture
def open_page(chromium):
    """Yield a function that opens a page; a refused form (422) is no error here."""
    contexts, errors = [], []

    def hear(message):
        if message.type == "error" and "status of 422" not in message.text:
            errors.append(message.text)

    def open_one(width, height):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", hear)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)


def test_photo_first_then_follow_answer_and_rate(
    server, open_page, screenshot, tmp_path
):
    operator, focal = server.client("nhanvien"), server.client("daumoi")
    for size, suffix in ((PHONE, "-phone"), (DESK, "")):
        page = open_page(*size)
        page.goto(server.url + "/")
        assert fits(page)
        screenshot(page, f"site-home{suffix}")
        page.locator(".o_pakn_main").click()
        page.wait_for_selector(".o_pakn_submit.o_pakn_js")

        # 1. The photo, then a few words; the field is proposed.
        page.set_input_files("#f_photo", make_photo(tmp_path / "photo.jpg"))
        page.wait_for_selector("[data-previews] img")
        screenshot(page, f"site-photo{suffix}", for_readme=False)
        page.fill("#f_description", "Đèn đường trước số 25 hỏng ba hôm nay, rất tối.")
        page.locator("[data-fields] button", has_text="Chiếu sáng").click()
        page.wait_for_selector("text=Đèn bị làm sao?")
        page.get_by_label("Nhiều bóng hoặc cả tuyến đường").check()
        assert fits(page)
        screenshot(page, f"site-submit{suffix}")
        page.click("[data-next]")

        # 2. The place is that of the photo; a tap on the map corrects it.
        page.wait_for_selector("#pakn_submit_map .leaflet-marker-icon")
        latitude = float(page.input_value("[name=latitude]"))
        assert abs(latitude - PLACE[0]) < 0.001
        box = page.locator("#pakn_submit_map").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2 + 20, box["y"] + 60)
        page.wait_for_function(
            "value => document.querySelector('[name=latitude]').value != value",
            arg=f"{latitude:.6f}",
        )
        page.wait_for_function("document.querySelector('#f_area_id').value")
        page.locator("#step_2").scroll_into_view_if_needed()
        assert fits(page)
        screenshot(page, f"site-submit-place{suffix}")
        page.click("[data-next]")

        # 3. Who: what is wrong is said at the field, then it is sent.
        page.fill("#f_citizen_phone", "12")
        page.click("[data-send]")
        page.wait_for_selector("#error_citizen_phone.d-block")
        fill_contact(page, "0905 123 987")
        screenshot(page, f"site-submit-contact{suffix}")
        code, follow = send(page)
        assert fits(page)
        screenshot(page, f"site-done{suffix}")

        ticket = find(operator, code)
        [values] = operator.call(
            "pakn.ticket",
            "read",
            [ticket],
            ["category_id", "attachment_ids", "latitude", "answer_ids", "secrecy"],
        )
        assert "Chiếu sáng" in values["category_id"][1]
        assert len(values["attachment_ids"]) == len(values["answer_ids"]) == 1
        assert values["latitude"]
        [file] = operator.call(
            "ir.attachment", "read", values["attachment_ids"], ["file_size", "mimetype"]
        )
        assert file["mimetype"] == "image/jpeg"

        # 4. Looked up by code and phone; a wrong phone finds nothing.
        page.goto(server.url + "/tra-cuu")
        page.fill("#look_up_code", code.lower())
        page.fill("#look_up_phone", "0905 000 000")
        with page.expect_response(lambda reply: reply.status == 422):
            page.click(".o_pakn_look_up button")
        page.wait_for_selector("main [role=alert]")
        page.fill("#look_up_phone", "0905123987")
        page.click(".o_pakn_look_up button")
        page.wait_for_url(f"**/tra-cuu/{code}?access_token=*")
        assert page.url.split("/tra-cuu/")[1] == follow.split("/tra-cuu/")[1]

        # 5. The steps in plain words
        [unit] = operator.call(
            "pakn.unit", "search", [("name", "=", "Sở Xây dựng"), ("active", "=", True)]
        )
        operator.call("pakn.ticket", "transfer", [ticket], [unit])
        page.reload()
        page.wait_for_selector("text=/Đã chuyển Sở Xây dựng, phải phản hồi trước/")

        # 6. The citizen writes again, with a photo.
        page.fill("#f_text", "Xin sửa trước giờ tan học.")
        page.set_input_files(".o_pakn_reply #f_files", tmp_path / "photo.jpg")
        page.click(".o_pakn_reply button[type=submit]")
        page.wait_for_selector(".o_pakn_mine >> text=Xin sửa trước giờ tan học.")
        [values] = operator.call(
            "pakn.ticket", "read", [ticket], ["has_new_reply", "open_transfer_id"]
        )
        assert values["has_new_reply"]

        # 7. The unit answers, the hotline sends, the citizen rates.
        slip = values["open_transfer_id"][0]
        focal.call("pakn.transfer", "answer", [slip], "<p>Đã thay 3 bóng đèn.</p>")
        operator.call("pakn.ticket", "send_result", [ticket])
        page.reload()
        page.wait_for_selector("#result >> text=Đã thay 3 bóng đèn.")
        assert fits(page)
        page.evaluate("window.scrollTo(0, 0)")
        screenshot(page, f"site-follow{suffix}")
        page.locator("label[for=rate_1]").click()
        with page.expect_response(lambda reply: reply.status == 422):
            page.click(".o_pakn_rate button[type=submit]")
        page.wait_for_selector("#error_rate")
        page.fill("#f_feedback", "Vẫn còn một bóng chưa sáng.")
        page.locator("#rated").scroll_into_view_if_needed()
        screenshot(page, f"site-rate{suffix}")
        page.click(".o_pakn_rate button[type=submit]")
        page.wait_for_selector("#rated >> text=Vẫn còn một bóng chưa sáng.")
        page.locator("#timeline_title").scroll_into_view_if_needed()
        screenshot(page, f"site-timeline{suffix}")
        rated = operator.call("pakn.ticket", "read", [ticket], ["rating_last_value"])
        assert rated[0]["rating_last_value"] == 1
    assert not server.findings()


def test_without_script_the_form_is_one_page(server, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(server.url + "/phan-anh")
    for step in ("#step_1", "#step_2", "#step_3"):
        assert page.locator(step).is_visible()
    page.fill("#f_description", "Rác chất đống ba ngày không ai thu gom.")
    page.select_option("#f_category_id", label="Tra cứu tình trạng xử lý hồ sơ")
    page.click("text=Xem câu hỏi")
    page.fill("[name=q_file_code]", "H21.15-240101-0001")
    fill_contact(page, "0905 123 988")
    photo = io.BytesIO()
    Image.new("RGB", (64, 64)).save(photo, "PNG")
    page.set_input_files(
        "#f_files",
        {"name": "a.png", "mimeType": "image/png", "buffer": photo.getvalue()},
    )
    code, follow = send(page)
    page.goto(server.url + follow)
    assert page.locator("h1").inner_text().startswith("Rác chất đống")
    assert page.locator("text=H21.15-240101-0001").count() == 1
    context.close()
    assert find(server.client("nhanvien"), code)
    assert not server.findings()


def test_without_script_a_refused_form_is_a_page_to_come_back_to(server, chromium):
    """Back and Reload show what was typed, and do not ask to send it again."""
    context = chromium.new_context(
        java_script_enabled=False,
        locale="vi-VN",
        viewport={"width": 360, "height": 740},
    )
    page = context.new_page()
    posted = []
    page.on(
        "request",
        lambda sent: posted.append(sent.url) if sent.method == "POST" else None,
    )
    page.goto(server.url + "/phan-anh")
    assert not page.get_by_text("chạm vào bản đồ").is_visible()
    assert not page.locator("#pakn_submit_map").is_visible()
    page.fill("#f_description", "Rác chất đống ba ngày không ai thu gom.")
    fill_contact(page, "12")
    page.click("[data-send]")
    page.locator("#error_citizen_phone").wait_for()
    assert "/phan-anh?lai=" in page.url
    page.reload()
    page.goto(server.url + "/tiep-can")
    page.go_back()
    page.locator("#error_citizen_phone").wait_for()
    assert page.input_value("#f_description").startswith("Rác chất đống")
    assert len(posted) == 1
    page.fill("#f_citizen_phone", "0121 512 3988")
    code, _follow = send(page)
    # What was sent is shown to nobody who goes back on this phone
    page.go_back()
    page.locator("#f_description").wait_for()
    assert page.input_value("#f_description") == ""
    assert len(posted) == 2
    context.close()
    operator = server.client("nhanvien")
    [found] = operator.call(
        "pakn.ticket", "read", [find(operator, code)], ["citizen_phone"]
    )
    assert found["citizen_phone"] == "+84795123988"
    assert not server.findings()
