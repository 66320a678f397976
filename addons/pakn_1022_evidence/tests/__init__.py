from . import (
    test_anchor,
    test_archive,
    test_art09_seals,
    test_art09_tampering,
    test_documents,
    test_revocation,
    test_roots,
    test_signatures,
    test_stamps,
    test_verify,
)
