"""OCA's helpdesk beside ours: ``helpdesk_mgmt`` with ``helpdesk_mgmt_sla``, which gives
its tickets a deadline.

20 teams with a policy of 8 working hours, in the same hours as our units. The addons
have nothing that acts when a deadline passes, so escalation is what an administrator
can set up without a program: a rule of Odoo's ``base_automation`` that marks the
deadline as missed, hands the ticket to the head's team, gives it a new deadline and
leaves a note.
"""

import itertools

from bench.hotline import KNOWN_EVERY, UNITS
from bench.measuring import copy, get_next_id, pick, tidy

RULE = """
for late in records:
    ticket = late.ticket_id
    late.write({"state": "expired"})
    ticket.write({"team_id": %(team)s})
    env["helpdesk.ticket.sla"].create({"ticket_id": ticket.id, "sla_id": %(sla)s})
    ticket.message_post(body="Chuyển Thủ trưởng", subtype_xmlid="mail.mt_note")
"""


class Helpdesk:
    """Makes its people when made; ``env`` is that of Odoo's shell."""

    model = "helpdesk.ticket"

    def __init__(self, env):
        self.env = env = env(context=dict(env.context, no_reset_password=True))
        self.callers = itertools.count(1)
        self.size = 0
        self.operator = env["res.users"].create(
            {
                "name": "Agent",
                "login": "bench_agent",
                "email": "agent@example.com",
                "group_ids": [(6, 0, env.ref("helpdesk_mgmt.group_helpdesk_user").ids)],
                "tz": "Asia/Ho_Chi_Minh",
            }
        )
        hours = {"morning": (7, 11.5), "afternoon": (13.5, 17)}
        self.calendar = env["resource.calendar"].create(
            {
                "name": "Gia Lai",
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [
                    (5, 0, 0),
                    *(
                        (
                            0,
                            0,
                            {
                                "name": f"{day} {part}",
                                "dayofweek": str(day),
                                "hour_from": start,
                                "hour_to": end,
                                "day_period": part,
                            },
                        )
                        for day in range(5)
                        for part, (start, end) in hours.items()
                    ),
                ],
            }
        )
        self.teams = self._make_teams([f"Team {number}" for number in range(UNITS)])
        head = self._make_teams(["Head"])
        self.policy = self._make_policy("Focal", self.teams)
        self._make_rule(head, self._make_policy("Head", head))
        env.cr.commit()

    def _make_teams(self, names):
        return self.env["helpdesk.ticket.team"].create(
            [
                {
                    "name": name,
                    "use_sla": True,
                    "resource_calendar_id": self.calendar.id,
                    "user_ids": [(6, 0, self.operator.ids)],
                }
                for name in names
            ]
        )

    def _make_policy(self, name, teams):
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        return self.env["helpdesk.sla"].create(
            {
                "name": name,
                "hours": 8,
                "team_ids": [(6, 0, teams.ids)],
                "stage_id": done.id,
            }
        )

    def _make_rule(self, team, policy):
        model = self.env["ir.model"]._get("helpdesk.ticket.sla")
        moment = self.env["ir.model.fields"]._get("helpdesk.ticket.sla", "deadline")
        self.rule = self.env["base.automation"].create(
            {
                "name": "Escalate",
                "model_id": model.id,
                "trigger": "on_time",
                "trg_date_id": moment.id,
                "trg_date_range": 0,
                "trg_date_range_type": "minutes",
                "trg_date_range_mode": "after",
                "filter_domain": "[('state', '=', 'in_progress')]",
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Escalate",
                            "model_id": model.id,
                            "state": "code",
                            "code": RULE % {"team": team.id, "sla": policy.id},
                            "usage": "base_automation",
                        },
                    )
                ],
            }
        )

    def make_values(self) -> dict:
        """Return what an agent takes down of the next caller, as many known as ours."""
        number = next(self.callers)
        caller = number % 100 if number % KNOWN_EVERY == 0 else number
        return {
            "name": f"Đèn đường hỏng {number}",
            "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày nay.</p>",
            "team_id": self.teams[number % UNITS].id,
            "partner_name": "Nguyễn Văn An",
            "partner_email": f"nguoi{caller}@example.com",
        }

    def grow(self, size: int) -> None:
        """Have ``size`` open tickets with a deadline each, none due for 10 days."""
        env, count = self.env, size - self.size
        ticket = env[self.model].with_user(self.operator).create(self.make_values())
        env.flush_all()
        ticket = ticket.with_user(env.user)
        [deadline] = ticket.ticket_sla_ids
        first = get_next_id(env, "helpdesk_ticket")
        copy(
            env,
            ticket,
            count,
            {
                "number": f"'B' || ({self.size} + nth)",
                "name": "'Đèn đường hỏng trước nhà số ' || nth",
                "create_date": "now() - nth * interval '3 minutes'",
                "team_id": pick(self.teams.ids),
                "access_token": "NULL",
            },
        )
        copy(
            env,
            deadline,
            count,
            {
                "ticket_id": f"{first} + nth - 1",
                "deadline": "now() + interval '10 days' + nth * interval '1 minute'",
                "state": "'in_progress'",
            },
        )
        self.size = size
        tidy(env)
