import json
import time
from itertools import count

from odoo import fields

from odoo.addons.pakn_1022.tests.common import PaknCase
from odoo.addons.pakn_1022_chat.tests.peer import Peer, read_form

APP, SECRET = "4512983761", "oa-secret-key"
NUMBERS = count()


class ZaloPeer:
    """Zalo on loopback: consult messages, ZNS, tokens; each refresh token once."""

    def __init__(self):
        self.access, self.refresh, self.used = "a0", "r0", []
        self.messages, self.zns, self.errors, self.count = [], [], [], 0
        self.uploads = []
        self.peer = Peer(self.answer)

    def answer(self, _method, path, headers, body):
        path = path.partition("?")[0]
        self.count += 1
        if path == "/v4/oa/access_token":
            return self.give_tokens(
                dict(p.split("=") for p in body.decode().split("&"))
            )
        if self.errors:
            error = self.errors.pop(0)
            if callable(error):
                return error()
            return self.reply({"error": error, "message": "x"})
        if headers.get("access_token") != self.access:
            return self.reply({"error": -216, "message": "Access token is invalid"})
        if path.startswith("/v2.0/oa/upload/"):
            self.uploads.append((path.rpartition("/")[2], read_form(headers, body)))
            name = "token" if path.endswith("/file") else "attachment_id"
            return self.reply({"error": 0, "data": {name: f"f{self.count}"}})
        values = json.loads(body) if body else {}
        if path == "/v3.0/oa/message/cs":
            self.messages.append(values)
            number = f"m{self.count}"
            return self.reply({"error": 0, "data": {"message_id": number}})
        if path == "/message/template":
            self.zns.append(values)
            return self.reply({"error": 0, "data": {"msg_id": f"z{self.count}"}})
        if path == "/template/info/v2":
            names = [{"name": "ma", "require": True}, {"name": "ten", "require": False}]
            data = {"status": "ENABLE", "listParams": names}
            return self.reply({"error": 0, "data": data})
        if path == "/v2.0/oa/getoa":
            return self.reply({"error": 0, "data": {"name": "1022 Gia Lai"}})
        return self.reply({"error": 0, "data": [{"remain": 9, "total": 10}]})

    def give_tokens(self, form):
        if form["grant_type"] == "refresh_token":
            self.used.append(form["refresh_token"])
            if form["refresh_token"] != self.refresh:
                return self.reply({"error": -14020, "error_name": "Invalid refresh"})
        number = len(self.used)
        self.access, self.refresh = f"a{number}-{self.count}", f"r{number}-{self.count}"
        return self.reply(
            {
                "access_token": self.access,
                "refresh_token": self.refresh,
                "expires_in": "90000",
            }
        )

    @staticmethod
    def reply(values, status=200):
        return status, {"Content-Type": "application/json"}, json.dumps(values).encode()


class ZaloCase(PaknCase):
    """A connected Official Account, and Zalo on loopback."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zalo = ZaloPeer()
        cls.enterClassContext(cls.zalo.peer)
        params = cls.env["ir.config_parameter"]
        for name in ("api", "business", "oauth"):
            params.set_param(f"pakn_1022_zalo.{name}_url", cls.zalo.peer.url)
        cls.account = cls.env["pakn.chat.account"].create(
            {
                "name": "Zalo 1022",
                "kind": "zalo",
                "outside_id": "oa-test",
                "zalo_app_id": APP,
                "zalo_app_secret": "app-secret",
                "zalo_oa_secret": SECRET,
            }
        )
        cls.connect()

    @classmethod
    def connect(cls):
        cls.zalo.access, cls.zalo.refresh = "a0", "r0"
        cls.account.sudo().write(
            {
                "zalo_access_token": "a0",
                "zalo_refresh_token": "r0",
                "zalo_refresh_claimed": False,
                "zalo_token_until": fields.Datetime.to_datetime("2036-01-01 00:00:00"),
                "zalo_connected_on": fields.Datetime.now(),
                "problem": False,
            }
        )

    def payload(self, name="user_send_text", who="u1", number=None, **message):
        """Return what Zalo sends of a message, as captured."""
        number = number or f"msg{next(NUMBERS)}"
        return {
            "event_name": name,
            "app_id": APP,
            "sender": {"id": who},
            "recipient": {"id": "oa-test"},
            "message": {"msg_id": number, **message},
            "timestamp": str(int(time.time() * 1000)),
            "user_id_by_app": "1",
        }
