from . import test_common, test_follow, test_submit
