"""Keys of programs that act as an account: what they open, and when they end."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TAGS, PaknCase

WORDS = ("Daudezz", "Noidungzz", "Ketquazz")
TREE = {
    "title": {},
    "description": {},
    "result": {},
    "transfer_ids": {"fields": {"result": {}}},
}


@tagged(*TAGS)
class TestKeysOfAccounts(PaknCase, HttpCase):
    """Art. 13.1, 18.4: a key opens what its account may, at this very moment."""

    def setUp(self):
        super().setUp()
        self.run_clock()
        self.ticket = self.transferred(
            title=WORDS[0], description=f"<p>{WORDS[1]}, dài dòng mà kể.</p>"
        )
        # sudo: looked at
        self.slip = self.ticket.sudo().open_transfer_id
        self.own = self.new_ticket(title="Việc khác hẳn")
        self.enterContext(
            mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule")
        )

    def issue(self, user):
        # sudo: of any length of time
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate("rpc", "test", None)

    def call(self, key, model, method, **arguments):
        """Call a method as a program does; return status and text."""
        self.env.flush_all()
        reply = self.url_open(
            f"/json/2/{model}/{method}",
            json=arguments,
            headers={"Authorization": f"bearer {key}"},
        )
        self.env.invalidate_all()
        return reply.status_code, reply.text

    def look(self):
        ticket = self.ticket.sudo()
        return ticket.title, ticket.state, ticket.unit_id, len(ticket.event_ids)

    def count(self):
        return {
            name: self.env[name].sudo().with_context(active_test=False).search_count([])
            for name in ("pakn.ticket", "pakn.transfer", "pakn.unit", "pakn.category")
        }

    def test_art13_1_by_numbers_of_others_nothing_is_gained(self):
        """What takes the number of one record and tells of, or makes, another."""
        self.ticket.sudo().secrecy = "secret"
        foreign, slip = self.ticket.id, self.slip.id
        roads = [
            (
                "pakn.ticket",
                "web_save",
                {"ids": [], "vals": {}, "specification": TREE, "next_id": foreign},
            ),
            (
                "pakn.ticket",
                "web_save",
                {
                    "ids": self.own.ids,
                    "vals": {},
                    "specification": TREE,
                    "next_id": foreign,
                },
            ),
            (
                "pakn.transfer",
                "web_save",
                {
                    "ids": [],
                    "vals": {},
                    "specification": {"result": {}, "ticket_title": {}},
                    "next_id": slip,
                },
            ),
            (
                "pakn.ticket",
                "web_save_multi",
                {"ids": [foreign], "vals_list": [{}], "specification": TREE},
            ),
            ("pakn.ticket", "copy", {"ids": [foreign]}),
            ("pakn.ticket", "copy_data", {"ids": [foreign]}),
            ("pakn.transfer", "copy", {"ids": [slip]}),
            (
                "pakn.ticket",
                "load",
                {"fields": [".id", "title"], "data": [[str(foreign), "Khác"]]},
            ),
            (
                "pakn.ticket",
                "load",
                {
                    "fields": [".id", "mentioned_id/.id", "duplicate_id/.id"],
                    "data": [[str(self.own.id), str(foreign), str(foreign)]],
                },
            ),
            (
                "pakn.transfer",
                "load",
                {
                    "fields": ["ticket_id/.id", "unit_id/.id"],
                    "data": [[str(foreign), str(self.other_unit.id)]],
                },
            ),
            ("pakn.ticket", "export_data", {"ids": [foreign], "fields_to_export": []}),
            (
                "pakn.ticket",
                "get_property_definition",
                {"full_name": "title.x"},
            ),
            ("pakn.unit", "name_create", {"name": "Đơn vị lạ"}),
            ("pakn.category", "name_create", {"name": "Lĩnh vực lạ"}),
            ("pakn.transfer", "name_create", {"name": str(foreign)}),
            (
                "pakn.ticket",
                "onchange",
                {
                    "ids": [],
                    "values": {"mentioned_id": foreign},
                    "field_names": ["mentioned_id"],
                    "fields_spec": {"mentioned_id": {"fields": TREE}},
                },
            ),
        ]
        before, counted = self.look(), self.count()
        for user in (self.operator, self.other_focal, self.monitor, self.employee):
            key = self.issue(user)
            for model, method, arguments in roads:
                with self.subTest(user.login, model=model, method=method):
                    _status, text = self.call(key, model, method, **arguments)
                    for word in WORDS:
                        self.assertNotIn(word, text)
                    self.assertEqual(self.look(), before)
                    # An operator makes requests, by whatever road, and nothing else
                    made = self.count()
                    if user == self.operator:
                        made["pakn.ticket"] = counted["pakn.ticket"]
                    self.assertEqual(made, counted)

    def test_the_roads_tell_who_may(self):
        """The test above would see something if there were something to be seen."""
        key = self.issue(self.operator)
        vals = {"vals": {}, "specification": TREE}
        status, text = self.call(
            key,
            "pakn.ticket",
            "web_save",
            ids=self.own.ids,
            next_id=self.ticket.id,
            **vals,
        )
        self.assertEqual(status, 200, text)
        self.assertIn(WORDS[0], text)

    def test_art18_4_a_key_ends_with_what_its_account_may(self):
        """Unit, role and account are taken away: at the next call it opens nothing."""
        key, search = self.issue(self.focal), {"domain": [], "fields": ["ticket_title"]}
        operator = self.issue(self.operator)

        def told(key, model="pakn.transfer", **arguments):
            found = self.call(key, model, "search_read", **{**search, **arguments})
            return found[0], WORDS[0] in found[1]

        def told_of_tickets():
            return told(operator, "pakn.ticket", fields=["title"])

        self.assertEqual(told(key), (200, True))
        self.assertEqual(told_of_tickets(), (200, True))
        self.unit.focal_user_ids -= self.focal
        self.assertFalse(told(key)[1], "the unit")
        self.unit.focal_user_ids += self.focal
        self.assertEqual(told(key), (200, True))
        self.focal.group_ids = self.env.ref("base.group_user")
        self.assertEqual(told(key), (403, False), "the role")
        status, _text = self.call(
            key, "pakn.transfer", "acknowledge", ids=self.slip.ids
        )
        self.assertEqual((status, self.slip.state), (403, "sent"))
        self.ticket.sudo().secrecy = "secret"
        self.assertEqual(told_of_tickets(), (200, False), "a secret")
        self.ticket.sudo().secrecy = "public"
        for user, one in ((self.focal, key), (self.operator, operator)):
            user.active = False
            self.assertEqual(told(one)[0], 401, "the account")
            user.active = True
        self.assertEqual(told_of_tickets(), (200, True))
        # sudo: as the account's page does
        keys_sudo = self.env["res.users.apikeys"].sudo()
        keys_sudo.search([("user_id", "=", self.operator.id)])._remove()
        self.assertEqual(told_of_tickets()[0], 401, "the key")

    def test_art18_4_a_new_password_ends_the_keys_of_the_old_one(self):
        """Whether it was changed by oneself or given by the administrator."""
        search = {"domain": [], "fields": ["title"]}
        administrator = self.env.ref("base.user_admin")

        def change(user):
            user.with_user(user).change_password(user.login, "Mat-khau-moi-1022")

        def give(user):
            user.with_user(administrator).password = "Mat-khau-khac-1022"

        for renew in (change, give):
            self.operator.password = self.operator.login
            key, other = self.issue(self.operator), self.issue(self.focal)
            self.assertEqual(
                self.call(key, "pakn.ticket", "search_read", **search)[0], 200
            )
            renew(self.operator)
            self.assertEqual(
                self.call(key, "pakn.ticket", "search_read", **search)[0], 401
            )
            status, _text = self.call(other, "pakn.ticket", "search_read", **search)
            self.assertEqual(status, 200, "of somebody else")
