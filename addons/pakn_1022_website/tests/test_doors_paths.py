from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022.tests.test_rights_matrix import SECRETS, SecretsCase

TEXTS = ("char", "text", "html", "json")
RELATIONS = ("many2one", "one2many", "many2many")
REFUSED = (AccessError, UserError, ValueError, NotImplementedError)
NONSENSE = "nothing is called this"
# Of Odoo's models those with rules for our roles
OWN_RULES = {
    *("res.partner", "res.users", "rating.rating", "ir.attachment", "mail.message"),
    *("mail.followers", "mail.notification", "mail.activity", "sms.sms"),
}

# Fields of requests and slips that Odoo searches through without asking for rights
# (``bypass_search_access``): none. Those with a search of their own, and who is asked:
ASKS = {
    # The citizen: masked values are not found (pakn_ticket_citizen.py)
    "citizen_name citizen_phone citizen_address citizen_email": "the citizen's rules",
    # No text is looked into, or one that the reader reads
    "display_name": "code and title, which who finds the request may read",
    "is_mine can_respond is_late due_state": "the reader's own units, and the clock",
    "found_by": "words that the reader may know (pakn_ticket_search.py)",
    # Odoo's own: about the reader, or without a text
    "activity_state activity_user_id activity_date_deadline my_activity_date_deadline "
    "activity_exception_decoration": "to-dos, without a text",
    "activity_type_id activity_type_icon activity_summary": "the rules of to-dos",
    "message_is_follower message_needaction message_has_error message_has_sms_error "
    "has_message": "the reader's own notifications",
    "message_partner_ids": "operators alone",
    "pakn_report_line_id": "the reports that the reader reads",
    "rating_avg rating_avg_text rating_count rating_last_image rating_last_feedback "
    "rating_last_text rating_percentage_satisfaction": "the rules of ratings",
}


def is_open(field):
    """Return whether searching a field may look at more than its reader may read."""
    return (
        getattr(field, "bypass_search_access", False)
        or (bool(field.search) and not field.store)
        or (bool(field.related) and field.compute_sudo and not field.store)
    )


@tagged(*TAGS)
class TestFieldPaths(SecretsCase):
    """Art. 13.1: no search, order or grouping tells what its reader may not read.

    The ORM asks for the rights on each model that a path leads through, so a path is as
    safe as its steps: every step that may be *open* is walked, from every model.
    """

    def readers(self):
        """Yield ``(user, words that the user never may learn)``."""
        yield self.monitor, (*SECRETS, "secretzz")
        yield self.other_focal, (*SECRETS, "secretzz", "confidentialzz")
        yield self.employee, (*SECRETS, "secretzz", "confidentialzz")
        yield self.operator, ("secretzz",)

    def models(self, user):
        for name in sorted(self.registry):
            model = self.env[name].with_user(user).with_context(active_test=False)
            if (
                model._auto
                and not model._abstract
                and not model._transient
                and not name.startswith("ir.module")  # of which no word is anybody's
                and model.has_access("read")
            ):
                yield model

    def fields(self, model):
        for field in model._fields.values():
            if model._has_field_access(field, "read"):
                yield field

    def steps(self, model):
        """Yield the paths to texts by which more may be found than is read."""
        for field in self.fields(model):
            if not field._description_searchable:
                continue
            if field.type in TEXTS and (
                is_open(field) or model._name.startswith("pakn.")
            ):
                yield field.name
            elif field.type in RELATIONS and is_open(field):
                comodel = self.env[field.comodel_name].with_env(model.env)
                for text in self.fields(comodel):
                    if text.type in TEXTS and text._description_searchable:
                        yield f"{field.name}.{text.name}"

    def finds(self, model, path, words):
        domain = ["|"] * (len(words) - 1) + [(path, "ilike", word) for word in words]
        try:
            with self.env.cr.savepoint(flush=False):
                return bool(model.search(domain, limit=1))
        except REFUSED:
            return False

    def test_no_search_tells_what_is_not_read(self):
        muted = mute_logger("odoo.models", "odoo.orm.models", "odoo.sql_db")
        self.enterContext(muted)
        everybodys = {
            model._name
            for model in self.models(self.employee)
            if not model._name.startswith("pakn.")
        }
        for user, words in self.readers():
            for model in self.models(user):
                if user != self.employee and model._name in everybodys - OWN_RULES:
                    continue  # read by each of them as by any employee
                for path in self.steps(model):
                    if self.finds(model, path, words):
                        # What is found whatever one asks for tells nothing
                        with self.subTest(user.login, model=model._name, path=path):
                            self.assertTrue(self.finds(model, path, [NONSENSE]))

    def test_the_walk_finds_what_there_is(self):
        paths = set(self.steps(self.env["pakn.ticket"]))
        self.assertIn("message_partner_ids.name", paths)
        model = self.env["pakn.ticket"].with_user(self.manager)
        self.assertTrue(self.finds(model, "title", ["secretzz"]))
        self.assertTrue(self.finds(model, "message_ids.body", ["secretzz"]))
        self.assertFalse(self.finds(model, "title", [NONSENSE]))

    def test_every_open_field_has_a_row(self):
        known = {name for names in ASKS for name in names.split()}
        for name in ("pakn.ticket", "pakn.transfer"):
            found = set()
            for field in self.env[name]._fields.values():
                self.assertFalse(getattr(field, "bypass_search_access", False), field)
                if field.search and not field.store and not field.related:
                    found.add(field.name)
            self.assertFalse(found - known, name)

    def test_grouping_and_aggregates_tell_nothing(self):
        for user, words in self.readers():
            for model in self.models(user):
                if not model._name.startswith("pakn."):
                    continue
                for field in self.fields(model):
                    told = self.group(model, field)
                    for word in words:
                        with self.subTest(user.login, field=str(field)):
                            self.assertNotIn(word, told)

    def group(self, model, field):
        """Return all that grouping by a field, and counting with it, tells."""
        told = ""
        grouping = field.name
        if field.type in ("date", "datetime"):
            grouping += ":month"
        calls = [([grouping], ["__count"])]
        if field.type in TEXTS and field.type != "json":
            calls += [([], [f"{field.name}:{how}"]) for how in ("max", "array_agg")]
        for groups, aggregates in calls:
            try:
                with self.env.cr.savepoint(flush=False):
                    told += str(model.formatted_read_group([], groups, aggregates))
            except REFUSED:
                continue
        return told

    def test_no_order_by_what_is_not_read(self):
        """Sorting by a contact or message would tell how they follow each other."""
        for user, _words in self.readers():
            if user == self.operator:
                continue
            for model in self.models(user):
                if not model._name.startswith("pakn."):
                    continue
                for field in self.fields(model):
                    if field.type == "many2one" and field.store:
                        with self.subTest(user.login, field=str(field)):
                            self.assertNotIn(
                                field.comodel_name, ("res.partner", "mail.message")
                            )
