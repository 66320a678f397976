from . import (
    test_door,
    test_fetch,
    test_helper,
    test_intake,
    test_outgoing,
    test_rights,
)
