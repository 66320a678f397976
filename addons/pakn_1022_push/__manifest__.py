{
    "name": "1022 Hotline: messages to the app",
    "summary": "Messages to the citizen's device, share to 1022 (Art. 3.2.5, 10.1)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_website"],
    "data": [
        "security/ir.model.access.csv",
        "data/pakn_push_key_data.xml",
        "data/ir_cron_data.xml",
        "views/follow_templates.xml",
        "views/own_templates.xml",
    ],
}
