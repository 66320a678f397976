import base64
import io
import zipfile

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022_call.tests.common import NUMBER, TAGS, CallCase

SOUND = b"RIFF not read" * 8
ADDRESS = "https://cdn.example/2026/03/ghi-am-c1.wav?key=k3y"


@tagged(*TAGS)
class TestNoRecordingInExports(CallCase):
    """Art. 12.1: a recording is heard by right, and no export leads around that."""

    def setUp(self):
        super().setUp()
        self.ticket = self.transferred()
        self.call = self.answered(number=NUMBER, recording=ADDRESS)
        self.call.with_user(self.operator).link(self.ticket.id)
        self.recording = self.call.recording_id
        self.recording._keep(SOUND, "audio/wav")
        self.recording.peaks = "0f1e2d3c4b5a" * 16
        self.file = self.env["ir.attachment"].search(
            [("res_model", "=", "pakn.call.audio"), ("res_field", "=", "data")],
            order="id desc",
            limit=1,
        )
        self.assertEqual(self.file.raw, SOUND)
        self.readers = self.operator | self.monitor | self.focal
        for user in self.readers:
            self.assertFalse(user.has_group("pakn_1022_call.group_listener"))
        self.env.flush_all()

    def check(self, content):
        """Check that a text or bytes hold neither the sound nor a way to it."""
        if isinstance(content, str):
            content = content.encode()
        for part in (
            SOUND,
            base64.b64encode(SOUND)[:80],
            b"cdn.example",
            b"ghi-am-c1",
            b"k3y",
            b"pakn_call/recording",
            self.file.store_fname.encode(),
            b"/web/content/%d" % self.file.id,
            b"pakn.call.audio",
            self.recording.peaks.encode(),
        ):
            self.assertNotIn(part, content)

    def get_paths(self, model, depth):
        """Yield each path of fields that Odoo's export offers, so many models deep."""
        for name, field in model.fields_get().items():
            if not field.get("exportable", True):
                continue
            yield name
            if depth and field.get("relation", "").startswith("pakn."):
                for path in self.get_paths(model.env[field["relation"]], depth - 1):
                    yield f"{name}/{path}"

    def export(self, records, paths):
        """Return what Odoo's own export gives, as text; of a refusal nothing."""
        try:
            with self.env.cr.savepoint():
                return str(records.export_data(list(paths))["datas"])
        except AccessError:
            return ""

    def test_art12_1_not_in_odoos_own_export(self):
        for user in self.readers:
            user.group_ids += self.env.ref("base.group_allow_export")
            for records, depth in ((self.call, 2), (self.ticket, 1)):
                records = records.with_user(user)
                with self.subTest(user.login, model=records._name):
                    said = []
                    # One by one, for what is refused hides nothing else
                    for path in self.get_paths(records.browse(), depth):
                        said.append(self.export(records, [path]))
                    self.assertTrue(any(said))
                    self.check("\n".join(said))

    def test_art12_1_not_by_a_path_that_is_not_offered(self):
        user = self.operator
        user.group_ids += self.env.ref("base.group_allow_export")
        for path in ("recording_id/address", "recording_id/peaks"):
            self.check(self.export(self.call.with_user(user), [path]))
            path = f"call_ids/{path}"
            self.check(self.export(self.ticket.with_user(user), [path]))
        with self.assertRaises(AccessError):
            self.env["pakn.call.audio"].with_user(user).search([]).export_data(["data"])

    def test_art12_1_not_in_the_export_of_requests(self):
        for user in self.readers:
            for file_type in ("csv", "xlsx"):
                with self.subTest(user.login, file_type=file_type):
                    dialog = self.env["pakn.export"].with_user(user)
                    dialog = dialog.create(
                        {
                            "domain": str([("id", "=", self.ticket.id)]),
                            "file_type": file_type,
                            "purpose": "Kiểm tra",
                        }
                    )
                    number = dialog.action_export()["res_id"]
                    _size, chunks = (
                        self.env["pakn.export.log"].browse(number)._get_file()
                    )
                    self.check_file(b"".join(chunks), self.ticket.name)

    def check_file(self, content, known):
        """Check a file, or each one within it where it is packed."""
        if not zipfile.is_zipfile(io.BytesIO(content)):
            self.assertIn(known.encode(), content)
            self.check(content)
            return
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
            names = "\n".join(archive.namelist())
        self.assertTrue(any(known.encode() in part for part in parts))
        for part in (names, *parts):
            self.check(part)

    def test_art12_1_not_in_what_a_citizen_is_given(self):
        """That there is a recording is told; the sound is heard at the hotline."""
        request = self.env["pakn.privacy.request"].with_user(self.manager)
        request = request.create({"phone": NUMBER, "kind": "see"})
        self.check_file(request._make_package(), self.ticket.name)
