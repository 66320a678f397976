{
    "name": "1022 Hotline: Evidence",
    "summary": "Evidence that anybody can check: state under record, anchors, proofs",
    "version": "19.0.1.3.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": ["pakn_1022", "certificate"],
    "external_dependencies": {
        "python": ["asn1crypto", "cryptography", "pyhanko", "python-pkcs11"]
    },
    "data": [
        "security/ir.model.access.csv",
        "security/pakn_1022_evidence_rules.xml",
        "data/ir_cron_data.xml",
        "data/mail_template_data.xml",
        "report/pakn_document_templates.xml",
        "views/pakn_anchor_views.xml",
        "views/pakn_archive_views.xml",
        "views/pakn_document_views.xml",
        "views/pakn_ticket_views.xml",
        "views/pakn_transfer_views.xml",
        "views/certificate_certificate_views.xml",
        "views/pakn_trust_views.xml",
        "views/check_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "post_init_hook": "post_init_hook",
}
