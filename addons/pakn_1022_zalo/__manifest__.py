{
    "name": "1022 Hotline: Zalo",
    "summary": "The hotline's Zalo Official Account, and ZNS (Art. 3.2.3)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_chat"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/pakn_chat_account_views.xml",
        "views/pakn_zalo_template_views.xml",
    ],
}
