{
    "name": "1022 Hotline: citizens' site",
    "summary": "Submit, follow and rate requests; what the province did, in public",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022", "website"],
    "data": [
        "security/ir.model.access.csv",
        "views/common_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web._assets_primary_variables": [
            ("prepend", "pakn_1022_website/static/src/scss/primary_variables.scss"),
        ],
        "web.assets_frontend": [
            "pakn_1022_website/static/src/common/*",
        ],
    },
}
