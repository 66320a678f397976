import polib

from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import code_translations

from odoo.addons.pakn_1022_backend.hooks import INSTEAD, fill_code_translations
from odoo.addons.pakn_1022_backend.tools.others_terms import read_code_terms

TAGS = ("post_install", "-at_install", "pakn_1022")
# Odoo's addons whose screens staff work in
WHOLE = (
    *("auth_signup", "auth_totp", "auth_totp_mail", "base_import", "base_setup"),
    *("bus", "html_editor", "mail", "phone_validation", "portal", "portal_rating"),
    *("rating", "resource", "sms", "web"),
)
LANG = "vi_VN"
OURS = "pakn_1022_backend/i18n_extra/vi.po"


@tagged(*TAGS)
class TestOthersTerms(TransactionCase):
    """What Odoo's own translations leave in English is said in Vietnamese."""

    def test_every_term_of_the_screens_code_is_translated(self):
        for module in WHOLE:
            source = polib.pofile(file_path(f"{module}/i18n/{module}.pot"))
            python = code_translations.get_python_translations(module, LANG)
            web = {
                message["id"]
                for message in code_translations.get_web_translations(module, LANG)[
                    "messages"
                ]
            }
            left = [
                entry.msgid
                for entry in source
                for kind, known in (("python", python), ("javascript", web))
                if f"odoo-{kind}" in entry.comment and entry.msgid not in known
            ]
            self.assertFalse(left, module)

    def test_no_file_of_theirs_is_read_before_it_is_asked_for(self):
        kept = code_translations.python_translations, code_translations.web_translations
        try:
            fill_code_translations.__wrapped__()
            self.assertFalse(code_translations.python_translations)
            self.assertFalse(code_translations.web_translations)
            for module, (python, web) in read_code_terms(file_path(OURS)).items():
                read = code_translations.get_python_translations(module, LANG)
                self.assertLessEqual(set(python), set(read), module)
                read = code_translations.get_web_translations(module, LANG)["messages"]
                self.assertLessEqual(set(web), {one["id"] for one in read}, module)
        finally:
            python, web = kept
            code_translations.python_translations = python
            code_translations.web_translations = web

    def test_nothing_of_theirs_is_replaced(self):
        """Where Odoo has a translation, ours is not needed and not used."""
        for module in WHOLE:
            theirs = {
                entry.msgid
                for entry in polib.pofile(file_path(f"{module}/i18n/vi.po"))
                if entry.translated() and entry.msgid != entry.msgstr
            }
            python, web = read_code_terms(file_path(OURS)).get(module, ({}, {}))
            both = theirs & (python.keys() | web.keys())
            self.assertFalse(both - INSTEAD, module)

    def test_placeholders_are_those_of_the_source(self):
        import re

        for entry in polib.pofile(file_path(OURS)):
            wanted = sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}", entry.msgid))
            given = sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}", entry.msgstr))
            self.assertEqual(wanted, given, entry.msgid)

    def test_terms_of_views_and_fields(self):
        calendar = self.env["resource.calendar"].with_context(lang=LANG)
        label = calendar.fields_get(["full_time_required_hours"])
        self.assertEqual(
            label["full_time_required_hours"]["string"], "Số giờ làm đủ thời gian"
        )
        arch = calendar.get_view(view_type="form")["arch"]
        self.assertNotIn("Switch to", arch)
        settings = self.env["res.config.settings"].with_context(lang=LANG)
        labels = settings.fields_get(["enable_recaptcha", "sms_provider"])
        if "enable_recaptcha" in labels:
            self.assertEqual(labels["enable_recaptcha"]["string"], "Bật reCAPTCHA")
        for _value, label in labels.get("sms_provider", {}).get("selection", ()):
            self.assertTrue(label.startswith("Gửi qua "), label)


@tagged(*TAGS)
class TestWebTerms(HttpCase):
    def test_the_browser_gets_them(self):
        terms = self.url_open(f"/web/webclient/translations?lang={LANG}").json()
        web = {
            message["id"]: message["string"]
            for message in terms["modules"]["web"]["messages"]
        }
        self.assertEqual(web["Missing required fields"], "Còn thiếu thông tin bắt buộc")
        self.assertEqual(web["Count"], "Số lượng", "not one of data sets")
        self.assertEqual(web["Developer Tools"], "Công cụ của nhà phát triển")

    def test_dates_and_numbers_are_written_as_here(self):
        lang = self.env["res.lang"]._get_data(code=LANG)
        self.assertEqual(
            (lang.date_format, lang.decimal_point, lang.thousands_sep),
            ("%d/%m/%Y", ",", "."),
        )
