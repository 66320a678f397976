from . import test_lookup, test_lookup_site, test_reading
