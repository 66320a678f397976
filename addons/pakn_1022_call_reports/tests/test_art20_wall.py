from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.pakn_1022_call.models.pakn_call_desk import WALL
from odoo.addons.pakn_1022_call.tests.common import TAGS, CallCase
from odoo.addons.pakn_1022_call.tools.call_facts import ANSWERED, ENDED, CallEvent


@tagged(*TAGS)
class TestArt20Wall(CallCase):
    """Art. 20: nobody waits unseen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = new_test_user(
            cls.env, "test_supervisor", groups="pakn_1022.group_supervisor"
        )

    def see(self, user=None):
        wall = self.env["pakn.call.wall"].with_user(user or self.supervisor)
        return wall.get_wall()

    def test_art20_the_wall_counts_what_there_is(self):
        self.assertEqual(self.see()["hours"], [])
        self.assertIsNone(self.see()["today"]["share"])
        self.answered("quick")
        self.ring("slow", number="0911111111", extension="902")
        self.tell(
            CallEvent("slow", ANSWERED, self.at(30), "902"),
            CallEvent("slow", ENDED, self.at(90)),
        )
        self.lost("lost", number="0922222222")
        self.answered("out", number="0933333333", direction="out")
        self.set_clock("2026-03-02 10:05")
        self.lost("gone", gone=True, number="0922222222")
        self.talk("now", number="0944444444")
        self.ring("waits", number="0955555555", at=-40)
        wall = self.see()
        self.assertEqual(
            wall["today"],
            {"calls": 4, "answered": 2, "missed": 2, "share": 0.25, "wait": 25},
        )
        self.assertEqual(
            wall["hours"],
            [
                {"hour": 8, "answered": 2, "missed": 1},
                {"hour": 9, "answered": 0, "missed": 0},
                {"hour": 10, "answered": 0, "missed": 1},
            ],
        )
        self.assertEqual(wall["now"], "2026-03-02 03:05:00")
        since = "2026-03-02 03:04:20"
        self.assertEqual(wall["waiting"], {"count": 1, "since": since})
        self.assertEqual(wall["talking"], 1)
        self.assertEqual(wall["back"]["count"], 1)
        seen = {
            one["extension"]: (one["presence"], one["answered"], one["talk"])
            for one in wall["operators"]
            if one["extension"] in ("901", "902")
        }
        self.assertEqual(seen, {"901": ("talking", 1, 60), "902": ("ready", 1, 60)})
        # Yesterday is not today
        self.set_clock("2026-03-03 07:00")
        self.assertEqual(self.see()["today"]["calls"], 0)

    def test_who_sees_it(self):
        for user in (self.supervisor, self.monitor, self.manager):
            self.assertIn("operators", self.see(user))
        for user in (self.operator, self.focal, self.head, self.employee):
            with self.assertRaises(AccessError):
                self.see(user)

    def test_it_is_told_that_something_changed(self):
        self.env["bus.bus"].search([]).unlink()
        self.ring()
        self.env.cr.precommit.run()
        news = self.env["bus.bus"].search([("message", "like", WALL)])
        self.assertTrue(news)
        for message in news:
            self.assertNotIn("905", message.message)

    def test_queries_do_not_grow(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.see()
            return self.cr.sql_log_count - start

        self.answered("first")
        count()
        before = count()
        for number in range(12):
            self.answered(f"more{number}", number=f"09051{number:05}")
        self.assertLessEqual(count(), before)
