from . import pakn_ticket_write
