"""The hotline that is measured: people, units and requests as in a real one.

20 units with a focal point and a head of their own, the provincial office, 5
operators, all with mail and phone; a mail server and an SMS account are set up, so
every message is made. Large numbers of requests are copies in SQL of one that was
taken in and handed on: request, slip, both acts on record, a contact for each five.
"""

import itertools

from bench.measuring import copy, get_next_id, pick, tidy

UNITS, OPERATORS = 20, 5
# Of so many callers one has called before
KNOWN_EVERY = 5
# State of the request, state and level of its slip, of each third of what is open
THIRDS = (
    ("transferred", "sent", "focal"),
    ("scheduled", "scheduled", "focal"),
    ("escalated_head", "sent", "head"),
)


class Hotline:
    """Makes its people when made; ``env`` is that of Odoo's shell."""

    model = "pakn.ticket"

    def __init__(self, env, smtp_port: int = 25, smsc_port: int = 2775):
        self.env = env(context=dict(env.context, no_reset_password=True))
        self.callers = itertools.count(1)
        self.contacts = self.size = 0
        self.operators = self._make_users("operator", "group_operator", OPERATORS)
        self.focals = self._make_users("focal", "group_unit_focal", UNITS)
        self.heads = self._make_users("head", "group_unit_head", UNITS)
        self.units = self.env["pakn.unit"].create(
            [
                {
                    "name": f"Đơn vị {number:02d}",
                    "code": f"BENCH{number:02d}",
                    "focal_user_ids": [(6, 0, focal.ids)],
                    "head_user_id": head.id,
                }
                for number, (focal, head) in enumerate(
                    zip(self.focals, self.heads, strict=True)
                )
            ]
        )
        office = self.env["pakn.unit"]._get_provincial_office()
        office.focal_user_ids = self._make_users("office", "group_provincial_office", 1)
        # A focal point of a unit that has never got a slip
        self.idle = self._make_users("idle", "group_unit_focal", 1)
        self.env["pakn.unit"].create(
            {"name": "Đơn vị mới", "code": "BENCHX", "focal_user_ids": self.idle.ids}
        )
        self.operator = self.operators[0]
        self.category = self.env.ref("pakn_1022.category_5_5")
        self.areas = self.env["pakn.area"].search(
            [("kind", "!=", "district")], limit=50
        )
        self._open_doors(smtp_port, smsc_port)
        self.env.cr.commit()

    def _make_users(self, login, group, count):
        return self.env["res.users"].create(
            [
                {
                    "name": f"{login.title()} {number}",
                    "login": f"bench_{login}{number}",
                    "email": f"{login}{number}@example.com",
                    "phone": f"+8491{len(login):03d}{number:04d}",
                    "group_ids": [(6, 0, self.env.ref(f"pakn_1022.{group}").ids)],
                    "tz": "Asia/Ho_Chi_Minh",
                    "lang": "vi_VN",
                }
                for number in range(count)
            ]
        )

    def _open_doors(self, smtp_port, smsc_port):
        self.env["ir.mail_server"].create(
            {"name": "Bench", "smtp_host": "127.0.0.1", "smtp_port": smtp_port}
        )
        self.env.company.write(
            {"sms_provider": "brandname", "email": "hotline@example.com"}
        )
        self.env["pakn.sms.account"].create(
            {
                "name": "Bench",
                "host": "127.0.0.1",
                "port": smsc_port,
                "username": "bench",
                "password": "secret",
                "window": 10,
            }
        )
        params = self.env["ir.config_parameter"]
        # At night too, or the time of day would decide what is measured
        params.set_param("pakn_1022_sms.quiet_from", "0")
        params.set_param("pakn_1022_sms.quiet_to", "0")

    def make_values(self) -> dict:
        """Return what an operator takes down of the next caller.

        Each has a phone, every second an address of mail; one of :data:`KNOWN_EVERY`
        called before.
        """
        number = next(self.callers)
        phone = f"098{number:07d}"
        if number % KNOWN_EVERY == 0 and self.contacts:
            phone = f"097{number % self.contacts + 1:07d}"
        return {
            "title": f"Đèn đường hỏng {number}",
            "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày nay.</p>",
            "citizen_name": "Nguyễn Văn An",
            "citizen_phone": phone,
            "citizen_address": f"{number} Hùng Vương, Pleiku",
            "citizen_email": number % 2 and f"nguoi{number}@example.com",
            "category_id": self.category.id,
            "area_id": self.areas[number % len(self.areas)].id,
        }

    def grow(self, size: int, thirds=THIRDS[:1]) -> None:
        """Have ``size`` open requests, ``thirds`` by turns; none due for 10 days."""
        env, count = self.env, size - self.size
        ticket = env[self.model].with_user(self.operator).create(self.make_values())
        ticket.transfer(self.units[0].ids)
        env.flush_all()
        ticket = ticket.with_user(env.user)
        slip, acts = ticket.open_transfer_id, ticket.event_ids.sorted("sequence")
        contacts, have = -(-count // KNOWN_EVERY), self.contacts
        contact = get_next_id(env, "res_partner")
        phone = f"'+8497' || lpad(({have} + %s)::text, 7, '0')"
        partner = ticket.citizen_id
        names = ("phone", "phone_sanitized", "pakn_phone")
        copy(
            env,
            partner,
            contacts,
            {
                **{name: phone % "nth" for name in names},
                **{
                    name: "NULL" for name in ("email", "email_normalized", "pakn_email")
                },
                "name": "'Nguyễn Văn ' || nth",
                "complete_name": "'Nguyễn Văn ' || nth",
                "commercial_partner_id": f"{contact} + nth - 1",
            },
        )
        self.contacts += contacts
        first, begin = (
            get_next_id(env, "pakn_ticket"),
            get_next_id(env, "pakn_transfer"),
        )
        stages = env["pakn.stage"]._get_default_stages()
        unit = f"(ARRAY{self.units.ids})[1 + nth % {UNITS}]"
        received = "now() - nth * interval '3 minutes'"
        due = "now() + interval '10 days' + nth * interval '1 minute'"
        caller = f"(nth - 1) / {KNOWN_EVERY}"

        def one_of(values):
            kinds = ", ".join(f"'{value}'" for value in values)
            return f"(ARRAY[{kinds}])[1 + nth % {len(values)}]"

        copy(
            env,
            ticket,
            count,
            {
                "name": f"'B' || ({self.size} + nth)",
                "title": "'Đèn đường hỏng trước nhà số ' || nth",
                "state": one_of([state for state, _slip, _level in thirds]),
                "stage_id": pick([stages[state].id for state, _s, _l in thirds]),
                "unit_id": unit,
                "area_id": pick(self.areas.ids),
                "user_id": pick(self.operators.ids),
                "citizen_id": f"{contact} + {caller}",
                "private_phone": phone % f"{caller} + 1",
                "private_email": "NULL",
                "date_received": received,
                "create_date": received,
                "date_due": due,
                "open_transfer_id": "NULL",
                "access_token": "NULL",
            },
        )
        copy(
            env,
            slip,
            count,
            {
                "ticket_id": f"{first} + nth - 1",
                "unit_id": unit,
                "state": one_of([state for _state, state, _level in thirds]),
                "level": one_of([level for _state, _slip, level in thirds]),
                "date_sent": received,
                "date_deadline": due,
                "date_due": due,
                "date_reminder": "now() + interval '9 days'",
            },
        )
        env.cr.execute(
            "UPDATE pakn_ticket SET open_transfer_id = id - %s WHERE id >= %s",
            [first - begin, first],
        )
        for event in acts:
            copy(
                env,
                event,
                count,
                {
                    "ticket_id": f"{first} + nth - 1",
                    "transfer_id": f"{begin} + nth - 1"
                    if event.transfer_id
                    else "NULL",
                    "unit_id": unit if event.unit_id else "NULL",
                    "date": received,
                },
            )
        self.size = size
        tidy(env)
