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
        "security/pakn_question_answer_rules.xml",
        "data/website_data.xml",
        "data/pakn_category_data.xml",
        "views/common_templates.xml",
        "views/follow_templates.xml",
        "views/submit_templates.xml",
        "views/home_templates.xml",
        "views/portal_templates.xml",
        "views/pakn_category_views.xml",
        "views/pakn_ticket_views.xml",
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
            "pakn_1022_website/static/src/submit/*",
            "pakn_1022_website/static/src/follow/*",
        ],
    },
    "post_init_hook": "post_init_hook",
}
