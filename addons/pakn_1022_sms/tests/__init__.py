from . import (
    test_account_test,
    test_code,
    test_events,
    test_failover,
    test_gateways,
    test_held,
    test_http,
    test_incoming,
    test_queue,
    test_receipt_of_another_account,
    test_rights,
    test_tools,
)
