from . import pakn_exchange, pakn_exchange_line, pakn_ticket
