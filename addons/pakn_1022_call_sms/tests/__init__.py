from . import test_art20_promise
