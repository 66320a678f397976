from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.pakn_1022.models.pakn_held import PaknHeld
from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase
from odoo.addons.pakn_1022.tools.held import Person

# What each says of itself, beside its texts
HOOKS = ("_get_places", "_get_kept", "_get_processing")


@tagged(*TAGS)
class TestHeld(PaknCase):
    """Law 91/2025/QH15: each addon says what it holds, and of no other addon's."""

    def setUp(self):
        super().setUp()
        self.held = self.env["pakn.held"]
        self.rules = self.env["pakn.retention"].with_user(self.manager)

    def own(self, hook):
        """Yield ``(addon, what it adds)`` for each addon that has a hook."""
        classes = [
            cls
            for cls in type(self.held).__mro__
            if hook in vars(cls) and getattr(cls, "_module", None)
        ]
        before = {} if hook != "_get_places" else []
        for cls in reversed(classes):
            found = vars(cls)[hook](self.held)
            if hook == "_get_places":
                yield cls._module, [one for one in found if one not in before]
            else:
                yield cls._module, {key: found[key] for key in found.keys() - before}
            before = found

    def get_closure(self, module):
        """Return an addon and all it depends on."""
        found, more = set(), {module}
        modules = self.env["ir.module.module"].sudo()
        while more:
            found |= more
            rows = modules.search([("name", "in", list(more))])
            more = set(rows.dependencies_id.mapped("name")) - found
        return found

    def get_columns(self, module):
        """Return the columns of each table as they are with one addon alone."""
        closure = self.get_closure(module)
        tables = {}
        for model in self.env.registry.values():
            if model._abstract or model._original_module not in closure:
                continue
            tables[model._table] = {"id"} | {
                name
                for name, field in model._fields.items()
                if field.store and (not field._modules or closure & set(field._modules))
            }
        return tables

    def test_an_addon_names_its_own_tables_and_those_it_rests_on(self):
        said = set()
        for module, places in self.own("_get_places"):
            tables = self.get_columns(module)
            for place in places:
                with self.subTest(module, table=place.table):
                    self.assertLessEqual(
                        set(place.empty or ()), tables[place.table], "its columns"
                    )
                said.add(place.table)
        for module, kept in self.own("_get_kept"):
            tables = self.get_columns(module)
            for key, kind in kept.items():
                for rows in (kind, *kind.beside):
                    with self.subTest(module, key=key, table=rows.table):
                        self.assertLessEqual(set(rows.empty or ()), tables[rows.table])
        self.assertGreater(len(said), 20)

    def test_conditions_can_be_read_by_the_database(self):
        nobody = Person(*([] for _name in Person._fields))
        for place in self.held._get_places():
            with self.subTest(place.table):
                self.rules.sudo()._empty(
                    place.table, place.where, place.empty, nobody._asdict()
                )
        for rule in self.rules.search([], limit=100):
            with self.subTest(rule.target):
                rule.days = 36500
                self.assertEqual(
                    (rule.sudo()._count(), rule.sudo()._run_batch()), (0, 0)
                )

    def test_the_register_has_a_row_of_each_and_none_of_what_is_not_installed(self):
        proposed = self.held._get_processing()
        register = self.env["pakn.processing"]
        keys = set(register.search([("key", "!=", False)]).mapped("key"))
        self.assertEqual(keys, set(proposed))
        targets = set(self.rules.search([], limit=100).mapped("target"))
        self.assertEqual(targets, {"ticket", *self.held._get_kept()})
        for kind in self.held._get_kept().values():
            self.assertIn(kind.processing, proposed)
        kept = register.search([("key", "=", "request")])
        kept.name = "Của chúng tôi"
        # As the database is without all other addons
        self.leave_out("pakn_1022_privacy")
        register.sudo()._renew_rows()
        self.rules.sudo()._renew_rows()
        rows = register.search([("key", "!=", False)])
        self.assertEqual(set(rows.mapped("key")), {"request", "message", "staff"})
        rules = self.rules.search([], limit=100)
        self.assertEqual(set(rules.mapped("target")), {"ticket", "access", "privacy"})
        self.assertEqual(kept.name, "Của chúng tôi")

    def leave_out(self, but):
        """Have no addon but one say anything, as where no other is installed."""
        for cls in type(self.held).__mro__:
            module = getattr(cls, "_module", None)
            if module in (but, PaknHeld._module) or "_inherit" not in vars(cls):
                continue
            for hook in HOOKS:
                if hook in vars(cls):
                    silent = patch.object(cls, hook, make_silent(cls, hook))
                    silent.start()
                    self.addCleanup(silent.stop)

    def test_a_row_that_comes_is_off_and_has_its_words_in_both_languages(self):
        rule = self.rules.search([("target", "=", "access")])
        register = self.env["pakn.processing"].sudo()
        row = register.search([("key", "=", "staff")])
        rule.sudo().unlink()
        row.unlink()
        register._renew_rows()
        self.rules.sudo()._renew_rows()
        rule = self.rules.search([("target", "=", "access")])
        self.assertEqual((rule.days, rule.is_on), (1825, False))
        row = rule.processing_id
        self.assertEqual(row.name, "Accounts of staff")
        self.assertEqual(row.with_context(lang="vi_VN").name, "Tài khoản của cán bộ")


def make_silent(cls, hook):
    """Return a hook that says only what those before it say."""

    def silent(self):
        return getattr(super(cls, self), hook)()

    return silent
