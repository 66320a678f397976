from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import seals
from .common import EvidenceCase


@tagged(*TAGS)
class TestArt09House(EvidenceCase):
    """Art. 9.1, 12.2: who the codes and logins on record are, and what was reported."""

    def setUp(self):
        super().setUp()
        self.house = self.env["pakn.house.seal"]
        self.house._seal_all()
        self.house._seal_pending()

    def find(self):
        return "\n".join(self.house._find_faults())

    def check_found(self, words, statement, *parameters):
        with self.env.cr.savepoint(flush=False) as point:
            self.execute(statement, *parameters)
            self.assertRegex(self.find(), words)
            point.rollback()
            self.env.invalidate_all(flush=False)
        self.assertEqual(self.find(), "")

    def test_art09_1_names_changed_past_the_program_are_named(self):
        self.assertEqual(self.find(), "")
        unit, user = self.unit.id, self.focal.id
        cases = (
            (rf"Unit no\. {unit}: changed.*Name", "UPDATE pakn_unit SET name = 'X'"),
            (rf"Unit no\. {unit}: changed.*Code", "UPDATE pakn_unit SET code = 'X9'"),
            (rf"Account no\. {user}: changed.*Login", "UPDATE res_users SET login='x'"),
        )
        for words, statement in cases:
            number = unit if "Unit" in words else user
            with self.subTest(statement):
                self.check_found(words, f"{statement} WHERE id = %s", number)
        self.check_found(
            rf"Account no\. {user}: changed.*Name",
            "UPDATE res_partner SET name = 'Người khác' WHERE id = %s",
            self.focal.partner_id.id,
        )
        self.check_found(
            "Unit no. .*added outside",
            "INSERT INTO pakn_unit (name, code, kind, active)"
            " VALUES ('Giả', 'GIA', 'department', true)",
        )

    def test_art09_1_what_the_program_changes_is_on_record(self):
        self.unit.name = "Sở Xây dựng và Giao thông"
        self.focal.name = "Nguyễn Văn Khác"
        new = self.unit.copy({"code": "MOI"})
        self.env.flush_all()
        self.assertEqual(self.find(), "")
        new.unlink()
        self.env.flush_all()
        self.assertEqual(self.find(), "")

    def test_law_91_2025_no_citizen_is_under_the_seal_of_the_house(self):
        """Their accounts come and go without a trace."""
        portal = self.env["res.users"].create(
            {
                "name": "Công dân",
                "login": "congdan@example.com",
                "group_ids": self.env.ref("base.group_portal").ids,
            }
        )
        self.focal.name = "Nguyễn Văn Khác"
        self.house._seal_pending()
        self.env.cr.execute("SELECT changes::text FROM pakn_house_seal")
        said = " ".join(row for [row] in self.env.cr.fetchall())
        self.assertIn(self.focal.login, said)
        self.assertNotIn("congdan", said)
        self.assertNotIn("Văn Khác", said)
        self.execute("UPDATE res_users SET login = 'x' WHERE id = %s", portal.id)
        self.assertEqual(self.find(), "")

    def test_art09_1_the_chain_itself_is_checked_and_anchored(self):
        self.unit.name = "Tên mới"
        self.env.flush_all()
        self.house._seal_pending()
        self.env["pakn.anchor"]._anchor()
        leaf = self.env["pakn.anchor.leaf"].search([("ticket_id", "=", 0)])
        self.assertTrue(leaf)
        self.assertEqual(self.env["pakn.anchor"]._find_anchor_faults(), [])
        self.execute("ALTER TABLE pakn_house_seal DISABLE TRIGGER USER")
        cut = "DELETE FROM pakn_house_seal WHERE sequence = %s"
        self.check_found("does not fit from no", cut, leaf[-1].seals)
        # Written anew, each hash right
        with self.env.cr.savepoint(flush=False) as point:
            self.forge()
            found = [text for _a, text in self.env["pakn.anchor"]._find_anchor_faults()]
            point.rollback()
            self.env.invalidate_all(flush=False)
        self.assertIn("is not the one that was anchored", "".join(found))

    def forge(self):
        self.execute("UPDATE pakn_unit SET name = 'Giả' WHERE id = %s", self.unit.id)
        self.env.cr.execute("SELECT changes FROM pakn_house_seal WHERE sequence = 1")
        self.execute("DELETE FROM pakn_house_seal")
        self.execute(
            "UPDATE ir_config_parameter SET value = %s WHERE key = %s",
            f"0 {seals.START}",
            "pakn_1022_evidence.house_head",
        )
        self.execute(
            "DELETE FROM ir_config_parameter WHERE key = %s",
            "pakn_1022_evidence.house_salt",
        )
        self.env.registry.clear_cache()
        self.house._seal_all()

    def test_art12_2_a_confirmed_report_is_frozen_for_good(self):
        report = self.env["pakn.report"].create(
            {"kind": "free", "date_from": "2026-01-01", "date_to": "2026-01-31"}
        )
        report.sudo().write(
            {"state": "confirmed", "content": {"late": 4}, "letter": {"to": "UBND"}}
        )
        self.env.flush_all()
        self.house._sweep()
        self.assertEqual(self.find(), "")
        report.sudo().write({"state": "sent"})
        self.env.flush_all()
        self.check_found(
            rf"Confirmed report no\. {report.id}: changed outside",
            "UPDATE pakn_report SET content = '{\"late\": 0}' WHERE id = %s",
            report.id,
        )
        # Back to a draft and counted anew: it is missed
        self.check_found(
            rf"Confirmed report no\. {report.id}: removed outside",
            "UPDATE pakn_report SET state = 'draft' WHERE id = %s",
            report.id,
        )
        self.house._sweep()
        self.assertEqual(self.find(), "")
