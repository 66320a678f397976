from . import test_rights, test_sending, test_tokens, test_webhook
