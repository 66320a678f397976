from . import test_chat_lookup
