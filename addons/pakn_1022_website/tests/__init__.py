from . import (
    test_art13_results,
    test_common,
    test_disclosure,
    test_feeds,
    test_follow,
    test_knowledge,
    test_pwa,
    test_redaction,
    test_results_rights,
    test_submit,
    test_unit_page,
)
