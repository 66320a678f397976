from . import pakn_chat_hand_over_dialog
