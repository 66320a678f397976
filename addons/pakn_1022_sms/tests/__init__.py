from . import test_events, test_gateways, test_http, test_queue, test_tools
