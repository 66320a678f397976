from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestUnitsOfGiaLai(PaknCase):
    """The units of the province today, and those that went before (Art. 16)."""

    def ours(self, model, domain):
        records = self.env[model].with_context(active_test=False).search(domain)
        data = records.get_external_id()
        return records.filtered(lambda r: data[r.id].startswith("pakn_1022."))

    def test_that_it_was_made_is_said_without_the_name_of_a_model(self):
        """Names of models are not translated yet when an addon's data are made."""
        self.assertEqual(self.unit._creation_message(), "Created")

    def test_art16_the_135_communes_and_wards_of_today(self):
        areas = self.ours("pakn.area", [("active", "=", True)])
        self.assertEqual(len(areas), 135)
        kinds = areas.grouped("kind")
        self.assertEqual((len(kinds["ward"]), len(kinds["commune"])), (25, 110))
        offices = self.ours(
            "pakn.unit", [("active", "=", True), ("kind", "=", "commune")]
        )
        self.assertEqual(len(offices), 135)
        self.assertEqual(offices.area_id, areas)
        pleiku = offices.filtered(lambda unit: unit.name == "UBND phường Pleiku")
        self.assertEqual(pleiku.area_id.name, "Phường Pleiku")
        self.assertEqual(pleiku.date_from, fields.Date.to_date("2025-07-01"))

    def test_art16_the_departments_of_today(self):
        departments = self.ours(
            "pakn.unit", [("active", "=", True), ("kind", "=", "department")]
        )
        self.assertEqual(len(departments), 14)
        self.assertIn("Sở Nông nghiệp và Môi trường", departments.mapped("name"))

    def test_those_of_the_regulations_time_have_ended(self):
        ended = self.ours("pakn.unit", [("active", "=", False)])
        kinds = ended.grouped("kind")
        self.assertEqual(len(kinds["district"]), 17)
        self.assertEqual(len(kinds["commune"]), 218)
        for unit in kinds["commune"] | kinds["department"]:
            self.assertTrue(unit.successor_id.active, unit.name)
            self.assertEqual(unit.date_to, fields.Date.to_date("2025-06-30"))
        self.assertEqual(kinds["commune"].parent_id, kinds["district"])
        old = kinds["department"].filtered(lambda unit: unit.code == "SGTVT")
        self.assertEqual(old.successor_id.code, "SXD")
        self.assertEqual(old.display_name, "Sở Giao thông vận tải (now Sở Xây dựng)")
        areas = self.ours("pakn.area", [("active", "=", False)])
        self.assertEqual(len(areas), 17 + 218)
        communes = areas.filtered("parent_id")
        self.assertEqual(len(communes), 218)
        self.assertTrue(all(area.successor_id.active for area in communes))

    def test_an_ended_unit_is_not_chosen_again(self):
        district = self.ours("pakn.unit", [("kind", "=", "district")])[0]
        with self.assertRaisesRegex(ValidationError, "exists no longer"):
            self.transferred(district)
        found = self.env["pakn.unit"].name_search(district.name)
        self.assertNotIn(district.id, dict(found))

    def test_an_upgrade_leaves_the_administrators_changes(self):
        unit = self.ours("pakn.unit", [("active", "=", True)])[0]
        data = self.env["ir.model.data"].search(
            [("model", "=", "pakn.unit"), ("res_id", "=", unit.id)]
        )
        self.assertTrue(data.noupdate)


@tagged(*TAGS)
class TestEndOfAUnit(PaknCase):
    """A unit that ends hands over what it holds."""

    def setUp(self):
        super().setUp()
        self.ticket = self.transferred(self.unit, self.other_unit)
        self.slip = self.ticket.sudo().open_transfer_id
        self.manager_unit = self.unit.with_user(self.manager)

    def test_open_slips_go_to_the_successor(self):
        deadline = self.slip.date_due
        other = self.env["pakn.unit"].create(
            {
                "name": "Sở Mới",
                "code": "TESTNEW",
                "focal_user_ids": [fields.Command.set(self.office_user.ids)],
            }
        )
        child = self.env["pakn.unit"].create(
            {"name": "Chi cục", "code": "TESTC", "parent_id": self.unit.id}
        )
        done = self.done().sudo()
        self.manager_unit.end("2026-03-01", other.id)
        self.assertFalse(self.unit.active)
        self.assertEqual(self.slip.unit_id, other)
        self.assertEqual((self.slip.date_due, self.slip.state), (deadline, "sent"))
        self.assertEqual(self.ticket.sudo().unit_id, other)
        self.assertEqual(done.unit_id, self.unit, "what is past keeps its name")
        self.assertEqual(done.transfer_ids.unit_id, self.unit)
        self.assertEqual((child.parent_id, child.active), (other, True))
        self.assertEqual(self.category.default_unit_id, other)
        event = self.ticket.sudo().event_ids.filtered(lambda e: e.kind == "moved")
        self.assertEqual(event.payload, {"from": "TEST1", "to": "TESTNEW"})
        self.assertEqual(self.ticket._verify_records(), {})
        self.assertFalse(self.ticket.with_user(self.focal).has_access("read"))
        self.slip.with_user(self.office_user).answer("<p>Xong.</p>")
        self.assertEqual(self.ticket.sudo().state, "answered")

    def test_a_successor_that_has_a_slip_already_takes_the_lead(self):
        self.manager_unit.end("2026-03-01", self.other_unit.id)
        self.assertEqual(self.slip.state, "cancelled")
        lead = self.ticket.sudo().open_transfer_id
        self.assertEqual((lead.unit_id, lead.role), (self.other_unit, "lead"))

    def test_a_day_to_come_is_waited_for(self):
        self.manager_unit.end("2026-03-02", self.other_unit.id)
        self.assertTrue(self.unit.active)
        cron = self.env.ref("pakn_1022.ir_cron_end_units")
        for moment, active in (("2026-03-02 23:30", True), ("2026-03-03 00:10", False)):
            self.set_clock(moment)
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(self.unit.active, active, moment)

    def test_what_cannot_be(self):
        cases = (
            (ValidationError, "not a day", "tomorrow", self.other_unit.id),
            (ValidationError, "last day", None, self.other_unit.id),
            (ValidationError, "open slips", "2026-03-01", None),
            (ValidationError, "cannot take over", "2026-03-01", self.unit.id),
        )
        for error, text, day, successor in cases:
            with self.subTest(text), self.assertRaisesRegex(error, text):
                self.manager_unit.end(day, successor)
            self.assertTrue(self.unit.active)
        with self.assertRaisesRegex(ValidationError, "stays"):
            self.office.with_user(self.manager).end("2026-03-01", self.unit.id)
        with self.assertRaises(AccessError):
            self.unit.with_user(self.operator).end("2026-03-01", self.other_unit.id)
        self.manager_unit.end("2026-03-01", self.other_unit.id)
        with self.assertRaises(UserError):
            self.manager_unit.end("2026-03-01", self.other_unit.id)

    def test_the_dialog(self):
        wizard = (
            self.env["pakn.unit.end"]
            .with_user(self.manager)
            .create({"unit_ids": self.unit.ids, "successor_id": self.other_unit.id})
        )
        self.assertEqual(wizard.open_count, 1)
        wizard.date_to = "2026-03-01"
        wizard.action_confirm()
        self.assertFalse(self.unit.active)


@tagged(*TAGS)
class TestRouting(PaknCase):
    """Art. 10.1: the operator is proposed a unit, and told why."""

    def setUp(self):
        super().setUp()
        self.rules = self.env["pakn.routing.rule"]
        self.rules.search([]).active = False
        self.area = self.env.ref("pakn_1022.area_23563")
        self.commune = self.env.ref("pakn_1022.unit_23563")
        self.sub = self.env["pakn.category"].create(
            {"name": "Rác thải", "code": "TEST.1", "parent_id": self.category.id}
        )

    def proposed(self, category=None, area=None):
        ticket = self.new_ticket(
            category_id=(category or self.sub).id, area_id=(area or self.area).id
        )
        return ticket.suggested_unit_id, ticket.suggested_reason

    def rule(self, **values):
        return self.rules.with_user(self.manager).create(values)

    def test_art10_1_the_rule_that_says_most_wins(self):
        self.assertEqual(self.proposed(), (self.unit, "usual unit of “Rác thải”"))
        self.rule(area_id=self.area.id, unit_id=self.office.id)
        self.assertEqual(self.proposed()[0], self.unit, "the field says more")
        group = self.rule(category_id=self.category.id, unit_id=self.other_unit.id)
        self.assertEqual(self.proposed(), (self.other_unit, "rule for “Lĩnh vực thử”"))
        self.rule(category_id=self.sub.id, unit_id=self.office.id)
        self.assertEqual(self.proposed()[0], self.office, "the sub-field says more")
        self.rule(
            category_id=self.category.id,
            area_id=self.area.id,
            unit_id=self.other_unit.id,
        )
        self.assertEqual(
            self.proposed(),
            (self.other_unit, "rule for “Lĩnh vực thử” in Phường Diên Hồng"),
        )
        group.active = False

    def test_art10_1_the_commune_of_the_place(self):
        self.rule(category_id=self.sub.id, is_local=True)
        unit, reason = self.proposed()
        self.assertEqual(unit, self.commune)
        self.assertIn("handled by the commune of the place", reason)
        nowhere = self.new_ticket(category_id=self.sub.id)
        self.assertEqual(nowhere.suggested_unit_id, self.unit, "no place, usual unit")

    def test_an_area_alone_counts_where_nothing_else_does(self):
        self.category.default_unit_id = False
        self.rule(area_id=self.area.id, unit_id=self.office.id)
        self.assertEqual(self.proposed()[0], self.office)

    def test_rules_that_say_nothing_are_refused(self):
        for values in ({"unit_id": self.unit.id}, {"area_id": self.area.id}):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.rule(**values)

    def test_a_list_costs_a_constant_number_of_queries(self):
        self.rule(category_id=self.sub.id, is_local=True)
        areas = self.env["pakn.area"].search([], limit=30)
        pairs = [(self.sub, area) for area in areas]
        self.env.flush_all()
        for size in (3, 30):
            self.env.invalidate_all()
            pairs[0][0].name, areas.mapped("name")
            with self.subTest(size), self.assertQueryCount(8):
                self.rules._propose(pairs[:size])


@tagged(*TAGS)
class TestImport(PaknCase):
    """Units come from a spreadsheet, by Odoo's own import; people: test_people."""

    def load(self, model, name):
        with file_open(f"pakn_1022/static/xlsx/{name}.xlsx", "rb") as file:
            content = file.read()
        env = self.env(user=self.manager, context={"lang": "vi_VN"})
        wizard = env["base_import.import"].create(
            {
                "res_model": model,
                "file": content,
                "file_name": f"{name}.xlsx",
                "file_type": "application/vnd.openxmlformats-officedocument."
                "spreadsheetml.sheet",
            }
        )
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        preview = wizard.parse_preview(options)
        self.assertNotIn("error", preview)
        columns = [
            "/".join(preview["matches"].get(position, []))
            for position in range(len(preview["headers"]))
        ]
        self.assertTrue(all(columns), preview["headers"])
        result = wizard.execute_import(columns, preview["headers"], preview["options"])
        self.assertFalse(result["messages"])
        return self.env[model].browse(result["ids"])

    def test_the_template_is_imported_as_it_is(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        unit = self.load("pakn.unit", "units")
        self.assertEqual(unit.parent_id.code, "SXD")

    def test_the_import_offers_them(self):
        for template in self.env["pakn.unit"].get_import_templates():
            with file_open(template["template"].lstrip("/"), "rb") as file:
                self.assertEqual(file.read(2), b"PK")
