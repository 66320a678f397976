from . import test_help_texts, test_quiet, test_vietnamese
