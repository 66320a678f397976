"""A year of requests, each taken through the real operations under a moved clock."""

import random
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Datetime

from .demo_units import person_name, read_rows

PLACES = (
    "đường Hùng Vương, phường Pleiku",
    "đường Trần Phú, phường Pleiku",
    "đường Lê Duẩn, phường Hội Phú",
    "đường Cách Mạng Tháng Tám, phường Thống Nhất",
    "đường Nguyễn Tất Thành, phường Hội Phú",
    "đường Phạm Văn Đồng, phường Thống Nhất",
    "đường Quang Trung, phường An Khê",
    "đường Trần Hưng Đạo, phường Ayun Pa",
    "đường Nguyễn Huệ, phường Quy Nhơn",
    "đường An Dương Vương, phường Quy Nhơn",
    "thôn 2, xã Chư Sê",
    "thôn 5, xã Chư Prông",
    "làng Ngó, xã Đak Đoa",
    "chợ trung tâm, xã Đak Đoa",
    "đường 17 Tháng 3, xã Chư Sê",
)
CHANNELS = (
    ["phone"] * 8
    + ["web"] * 4
    + ["zalo"] * 4
    + ["app"] * 3
    + ["facebook"] * 2
    + ["email"] * 2
    + ["other"]
)
PREFIXES = ("0905", "0914", "0935", "0972", "0983", "0868", "0396")
COMMENTS = {
    5: [None, None, "Cảm ơn 1022, xử lý rất nhanh.", "Rất hài lòng."],
    3: [None, "Xử lý hơi chậm nhưng đã xong.", "Tạm được."],
    1: ["Đã trả lời nhưng thực tế chưa sửa.", "Chờ quá lâu.", "Trả lời chung chung."],
}
# How the requests of the past ended, in their shares
PAST = (
    ["done"] * 86
    + ["instant"] * 22
    + ["rejected"] * 18
    + ["late_done"] * 14
    + ["scheduled_done"] * 12
    + ["extended_done"] * 6
    + ["province_done"] * 4
    + ["reopened_done"] * 5
    + ["cancelled"] * 7
)
# What lies open today: (how, days ago, the unit's code or None for any)
OPEN = (
    [("new", days / 20, None) for days in range(1, 11)]
    + [("answered", 1 + days / 4, None) for days in range(6)]
    + [
        ("transferred", 5, "SXD"),
        ("transferred", 0.3, "SXD"),
        ("acknowledged", 0.5, "SXD"),
        ("scheduled", 4, "SXD"),
        ("extended", 8, "SXD"),
        ("escalated_head", 6, "SXD"),
        ("escalated_head", 7, "SXD"),
        ("escalated_province", 9, "SXD"),
        ("escalated_province", 10, "NNMT"),
        ("referred", 0.6, None),
        ("returned", 1.2, None),
        ("supported", 0.4, "NNMT"),
        ("scheduled", 3, "SYT"),
        ("scheduled", 5, "CNGL"),
    ]
)


class Story:
    """Takes requests through their lives; every act has its own moment."""

    def __init__(self, env, clock, now):
        self.env, self.clock, self.now = env, clock, now
        self.rng = random.Random(1022)
        self.users = {
            user.login: user
            for user in env["res.users"].search([("login", "!=", False)], limit=200)
        }
        self.units = {u.code: u for u in env["pakn.unit"].search([], limit=200)}
        self.categories = {
            c.code: c for c in env["pakn.category"].search([], limit=200)
        }
        self.areas = env["pakn.area"].search([], limit=200)
        self.channels = {c.code: c for c in env["pakn.channel"].search([], limit=20)}
        self.reasons = env["pakn.reject.reason"].search([], limit=20)
        self.scenarios = read_rows("scenarios")
        self.count = 0

    def at(self, moment):
        """Set the clock; nothing happens after now or outside of the day's work."""
        local = moment + timedelta(hours=7)
        if local.hour < 7:
            local = local.replace(hour=7, minute=self.rng.randrange(60))
        elif local.hour >= 17:
            local = (local + timedelta(days=1)).replace(hour=8)
        while local.weekday() > 4:
            local += timedelta(days=1)
        self.moment = min(local - timedelta(hours=7), self.now)
        self.clock.move_to(self.moment)

    def later(self, hours):
        self.at(self.moment + timedelta(hours=hours))

    def scenario(self, unit_code):
        rows = self.scenarios
        if unit_code:
            rows = [row for row in rows if row["unit"] == unit_code]
        self.count += 1
        # In turn, so that each field and unit occurs
        return rows[self.count % len(rows)]

    def take_in(self, unit_code=None):
        """Return a new request and its scenario."""
        row = self.scenario(unit_code)
        rng = self.rng
        place = rng.choice(PLACES)
        secrecy = rng.choices(("public", "confidential", "secret"), (92, 6, 2))[0]
        login = rng.choice(("nhanvien", "nhanvien2"))
        if secrecy == "secret":
            login = "quantri"
        self.operator = self.users[login]
        channel = rng.choice(CHANNELS)
        name = person_name(rng)
        number = f"{rng.choice(PREFIXES)}{rng.randrange(10**6):06d}"
        area = self.areas.filtered(
            lambda area: place.lower().endswith(area.name.lower())
        )
        area = area[:1] or rng.choice(self.areas)
        return row, self.env["pakn.ticket"].with_user(self.operator).create(
            {
                "title": row["title"].format(place=place),
                "description": f"<p>{row['description'].format(place=place)}</p>",
                "citizen_name": name,
                "citizen_phone": number,
                "citizen_address": place,
                "citizen_email": f"congdan{self.count}@example.com"
                if channel in ("web", "email", "app")
                else False,
                "channel_id": self.channels[channel].id,
                "category_id": self.categories[row["category"]].id,
                "area_id": area.id,
                "address": place,
                "latitude": area.latitude + rng.uniform(-0.01, 0.01),
                "longitude": area.longitude + rng.uniform(-0.01, 0.01),
                "secrecy": secrecy,
            }
        )

    def transfer(self, ticket, row, *support):
        units = [self.units[row["unit"]], *(self.units[code] for code in support)]
        ticket.transfer([unit.id for unit in units])

    def slip(self, ticket):
        """Return the slip that is due, in the hands of whom it is addressed to."""
        slip = ticket.sudo().open_transfer_id
        return slip.with_user(slip._get_recipients()[0])

    def answer(self, ticket, row):
        self.slip(ticket).answer(f"<p>{row['result']}</p>")

    def escalate(self, ticket):
        slip = ticket.sudo().open_transfer_id
        self.at(max(self.moment, slip.date_due + timedelta(minutes=5)))
        slip.with_user(self.operator).sudo()._escalate()

    def promise(self, ticket, days):
        """Give an appointment, or put it off, to ``days`` from now, in the day."""
        local = self.moment + timedelta(days=days, hours=7)
        return local.replace(hour=16, minute=0) - timedelta(hours=7)

    def finish(self, ticket, rate=0.8):
        """Send the result and, mostly, have it rated."""
        self.later(1)
        ticket.send_result()
        if "publish" in ticket.acts:
            ticket.publish()
        if self.rng.random() < rate:
            grade = self.rng.choices((5, 3, 1), (62, 25, 13))[0]
            self.later(5)
            ticket.rate(grade, self.rng.choice(COMMENTS[grade]))

    # Each way a request can go; the clock stands where it was received.

    def new(self, ticket, row):
        pass

    def done(self, ticket, row):
        self.later(0.5)
        self.transfer(ticket, row, *(["TTT"] if self.rng.random() < 0.1 else []))
        self.later(self.rng.uniform(1, 5))
        self.answer(ticket, row)
        self.finish(ticket)

    def instant(self, ticket, row):
        ticket.answer(f"<p>{row['result']}</p>")
        self.finish(ticket, rate=0.5)

    def rejected(self, ticket, row):
        ticket.reject(self.rng.choice(self.reasons).id)

    def cancelled(self, ticket, row):
        self.later(0.2)
        ticket.cancel(
            self.rng.choice(
                ["Người dân rút phản ánh", "Gọi thử", "Trùng với phản ánh trước"]
            )
        )

    def late_done(self, ticket, row):
        self.transfer(ticket, row)
        self.escalate(ticket)
        self.later(3)
        self.answer(ticket, row)
        self.finish(ticket)

    def province_done(self, ticket, row):
        self.transfer(ticket, row)
        self.escalate(ticket)
        self.escalate(ticket)
        self.later(3)
        self.answer(ticket, row)
        self.finish(ticket)

    def scheduled_done(self, ticket, row):
        self.scheduled(ticket, row, days=5)
        self.later(80)
        self.answer(ticket, row)
        self.finish(ticket)

    def extended_done(self, ticket, row):
        self.scheduled(ticket, row, days=4)
        self.later(60)
        slip = self.slip(ticket)
        slip.extend(slip.date_due + timedelta(days=4), "Chờ vật tư thay thế")
        self.later(60)
        self.answer(ticket, row)
        self.finish(ticket)

    def reopened_done(self, ticket, row):
        self.done(ticket, row)
        self.later(30)
        ticket.reopen("Người dân phản hồi: kết quả chưa đúng thực tế")
        self.later(1)
        self.transfer(ticket, row)
        self.later(4)
        self.answer(ticket, row)
        self.finish(ticket)

    def transferred(self, ticket, row):
        self.transfer(ticket, row)

    def acknowledged(self, ticket, row):
        self.transfer(ticket, row)
        self.later(1)
        self.slip(ticket).acknowledge()

    def supported(self, ticket, row):
        self.transfer(ticket, row, "SXD", "SYT")

    def scheduled(self, ticket, row, days=6):
        self.transfer(ticket, row)
        self.later(3)
        self.slip(ticket).schedule(
            self.promise(ticket, days), "Cần kiểm tra hiện trường"
        )

    def extended(self, ticket, row):
        self.scheduled(ticket, row, days=5)
        self.later(70)
        slip = self.slip(ticket)
        slip.extend(
            slip.date_due + timedelta(days=6), "Mưa kéo dài, chưa thi công được"
        )

    def answered(self, ticket, row):
        self.transfer(ticket, row)
        self.later(2)
        self.answer(ticket, row)

    def escalated_head(self, ticket, row):
        self.transfer(ticket, row)
        self.at(self.now - timedelta(hours=4))
        self.escalate(ticket)

    def escalated_province(self, ticket, row):
        self.transfer(ticket, row)
        self.escalate(ticket)
        self.at(self.now - timedelta(hours=5))
        self.escalate(ticket)

    def referred(self, ticket, row):
        self.later(1)
        ticket.refer_to_province(
            "Liên quan nhiều đơn vị, đề nghị Văn phòng UBND tỉnh giao đơn vị chủ trì"
        )

    def returned(self, ticket, row):
        self.transfer(ticket, row)
        self.later(2)
        self.slip(ticket).give_back("Nội dung không thuộc thẩm quyền của đơn vị")


def load_tickets(env):
    """Create about 200 requests over the twelve months before now."""
    now = Datetime.now()
    rng = random.Random(2021)
    past = list(PAST)
    rng.shuffle(past)
    # More of them in recent weeks
    ages = sorted((12 + 350 * rng.random() ** 1.6 for _story in past), reverse=True)
    stories = [(kind, age, None) for kind, age in zip(past, ages, strict=True)]
    stories += sorted(OPEN, key=lambda story: -story[1])
    with freeze_time(datetime(2020, 1, 1)) as clock:
        story = Story(env, clock, now)
        for kind, age, unit_code in stories:
            story.at(now - timedelta(days=age))
            row, ticket = story.take_in(unit_code)
            getattr(story, kind)(ticket, row)
    env.flush_all()
