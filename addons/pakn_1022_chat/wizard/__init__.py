from . import pakn_chat_hand_over_dialog, pakn_ticket_transfer, pakn_ticket_write
