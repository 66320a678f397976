import re
from collections import defaultdict
from datetime import datetime
from unittest.mock import patch

from lxml import html

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install", "pakn_1022")
class TestSignIn(HttpCase):
    """Who cannot sign in is told what to do."""

    def sign_in(self, password):
        page = self.url_open("/web/login").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        page = self.url_open(
            "/web/login",
            data={"login": "nobody", "password": password, "csrf_token": token},
        )
        return page.text

    @mute_logger("odoo.addons.base.models.res_users")
    def test_who_is_locked_out_is_told_for_how_long(self):
        # Not with the failures of other tests, whose address is this one, nor for them
        failures = defaultdict(lambda: (0, datetime.min))
        patcher = patch.object(self.registry, "_login_failures", failures, create=True)
        self.startPatcher(patcher)
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("base.login_cooldown_after", 2)
        for seconds, words in ((60, r"lại sau \d+ giây"), (600, "lại sau 10 phút")):
            parameters.set_param("base.login_cooldown_duration", seconds)
            page = ""
            for _attempt in range(3):
                page = self.sign_in("wrong")
            with self.subTest(seconds):
                self.assertTrue(re.search(words, page))

    def test_art20_an_invitation_that_is_no_longer_good_says_what_to_do(self):
        """Odoo speaks of a token, and of nothing to do."""
        page = self.url_open(
            "/web/reset_password?token=x", headers={"Accept-Language": "vi-VN,vi"}
        ).text
        self.assertIn("đã dùng rồi hoặc đã hết hạn", page)
        self.assertNotIn("Token đăng ký", page)

    def test_art21_the_form_is_there_before_any_script(self):
        page = html.fromstring(self.url_open("/web/login").text)
        [form] = page.xpath("//form[.//input[@name='password']]")
        self.assertNotIn("d-none", form.get("class"))
