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
        "data/website_language_data.xml",
        "views/access_templates.xml",
        "views/common_templates.xml",
        "views/knowledge_templates.xml",
        "views/pakn_article_views.xml",
        "views/pwa_templates.xml",
        "views/unit_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web._assets_primary_variables": [
            (
                "after",
                "website/static/src/scss/primary_variables.scss",
                "pakn_1022_website/static/src/scss/primary_variables.scss",
            ),
        ],
        "web.assets_frontend": [
            "pakn_1022_website/static/src/common/*",
            "pakn_1022_website/static/src/knowledge/*",
            "pakn_1022_website/static/src/pwa/pwa.*",
            "pakn_1022_website/static/src/units/*",
        ],
    },
}
