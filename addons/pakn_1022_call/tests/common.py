from datetime import timedelta, timezone

from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

from ..tools.call_facts import (
    ANSWERED,
    ENDED,
    GONE,
    OFFERED,
    RINGING,
    WITHDRAWN,
    CallEvent,
)

__all__ = ["TAGS", "CallCase"]

NUMBER = "0905123456"


class CallCase(PaknCase):
    """An exchange, two operators at their telephones, and calls as it tells of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["pakn.call.account"].create(
            {
                "name": "Tổng đài thử",
                "code": "test_pbx",
                "host": "127.0.0.1",
                "username": "pakn",
                "new_secret": "s3cret-of-the-test",
            }
        )
        cls.colleague = new_test_user(
            cls.env,
            "test_colleague",
            name="Đồng nghiệp",
            groups="pakn_1022.group_operator",
            tz="Asia/Ho_Chi_Minh",
            lang="en_US",
        )
        cls.seat, cls.other_seat = cls.env["pakn.call.seat"].create(
            [
                {
                    "user_id": user.id,
                    "extension": extension,
                    "account_id": cls.account.id,
                    "presence": "ready",
                }
                for user, extension in ((cls.operator, "901"), (cls.colleague, "902"))
            ]
        )
        cls.calls = cls.env["pakn.call"]
        cls.reasons = {
            name: cls.env.ref(f"pakn_1022_call.reason_{name}")
            for name in ("silent", "nuisance", "information")
        }

    def at(self, seconds=0):
        """Return the moment now, and so many seconds later, aware."""
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        return now + timedelta(seconds=seconds)

    def tell(self, *events):
        """Have the exchange tell."""
        self.calls._intake(self.account, events)
        self.env.invalidate_all()

    def get(self, call_id):
        return self.calls.search([("call_id", "=", call_id)])

    def ring(self, call_id="c1", number=NUMBER, extension="901", direction="in", at=0):
        """Return a call that rings at a telephone."""
        side = "caller" if direction == "in" else "called"
        texts = ((side, number), ("direction", direction))
        events = [CallEvent(call_id, RINGING, self.at(at), texts=texts)]
        if extension:
            events.append(CallEvent(call_id, OFFERED, self.at(at + 1), extension))
        self.tell(*events)
        return self.get(call_id)

    def talk(self, call_id="c1", extension="901", **values):
        """Return a call that is answered."""
        call = self.ring(call_id, extension=extension, **values)
        self.tell(CallEvent(call_id, ANSWERED, self.at(8), extension))
        return call

    def answered(self, call_id="c1", extension="901", recording="", **values):
        """Return a call that was answered and is over."""
        call = self.talk(call_id, extension, **values)
        texts = (("recording", recording),)
        self.tell(CallEvent(call_id, ENDED, self.at(68), texts=texts))
        return call

    def lost(self, call_id="c1", gone=False, **values):
        """Return a call that nobody answered."""
        call = self.ring(call_id, **values)
        events = [
            CallEvent(call_id, WITHDRAWN, self.at(30), values.get("extension", "901")),
            CallEvent(call_id, ENDED, self.at(31)),
        ]
        if gone:
            events.append(CallEvent(call_id, GONE, self.at(30)))
        self.tell(*events)
        return call
