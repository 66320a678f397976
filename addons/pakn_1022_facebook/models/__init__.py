from . import discuss_channel, pakn_chat_account, pakn_chat_message
