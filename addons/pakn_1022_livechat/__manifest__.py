{
    "name": "1022 Hotline: chat box of the site",
    "summary": "Citizens write with the hotline on its own site (Art. 3.2.1)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_chat", "pakn_1022_website"],
    "data": [
        "data/pakn_channel_data.xml",
        "data/ir_cron_data.xml",
        "views/chat_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_frontend": ["pakn_1022_livechat/static/src/chat.scss"],
        "pakn_1022_website.assets_site": ["pakn_1022_livechat/static/src/chat.scss"],
    },
}
