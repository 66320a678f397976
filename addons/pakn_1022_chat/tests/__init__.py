from . import (
    test_door,
    test_fetch,
    test_files_out,
    test_handed,
    test_helper,
    test_intake,
    test_outgoing,
    test_rights,
    test_window,
)
