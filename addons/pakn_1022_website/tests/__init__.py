from . import (
    test_art13_results,
    test_common,
    test_disclosure,
    test_feeds,
    test_follow,
    test_redaction,
    test_results_rights,
    test_submit,
)
