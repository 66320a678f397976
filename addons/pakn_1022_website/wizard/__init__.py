from . import pakn_ticket_publish
