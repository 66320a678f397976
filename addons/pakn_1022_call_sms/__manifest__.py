{
    "name": "1022 Hotline: SMS to who called in vain",
    "summary": "“We will call you back”, once for a missed number (Art. 20.3)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_call", "pakn_1022_sms"],
    "data": [
        "views/pakn_call_back_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "auto_install": True,
}
