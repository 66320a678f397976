from . import test_facebook
