from . import (
    discuss_channel,
    pakn_chat_account,
    pakn_chat_event,
    pakn_chat_file,
    pakn_chat_message,
    res_config_settings,
    website,
)
