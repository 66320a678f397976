{
    "name": "1022 Hotline: look-ups",
    "summary": "Ask the province's databases of dossiers (Art. 6.2, 15.6, 18.5)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_website"],
    "external_dependencies": {"python": ["zeep"]},
    "data": [
        "security/ir.model.access.csv",
        "wizard/pakn_lookup_ask_views.xml",
        "views/pakn_lookup_views.xml",
        "views/pakn_lookup_log_views.xml",
        "views/pakn_ticket_views.xml",
        "views/lookup_templates.xml",
    ],
}
