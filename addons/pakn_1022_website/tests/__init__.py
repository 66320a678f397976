from . import (
    test_common,
    test_follow,
    test_hostile,
    test_portal,
    test_rights,
    test_submit,
    test_uploads,
)
