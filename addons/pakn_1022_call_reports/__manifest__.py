{
    "name": "1022 Hotline: calls in the reports",
    "summary": "The telephone's figures in the periodic report (Art. 12, 21)",
    "version": "19.0.1.0.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022_call", "pakn_1022_reports"],
    "auto_install": True,
}
