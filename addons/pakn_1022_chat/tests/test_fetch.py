import time

from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import fetch
from .peer import Peer

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d"
    "49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def _endless():
    while True:
        yield PNG * 100


def _slow():
    for _second in range(100):
        time.sleep(0.2)
        yield b"\x89PNG"


@tagged(*TAGS)
class TestFetch(BaseCase):
    """Files of chats come from the open internet alone, and are what they are."""

    def setUp(self):
        super().setUp()
        self.pages = {
            "/ok": (200, {}, PNG),
            "/html": (200, {"Content-Type": "image/jpeg"}, b"<html><script>x</script>"),
            "/large": (200, {"Content-Length": "999999999"}, b"x"),
            "/endless": (200, {}, _endless()),
            "/slow": (200, {}, _slow()),
            "/gone": (404, {}, b""),
            "/broken": (500, {}, b""),
            "/short": (200, {"Content-Length": "5000"}, PNG),
            "/to": (302, {"Location": "/ok"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/inside": (302, {"Location": "http://169.254.169.254/meta"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        }
        self.peer = self.enterContext(
            Peer(lambda _method, path, _headers, _body: self.pages[path])
        )

    def fetch(self, path, **kwargs):
        return fetch.fetch(
            self.peer.url + path, is_allowed=lambda ip: ip == "127.0.0.1", **kwargs
        )

    def assert_refused(self, reason, path, **kwargs):
        with self.assertRaises(fetch.FetchError) as caught:
            self.fetch(path, **kwargs)
        self.assertEqual(caught.exception.args[0], reason)
        return caught.exception.may_retry

    def test_what_is_there_is_fetched_also_over_a_redirect(self):
        for path in ("/ok", "/to"):
            self.assertEqual(self.fetch(path), (PNG, "image/png", "png"))

    def test_nothing_from_inside_is_fetched(self):
        for url in (
            self.peer.url + "/ok",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]/x",
            "http://[::ffff:127.0.0.1]/x",
            "http://10.0.0.1/x",
            "http://192.168.1.1/x",
            "http://0.0.0.0/x",
            "http://localhost:1/x",
            "http://2130706433/x",
            "http://127.1/x",
        ):
            with self.subTest(url), self.assertRaises(fetch.FetchError) as caught:
                fetch.fetch(url, seconds=5)
            self.assertIn(caught.exception.args[0], ("address", "gone"), url)
        self.assertFalse(self.peer.requests)

    def test_a_redirect_leads_nowhere_inside(self):
        self.assert_refused("address", "/inside")
        self.assert_refused("scheme", "/file")
        self.assert_refused("address", "/loop")

    def test_what_it_is_not(self):
        self.assertFalse(self.assert_refused("type", "/html"))

    def test_too_large_endless_slow(self):
        self.assert_refused("size", "/large")
        self.assert_refused("size", "/endless", max_bytes=1_000_000)
        begun = time.monotonic()
        self.assertTrue(self.assert_refused("time", "/slow", seconds=1))
        self.assertLess(time.monotonic() - begun, 5)

    def test_gone_now_or_for_good(self):
        self.assertFalse(self.assert_refused("gone", "/gone"))
        self.assertTrue(self.assert_refused("gone", "/broken"))
        self.assertTrue(self.assert_refused("answer", "/short"))

    def test_other_schemes(self):
        for url in ("file:///etc/passwd", "ftp://x/y", "javascript:x", "", "//x"):
            with self.subTest(url), self.assertRaises(fetch.FetchError):
                fetch.fetch(url)
