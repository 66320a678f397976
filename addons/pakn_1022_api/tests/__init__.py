from . import (
    test_api_keys,
    test_api_rights,
    test_open311_hostile,
    test_open311_read,
    test_open311_submit,
    test_rest_read,
    test_rest_requests,
    test_rest_rights,
    test_rest_uploads,
    test_webhook,
)
