"""Every public method of every model is called by who has no business here.

Whoever has an account may call it, a citizen too: none of ours or of Odoo's tells of
others' requests, changes what is not the caller's, or goes out into the network.
"""

import json
import socket
from contextlib import suppress
from inspect import signature

from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022.tests.test_rights_matrix import SECRETS, SecretsCase

from .test_doors_methods import get_public
from .test_doors_records import complete

ADDRESS = "http://127.0.0.1:9/x"
# What is given for a parameter, by a part of its name; "x" for others
GIVEN = {
    "domain": [],
    "fields": ["display_name"],
    "field_names": ["display_name"],
    "values": {},
    "vals": {},
    "options": {},
    "params": {},
    "data": {},
    "limit": 5,
    "timeout": 5,
    "url": ADDRESS,
    "uri": ADDRESS,
    "server": ADDRESS,
    "email": "x@example.com",
    "xml_id": "base.user_admin",
    "xmlid": "base.user_admin",
    "date": "2026-03-05 01:00:00",
}
# Parameters that name a record, by a part of the name: by its id
IDS = {
    "ticket": "pakn.ticket",
    "partner": "res.partner",
    "user": "res.users",
    "message": "mail.message",
    "attachment": "ir.attachment",
    "unit": "pakn.unit",
    "channel": "discuss.channel",
    "template": "mail.template",
    "res": "pakn.ticket",
    "record": "pakn.ticket",
    "website": "website",
    "view": "ir.ui.view",
}

# Method -> tables it may write for everybody inside all the same, and why
OWN = "the caller's own"
CHANGES = {
    "base.language.install.switch_lang": ("res_partner res_users", OWN),
    "digest.digest.action_subscribe": (
        "digest_digest digest_digest_res_users_rel",
        "counts for oneself",
    ),
    "digest.digest.action_unsubscribe": (
        "digest_digest digest_digest_res_users_rel",
        OWN,
    ),
    "discuss.channel.channel_join": (
        "discuss_channel_member mail_message",
        "rooms of all the staff",
    ),
    "iap.account.get_config_account_url": (
        "iap_account mail_followers mail_followers_mail_message_subtype_rel "
        "mail_message",
        "an account without a balance at odoo.com, which is not asked",
    ),
    "iap.account.get_account_id": (
        "iap_account mail_followers mail_followers_mail_message_subtype_rel "
        "mail_message",
        "the same",
    ),
    "res.config.settings.redirect_to_buy_autocomplete_credit": (
        "iap_account mail_followers mail_followers_mail_message_subtype_rel "
        "mail_message",
        "the same",
    ),
    "base.module.install.request.action_send_request": (
        "mail_mail mail_mail_res_partner_rel mail_message_res_partner_rel",
        "asks the administrators for a module",
    ),
    "mail.push.device.get_web_push_vapid_public_key": (
        "ir_config_parameter mail_push_device",
        "makes the server's pair of keys where there is none yet",
    ),
    "res.users.switch_tour_enabled": ("res_users", OWN),
}


@tagged(*TAGS)
class TestEveryCall(SecretsCase):
    """Art. 13.1, 18.4: what a method does that asks for no right is nobody's harm."""

    def setUp(self):
        super().setUp()
        self.asked, self.found = [], {}

        def ask(_socket, address):
            self.asked.append(address)
            raise OSError

        self.patch(socket.socket, "connect", ask)
        muted = ("odoo.addons", "odoo.models", "odoo.sql_db", "odoo.orm", "py.warnings")
        self.enterContext(mute_logger(*muted))

    def calls(self):
        """Yield ``(model, method)``; what models share of Odoo's on one model alone."""
        of_every_model = get_public(self.registry["base"])
        done = set()
        for name, model in sorted(self.registry.items()):
            for method in sorted(get_public(model) - of_every_model):
                function = getattr(model, method)
                is_ours = name.startswith("pakn.") and "pakn_" in function.__module__
                if is_ours or function not in done:
                    done.add(function)
                    yield name, method

    def options(self, name, method):
        """Yield what is given to it: as little as it takes, and all it takes."""
        needed, full = {}, {}
        for word, one in list(signature(self.get(name, method)).parameters.items())[1:]:
            if one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL):
                continue
            full[word] = self.give(word)
            if one.default is one.empty:
                needed[word] = full[word]
        yield needed
        if full != needed:
            yield full

    def get(self, name, method):
        return getattr(self.registry[name], method)

    def give(self, word):
        if word in ("model", "res_model", "model_name", "thread_model"):
            return "pakn.ticket"
        for part, value in GIVEN.items():
            if part in word:
                return value
        for part, model in IDS.items():
            if word in (part, f"{part}_id", f"{part}_ids"):
                number = self.find(model)
                return [number] if word.endswith("s") else number
        return "x"

    def find(self, name):
        if name not in self.found:
            self.found[name] = self.look_for(name)
            self.env.flush_all()
            self.env.transaction.clear()  # what is read is asked for by each
        return self.found[name]

    def look_for(self, name):
        """Return the id of a record that is of interest, or any; 0 for none."""
        if name == "pakn.ticket":
            return self.tickets["secret"].id
        if name == "res.users":
            return self.operator.id
        model = self.env[name].sudo().with_context(active_test=False)
        if not model._auto or model._abstract:
            return 0
        found = model.search([], order="id desc", limit=1)
        return found.id or self.make(model)

    def make(self, model):
        """Return the id of a new record with what is required; 1 if there is none."""
        with suppress(Exception), self.env.cr.savepoint():
            return model.create(complete(model, {})).id
        return 1

    def count(self):
        """Return how many rows of each table this transaction has written so far."""
        self.env.cr.execute(
            """SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
                 FROM pg_stat_xact_user_tables
                WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"""
        )
        return dict(self.env.cr.fetchall())

    def call(self, user, name, method, ids, options):
        """Call it, and undo it.

        :return: what it answered, and the tables it has written
        """
        arguments = [[number for number in (ids,) if number]]
        if getattr(self.get(name, method), "_api_model", False):
            arguments = []
        before, answer = self.count(), ""
        self.asked.clear()
        with self.env.cr.savepoint() as savepoint:
            try:
                model = self.env[name].with_user(user)
                answer = call_kw(model, method, arguments, dict(options))
                answer = json.dumps(answer, default=str, ensure_ascii=False)
                self.env.flush_all()
            except Exception as error:  # noqa: BLE001 - its words are looked at as well
                answer = str(error)
                savepoint.rollback()
                written = set()
            else:
                after = self.count()
                written = {t for t, count in after.items() if count != before.get(t)}
                savepoint.rollback()
        self.env.transaction.clear()
        return answer, written

    def test_no_call_tells_changes_or_goes_anywhere(self):
        tokens = [ticket.sudo().access_token for ticket in self.tickets.values()]
        words = (
            *SECRETS,
            "secretzz",
            "confidentialzz",
            "pbkdf2",
            *filter(None, tokens),
        )
        self.env.flush_all()
        calls = list(self.calls())
        # Monitors read what was asked for, not who asked
        seen = {self.monitor: {"confidentialzz"}}
        for user in (self.citizen, self.employee, self.monitor, self.other_focal):
            hidden = [word for word in words if word not in seen.get(user, ())]
            for name, method in calls:
                if not self.is_of_role(user, name, method):
                    continue
                known = CHANGES.get(f"{name}.{method}", ("",))[0].split()
                may = self.get_writable(user)
                for options in self.options(name, method):
                    answer, written = self.call(
                        user, name, method, self.find(name), options
                    )
                    told = [word for word in hidden if word in answer]
                    found = (told, written - may - set(known), list(self.asked))
                    if any(found):
                        with self.subTest(user.login, model=name, method=method):
                            self.fail(found)

    def is_of_role(self, user, name, method):
        """Return whether a role may gain by a call what any employee does not."""
        if user in (self.citizen, self.employee):
            return True
        if "pakn_" in self.get(name, method).__module__:
            return True
        model = self.env[name]
        return model.with_user(user).has_access("read") and not model.with_user(
            self.employee
        ).has_access("read")

    def get_writable(self, user):
        """Return the tables of what a role may make or change anyway, by the ORM."""
        if user not in (known := self.__dict__.setdefault("_writable", {})):
            known[user] = {
                model._table
                for model in self.env.values()
                if model._auto
                and not model._abstract
                and any(
                    model.with_user(user).has_access(one) for one in ("create", "write")
                )
            }
        return known[user]

    def test_the_walk_sees_what_is_done(self):
        """What a method changes, tells and asks for is seen by it."""
        ticket = self.tickets["secret"]
        _answer, written = self.call(
            self.manager, "pakn.ticket", "reopen", ticket.id, {"reason": "x"}
        )
        self.assertLessEqual({"pakn_ticket", "pakn_event"}, written)
        answer, _written = self.call(
            self.manager, "pakn.ticket", "get_talks", ticket.id, {}
        )
        self.assertIn("secretzz", answer)
        calls = set(self.calls())
        self.assertLessEqual(
            {("pakn.transfer.recount", "action_recount"), ("res.users", "has_group")},
            calls,
        )
        self.assertNotIn(("theme.utils", "disable_asset"), calls)
