{
    "name": "1022 Hotline: the national portal",
    "summary": "Exchange by file with the national complaint portal (Art. 3.3)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022"],
    "external_dependencies": {"python": ["openpyxl", "xlsxwriter"]},
    "data": [
        "security/ir.model.access.csv",
        "data/pakn_channel_data.xml",
        "wizard/pakn_exchange_import_views.xml",
        "wizard/pakn_exchange_export_views.xml",
        "views/pakn_exchange_views.xml",
        "views/pakn_ticket_views.xml",
    ],
}
