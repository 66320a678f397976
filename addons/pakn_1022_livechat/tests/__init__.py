from . import test_box, test_chat
