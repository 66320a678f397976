from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022.tests.test_rights_matrix import SECRETS, SecretsCase

RELATIONS = ("many2one", "one2many", "many2many")
# How models point to records of any model
ANY = (
    *(("model", "res_id"), ("res_model", "res_id"), ("res_model_id", "res_id")),
    *(("model", "res_ids"), ("res_model", "res_ids")),
)
# All that can be asked of the name of a contact
CONTEXT = {"show_address": True, "show_email": True, "partner_show_db_id": True}
SAMPLES = {
    **dict.fromkeys(("char", "text", "html"), "x"),
    **dict.fromkeys(("integer", "float"), 1),
    **dict.fromkeys(("date", "datetime"), "2030-01-01"),
}


def complete(model, values):
    """Add what is required, of no matter what."""
    for name, field in model._fields.items():
        if not field.required or not field.store or name in values:
            continue
        if field.type == "selection":
            values[name] = next(iter(field.get_values(model.env)), False)
        elif field.type in RELATIONS:
            any_sudo = model.env[field.comodel_name].sudo().search([], limit=1)
            many = [Command.set(any_sudo.ids)]
            values[name] = any_sudo.id if field.type == "many2one" else many
        elif field.type in SAMPLES:
            values[name] = SAMPLES[field.type]
    return values


@tagged(*TAGS)
class TestForeignRecords(SecretsCase):
    """No record that one may make tells of records that one may not read.

    Every model and dialog that a role may create is pointed to what the role may not
    read, by every field there is, and all is read of it that comes back: what is
    stored, related, computed or named there is worked out as superuser.
    """

    def foreign(self):
        """Return ``{model: ids}`` of what few may read, with all that hangs on it."""
        tickets = self.env["pakn.ticket"].union(*self.tickets.values()).sudo()
        found = {
            "pakn.ticket": tickets.ids,
            "res.partner": tickets.citizen_id[:1].ids,
        }
        for name, model in self.env.items():
            model = model.sudo().with_context(
                active_test=False, skip_res_field_check=True
            )
            if not model._auto or model._abstract or model._transient:
                continue
            records = model.browse()
            columns = {field.name: field for field in model._fields.values()}
            for field in columns.values():
                if field.store and getattr(field, "comodel_name", 0) == "pakn.ticket":
                    for ticket in tickets:
                        domain = [(field.name, "in", ticket.ids)]
                        records |= model.search(domain, limit=1)
            for of, number in ANY[:2]:
                if {of, number} <= {n for n, field in columns.items() if field.store}:
                    domain = [(of, "=", "pakn.ticket"), (number, "in", tickets.ids)]
                    records |= model.search(domain, limit=3)
            if records:
                found.setdefault(name, records.ids)
        return found

    def pointers(self, model, foreign):
        """Yield the values by which a record of a model points to what is foreign."""
        fields = model._fields
        for field in fields.values():
            if not field.store or not model._has_field_access(field, "write"):
                continue
            if field.type in RELATIONS:
                for number in foreign.get(field.comodel_name, ()):
                    value = [Command.set([number])]
                    yield {field.name: number if field.type == "many2one" else value}
            elif field.type == "reference":
                for number in foreign["pakn.ticket"]:
                    yield {field.name: f"pakn.ticket,{number}"}
        for of, number in ANY:
            if of in fields and number in fields:
                for name in ("pakn.ticket", "pakn.transfer"):
                    target = name
                    if fields[of].type == "many2one":
                        target = self.env["ir.model"]._get_id(name)
                    for value in foreign[name]:
                        if number == "res_ids":
                            value = str([value])
                        yield {of: target, number: value}

    def told(self, model, values):
        """Yield ``(field, text)`` of all that making a record, or beginning to, tells.

        What is refused tells nothing.
        """
        spec = {
            field.name: {"fields": {"display_name": {}}}
            if field.type in (*RELATIONS, "reference", "many2one_reference")
            else {}
            for field in model._fields.values()
            if model._has_field_access(field, "read")
        }
        reads = []
        with self.refused() as savepoint:
            record = model.create(dict(values))
            model.env.flush_all()  # what is left to compute, as the user's call does
            model.env.invalidate_all()
            for name, fields in spec.items():
                for read in (
                    lambda n=name, f=fields: record.web_read({n: f}),
                    lambda n=name: record.read([n]),
                ):
                    try:
                        reads.append((name, str(read())))
                    except Exception:  # noqa: BLE001, PERF203, S112 - refused
                        continue
            savepoint.rollback()
        self.env.invalidate_all()
        with self.refused() as savepoint:
            reads.append(
                ("onchange", str(model.onchange(dict(values), list(values), spec)))
            )
            savepoint.rollback()
        self.env.invalidate_all()
        return reads

    def refused(self):
        return _Refused(self.env.cr)

    def test_no_record_tells_of_others(self):
        foreign = self.foreign()
        self.assertLess(
            {"ir.attachment", "mail.message", "mail.activity", "pakn.transfer"},
            set(foreign),
        )
        muted = ("odoo.models", "odoo.addons.base.models.ir_rule", "odoo.sql_db")
        self.enterContext(mute_logger(*muted))
        everybodys = self.creatable(self.employee)
        outsider = (*SECRETS, "secretzz", "confidentialzz")
        for user, words, models in (
            (self.employee, outsider, everybodys),
            (self.other_focal, outsider, self.creatable(self.other_focal) - everybodys),
            (
                self.monitor,
                (*SECRETS, "secretzz"),
                self.creatable(self.monitor) - everybodys,
            ),
            (self.operator, ("secretzz",), self.creatable(self.operator)),
        ):
            for name in sorted(models):
                model = self.env[name].with_user(user).with_context(**CONTEXT)
                for values in self.pointers(model, foreign):
                    whole = complete(model, dict(values))
                    found = {
                        (field, word)
                        for field, text in self.told(model, whole)
                        for word in words
                        if word in text
                    }
                    if found:
                        with self.subTest(user.login, model=name, by=values):
                            self.fail(found)

    def creatable(self, user):
        return {
            name
            for name, model in self.env.items()
            if model._auto
            and not model._abstract
            and model.with_user(user).has_access("create")
        }

    def test_every_dialog_asks_what_it_is_about(self):
        """A new dialog of ours takes up no record that its user may not read."""
        dialog = self.registry["pakn.dialog"]
        for name, model in self.registry.items():
            if name.startswith("pakn.") and model._transient:
                with self.subTest(name):
                    self.assertTrue(issubclass(model, dialog))

    def test_the_walk_sees_what_may_be_seen(self):
        model = self.env["pakn.ticket.rate"].with_user(self.manager)
        values = {"ticket_id": self.tickets["secret"].id, "rating": "5"}
        self.assertIn("secretzz", str(self.told(model, values)))


class _Refused:
    """A savepoint that an error ends: it is refused, which is all one wants to know."""

    def __init__(self, cursor):
        self.savepoint = cursor.savepoint()

    def __enter__(self):
        return self.savepoint.__enter__()

    def __exit__(self, kind, error, traceback):
        self.savepoint.__exit__(kind, error, traceback)
        return kind is not None and issubclass(kind, Exception)
