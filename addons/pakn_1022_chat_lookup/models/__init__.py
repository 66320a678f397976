from . import chat_desk, pakn_lookup
