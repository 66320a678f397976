import csv
import subprocess
import tempfile
from pathlib import Path

from freezegun import freeze_time

from odoo import fields

from odoo.addons.pakn_1022.tests.common import PaknCase, local

DATA = Path(__file__).parent / "data"
RESULT = "<p>Đã xử lý xong.</p>"


def read_pdf(content):
    """Return the text of a PDF as it lies on the pages, which ``\\f`` ends."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        return subprocess.run(
            ["pdftotext", "-layout", file.name, "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout


class ReportCase(PaknCase):
    """A province of four units, where requests are taken through what is written down.

    In years in which nothing else has happened.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, pakn_no_notify=True))
        cls.child = cls.env["pakn.unit"].create(
            {"name": "Trung tâm Thử nghiệm", "code": "TEST3", "parent_id": cls.unit.id}
        )
        cls.units = {
            "A": cls.unit,
            "B": cls.other_unit,
            "C": cls.child,
            "P": cls.office,
        }
        categories = cls.env["pakn.category"]
        cls.category.name = "Nhóm T"
        cls.group_u = categories.create({"name": "Nhóm U", "code": "TESTU"})
        cls.categories = {
            code: categories.create(
                {
                    "name": f"Lĩnh vực {code}",
                    "code": f"TEST{code}",
                    "parent_id": parent.id,
                }
            )
            for code, parent in (
                ("T1", cls.category),
                ("T2", cls.category),
                ("U1", cls.group_u),
            )
        }
        cls.areas = {
            code: cls.env["pakn.area"].create(
                {"name": f"Xã {code}", "code": f"TEST{code}"}
            )
            for code in ("X", "Y")
        }
        cls.channels = {
            channel.code: channel for channel in cls.env["pakn.channel"].search([])
        }

    @classmethod
    def play(cls, name="march.csv"):
        """Take the requests of a file through their acts, in the order of time.

        :return: ``{number: request}``
        """
        tickets = {}
        cls.perform(cls.read_acts(name), tickets)
        return tickets

    @classmethod
    def read_rows(cls, name):
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @classmethod
    def read_acts(cls, name):
        """Return ``[(moment, number, words, row)]`` of a file, in the order of time."""
        acts = []
        for row in cls.read_rows(name):
            number = int(row["number"])
            acts.append((row["received"], number, ["receive"], row))
            for act in filter(None, row["acts"].split(" | ")):
                *words, day, hour = act.split()
                if len(day) == 5:
                    day = f"2031-{day}"
                acts.append((f"{day} {hour}", number, words, row))
        # Python's sort is stable: what happens at one moment keeps its order
        return sorted(acts, key=lambda act: act[0])

    @classmethod
    def perform(cls, acts, tickets):
        """Do acts at their moments; requests are added to ``{number: request}``."""
        with freeze_time("2030-01-01") as clock:
            for moment, number, words, row in acts:
                clock.move_to(local(moment))
                if words[0] == "receive":
                    tickets[number] = cls.receive(row)
                else:
                    cls.act(tickets[number], *words)
            cls.env.flush_all()

    @classmethod
    def receive(cls, row):
        area = cls.areas.get(row["area"])
        return (
            cls.env["pakn.ticket"]
            .with_user(cls.manager)
            .create(
                {
                    "title": f"Việc số {row['number']}, gọi 0905 123 456",
                    "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày.</p>",
                    "citizen_name": "Nguyễn Văn Bí Mật",
                    "citizen_phone": f"09051{int(row['number']):05d}",
                    "citizen_address": "12 Hùng Vương, Pleiku",
                    "channel_id": cls.channels[row["channel"]].id,
                    "category_id": cls.categories[row["field"]].id,
                    "area_id": area.id if area else False,
                    "secrecy": row["secrecy"],
                }
            )
        )

    @classmethod
    def act(cls, ticket, kind, *words):
        """Do one act of the file on a request, as the manager, who stands in."""
        slips = ticket.sudo().transfer_ids.filtered("is_open")
        if kind == "transfer":
            ticket.transfer([cls.units[code].id for code in words[0].split(",")])
        elif kind == "escalate":
            slips._escalate()
        elif kind in ("answer", "schedule", "extend", "return"):
            unit = cls.units[words[0]]
            slip = slips.filtered(lambda s: s.unit_id == unit).with_user(cls.manager)
            if kind == "answer":
                slip.answer(RESULT)
            elif kind == "return":
                slip.give_back("Không thuộc thẩm quyền")
            else:
                moment = local("2031-" + words[1].replace("T", " "))
                if kind == "schedule":
                    slip.schedule(moment)
                else:
                    slip.extend(moment, "Chờ vật tư")
        elif kind == "reject":
            ticket.reject(cls.reason.id)
        elif kind == "instant":
            ticket.answer(RESULT)
        elif kind == "cancel":
            ticket.cancel("Gọi thử")
        elif kind == "refer":
            ticket.refer_to_province("Chưa rõ thẩm quyền")
        elif kind == "reopen":
            ticket.reopen("Chưa xong")
        elif kind == "send":
            ticket.send_result()
        elif kind == "rate":
            reason = "Chưa sửa, gọi lại 0905 123 456" if words[0] == "1" else None
            ticket.rate(int(words[0]), reason)
        else:
            raise ValueError(kind)

    def make_report(self, first="2031-03-01", last="2031-03-31", **values):
        """Return a report as the manager makes it."""
        return (
            self.env["pakn.report"]
            .with_user(self.manager)
            .create({"kind": "month", "date_from": first, "date_to": last, **values})
        )

    def table(self, report, key):
        """Return a section as ``{row label: [values]}``."""
        [section] = [s for s in report.content["sections"] if s["key"] == key]
        return {row["label"]: row["values"] for row in section["rows"]}

    def figure(self, report, section, row, column):
        """Return the line of one figure, as the manager reads it."""
        return report.line_ids.search(
            [
                ("report_id", "=", report.id),
                ("section", "=", section),
                ("row", "=", str(row)),
                ("column", "=", column),
            ]
        )

    def counted(self, report, section, row, column):
        """Return the requests or slips that one figure counts."""
        action = report.open_figure(section, str(row), column)
        return (
            self.env[action["res_model"]]
            .with_user(report.env.user)
            .search(action["domain"])
        )

    def to_date(self, text):
        return fields.Date.to_date(text)
