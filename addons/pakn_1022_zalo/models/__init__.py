from . import (
    pakn_chat_account,
    pakn_chat_message,
    pakn_first_steps,
    pakn_notice,
    pakn_zalo_template,
)
