from . import test_art12_calls, test_art12_no_recording_in_exports, test_art20_wall
