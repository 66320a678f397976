from . import test_common, test_knowledge, test_unit_page
