"""The server behind the nginx that ``docs/running.md`` writes down, with TLS."""

import datetime
import re
import subprocess
import time

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import expect
from websocket import WebSocketBadStatusException, create_connection

from tests.conftest import LOCAL, ROOT, free_port
from tests.test_journey import sign_in

NGINX = LOCAL / "nginx/usr/sbin/nginx"
NAME = "1022.gialai.gov.vn"


def make_certificate(folder):
    """Write key and self-signed certificate; return the certificate's path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .sign(key, hashes.SHA256())
    )
    (folder / "1022.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    path = folder / "1022.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def read_block(port, server_port, websocket_port, folder):
    """Return the block of the documentation, with the addresses of a test."""
    text = (ROOT / "docs/running.md").read_text("utf-8")
    block = re.search(r"```nginx\n(.*?)```", text, re.DOTALL).group(1)
    for there, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/", f"{folder}/"),
        ("127.0.0.1:8069", f"127.0.0.1:{server_port}"),
        ("127.0.0.1:8072", f"127.0.0.1:{websocket_port}"),
        ("/srv/pakn/", f"{ROOT}/"),
    ):
        assert there in block, there
        block = block.replace(there, here)
    return block


@pytest.fixture
def proxied(start_server, tmp_path):
    """Yield a server with workers and the address of the nginx before it."""
    websocket_port, port = free_port(), free_port()
    server = start_server(
        *("--workers=2", f"--gevent-port={websocket_port}", "--proxy-mode"),
        "--max-cron-threads=1",
    )
    certificate = make_certificate(tmp_path)
    block = read_block(port, server.port, websocket_port, tmp_path)
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"""daemon off; master_process off; pid {tmp_path}/pid;
        error_log {tmp_path}/error.log;
        events {{}}
        http {{
            types {{ text/html html; text/css css; text/javascript js; }}
            access_log off;
            client_body_temp_path {tmp_path}/body; proxy_temp_path {tmp_path}/proxy;
            fastcgi_temp_path {tmp_path}/f; uwsgi_temp_path {tmp_path}/u;
            scgi_temp_path {tmp_path}/s;
            {block}
        }}"""
    )
    nginx = subprocess.Popen(
        [NGINX, "-p", tmp_path, "-c", config, "-e", tmp_path / "error.log"]
    )
    session = requests.Session()
    session.trust_env, session.verify = False, str(certificate)
    url = f"https://localhost:{port}"
    for _attempt in range(100):
        assert nginx.poll() is None, (tmp_path / "error.log").read_text()
        try:
            session.get(url + "/web/database/manager", timeout=60)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield server, session, url
    nginx.terminate()
    nginx.wait(30)
    # Ended as a service is: killed, it would leave its processes behind
    server.stop()


def once(response, header):
    """Return a header's value, which is said once: two contradict each other."""
    values = response.raw.headers.getlist(header)
    assert len(values) == 1, (response.url, header, values)
    return values[0]


def test_what_is_written_of_nginx_holds(proxied, open_page):
    server, session, url = proxied
    home = session.get(url + "/", timeout=120)
    assert home.status_code == 200
    assert home.raw.headers.getlist("Content-Encoding") in (["gzip"], ["br"])
    assert "max-age" in once(home, "Strict-Transport-Security")
    assert all(cookie.secure for cookie in session.cookies), session.cookies

    # Its files are kept, and what nginx says and what the server says is one thing
    files = set(
        re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|png|svg|webp)[^"]*)"', home.text)
    )
    files |= {
        "/pakn_1022_website/static/icons/icon-512.png",
        "/web/static/img/favicon.ico",
    }
    for path in sorted(files):
        answer = session.get(url + path, timeout=120)
        assert answer.status_code == 200, path
        age = re.search(r"max-age=(\d+)", once(answer, "Cache-Control"))
        assert age and int(age[1]) >= 604800, (path, answer.headers)
        assert "max-age" in once(answer, "Strict-Transport-Security")
        assert len(answer.raw.headers.getlist("Content-Encoding")) <= 1, path

    assert session.get(url + "/web/database/manager", timeout=60).status_code == 404

    # Who claims to come from elsewhere is counted where he or she does come from
    statuses = {
        session.post(
            url + "/web/login",
            data={"login": "nobody"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
            timeout=60,
        ).status_code
        for number in range(3)
    }
    assert 500 not in statuses, statuses
    log = server.log.read_text("utf-8")
    assert "203.0.113." not in log

    # The live line has a process of its own, which comes up later
    address = url.replace("https", "wss") + "/websocket?version=saas-18.3"
    for _attempt in range(120):
        try:
            line = create_connection(
                address,
                sslopt={"ca_certs": session.verify},
                origin=url,
                timeout=60,
            )
        except WebSocketBadStatusException as error:
            assert error.status_code in (502, 503), error
            time.sleep(0.5)
        else:
            line.close()
            break
    else:
        raise AssertionError("nobody answers live lines")

    # What happens is shown at once; else the desk asks once a minute
    page = open_page()
    sign_in(page, url, "nhanvien")
    page.goto(url + "/odoo/desk")
    page.locator(".o_pakn_desk_row").first.wait_for()
    heading = page.locator(".o_pakn_desk h2", has_text="Mới đến, chưa xử lý")
    before = int(re.search(r"\d+", heading.inner_text())[0])
    values = {"title": "Dây điện rơi", "description": "<p>Dây điện rơi.</p>"}
    values |= {
        "citizen_name": "Rơ Châm Hân",
        "citizen_phone": "0905123777",
        "user_id": False,
    }
    server.client("nhanvien2").call("pakn.ticket", "create", [values])
    expect(heading).to_contain_text(str(before + 1), timeout=40000)
    page.close()

    # While the server is stopped: its number, in Vietnamese, not kept by anybody
    server.stop()
    for method, path in (("GET", "/"), ("POST", "/gui-phan-anh"), ("GET", "/odoo")):
        answer = session.request(method, url + path, timeout=60)
        assert answer.status_code == 503, (path, answer.status_code)
        assert once(answer, "Retry-After") == "120"
        assert once(answer, "Cache-Control") == "no-store"
        assert "1022" in answer.text and 'lang="vi' in answer.text, answer.text[:500]
        assert "nginx" not in answer.text
    assert session.get(url + "/maintenance.html", timeout=60).status_code in (404, 503)
