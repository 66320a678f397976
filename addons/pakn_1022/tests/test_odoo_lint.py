"""Odoo's own checks of its addons (``test_lint``) over the addons of this product.

``test_lint`` looks at all addons on disk and at all models of the registry. Here it is
shown our addons, installed or not, and the models that they define or extend. Some of
its findings it only logs; they fail here like the others. Its pylint checks run in
``bin/lint``.
"""

import contextlib
import inspect
import io
from unittest.mock import patch

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import roles

from odoo.modules import Manifest
from odoo.modules.registry import Registry
from odoo.tests import get_db_name, tagged

from odoo.addons.test_lint.tests import (
    test_docstring,
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_markers,
    test_naming,
    test_onchange_domains,
    test_orm_import,
    test_override_signatures,
    test_routes,
    test_test_holes,
)

from .common import TAGS

OURS = "pakn_1022"


def is_ours(class_):
    """Return whether a class of a model was written in one of our addons."""
    return (getattr(class_, "_module", None) or "").startswith(OURS)


class OursOnly:
    """Shows a check of ``test_lint`` our addons and models; fails for what it logs."""

    def setUp(self):
        super().setUp()
        ours = [m for m in Manifest.all_addon_manifests() if m.name.startswith(OURS)]
        self.startPatcher(patch.object(Manifest, "all_addon_manifests", lambda: ours))
        for module in (test_naming, test_override_signatures):
            self.startPatcher(patch.object(module, "Registry", self.get_models))
        self.enterContext(self.assertNoLogs("odoo.addons.test_lint", "WARNING"))

    @staticmethod
    def get_models(database):
        """Return ``{name: class}`` of the models that our addons define or extend."""
        return {
            name: model
            for name, model in Registry(database).items()
            if any(map(is_ours, model.mro()))
        }


@tagged(*TAGS)
class TestManifests(OursOnly, test_manifests.ManifestLinter):
    pass


@tagged(*TAGS)
class TestDunderinit(OursOnly, test_dunderinit.TestDunderinit):
    pass


@tagged(*TAGS)
class TestOrmImport(OursOnly, test_orm_import.TestDunderinit):
    pass


@tagged(*TAGS)
class TestTestHoles(OursOnly, test_test_holes.TestTestHoles):
    pass


@tagged(*TAGS)
class TestMarkers(OursOnly, test_markers.TestConflictMarkers):
    def test_conflict_markers(self):
        """The same over our files alone."""
        for ending in test_markers.EXTENSIONS:
            for path in self.iter_module_files(f"*{ending}"):
                self.check_file(path)


@tagged(*TAGS)
class TestJsTranslations(OursOnly, test_jstranslate.TestJsTranslations):
    pass


@tagged(*TAGS)
class TestTranslatedProps(OursOnly, test_i18n.TestI18n):
    pass


@tagged(*TAGS)
class TestOnchangeDomains(OursOnly, test_onchange_domains.TestOnchangeDomains):
    pass


@tagged(*TAGS)
class TestIndex(OursOnly, test_index.TestIndex):
    pass


@tagged(*TAGS)
class TestNaming(OursOnly, test_naming.TestNaming):
    pass


@tagged(*TAGS)
class TestOverrideSignatures(
    OursOnly, test_override_signatures.TestLintOverrideSignatures
):
    pass


@tagged(*TAGS)
class TestRoutes(OursOnly, test_routes.RoutesLinter):
    pass


@tagged(*TAGS)
class TestDocstring(OursOnly, test_docstring.TestDocstring):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Of Sphinx, as the roles that Odoo adds to those of docutils
        roles.register_generic_role("data", nodes.literal)

    def test_docstring(self):
        """Ours are checked as strictly as those of Odoo's ``base``, overrides too.

        Odoo would check what it wrote of the same models.
        """
        for name, model in self.get_models(get_db_name()).items():
            for class_ in filter(is_ours, model.mro()):
                for method_name in vars(class_):
                    method = getattr(class_, method_name)
                    if inspect.isroutine(method) and method.__doc__:
                        with self.subTest(
                            module=class_._module, model=name, method=method_name
                        ):
                            self.check(method)

    def check(self, method):
        """Fail where a docstring is no reST, or names what is no parameter."""
        text = inspect.cleandoc(method.__doc__)
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            tree = publish_doctree(text, settings=self.doctree_settings_verbose)
        self.assertFalse(errors.getvalue(), text)
        self._test_docstring_params(method, tree)
