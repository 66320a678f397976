from unittest.mock import patch

from odoo.addons.pakn_1022.tests.common import PaknCase

from ..tools.gateway import Event, File, Result


class Gateway:
    """A door that keeps what it is handed, and answers as the test says."""

    def __init__(self):
        self.sent, self.results, self.count = [], [], 0

    def send(self, message):
        self.sent.append(message)
        self.count += 1
        if self.results:
            return self.results.pop(0)
        return Result("sent", f"out-{self.count}")


class ChatCase(PaknCase):
    """One account at a door of the tests, by which people write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = type(cls.env["pakn.chat.account"])
        cls.gateway = gateway = Gateway()
        cls.startClassPatcher(
            patch.object(
                accounts,
                "_get_gateways",
                lambda self: {"zalo": lambda account: gateway},
            )
        )
        cls.account = cls.env["pakn.chat.account"].create(
            {"name": "Zalo 1022", "kind": "zalo", "outside_id": "test-oa"}
        )
        cls.count = 0

    def setUp(self):
        super().setUp()
        self.gateway.sent.clear()
        self.gateway.results.clear()

    def event(self, text="", who="u1", **values):
        type(self).count += 1
        values.setdefault("key", f"in-{self.count}")
        values.setdefault("name", "Nguyễn Văn A")
        return Event("message", identity=who, text=text, **values)

    def writes(self, *texts, who="u1", **values):
        """Have somebody write, and return the conversation."""
        events = [self.event(text, who, **values) for text in texts]
        return self.take_in(*events)

    def take_in(self, *events):
        channels = self.env["discuss.channel"]
        channels._pakn_take_in(self.account, events)
        self.env.flush_all()
        self.env.invalidate_all()
        return channels.search(
            [
                ("pakn_account_id", "=", self.account.id),
                ("pakn_outside_id", "=", events[0].identity),
            ]
        )

    def photo(self, who="u1"):
        return self.event(who=who, files=(File("https://example.com/a.jpg", "a.jpg"),))

    def out(self, channel):
        """Return what is said in a conversation, oldest first."""
        return (
            self.env["pakn.chat.message"]
            .search([("channel_id", "=", channel.id), ("direction", "=", "out")])
            .sorted("id")
        )

    def send(self):
        """Send what waits, as the job does, without its commits."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60
        ):
            self.env["pakn.chat.message"]._send_all(self.account)
        self.env.flush_all()
        self.env.invalidate_all()

    def whole_request(self, who="u1"):
        """Return the conversation of somebody who has said all that is asked for."""
        channel = self.writes("đèn đường trước nhà tôi hỏng đã 3 ngày", who=who)
        for text in ("hẻm 5", "bỏ qua", "Nguyễn An", "5 Hùng Vương", "0905 123 456"):
            self.writes(text, who=who)
        return channel
