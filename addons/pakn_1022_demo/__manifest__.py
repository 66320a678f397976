{
    "name": "1022 Hotline: demonstration",
    "summary": "Units, people, a year of requests and reports of an invented Gia Lai",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": [
        "pakn_1022_facebook",
        "pakn_1022_livechat",
        "pakn_1022_reports",
        "pakn_1022_zalo",
    ],
    "external_dependencies": {"python": ["freezegun"]},
    "post_init_hook": "post_init_hook",
}
