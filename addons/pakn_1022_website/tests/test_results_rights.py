from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .test_art13_results import ResultsCase

# Model -> what the operators and the manager may; the manager alone: in capitals
MODELS = {
    "pakn.ticket.publish": "rcw",
    "pakn.ticket.publish.photo": "rcwu",
    "pakn.abuse": "rw",
    "pakn.subscription": "RU",
    "pakn.supporter": "",
    "pakn.statistics": "R",
}
LETTERS = {"r": "read", "c": "create", "w": "write", "u": "unlink"}


@tagged(*TAGS)
class TestResultsRights(ResultsCase):
    def test_every_model_and_role(self):
        for name, rights in MODELS.items():
            for user in (
                self.env.ref("base.public_user"),
                self.employee,
                self.focal,
                self.head,
                self.office_user,
                self.monitor,
                self.operator,
                self.manager,
            ):
                model = self.env[name].with_user(user)
                found = "".join(
                    letter
                    for letter, operation in LETTERS.items()
                    if model.has_access(operation)
                )
                expected = ""
                if user == self.manager:
                    expected = rights.lower()
                elif user == self.operator:
                    expected = "".join(letter for letter in rights if letter.islower())
                with self.subTest(name, user=user.login):
                    self.assertEqual(found, expected)

    def test_a_token_is_read_by_nobody_of_the_hotline(self):
        subscription = self.env["pakn.subscription"].create({"email": "a@example.com"})
        with self.assertRaises(AccessError):
            subscription.with_user(self.operator).read(["email"])

    def test_art13_1_the_public_reads_no_request_by_rpc(self):
        ticket = self.published()
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            ticket.with_user(public).read(["public_title"])
        found, _cursor = (
            self.env["pakn.ticket"].with_user(public)._search_results({}, 5)
        )
        self.assertTrue(found, "the site reads what is published")
