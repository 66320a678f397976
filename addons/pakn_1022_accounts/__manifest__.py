{
    "name": "1022 Hotline: Accounts",
    "summary": "Second factor, time-out, passwords, and the review of rights",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": [
        "pakn_1022",
        "auth_password_policy",
        "auth_timeout",
        "auth_totp_mail",
    ],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/pakn_rights_review_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "post_init_hook": "post_init_hook",
}
