{
    "name": "1022 Hotline: interface",
    "summary": "Odoo's screens in Vietnamese, without Odoo's own noise",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": [
        "pakn_1022",
        "auth_signup",
        "auth_totp_mail",
        "base_import",
        "base_install_request",
        "base_setup",
        "digest",
        "mail_bot",
        "partner_autocomplete",
        "portal_rating",
        "resource_mail",
        "snailmail",
        "web_tour",
    ],
    "auto_install": True,
    "data": [
        "data/quiet_data.xml",
        "views/web_templates.xml",
    ],
    "assets": {
        "web._assets_primary_variables": [
            ("prepend", "pakn_1022_backend/static/src/scss/primary_variables.scss"),
        ],
        "web.assets_backend": [
            "pakn_1022_backend/static/src/js/*",
        ],
    },
    "post_init_hook": "post_init_hook",
}
