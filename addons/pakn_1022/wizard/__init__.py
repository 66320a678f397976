from . import pakn_answering  # others inherit from it

# isort: split
from . import (
    base_partner_merge,
    mail_compose_message,
    pakn_people_import,
    pakn_person_new,
    pakn_ticket_answer,
    pakn_ticket_hand_out,
    pakn_ticket_rate,
    pakn_ticket_reason,
    pakn_ticket_reject,
    pakn_ticket_transfer,
    pakn_ticket_write,
    pakn_transfer_recount,
    pakn_transfer_respond,
    pakn_unit_end,
)
