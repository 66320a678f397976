from . import test_art12_calls
