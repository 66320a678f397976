"""An attack over HTTP on a real server: what strangers, citizens with an account and
staff without business try on the site and the server, and the honest way beside it.

Articles 9, 13.1, 18.4 and 20.4; each test plays it as everybody in turn.
"""

import io
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from PIL import Image

from tests.conftest import PASSWORD, ROOT, Client, Server, copy_database, execute
from tests.forks import shell
from tests.peers import HttpPeer, PeerHandler

PHONE = "0905777888"
# Who else is there: staff without business with the request, and a citizen's account
STAFF = ("daumoi", "giamsat", "nhanvien")
CITIZEN = "congdan.tancong"
FORGED = "2026-03-02 01:00:00,000 1 INFO pakn odoo.sql_db: forged"

PREPARE = f"""
env["res.users"].with_context(no_reset_password=True).create({{
    "name": "Công Dân", "login": "{CITIZEN}", "password": "{PASSWORD}",
    "group_ids": [(6, 0, env.ref("base.group_portal").ids)]}})
env["pakn.sms.account"].create({{
    "name": "Không gửi", "gateway": "smpp", "host": "127.0.0.1", "port": 1,
    "username": "x", "password": "x", "price": 300}})
params = env["ir.config_parameter"]
for name, value in {{
    "web.base.url": "https://1022.gialai.gov.vn",
    # The proxies of the server are elsewhere: whoever comes here says nothing of others
    "pakn_1022.trusted_proxies": "192.0.2.1",
}}.items():
    params.set_param(name, value)
env.cr.commit()
"""


class Visitor:
    """Somebody with a browser, signed in or not."""

    def __init__(self, server, login=None):
        self.url, self.login = server.url, login
        self.session = requests.Session()
        if login:
            self.session = Client(server.url, server.database, login).session

    def get(self, path, **options):
        options.setdefault("allow_redirects", False)
        return self.session.get(self.url + path, timeout=60, **options)

    def post(self, path, data=None, **options):
        """Post a form as the site's own page does."""
        page = self.get("/tra-cuu").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        reply = self.session.post(
            self.url + path,
            data={"csrf_token": token, **(data or {})},
            allow_redirects=False,
            timeout=60,
            **options,
        )
        # A form that was refused is shown by its own address
        url = urlsplit(reply.headers.get("Location", ""))
        if "lai" in parse_qs(url.query):
            return self.get(f"{url.path}?{url.query}")
        return reply

    def call(self, path, **params):
        """Call a route of JSON-RPC; return its answer."""
        reply = self.session.post(
            self.url + path, json={"jsonrpc": "2.0", "params": params}, timeout=60
        )
        if reply.status_code != 200:
            return {"error": {"code": reply.status_code, "data": {"debug": ""}}}
        return reply.json()

    def submit(self, files=None, **values):
        form = {
            "description": "Đèn đường trước số 12 Hùng Vương hỏng đã ba ngày.",
            "citizen_phone": PHONE,
            "citizen_name": "Nguyễn Văn A",
            "citizen_address": "12 Hùng Vương, Pleiku",
            "action": "send",
            **values,
        }
        empty = [("files", ("", b"", "application/octet-stream"))]
        return self.post("/phan-anh", form, files=files or empty)


@pytest.fixture(scope="module")
def server(template, tmp_path_factory):
    """Yield one server for all of the attack."""
    with copy_database(template) as database:
        log = tmp_path_factory.mktemp("attack") / "prepare.log"
        process = shell(database, PREPARE, log)
        assert process.wait(120) == 0, process.stdout.read()
        server = Server(database, "--proxy-mode", "--max-cron-threads=0").start()
        yield server
        server.kill()


@pytest.fixture
def ticket(server):
    """Return the request of a citizen: ``id``, ``code``, ``token`` and ``hash``."""
    reply = Visitor(server).submit()
    assert reply.status_code == 303, reply.text[:1000]
    path, token = reply.headers["Location"].split("?access_token=")
    code = path.rsplit("/", 1)[1]
    [[number]] = execute(
        server.database, "SELECT id FROM pakn_ticket WHERE name = %s", code
    )
    return SimpleNamespace(id=number, code=code, token=token)


def everybody(server):
    return [Visitor(server, login) for login in (None, CITIZEN, *STAFF)]


class Canary(PeerHandler):
    """What is within the house, and for nobody outside."""

    def do_GET(self):
        self.peer.asked.append(self.path)
        self.tell(200, b"<title>internal</title>")

    do_HEAD = do_GET


@pytest.fixture
def canary():
    """Yield a server that nobody is to ask, and what was asked of it."""
    with HttpPeer(Canary) as peer:
        peer.asked = []
        yield SimpleNamespace(url=f"{peer.url}/", asked=peer.asked)


def count(server, ticket):
    """Return how many messages, files and acts there are of a request."""
    return execute(
        server.database,
        """SELECT (SELECT count(*) FROM mail_message
                    WHERE model = 'pakn.ticket' AND res_id = %s),
                  (SELECT count(*) FROM ir_attachment WHERE name = 'tan-cong.html'),
                  (SELECT count(*) FROM pakn_event WHERE ticket_id = %s),
                  (SELECT count(*) FROM mail_message_reaction)""",
        ticket.id,
        ticket.id,
    )


def test_the_key_of_a_citizen_opens_her_page_alone(server, ticket):
    """C14: Odoo's own routes for messages and files know none of the page's limits."""
    before = count(server, ticket)
    thread = {"thread_model": "pakn.ticket", "thread_id": ticket.id}
    keys = {"token": ticket.token}
    [[message]] = execute(
        server.database,
        "SELECT max(id) FROM mail_message WHERE model = 'pakn.ticket'",
    )
    for visitor in everybody(server):
        if visitor.login == "nhanvien":
            continue  # whose work it is to write to citizens
        for path, params in (
            ("/mail/message/post", {"post_data": {"body": "Chen"}, **thread, **keys}),
            ("/mail/chatter_fetch", {**thread, **keys}),
            ("/portal/chatter_init", {**thread, **keys}),
            ("/mail/message/update_content", {"message_id": message, "body": "x"}),
            (
                "/mail/message/reaction",
                {"message_id": message, "content": "x", "action": "add", **keys},
            ),
        ):
            answer = visitor.call(path, **params)
            said = (visitor.login, path, answer)
            if visitor.login in (None, CITIZEN):
                assert answer["error"]["code"] == 404, said
            assert "Hùng Vương" not in json.dumps(answer, ensure_ascii=False), said
        visitor.post(
            "/mail/attachment/upload",
            {**thread, **keys},
            files={"ufile": ("tan-cong.html", b"<script>1</script>", "text/html")},
        )
        assert count(server, ticket) == before, visitor.login
    # What is made for it serves, with its limits: no page of HTML among the files
    path = f"/tra-cuu/{ticket.code}"
    citizen = Visitor(server)
    page = citizen.get(f"{path}?access_token={ticket.token}")
    assert ticket.code in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    words = {"access_token": ticket.token, "text": "Vẫn chưa sửa."}
    bad = [("files", ("tan-cong.html", b"<script>1</script>", "text/html"))]
    assert citizen.post(f"{path}/tra-loi", words, files=bad).status_code == 422
    assert citizen.post(f"{path}/tra-loi", words).status_code == 303
    assert count(server, ticket) != before


def test_nobody_sends_the_server_anywhere_or_has_it_tell(server, canary):
    """C15: an anonymous visitor had it fetch a page of the inner network."""
    for visitor in everybody(server):
        is_staff = visitor.login in STAFF
        for path, params in (
            ("/html_editor/link_preview_external", {"preview_url": canary.url}),
            ("/mail/link_preview", {"message_id": 1}),
        ):
            assert visitor.call(path, **params)["error"]["code"] == 404, path
        if is_staff:
            continue
        for path in (
            "/website/info",
            "/web/version",
            "/json/version",
            "/web/database/manager",
            "/pages",
            "/website/search",
            "/chat/abcdef",
            "/discuss/channel/1",
            "/report/barcode/QR/x",
        ):
            assert visitor.get(path).status_code == 404, path
        for path in (
            "/mail/data",
            "/website/google_maps_api_key",
            "/web_unsplash/get_app_id",
            "/website/snippet/filters",
            "/web/webclient/version_info",
        ):
            assert visitor.call(path)["error"]["code"] == 404, path
    operator = server.client("nhanvien")
    [ticket] = operator.call("pakn.ticket", "search", [], limit=1)
    operator.call("pakn.ticket", "message_post", [ticket], body=f"Xem {canary.url}")
    time.sleep(1)
    assert canary.asked == []
    # What they are there for
    for path in ("/", "/phan-anh", "/ket-qua", "/robots.txt", "/web/login", "/en"):
        assert Visitor(server).get(path).status_code in (200, 303), path
    for path in ("/my", "/my/requests", "/my/security", "/phan-anh"):
        assert Visitor(server, CITIZEN).get(path).status_code == 200, path
    data = Visitor(server, "nhanvien").call("/mail/data", fetch_params=[])
    assert "result" in data


def make_picture(mode, size, kind):
    out = io.BytesIO()
    Image.new(mode, size, "#3a7" if mode == "RGB" else None).save(out, kind)
    return out.getvalue()


def test_heavy_and_odd_things_weigh_on_nobody(server, ticket):
    """C18, C19, C20: long words, large pictures, odd addresses, errors, passwords."""
    visitor = Visitor(server)
    operator = server.client("nhanvien")
    words = "Nước thải chảy ra đường. " * 4000
    [long] = operator.call(
        "pakn.ticket",
        "create",
        [{"title": "Dài", "description": f"<p>{words}</p>", "citizen_phone": PHONE}],
    )
    [values] = operator.call(
        "pakn.ticket", "read", [long], ["description", "attachment_ids"]
    )
    assert len(values["description"]) < 30_000
    assert len(values["attachment_ids"]) == 1
    # A picture that unfolds is refused at once; four usual ones are taken
    bomb = [("files", ("a.png", make_picture("RGB", (9000, 9000), "PNG")))]
    begin = time.monotonic()
    assert visitor.submit(bomb).status_code == 422
    assert time.monotonic() - begin < 5
    usual = [("files", ("a.png", make_picture("RGB", (4000, 3000), "PNG")))]
    with ThreadPoolExecutor(4) as pool:
        sent = list(
            pool.map(
                lambda number: Visitor(server).submit(
                    usual, citizen_phone=f"091477799{number}"
                ),
                range(4),
            )
        )
    assert [reply.status_code for reply in sent] == [303] * 4
    for path in (
        "/ban-do.json?bbox=-1e308,-1e308,1e308,1e308",
        "//host/%2e%2e",
        "/..%2fx",
        "/%25ff",
        f"/tra-cuu/x%0a{FORGED}",
        f"/khong-co%0d%0a{FORGED}?access_token={ticket.token}",
        "/?debug=1",
    ):
        reply = visitor.get(path)
        assert reply.status_code < 500, path
        assert "Traceback" not in reply.text
    page = visitor.get("/web/login")
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "img-src 'self'" in page.headers["Content-Security-Policy"]
    assert "SameSite=Lax" in Visitor(server).get("/").headers["Set-Cookie"]
    assert "Set-Cookie" not in Visitor(server).get("/ket-qua.rss").headers
    for one in everybody(server):
        for path, params in (
            ("/jsonrpc", {"service": "object", "method": "execute", "args": []}),
            ("/web/dataset/call_kw", {"model": "x", "method": "read", "args": []}),
            (
                "/web/dataset/call_kw",
                {
                    "model": "pakn.ticket",
                    "method": "search_count",
                    "args": [[["id", "=", {"a": 1}]]],
                    "kwargs": {},
                },
            ),
        ):
            answer = one.call(path, **params)
            assert not answer["error"]["data"]["debug"], (one.login, path)
            assert ".py" not in json.dumps(answer["error"]), (one.login, path)
    with pytest.raises(RuntimeError):
        Client(server.url, server.database, "admin", "admin")
    log = server.log.read_text("utf-8")
    assert ticket.token not in log
    assert not [line for line in log.splitlines() if line.startswith(FORGED[:20])]


def test_limits_hold_against_forgers_and_let_citizens_in(server, ticket):
    """C16, C17: who is told apart, what is counted, and the way in that is left."""
    visitor = Visitor(server)
    for path in ("/tra-cuu", "/robots.txt", "/web/login"):
        reply = visitor.get(path, headers={"Host": "evil.example"})
        assert reply.status_code == 421, path
    assert "evil.example" not in visitor.get("/ket-qua.rss").text
    # Forty citizens behind one address, and right look-ups without end
    for number in range(40):
        reply = visitor.submit(citizen_phone=f"09147770{number:02d}")
        assert reply.status_code == 303, number
    right = {"code": ticket.code, "phone": PHONE}
    for _number in range(15):
        assert visitor.post("/tra-cuu", right).status_code == 303
    # Twelve at once get three codes
    others = [Visitor(server) for _number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        ask = {"action": "send_code", "citizen_phone": "0914999888"}
        list(pool.map(lambda one: one.submit(**ask), others))
    assert count_sms(server, "+84914999888") == 3
    # Somebody tries all phones, from an address of his own each time
    for number in range(21):
        wrong = {"code": ticket.code, "phone": f"09051110{number:02d}"}
        forged = {
            "X-Forwarded-For": f"203.0.113.{number}",
            "X-Forwarded-Host": visitor.url.partition("//")[2],
        }
        reply = visitor.post("/tra-cuu", wrong, headers=forged)
        assert reply.status_code in (200, 422), reply.status_code
    # The phone alone opens no more; the citizen has it, and gets a code
    reply = visitor.post("/tra-cuu", right)
    assert reply.status_code == 200
    assert 'name="number"' in reply.text
    assert count_sms(server, "+84905111000") == 0
    [[body]] = execute(
        server.database,
        "SELECT body FROM sms_sms WHERE number = %s ORDER BY id DESC LIMIT 1",
        "+84905777888",
    )
    number = re.search(r"\b\d{6}\b", body)[0]
    assert visitor.post("/tra-cuu", {**right, "number": "x"}).status_code == 422
    reply = visitor.post("/tra-cuu", {**right, "number": number})
    assert reply.status_code == 303
    # A hundred failures are enough, whatever address is claimed
    for number in range(85):
        wrong = {"code": "GL26-000001-5", "phone": f"09052220{number % 10:02d}"}
        forged = {
            "X-Forwarded-For": f"198.51.100.{number}",
            "X-Forwarded-Host": visitor.url.partition("//")[2],
        }
        reply = visitor.post("/tra-cuu", wrong, headers=forged)
    assert 'name="number"' in reply.text, "it is past the limit of the address"


def count_sms(server, number):
    [[found]] = execute(
        server.database, "SELECT count(*) FROM sms_sms WHERE number = %s", number
    )
    return found


def test_no_way_of_starting_begins_with_a_known_password():
    """C20: Docker's first start was open as admin/admin."""
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert "ADMIN_PASSWORD: ${ADMIN_PASSWORD:?" in compose
    assert "127.0.0.1:8069:8069" in compose
    for name in ("docs/running.md", "README.md", "docker-compose.yml"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"admin`? ?/ ?`?admin\b", text), name
    assert "proxy_mode = False" in (ROOT / "odoo.conf").read_text("utf-8")
