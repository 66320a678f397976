from . import (
    pakn_held,
    pakn_notice,
    pakn_push_device,
    pakn_push_key,
    pakn_push_message,
    pakn_ticket,
)
