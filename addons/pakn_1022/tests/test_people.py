import base64
import csv
import io
import zipfile

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.misc import file_open

from ..models.pakn_person import ROLE_GROUPS, ROLES
from ..tools import people_file
from .common import TAGS, PaknCase

HEADER = ("Họ và tên", "Tên đăng nhập", "Thư điện tử", "Điện thoại", "Vai trò")
HEADER = (*HEADER, "Đơn vị")
LAN = ("Nguyễn Thị Lan", "", "lan@gialai.gov.vn", "0914 275 864", "Đầu mối", "TEST1")


def write_csv(*lines):
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows((HEADER, *lines))
    return base64.b64encode(text.getvalue().encode("utf-8-sig"))


@tagged(*TAGS)
class TestPeople(PaknCase):
    """Who answers for a unit has an account, by one screen or by a file (Art. 16.1)."""

    def new(self, user=None, **values):
        values = {
            "name": "Trần Thị Mới",
            "email": "Moi@GiaLai.gov.vn",
            "phone": "0914 275 864",
            "role": "head",
            "unit_id": self.other_unit.id,
            **values,
        }
        dialogs = self.env["pakn.person.new"].with_user(user or self.manager)
        return dialogs.create(values)

    def find(self, login):
        users = self.env["res.users"].with_context(active_test=False)
        return users.search([("login", "=", login)])

    def load(self, *lines, content=None, user=None):
        dialogs = self.env["pakn.people.import"].with_user(user or self.manager)
        return dialogs.create({"file": content or write_csv(*lines)})

    # ------------------------------------------------------------
    # ONE PERSON
    # ------------------------------------------------------------

    def test_art16_1_a_person_gets_role_unit_phone_and_invitation(self):
        said = self.new().action_confirm()
        user = self.find("moi@gialai.gov.vn")
        self.assertEqual(user.phone, "0914 275 864")
        self.assertEqual(self.other_unit.head_user_id, user)
        self.assertTrue(user.has_group("pakn_1022.group_unit_head"))
        self.assertIn("moi@gialai.gov.vn", said["params"]["message"])
        mail = self.env["mail.mail"].search([("email_to", "like", user.email)])
        self.assertEqual(len(mail), 1)
        self.assertIn("token=", str(mail.body_html))
        self.assertEqual(mail.state, "outgoing", "not before this is committed")
        unit = self.other_unit.with_user(self.manager)
        self.assertEqual(unit.people_ids, self.other_focal | user)
        here = unit.people_ids.with_context(pakn_unit_id=unit.id)
        self.assertEqual(sorted(here.mapped("pakn_roles")), ["Focal point", "Head"])

    def test_art16_1_what_is_wrong_is_said_and_nothing_made(self):
        self.new(login="co.roi").action_confirm()
        count = self.env["res.users"].search_count([])
        for values, word in (
            ({"email": "không phải thư"}, "email"),
            ({"email": False}, "login"),
            ({"login": "Co.Roi"}, "already"),
            ({"phone": "12"}, "phone"),
            ({"unit_id": False}, "unit"),
        ):
            with self.subTest(word), self.assertRaisesRegex(ValidationError, word):
                self.new(**values).action_confirm()
        self.assertEqual(self.env["res.users"].search_count([]), count)

    def test_who_has_no_email_is_not_invited_and_it_is_said(self):
        said = self.new(email=False, login="khongthu").action_confirm()
        self.assertEqual(said["params"]["type"], "warning")
        user = self.find("khongthu")
        with self.assertRaises(UserError):
            user.with_user(self.manager).action_pakn_invite()

    def test_the_form_says_who_is_replaced_and_asks_for_a_unit_of_units_alone(self):
        with Form(self.env["pakn.person.new"].with_user(self.manager)) as form:
            form.name, form.email = "A", "a@gialai.gov.vn"
            form.unit_id = self.unit
            self.assertFalse(form.replaced_name)
            form.role = "head"
            self.assertEqual(form.replaced_name, self.head.name)
            form.role = "operator"
        form.record.action_confirm()
        self.assertFalse(self.find("a@gialai.gov.vn").sudo().pakn_unit_ids)
        self.assertEqual(self.unit.head_user_id, self.head)

    def test_nobody_gets_a_group_outside_of_1022(self):
        groups = {self.env.ref(group) for group in ROLE_GROUPS.values()}
        privilege = self.env.ref("pakn_1022.res_groups_privilege_pakn")
        self.assertEqual({group.privilege_id for group in groups}, {privilege})
        self.assertEqual(set(ROLE_GROUPS), set(dict(ROLES)))
        self.assertEqual(set(ROLE_GROUPS), set(people_file.ROLES))
        with self.assertRaises(ValueError):
            self.new(role="system")
        self.new(role="focal").action_confirm()
        user = self.find("moi@gialai.gov.vn")
        self.assertEqual(user.group_ids, self.env.ref("pakn_1022.group_unit_focal"))

    def test_the_administrator_of_1022_alone(self):
        for user in (self.operator, self.monitor, self.head, self.employee):
            for model in ("pakn.person.new", "pakn.people.import"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self.env[model].with_user(user).create({})
            with self.assertRaises(AccessError):
                self.focal.with_user(user).action_pakn_invite()
            with self.assertRaises(AccessError):
                self.unit.with_user(user).read(["people_ids"])
            with self.assertRaises(AccessError):
                self.focal.with_user(user).read(["pakn_roles"])
            # Handed to them all the same
            with self.assertRaises(AccessError):
                self.new().with_user(user).action_confirm()

    def test_everybody_is_listed_with_role_and_unit(self):
        users = self.env["res.users"].with_user(self.manager)
        found = users.search([("pakn_unit_ids", "ilike", "Sở Thử nghiệm")])
        self.assertEqual(found, self.focal | self.head)
        self.assertEqual(found.pakn_unit_ids, self.unit)
        without = users.search([("pakn_unit_ids", "=", False)])
        self.assertIn(self.operator, without)
        self.assertNotIn(self.focal, without)
        self.assertEqual(self.operator.with_user(self.manager).pakn_roles, "Operator")
        self.env.flush_all()
        listed = ["name", "login", "phone", "pakn_roles", "pakn_unit_ids", "login_date"]
        for size in (2, 9):
            self.env.invalidate_all()
            rows = users.search([("login", "like", "test_")], limit=size)
            rows.read(listed)
            self.env.invalidate_all()
            with self.subTest(size), self.assertQueryCount(14):
                rows.read(listed)

    def test_an_invitation_goes_again_until_somebody_has_signed_in(self):
        focal = self.focal.with_user(self.manager)
        focal.action_pakn_invite()
        mails = [("email_to", "like", focal.email)]
        self.assertEqual(self.env["mail.mail"].search_count(mails), 1)
        self.env["res.users.log"].with_user(self.focal).sudo().create({})
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            focal.action_pakn_invite()

    def test_art16_1_it_is_said_where_no_invitation_arrives(self):
        """A new province has people before it has a server that sends mail."""
        servers = self.env["ir.mail_server"]
        servers.search([]).active = False

        def invite(number):
            email = f"moi{number}@gialai.gov.vn"
            yield self.new(email=email).action_confirm()
            yield self.find(email).with_user(self.manager).action_pakn_invite()
            row = {**dict.fromkeys(HEADER, ""), "Họ và tên": "Nguyễn Văn Tám"}
            row |= {HEADER[2]: f"tam{number}@gialai.gov.vn", "Vai trò": "Giám sát"}
            yield self.load([row[name] for name in HEADER]).action_confirm()

        for said in invite(1):
            self.assertEqual(said["params"]["type"], "warning")
            self.assertIn("does not arrive", said["params"]["message"])
        servers.create({"name": "1022", "smtp_host": "localhost"})
        for said in invite(2):
            self.assertEqual(said["params"]["type"], "success")
            self.assertNotIn("does not arrive", said["params"]["message"])

    # ------------------------------------------------------------
    # MANY
    # ------------------------------------------------------------

    def test_art16_1_a_file_brings_people_with_roles_and_units(self):
        dialog = self.load(
            LAN,
            # Once more in another unit, named without accents
            (*LAN[:4], "thu truong", "so khac"),
            ("Lê Văn Bình", "binh", "", 905123456, "NHÂN VIÊN TRỰC", ""),
            ("Phạm Thị Hoa", "", "hoa@gialai.gov.vn", "", "Văn phòng UBND tỉnh", ""),
        )
        self.assertFalse(dialog.problems)
        self.assertIn("3 people", dialog.summary)
        dialog.action_confirm()
        lan, binh = self.find("lan@gialai.gov.vn"), self.find("binh")
        self.assertIn(lan, self.unit.focal_user_ids)
        self.assertEqual(self.other_unit.head_user_id, lan)
        self.assertEqual(
            lan.group_ids,
            self.env.ref("pakn_1022.group_unit_focal")
            | self.env.ref("pakn_1022.group_unit_head"),
        )
        self.assertEqual(binh.phone, "0905 123 456")
        self.assertTrue(binh.has_group("pakn_1022.group_operator"))
        self.assertIn(self.find("hoa@gialai.gov.vn"), self.office.focal_user_ids)
        self.assertEqual(
            self.env["mail.mail"].search_count(
                [("email_to", "like", "@gialai.gov.vn")]
            ),
            2,
        )

    def test_each_wrong_line_is_named_and_nobody_comes_in(self):
        wrong = (
            ("", "", "a@gialai.gov.vn", "", "Đầu mối", "TEST1"),
            ("B", "", "", "", "Đầu mối", "TEST1"),
            ("C", "", "c@gialai.gov.vn", "", "Vua", "TEST1"),
            ("D", "", "d@gialai.gov.vn", "", "Đầu mối", "KHONGCO"),
            ("E", "", "e@gialai.gov.vn", "12", "Đầu mối", "TEST1"),
            ("F", "", "không", "", "Đầu mối", "TEST1"),
            ("G", "TEST_focal", "", "", "Đầu mối", "TEST1"),
            ("H", "", "h@gialai.gov.vn", "", "Thủ trưởng", "TEST1"),
            ("I", "", "i@gialai.gov.vn", "", "Giám sát", "TEST1"),
            ("K", "", "k@gialai.gov.vn", "", "Thủ trưởng", "TEST2"),
            ("L", "", "l@gialai.gov.vn", "", "Thủ trưởng", "TEST2"),
            ("Lan khác", "", LAN[2], "", "Giám sát", ""),
            ("M", "hai chữ", "", "", "Giám sát", ""),
            ("N", "", "n@gialai.gov.vn", "", "Đầu mối", ""),
            LAN,
        )
        count = self.env["res.users"].search_count([])
        dialog = self.load(LAN, *wrong)
        lines = dialog.problems.splitlines()
        numbers = [int(line.split()[1].rstrip(":")) for line in lines]
        # All but the first and the first head of the other unit
        self.assertEqual(numbers, [n for n in range(3, 18) if n != 12])
        self.assertFalse(dialog.summary)
        with self.assertRaises(ValidationError):
            dialog.action_confirm()
        self.assertEqual(self.env["res.users"].search_count([]), count)
        self.assertFalse(self.find(LAN[2]))
        self.assertFalse(self.other_unit.head_user_id)

    def test_the_sentences_are_vietnamese(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        dialog = self.load(("", "", "x@gialai.gov.vn", "", "Vua", ""))
        problems = dialog.with_context(lang="vi_VN")._read(dialog.file)[1]
        self.assertEqual(len(problems), 1)
        self.assertTrue(problems[0].startswith("Dòng 2: "), problems)
        self.assertIn("Đầu mối, Thủ trưởng", problems[0])

    def test_what_is_no_list_of_people_is_refused_in_a_sentence(self):
        for content in (
            b"PK nothing",
            b"\xff\xfe\x00",
            b"a,b\n1,2",
            b"",
            ("Họ và tên,Vai trò\n").encode(),
            b"x" * (people_file.MAX_BYTES + 1),
        ):
            dialog = self.load(content=base64.b64encode(content) or b"IA==")
            self.assertEqual(len(dialog.problems.splitlines()), 1, content[:20])
            with self.assertRaises(ValidationError):
                dialog.action_confirm()

    def test_a_document_or_a_picture_is_said_to_be_no_list(self):
        """Not to lack columns, which sends people to look for them in a PDF."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as document:
            document.writestr("[Content_Types].xml", "<Types/>")
            document.writestr("word/document.xml", "<document/>")
        for content, said in (
            (b"%PDF-1.4\n1 0 obj, 2, 3\nendobj\n", "This is a PDF"),
            (b"\x89PNG\r\n\x1a\n\0\0", "This is a picture"),
            (b"BM\x36\x1f\0\0\0\0", "This is a picture"),
            (packed.getvalue(), "This is a Word document"),
            (b"{\\rtf1\\ansi Danh s, a, b}", "This is a Word document"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word or Excel"),
            (b"\xef\xbb\xbf\n<html><table>", "This is a web page"),
            (b"a,b\0,c\n", "no list that can be read"),
            (b"BM,Ma\n1,2", "no column"),
        ):
            [problem] = self.dialog._read(base64.b64encode(content))[1]
            self.assertIn(said, problem, content[:20])

    def test_two_thousand_wrong_lines_are_counted_and_a_message_names_the_first(self):
        count = people_file.MAX_LINES
        dialog = self.load(
            *(
                (f"A {n}", "", f"a{n}@gialai.gov.vn", "", "Vua", "")
                for n in range(count)
            )
        )
        self.assertEqual(dialog.problem_count, count)
        self.assertEqual(len(dialog.problems.splitlines()), count)
        with self.assertRaises(ValidationError) as refused:
            dialog.action_confirm()
        lines = str(refused.exception).splitlines()
        self.assertEqual(len(lines), 31)
        self.assertEqual(lines[-1], "… and 1970 more lines.")

    def test_art16_1_a_list_as_offices_write_it(self):
        """A title above, a column more, unseen characters, other encodings."""
        head = "STT;Họ và tên;Email;Vai trò;Đơn vị"
        line = "1;Nguyễn Văn Tám;\u200btam@gialai.gov.vn;Đầu mối;TEST1"
        titled = "\n".join(["DANH SÁCH, ngày 1, tháng 11", "", head, line])
        for content in (
            titled.encode("utf-8-sig"),
            f"{head}\n{line}".replace(";", "\t").encode("utf-16"),
            self.make_book(
                ["DANH SÁCH NGƯỜI DÙNG"], [], head.split(";"), line.split(";")
            ),
        ):
            people, problems = self.dialog._read(base64.b64encode(content))
            self.assertFalse(problems)
            [person] = people
            self.assertEqual(person["email"], "tam@gialai.gov.vn")
        wrong = titled.replace("Đầu mối", "Vua").encode()
        problems = self.dialog._read(base64.b64encode(wrong))[1]
        self.assertIn("4", problems[0], "the spreadsheet's own number of the line")

    def test_a_coloured_cell_far_below_is_no_person(self):
        head = ["Họ và tên", "Email", "Vai trò", "Đơn vị"]
        line = ["Nguyễn Văn Tám", "tam@gialai.gov.vn", "Đầu mối", "TEST1"]
        content = self.make_book(head, line, far={"Z5000": " "})
        people, problems = self.dialog._read(base64.b64encode(content))
        self.assertFalse(problems)
        self.assertEqual(len(people), 1)

    def test_a_broken_spreadsheet_is_refused_in_a_sentence(self):
        whole = self.make_book(["Họ và tên", "Email", "Vai trò", "Đơn vị"])
        for part in ("sheet1.xml", "workbook.xml", "styles.xml"):
            broken = io.BytesIO()
            with (
                zipfile.ZipFile(io.BytesIO(whole)) as old,
                zipfile.ZipFile(broken, "w") as new,
            ):
                for name in old.namelist():
                    content = old.read(name)
                    if name.endswith(part):
                        content = content[: len(content) // 2]
                    new.writestr(name, content)
            content = base64.b64encode(broken.getvalue())
            self.assertEqual(len(self.dialog._read(content)[1]), 1, part)

    @property
    def dialog(self):
        return self.env["pakn.people.import"].with_user(self.manager)

    def make_book(self, *rows, far=None):
        """Return the bytes of a spreadsheet."""
        book, content = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        for place, value in (far or {}).items():
            book.active[place] = value
        book.save(content)
        return content.getvalue()

    def test_the_template_is_taken_as_it_is(self):
        with file_open("pakn_1022/static/xlsx/people.xlsx", "rb") as file:
            dialog = self.load(content=base64.b64encode(file.read()))
        self.assertFalse(dialog.problems)
        dialog.action_confirm()
        user = self.find("nguyenthilan@gialai.gov.vn")
        unit = self.env["pakn.unit"].search([("code", "=", "SXD")])
        self.assertIn(user, unit.focal_user_ids)
