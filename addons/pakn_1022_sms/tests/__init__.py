from . import (
    test_code,
    test_events,
    test_gateways,
    test_http,
    test_queue,
    test_rights,
    test_tools,
)
