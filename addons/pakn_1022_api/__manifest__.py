{
    "name": "1022 Hotline: other programs",
    "summary": "Keys for programs of others, Open311 GeoReport v2 (Art. 3.3, 16.2)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_website"],
    "data": [
        "security/ir.model.access.csv",
        "wizard/pakn_api_key_issue_views.xml",
        "views/pakn_api_client_views.xml",
        "views/pakn_ticket_views.xml",
        "views/res_config_settings_views.xml",
        "views/pakn_1022_api_menus.xml",
    ],
}
