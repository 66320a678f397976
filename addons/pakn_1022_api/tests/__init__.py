from . import (
    test_api_keys,
    test_api_rights,
    test_open311_hostile,
    test_open311_read,
    test_open311_submit,
)
