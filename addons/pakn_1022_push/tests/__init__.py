from . import test_push, test_push_app, test_web_push
