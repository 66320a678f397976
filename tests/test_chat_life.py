"""A request's whole life by Zalo and by Facebook (Art. 3.2.3, 3.2.4, 10.1), as the door
itself sees it: a peer on loopback that speaks its protocol."""

import hashlib
import hmac
import io
import json
import time

import pytest
import requests
from PIL import Image
from playwright.sync_api import expect

from tests.conftest import execute, wake_crons
from tests.forks import shell
from tests.test_chat import _peer
from tests.test_journey import sign_in
from tests.test_site_chat import SAID
from tests.test_site_submit import make_photo

PREPARE = """
params = env["ir.config_parameter"]
for name in ("zalo.api", "zalo.business", "zalo.oauth", "facebook.graph"):
    params.set_param(f"pakn_1022_{{name}}_url", "{url}")
params.set_param("pakn_1022_chat.quiet_seconds", "0")
accounts = env["pakn.chat.account"].create([
    {{"name": "Zalo 1022 Gia Lai", "kind": "zalo", "outside_id": "oa-life",
      "zalo_app_id": "1", "zalo_app_secret": "s", "zalo_oa_secret": "secret"}},
    {{"name": "Facebook 1022 Gia Lai", "kind": "facebook", "outside_id": "page-life",
      "facebook_app_secret": "secret", "facebook_page_token": "t"}}])
accounts[0].write({{"zalo_access_token": "a", "zalo_refresh_token": "r",
                    "zalo_connected_on": "2026-01-01 00:00:00",
                    "zalo_token_until": "2036-01-01 00:00:00"}})
env.cr.commit()
"""


class Zalo:
    """Zalo: how it tells what somebody writes, and what it is handed."""

    kind, label, account = "zalo", "Zalo", "oa-life"

    def __init__(self):
        self.texts, self.files = [], []

    def make(self, text, number):
        stamp = str(int(time.time() * 1000))
        body = json.dumps(
            {
                "event_name": "user_send_text",
                "app_id": "1",
                "sender": {"id": "life-zalo"},
                "recipient": {"id": "oa-life"},
                "message": {"msg_id": f"life-{number}", "text": text},
                "timestamp": stamp,
            }
        ).encode()
        mac = hashlib.sha256(b"1" + body + stamp.encode() + b"secret").hexdigest()
        return body, {"X-ZEvent-Signature": f"mac={mac}"}

    def answer(self, path, headers, body):
        if path.startswith("/v2.0/oa/upload/"):
            self.files.append(_peer.read_form(headers, body)["file"])
            return {"error": 0, "data": {"attachment_id": "f1", "token": "f1"}}
        if path != "/v3.0/oa/message/cs":
            return {"error": 0, "data": [{"remain": 120, "total": 500}]}
        message = json.loads(body)["message"]
        self.texts.append(message.get("text", ""))
        return {"error": 0, "data": {"message_id": f"z{len(self.texts)}"}}


class Facebook:
    """Messenger: the same."""

    kind, label, account = "facebook", "Facebook", "page-life"

    def __init__(self):
        self.texts, self.files = [], []

    def make(self, text, number):
        told = {
            "sender": {"id": "life-facebook"},
            "recipient": {"id": "page-life"},
            "timestamp": int(time.time() * 1000),
            "message": {"mid": f"life-{number}", "text": text},
        }
        entry = {"id": "page-life", "messaging": [told]}
        body = json.dumps({"object": "page", "entry": [entry]}).encode()
        digest = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
        return body, {"X-Hub-Signature-256": f"sha256={digest}"}

    def answer(self, _path, headers, body):
        if "multipart" in headers["Content-Type"]:
            self.files.append(_peer.read_form(headers, body)["filedata"])
        else:
            self.texts.append(json.loads(body)["message"]["text"])
        number = len(self.texts) + len(self.files)
        return {"recipient_id": "life-facebook", "message_id": f"f{number}"}


@pytest.fixture
def doors(database, tmp_path):
    """Zalo and Facebook on loopback, with an account of the hotline at each."""
    found = [Zalo(), Facebook()]

    def answer(_method, path, headers, body):
        door = found[path.startswith("/me/")]
        values = door.answer(path.partition("?")[0], headers, body)
        return 200, {}, json.dumps(values).encode()

    with _peer.Peer(answer) as peer:
        process = shell(database, PREPARE.format(url=peer.url), tmp_path / "life.log")
        assert process.wait(120) == 0, process.stdout.read()
        yield found


class Life:
    """A request that is written, answered and rated at one door."""

    def __init__(self, door, server, database):
        self.door, self.server, self.database = door, server, database
        [(self.account,)] = execute(
            database,
            "SELECT id FROM pakn_chat_account WHERE outside_id = %s",
            door.account,
        )
        self.count = 0

    def write(self, text):
        """Have the citizen write: what the door's webhook sends, signed."""
        self.count += 1
        body, headers = self.door.make(text, self.count)
        answer = requests.post(
            f"{self.server.url}/pakn_{self.door.kind}/webhook/{self.account}",
            data=body,
            headers=headers,
            timeout=60,
        )
        assert answer.status_code == 200, answer.text

    def wait_for(self, get, what):
        """Return what ``get`` gives as soon as it is something; the jobs run."""
        for _attempt in range(240):
            if found := get():
                return found
            wake_crons(self.database)
            time.sleep(0.25)
        raise AssertionError(f"{what}; the citizen has got {self.door.texts}")

    def find(self, statement, *parameters):
        return self.wait_for(
            lambda: execute(self.database, statement, *parameters), statement
        )[0]

    def gets(self, words):
        self.wait_for(lambda: any(words in text for text in self.door.texts), words)


def test_art10_1_life_of_a_request_by_zalo_and_by_facebook(
    database, doors, tmp_path, start_server, open_page, screenshot
):
    """Written by chat, answered in Discuss with a picture, slip, result and rating."""
    # With its jobs, as in real life
    server = start_server("--max-cron-threads=1")
    operator = server.client("nhanvien")
    page = open_page()
    sign_in(page, server.url, "nhanvien")
    photo = make_photo(tmp_path / "Sơ đồ.jpg")
    for door in doors:
        life = Life(door, server, database)
        live(life, operator, page, photo, screenshot)
    check_screens(server, database, open_page, page, screenshot)


def live(life, operator, page, photo, screenshot):
    door, server = life.door, life.server
    for text in SAID:
        life.write(text)
        life.find(  # with the answer, in one transaction
            """SELECT 1 FROM pakn_chat_message
                WHERE account_id = %s AND direction = 'in' AND outside_id LIKE %s""",
            life.account,
            f"%life-{life.count}",
        )
    life.gets("chương trình máy tính")
    ticket, channel = life.find(
        """SELECT channel.pakn_ticket_id, channel.id
             FROM discuss_channel channel
             JOIN pakn_ticket ticket ON ticket.id = channel.pakn_ticket_id
            WHERE pakn_outside_id = %s AND ticket.private_phone = '+84905123457'""",
        f"life-{door.kind}",
    )
    life.write("gặp nhân viên")
    life.find(
        """SELECT 1 FROM discuss_channel
            WHERE id = %s AND pakn_waiting_since IS NOT NULL""",
        channel,
    )
    page.goto(f"{server.url}/odoo/conversations")
    page.locator(".o_data_row", has_text=door.label).first.wait_for()
    screenshot(page, "operator-conversations")
    operator.call("discuss.channel", "action_pakn_take", [channel])
    page.goto(f"{server.url}/odoo/discuss?active_id=discuss.channel_{channel}")
    box = page.locator(".o-mail-Composer-input").first
    box.fill("Chào anh, chúng tôi đã chuyển bộ phận chiếu sáng.")
    page.locator(".o-mail-Composer input[type=file]").first.set_input_files(photo)
    page.locator(".o-mail-AttachmentContainer:not(.o-isUploading)").first.wait_for()
    box.press("Enter")
    page.locator(".o-mail-Message", has_text="bộ phận chiếu sáng").first.wait_for()
    life.gets("Chào anh, chúng tôi đã chuyển bộ phận chiếu sáng.")
    life.wait_for(lambda: door.files, "the picture")
    name, mimetype, data = door.files[0]
    assert (name, mimetype) == ("So-do.jpg", "image/jpeg")
    # Without what the camera wrote into it
    with Image.open(io.BytesIO(data)) as got:
        assert got.format == "JPEG"
        assert not got.getexif()
    screenshot(page, "operator-discuss", for_readme=door.kind == "zalo")

    category = operator.call("pakn.category", "search", [["code", "=", "5.5"]])
    operator.call("pakn.ticket", "write", [ticket], {"category_id": category[0]})
    unit = operator.call("pakn.unit", "search", [["code", "=", "SXD"]])
    operator.call("pakn.ticket", "transfer", [ticket], unit)
    life.gets("Sở Xây dựng")
    (slip,) = life.find(
        "SELECT max(id) FROM pakn_transfer WHERE ticket_id = %s", ticket
    )
    server.client("daumoi").call(
        "pakn.transfer", "answer", [slip], "<p>Đã thay bóng đèn.</p>"
    )
    operator.call("pakn.ticket", "send_result", [ticket])
    operator.call("discuss.channel", "action_pakn_to_helper", [channel])
    life.gets("Đã thay bóng đèn.")
    life.write("1")
    (rating,) = life.find(
        """SELECT rating FROM rating_rating WHERE res_model = 'pakn.ticket'
              AND res_id = %s AND consumed""",
        ticket,
    )
    assert rating == 5
    # All was told at this door, once
    told = execute(
        life.database,
        """SELECT DISTINCT door FROM pakn_notice
            WHERE ticket_id = %s AND audience = 'citizen'""",
        ticket,
    )
    assert told == [(door.kind,)]
    results = [text for text in door.texts if "Đã thay bóng đèn." in text]
    assert len(results) == 1
    page.goto(f"{server.url}/odoo/pakn.ticket/{ticket}")
    page.locator(".oe_stat_button", has_text="Hội thoại").wait_for()
    screenshot(page, "operator-chat-ticket", for_readme=False)


def check_screens(server, database, open_page, page, screenshot):
    """Look at the operator's list on a phone and at the accounts' settings."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{server.url}/odoo/conversations")
    page.locator(".o_kanban_record:not(.o_kanban_ghost)").first.wait_for()
    screenshot(page, "operator-conversations-phone", for_readme=False)
    manager = open_page()
    sign_in(manager, server.url, "quantri")
    accounts = execute(
        database,
        "SELECT kind, id FROM pakn_chat_account WHERE outside_id LIKE '%-life'",
    )
    for kind, field in (
        ("zalo", "zalo_app_id"),
        ("facebook", "facebook_new_page_token"),
    ):
        account = dict(accounts)[kind]
        manager.goto(f"{server.url}/odoo/pakn.chat.account/{account}")
        manager.locator(f".o_field_widget[name={field}]").wait_for()
        screenshot(manager, f"manager-{kind}", for_readme=kind == "zalo")


def test_art10_an_answer_that_cannot_go_out_comes_back(
    database, start_server, open_page, tmp_path
):
    """The door shuts while it is written, or a file is none that it takes."""
    [[channel]] = execute(
        database,
        """UPDATE discuss_channel
              SET pakn_window_until = now() AT TIME ZONE 'UTC' + interval '1 day',
                  pakn_shut_reason = NULL
            WHERE id = (SELECT min(id) FROM discuss_channel
                         WHERE pakn_kind = 'zalo' AND pakn_outside_id IS NOT NULL)
        RETURNING id""",
    )
    server = start_server("--max-cron-threads=0")
    server.client("nhanvien").call("discuss.channel", "action_pakn_take", [channel])
    page = open_page()
    sign_in(page, server.url, "nhanvien")

    def look():
        page.goto(f"{server.url}/odoo/discuss?active_id=discuss.channel_{channel}")
        page.locator(".o_pakn_window").wait_for()
        return page.locator(".o-mail-Composer-input").first

    def shut(interval):
        execute(
            database,
            f"""UPDATE discuss_channel
                   SET pakn_window_until = now() AT TIME ZONE 'UTC' + {interval}
                 WHERE id = %s""",
            channel,
        )

    box, words = look(), "Chúng tôi đang xem, ông/bà chờ một chút."
    plain = tmp_path / "ghi-chu.txt"
    plain.write_text("Không phải ảnh")
    box.fill(words)
    page.locator(".o-mail-Composer input[type=file]").first.set_input_files(plain)
    page.locator(".o-mail-AttachmentContainer:not(.o-isUploading)").first.wait_for()
    box.press("Enter")
    # Why, and all of it is there to be mended
    toast = page.locator(".o_notification", has_text="ghi-chu.txt")
    toast.wait_for()
    expect(box).to_have_value(words)
    expect(page.locator(".o-mail-Composer .o-mail-AttachmentContainer")).to_have_count(
        1
    )
    toast.locator(".o_notification_close").click()
    page.locator(".o-mail-Composer .o-mail-AttachmentContainer").hover()
    page.locator(".o-mail-Composer .o-mail-Attachment-unlink").first.click()
    expect(page.locator(".o-mail-Composer .o-mail-AttachmentContainer")).to_have_count(
        0
    )
    # The server knows that it is shut, the page does not yet
    shut("interval '-1 hour'")
    box.press("Enter")
    page.locator(".o_notification", has_text="Zalo").wait_for()
    expect(box).to_have_value(words)
    # It shuts before the eyes of who has typed and waits
    shut("interval '20 seconds'")
    box = look()
    box.fill(words)
    page.locator(".o_pakn_window.alert-danger").wait_for()
    box.press("Enter")
    page.locator(".o_notification").first.wait_for()
    expect(box).to_have_value(words)
    sent = execute(
        database,
        "SELECT count(*) FROM pakn_chat_message WHERE channel_id = %s AND text = %s",
        channel,
        words,
    )
    assert sent == [(0,)]
