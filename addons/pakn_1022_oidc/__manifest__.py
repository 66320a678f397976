{
    "name": "1022 Hotline: sign-in by OpenID Connect",
    "summary": "Staff by the province's identity provider, citizens by VNeID",
    "version": "19.0.1.1.0",
    "category": "Services/Public Services",
    "author": "1022 Gia Lai",
    "license": "LGPL-3",
    "depends": [
        "pakn_1022_accounts",
        "pakn_1022_website",
        "auth_oauth",
        "auth_passkey",
    ],
    "external_dependencies": {"python": ["PyJWT"]},
    "data": [
        "views/auth_oauth_provider_views.xml",
        "views/res_users_views.xml",
        "views/linking_templates.xml",
    ],
}
