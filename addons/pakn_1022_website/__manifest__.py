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
        "data/ir_cron_data.xml",
        "data/mail_template_data.xml",
        "wizard/pakn_ticket_publish_views.xml",
        "views/common_templates.xml",
        "views/res_config_settings_views.xml",
        "views/results_templates.xml",
        "views/statistics_templates.xml",
        "views/subscription_templates.xml",
        "views/pakn_ticket_publication_views.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "pakn_1022_website/static/src/common/*",
            "pakn_1022_website/static/src/results/*",
            "pakn_1022_website/static/src/statistics/*",
        ],
        "web.assets_backend": [
            "pakn_1022_website/static/src/backend/publish.scss",
        ],
    },
    "post_init_hook": "post_init_hook",
}
