from odoo import api, models

# Settings of Odoo that are of no use here, by one of their fields or their id: services
# of others that the policy of our pages refuses or that would send out what officials
# write, things bought from Odoo, and what 1022 sets itself (of what stands in two
# places one undoes the other)
FIELDS = {
    "auth_totp_enforce",
    "digest_emails",
    "enable_recaptcha",
    "google_translate_api_key",
    "has_google_analytics",
    "has_google_search_console",
    "has_plausible_shared_key",
    "minlength",
    "module_auth_ldap",
    "module_base_geolocalize",
    "module_google_address_autocomplete",
    "module_mail_plugin",
    "module_partner_autocomplete",
    "module_web_unsplash",
    "module_website_cf_turnstile",
    "restrict_template_rendering",
    "sms_provider",
    "tenor_api_key",
    "use_sfu_server",
    "use_twilio_rtc_servers",
}
# and invitations that give no role in 1022
IDS = {"access_rights", "iap_credits_setting", "invite_users_setting"}
WIDGETS = ("iap_buy_more_credits", "res_config_dev_tool")
# With a button alone
ICE = "mail.action_ice_servers"
# Odoo's list of accounts, and ours, where people get unit and role
ACCOUNTS, PEOPLE = "base.action_res_users", "pakn_1022.people_action"
DEVELOPERS = "base.group_no_one"


class ResConfigSettings(models.TransientModel):
    """Settings: those that a province has to do with."""

    _inherit = "res.config.settings"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Keep what is not for this product to developers."""
        arch, view = super()._get_view(view_id, view_type, **options)
        ice = self.env.ref(ICE, raise_if_not_found=False)
        for setting in arch.iter("setting"):
            names = {field.get("name") for field in setting.iter("field")}
            buttons = {button.get("name") for button in setting.iter("button")}
            if (
                names & FIELDS
                or setting.get("id") in IDS
                or buttons & {ICE, str(ice.id if ice else ICE)}
            ):
                setting.set("groups", DEVELOPERS)
        accounts, people = (str(self.env.ref(name).id) for name in (ACCOUNTS, PEOPLE))
        for button in arch.iter("button"):
            if button.get("name") in (ACCOUNTS, accounts):
                button.set("name", people)
        for widget in arch.iter("widget"):
            if widget.get("name") in WIDGETS:
                widget.set("groups", DEVELOPERS)
        return arch, view
