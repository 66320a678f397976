"""Which of Odoo's routes a visitor who is not staff may call, each with its reason.

Nothing of Odoo. Odoo serves far more than a hotline needs: some routes fetch an address
that a stranger names, some tell what is installed, some write. So what is not listed as
open is answered "not found" (``ir.http``), and a test of the routing map fails when a
route appears that is neither open nor known to be closed. Routes that our own addons
make are open: they check by themselves who asks. An addon that needs more of Odoo
extends ``ir.http._get_open_routes``.

A row names a rule of the routing map; one that ends in ``/*`` the rule before it and
all beneath it.
"""

from collections.abc import Collection, Mapping

SIGN_IN = "to sign in and out"
ENTRY = "the way into the backend: leads to the sign-in"
ASSETS = "scripts, styles and words of pages, the same for everybody"
PICTURES = "pictures and files, by the reader's own rights or a token of the file"
APP = "the site on a phone's home screen"
ALIVE = "whether the server lives, asked by what watches over it"
BUS = "news to open pages; each hears its own channels"
LINKS = "links in mails, checked by rights or by a signed token"
KEYED = "for programs that bring a key or a password"
SEARCH_ENGINES = "for search engines"
OWN_ACCOUNT = "a citizen's own account"

# By anybody
ANYBODY: dict[str, str] = {
    "/": "the site's first page",
    "/auth/passkey/start-auth": SIGN_IN,
    "/web/login": SIGN_IN,
    "/web/login/totp": SIGN_IN,
    "/web/reset_password": SIGN_IN,
    "/web/session/authenticate": SIGN_IN,
    "/web/session/get_lang_list": SIGN_IN,
    "/web/session/logout": SIGN_IN,
    "/web/signup": SIGN_IN,
    "/odoo": ENTRY,
    "/odoo/<path:subpath>": ENTRY,
    "/scoped_app": ENTRY,
    "/scoped_app/<path:subpath>": ENTRY,
    "/web": ENTRY,
    "/bus/websocket_worker_bundle": ASSETS,
    "/web/assets/*": ASSETS,
    "/web/bundle/<string:bundle_name>": ASSETS,
    "/web/webclient/bootstrap_translations": ASSETS,
    "/web/webclient/translations": ASSETS,
    "/website/translations": ASSETS,
    "/favicon.ico": PICTURES,
    "/html_editor/image_shape/*": PICTURES,
    "/html_editor/shape/*": PICTURES,
    "/logo": PICTURES,
    "/logo.png": PICTURES,
    "/mail/font_to_img/*": PICTURES,
    "/web/binary/company_logo": PICTURES,
    "/web/content/*": PICTURES,
    "/web/image/*": PICTURES,
    "/web_editor/font_to_img/*": PICTURES,
    "/web_editor/image_shape/*": PICTURES,
    "/web_editor/shape/*": PICTURES,
    "/website/image/*": PICTURES,
    "/odoo/offline": APP,
    "/scoped_app_icon_png": APP,
    "/web/manifest.scoped_app_manifest": APP,
    "/web/manifest.webmanifest": APP,
    "/web/service-worker.js": APP,
    "/web/health": ALIVE,
    "/websocket/health": ALIVE,
    "/bus/has_missed_notifications": BUS,
    "/websocket": BUS,
    "/websocket/on_closed": BUS,
    "/websocket/peek_notifications": BUS,
    "/websocket/update_bus_presence": BUS,
    "/digest/<int:digest_id>/unsubscribe": LINKS,
    "/digest/<int:digest_id>/unsubscribe_oneclik": LINKS,
    "/mail/message/<int:message_id>": LINKS,
    "/mail/unfollow": LINKS,
    "/mail/view": LINKS,
    "/rate/<string:token>/<int:rate>": LINKS,
    "/rate/<string:token>/submit_feedback": LINKS,
    "/json/2/*": KEYED,
    "/jsonrpc": KEYED,
    "/sms_twilio/status/<string:uuid>": "receipts of a gateway, which signs them",
    "/xmlrpc/2/<service>": KEYED,
    "/google<string(length=16):key>.html": SEARCH_ENGINES,
    "/robots.txt": SEARCH_ENGINES,
    "/sitemap.xml": SEARCH_ENGINES,
    "/website/lang/<lang>": "the reader's choice of a language",
}

# By a citizen who is signed in
ACCOUNTS: dict[str, str] = {
    "/my/*": OWN_ACCOUNT,
    "/web/dataset/call_kw/*": "the account's page on passwords and second factors; "
    "what a call may do, the models decide",
    "/web/login_successful": SIGN_IN,
    "/web/session/check": SIGN_IN,
    "/web/session/destroy": SIGN_IN,
    "/web/session/get_session_info": SIGN_IN,
}

REACHES_OUT = "fetches addresses from elsewhere"
ANYBODYS_TOKEN = "signs in by what was given to any service (RFC 9700, 2.1.2)"
TELLS = "tells of the installation, or searches it"
WRITES = "writes, or has the server work, past what our own pages limit"
CHATS = "conversations of staff"
THREADS = "messages of records; citizens' own pages read and write them"
DATABASES = "databases are not managed through the web"

# By nobody, staff included: the server would fetch or believe what it is told, or speak
# of Odoo in English
NOBODY: dict[str, str] = {
    "/auth_oauth/oea": ANYBODYS_TOKEN,
    "/auth_oauth/signin": ANYBODYS_TOKEN,
    "/html_editor/link_preview_external": REACHES_OUT,
    "/mail/link_preview": REACHES_OUT,
    "/web/database/*": DATABASES,
    "/website/info": TELLS,
}

# By staff alone. These rows open and close nothing: they say that the route is known,
# so that the test tells of a new one.
STAFF: dict[str, str] = {
    "/mail/link_preview/hide": REACHES_OUT,
    "/web_unsplash/get_app_id": REACHES_OUT,
    "/@/*": TELLS,
    "/json/version": TELLS,
    "/model/*": TELLS,
    "/pages/*": TELLS,
    "/web/version": TELLS,
    "/web/webclient/version_info": TELLS,
    "/website/country_infos/*": TELLS,
    "/website/get_current_currency": TELLS,
    "/website/google_maps_api_key": TELLS,
    "/website/search/*": TELLS,
    "/website/snippet/*": TELLS,
    "/website/social/<string:social>": TELLS,
    "/base_import_module/login_upload": WRITES,
    "/report/barcode/*": WRITES,
    "/sms/status": WRITES,
    "/web/set_profiling": WRITES,
    "/web/sign/get_fonts/*": WRITES,
    "/website/action/*": WRITES,
    "/website/form/*": WRITES,
    "/website/save_session_layout_mode": WRITES,
    "/website_mail/follow": WRITES,
    "/website_mail/is_follower": TELLS,
    "/xmlrpc/<service>": "of the past; /xmlrpc/2 and /json/2 serve",
    "/chat/*": CHATS,
    "/discuss/*": CHATS,
    "/mail/guest/*": CHATS,
    "/mail/rtc/*": CHATS,
    "/meet/*": CHATS,
    "/mail/action": THREADS,
    "/mail/attachment/*": THREADS,
    "/mail/avatar/*": THREADS,
    "/mail/chatter_fetch": THREADS,
    "/mail/data": THREADS,
    "/mail/message/post": THREADS,
    "/mail/message/reaction": THREADS,
    "/mail/message/update_content": THREADS,
    "/portal/*": THREADS,
    "/web/filestore/<path:_path>": "the proxy's own way to files",
}


def find_row(rows: Collection[str], rule: str) -> str | None:
    """Return the row that a rule of the routing map falls under, if any.

    >>> find_row({"/web/image/*"}, "/web/image/<int:id>")
    '/web/image/*'
    """
    if rule in rows:
        return rule
    parent = rule
    while parent:
        row = f"{parent.rstrip('/')}/*"
        if row in rows:
            return row
        parent = parent.rpartition("/")[0]
    return None


def get_open(
    anybody: Mapping[str, str], accounts: Mapping[str, str], is_signed_in: bool
) -> Mapping[str, str]:
    """Return the rows that are open to a visitor who is not staff."""
    return {**anybody, **accounts} if is_signed_in else anybody
