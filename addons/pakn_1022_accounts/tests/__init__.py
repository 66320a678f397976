from . import test_accounts
