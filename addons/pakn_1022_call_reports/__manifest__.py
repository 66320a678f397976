{
    "name": "1022 Hotline: calls in the reports",
    "summary": "The telephone in the periodic report and on the wall (Art. 12, 20, 21)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_call", "pakn_1022_reports"],
    "auto_install": True,
    "data": ["views/pakn_call_wall_views.xml"],
    "assets": {
        "web.assets_backend": ["pakn_1022_call_reports/static/src/**/*"],
    },
}
