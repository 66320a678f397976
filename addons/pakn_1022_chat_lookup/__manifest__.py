{
    "name": "1022 Hotline: look-ups in chats",
    "summary": "The helper tells how far a dossier is, by its code (Art. 6.2)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_chat", "pakn_1022_lookup"],
    "data": [
        "data/pakn_chat_text_data.xml",
        "views/pakn_lookup_views.xml",
    ],
    "auto_install": True,
}
