import re
import socket
from contextlib import suppress
from inspect import signature

from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase
from odoo.addons.pakn_1022.tests.test_rights_matrix import OPERATIONS

ROLES = ("employee", "focal", "other_focal", "head", "monitor", "operator", "manager")
ALL = " ".join(ROLES)
READERS = "focal head monitor operator manager"
HOTLINE = "operator manager"
# Who monitors watches, and writes nothing
SLIP_WRITERS = "focal head operator manager"

# Methods that a model has beside those of every model, and who may call them: over RPC
# each of them is open to everybody. ``None``: it opens a dialog or a page, or answers
# the caller about the caller alone, and what it leads to asks for the rights; those of
# ``OPERATIONS`` are called by each role in ``test_rights_matrix``.
OWN_TODOS = dict.fromkeys(
    ("action_reschedule_my_next_nextweek", "action_reschedule_my_next_today")
    + ("action_reschedule_my_next_tomorrow", "activity_feedback", "activity_search")
    + ("activity_reschedule", "activity_unlink", "activity_send_mail"),
    None,
)
CHATTER = {
    "message_process": "manager",
    "message_unsubscribe": None,
    "notify_cancel_by_type": None,
}
DIALOG = {"action_confirm": None}
METHODS = {
    "pakn.ticket": {
        **OWN_TODOS,
        **CHATTER,
        "message_post": HOTLINE,
        "message_subscribe": HOTLINE,
        "message_get_followers": READERS,
        "activity_schedule": HOTLINE,
        "rating_get_grades": None,
        "rating_get_stats": None,
        "get_acts": READERS,
        "get_talks": HOTLINE,
        "action_write": None,
        "get_portal_url": READERS,
        "action_share": None,
        "action_verify_record": READERS,
        "action_export_evidence": HOTLINE,
        "action_remove_file": "manager",
        "action_allow_publication": "manager",
        "action_make_answer": HOTLINE,
        "action_make_file": HOTLINE,
        "action_view_earlier": HOTLINE,
        "action_view_sms": None,
        "action_view_calls": READERS,
        "action_look_up": HOTLINE,
        "action_view_mails": None,
        "action_view_conversation": HOTLINE,
        "action_take_phone": HOTLINE,
        "action_join_mentioned": HOTLINE,
        "action_renew_link": HOTLINE,
        "renew_link": HOTLINE,
        "get_desk": HOTLINE,
        "say_phones": None,
        "look": HOTLINE,
        "take": HOTLINE,
        "hand_out": "manager",
        "action_hand_out": "manager",
        "set_publication": None,
        "show_open": None,
        "action_show_open": None,
        "hide_open": HOTLINE,
        "action_hide_open": HOTLINE,
        **dict.fromkeys(
            ("action_acknowledge", "action_add_units", "action_answer")
            + ("action_cancel", "action_edit_publication", "action_note_call")
            + ("action_publish", "action_rate", "action_refer", "action_reject")
            + ("action_reopen", "action_respond_answer", "action_respond_delegate")
            + ("action_respond_extend", "action_respond_give_back")
            + ("action_respond_schedule", "action_return_result")
            + ("action_send_result", "action_transfer", "action_unpublish"),
            None,
        ),
        # Of who did it alone
        "action_take_back": None,
        # Of what lies with a unit and is not answered
        "action_recall": None,
    },
    "pakn.transfer": {
        **OWN_TODOS,
        **CHATTER,
        "message_post": SLIP_WRITERS,
        "message_subscribe": READERS,
        "message_get_followers": READERS,
        "activity_schedule": SLIP_WRITERS,
        "get_acts": READERS,
        "get_clock_status": None,
        "action_open_ticket": None,
        "action_open_talk": None,
        "action_acknowledge": "focal head manager",
        **dict.fromkeys(
            ("action_answer", "action_schedule", "action_extend", "action_give_back")
            + ("action_delegate", "action_recall", "action_urge"),
            None,
        ),
        "action_make_slip": SLIP_WRITERS,
        # Whoever reads the slip is told that it has no result yet
        "action_make_reply": SLIP_WRITERS,
    },
    "pakn.unit": {
        **CHATTER,
        "message_post": "manager",
        # Who follows a unit is told of its own changes, which all staff read
        "message_subscribe": ALL,
        "message_get_followers": ALL,
        "action_view_open_transfers": None,
    },
    # The caller's own news, and no others
    "pakn.notice": {"get_news": None, "mark_read": None},
    # Each asks first for the right to read or write these very records
    "pakn.report": {
        **OWN_TODOS,
        **CHATTER,
        **dict.fromkeys(
            ("message_post", "message_subscribe", "message_get_followers")
            + ("activity_schedule", "action_confirm", "action_count", "action_send")
            + ("action_open_screen", "action_print_pdf", "action_print_xlsx")
            + ("confirm", "get_screen", "open_figure", "send"),
            None,
        ),
    },
    "pakn.document": {"action_open": None},
    "pakn.archive": dict.fromkeys(
        ("action_start", "action_stop", "action_remove_files"), "manager"
    ),
    "pakn.anchor": {
        **OWN_TODOS,
        **CHATTER,
        **dict.fromkeys(
            ("message_post", "message_subscribe", "message_get_followers")
            + ("activity_schedule",),
            None,
        ),
        "action_anchor": "manager",
    },
    "pakn.report.line": {"action_open": None},
    "pakn.report.ticket": {"action_open_ticket": None, "get_action": None},
    "pakn.report.transfer": {"action_open_ticket": None, "get_action": None},
    "pakn.article": dict.fromkeys(
        ("action_publish", "action_take_over", "action_unpublish"), HOTLINE
    ),
    "pakn.mail": {
        "action_dismiss": HOTLINE,
        "action_process": None,
        "action_open_ticket": None,
    },
    "pakn.abuse": {"action_open": None, "action_close": None},
    "pakn.export": {"action_export": None},
    "pakn.export.log": {"action_open": None, "action_download": None},
    "pakn.sms.account": {"action_test": "manager"},
    # Administrators alone, which their own tests show
    "pakn.api.client": {"action_issue_key": None},
    "pakn.api.key": {"action_revoke": None},
    "pakn.api.key.issue": {"action_issue": "manager"},
    "pakn.webhook": dict.fromkeys(
        ("action_renew_secret", "action_view_deliveries"), "manager"
    ),
    "pakn.webhook.delivery": {"action_resend": "manager"},
    "pakn.webhook.secret": {"action_renew": "manager"},
    "pakn.lookup": dict.fromkeys(("action_try", "action_view_log"), "manager"),
    "pakn.lookup.ask": dict.fromkeys(("action_answer", "action_ask"), HOTLINE),
    "pakn.exchange.import": {"action_confirm": HOTLINE},
    "pakn.exchange.export": {"action_confirm": HOTLINE},
    # Operators with a telephone, administrators; which their own tests show
    "pakn.call": dict.fromkeys(
        ("action_new_ticket", "action_settle", "action_view_tickets", "dial")
        + ("get_desk", "get_request_context", "link", "settle", "take")
    ),
    "pakn.call.account": dict.fromkeys(
        ("action_issue_text_key", "action_renew_key"), "manager"
    ),
    "pakn.call.announcement": {
        **OWN_TODOS,
        **CHATTER,
        **dict.fromkeys(
            ("message_post", "message_subscribe", "message_get_followers")
            + ("activity_schedule",),
            None,
        ),
    },
    "pakn.call.back": dict.fromkeys(
        ("action_close", "action_dial", "action_not_reached", "action_reached")
        + ("action_reopen", "close", "note_try", "reopen")
    ),
    "pakn.call.recording": {"action_fetch_again": "manager"},
    "pakn.call.seat": {"set_presence": None},
    "pakn.call.settle": DIALOG,
    "pakn.call.transcript": {"action_make_again": "manager", "read_text": None},
    # Administrators alone, which their own tests show
    "pakn.chat.account": {
        **OWN_TODOS,
        **CHATTER,
        **dict.fromkeys(
            ("message_post", "message_subscribe", "message_get_followers")
            + ("activity_schedule", "action_facebook_test", "action_zalo_connect")
            + ("action_zalo_test",),
            None,
        ),
    },
    "pakn.chat.hand.over.dialog": DIALOG,
    "pakn.zalo.template": {"action_check": None},
    "pakn.ticket.answer": DIALOG,
    "pakn.ticket.write": DIALOG,
    "pakn.ticket.publish": {**DIALOG, "action_send_only": None},
    "pakn.ticket.rate": DIALOG,
    "pakn.ticket.reason": DIALOG,
    "pakn.ticket.hand.out": DIALOG,
    "pakn.ticket.reject": DIALOG,
    "pakn.ticket.transfer": DIALOG,
    "pakn.transfer.recount": dict.fromkeys(
        ("action_keep", "action_recount"), "manager"
    ),
    "pakn.transfer.respond": DIALOG,
    "pakn.unit.end": DIALOG,
    # Administrators alone, which their own tests show
    "pakn.privacy.request": {
        **OWN_TODOS,
        **CHATTER,
        **dict.fromkeys(
            ("message_post", "message_subscribe", "message_get_followers")
            + ("activity_schedule", "action_accept", "action_carry_out")
            + ("action_download", "action_extend", "action_open_tickets")
            + ("action_refuse",),
            None,
        ),
    },
    "pakn.breach": {
        **OWN_TODOS,
        **CHATTER,
        **dict.fromkeys(
            ("message_post", "message_subscribe", "message_get_followers")
            + ("activity_schedule",),
            None,
        ),
    },
    "pakn.rights.review": {
        **OWN_TODOS,
        **CHATTER,
        **dict.fromkeys(
            ("message_post", "message_subscribe", "message_get_followers")
            + ("activity_schedule",),
            None,
        ),
        "action_done": "manager",
    },
    "pakn.role.grant": dict.fromkeys(
        ("action_archive_person", "action_end"), "manager"
    ),
    "pakn.retention": dict.fromkeys(
        ("action_try", "action_turn_off", "action_turn_on"), "manager"
    ),
    "pakn.file.removal": DIALOG,
    "pakn.privacy.decision": DIALOG,
    # The manager's dialogs, which their own tests show
    "pakn.person.new": DIALOG,
    "pakn.people.import": DIALOG,
    "pakn.area.load": {"action_load": "manager"},
    "pakn.map.load": {"action_load": "manager", "action_remove": "manager"},
}
# What a parameter is called by which a method is told where to go
ADDRESS = re.compile("url|uri|host|server|endpoint")
ARGUMENTS = {
    "message_process": lambda user: (["res.users", "From: x@example.com\n\nx"], {}),
    "message_post": lambda user: ([], {"body": "x"}),
    "message_subscribe": lambda user: ([user.partner_id.ids], {}),
    "activity_schedule": lambda user: ([], {"summary": "x", "user_id": user.id}),
    "hand_out": lambda user: ([user.id], {}),
}


def get_public(cls):
    """Return the names of the methods that RPC calls on a model."""
    return {
        name
        for name in dir(cls)
        if not name.startswith("_")
        and callable(getattr(cls, name, None))
        and not isinstance(getattr(cls, name), type)
        and not any(
            getattr(getattr(parent, name, None), "_api_private", False)
            for parent in cls.mro()
        )
    }


@tagged(*TAGS)
class TestPublicMethods(PaknCase):
    """A public method is open to every account: each is somebody's, and refuses others.

    With what Odoo's mixins bring along; a new one, of ours or of Odoo's, needs a row.
    """

    def test_every_method_has_a_row(self):
        of_every_model = get_public(self.registry["base"])
        for name, model in self.registry.items():
            if not name.startswith("pakn.") or self.env[name]._abstract:
                continue
            operations = {method for of, method in OPERATIONS if of == name}
            with self.subTest(name):
                self.assertEqual(
                    get_public(model) - of_every_model - operations,
                    METHODS.get(name, {}).keys() - operations,
                )

    def test_every_method_and_role(self):
        ticket = self.transferred().sudo()
        records = {
            "pakn.ticket": ticket,
            "pakn.transfer": ticket.open_transfer_id,
            "pakn.unit": self.unit,
        }
        self.env.flush_all()
        for name, methods in METHODS.items():
            if name not in self.env:
                continue
            ids = records.get(name, self.env[name].browse()).ids
            for method, roles in methods.items():
                if roles is None or (name, method) in OPERATIONS:
                    continue
                for role in ROLES:
                    with self.subTest(role, model=name, method=method):
                        refused = self.is_refused(name, ids, method, role)
                        self.assertEqual(refused, role not in roles.split())

    def test_art18_4_no_call_sends_the_server_anywhere(self):
        """An address given by a caller is asked for nothing, whichever method it is.

        Nor one in words to be saved, which Odoo looks at before it asks for rights.
        """
        asked = []

        def ask(_socket, address):
            asked.append(address)
            raise OSError

        self.patch(socket.socket, "connect", ask)
        citizen = new_test_user(self.env, "test_citizen", groups="base.group_portal")
        url = "http://127.0.0.1:9/x"
        of_every_model = get_public(self.registry["base"])
        calls = {
            (name, method)
            for name, model in self.registry.items()
            for method in get_public(model) - of_every_model
            if any(map(ADDRESS.search, signature(getattr(model, method)).parameters))
        }
        self.assertIn(("ir.ui.view", "save_snippet"), calls)
        self.assertNotIn(("ir.qweb.field.image", "load_remote_url"), calls)
        for user in (citizen, self.employee, self.operator):
            for name, method in sorted(calls):
                parameters = signature(getattr(self.registry[name], method)).parameters
                options = {
                    word: url
                    for word, one in list(parameters.items())[1:]
                    if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
                }
                self.ask(user, name, method, options)
                with self.subTest(user.login, model=name, method=method):
                    self.assertFalse(asked)
            view = self.env.ref("web.login")
            picture = (
                '<span data-oe-model="res.partner" data-oe-field="image_1920" '
                f'data-oe-type="image" data-oe-id="{user.partner_id.id}">'
                f'<img src="{url}"/></span>'
            )
            self.ask(user, "ir.ui.view", "save", {"value": picture}, view.ids)
            self.assertFalse(asked, user.login)

    def ask(self, user, name, method, options, ids=()):
        """Call a method and leave nothing of it, nor of what it says."""
        arguments = [list(ids)]
        if getattr(getattr(self.registry[name], method), "_api_model", False):
            arguments = []
        with (
            self.env.cr.savepoint() as savepoint,
            mute_logger("odoo.addons", "odoo.sql_db", "odoo.models"),
            suppress(Exception),
        ):
            call_kw(self.env[name].with_user(user), method, arguments, options)
            savepoint.rollback()
        self.env.invalidate_all()

    def is_refused(self, name, ids, method, role):
        user = getattr(self, role)
        arguments, options = ARGUMENTS.get(method, lambda _user: ([], {}))(user)
        if not getattr(getattr(self.registry[name], method), "_api_model", False):
            arguments = [ids, *arguments]
        muted = ("odoo.addons.base.models.ir_rule", "odoo.addons.mail.models")
        error = None
        with mute_logger(*muted), self.env.cr.savepoint() as savepoint:
            try:
                call_kw(self.env[name].with_user(user), method, arguments, options)
            except Exception as failure:  # noqa: BLE001 - looked at below
                error = failure
            savepoint.rollback()
        self.env.invalidate_all()
        return type(error).__name__ == "AccessError"
