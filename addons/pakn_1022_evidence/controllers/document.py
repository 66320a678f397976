from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import PHONE, to_local
from odoo.addons.pakn_1022.tools.visitor import get_origin

# What one address may ask an hour: an office sends all its people through one
ASKED, HOUR = 600, 3600
# Bytes of a file that somebody compares
LARGEST = 30 * 1024 * 1024
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
TOO_OFTEN = "Quá nhiều lượt kiểm tra từ một địa chỉ; xin thử lại sau ít phút."
TOO_BIG = "Tệp lớn hơn 30 MB, nên không phải văn bản của hệ thống 1022."
NO_FILE = "Xin chọn tệp PDF cần kiểm tra."
UNKNOWN = "Không có văn bản nào với mã này trong hồ sơ."
OTHER = "Tệp này không phải văn bản đã phát hành, hoặc đã bị sửa sau khi phát hành."


class PaknDocument(http.Controller):
    """The PDF of a document for who may read it, and its check for everybody."""

    @http.route(
        "/pakn/document/<int(max=2147483647):number>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def download(self, number):
        document = request.env["pakn.document"].search([("id", "=", number)])
        if not document:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(document, "content")
        return stream.get_response(
            as_attachment=False,
            download_name=document._get_file_name(),
            mimetype="application/pdf",
            immutable=False,
        )

    @http.route(
        ["/van-ban", "/van-ban/<string(maxlength=64):token>"],
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def look(self, token=None, **params):
        """Say whether the paper that bears this code was issued."""
        if self._is_too_often():
            return self._answer(error=TOO_OFTEN, status=429)
        if not token:
            return self._answer()
        document = request.env["pakn.document"]._find(token)
        if not document:
            return self._answer(error=UNKNOWN, status=404)
        return self._answer(document)

    @http.route(
        ["/van-ban", "/van-ban/<string(maxlength=64):token>"],
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def compare(self, token=None, file=None, **params):
        """Say whether a file is a document as it was issued; nothing of it is kept."""
        if self._is_too_often():
            return self._answer(error=TOO_OFTEN, status=429)
        content = file.stream.read(LARGEST + 1) if hasattr(file, "stream") else b""
        if not content:
            return self._answer(error=NO_FILE, status=400)
        if len(content) > LARGEST:
            return self._answer(error=TOO_BIG, status=413)
        document = request.env["pakn.document"]._find(content=content)
        if not document:
            return self._answer(error=OTHER)
        return self._answer(document, is_upload=True)

    def _is_too_often(self):
        return request.env["pakn.rate.limit"]._hit(
            "document", get_origin(request.httprequest.remote_addr), ASKED, HOUR
        )

    def _answer(self, document=None, error=None, is_upload=False, status=200):
        values = {
            "document": document,
            "error": error,
            "is_upload": is_upload,
            "is_whole": bool(document) and document._is_whole(),
            "is_removed": bool(document) and document._is_removed(),
            "kind": document and document._get_label(document, "kind"),
            "date": document and to_local(document.date).strftime("%d/%m/%Y"),
            "office": request.env.company.sudo().name,
            "phone": PHONE,
            "path": request.httprequest.path,
            "csrf_token": request.csrf_token(),
        }
        page = request.env["ir.qweb"]._render("pakn_1022_evidence.check_page", values)
        return request.make_response(
            f"<!DOCTYPE html>{page}",
            [("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()],
            status=status,
        )
