from . import (
    test_access_log,
    test_forms,
    test_held,
    test_privacy_request,
    test_removal,
    test_rights,
    test_site,
)
