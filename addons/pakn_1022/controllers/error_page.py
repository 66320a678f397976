"""The page of an error where no layout is: outside the site, and before there is one.

It needs nothing of the database, which may be what failed.
"""

from markupsafe import Markup
from werkzeug.http import HTTP_STATUS_CODES

from odoo.http import Response, request
from odoo.tools import LazyTranslate

from ..tools.province import LANG, NAME, PHONE

_lt = LazyTranslate(__name__)

# What the title says, and what to do
WORDS = {
    400: (
        _lt("This did not work"),
        _lt(
            "The page was open for too long, or what was sent is not what it asks for. "
            "Go back, load the page again and repeat the last step."
        ),
    ),
    403: (
        _lt("This is not open to you"),
        _lt(
            "Sign in with an account that may read it. If yours should, ask the "
            "administrator of your unit or call the hotline."
        ),
    ),
    404: (
        _lt("There is nothing at this address"),
        _lt(
            "The address is wrong, or what stood here is gone or not yours to read. "
            "Go back to where you came from, or begin at the first page."
        ),
    ),
    413: (
        _lt("What you sent is too large"),
        _lt("Go back and send fewer or smaller files."),
    ),
    421: (
        _lt("The hotline has another address"),
        _lt("Open it by the address below."),
    ),
    429: (
        _lt("Too many attempts"),
        _lt("Wait some minutes, then try again."),
    ),
    500: (
        _lt("Something went wrong here"),
        _lt(
            "It is our mistake. Try again in a few minutes; if it stays so, tell the "
            "hotline what you wanted to do."
        ),
    ),
}
HOME = _lt("To the first page")
HELP = _lt("The hotline helps:")

PAGE = Markup("""<!DOCTYPE html>
<html lang="%(lang)s">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="robots" content="noindex"/>
<title>%(title)s | %(name)s</title>
<style>
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: #212529; }
header { padding: 1rem; background: #0b5cad; color: #fff; font-weight: 600; }
main { max-width: 40rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { margin: 0 0 1rem; font-size: 1.6rem; line-height: 1.25; }
p { overflow-wrap: anywhere; }
main a { color: #0b5cad; }
main a.main { display: inline-block; padding: .6rem 1.2rem; border-radius: .3rem;
  background: #0b5cad; color: #fff; text-decoration: none; }
small { color: #5c636a; }
</style>
</head>
<body>
<header>%(name)s</header>
<main>
<h1>%(title)s</h1>
<p>%(text)s</p>
<p><a class="main" href="%(home)s">%(way)s</a></p>
<p>%(help)s <a href="tel:%(digits)s">%(phone)s</a></p>
<p><small>%(number)s</small></p>
</main>
</body>
</html>
""")
NUMBER = _lt("Error %(code)s")


def asks_for_page():
    """Return whether a person's browser opens an address, no program or picture."""
    return "text/html" in request.httprequest.accept_mimetypes.values()


def make_page(code, said=None, home=None):
    """Return the page of an error.

    :param int code: of HTTP; one without words of its own says those of its hundred
    :param said: what an act refused says to people, in place of what to do
    :param home: the address to go on at; by default that of who is signed in, or the
        site's
    """
    known = code if code in WORDS else 500 if code >= 500 else 400
    # The two languages that these words have; who names none reads Vietnamese
    asked = request.env.context.get("lang") if request.env else None
    lang = "en_US" if (asked or "").startswith("en") else LANG
    title, text = (one._translate(lang) for one in WORDS[known])
    way = home or HOME._translate(lang)
    page = PAGE % {
        "lang": lang[:2],
        "name": NAME,
        "title": title,
        "text": said or text,
        "home": home or ("/web" if request.session.uid else "/"),
        "way": way,
        "help": HELP._translate(lang),
        "digits": "".join(filter(str.isdigit, PHONE)),
        "phone": PHONE,
        "number": NUMBER._translate(lang) % {"code": code},
    }
    return Response(page, status=code, mimetype="text/html")


def make_plain(code):
    """Return the error as programs read it: the words of HTTP."""
    return Response(HTTP_STATUS_CODES[code], status=code, mimetype="text/plain")
