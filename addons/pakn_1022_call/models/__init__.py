# Rooms of the large model come before it
from . import (
    pakn_call_desk,
    pakn_call_figures,
    pakn_call_intake,
)

# isort: split
from . import (
    pakn_call,
    pakn_call_account,
    pakn_call_announcement,
    pakn_call_audio,
    pakn_call_back,
    pakn_call_hearing,
    pakn_call_reason,
    pakn_call_recording,
    pakn_call_seat,
    pakn_call_transcript,
    pakn_held,
    pakn_incident,
    pakn_ticket,
    res_config_settings,
    res_users,
)
