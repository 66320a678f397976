from . import test_help_texts, test_quiet, test_sign_in, test_vietnamese
