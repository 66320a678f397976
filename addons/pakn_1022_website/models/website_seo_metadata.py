from urllib.parse import urlsplit, urlunsplit

from odoo import models
from odoo.http import request


class WebsiteSeoMetadata(models.AbstractModel):
    """What is said of a page to who shares it, under the address of the setting."""

    _inherit = "website.seo.metadata"

    def get_website_meta(self):
        """Return Odoo's meta data with the site's own host in each address.

        Odoo takes the host of the request, which whoever asks may choose.
        """
        meta = super().get_website_meta()
        base = urlsplit(request.website.get_base_url())
        asked = urlsplit(request.httprequest.url_root)
        for values in (meta["opengraph_meta"], meta["twitter_meta"]):
            for name in values.keys() & {"og:url", "og:image", "twitter:image"}:
                parts = urlsplit(values[name])
                if parts.netloc == asked.netloc:
                    own = parts._replace(scheme=base.scheme, netloc=base.netloc)
                    values[name] = urlunsplit(own)
        return meta
