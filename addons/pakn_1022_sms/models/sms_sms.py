import contextlib
import re
from datetime import datetime, time, timedelta

import pytz
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

from ..tools.segments import count_segments
from ..tools.sms_api import AskedOnce
from ..tools.telco import get_telco
from .mail_notification import FAILURES

# Messages that are handed over together: as many are unclear if the server dies then
CLAIM = 20
# So often what was said of them is written over again where others were faster
BUSY = 20
# Minutes until the next attempt, doubled each time up to the last
FIRST_PAUSE, LAST_PAUSE = 1, 60
LOCK = 1022_0006
# Hours for which a gateway surely knows a number of ours again
MEMORY = 12
# A short address of ours, which opens what it leads to
_LINK = re.compile(r"/t/\w+")
TZ = pytz.timezone("Asia/Ho_Chi_Minh")


class SmsSms(models.Model):
    """The queue of brandname SMS, which is its own log: our rows are not deleted.

    Odoo's framework sends within the transaction that made the message, never tries
    again and mixes the providers; ours are claimed, committed, handed over and settled
    by one process at a time, so that none is sent twice and none is lost.
    """

    _inherit = "sms.sms"

    # It holds the citizen's link: whoever else reads it could act as the citizen
    body = fields.Text(groups="base.group_system")
    pakn_text = fields.Text(
        string="Text",
        compute="_compute_pakn_text",
        compute_sudo=True,
        search="_search_pakn_text",
        help="As it was sent, without what the citizen's link ends with.",
    )
    failure_type = fields.Selection(selection_add=FAILURES)
    pakn_ticket_id = fields.Many2one(
        "pakn.ticket", string="Request", index="btree_not_null", readonly=True
    )
    pakn_transfer_id = fields.Many2one("pakn.transfer", string="Slip", readonly=True)
    pakn_notice_ids = fields.Many2many(
        "pakn.notice",
        "pakn_notice_sms_rel",
        string="Notices",
        readonly=True,
        copy=False,
    )
    pakn_act = fields.Selection(
        selection=lambda self: self.env["pakn.notice"]._selection_act(),
        string="Act",
        readonly=True,
    )
    pakn_audience = fields.Selection(
        selection=lambda self: (
            self.env["pakn.notice"]._fields["audience"]._description_selection(self.env)
        ),
        string="Audience",
        readonly=True,
    )
    pakn_account_id = fields.Many2one(
        "pakn.sms.account", string="Account", readonly=True, ondelete="restrict"
    )
    pakn_part_ids = fields.One2many(
        "pakn.sms.part", "sms_id", string="Parts", readonly=True
    )
    pakn_date_next = fields.Datetime(string="Not before", readonly=True)
    pakn_date_sent = fields.Datetime(string="Handed over", readonly=True)
    pakn_attempts = fields.Integer(string="Attempts made", readonly=True)
    pakn_segments = fields.Integer(string="SMS", readonly=True)
    pakn_cost = fields.Float(string="Cost", readonly=True)
    pakn_telco = fields.Char(string="Network", readonly=True)
    pakn_reason = fields.Char(string="What the gateway said", readonly=True)

    _pakn_queue_idx = models.Index("(pakn_date_next, id) WHERE state = 'outgoing'")
    _pakn_process_idx = models.Index("(id) WHERE state = 'process'")
    _pakn_number_idx = models.Index("(number, create_date)")

    @api.depends("body")
    def _compute_pakn_text(self):
        for sms in self:
            sms.pakn_text = _LINK.sub("/t/…", sms.body or "")

    @api.model
    def _search_pakn_text(self, operator, value):
        """Look for words as they are read: no search tells the end of a link."""
        if operator != "ilike" or not isinstance(value, str):
            return NotImplemented
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM sms_sms
                    WHERE regexp_replace(body, %s, %s, 'g') ILIKE %s""",
                _LINK.pattern,
                "/t/…",
                f"%{escape_psql(value)}%",
            )
        )
        return Domain("id", "in", [number for (number,) in rows])

    # ------------------------------------------------------------
    # INTO THE QUEUE
    # ------------------------------------------------------------

    @api.model
    def _queue_notices(self, template, notices):
        """Make the messages of notices that one text tells; one for each notice.

        :param template: ``sms.template``; it speaks of the record of each notice
        :param notices: ``pakn.notice`` of one act and audience
        """
        records = {notice: notice._get_record() for notice in notices}
        ids = list(dict.fromkeys(record.id for record in records.values()))
        bodies = template._render_field("body", ids, compute_lang=True)
        moments = notices._get_moments()
        vals_list = []
        for notice, record in records.items():
            phone = notice._get_address("sms")
            number = notice.partner_id._phone_format(number=phone) or phone
            vals_list.append(
                {
                    "number": number,
                    # What an operator wrote goes as it is
                    "body": (notice.note or bodies[record.id]).strip(),
                    "partner_id": notice.partner_id.id,
                    "pakn_ticket_id": notice.ticket_id.id,
                    "pakn_transfer_id": notice.transfer_id.id,
                    "pakn_notice_ids": [fields.Command.set(notice.ids)],
                    "pakn_act": notice.act,
                    "pakn_audience": notice.audience,
                    "pakn_telco": get_telco(number),
                    "pakn_date_next": moments[notice]
                    or (notice.audience == "citizen" and self._get_end_of_rest()),
                }
            )
        if notices[:1].audience == "citizen":
            self._apply_cap(vals_list)
        messages = self.sudo().create(vals_list)  # sudo: the system tells
        messages.filtered(lambda sms: sms.state == "canceled").pakn_notice_ids._fail(
            self.env._("The number got as many SMS as it may get in a day.")
        )
        return messages

    @api.model
    def _queue_digest(self, user, act, notices):
        """Make one message that tells somebody of many slips at once."""
        local = self.with_context(lang=user.lang)
        labels = dict(local.env["pakn.notice"]._selection_act())
        return self.sudo().create(  # sudo: the system tells
            {
                "number": user.partner_id._phone_format(number=user.phone)
                or user.phone,
                "body": local.env._(
                    "1022 Gia Lai: %(count)s slips: %(act)s. Open %(address)s",
                    count=len(notices),
                    act=labels[act],
                    address=f"{self.get_base_url()}/odoo/pakn-my-slips",
                ),
                "partner_id": user.partner_id.id,
                "pakn_ticket_id": notices[0].ticket_id.id,
                "pakn_notice_ids": [fields.Command.set(notices.ids)],
                "pakn_act": act,
                "pakn_audience": notices[0].audience,
                "pakn_telco": get_telco(user.phone or ""),
                "pakn_date_next": notices._get_moments()[notices[0]],
            }
        )

    @api.model
    def _get_param(self, name, default):
        return self.env["ir.config_parameter"]._get_typed(
            f"pakn_1022_sms.{name}", float(default)
        )

    @api.model
    def _get_end_of_rest(self):
        """Return when citizens may be disturbed again, UTC; ``False``: now."""
        start, end = self._get_param("quiet_from", 21), self._get_param("quiet_to", 7)
        now = fields.Datetime.context_timestamp(
            self.with_context(tz=TZ.zone), fields.Datetime.now()
        )
        hour = now.hour + now.minute / 60
        if start == end:
            return False
        resting = start <= hour < end if start < end else hour >= start or hour < end
        if not resting:
            return False
        day = now.date() + timedelta(days=hour >= end)
        minutes = round(end * 60)
        morning = TZ.localize(datetime.combine(day, time(minutes // 60, minutes % 60)))
        return morning.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _apply_cap(self, vals_list):
        """Cancel, in place, what is more than a number gets in a day."""
        cap = int(self._get_param("cap", 10))
        numbers = [vals["number"] for vals in vals_list]
        since = fields.Datetime.now() - timedelta(days=1)
        counts = dict(
            self.sudo()._read_group(
                [
                    ("number", "in", numbers),
                    ("create_date", ">=", since),
                    ("pakn_audience", "=", "citizen"),
                    ("state", "!=", "canceled"),
                ],
                ["number"],
                ["__count"],
            )
        )
        for vals in vals_list:
            number = vals["number"]
            counts[number] = counts.get(number, 0) + 1
            if counts[number] > cap:
                vals.update(state="canceled", failure_type="brandname_cap")

    # ------------------------------------------------------------
    # OUT OF THE QUEUE
    # ------------------------------------------------------------

    @api.model
    def _get_brandname_domain(self):
        companies = self.env["res.company"].search(
            [("sms_provider", "=", "brandname")], limit=1000
        )
        return Domain("record_company_id", "in", companies.ids)

    def send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Leave ours to the queue: what is rolled back must not have been sent."""
        ours = self.filtered_domain(self._get_brandname_domain())
        if ours:
            self.env.ref("sms.ir_cron_sms_scheduler_action")._trigger()
        others = self - ours
        if others:
            return super(SmsSms, others).send(
                unlink_failed=unlink_failed,
                unlink_sent=unlink_sent,
                raise_exception=raise_exception,
            )
        return None

    def action_set_canceled(self):
        """Go the next way where an administrator takes a message out of the queue."""
        result = super().action_set_canceled()
        # sudo: pakn.notice - the right to change the message was asked for above
        self.sudo().pakn_notice_ids.filtered(
            lambda notice: notice.state == "waiting"
        )._fail(self.env._("Its SMS was cancelled."))
        return result

    def resend_failed(self):
        """Try again what failed, at once and with all attempts anew."""
        ours = self.filtered_domain(self._get_brandname_domain())
        if not ours:
            return super().resend_failed()
        failed = ours.filtered(lambda sms: sms.state == "error")
        failed.write({"pakn_attempts": 0, "pakn_date_next": False})
        failed.action_set_outgoing()
        self.env.ref("sms.ir_cron_sms_scheduler_action")._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s messages are sent anew.", len(failed)),
            },
        }

    def _split_by_api(self):
        ours = self.filtered_domain(self._get_brandname_domain())
        for company, batch in ours.grouped("record_company_id").items():
            api_ = company._get_sms_api_class()(self.env)
            api_._set_company(company)
            yield api_, batch
        others = self - ours
        if others:
            yield from super(SmsSms, others)._split_by_api()

    @api.model
    def _process_queue(self):  # pylint: disable=method-required-super,missing-return
        """Work the queue off: ours by claims, others as Odoo does.

        Odoo's own takes the messages of all providers together and hands them to that
        of one company, so it is not called.
        """
        others = self.search(
            Domain("state", "=", "outgoing")
            & Domain("to_delete", "!=", True)
            & ~self._get_brandname_domain(),
            limit=self._get_send_batch_size(),
            order="id",
        )
        super(SmsSms, others).send(unlink_sent=True)
        self._process_brandname_queue()

    @contextlib.contextmanager
    def _hold_queue(self):
        """Yield whether this process alone may send, until the block ends or it dies.

        A cursor of its own holds the lock: it outlives the commits, and it is given
        back whatever becomes of the transaction of the block.
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            yield cr.fetchone()[0]

    @api.model
    def _process_brandname_queue(self):
        with self._hold_queue() as is_ours:
            if not is_ours:
                return
            self._work_off_queue()
        self._trigger_next()

    @api.model
    def _work_off_queue(self):
        """Claim, hand over and settle all that is ready; under the queue's lock."""
        cron = self.env["ir.cron"]
        with contextlib.ExitStack() as stack:
            queue = self.with_context(pakn_sms_sessions={"stack": stack, "open": {}})
            queue._settle_interrupted()
            cron._commit_progress(remaining=queue._count_ready())
            while batch := queue._claim():
                # From here on a crash leaves them claimed, not outgoing
                cron._commit_progress()
                # What was sent is on record before anything else can fail
                has_time = batch._hand_over()
                self.env["pakn.sms.receipt"]._process()
                cron._commit_progress()
                if not has_time:
                    break

    @api.model
    def _get_ready_domain(self):
        now = fields.Datetime.now()
        return (
            Domain("state", "=", "outgoing")
            & Domain("to_delete", "!=", True)
            & (
                Domain("pakn_date_next", "=", False)
                | Domain("pakn_date_next", "<=", now)
            )
            & self._get_brandname_domain()
        )

    @api.model
    def _count_ready(self):
        return self.search_count(self._get_ready_domain())

    @api.model
    def _wake_queue(self):
        """Have the queue run if a message waits, whose own word may have been lost."""
        if self._count_ready():
            self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()._trigger()

    @api.model
    def _claim(self):
        """Mark the next messages as being handed over."""
        batch = self.search(self._get_ready_domain(), limit=CLAIM, order="id")
        batch = batch.try_lock_for_update()
        now = fields.Datetime.now()
        for attempts, group in batch.grouped("pakn_attempts").items():
            group.write(
                {
                    "state": "process",
                    "pakn_attempts": attempts + 1,
                    "pakn_date_sent": now,
                }
            )
        return batch

    def _hand_over(self):
        """Send claimed messages, write what the gateways said, and commit it.

        Where somebody acts on a request of theirs meanwhile it is written over again:
        what was sent is not called unclear for that, nor sent anew.

        :return: whether there is time for more
        """
        has_time = True
        for api_, batch in self._split_by_api():
            once = AskedOnce(api_)
            for left in reversed(range(BUSY)):
                try:
                    batch.with_context(sms_api=once)._send_with_api(
                        once, unlink_failed=False, unlink_sent=False
                    )
                    has_time = self.env["ir.cron"]._commit_progress(len(batch))
                    break
                except OperationalError:
                    self.env.cr.rollback()
                    if not left:
                        raise
        return has_time

    def _handle_call_result_hook(self, results):
        """Keep account, numbers and cost; try later what could not be sent now."""
        ours = self.filtered_domain(self._get_brandname_domain())
        by_uuid = ours.grouped("uuid")
        now = fields.Datetime.now()
        accounts = self.env["pakn.sms.account"].sudo()
        parts, limit, failed = [], int(self._get_param("attempts", 6)), []
        sent = self.browse()
        for result in results:
            sms = by_uuid.get(result["uuid"])
            if not sms:
                continue
            account = accounts.browse(result.get("account_id"))
            segments = count_segments(result.get("text") or sms.body or "")
            sms.write(
                {
                    "pakn_account_id": account.id,
                    "pakn_reason": result.get("failure_reason"),
                    "pakn_segments": segments,
                    "pakn_cost": segments * account.price
                    if result["state"] == "sent"
                    else 0,
                    "pakn_date_sent": now if result["state"] == "sent" else False,
                }
            )
            parts += [
                {"sms_id": sms.id, "account_id": account.id, "reference": reference}
                for reference in result.get("references") or ()
                if reference
            ]
            if result["state"] == "server_error" and sms.pakn_attempts < limit:
                sms._postpone()
            elif result["state"] == "sent":
                sent |= sms
            else:
                failed.append((sms, result))
        self.env["pakn.sms.part"].sudo().create(parts)
        sent.pakn_notice_ids._settle("sent")
        for sms, result in failed:
            sms.pakn_notice_ids._fail(
                result.get("failure_reason") or self.env._("The SMS was refused."),
                is_unclear=result["state"] == "brandname_unknown",
            )
        return super(SmsSms, self - ours)._handle_call_result_hook(results)

    def _postpone(self):
        self.ensure_one()
        pause = min(FIRST_PAUSE * 2 ** (self.pakn_attempts - 1), LAST_PAUSE)
        self.pakn_date_next = fields.Datetime.now() + timedelta(minutes=pause)
        self.action_set_outgoing()

    @api.model
    def _settle_interrupted(self):
        """Decide on what was being handed over when the server died.

        Where the gateway knows our number and drops a second one it is handed over
        again; elsewhere a human decides.
        """
        claimed = self.search(
            Domain("state", "=", "process") & self._get_brandname_domain()
        )
        for sms in claimed:
            if sms._is_idempotent():
                sms.action_set_outgoing()
            else:
                sms.pakn_reason = self.env._("The server stopped while it was sent.")
                sms.action_set_error("brandname_unknown")
                sms.pakn_notice_ids._fail(sms.pakn_reason, is_unclear=True)

    def _is_idempotent(self):
        """Return whether a second attempt is dropped, whichever account had the first.

        Gateways remember our numbers for a day.
        """
        self.ensure_one()
        begun = self.pakn_date_sent
        if begun and begun < fields.Datetime.now() - timedelta(hours=MEMORY):
            return False
        # sudo: which accounts there are, not their keys
        accounts = self.env["pakn.sms.account"].sudo()
        tried = accounts.browse()
        while account := accounts._pick(self.number, tried):
            if not account._is_idempotent():
                return False
            tried |= account
        return bool(tried)

    @api.model
    def _trigger_next(self):
        """Come back when the next message that waits may go."""
        [[date]] = self._read_group(
            Domain("state", "=", "outgoing")
            & Domain("pakn_date_next", "!=", False)
            & self._get_brandname_domain(),
            [],
            ["pakn_date_next:min"],
        )
        if date:
            self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()._trigger(date)

    # ------------------------------------------------------------
    # AFTERWARDS
    # ------------------------------------------------------------

    def _confirm_delivery(self):
        self.write({"state": "sent", "failure_type": False})
        self.pakn_notice_ids._settle("delivered")
        self.sms_tracker_id.sudo()._action_update_from_sms_state("sent")

    def _fail_delivery(self, words):
        """Note that it did not arrive, with the network's own words behind it."""
        self.ensure_one()
        reason = self.env._("The network did not deliver the SMS.")
        reason = f"{reason} ({words})" if words else reason
        self.write({"state": "error", "failure_type": "unknown", "pakn_reason": reason})
        self.sms_tracker_id.sudo().with_context(
            sms_known_failure_reason=reason
        )._action_update_from_provider_error("not_delivered")
        self.pakn_notice_ids._fail(reason)
