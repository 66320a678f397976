from . import test_anchor, test_art09_tampering, test_documents, test_roots, test_verify
