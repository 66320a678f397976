from . import test_art12_calls, test_art20_wall
