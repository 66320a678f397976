import base64

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import PHONE, to_local
from odoo.addons.pakn_1022.tools.visitor import get_origin

# Pages and files that one address may ask for an hour
ASKED, HOUR = 1200, 3600
SHOWN = 60
LARGEST = 2147483647
# File of an anchor -> its type
FILES = {
    "json": "application/json",
    "sig": "application/octet-stream",
    "pem": "application/x-pem-file",
    "tsr": "application/timestamp-reply",
}
HEADERS = [("X-Content-Type-Options", "nosniff"), ("Cache-Control", "max-age=300")]


class PaknRoots(http.Controller):
    """The roots of all records, published for everybody to keep (Art. 9.1).

    Whoever keeps one finds out when a record was written anew. Nothing of any request
    can be told from a root.
    """

    @http.route("/bang-chung", type="http", auth="public", methods=["GET"])
    def show(self, truoc=None, **_params):
        """List the roots, the newest first; ``truoc``: those before this size."""
        if self._is_too_often():
            return request.make_response("", status=429)
        # Of thousands of digits Python makes no number
        text = (truoc or "")[:12]
        size = int(text) if text.isdecimal() else LARGEST
        # sudo: roots are public; nothing else of an anchor is shown
        anchors_sudo = (
            request.env["pakn.anchor"]
            .sudo()
            .search([("size", "<", min(size, LARGEST))], limit=SHOWN + 1)
        )
        shown_sudo = anchors_sudo[:SHOWN]
        page = request.env["ir.qweb"]._render(
            "pakn_1022_evidence.roots_page",
            {
                "anchors": [
                    {
                        "id": anchor.id,
                        "date": to_local(anchor.date).strftime("%d/%m/%Y %H:%M"),
                        "size": anchor.size,
                        "root": anchor.root,
                        "files": self._list_files(anchor),
                    }
                    for anchor in shown_sudo
                ],
                "before": shown_sudo[-1:].size if anchors_sudo - shown_sudo else 0,
                "office": request.env.company.sudo().name,
                "phone": PHONE,
            },
        )
        return request.make_response(
            f"<!DOCTYPE html>{page}",
            [("Content-Type", "text/html; charset=utf-8"), *HEADERS],
        )

    @http.route(
        f"/bang-chung/<int(max={LARGEST}):number>.<any(json,sig,pem,tsr):kind>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def fetch(self, number, kind, **_params):
        """Give what was signed, the signature, the certificate or the time stamp."""
        if self._is_too_often():
            return request.make_response("", status=429)
        # sudo: as above
        anchor_sudo = request.env["pakn.anchor"].sudo().search([("id", "=", number)])
        if kind not in self._list_files(anchor_sudo):
            raise request.not_found()
        content = {
            "json": lambda: anchor_sudo._get_statement(),
            "sig": lambda: base64.b64decode(anchor_sudo.signature),
            "pem": lambda: anchor_sudo.certificate.encode(),
            "tsr": lambda: base64.b64decode(anchor_sudo.stamp),
        }[kind]()
        name = f"bang-chung-{anchor_sudo.date:%Y%m%d}-{number}.{kind}"
        return request.make_response(
            content,
            [
                ("Content-Type", FILES[kind]),
                ("Content-Disposition", f"attachment; filename={name}"),
                *HEADERS,
            ],
        )

    def _list_files(self, anchor_sudo):
        """Return which files of an anchor there are."""
        if not anchor_sudo:
            return []
        files = ["json"]
        if anchor_sudo.signature and anchor_sudo.certificate:
            files += ["sig", "pem"]
        if anchor_sudo.stamp:
            files.append("tsr")
        return files

    def _is_too_often(self):
        return request.env["pakn.rate.limit"]._hit(
            "roots", get_origin(request.httprequest.remote_addr), ASKED, HOUR
        )
