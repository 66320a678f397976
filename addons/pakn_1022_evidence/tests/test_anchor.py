import base64
import tempfile
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from cryptography import x509

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import anchors, merkle, timestamps
from .common import EvidenceCase
from .pki import Authority, TimeAuthority, install

MODELS = {
    "pakn.seal": {"manager": "r"},
    "pakn.house.seal": {"manager": "r"},
    "pakn.anchor": {"manager monitor": "r"},
    "pakn.anchor.leaf": {"manager": "r"},
    "pakn.document": {"operator manager focal other_focal head office_user": "r"},
    "pakn.signature": {
        "operator manager monitor focal other_focal head office_user": "r"
    },
    "pakn.archive": {"manager": "rcwu"},
    "pakn.archive.part": {"manager": "r"},
    "pakn.trust": {"manager": "rcwu"},
}
LOGGER = "odoo.addons.pakn_1022_evidence.models.pakn_anchor"


@tagged(*TAGS)
class TestAnchor(EvidenceCase):
    """Art. 9.1: all records under one root each night."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anchors = cls.env["pakn.anchor"]
        cls.params = cls.env["ir.config_parameter"]
        cls.authority = Authority()

    def anchor(self, count=1, **values):
        """Return a new anchor over so many new requests."""
        for _number in range(count):
            self.new_ticket(**values)
        self.seal()
        return self.anchors._anchor()

    def sign(self):
        """Set a certificate and an authority for the time; return both."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        clock = TimeAuthority(folder.name, self.authority)
        self.addCleanup(clock.close)
        certificate, key = self.authority.certify("Tổng đài 1022 Gia Lai")
        record = install(self.env, certificate, key)
        self.params.set_param("pakn_1022_evidence.certificate_id", str(record.id))
        self.params.set_param("pakn_1022_evidence.tsa_url", clock.url)
        return certificate, clock

    def test_every_model_and_role(self):
        self.check_rights("pakn_1022_evidence", MODELS)

    def test_the_tree_grows_and_every_leaf_is_proved(self):
        with patch("odoo.addons.pakn_1022_evidence.models.pakn_anchor.TILE", 4):
            sizes = [self.anchor(count).size for count in (1, 3, 6, 7)]
            self.assertEqual(sizes, sorted(set(sizes)))
            leaves = self.env["pakn.anchor.leaf"].search([])
            for leaf in leaves:
                anchor = leaf.anchor_id
                path = merkle.get_path(
                    leaf.number, anchor.size, self.anchors._get_range
                )
                root = merkle.follow_path(
                    leaf.number,
                    anchor.size,
                    merkle.hash_leaf(
                        anchors.get_leaf(
                            leaf.ticket_id, leaf.code, leaf.seals, leaf.hash
                        )
                    ),
                    path,
                )
                self.assertEqual(root.hex(), anchor.root)
            self.assertEqual(self.anchors._find_anchor_faults(), [])
        self.assertFalse(self.anchors._anchor(), "nothing went on")

    def test_a_chain_that_goes_on_is_anchored_anew(self):
        first = self.anchor()
        leaf = self.env["pakn.anchor.leaf"].search(
            [("anchor_id", "=", first.id), ("ticket_id", "!=", 0)]
        )
        ticket = self.env["pakn.ticket"].browse(leaf[-1:].ticket_id)
        ticket.with_user(self.operator).write({"title": "Cây đổ"})
        self.seal()
        second = self.anchors._anchor()
        self.assertEqual((second.count, second.size), (1, first.size + 1))
        self.assertEqual(
            second.previous, anchors.hash_statement(first._get_statement())
        )

    def test_it_is_signed_and_stamped(self):
        certificate, clock = self.sign()
        anchor = self.anchor()
        self.assertEqual(clock.asked, 1)
        self.assertTrue(anchor.is_signed and anchor.is_stamped)
        statement = anchor._get_statement()
        found = x509.load_pem_x509_certificate(anchor.certificate.encode())
        self.assertEqual(found, certificate)
        self.assertTrue(anchors.is_signed(statement, anchor.signature, certificate))
        token = base64.b64decode(anchor.stamp)
        self.assertIn(
            "TSA",
            timestamps.read_stamp(token, statement).signer.subject.rfc4514_string(),
        )
        with self.assertRaises(timestamps.StampError):
            timestamps.read_stamp(token, statement + b" ")
        self.assertEqual(self.anchors._find_anchor_faults(), [])

    def test_no_answer_of_the_authority_holds_nothing_up(self):
        _certificate, clock = self.sign()
        self.assertTrue(self.anchor().is_stamped)
        clock.answer = b"no answer"
        with self.assertLogs(LOGGER, "ERROR") as log:
            anchor = self.anchor()
        self.assertIn("an anchor got no time stamp", log.output[0])
        self.assertTrue(anchor.is_signed)
        self.assertFalse(anchor.is_stamped)
        # The answer to the question before
        clock.answer = clock.stamp((clock.folder / "query.tsq").read_bytes())
        with self.assertLogs(LOGGER, "ERROR") as log:
            self.assertFalse(self.anchor().is_stamped)
        self.assertIn("something else", log.output[0])

    def test_art09_1_signature_root_and_order_are_checked(self):
        self.sign()
        first, second = self.anchor(), self.anchor()
        cases = {
            "root": ("root = repeat('a', 64)", "root of the anchor"),
            "date": ("date = date - interval '1 day'", "signature .* is wrong"),
            "signature": ("signature = 'AAAA'", "signature .* is wrong"),
            "stamp": ("stamp = 'AAAA'", "time stamp .* is wrong"),
            "previous": ("previous = repeat('0', 63) || '1'", "does not follow"),
        }
        for name, (change, words) in cases.items():
            with self.subTest(name), self.env.cr.savepoint(flush=False) as savepoint:
                self.execute(f"UPDATE pakn_anchor SET {change} WHERE id=%s", first.id)
                found = " ".join(
                    text for _a, text in self.anchors._find_anchor_faults()
                )
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
                self.assertRegex(found, words)
        with self.env.cr.savepoint(flush=False) as savepoint:
            self.execute(
                "UPDATE pakn_anchor_leaf SET hash = repeat('b', 64) WHERE number = 0"
            )
            found = [anchor for anchor, _text in self.anchors._find_anchor_faults()]
            savepoint.rollback()
        self.assertEqual(found, [first, second])

    def test_art09_1_what_proofs_are_made_of_is_checked(self):
        """Each would make good records look bad, or the next anchor wrong."""
        with patch("odoo.addons.pakn_1022_evidence.models.pakn_anchor.TILE", 4):
            first, second = self.anchor(6), self.anchor(6)
            wrong = "Entry no. {} of the anchors was changed"
            cases = {
                "edge": (
                    "pakn_anchor SET frontier = repeat('a', 64)",
                    f"id = {second.id}",
                    "says of its tree",
                ),
                "count": (
                    "pakn_anchor SET count = count + 1",
                    f"id = {first.id}",
                    "says of its tree",
                ),
                "inner node": (
                    "pakn_anchor_leaf SET tile = repeat('a', 64)",
                    "number = 3",
                    wrong.format(3),
                ),
                "anchor of a leaf": (
                    f"pakn_anchor_leaf SET anchor_id = {second.id}",
                    "number = 2",
                    wrong.format(2),
                ),
            }
            for name, (change, where, words) in cases.items():
                with self.subTest(name), self.env.cr.savepoint(flush=False) as point:
                    self.execute(f"UPDATE {change} WHERE {where}")
                    found = [t for _a, t in self.anchors._find_anchor_faults()]
                    point.rollback()
                    self.env.invalidate_all(flush=False)
                    self.assertEqual(len(found), 1, found)
                    self.assertIn(words, found[0])
            self.assertEqual(self.anchors._find_anchor_faults(), [])

    def test_art09_1_anchors_that_were_taken_away_are_missed(self):
        """The last ones or all, entries and all: the tree itself looks whole then."""
        first = self.anchor()
        self.anchor(2)
        job = self.env.ref("pakn_1022_evidence.ir_cron_anchor")
        job.lastcall = fields.Datetime.now() + timedelta(days=2)
        self.env.flush_all()
        self.assertEqual(self.anchors._find_anchor_faults(), [])
        for size, count in ((first.size, 2), (0, 3)):
            with self.subTest(size), self.env.cr.savepoint(flush=False) as point:
                self.execute("DELETE FROM pakn_anchor_leaf WHERE number >= %s", size)
                self.execute("DELETE FROM pakn_anchor WHERE size > %s", size)
                [(place, text)] = self.anchors._find_anchor_faults()
                self.assertIn(f"{count} records should have been anchored", text)
                with self.assertLogs(LOGGER, "ERROR"):
                    self.anchors._verify_all()
                self.assertIn(text, place.activity_ids.mapped("summary"))
                point.rollback()
                self.env.invalidate_all(flush=False)

    def test_art09_1_an_anchor_signed_anew_is_not_the_one_written_down(self):
        """Who owns database and certificate does not own the server's files."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.patch(config, "options", config.options.new_child({"data_dir": folder}))
        self.assertEqual(self.anchors._get_book().parent.parent, Path(folder))
        self.sign()
        anchor = self.anchor()
        # Nothing is written down before it is committed
        self.assertFalse(self.anchors._get_book().exists())
        self.assertEqual(self.anchors._find_anchor_faults(), [])
        anchor._write_down()
        self.anchor()._write_down()
        self.assertEqual(self.anchors._find_anchor_faults(), [])
        other = install(self.env, *self.authority.certify("Tổng đài 1022 Gia Lai"))
        signed = self.anchors._sign(other, anchor._get_statement())
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False) as point:
            self.execute(
                "UPDATE pakn_anchor SET signature = %s, certificate = %s WHERE id = %s",
                *(signed["signature"], signed["certificate"], anchor.id),
            )
            [(place, text)] = self.anchors._find_anchor_faults()
            point.rollback()
            self.env.invalidate_all(flush=False)
        self.assertEqual(place, anchor)
        self.assertIn("not the one that was written down on the server (line 1", text)
        self.assertEqual(self.anchors._find_anchor_faults(), [])
        with self.anchors._get_book().open("a") as file:
            file.write("[]\n{\n")
        found = [text for _anchor, text in self.anchors._find_anchor_faults()]
        self.assertEqual(len(found), 2)
        self.assertIn("Line 3 of the book of anchors is broken", found[0])

    def test_art09_what_stands_on_record_is_not_changed(self):
        self.transferred().with_user(self.operator).action_make_file()
        self.anchor()
        names = [
            model._name
            for model in self.env.registry.values()
            if "UPDATE" in getattr(model, "_refused", "") and not model._abstract
        ]
        told = {"pakn.event", "pakn.document", "pakn.seal", "pakn.house.seal"}
        self.assertLessEqual(told | {"pakn.anchor", "pakn.anchor.leaf"}, set(names))
        for record in (self.env[name].search([], limit=1) for name in names):
            if not record:
                continue  # of an addon whose own tests make some
            with self.subTest(record._name):
                with self.assertRaises(UserError):
                    record.write({"id": 1})
                with self.assertRaises(UserError):
                    record.unlink()
                with (
                    self.assertRaisesRegex(Exception, "Art. 9"),
                    mute_logger("odoo.sql_db"),
                    self.env.cr.savepoint(flush=False),
                ):
                    self.env.cr.execute(f"DELETE FROM {record._table}")

    def test_the_administrator_anchors_at_once_and_nobody_else(self):
        self.new_ticket()
        notice = self.anchors.with_user(self.manager).action_anchor()["params"]
        self.assertIn("records anchored", notice["message"])
        notice = self.anchors.with_user(self.manager).action_anchor()["params"]
        self.assertIn("Nothing has changed", notice["message"])
        for user in (self.operator, self.monitor, self.focal):
            with self.assertRaises(AccessError):
                self.anchors.with_user(user).action_anchor()

    def test_the_monitors_get_the_root_by_mail(self):
        self.new_ticket()
        self.seal()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["pakn.anchor"]._cron_anchor()
        self.env.invalidate_all()
        anchor = self.anchors.search([], limit=1)
        mail = self.env["mail.mail"].search([("email_to", "ilike", self.monitor.email)])
        self.assertIn(anchor.root, mail.body_html)

    def test_each_night_the_managers_are_told_of_a_removed_request(self):
        anchor = self.anchor()
        self.execute(
            """INSERT INTO pakn_anchor_leaf (anchor_id, number, ticket_id, code, seals,
                      hash) VALUES (%s, %s, 2000000000, 'GL26-000999-9', 1, 'x')""",
            *(anchor.id, anchor.size),
        )
        for _night in range(2):
            with self.assertLogs(LOGGER, "ERROR"):
                self.anchors._verify_all()
        todos = anchor.activity_ids.filtered(lambda todo: todo.user_id == self.manager)
        self.assertEqual(len(todos), 2)
        self.assertIn("GL26-000999-9", " ".join(todos.mapped("summary")))

    def test_the_address_of_the_authority_is_checked(self):
        with self.assertRaises(ValidationError):
            self.env["res.config.settings"].create({"pakn_tsa_url": "file:///etc"})

    def test_the_known_roots_of_rfc_9162(self):
        """The examples of Certificate Transparency."""
        entries = [
            *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
            "606162636465666768696a6b6c6d6e6f",
        ]
        leaves = [merkle.hash_leaf(bytes.fromhex(entry)) for entry in entries]
        roots = {
            0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        }
        for size, root in roots.items():
            self.assertEqual(merkle.get_root(leaves[:size]).hex(), root)
