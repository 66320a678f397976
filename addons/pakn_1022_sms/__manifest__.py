{
    "name": "1022 Hotline: SMS",
    "summary": "Every step of the regulation by brandname SMS (Art. 2, 10.1)",
    "version": "19.0.3.1.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    # Odoo defines the choice of the provider in sms_twilio, not in sms.
    "depends": ["pakn_1022", "sms_twilio"],
    "external_dependencies": {"python": ["smpplib"]},
    "data": [
        "security/ir.model.access.csv",
        "security/pakn_1022_sms_rules.xml",
        "data/sms_template_data.xml",
        "data/ir_cron_data.xml",
        "views/pakn_sms_account_views.xml",
        "views/sms_sms_views.xml",
        "views/sms_template_views.xml",
        "views/pakn_sms_receipt_views.xml",
        "views/pakn_ticket_views.xml",
        "wizard/pakn_ticket_write_views.xml",
        "views/res_config_settings_views.xml",
        "views/pakn_1022_sms_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["pakn_1022_sms/static/src/**/*"],
    },
    "post_init_hook": "post_init_hook",
}
