"""Whatever comes in between: a request arrives once, or its draft is there.

Back, reload, a killed tab, no network, answers that are none, two tabs, a full device,
a wrong clock: all in one server, each with a citizen and a phone number of its own.
"""

import contextlib
import io
import itertools
import random
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.conftest import run_server, wait_until

PHONE = (360, 740)
# Of a part of a file, as the scripts send it; and of the file here, four of them
PART, SIZE = 256 * 1024, 900 * 1024
WORDS = "Nắp cống trước chợ bị vỡ, rất nguy hiểm."
_numbers = itertools.count(905_200_000)
GET_DRAFTS = """() => new Promise((resolve) => {
    indexedDB.open("pakn_1022", 1).onsuccess = ({ target }) => {
        const database = target.result;
        const store = database.transaction("drafts").objectStore("drafts");
        store.getAll().onsuccess = (ev) => {
            database.close();
            const drafts = ev.target.result;
            resolve(drafts.map((draft) => ({ ...draft, files: draft.files.length })));
        };
    };
})"""

AGE_DRAFTS = """(hours) => new Promise((resolve) => {
    indexedDB.open("pakn_1022", 1).onsuccess = ({ target }) => {
        const database = target.result;
        const store = database.transaction("drafts", "readwrite").objectStore("drafts");
        store.getAll().onsuccess = (ev) => {
            for (const draft of ev.target.result) {
                store.put({ ...draft, date: Date.now() - hours * 3600 * 1000 });
            }
            store.transaction.oncomplete = () => {
                database.close();
                resolve();
            };
        };
    };
})"""


def make_picture():
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "#456").save(out, "JPEG")
    return {"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture(scope="module")
def server(template):
    with run_server(template) as server:
        yield server


class Citizen:
    """One person with a phone, and the form on it."""

    def __init__(self, server, chromium):
        self.server = server
        self.number = f"0{next(_numbers)}"
        self.context = chromium.new_context(
            locale="vi-VN", viewport={"width": PHONE[0], "height": PHONE[1]}
        )
        self.page = self.open()

    def open(self):
        page = self.context.new_page()
        page.goto(self.server.url + "/phan-anh")
        page.wait_for_selector(".o_pakn_submit.o_pakn_js")
        return page

    def write(self, page=None, words=WORDS, photo=True, kept=True):
        """Fill in the first step, and wait until it is kept, where it can be."""
        page = page or self.page
        page.fill("#f_description", words)
        if photo:
            page.set_input_files("#f_photo", make_picture())
            page.wait_for_selector("[data-previews] img")
        page.wait_for_selector(".o_pakn_draft:visible")
        if kept:
            self.wait_kept("description", words, int(photo), page)

    def wait_kept(self, name, value, files=0, page=None):
        """Wait until a draft on the device has this in a field, and so many files."""
        page = page or self.page

        def is_kept():
            return any(
                draft["fields"].get(name) == [value] and draft["files"] >= files
                for draft in page.evaluate(GET_DRAFTS)
            )

        assert wait_until(is_kept), page.evaluate(GET_DRAFTS)

    def go_on(self, page=None):
        """Fill in the rest, up to the button that sends."""
        page = page or self.page
        page.click("[data-next]")
        page.click("[data-next]")
        page.fill("#f_citizen_phone", self.number)
        page.fill("#f_citizen_name", "Trần Thị Bình")
        page.fill("#f_citizen_address", "25 Lê Lợi, phường Pleiku")

    def send(self, page=None):
        page = page or self.page
        page.click("[data-send]")
        page.wait_for_url("**/phan-anh/da-gui/**")

    def attach(self, page=None):
        """Choose a file that goes up in parts, and wait until it is kept."""
        page = page or self.page
        content = b"%PDF-1.4\n" + random.Random(1022).randbytes(SIZE)
        file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}
        page.set_input_files("#f_files", file)
        page.wait_for_selector("[data-previews] li")
        self.wait_kept("description", WORDS, 1, page)

    def watch_parts(self, page=None):
        """Return a list to which the beginning of each part sent is added."""
        begins = []

        def note(request):
            found = re.search(r"/phan-anh/tep\?position=(\d+)$", request.url)
            if found and request.method == "POST":
                begins.append(int(found[1]))

        (page or self.page).on("request", note)
        return begins

    def on_part(self, number, answer, page=None, count=1):
        """Let parts from this number on, from 1, be answered by `answer(route)`."""
        counter = itertools.count(1)

        def handle(route):
            is_part = route.request.method == "POST"
            if is_part and number <= next(counter) < number + count:
                answer(route)
            else:
                route.continue_()

        page = page or self.page
        page.unroute_all()
        page.route("**/phan-anh/tep*", handle)

    def get_file(self, operator):
        """Return the size of the one file of the one request."""
        domain = [("citizen_phone", "=", "+84" + self.number[1:])]
        fields = ["site_attachment_ids"]
        [ticket] = operator.call("pakn.ticket", "search_read", domain, fields)
        ids = ticket["site_attachment_ids"]
        [file] = operator.call("ir.attachment", "read", ids, ["file_size"])
        return file["file_size"]

    def has_all(self, page=None):
        page = page or self.page
        page.wait_for_selector("[data-previews] img")
        return page.input_value("#f_description") == WORDS

    def count(self, operator):
        domain = [("citizen_phone", "=", "+84" + self.number[1:])]
        return operator.call("pakn.ticket", "search_count", domain)

    def answer_once(self, status):
        """Let the next form get an answer that is none of ours."""

        self.page.route(
            "**/phan-anh",
            lambda route: route.fulfill(status=status, body="<h1>No</h1>"),
            times=1,
        )


def test_interruptions_before_it_is_sent(server, chromium):
    # Back, step by step, and forward again
    one = Citizen(server, chromium)
    one.write()
    one.go_on()
    one.page.go_back()
    one.page.wait_for_selector("#step_2:visible")
    one.page.go_back()
    one.page.wait_for_selector("#step_1:visible")
    assert one.has_all()
    # Reload, at the last step too
    one.go_on()
    one.wait_kept("citizen_phone", one.number)
    one.page.reload()
    one.page.wait_for_selector(".o_pakn_submit.o_pakn_js")
    assert one.has_all()
    assert one.page.input_value("#f_citizen_phone") == one.number
    # The tab is killed; without a network meanwhile
    one.context.set_offline(True)
    one.page.close()
    one.context.set_offline(False)
    one.page = one.open()
    assert one.has_all()
    # Away to another page, and Back
    one.page.goto(server.url + "/tra-cuu")
    one.page.go_back()
    one.page.wait_for_selector(".o_pakn_submit.o_pakn_js")
    assert one.has_all()
    # Deleted when one wants
    one.page.click(".o_pakn_draft button")
    one.page.wait_for_selector("[data-status]:has-text('đã được xóa')")
    one.page.reload()
    one.page.wait_for_selector(".o_pakn_submit.o_pakn_js")
    one.page.wait_for_timeout(300)
    assert not one.page.input_value("#f_description")
    # A day later it is forgotten; with the clock an hour off it is not
    one.write()
    for hours, is_there in ((-1, True), (25, False)):
        # A form that is left keeps its draft anew
        one.page.goto(server.url + "/tra-cuu")
        one.page.evaluate(AGE_DRAFTS, hours)
        one.page.goto(server.url + "/phan-anh")
        written = one.page.locator("#f_description")
        if is_there:
            expect(written).to_have_value(WORDS)
        else:
            assert wait_until(lambda: not one.page.evaluate(GET_DRAFTS))
            expect(written).to_have_value("")
    one.context.close()


def test_interruptions_while_it_is_sent(server, chromium):
    operator = server.client("nhanvien")
    # No network: it waits for one
    one = Citizen(server, chromium)
    one.write()
    one.go_on()
    one.context.set_offline(True)
    one.page.click("[data-send]")
    one.page.wait_for_selector("[data-status]:has-text('Không có kết nối mạng')")
    one.context.set_offline(False)
    one.page.wait_for_url("**/phan-anh/da-gui/**")
    assert one.count(operator) == 1
    # Back shows no filled form, and another request is another one
    one.page.go_back()
    one.page.wait_for_selector("[data-status]:has-text('đã được gửi')")
    assert not one.page.input_value("#f_description")
    one.write(words="Một việc khác hẳn: cây đổ chắn đường.", photo=False)
    one.go_on()
    one.send()
    assert one.count(operator) == 2
    one.context.close()

    # Answers that are none: a sentence, the draft, and then one request
    one = Citizen(server, chromium)
    one.write()
    one.go_on()
    sentences = set()
    for status in (401, 413, 429, 500, 502):
        one.answer_once(status)
        with one.page.expect_response("**/phan-anh"):
            one.page.click("[data-send]")
        one.page.wait_for_selector("[data-send]:enabled")
        one.page.wait_for_selector("[data-error-summary]:visible")
        sentences.add(one.page.inner_text("[data-error-summary]"))
    assert len(sentences) == 4, sentences
    assert one.count(operator) == 0
    one.page.reload()
    one.page.wait_for_selector(".o_pakn_submit.o_pakn_js")
    assert one.has_all()
    one.go_on()
    one.send()
    assert one.count(operator) == 1
    one.context.close()

    # It arrived, its answer was lost: sent again it is the same
    one = Citizen(server, chromium)
    one.write()
    one.go_on()

    def lose_answer(route):
        route.fetch()
        route.abort()

    one.page.route("**/phan-anh", lose_answer, times=1)
    one.page.click("[data-send]")
    one.page.wait_for_selector("[data-status]:has-text('Không có kết nối mạng')")
    one.send()
    assert one.count(operator) == 1
    one.context.close()

    # The page was open for too long: its token is renewed
    one = Citizen(server, chromium)
    one.write()
    one.go_on()
    one.page.evaluate(
        "document.querySelector('.o_pakn_submit [name=csrf_token]').value = 'x'"
    )
    one.send()
    assert one.count(operator) == 1
    one.context.close()

    # Pressed twice
    one = Citizen(server, chromium)
    one.write(photo=False)
    one.go_on()
    one.page.dblclick("[data-send]")
    one.page.wait_for_url("**/phan-anh/da-gui/**")
    assert one.count(operator) == 1
    one.context.close()

    # Two tabs with two requests: each is sent, none takes the other's draft away
    one = Citizen(server, chromium)
    other = one.open()
    one.write()
    one.write(other, "Rác chất đống trước trường học ba ngày.", photo=False)
    one.go_on()
    one.send()
    other.reload()
    other.wait_for_selector(".o_pakn_draft:visible")
    assert other.input_value("#f_description").startswith("Rác")
    one.go_on(other)
    one.send(other)
    assert one.count(operator) == 2
    one.context.close()
    assert not [line for line in server.findings() if "csrf" not in line.lower()]


def test_interruptions_while_files_go_up(server, chromium):
    """Files go up in parts: whatever cuts it off, they go on where they ended."""
    operator = server.client("nhanvien")
    whole = SIZE + len(b"%PDF-1.4\n")

    def is_whole(one):
        return one.count(operator) == 1 and one.get_file(operator) == whole

    # Each answer that is none, in the middle: a sentence, and then it goes on
    one = Citizen(server, chromium)
    one.write(photo=False)
    one.attach()
    one.go_on()
    begins = one.watch_parts()
    for number, status in enumerate((401, 413, 429, 500, 502)):
        # The third part, which is from then on the first one that is sent
        one.on_part(
            1 if number else 3,
            lambda route, status=status: route.fulfill(status=status, body="<p>No"),
        )
        one.page.click("[data-send]")
        one.page.wait_for_selector("[data-error-summary]:visible")
        one.page.wait_for_selector("[data-send]:enabled")
    assert begins == [0, PART, *[2 * PART] * 5], begins
    assert one.count(operator) == 0
    # The tab is killed: opened again it knows the file, and how much of it is there
    one.page.close()
    one.page = one.open()
    one.page.wait_for_selector("[data-previews] li")
    one.go_on()
    begins = one.watch_parts()
    one.send()
    assert begins == [2 * PART, 3 * PART], begins
    assert is_whole(one)
    one.context.close()

    # The line is cut in a part, and the answer to another one is lost; the token of the
    # page is too old: by itself it goes on when there is a network again
    one = Citizen(server, chromium)
    one.write(photo=False)
    one.attach()
    one.go_on()
    begins = one.watch_parts()
    one.on_part(2, lambda route: route.abort())
    one.page.click("[data-send]")
    one.page.wait_for_selector("[data-status]:has-text('Không có kết nối mạng')")

    def lose_answer(route):
        route.fetch()
        route.abort()

    one.on_part(1, lose_answer)
    one.page.evaluate("window.dispatchEvent(new Event('online'))")
    one.page.wait_for_selector("[data-status]:has-text('Đang gửi')")
    one.page.wait_for_selector("[data-status]:has-text('Không có kết nối mạng')")
    one.page.evaluate(
        "document.querySelector('.o_pakn_submit [name=csrf_token]').value = 'x'"
    )
    one.page.evaluate("window.dispatchEvent(new Event('online'))")
    one.page.wait_for_url("**/phan-anh/da-gui/**")
    # Refused for its token, the third part is sent once more
    assert begins == [0, PART, PART, 2 * PART, 2 * PART, 3 * PART], begins
    assert is_whole(one)
    one.context.close()

    # Reloaded in the middle it goes on by itself, and is cut off again; then the clock
    # is years off, and there is no room on the device
    one = Citizen(server, chromium)
    one.write(photo=False)
    one.attach()
    one.go_on()
    one.wait_kept("citizen_address", "25 Lê Lợi, phường Pleiku")
    held = []
    one.on_part(3, held.append, count=2)
    one.page.click("[data-send]")
    one.page.wait_for_selector("[data-status]:has-text('57')")
    begins = one.watch_parts()
    one.page.reload()
    assert wait_until(lambda: one.page.wait_for_timeout(50) or len(held) == 2)
    one.page.evaluate(
        """() => {
            const now = Date.now;
            Date.now = () => now() - 3 * 365 * 24 * 3600 * 1000;
            IDBObjectStore.prototype.put = () => {
                throw new DOMException("full", "QuotaExceededError");
            };
        }"""
    )
    for route in held:
        route.abort()
    one.page.wait_for_selector("[data-status]:has-text('Không có kết nối mạng')")
    one.page.evaluate("window.dispatchEvent(new Event('online'))")
    one.page.wait_for_url("**/phan-anh/da-gui/**")
    assert begins[0] >= PART, begins
    assert is_whole(one)
    one.context.close()

    # The server has no room for parts: the form carries the file
    one = Citizen(server, chromium)
    one.write(photo=False)
    one.attach()
    one.go_on()
    one.on_part(1, lambda route: route.fulfill(status=503, json={}))
    one.send()
    assert is_whole(one)
    one.context.close()

    # Without a network from the first step on, map and proposals too
    one = Citizen(server, chromium)
    one.page.wait_for_load_state("networkidle")
    one.context.set_offline(True)
    one.write(photo=False)
    one.attach()
    one.go_on()
    one.page.click("[data-send]")
    one.page.wait_for_selector("[data-status]:has-text('Không có kết nối mạng')")
    one.context.set_offline(False)
    one.page.wait_for_url("**/phan-anh/da-gui/**")
    assert is_whole(one)
    one.context.close()

    # The same draft in two tabs, sent at the same moment: one request
    one = Citizen(server, chromium)
    one.write(photo=False)
    one.attach()
    other = one.open()
    other.wait_for_selector("[data-previews] li")
    for page in (one.page, other):
        one.go_on(page)
    for page in (one.page, other):
        page.click("[data-send]", no_wait_after=True)
    for page in (one.page, other):
        # The second one may hear that its file went with the first, and sends again
        with contextlib.suppress(Exception):
            page.wait_for_url("**/phan-anh/da-gui/**", timeout=5000)
            continue
        one.send(page)
    assert is_whole(one)
    one.context.close()
    assert not [line for line in server.findings() if "csrf" not in line.lower()]


def test_a_device_without_room_and_files_that_are_none(server, chromium):
    operator = server.client("nhanvien")
    # No room for photos: the words are kept, and it is said
    one = Citizen(server, chromium)
    one.page.evaluate(
        """() => {
            const put = IDBObjectStore.prototype.put;
            IDBObjectStore.prototype.put = function (draft) {
                if (draft.files.length) {
                    throw new DOMException("full", "QuotaExceededError");
                }
                return put.call(this, draft);
            };
        }"""
    )
    one.write(kept=False)
    one.page.wait_for_selector(".o_pakn_draft:has-text('không còn chỗ')")
    one.page.reload()
    one.page.wait_for_selector(".o_pakn_draft:visible")
    assert one.page.input_value("#f_description") == WORDS
    one.context.close()

    # No storage at all: it is said, and sending works
    one = Citizen(server, chromium)
    one.page.evaluate(
        "() => { IDBFactory.prototype.open = () => { throw new Error('no'); }; }"
    )
    one.write(kept=False)
    expect(one.page.locator(".o_pakn_draft")).to_contain_text("không lưu được")
    one.go_on()
    one.send()
    assert one.count(operator) == 1
    one.context.close()

    # What the server would refuse is refused before it is sent, by what it is
    one = Citizen(server, chromium)
    heic = b"\0\0\0\x18ftypheic" + b"\0" * 64
    for name, kind, content, word in (
        ("a.heic", "image/heic", heic, "HEIC"),
        ("a.jpg", "image/jpeg", heic, "HEIC"),
        ("b.jpg", "image/jpeg", b"MZ" + b"\0" * 64, "Chỉ gửi được"),
        ("c.mp4", "video/mp4", b"\0\0\0\x18ftypisom" + b"\0" * 11_000_000, "MB"),
        ("d.pdf", "application/pdf", b"", "rỗng"),
    ):
        file = {"name": name, "mimeType": kind, "buffer": content}
        one.page.set_input_files("#f_files", file)
        one.page.wait_for_selector(f"#error_files.d-block:has-text('{word}')")
        assert name in one.page.inner_text("#error_files")
    assert not one.page.locator("[data-previews] li").count()
    one.context.close()

    # A photo that was chosen before the scripts came stays
    one = Citizen(server, chromium)
    page = one.context.new_page()
    held = []
    page.route("**/submit/submit.js", lambda route: held.append(route), times=1)
    page.goto(server.url + "/phan-anh", wait_until="commit")
    page.set_input_files("#f_photo", make_picture())
    page.fill("#f_description", WORDS)
    held[0].continue_()
    page.wait_for_selector(".o_pakn_submit.o_pakn_js")
    assert one.has_all(page)
    one.context.close()
