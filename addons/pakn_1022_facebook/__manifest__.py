{
    "name": "1022 Hotline: Facebook",
    "summary": "Messages and comments of the hotline's Facebook page (Art. 3.2.4)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_chat"],
    "data": [
        "data/pakn_chat_text_data.xml",
        "views/pakn_chat_account_views.xml",
    ],
}
