import json
import re
from io import BytesIO
from unittest.mock import patch

from lxml import etree
from openpyxl import load_workbook

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.iap.tools import iap_tools

from ..models.res_config_settings import FIELDS, IDS, WIDGETS

TAGS = ("post_install", "-at_install", "pakn_1022")
BLUE = "#0b5cad"


@tagged(*TAGS)
class TestQuiet(HttpCase):
    """Officials meet the hotline, not the business of the maker of its platform."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.official = new_test_user(
            cls.env, "can_bo", "pakn_1022.group_operator", lang="vi_VN"
        )

    def test_nobody_gets_figures_of_odoo_by_mail(self):
        digests = self.env["digest.digest"].search([])
        self.assertEqual(set(digests.mapped("state")), {"deactivated"})
        self.assertNotIn(self.official, digests.user_ids)
        self.assertFalse(self.env.ref("digest.ir_cron_digest_scheduler_action").active)

    def test_art20_settings_are_those_of_a_hotline(self):
        """No keys of services that pages may not load, and nothing to buy."""
        administrator = self.env.ref("base.user_admin")
        settings = self.env["res.config.settings"].with_user(administrator)
        form = etree.fromstring(settings.get_view(view_type="form")["arch"])
        # Odoo makes invisible what is for developers
        seen = form.xpath("//setting[not(@invisible='1' or @invisible='True')]")
        shown = {name for one in seen for name in one.xpath(".//field/@name")}
        self.assertFalse(shown & FIELDS)
        self.assertFalse({one.get("id") for one in seen} & IDS)
        self.assertFalse([one for one in seen if "ICE" in one.get("string", "")])
        for widget in form.iter("widget"):
            if widget.get("name") in WIDGETS:
                hidden = widget.xpath("ancestor-or-self::*[@invisible='1']")
                self.assertTrue(hidden or widget.get("invisible") == "True")
        for name in ("alias_domain_id", "auth_signup_reset_password"):
            self.assertIn(name, shown, "what a province sets")
        # Who is invited there has no role; accounts are made where they get one
        self.assertNotIn("invite_users_setting", {one.get("id") for one in seen})
        opened = {button.get("name") for button in form.iter("button")}
        self.assertIn(str(self.env.ref("pakn_1022.people_action").id), opened)
        self.assertNotIn(str(self.env.ref("base.action_res_users").id), opened)
        # What is not shown is not changed by saving the others
        parameters = self.env["ir.config_parameter"]
        before = parameters.get_param("mail.restrict.template.rendering")
        settings.create({}).execute()
        after = parameters.get_param("mail.restrict.template.rendering")
        self.assertEqual(bool(after), bool(before))

    def test_nobody_is_greeted_by_a_robot_or_a_channel(self):
        channels = self.env["discuss.channel"].with_user(self.official)
        self.official.with_user(self.official)._on_webclient_bootstrap()
        self.assertFalse(channels.search([("is_member", "=", True)]))
        self.assertEqual(self.official.odoobot_state, "disabled")
        general = self.env.ref("mail.channel_all_employees")
        self.assertFalse(general.active)
        self.assertNotIn(self.official.partner_id, general.channel_partner_ids)

    def test_the_channel_of_administrators_is_named_in_vietnamese(self):
        """Also where it is there already; the name that they gave it stays."""
        channel = self.env.ref("mail.channel_admin")
        self.assertEqual(channel.name, "Quản trị hệ thống")
        channel.write({"name": "Administrators", "description": "Của chúng tôi"})
        channel._name_administrators()
        self.assertEqual(channel.name, "Quản trị hệ thống")
        self.assertEqual(channel.description, "Của chúng tôi")
        channel.name = "Ban quản trị"
        channel._name_administrators()
        self.assertEqual(channel.name, "Ban quản trị")

    def test_nobody_but_the_administrator_meets_the_shop_of_apps(self):
        shop = self.env.ref("base.menu_management")
        self.assertNotIn(shop.id, shop.with_user(self.official)._visible_menu_ids())

    def test_the_first_account_and_the_first_ready_answer_are_vietnamese(self):
        """Also where they are there already; what somebody has written stays."""
        partner = self.env.ref("base.partner_admin")
        answer = self.env.ref("mail.mail_canned_response_data_hello")
        partner.name = "Administrator"
        answer.write({"source": "hello", "substitution": "Hello, how may I help you?"})
        partner._name_first_administrator()
        answer._greet_in_vietnamese()
        self.assertEqual(partner.name, "Quản trị hệ thống")
        self.assertIn("Tổng đài 1022", answer.substitution)
        partner.name, answer.substitution = "Trần An", "Xin nghe"
        partner._name_first_administrator()
        answer._greet_in_vietnamese()
        self.assertEqual(partner.name, "Trần An")
        self.assertEqual(answer.substitution, "Xin nghe")

    def test_what_is_done_by_itself_is_signed_by_the_hotline(self):
        system = self.env.ref("base.partner_root")
        self.assertEqual(system.name, "Hệ thống 1022")
        self.assertNotIn("Odoo", self.env.ref("base.user_root").name)

    def test_exported_lists_are_named_in_vietnamese_without_accents(self):
        """As the reports are; not “Đơn vị (pakn.unit).xlsx”, with the model in it."""
        admin = new_test_user(
            self.env, "qt_xuat", "base.group_system,pakn_1022.group_manager"
        )
        admin.lang = "vi_VN"
        self.authenticate("qt_xuat", "qt_xuat")
        asked = {
            "model": "pakn.unit",
            "fields": [{"name": "name", "label": "Tên"}],
            "ids": False,
            "domain": [],
            "groupby": [],
            "context": {"lang": "vi_VN"},
            "import_compat": False,
        }
        for kind in ("xlsx", "csv"):
            reply = self.url_open(
                f"/web/export/{kind}",
                {"data": json.dumps(asked), "csrf_token": Request.csrf_token(self)},
            )
            self.assertRegex(
                reply.headers["Content-Disposition"],
                rf"''don-vi-\d\d-\d\d-\d{{4}}\.{kind}$",
            )

    def test_exported_analyses_are_named_by_what_they_analyse(self):
        """Not “Pivot Untitled (pakn.ticket).xlsx”, the sheet neither."""
        manager = new_test_user(self.env, "qt_bang", "pakn_1022.group_manager")
        manager.lang = "vi_VN"
        self.authenticate("qt_bang", "qt_bang")
        asked = {
            "title": "Không có tiêu đề",
            "model": "pakn.ticket",
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [[{"title": "Tổng", "width": 1, "height": 1}]],
            "measure_headers": [],
            "origin_headers": [],
            "rows": [{"title": "Tổng", "indent": 0, "values": [{"value": 3}]}],
        }
        reply = self.url_open(
            "/web/pivot/export_xlsx",
            {"data": json.dumps(asked), "csrf_token": Request.csrf_token(self)},
        )
        self.assertRegex(
            reply.headers["Content-Disposition"],
            r"''phan-anh[a-z-]*-\d\d-\d\d-\d{4}\.xlsx$",
        )
        [sheet] = load_workbook(BytesIO(reply.content)).sheetnames
        self.assertIn("Phản ánh", sheet)

    def test_no_tour_points_at_anything(self):
        users = self.env["res.users"].with_context(active_test=False)
        self.assertFalse(users.search([("tour_enabled", "=", True)]))

    def test_odoo_com_is_not_called(self):
        """What an administrator's sign-in and typing a name would ask and tell it."""
        calls = []

        def call(url, *args, **kwargs):
            calls.append(url)
            raise AssertionError(url)

        admin = new_test_user(
            self.env, "qt", "base.group_system,pakn_1022.group_manager"
        )
        env = self.env(user=admin)
        company = env.company
        company.iap_enrich_auto_done = False
        with (
            patch.object(iap_tools, "iap_jsonrpc", call),
            patch("odoo.addons.mail.models.update.requests.post", call),
            patch("odoo.modules.module.current_test", False),
        ):
            self.assertTrue(company.iap_enrich_auto())
            self.assertEqual(env["res.partner"].autocomplete_by_name("So Xay", 0), [])
            self.assertEqual(env["iap.account"].get_credits("partner_autocomplete"), 0)
            self.assertTrue(env["publisher_warranty.contract"].update_notification())
            env["iap.account"].search([])._get_account_information_from_iap()
        self.assertFalse(calls)
        self.assertFalse(company.iap_enrich_auto_done, "nothing was done")
        cron = self.env.ref("mail.ir_cron_module_update_notification")
        self.assertFalse(cron.active)
        self.authenticate("qt", "qt")
        page = self.url_open("/odoo").text
        self.assertIn('"iap_company_enrich": false', page)

    def test_a_setting_allows_it(self):
        self.env["ir.config_parameter"].set_param(
            "pakn_1022_backend.odoo_services", "True"
        )
        asked = []
        with patch.object(
            type(self.env["iap.autocomplete.api"]),
            "_contact_iap",
            lambda *args, **kwargs: asked.append(args) or {},
        ):
            self.env["iap.autocomplete.api"]._request_partner_autocomplete("x", {})
        self.assertTrue(asked)

    def test_the_page_to_sign_in_says_nothing_of_odoo(self):
        page = self.url_open("/web/login?lang=vi_VN").text
        shown = re.sub(r"<(script|style|link|meta)\b.*?(</\1>|>)", "", page, flags=re.S)
        for word in ("odoo.com", "Odoo<", "Tạo website", "free website", "nter your"):
            self.assertNotIn(word, shown)
        self.assertIn('placeholder="Tên đăng nhập hoặc email"', page)
        self.assertNotIn("/web/static/img/favicon.ico", page)

    def test_frame_and_app_are_the_provinces(self):
        self.authenticate("can_bo", "can_bo")
        page = self.url_open("/odoo").text
        self.assertIn(f'content="{BLUE}"', page)
        self.assertNotIn("odoo-icon", page)
        manifest = self.url_open("/web/manifest.webmanifest").json()
        self.assertEqual(
            (manifest["name"], manifest["theme_color"]), ("1022 Gia Lai", BLUE)
        )
        for icon in manifest["icons"]:
            self.assertNotIn("odoo", icon["src"])
            self.url_open(icon["src"]).raise_for_status()
        self.url_open("/pakn_1022_backend/static/img/favicon.ico").raise_for_status()
