from odoo import models

from odoo.addons.pakn_1022.tools.province import EMAIL, PHONE, to_local

from ..tools import scripts
from ..tools.text import to_json_in_page

# Of Odoo, closed to visitors (pakn_1022/tools/public_routes.py), yet in its sitemap
CLOSED = ("/website/info",)
EDITORS = "website.group_website_restricted_editor"
SHARE_IMAGE = "/pakn_1022_website/static/icons/icon-512.png"


class Website(models.Model):
    """Odoo's website, where it does not bear what strangers send."""

    _inherit = "website"

    def _get_canonical_url(self):
        """Return the page's one address; that of the site for what can have none.

        Odoo raises ValueError for dot segments in a path (``/..%2fx``), which makes
        of its page "not found" an internal error.
        """
        try:
            return super()._get_canonical_url()
        except ValueError:
            return self.get_base_url()

    def _enumerate_pages(self, query_string=None, force=False):
        """Leave out what is closed here: Odoo's page on itself."""
        for page in super()._enumerate_pages(query_string, force):
            if page["loc"] not in CLOSED:
                yield page

    def _get_pakn_layout(self):
        """Return the template around our pages.

        Odoo's own for those who edit the site with its builder; for everybody else a
        small one, that weighs a twentieth.
        """
        is_editor = self.env.user.has_group(EDITORS)
        return "website.layout" if is_editor else "pakn_1022_website.site_layout"

    def _get_pakn_script(self, name):
        """Return the address of a module of ours, ``submit/submit.js``."""
        return scripts.get_url(name)

    def _get_pakn_words(self):
        """Return the sentences of the site's scripts as data within a page.

        ``%(name)s`` in them is filled in by ``fill`` of ``site.js``.
        """
        env = self.env
        offline = env._("There is no connection.")
        again = env._("Nothing is lost; please send it again in a few minutes.")
        words = {
            "drafts": {
                "all": env._("Kept on this device for 24 hours, until you send it."),
                "text": env._(
                    "Your words are kept on this device; for the photos it has no room."
                ),
                "none": env._(
                    "This device keeps no draft; please do not close the page."
                ),
                "found": env._(
                    "This is what you had begun; it was kept on this device."
                ),
                "drop": env._("Delete the draft"),
                "dropped": env._("The draft is deleted."),
            },
            "files": {
                "many": env._("At most %(count)s files, please.", count="%(count)s"),
                "type": env._(
                    "Only photos (JPEG, PNG, WebP, GIF), PDF and videos (MP4, 3GP) can "
                    "be sent."
                ),
                "heic": env._(
                    "HEIC photos cannot be taken. Set the camera to “most compatible” "
                    "(JPEG), or send a screenshot of the photo."
                ),
                "broken": env._("The file is empty or cannot be read."),
                "large": env._(
                    "A file is larger than %(megabytes)s MB; please shorten it.",
                    megabytes="%(megabytes)s",
                ),
                "chosen": env._(
                    "Ready to be sent: %(count)s files, %(megabytes)s MB.",
                    count="%(count)s",
                    megabytes="%(megabytes)s",
                ),
            },
            "sending": {
                "now": env._("Sending… %(percent)s %%", percent="%(percent)s"),
                "offline": offline,
                "waiting": env._(
                    "There is no connection. Your request is kept and sent as soon as "
                    "there is one."
                ),
                "later": env._(
                    "There is no connection. What you wrote and the part of your "
                    "files that arrived are kept; press the button again later."
                ),
                "429": env._("You have asked very often. Please wait a little."),
                "413": env._(
                    "Your files are too large together; please take some away."
                ),
                "401": env._(
                    "Please sign in again in another tab, then send it again."
                ),
                "refused": env._(
                    "This could not be sent. Reload the page: what you wrote is kept. "
                    "Or call (0269) 1022."
                ),
                "server": env._("The server did not answer as it should. %s", again),
            },
            "submit": {
                "description": env._("Please say what happened, in a few words."),
                "stop": env._(
                    "Such matters are not handled here; please call the number shown."
                ),
                "helps": env._("Perhaps this helps you at once"),
                "nearby": env._(
                    "%(metres)s m from here somebody has reported the same "
                    "(%(field)s).",
                    metres="%(metres)s",
                    field="%(field)s",
                ),
                "nearby_unit": env._(
                    "%(metres)s m from here somebody has reported the same "
                    "(%(field)s); %(unit)s handles it.",
                    metres="%(metres)s",
                    field="%(field)s",
                    unit="%(unit)s",
                ),
                "follow_results": env._("Follow the results instead"),
                "join": env._("Is it the same? Join it, you need not write again"),
                "pin": env._("Place of the matter"),
                "marked": env._(
                    "The place is marked on the map. Drag the pin to correct it."
                ),
                "found_area": env._(
                    "The ward is chosen. Now tap on the place itself, if you like."
                ),
                "found_place": env._("Now tap on the place itself."),
                "found_nothing": env._("No place of this name is known."),
                "now": env._("now in %(name)s", name="%(name)s"),
                "photo_place": env._(
                    "The place is taken from your photo. Drag the pin to correct it."
                ),
                "locating": env._("Looking for your place…"),
                "not_located": env._(
                    "The device does not tell where you are. Tap on the map, or choose "
                    "the ward."
                ),
                "no_map": env._("The map did not come. Choose the ward below."),
                "photo": env._("Photo %(number)s", number="%(number)s"),
                "remove": env._("Remove file %(number)s", number="%(number)s"),
                "code_sent": env._("We have sent a code of six digits to your phone."),
                "was_sent": env._(
                    "Your request has been sent; it is with the hotline."
                ),
                "follow": env._("Follow the request"),
            },
        }
        return to_json_in_page(words)

    def _get_pakn_share_image(self):
        """Return the picture of a page that is shared, with its host."""
        return self.get_base_url() + SHARE_IMAGE

    def _get_pakn_tiles(self):
        """Return address pattern of the map's tiles, and whose the background is.

        The pattern is empty when none is set: maps then show boundaries or centres. It
        is the address of a file where the administrator has loaded one (PMTiles).
        """
        params = self.env["ir.config_parameter"]
        url = params._get_typed("pakn_1022_website.tile_url", "")
        of_whom = "tile_attribution" if url else "boundary_source"
        map_file = self._get_pakn_map_file() if not url else None
        if map_file:
            # Another file has another address, so it may be kept for long
            zoom = params._get_typed("pakn_1022_website.map_zoom", "")
            url = f"/ban-do/nen/{map_file.checksum[:16]}-{zoom}.pmtiles"
            of_whom = "map_source"
        return url, params._get_typed(f"pakn_1022_website.{of_whom}", "")

    def _get_pakn_map_file(self):
        """Return the attachment with the ground of maps, in sudo; none without."""
        params = self.env["ir.config_parameter"]
        file_id = params._get_typed("pakn_1022_website.map_file", "")
        # sudo: made to be seen by everybody
        attachments_sudo = self.env["ir.attachment"].sudo()
        return attachments_sudo.browse(int(file_id or 0) or ()).exists()

    def _get_pakn_hours(self):
        """Return when the hotline answers, empty for day and night."""
        return self.env["ir.config_parameter"]._get_typed(
            "pakn_1022_website.hotline_hours", ""
        )

    def _get_pakn_privacy_contact(self):
        """Return who answers questions on personal data and on the site itself.

        :return: ``{"name", "address", "phone", "dial", "email"}``, the hotline's own
            where the settings name nobody
        """
        params = self.env["ir.config_parameter"]

        def get(name, default):
            return params._get_typed(f"pakn_1022_website.privacy_{name}", default)

        phone = get("phone", PHONE)
        return {
            "name": get("name", self.env.company.name),
            "address": get("address", ""),
            "phone": phone,
            "dial": "".join(char for char in phone if char.isdigit() or char == "+"),
            "email": get("email", EMAIL),
        }

    def _get_pakn_guides(self, page):
        """Return the recordings that explain a page, ``submit`` or ``follow``."""
        return self.env["pakn.spoken.guide"]._get_of_page(page)

    def _shows_pakn_open(self):
        """Return whether visitors read of matters that are still handled."""
        return self.env["pakn.ticket"]._is_open_public()

    def _get_pakn_figures(self):
        """Return the totals of the public statistics, protected as there.

        :return: ``{measure: number}``, empty before they were counted for the first
            time; see ``pakn.statistics``
        """
        statistics_sudo = self.env["pakn.statistics"]._get_last()
        return statistics_sudo.data["total"] if statistics_sudo else {}

    def _get_pakn_recent_results(self, limit=3):
        """Return cards of what was published last, for the home page.

        Their template is ``pakn_1022_website.recent_results``.
        """
        tickets, _cursor = self.env["pakn.ticket"]._search_results({}, limit)
        return [ticket._get_public_card() for ticket in tickets]

    def _get_pakn_day(self, moment):
        """Return a moment as a day of the province, ``24/11/2026``."""
        return f"{to_local(moment):%d/%m/%Y}" if moment else ""
