from unittest.mock import patch

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

from ..models import pakn_lookup
from .peer import OneStop

__all__ = ["CODE", "TAGS", "LookupCase"]

CODE = "000.00.16.H21-251126-0001"
DOSSIER = {
    "status": 2,
    "agency": {"name": "Sở Xây dựng"},
    "received": "2026-11-20T01:30:00Z",
    "due": "/Date(1796256000000)/",
    "applicant": "Nguyễn Văn A",
    "phone": "0905 123 456",
    "fee": 150000,
}


class LookupCase(PaknCase):
    """A one-stop system on loopback, and a source that the manager has set up."""

    def setUp(self):
        super().setUp()
        pakn_lookup._answers.clear()
        self.peer = self.enterContext(OneStop())
        self.peer.dossiers[CODE] = dict(DOSSIER)
        model = type(self.env["pakn.lookup"])
        self.loopback = patch.object(
            model, "_get_filter", lambda self: lambda ip: ip == "127.0.0.1"
        )
        self.loopback.start()
        self.addCleanup(self.loopback.stop)
        self.lookup = self.set_up()
        self.logs = self.env["pakn.lookup.log"]

    def set_up(self, **values):
        """Set a source up as the administrator does."""
        return (
            self.env["pakn.lookup"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Hồ sơ một cửa",
                    "url": f"{self.peer.url}/dossiers",
                    "networks": "127.0.0.0/8",
                    "record_path": "data",
                    "phone_path": "phone",
                    "timeout_seconds": 1,
                    "field_ids": [
                        (0, 0, {"label": label, "path": path, **more})
                        for label, path, more in (
                            (
                                "Trạng thái",
                                "status",
                                {"words": "1 = Mới nhận\n2 = Đang xử lý"},
                            ),
                            ("Nơi xử lý", "agency.name", {}),
                            ("Nhận ngày", "received", {"kind": "datetime"}),
                            ("Hẹn trả", "due", {"kind": "date"}),
                            ("Lệ phí", "fee", {"kind": "money", "is_shown": False}),
                            ("Người nộp", "applicant", {"is_personal": True}),
                        )
                    ],
                    **values,
                }
            )
        )

    def look_up(self, code=CODE, lookup=None):
        """Look up as an operator does."""
        return (lookup or self.lookup).with_user(self.operator)._ask(code, "desk")

    def get_logs(self, lookup=None):
        found = self.logs.search([("lookup_id", "=", (lookup or self.lookup).id)])
        return [(one.state, one.reason) for one in found.sorted("id")]
