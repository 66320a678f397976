from . import test_art09_tampering
