from . import (
    test_ami,
    test_ami_service,
    test_art12_recording,
    test_art12_transcript,
    test_art20_announcement,
    test_art20_call_back,
    test_call_facts,
    test_call_rights,
    test_calling,
    test_desk,
    test_intake,
    test_vendors,
)
