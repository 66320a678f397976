from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestRoutingOrder(PaknCase):
    """Art. 10.1: of rules that say equally much the first of the list is followed."""

    def setUp(self):
        super().setUp()
        self.rules = self.env["pakn.routing.rule"].with_user(self.manager)
        self.rules.search([]).active = False
        self.area = self.env.ref("pakn_1022.area_23563")

    def rule(self, unit, sequence, **values):
        return self.rules.create(
            {"unit_id": unit.id, "sequence": sequence, "area_id": self.area.id} | values
        )

    def proposed(self):
        return self.new_ticket(area_id=self.area.id).suggested_unit_id

    def check_order(self, **values):
        """Check that the list's order decides between two rules that say as much."""
        later = self.rule(self.unit, 20, **values)
        first = self.rule(self.other_unit, 10, **values)
        self.assertEqual(self.proposed(), self.other_unit, "by its place in the list")
        later.sequence, first.sequence = 10, 20
        self.assertEqual(self.proposed(), self.unit, "the list was put in order anew")
        later.sequence = 20
        self.assertEqual(self.proposed(), self.unit, "the older one where places equal")

    def test_art10_1_the_first_of_two_rules_for_field_and_area(self):
        self.check_order(category_id=self.category.id)

    def test_art10_1_the_first_of_two_rules_for_a_field(self):
        self.check_order(category_id=self.category.id, area_id=False)

    def test_art10_1_the_first_of_two_rules_for_an_area(self):
        self.category.default_unit_id = False
        self.check_order()
