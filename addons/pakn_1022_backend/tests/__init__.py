from . import test_quiet, test_vietnamese
