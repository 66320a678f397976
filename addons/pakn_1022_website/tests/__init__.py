from . import test_common, test_knowledge, test_pwa, test_unit_page
