from collections import Counter

from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestLabels(PaknCase):
    """Who chooses a field for a filter of his own knows which one it is (Art. 20)."""

    def test_no_two_fields_to_choose_from_have_one_name(self):
        for model in ("pakn.ticket", "pakn.transfer"):
            fields = self.env[model].with_context(lang="vi_VN").fields_get()
            counts = Counter(
                field["string"] for field in fields.values() if field["searchable"]
            )
            twice = {label for label, count in counts.items() if count > 1}
            self.assertFalse(twice, model)
